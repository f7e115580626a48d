"""The index of hashes answers as a plain loop does, whatever was added, removed or kept."""

import threading
from dataclasses import dataclass, field

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detectors.pictures.hamming import BLOCK, HammingIndex, HammingView, _plan, _Tables

SHORT = 4
CROWD = 400  # hashes of no cluster: without them a lot is so short that scanning is cheaper
ALL = (1 << 64) - 1
Rows = list[tuple[int, int]]


def plainly(rows: Rows, query: int, radius: int) -> Rows:
    """Distance and item of each hash within the radius, nearest first: a plain loop."""
    far = [((key ^ query).bit_count(), item) for key, item in rows]
    return sorted(row for row in far if row[0] <= radius)


def found(index: HammingIndex | HammingView, query: int, radius: int) -> Rows:
    items, distances = index.search(query, radius)
    return list(zip(distances.tolist(), items.tolist(), strict=True))


def crowd(count: int, seed: int = 0) -> Rows:
    keys = np.random.default_rng(seed).integers(0, ALL, count, np.uint64, endpoint=True)
    return [(key, -1 - number) for number, key in enumerate(keys.tolist())]


def index_of(rows: Rows, short: int = SHORT) -> HammingIndex:
    index = HammingIndex(short=short)
    index.add([key for key, _ in rows], [item for _, item in rows])
    return index


@dataclass
class Twin:
    """The index and what it ought to hold."""

    rows: Rows
    index: HammingIndex
    kept: list[tuple[Rows, HammingView]] = field(default_factory=list)

    def add(self, rows: Rows) -> None:
        self.index.add([key for key, _ in rows], [item for _, item in rows])
        self.rows = self.rows + rows

    def remove(self, items: list[int]) -> None:
        self.index.remove(items)
        self.rows = [row for row in self.rows if row[1] not in items]

    def keep(self, _: None) -> None:
        self.kept.append((self.rows, self.index.snapshot()))

    def search(self, asked: tuple[int, int]) -> None:
        assert found(self.index, *asked) == plainly(self.rows, *asked)
        assert len(self.index) == len(self.rows)
        for rows, view in self.kept:
            assert found(view, *asked) == plainly(rows, *asked)
            assert len(view) == len(rows)


CENTRES = st.sampled_from(
    [0, ALL, 0xFFFF, 0xFFFF << 48, 0x5555_5555_5555_5555, 0x0123_4567_89AB_CDEF]
)
FLIPS = st.lists(st.integers(0, 63), max_size=14, unique=True)
HASHES = st.one_of(
    CENTRES,
    st.builds(lambda key, bits: key ^ sum(1 << bit for bit in bits), CENTRES, FLIPS),
    st.integers(0, ALL),
)
ITEMS = st.integers(-3, 6)
CHANGES = st.one_of(
    st.tuples(st.just("add"), st.lists(st.tuples(HASHES, ITEMS), max_size=9)),
    st.tuples(st.just("remove"), st.lists(ITEMS, max_size=4)),
    st.tuples(st.just("keep"), st.none()),
    st.tuples(
        st.just("search"), st.tuples(HASHES, st.one_of(st.integers(0, 15), st.integers(0, 64)))
    ),
)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from([0, CROWD]), st.lists(CHANGES, max_size=30), HASHES)
def test_every_answer_is_the_plain_loops_and_a_snapshot_stays_what_it_was(start, changes, query):
    twin = Twin(crowd(start), index_of(crowd(start)))
    twin.keep(None)
    for change, what in changes:
        getattr(twin, change)(what)

    for radius in (0, 3, 10, 64):
        twin.search((query, radius))


@pytest.mark.parametrize("radius", [*range(17), 24, 63, 64])
def test_hashes_up_to_the_radius_are_found_and_none_beyond_wherever_the_bits_lie(radius):
    """Each way to put the differing bits into the parts of a hash: all in one, even, at random."""
    random = np.random.default_rng(radius)
    orders = [np.arange(64), np.arange(64)[::-1], np.arange(64).reshape(4, 16).T.ravel()]
    orders += [random.permutation(64) for _ in range(40)]
    query = 0x0123_4567_89AB_CDEF
    rows = crowd(40_000) + [
        (query ^ sum(1 << bit for bit in order[:bits].tolist()), number * 100 + bits)
        for number, order in enumerate(orders)
        for bits in range(max(0, radius - 1), min(64, radius + 1) + 1)
    ]

    assert found(index_of(rows), query, radius) == plainly(rows, query, radius)


def test_hashes_that_are_alike_but_for_one_part_are_all_found():
    rows = [(number << 48 | 0xABCD_EF01_2345, number) for number in range(3000)]

    assert found(index_of(rows), rows[7][0], 10) == plainly(rows, rows[7][0], 10)


def test_an_empty_index_finds_nothing():
    index = HammingIndex()
    items, distances = index.search(0, 64)

    assert (len(index), items.tolist(), distances.tolist()) == (0, [], [])


@pytest.mark.parametrize("short", [2, 1000])
def test_the_nearest_come_first_and_among_equals_the_lower_item(short):
    index = index_of([(0b111, 1), (0b1, 9), (0b10, 4), (0, 7), (0b11, 2)], short)

    assert found(index, 0, 3) == [(0, 7), (1, 4), (1, 9), (2, 2), (3, 1)]


@pytest.mark.parametrize("short", [2, 1000])
def test_one_picture_of_many_listings_is_found_for_each(short):
    assert found(index_of([(5, item) for item in range(20)], short), 5, 0) == [
        (0, item) for item in range(20)
    ]


@pytest.mark.parametrize("short", [2, 1000])
def test_an_item_of_two_hashes_is_told_for_each_and_removed_with_both(short):
    index = index_of([(0, 1), (0b11, 1), (0b1, 2)], short)
    before = found(index, 0, 10)
    index.remove([1])

    assert before == [(0, 1), (1, 2), (2, 1)]
    assert found(index, 0, 10) == [(1, 2)]
    assert len(index) == 1


@pytest.mark.parametrize("short", [2, 1000])
def test_an_item_that_was_removed_may_come_again_with_other_hashes(short):
    index = index_of([(0, 1), (0, 2), (1, 3)], short)
    index.remove(np.array([1, 1, 404]))
    index.add([0b1111], [1])

    assert found(index, 0, 10) == [(0, 2), (1, 3), (4, 1)]


@pytest.mark.parametrize("short", [2, 1000])
def test_a_snapshot_of_a_moment_does_not_see_what_came_after(short):
    index = index_of([(0, 1), (0, 2), (0, 3)], short)
    view = index.snapshot()
    index.remove([1])
    later = index.snapshot()
    index.add([0], [4])
    index.remove([2, 3])

    assert (found(view, 0, 0), len(view)) == ([(0, 1), (0, 2), (0, 3)], 3)
    assert (found(later, 0, 0), len(later)) == ([(0, 2), (0, 3)], 2)
    assert found(index, 0, 0) == [(0, 4)]


@pytest.mark.parametrize("short", [2, 1000])
def test_what_is_removed_twice_was_gone_after_the_first_time(short):
    index = index_of([(0, 1), (0, 2), (0, 3)], short)
    index.remove([1])
    between = index.snapshot()
    index.remove([1])

    assert found(between, 0, 0) == [(0, 2), (0, 3)]
    assert len(index) == 2


def test_a_tail_longer_than_a_block_is_scanned_to_its_end():
    rows = crowd(BLOCK + 1000)

    assert found(index_of(rows, len(rows)), rows[-1][0], 8) == plainly(rows, rows[-1][0], 8)


def test_a_part_that_is_the_same_in_all_hashes_is_not_looked_at():
    keys = np.array([key >> 16 << 16 for key, _ in crowd(50_000)], np.uint64)
    tables = _Tables(keys)

    assert tables._buckets(keys[0], _plan(10))[1].sum() < 2_000
    assert keys[tables.near(keys[0], 10)].tolist() == [keys[0]]


def test_tables_leave_it_to_a_scan_when_they_would_fetch_most_hashes():
    assert _Tables(np.zeros(1000, np.uint64)).near(np.uint64(0), 10) is None


def test_what_was_removed_is_let_go_of_when_most_of_a_lot_is_gone():
    index = index_of(crowd(1000))
    index.remove(np.arange(-501, 0))

    assert sum(len(lot.keys) for lot in index.snapshot().lots) == len(index) == 499


def test_many_small_additions_end_in_few_lots():
    index = HammingIndex(short=8)
    for key, item in crowd(3000):
        index.add(key, item)

    assert len(index) == 3000
    assert len(index.snapshot().lots) <= 6


def test_many_questions_are_answered_as_one_by_one():
    index = index_of(crowd(50))
    queries = np.array([key for key, _ in crowd(9)], np.uint64)
    answers = index.search_many(queries, 25)

    assert [items.tolist() for items, _ in answers] == [
        index.search(int(query), 25)[0].tolist() for query in queries
    ]


@pytest.mark.parametrize("radius", [-1, 65])
def test_a_radius_that_no_two_hashes_can_have_is_refused(radius):
    with pytest.raises(ValueError, match=f"0 to 64 bits, not {radius}"):
        HammingIndex().search(0, radius)


@pytest.mark.parametrize("query", [-1, 1 << 64])
def test_what_is_no_hash_of_64_bits_is_refused(query):
    with pytest.raises(OverflowError):
        HammingIndex().search(query, 10)


def test_hashes_without_an_item_each_are_refused_and_nothing_is_added():
    index = HammingIndex()
    with pytest.raises(ValueError, match="hashes of shape"):
        index.add([1, 2], [1])

    assert len(index) == 0


def test_a_search_beside_changes_sees_each_of_them_whole():
    """Three additions, each to a lot of its own, are removed at once; then again."""
    index = HammingIndex(short=64)
    seen: set[int] = set()
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.add(len(index.search(0, 0)[0]))

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    for _ in range(60):
        for count in (1000, 100, 10):
            index.add(np.zeros(count, np.uint64), np.full(count, count))
        index.remove([1000, 100, 10])
    done.set()
    for reader in readers:
        reader.join()

    assert len(seen) > 1
    assert seen <= {0, 1000, 1100, 1110}
