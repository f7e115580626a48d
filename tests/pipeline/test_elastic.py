"""A real Elasticsearch keeps the index's contract, and finds what the embedded index finds."""

import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import BadInput
from pipeline.index import Query, open_index
from pipeline.index.embedded import EmbeddedIndex
from tests.contracts.index import IndexContract, document
from tests.contracts.queries import DOCUMENTS, LIKENESS, QUERIES, answer, asked


@pytest.fixture
def url(elasticsearch, monkeypatch):
    monkeypatch.setattr("pipeline.index.elastic.GRACE_SECONDS", 0)
    return f"{elasticsearch}/test-{uuid.uuid4().hex[:12]}?refresh=50ms"


@pytest.mark.timeout(300)
class TestElasticIndex(IndexContract):
    @pytest.fixture
    def index(self, url):
        index = open_index(url)
        yield index
        index.close()


@pytest.mark.timeout(600)
@pytest.mark.slow
def test_every_query_finds_what_the_embedded_index_finds(url, tmp_path):
    """Scripts, symbols, single characters, ties, pictures: whatever Hypothesis can think of."""
    elastic, embedded = open_index(url), EmbeddedIndex(tmp_path / "index.sqlite")

    @settings(max_examples=40, deadline=None, database=None)
    @given(documents=st.lists(DOCUMENTS, max_size=25), data=st.data())
    def compare(documents, data):
        for index in (elastic, embedded):
            with index.renewed() as fresh:
                fresh.put(documents)
        for _ in range(12):
            query = asked(data.draw(QUERIES), data.draw(LIKENESS))
            assert answer(elastic, query) == answer(embedded, query)

    compare()
    elastic.close()
    embedded.close()


@pytest.mark.filterwarnings("ignore::elasticsearch.ElasticsearchWarning")
def test_houses_with_names_alike_leave_one_another_s_indices_alone(elasticsearch, monkeypatch):
    """A rebuild deletes what it replaced: with a hyphen before the number it met a neighbour's."""
    monkeypatch.setattr("pipeline.index.elastic.GRACE_SECONDS", 0)
    name = f"test-{uuid.uuid4().hex[:8]}"
    houses = [open_index(f"{elasticsearch}/{each}?refresh=50ms") for each in (name, f"{name}-0")]
    for index in houses:
        index.put([document("it")])
    with houses[0].renewed() as fresh:
        fresh.put([document("it")])

    assert [index.search(Query()).total for index in houses] == [1, 1]
    for index in houses:
        index.close()


def test_a_document_that_can_never_be_stored_is_bad_input(url):
    index = open_index(url)
    with pytest.raises(BadInput):
        index.put([document("it", texts={"title": "\ud800"})])
    index.close()
