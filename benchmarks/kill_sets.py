"""What a run left behind, and how two runs differ."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import msgspec

from benchmarks.kill_checks import Finding
from pipeline import codec, deadletters
from pipeline.bus import Bus, Topic, history
from pipeline.index import Document, Query, every, open_index
from pipeline.records import Clue


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a run left behind: the newest of each clue, every document, how often each was told."""

    clues: Mapping[str, bytes]
    documents: Sequence[Document]
    told: Counter[str]
    letters: int
    repeated: int


def seen(bus: Bus, index_url: str, alerts: Path) -> Seen:
    """Reads all of it back: the bus, the index, the file of alerts."""
    clues: dict[str, bytes] = {}
    count = 0
    for message in history(bus, Topic.CLUES):
        clue = codec.unpack(message.body, Clue)
        clues[clue.clue_id] = codec.encode(clue)
        count += 1
    with closing(open_index(index_url)) as index:
        documents = [hit.document for hit in every(index, Query(limit=1_000))]
    lines = alerts.read_bytes().splitlines()
    return Seen(
        clues=clues,
        documents=documents,
        told=Counter(str(msgspec.json.decode(line)["clue_id"]) for line in lines),
        letters=sum(1 for _ in deadletters.letters(bus)),
        repeated=count - len(clues),
    )


def compared(calm: Seen, killed: Seen) -> Iterator[Finding]:
    """Whatever the killed run lost, invented, changed or doubled."""
    for what, before, after in (
        ("clues", calm.clues, killed.clues),
        ("documents", _by_id(calm.documents), _by_id(killed.documents)),
        ("alerts", dict.fromkeys(calm.told, 1), dict.fromkeys(killed.told, 1)),
    ):
        yield Finding(what=f"of {len(before):,} {what} lost", count=len(before.keys() - after))
        yield Finding(what=f"{what} that are none", count=len(after.keys() - before))
        unlike = sum(before[name] != after[name] for name in before.keys() & after)
        yield Finding(what=f"{what} that say something else", count=unlike)
    doubled = len(killed.documents) - len(_by_id(killed.documents))
    yield Finding(what="documents doubled", count=doubled)
    yield Finding(what="alerts told twice", count=killed.told.total() - len(killed.told))
    yield Finding(what="dead letters", count=killed.letters)
    repeated = killed.repeated - calm.repeated
    yield Finding(what="clues published again after a kill", count=repeated, allowed=None)


def _by_id(documents: Sequence[Document]) -> Mapping[str, Document]:
    return {document.id: document for document in documents}
