"""Stages clues and verdicts → index; the index can be built anew from the bus at any time."""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace

from pipeline import codec
from pipeline.bus import Topic
from pipeline.index import Document, Facet, Index, Kind
from pipeline.records import Clue, Verdict, digest
from pipeline.stage import Emit, Stage

OPEN = "open"


def revision(clue: Clue) -> str:
    """What a reviewer was shown: changes whenever anything about the clue does."""
    return digest(codec.encode(clue).decode())


def clue_document(clue: Clue, state: str = OPEN) -> Document:
    """The clue as it is searched: by its listing's words, by who, where and how sure."""
    listing = clue.listing
    if listing is None:
        raise ValueError(f"clue {clue.clue_id} has no listing")
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
        Facet.STATE: state,
        Facet.REGION: listing.shop.region,
        Facet.CONDUCT: clue.conduct,
    }
    return Document(
        kind=Kind.CLUE,
        id=clue.clue_id,
        version=int(listing.seen.timestamp() * 1000),
        at=listing.seen,
        score=clue.score,
        texts={name: text for name, text in texts.items() if text},
        facets={name: value for name, value in facets.items() if value},
        body=codec.encode(clue),
    )


def verdict_document(verdict: Verdict) -> Document:
    """The newest verdict of a clue stands for the clue's state."""
    return Document(
        kind=Kind.VERDICT,
        id=verdict.clue_id,
        version=int(verdict.at.timestamp() * 1000),
        at=verdict.at,
        score=0.0,
        texts={"note": verdict.note} if verdict.note else {},
        facets={Facet.STATE: verdict.decision},
        body=codec.encode(verdict),
    )


@dataclass(frozen=True, slots=True)
class Indexing:
    """Both handlers look at what the other wrote, so they take turns."""

    index: Index
    turn: threading.Lock

    def clue(self, clue: Clue) -> Iterator[Emit]:
        with self.turn:
            verdict = self.index.get(Kind.VERDICT, clue.clue_id)
            state = verdict.facets[Facet.STATE] if verdict else OPEN
            self.index.put([clue_document(clue, state)])
        yield from ()

    def verdict(self, verdict: Verdict) -> Iterator[Emit]:
        with self.turn:
            self.index.put([verdict_document(verdict)])
            newest = self.index.get(Kind.VERDICT, verdict.clue_id)
            clue = self.index.get(Kind.CLUE, verdict.clue_id)
            if clue and newest:
                facets = {**clue.facets, Facet.STATE: newest.facets[Facet.STATE]}
                self.index.put([replace(clue, facets=facets)])
        yield from ()


def index_stages(index: Index) -> tuple[Stage[Clue], Stage[Verdict]]:
    """The two stages that keep the index true to the bus."""
    indexing = Indexing(index, threading.Lock())
    return (
        Stage(name="index", topic=Topic.CLUES, kind=Clue, handle=indexing.clue),
        Stage(name="index-verdicts", topic=Topic.VERDICTS, kind=Verdict, handle=indexing.verdict),
    )
