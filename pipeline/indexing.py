"""Stages clues and verdicts → index; the index can be built anew from the bus at any time."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import TypeVar

from pipeline import codec
from pipeline.bus import Bus, Message, Topic, history
from pipeline.errors import BadMessage
from pipeline.index import Document, Facet, Index, Kind
from pipeline.index.base import to_micros
from pipeline.records import Clue, Verdict, digest
from pipeline.stage import Emit, Stage

Record = TypeVar("Record")
OPEN = "open"
BATCH = 2_000
LONGEST = 200  # code points of a facet's value: longer ones are somebody's joke


def revision(clue: Clue) -> str:
    """What a reviewer was shown: changes whenever anything about the clue does."""
    return digest(codec.encode(clue).decode())


def clue_document(clue: Clue) -> Document:
    """The clue as it is searched: by its listing's words, by who, where, how sure; open so far."""
    listing = clue.listing
    if listing is None:
        raise BadMessage(f"clue {clue.clue_id} has no listing")
    texts = {
        "title": listing.title,
        "right": clue.right_name,
        "shop": listing.shop.name,
        "brand": listing.brand,
        "origin": listing.origin,
        "description": listing.description,
    }
    facets = {
        Facet.PLATFORM: listing.platform,
        Facet.SHOP: listing.shop.name,
        Facet.RIGHT: clue.right_id,
        Facet.TIER: clue.tier,
        Facet.REGION: listing.shop.region,
        Facet.CONDUCT: clue.conduct,
    }
    bare = Document(
        kind=Kind.CLUE,
        id=clue.clue_id,
        version=0,
        at=listing.seen,
        score=clue.score,
        texts={name: text for name, text in texts.items() if text},
        facets={name: value[:LONGEST] for name, value in facets.items() if value},
        body=codec.encode(clue),
        pictures=clue.pictures,
    )
    return settled(bare, None)


def settled(clue: Document, verdict: Document | None) -> Document:
    """The clue's document with the state its verdict gives it.

    Its version grows with the time seen and with the verdict's, whichever comes later: of two
    writers at once, the one who knows more wins.
    """
    state = verdict.facets[Facet.STATE] if verdict else OPEN
    version = to_micros(clue.at) // 1000 + (verdict.version if verdict else 0)
    return replace(clue, version=version, facets={**clue.facets, Facet.STATE: state})


def verdict_document(verdict: Verdict) -> Document:
    """The newest verdict of a clue stands for the clue's state."""
    return Document(
        kind=Kind.VERDICT,
        id=verdict.clue_id,
        version=to_micros(verdict.at) // 1000,
        at=verdict.at,
        score=0.0,
        texts={"note": verdict.note} if verdict.note else {},
        facets={Facet.STATE: verdict.decision},
        body=codec.encode(verdict),
    )


@dataclass(frozen=True, slots=True)
class Indexing:
    """Each handler writes its own and only then reads the other's, then joins the two.

    So whichever of two processes writes last has seen both, and what it writes wins.
    """

    index: Index

    def clues(self, clues: Sequence[Clue]) -> Iterable[Emit]:
        newest: dict[str, Document] = {}
        for document in map(clue_document, clues):
            known = newest.get(document.id)
            if known is None or known.version <= document.version:
                newest[document.id] = document
        before = self.index.get_all(Kind.VERDICT, newest)
        self.index.put(settled(each, before.get(name)) for name, each in newest.items())
        after = self.index.get_all(Kind.VERDICT, newest)
        self._join([newest[name] for name in after if after[name] != before.get(name)], after)
        return ()

    def verdicts(self, verdicts: Sequence[Verdict]) -> Iterable[Emit]:
        self.index.put(map(verdict_document, verdicts))
        names = {verdict.clue_id for verdict in verdicts}
        newest = self.index.get_all(Kind.VERDICT, names)
        self._join(self.index.get_all(Kind.CLUE, names).values(), newest)
        return ()

    def _join(self, clues: Iterable[Document], verdicts: Mapping[str, Document]) -> None:
        joined = [settled(clue, verdicts[clue.id]) for clue in clues if clue.id in verdicts]
        if joined:
            self.index.put(joined)


def index_stages(index: Index) -> tuple[Stage[Clue], Stage[Verdict]]:
    """The two stages that keep the index true to the bus."""
    indexing = Indexing(index)
    return (
        Stage(
            name="index",
            topic=Topic.CLUES,
            kind=Clue,
            handle=indexing.clues,
            most=BATCH,
            seen=_seen,
        ),
        Stage(
            name="index-verdicts",
            topic=Topic.VERDICTS,
            kind=Verdict,
            handle=indexing.verdicts,
            most=BATCH,
        ),
    )


def _seen(clue: Clue) -> datetime | None:
    return clue.listing.seen_at if clue.listing else None


def rebuild(bus: Bus, index: Index, progress: Callable[[int], object]) -> int:
    """Fills a new index from the bus and puts it in the old one's place; returns of how many.

    What the running stages put into the old one meanwhile is on the bus: it is read at the end.
    """
    with index.renewed() as fresh:
        indexing = Indexing(fresh)
        reading = _Reading(bus, progress)
        reading.hand(Topic.VERDICTS, Verdict, indexing.verdicts)
        reading.hand(Topic.CLUES, Clue, indexing.clues)
    late = Indexing(index)
    reading.hand(Topic.VERDICTS, Verdict, late.verdicts)
    reading.hand(Topic.CLUES, Clue, late.clues)
    return reading.count


class _Reading:
    """Goes through topics, each from where it stopped the last time."""

    def __init__(self, bus: Bus, progress: Callable[[int], object]) -> None:
        self._bus = bus
        self._progress = progress
        self._places: dict[Topic, str | None] = {}
        self.count = 0

    def hand(
        self, topic: Topic, kind: type[Record], handle: Callable[[Sequence[Record]], object]
    ) -> None:
        messages = history(self._bus, topic, self._places.get(topic))
        while some := tuple(islice(messages, BATCH)):
            handle(list(_readable(some, kind)))
            self._places[topic] = some[-1].cursor
            self.count += len(some)
            self._progress(len(some))


def _readable(messages: Sequence[Message], kind: type[Record]) -> Iterable[Record]:
    """What cannot be read lies among the dead letters since it was first met."""
    for message in messages:
        try:
            yield codec.unpack(message.body, kind)
        except BadMessage:
            continue
