"""What an index promises, whoever keeps it; queries are in our own words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Kind(StrEnum):
    CLUE = "clue"
    VERDICT = "verdict"
    NOTICE = "notice"


class Facet(StrEnum):
    """The exact fields a query can filter and count by."""

    PLATFORM = "platform"
    SHOP = "shop"
    RIGHT = "right"
    TIER = "tier"
    STATE = "state"
    REGION = "region"
    CONDUCT = "conduct"


class Order(StrEnum):
    NEWEST = "newest"
    SCORE = "score"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something to find: `texts` by words, `facets` exactly; `body` is the record itself.

    A document replaces one of the same kind and id unless that one's `version` is greater.
    """

    kind: Kind
    id: str
    version: int
    at: datetime
    score: float
    texts: Mapping[str, str]
    facets: Mapping[Facet, str]
    body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """All that is given must hold. `words` are phrases, each in some text of the document.

    Each value of `facets` is a choice of several; `since` counts in, `until` out; `after` is
    the cursor of a page before.
    """

    kind: Kind = Kind.CLUE
    words: tuple[str, ...] = ()
    facets: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    order: Order = Order.NEWEST
    limit: int = 50
    after: str | None = None
    count: tuple[Facet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document found; `highlights` are (field, start, end) in code points of the text given."""

    document: Document
    highlights: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some hits in order, the total of all pages, the counts asked for, and where to go on."""

    hits: tuple[Hit, ...]
    total: int
    counts: Mapping[Facet, Mapping[str, int]]
    after: str | None


class Index(Protocol):
    """Raises `IndexUnavailable` when it cannot be reached."""

    def put(self, documents: Iterable[Document]) -> None:
        """Stores them; they are found by every search that begins after this returns."""
        ...

    def get(self, kind: Kind, document: str) -> Document | None: ...

    def search(self, query: Query) -> Page:
        """Ties of the order are broken by id, so that pages neither repeat nor skip."""
        ...

    def clear(self) -> None:
        """Forgets everything, to be built anew from the bus."""
        ...

    def close(self) -> None: ...
