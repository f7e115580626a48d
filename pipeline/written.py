"""What stands written in a picture: lines of text, numbers in them, symbols for scanners."""

from dataclasses import dataclass
from enum import StrEnum

Box = tuple[float, float, float, float]  # x, y, width, height in shares of the picture


class Unread(StrEnum):
    """Why the text of a picture was not read."""

    PLAIN = "plain"  # it seems to bear none
    BUSY = "busy"  # the share of time that may go into reading was used up
    OFF = "off"
    MISSING = "missing"  # the packages that read are not installed


class NumberKind(StrEnum):
    STANDARD = "standard"  # GB/T 20453-2006
    REGISTRATION = "registration"  # of a trademark
    ANNOUNCEMENT = "announcement"  # by which a GI was protected
    USCC = "uscc"  # 统一社会信用代码
    LICENCE = "licence"  # 食品生产许可证, SC and 14 digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of text and how sure its reading is, 0 to 1; mirrored, if it is only so readable."""

    text: str
    box: Box
    confidence: float
    mirrored: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A QR or bar code. What it says was written by whoever made it: never fetched, only shown."""

    format: str
    text: str
    box: Box


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number that matters, in its usual form; `span` is where its text has it.

    `valid` says whether its check digit fits, `None` where it has none.
    """

    kind: NumberKind
    value: str
    span: tuple[int, int]
    valid: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """All that was read off one picture; `unread` says why its text was not.

    The numbers' spans count code points of `text`.
    """

    lines: tuple[Line, ...] = ()
    numbers: tuple[Number, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    unread: Unread | None = None

    @property
    def text(self) -> str:
        """The lines from top to bottom, each on a line of its own."""
        return "\n".join(line.text for line in self.lines)
