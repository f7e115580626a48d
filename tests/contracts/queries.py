"""The same queries asked of two indexes: the same hits, in the same order."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from pipeline.index import Document, Facet, Index, Kind, Order, Query, every
from pipeline.records import PerceptualHash
from tests.make import SEEN

TEXTS = st.text(alphabet="花牛苹果苹の한жα天水 *ab12.A㊣é🍎\U00020000", max_size=12)
VALUES = st.sampled_from(["甲", "乙", "a b", "A"])
PICTURES = st.builds(PerceptualHash, bits=st.sampled_from([0, 1, 0xFF, (1 << 64) - 1, 1 << 63]))
MOMENTS = st.integers(0, 5).map(lambda n: SEEN + timedelta(microseconds=n))
DOCUMENTS = st.builds(
    Document,
    kind=st.sampled_from([Kind.CLUE, Kind.NOTICE]),
    id=st.sampled_from([f"文{n}" for n in range(12)]),
    version=st.integers(1, 4),
    at=MOMENTS,
    score=st.sampled_from([0.0, 0.25, 0.3, 1 / 3, 1.0]),
    texts=st.dictionaries(st.sampled_from(["title", "shop"]), TEXTS, max_size=2),
    facets=st.dictionaries(st.sampled_from(Facet), VALUES, max_size=3),
    body=st.just(b"{}"),
    pictures=st.lists(PICTURES, max_size=2).map(tuple),
)
QUERIES = st.builds(
    Query,
    words=st.lists(TEXTS, max_size=2).map(tuple),
    facets=st.dictionaries(
        st.sampled_from(Facet), st.lists(VALUES, min_size=1, max_size=2).map(tuple), max_size=1
    ),
    since=st.none() | MOMENTS,
    until=st.none() | MOMENTS,
    order=st.sampled_from([Order.NEWEST, Order.SCORE]),
    limit=st.integers(1, 5),
    count=st.just(tuple(Facet)),
)
LIKENESS = st.none() | st.tuples(PICTURES, st.integers(0, 64), st.sampled_from(Order))


def asked(query: Query, likeness: tuple[PerceptualHash, int, Order] | None) -> Query:
    """The query, with a picture to look for if there is one."""
    if likeness is None:
        return query
    picture, within, order = likeness
    return replace(query, picture=picture, within=within, order=order)


def answer(index: Index, query: Query) -> object:
    """All a caller sees of it, page by page."""
    page = index.search(query)
    hits = [(hit.document, hit.highlights, hit.distance) for hit in every(index, query)]
    counts = {facet: list(found.items()) for facet, found in page.counts.items()}
    return hits, page.total, counts, page.after
