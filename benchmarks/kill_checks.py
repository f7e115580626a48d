"""After the kills: what is there, compared with what must be there."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import msgspec
from typing_extensions import override

from alerts.rules import ALERTED
from detectors.screen import open_screen
from pipeline import codec, deadletters, rights
from pipeline.bus import Bus, Topic, open_bus
from pipeline.errors import BusError, EvidenceLost
from pipeline.index import Document, Kind, Query, every, open_index
from pipeline.index.base import LARGEST_PAGE
from pipeline.records import Capture, Clue, Evidence, Listing
from pipeline.sqlite import connect
from pipeline.vault import Vault

Record = TypeVar("Record")
Item = tuple[str | None, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How often something was found that may be there at most `allowed` times (`None`: any)."""

    what: str
    count: int
    allowed: int | None = 0

    @property
    def fine(self) -> bool:
        return self.allowed is None or self.count <= self.allowed

    @override
    def __str__(self) -> str:
        limit = "as it may be" if self.allowed is None else f"at most {self.allowed}"
        return f"{'ok  ' if self.fine else 'FAIL'} {self.count:7,} {self.what} ({limit})"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bodies:
    """All that was published."""

    captures: Sequence[Capture]
    listings: Sequence[Listing]
    clues: Sequence[Clue]


def check(
    folder: Path, rights_file: Path, expected: Set[Item], told_twice: int
) -> Iterator[Finding]:
    """Every comparison; `expected` are platform and id of what is for sale."""
    data = folder / "data"
    bus = open_bus(f"sqlite:{data / 'bus.sqlite'}")
    bodies = _Bodies(
        captures=_all(bus, Topic.CAPTURES, Capture),
        listings=_all(bus, Topic.LISTINGS, Listing),
        clues=_all(bus, Topic.CLUES, Clue),
    )
    letters = sum(1 for _ in deadletters.letters(bus))
    bus.close()
    yield from _lost(bodies, expected)
    yield from _indexed(_newest(bodies.listings, rights_file), _documents(data))
    yield from _told(bodies.clues, folder / "alerts.jsonl", told_twice)
    yield from _kept(bodies.captures, data / "vault")
    yield Finding(what="dead letters", count=letters)
    broken = sum(map(_is_broken, sorted(data.glob("*.sqlite"))))
    yield Finding(what="databases that SQLite finds broken", count=broken)


def _all(bus: Bus, topic: Topic, kind: type[Record]) -> Sequence[Record]:
    """Every body of a topic; one that cannot be decoded ends the check with its error."""
    reader = bus.follow(topic)
    found: list[Record] = []
    while messages := reader.poll(0):
        found.extend(codec.decode(message.body, kind) for message in messages)
    reader.close()
    return found


def _sight(capture: Capture) -> tuple[str, str]:
    return capture.key, str(capture.seen_at)


def _lost(bodies: _Bodies, expected: Set[Item]) -> Iterator[Finding]:
    seen = {(listing.capture.platform, listing.capture.id) for listing in bodies.listings}
    yield Finding(
        what=f"of {len(expected):,} items for sale without a listing", count=len(expected - seen)
    )
    yield Finding(what="listings of what is not for sale", count=len(seen - expected))
    captures = {_sight(capture) for capture in bodies.captures}
    lost = len(captures - {_sight(listing.capture) for listing in bodies.listings})
    yield Finding(what=f"of {len(captures):,} captures without a listing", count=lost)
    again = len(bodies.listings) - len(bodies.captures)
    yield Finding(what="listings published again after a kill", count=again, allowed=None)


def _newest(listings: Sequence[Listing], rights_file: Path) -> Mapping[str, Clue]:
    """The clue of each id that the plain screen gives for its listing's last sight."""
    screen = open_screen(rights.load(rights_file))
    last: dict[str, Listing] = {}
    for listing in listings:
        known = last.get(listing.capture.key)
        if known is None or known.capture.seen <= listing.capture.seen:
            last[listing.capture.key] = listing
    return {clue.clue_id: clue for clue in screen.clues(tuple(last.values()))}


def _documents(data: Path) -> Sequence[Document]:
    index = open_index(f"sqlite:{data / 'index.sqlite'}")
    found = [hit.document for hit in every(index, Query(kind=Kind.CLUE, limit=LARGEST_PAGE))]
    index.close()
    return found


def _indexed(expected: Mapping[str, Clue], documents: Sequence[Document]) -> Iterator[Finding]:
    counts = Counter(document.id for document in documents)
    missing = expected.keys() - counts.keys()
    yield Finding(what=f"of {len(expected):,} clues not in the index", count=len(missing))
    strange = counts.keys() - expected.keys()
    yield Finding(what="documents in the index that are no clue", count=len(strange))
    yield Finding(what="documents doubled", count=counts.total() - len(counts))
    old = sum(
        document.id in expected and document.body != codec.encode(expected[document.id])
        for document in documents
    )
    yield Finding(what="documents that do not say what the last sight says", count=old)


def _told(clues: Sequence[Clue], file: Path, allowed: int) -> Iterator[Finding]:
    worth = {clue.clue_id for clue in clues if clue.tier in ALERTED}
    lines = file.read_bytes().splitlines() if file.exists() else []
    told = Counter(str(msgspec.json.decode(line)["clue_id"]) for line in lines)
    yield Finding(what=f"of {len(worth):,} alerts never told", count=len(worth - told.keys()))
    yield Finding(what="alerts told that are none", count=len(told.keys() - worth))
    yield Finding(what="alerts told again", count=told.total() - len(told), allowed=allowed)


class EvidenceCheck:
    """Whether evidence stands wherever an event tells of it: at any moment, not at the end only.

    The next crawl brings the same bytes again and would hide what the last one lost.
    """

    def __init__(self, data: Path) -> None:
        self._bus = open_bus(f"sqlite:{data / 'bus.sqlite'}")
        self._reader = self._bus.follow(Topic.CAPTURES)
        self._vault = Vault(data / "vault")
        self._found: set[str] = set()

    def look(self) -> int:
        """How many pieces of evidence the captures since the last look name without ground."""
        lost = 0
        while messages := self._reader.poll(0):
            for message in messages:
                for evidence in _evidence(codec.decode(message.body, Capture)):
                    lost += not self._has(evidence.sha256)
        return lost

    def _has(self, sha256: str) -> bool:
        if sha256 not in self._found and _is_kept(self._vault, sha256):
            self._found.add(sha256)
        return sha256 in self._found

    def close(self) -> None:
        self._reader.close()
        self._bus.close()


def _kept(captures: Sequence[Capture], folder: Path) -> Iterator[Finding]:
    vault = Vault(folder)
    named = {evidence.sha256 for capture in captures for evidence in _evidence(capture)}
    lost = sum(not _is_kept(vault, sha256) for sha256 in named)
    yield Finding(what=f"of {len(named):,} pieces of evidence lost or altered", count=lost)
    stray = len(list((folder / "incoming").glob("*")))
    yield Finding(what="half-written files left in the vault", count=stray, allowed=None)


def _evidence(capture: Capture) -> Iterator[Evidence]:
    if capture.page:
        yield capture.page
    yield from (picture.kept for picture in capture.pictures if picture.kept)


def _is_kept(vault: Vault, sha256: str) -> bool:
    try:
        vault.get(sha256)
    except EvidenceLost:
        return False
    return True


def _is_broken(path: Path) -> bool:
    connection = connect(path, "", BusError)
    answer = str(connection.execute("PRAGMA integrity_check").get)
    connection.close()
    return answer != "ok"
