"""The gist of every stored listing: enough to tell which of them are worth decoding.

A projection of topic `listings` in one SQLite file, in blocks that are only ever added. Each block
comes with the place in the topic that it reaches to, in one transaction: killed in between, the
same messages are read again. A file of another form is emptied and filled anew.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any, Self

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray
from typing_extensions import override

from detectors.pictures import codes, logos, sketch
from detectors.pictures.glimpses import BYTES, Glimpses, glimpses
from detectors.pictures.networks import file_of
from detectors.pictures.runs import Numbers
from detectors.pictures.traces import Traces, traces
from pipeline import codec
from pipeline.bus import Bus, Message, Place, Topic, history
from pipeline.errors import BadMessage, IndexUnavailable
from pipeline.records import Fingerprint, Listing
from pipeline.sqlite import Connection, connect, translated, writing

VERSION = b"1"
KNOWLEDGE = (codes.KNOWN, codes.COMMON, file_of(logos.BODY), file_of(logos.HEAD))
BLOCK = 1024  # messages
SCHEMA = """
CREATE TABLE IF NOT EXISTS state (
  one INTEGER PRIMARY KEY CHECK (one = 1), form TEXT NOT NULL, cursor TEXT);
CREATE TABLE IF NOT EXISTS parts (
  block INTEGER NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL, UNIQUE (block, name));
"""
ADD = """
INSERT INTO parts (block, name, body)
VALUES ((SELECT coalesce(max(block), 0) FROM parts) + ?, ?, ?)
"""
STATE = "INSERT OR REPLACE INTO state (one, form, cursor) VALUES (1, ?, ?)"
PLACES, PRINTS = "places", "prints"
PLACE = np.dtype([("partition", "<u2"), ("offset", "<u8")])
PRINT = np.dtype(
    [
        ("listing", "<u2"),  # in its block
        ("hashed", "?"),
        ("phash", "<u8"),
        ("traces", "<u2"),
        ("glimpses", "<u2", len(logos.SQUEEZES)),
    ]
)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some listings' gists; its larger parts are read when they are asked for."""

    places: NDArray[Any]
    prints: NDArray[Any]
    _part: Callable[[str], bytes]

    def place(self, listing: int) -> Place:
        partition, offset = self.places[listing].tolist()
        return partition, offset

    def texts(self) -> list[Listing]:
        """The listings without their pictures' fingerprints, but with what is written in them."""
        lines = zlib.decompress(self._part("texts")).split(b"\n")
        return [codec.unpack(line, Listing) for line in lines if line]

    def traces(self) -> tuple[Traces, Numbers]:
        """All pictures' traces, and which picture each belongs to."""
        owners = np.repeat(np.arange(len(self.prints)), self.prints["traces"])
        return np.frombuffer(self._part("traces"), "<u8"), owners

    def glimpses(self, squeeze: int) -> tuple[Glimpses, Numbers]:
        """All pictures' glimpses in one squeeze, and which picture each belongs to."""
        owners = np.repeat(np.arange(len(self.prints)), self.prints["glimpses"][:, squeeze])
        found = np.frombuffer(self._part(f"glimpses {squeeze}"), np.uint8)
        return found.reshape(-1, BYTES), owners


class Gists:
    """Threads and processes may share the file; one at a time adds to it.

    `bus` is the address of the bus that it is a projection of: on another one places differ.
    """

    def __init__(self, path: Path, bus: str) -> None:
        self._path = path
        self._bus = bus
        self._form = _form(bus)
        self._turn = FileLock(path.with_name(f"{path.name}.lock"))
        with closing(self._open()):
            pass

    @override
    def __reduce__(self) -> tuple[type[Self], tuple[Path, str]]:
        """Another process opens the file for itself."""
        return type(self), (self._path, self._bus)

    def _open(self) -> Connection:
        return connect(self._path, SCHEMA, IndexUnavailable)

    def take_up(self, bus: Bus, *, most: int | None = None) -> bool:
        """Adds what was published since; with `most`, only whole blocks, and no more than so many.

        Returns whether there may be more. Whoever may wait (`most` given) leaves it to another
        process that is at it.
        """
        try:
            self._turn.acquire(timeout=-1 if most is None else 0)
        except Timeout:
            return False
        try:
            with closing(self._open()) as connection, translated(IndexUnavailable):
                return self._taken_up(connection, bus, most)
        finally:
            self._turn.release()

    def _taken_up(self, connection: Connection, bus: Bus, most: int | None) -> bool:
        cursor = self._cursor(connection)
        if most is not None and _behind(bus, cursor) < BLOCK:
            return False
        messages = history(bus, Topic.LISTINGS, cursor)
        try:
            for number in range(1 << 62):
                if number == most:
                    return True
                some = tuple(islice(messages, BLOCK))
                if not some or (most is not None and len(some) < BLOCK):
                    return False
                self._add(connection, gist(some), some[-1].cursor)
        finally:
            messages.close()  # type: ignore[attr-defined]  # a generator, which holds a reader
        return False

    def _cursor(self, connection: Connection) -> str | None:
        """Where to go on; the file is emptied if it is of another form."""
        found = connection.execute("SELECT form, cursor FROM state").fetchone()
        if found and found[0] == self._form:
            cursor: str | None = found[1]
            return cursor
        with writing(connection):
            connection.execute("DELETE FROM parts")
            connection.execute(STATE, (self._form, None))
        return None

    def _add(
        self, connection: Connection, parts: Sequence[tuple[str, bytes]], cursor: str | None
    ) -> None:
        with writing(connection):
            for number, (name, body) in enumerate(parts):
                connection.execute(ADD, (0 if number else 1, name, body))
            connection.execute(STATE, (self._form, cursor))

    def count(self) -> int:
        """How many blocks there are."""
        with closing(self._open()) as connection, translated(IndexUnavailable):
            return _count(connection)

    def blocks(self, every: int = 1) -> Iterator[Block]:
        """The blocks there are now, the oldest first, or every so manieth of them."""
        with closing(self._open()) as connection, translated(IndexUnavailable):
            for number in range(1, 1 + _count(connection), every):

                def part(name: str, block: int = number) -> bytes:
                    asked = "SELECT body FROM parts WHERE block = ? AND name = ?"
                    body: bytes = connection.execute(asked, (block, name)).get
                    return body

                yield Block(
                    np.frombuffer(part(PLACES), PLACE), np.frombuffer(part(PRINTS), PRINT), part
                )


def _behind(bus: Bus, cursor: str | None) -> int:
    with closing(bus.follow(Topic.LISTINGS, cursor)) as reader:
        return reader.behind()


def _count(connection: Connection) -> int:
    return connection.execute("SELECT max(block) FROM parts").get or 0


def gist(messages: Sequence[Message]) -> list[tuple[str, bytes]]:
    """The parts of a block."""
    read = [(message, listing) for message in messages if (listing := listing_in(message))]
    prints = [
        (number, _Gist.of(print_))
        for number, (_, listing) in enumerate(read)
        for print_ in listing.fingerprints
    ]
    rows = [each.row(number) for number, each in prints]
    places = [(message.partition, message.offset) for message, _ in read]
    texts = b"\n".join(codec.pack(_bare(listing)) for _, listing in read)
    return [
        (PLACES, np.array(places, PLACE).tobytes()),
        (PRINTS, np.array(rows, PRINT).tobytes()),
        ("texts", zlib.compress(texts, 1)),
        ("traces", b"".join(each.traces.tobytes() for _, each in prints)),
        *(
            (
                f"glimpses {squeeze}",
                b"".join(each.glimpses[squeeze].tobytes() for _, each in prints),
            )
            for squeeze in range(len(logos.SQUEEZES))
        ),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Gist:
    """That of one picture."""

    phash: int | None
    traces: Traces
    glimpses: tuple[Glimpses, ...]

    @classmethod
    def of(cls, print_: Fingerprint) -> Self:
        """What is packed in a form that is not known is passed over, as a screen would."""
        points = np.zeros(0, np.uint64)
        seen = tuple(np.zeros((0, BYTES), np.uint8) for _ in logos.SQUEEZES)
        with suppress(ValueError):
            points = traces(sketch.unpacked(print_.points)) if print_.points else points
        with suppress(ValueError):
            seen = glimpses(logos.Windows.unpacked(print_.logos)) if print_.logos else seen
        is_hashed = print_.phash is not None and not print_.flat
        return cls(print_.phash.bits if print_.phash and is_hashed else None, points, seen)

    def row(self, listing: int) -> tuple[object, ...]:
        counts = tuple(len(each) for each in self.glimpses)
        return listing, self.phash is not None, self.phash or 0, len(self.traces), counts


def listing_in(message: Message) -> Listing | None:
    """None in one that cannot be read: it lies among the dead letters since it was first met."""
    with suppress(BadMessage):
        return codec.unpack(message.body, Listing)
    return None


def _bare(listing: Listing) -> Listing:
    prints = (replace(e, points=None, logos=None, small=None) for e in listing.fingerprints)
    return replace(listing, fingerprints=tuple(prints))


def _form(bus: str) -> str:
    parts = (VERSION, bus.encode(), *(path.read_bytes() for path in KNOWLEDGE))
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
