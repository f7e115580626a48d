"""A name laid over written text, character by character: the plain truth about one place."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from detectors.wording import channel
from detectors.wording.channel import EXTRA, MISSING
from pipeline.matches import Likeness

DAMPED = 1.25  # what a character of the goods may prove, in nats, where the goods are sold anyway
SHORTEST_TO_DROP = 3


@dataclass(frozen=True, slots=True)
class Step:
    """A place in the text and the place in the name it stands for; `None` where there is none."""

    likeness: Likeness
    seen: int | None
    meant: int | None


@dataclass(frozen=True, slots=True)
class Way:
    """How a name is laid: straight up to `cut`, and from there on shifted.

    By 1 where a character too many was written before the one at `cut`; by -1 where that one is
    missing.
    """

    cut: int = 0
    shift: int = 0


def spots(length: int, start: int, way: Way) -> Iterator[tuple[int | None, int | None]]:
    """Each place in the text with the place in the name that it stands for."""
    for meant in range(length):
        if meant == way.cut and way.shift == 1:
            yield start + meant, None
        if meant == way.cut and way.shift == -1:
            yield None, meant
        else:
            yield start + meant + (way.shift if meant >= way.cut else 0), meant


def steps(text: str, name: str, start: int, way: Way) -> Iterator[Step]:
    """Each step of the alignment, with what kind of likeness it is."""
    for seen, meant in spots(len(name), start, way):
        if seen is None:
            yield Step(Likeness.MISSING, None, meant)
        elif meant is None:
            yield Step(Likeness.EXTRA, seen, None)
        else:
            yield Step(channel.likeness(text[seen], name[meant]), seen, meant)


def ways(text: str, name: str, damped: Container[int], start: int) -> Iterator[tuple[float, Way]]:
    """Every way to lay `name` with its first character at `start`, and what it proves in nats.

    At most one character is missing or too many. Of the characters at the places `damped`, which
    name the goods, none proves more than `DAMPED`.
    """
    behind, here, ahead = (_sums(text, name, damped, start + shift) for shift in (-1, 0, 1))
    yield here[-1], Way()
    for cut in range(1, len(name)):
        yield here[cut] + EXTRA + ahead[-1] - ahead[cut], Way(cut, 1)
    if len(name) >= SHORTEST_TO_DROP:
        for cut in range(len(name)):
            yield here[cut] + MISSING + behind[-1] - behind[cut + 1], Way(cut, -1)


def _sums(text: str, name: str, damped: Container[int], start: int) -> Sequence[float]:
    """Running sums of the evidence for a name that begins at `start`, from nothing to all."""
    return list(
        accumulate(
            (_says(text, start + at, meant, at in damped) for at, meant in enumerate(name)),
            initial=0.0,
        )
    )


def _says(text: str, place: int, meant: str, is_damped: bool) -> float:
    if not 0 <= place < len(text):
        return channel.APART
    says = channel.says(text[place], meant)
    return min(says, DAMPED) if is_damped else says
