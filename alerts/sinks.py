"""Where an alert goes: a terminal, a file, a mailbox, a web hook."""

import json
import os
import smtplib
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

from typing_extensions import override

from pipeline import codec
from pipeline.errors import BrokenWorld
from pipeline.plain import plain
from pipeline.records import Clue

SECONDS = 10
TAIL_BYTES = 1 << 20


class SinkUnavailable(BrokenWorld):
    """An alert could not be delivered now; it will be tried again."""


class Sink(Protocol):
    """Delivers one clue; raises `SinkUnavailable`, and the clue comes again."""

    @property
    def name(self) -> str: ...

    def tell(self, clue: Clue) -> None: ...


def sentence(clue: Clue) -> str:
    """The clue in one line of plain text."""
    title = clue.listing.title if clue.listing else clue.listing_id
    return plain(f"[{clue.tier.value} {clue.score:.2f}] {clue.right_name} ← {title}：{clue.reason}")


@dataclass(frozen=True, slots=True)
class Console(Sink):
    """Writes a line; by default where progress goes, since results alone go to stdout."""

    write: Callable[[str], None]

    @property
    @override
    def name(self) -> str:
        return "console"

    @override
    def tell(self, clue: Clue) -> None:
        self.write(sentence(clue))


class File(Sink):
    """Appends the clue's line to a JSON Lines file, on disk before it returns.

    What a crash left behind is looked at once: the clue told last, which may not have been noted,
    is not told again, and a line that was cut short is taken off.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._told_last: object | None = None
        self._mended = False

    @property
    @override
    def name(self) -> str:
        return "file"

    @override
    def tell(self, clue: Clue) -> None:
        line = codec.encode(codec.to_line(clue)) + b"\n"
        try:
            with self.path.open("a+b") as file:
                self._mend(file)
                if clue.clue_id == self._told_last:
                    return
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise SinkUnavailable(f"{self.path}: {error}") from error

    def _mend(self, file: BinaryIO) -> None:
        if not self._mended:
            end = file.seek(0, os.SEEK_END)
            start = file.seek(max(0, end - TAIL_BYTES))
            lines = file.read(end - start).split(b"\n")
            file.truncate(end - len(lines[-1]))
            if len(lines) > 1:
                with suppress(codec.Unreadable):  # somebody else's line
                    self._told_last = codec.loads(lines[-2]).get("clue_id")
            self._mended = True


@dataclass(frozen=True, slots=True)
class Mail(Sink):
    """Sends a mail through `smtp://[user:password@]host:port` or `smtps://…`."""

    url: str
    to: str

    @property
    @override
    def name(self) -> str:
        return "mail"

    @override
    def tell(self, clue: Clue) -> None:
        letter = EmailMessage()
        letter["Subject"] = f"markwatch 线索：{plain(clue.right_name)}（{clue.tier.value}）"
        letter["From"] = letter["To"] = self.to
        letter["Message-ID"] = f"<{clue.clue_id}@markwatch>"
        letter.set_content(f"{sentence(clue)}\n\n线索编号 {clue.clue_id}\n系统线索，非执法结论。\n")
        place = urlsplit(self.url)
        kind = smtplib.SMTP_SSL if place.scheme == "smtps" else smtplib.SMTP
        try:
            with kind(place.hostname or "localhost", place.port or 0, timeout=SECONDS) as server:
                if place.username:
                    server.login(place.username, place.password or "")
                server.send_message(letter)
        except (OSError, smtplib.SMTPException) as error:
            raise SinkUnavailable(f"mail to {self.to}: {error}") from error


@dataclass(frozen=True, slots=True)
class Webhook(Sink):
    """Posts the clue's line as JSON; the receiver may use `clue_id` to drop a repeat."""

    url: str

    @property
    @override
    def name(self) -> str:
        return "webhook"

    @override
    def tell(self, clue: Clue) -> None:
        body = json.dumps(codec.to_line(clue), ensure_ascii=False).encode()
        head = {"Content-Type": "application/json", "Idempotency-Key": clue.clue_id}
        request = urllib.request.Request(self.url, body, head)  # noqa: S310 - the scheme is checked where settings are read
        try:
            with urllib.request.urlopen(request, timeout=SECONDS):  # noqa: S310 - as above
                pass
        except OSError as error:
            raise SinkUnavailable(f"web hook: {error}") from error
