"""What an index promises, whoever keeps it; queries are in our own words."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from pipeline.errors import BadInput
from pipeline.records import PerceptualHash

LARGEST_PAGE = 1_000
NEAR = 10  # bits of 64: the distance at which two pictures are taken for one
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
    """The newest, the surest, or those with the nearest picture first."""

    NEWEST = "newest"
    SCORE = "score"
    NEAREST = "nearest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Something to find: `texts` by words, `facets` exactly, `pictures` by likeness.

    `body` is the record itself, as JSON in UTF-8.

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
    pictures: tuple[PerceptualHash, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """All that is given must hold. `words` are phrases, each in some text of the document.

    Each value of `facets` is a choice of several; `since` counts in, `until` out; `picture` asks
    for documents with a picture at most `within` bits from it; `after` is the cursor of a page
    before.
    """

    kind: Kind = Kind.CLUE
    words: tuple[str, ...] = ()
    facets: Mapping[Facet, tuple[str, ...]] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    picture: PerceptualHash | None = None
    within: int = NEAR
    order: Order = Order.NEWEST
    limit: int = 50
    after: str | None = None
    count: tuple[Facet, ...] = ()

    def __post_init__(self) -> None:
        if not 0 < self.limit <= LARGEST_PAGE:
            raise ValueError(f"a page has 1 to {LARGEST_PAGE} hits, not {self.limit}")
        if self.order is Order.NEAREST and self.picture is None:
            raise ValueError("nearest to what? the query has no picture")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document found; `highlights` are (field, start, end) in code points of the text given.

    `distance` is in bits, of its picture that is nearest to the one asked for.
    """

    document: Document
    highlights: tuple[tuple[str, int, int], ...] = ()
    distance: int | None = None


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
        """Stores them; they are found by every search that begins after this returns.

        Raises `BadInput` for a document that can never be stored; others may be stored by then.
        """
        ...

    def get_all(self, kind: Kind, ids: Iterable[str]) -> Mapping[str, Document]:
        """Those that there are, by id, as the newest `put` left them."""
        ...

    def get(self, kind: Kind, document: str) -> Document | None:
        return self.get_all(kind, [document]).get(document)

    def search(self, query: Query) -> Page:
        """Ties of the order are broken by id, so that pages neither repeat nor skip.

        Raises `BadInput` for an `after` that is no cursor.
        """
        ...

    def renewed(self) -> "AbstractContextManager[Index]":
        """An empty index beside this one; it takes this one's place when the block ends well.

        Searches go on all the while; a block that fails leaves everything as it was.
        """
        ...

    def close(self) -> None: ...


def every(index: Index, query: Query) -> Iterator[Hit]:
    """The hits of all pages."""
    while True:
        page = index.search(query)
        yield from page.hits
        if page.after is None:
            return
        query = replace(query, after=page.after)


def to_micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1)


def from_micros(count: int) -> datetime:
    return EPOCH + timedelta(microseconds=count)


def cursor(hit: Hit, order: Order) -> str:
    """Where this hit stands in the order."""
    place = {
        Order.NEWEST: to_micros(hit.document.at),
        Order.SCORE: hit.document.score,
        Order.NEAREST: hit.distance,
    }[order]
    return f"{place}|{hit.document.id}"


def place_of(after: str) -> tuple[float, str]:
    """What `cursor` wrote; raises `BadInput`."""
    place, mark, name = after.partition("|")
    try:
        return (float(place) if "." in place or "e" in place else int(place)), _given(mark, name)
    except ValueError:
        raise BadInput(f"not a page cursor: {after!r}") from None


def _given(mark: str, name: str) -> str:
    if not mark:
        raise ValueError
    return name
