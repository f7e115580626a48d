"""Clues and verdicts meet in the index, in whatever order two processes bring them."""

from datetime import timedelta

import pytest

from pipeline import codec
from pipeline.bus import Topic
from pipeline.bus.embedded import EmbeddedBus
from pipeline.index import Facet, Kind, Query
from pipeline.index.embedded import EmbeddedIndex
from pipeline.indexing import Indexing, rebuild
from pipeline.records import Clue, Decision, Verdict
from tests import make

HOUR = timedelta(hours=1)


@pytest.fixture
def index(tmp_path):
    index = EmbeddedIndex(tmp_path / "index.sqlite")
    yield index
    index.close()


def verdict(decision=Decision.CONFIRM, at=make.SEEN) -> Verdict:
    return Verdict(
        clue_id="clue-1", revision="r", decision=decision, reason_code="name", by="x", at=at
    )


def seen(hours: int, **given):
    return make.clue(listing=make.capture(seen_at=make.SEEN + hours * HOUR), **given)


def stands(index) -> tuple[str, float]:
    stored = index.get(Kind.CLUE, "clue-1")
    return stored.facets[Facet.STATE], codec.decode(stored.body, Clue).score


class Meanwhile(EmbeddedIndex):
    """Another process does something in the middle of a put or of a question."""

    before_put = after_put = None

    def put(self, documents):
        self._do("before_put")
        super().put(documents)
        self._do("after_put")

    def _do(self, when):
        work, found = getattr(self, when), None
        if work:
            setattr(self, when, found)
            work()


def test_of_clues_in_one_batch_the_newest_stands_though_an_older_is_repeated_last(index):
    Indexing(index).clues([seen(0, score=0.1), seen(1, score=0.9), seen(0, score=0.1)])

    assert stands(index) == ("open", 0.9)


@pytest.mark.parametrize("moment", ["before_put", "after_put"])
def test_a_verdict_that_comes_while_its_clue_is_written_stands(tmp_path, index, moment):
    writing = Meanwhile(tmp_path / "index.sqlite")
    setattr(writing, moment, lambda: Indexing(index).verdicts([verdict()]))
    Indexing(writing).clues([make.clue()])

    assert stands(index)[0] == "confirm"
    writing.close()


@pytest.mark.parametrize("moment", ["before_put", "after_put"])
def test_a_newer_clue_that_comes_while_a_verdict_is_written_stands(tmp_path, index, moment):
    Indexing(index).clues([seen(0, score=0.1)])
    writing = Meanwhile(tmp_path / "index.sqlite")
    setattr(writing, moment, lambda: Indexing(index).clues([seen(1, score=0.9)]))
    Indexing(writing).verdicts([verdict()])

    assert stands(index) == ("confirm", 0.9)
    writing.close()


def test_the_newest_of_two_verdicts_stands(index):
    indexing = Indexing(index)
    indexing.clues([make.clue()])
    indexing.verdicts([verdict(Decision.LAWFUL, make.SEEN + HOUR), verdict(Decision.CONFIRM)])

    assert stands(index)[0] == "lawful"


def test_a_rebuild_joins_verdicts_and_clues_and_skips_what_cannot_be_read(tmp_path, index):
    bus = EmbeddedBus(tmp_path / "bus.sqlite")
    index.put([])
    Indexing(index).clues([make.clue("gone")])
    for record in (seen(0, score=0.1), seen(1, score=0.9)):
        bus.publish(Topic.CLUES, record.clue_id, codec.pack(record))
    bus.publish(Topic.CLUES, "poison", b"not a clue")
    bus.publish(Topic.VERDICTS, "clue-1", codec.pack(verdict()))
    told = []

    assert rebuild(bus, index, told.append) == 4
    assert stands(index) == ("confirm", 0.9)
    assert index.search(Query()).total == 1
    assert sum(told) == 4
    bus.close()
