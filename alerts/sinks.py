"""Where an alert goes: a terminal, a file, a mailbox, a web hook."""

import json
import os
import smtplib
import urllib.request
from collections.abc import Callable
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


@dataclass(frozen=True, slots=True)
class File(Sink):
    """Appends the clue's line to a JSON Lines file, on disk before it returns.

    A clue told last, just before a crash, is not told again; a line cut short by one is mended.
    """

    path: Path

    @property
    @override
    def name(self) -> str:
        return "file"

    @override
    def tell(self, clue: Clue) -> None:
        line = codec.encode(codec.to_line(clue)) + b"\n"
        try:
            with self.path.open("a+b") as file:
                if _last_line(file) == line:
                    return
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise SinkUnavailable(f"{self.path}: {error}") from error


def _last_line(file: BinaryIO) -> bytes:
    """The last whole line; whatever a crash left behind it is cut off."""
    end = file.seek(0, os.SEEK_END)
    start = file.seek(max(0, end - TAIL_BYTES))
    tail = file.read(end - start)
    whole = tail.rfind(b"\n") + 1
    if whole < len(tail):
        file.truncate(start + whole)
    return tail[tail.rfind(b"\n", 0, max(0, whole - 1)) + 1 : whole]


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
