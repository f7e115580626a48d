"""Which of millions of 64-bit hashes lie within a radius of one, none missed.

New hashes lie in a short tail that is scanned; tails are merged into lots with tables, by the
multi-index hashing of Norouzi et al. (CVPR 2012). How a radius is shared among the parts of a hash
is chosen query by query, from the true lengths of the buckets.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from math import comb

import numpy as np
import numpy.typing as npt

from detectors.pictures.runs import Numbers, once, ranges

Keys = npt.NDArray[np.uint64]
Places = npt.NDArray[np.int32]  # in a lot, of fewer than 2**31 hashes
Answer = tuple[Numbers, npt.NDArray[np.uint8]]  # items, and how many bits each is off

BITS, PARTS, WIDTH = 64, 4, 16
FIRST_CODES = np.arange(PARTS)[:, None] << WIDTH  # where each part's buckets begin
RADIUS = 10
MOST_FLIPS = 3  # of a part's bits; four have 2,517 buckets, and by then scanning is cheaper
SHORT = 1 << 16  # hashes; scanning so many costs what asking the tables costs at least
BLOCK = 1 << 16  # hashes scanned at a time: half a megabyte stays in the cache
DEAR = 7  # a hash fetched through a table costs as much as scanning so many
GROWTH = 4  # a lot is merged when it is not so many times as long as what follows


@dataclass(frozen=True, slots=True)
class _Plan:
    """Every way to share a radius among the parts so that no hash within it is missed.

    `flips` are a part's differences, fewest bits first; `ends` says how many there are of less
    than 0, 1, … bits. A row of `shares` says, part by part, from how many bits on it is not looked
    for: a hash that every part leaves out differs by their sum, which is one above the radius.
    """

    flips: Numbers
    ends: Numbers
    shares: Numbers


@cache
def _plan(radius: int) -> _Plan | None:
    least = -(-(radius + 1) // PARTS)
    if least > MOST_FLIPS + 1:
        return None
    most = min(least + 1, MOST_FLIPS + 1)
    flips = sorted(range(1 << WIDTH), key=int.bit_count)
    ends = np.cumsum([0, *(comb(WIDTH, bits) for bits in range(most))])
    ways = product(range(most + 1), repeat=PARTS)
    shares = [way for way in ways if sum(way) == radius + 1]
    return _Plan(np.array(flips[: ends[-1]]), ends, np.array(shares))


class _Tables:
    """For each part of the hashes, all of them in its order, and where each bucket begins."""

    def __init__(self, keys: Keys) -> None:
        parts = [_codes(keys)[:, part] for part in range(PARTS)]
        orders = (np.argsort(part, kind="stable").astype(np.int32) for part in parts)
        self._places = np.concatenate(list(orders))
        self._keys = keys[self._places]
        counts = [np.bincount(part, minlength=1 << WIDTH) for part in parts]
        self._starts = np.append(0, np.cumsum(np.concatenate(counts)))

    def near(self, query: np.uint64, radius: int) -> Numbers | None:
        """Places of all hashes within the radius, or None if scanning is cheaper."""
        plan = _plan(radius)
        if plan is None:
            return None
        begins, counts = self._buckets(query, plan)
        if int(counts.sum()) * DEAR * PARTS > len(self._keys):
            return None
        at = ranges(begins, counts)
        hits = at[_within(self._keys.take(at, mode="clip"), query, radius)]
        return once(self._places[hits]).astype(np.int64)

    def _buckets(self, query: np.uint64, plan: _Plan) -> tuple[Numbers, Numbers]:
        """Where the buckets to visit begin and how long they are, shared so as to fetch least."""
        codes = _codes(np.array([query])).T.astype(np.int64)
        at = (codes ^ plan.flips) + FIRST_CODES
        begins = self._starts[at]
        counts = self._starts[at + 1] - begins
        fetched = np.zeros((PARTS, len(plan.ends)), np.int64)
        np.add.reduceat(counts, plan.ends[:-1], axis=1).cumsum(axis=1, out=fetched[:, 1:])
        costs = fetched[np.arange(PARTS), plan.shares].sum(axis=1)
        share = plan.shares[costs.argmin()]
        asked = np.arange(len(plan.flips)) < plan.ends[share][:, None]
        return begins[asked], counts[asked]


@dataclass(frozen=True, slots=True)
class _Lot:
    """Hashes and the items that bear them, in the items' order if there are tables.

    `gone` has the number of the change that removed each, 0 for those that are there: a removal
    writes what no view made before it reads otherwise.
    """

    keys: Keys
    items: Numbers
    gone: Numbers
    live: int
    tables: _Tables | None = None

    def near(self, query: np.uint64, radius: int, now: int) -> Numbers:
        """Places of the hashes within the radius that were there at the change `now`."""
        places = self.tables.near(query, radius) if self.tables else None
        if places is None:
            places = _scan(self.keys, query, radius)
        gone = self.gone[places]
        seen: Numbers = places[(gone == 0) | (gone > now)]
        return seen

    def of(self, items: Numbers) -> Numbers:
        """Places of those hashes of some items, sorted and each once, that are there now."""
        if self.tables:
            first = np.searchsorted(self.items, items)
            places = ranges(first, np.searchsorted(self.items, items, "right") - first)
        else:
            places = np.flatnonzero(np.isin(self.items, items))
        there: Numbers = places[self.gone[places] == 0]
        return there


@dataclass(frozen=True, slots=True)
class HammingView:
    """What the index held at one moment: the last lot is the tail."""

    lots: tuple[_Lot, ...]
    now: int = 0

    def __len__(self) -> int:
        return sum(lot.live for lot in self.lots)

    def search(self, query: int | np.uint64, radius: int = RADIUS) -> Answer:
        """Items and distances, the nearest first, then by item; an item once for each hash."""
        if not 0 <= radius <= BITS:
            raise ValueError(f"a radius has 0 to {BITS} bits, not {radius}")
        query = np.uint64(query)
        found = [(lot, lot.near(query, radius, self.now)) for lot in self.lots]
        items = np.concatenate([lot.items[places] for lot, places in found])
        keys = np.concatenate([lot.keys[places] for lot, places in found])
        distances = np.bitwise_count(keys ^ query)
        order = np.lexsort((items, distances))
        return items[order], distances[order]

    def search_many(self, queries: Iterable[int] | Keys, radius: int = RADIUS) -> Sequence[Answer]:
        """An answer for each; together they are no faster than one by one."""
        return [self.search(query, radius) for query in queries]


class HammingIndex:
    """Any number of threads may search while one changes it; none sees half a change."""

    def __init__(self, *, short: int = SHORT) -> None:
        """`short`: how many hashes the tail takes before it is merged."""
        self._short = short
        self._changing = threading.Lock()
        self._room = _empty(short)
        self._view = HammingView((self._tail(0, 0),))

    def __len__(self) -> int:
        return len(self._view)

    def snapshot(self) -> HammingView:
        """A view that goes on answering as of now; it costs nothing to make."""
        return self._view

    def search(self, query: int | np.uint64, radius: int = RADIUS) -> Answer:
        return self._view.search(query, radius)

    def search_many(self, queries: Iterable[int] | Keys, radius: int = RADIUS) -> Sequence[Answer]:
        return self._view.search_many(queries, radius)

    def add(self, keys: npt.ArrayLike, items: npt.ArrayLike) -> None:
        """Each hash with its item; the same hash or item may come any number of times."""
        new = _lot(np.array(keys, np.uint64, ndmin=1), np.array(items, np.int64, ndmin=1))
        with self._changing:
            *merged, tail = self._view.lots
            used, end = len(tail.keys), len(tail.keys) + len(new.keys)
            if end <= self._short:
                self._room.keys[used:end], self._room.items[used:end] = new.keys, new.items
                tail = self._tail(end, tail.live + new.live)
            else:
                merged = _grown(merged, tail, new)
                self._room = _empty(self._short)
                tail = self._tail(0, 0)
            self._view = replace(self._view, lots=(*merged, tail))

    def remove(self, items: npt.ArrayLike) -> None:
        """Every hash of these items; unknown items are passed over."""
        wanted = np.unique(np.array(items, np.int64, ndmin=1))
        with self._changing:
            now = self._view.now + 1
            found = [(lot, lot.of(wanted)) for lot in self._view.lots]
            *merged, tail = (_without(lot, places, now) for lot, places in found)
            self._view = HammingView((*_tidied(merged), tail), now)

    def _tail(self, end: int, live: int) -> _Lot:
        room = self._room
        return _Lot(room.keys[:end], room.items[:end], room.gone[:end], live)


def _empty(size: int) -> _Lot:
    return _Lot(np.empty(size, np.uint64), np.empty(size, np.int64), np.zeros(size, np.int64), 0)


def _lot(keys: Keys, items: Numbers) -> _Lot:
    if keys.shape != items.shape or keys.ndim != 1:
        raise ValueError(f"hashes of shape {keys.shape} for items of shape {items.shape}")
    return _Lot(keys, items, np.zeros(len(items), np.int64), len(items))


def _grown(merged: Sequence[_Lot], *newer: _Lot) -> list[_Lot]:
    """The newer lots merged into one, with those before them that are not long enough to stay."""
    kept, joined = list(merged), list(newer)
    while kept and kept[-1].live < GROWTH * sum(lot.live for lot in joined):
        joined.append(kept.pop())
    return [*kept, *_tabled(joined)]


def _tidied(lots: Iterable[_Lot]) -> Iterator[_Lot]:
    """The same lots; one that is mostly gone is made anew."""
    for lot in lots:
        if lot.live * 2 < len(lot.keys):
            yield from _tabled([lot])
        else:
            yield lot


def _tabled(lots: Sequence[_Lot]) -> Iterator[_Lot]:
    """One lot, with tables, of the hashes that are there; none if none is."""
    there = [np.flatnonzero(lot.gone == 0) for lot in lots]
    keys = np.concatenate([lot.keys[places] for lot, places in zip(lots, there, strict=True)])
    items = np.concatenate([lot.items[places] for lot, places in zip(lots, there, strict=True)])
    if len(items):
        order = np.argsort(items, kind="stable")
        lot = _lot(keys[order], items[order])
        yield replace(lot, tables=_Tables(lot.keys))


def _without(lot: _Lot, places: Numbers, now: int) -> _Lot:
    lot.gone[places] = now
    return replace(lot, live=lot.live - len(places))


def _codes(keys: Keys) -> npt.NDArray[np.uint16]:
    """A row for each key: its parts."""
    return keys.view(np.uint16).reshape(-1, PARTS)


def _within(keys: Keys, query: np.uint64, radius: int) -> Numbers:
    return np.flatnonzero(np.bitwise_count(keys ^ query) <= radius)


def _scan(keys: Keys, query: np.uint64, radius: int) -> Numbers:
    blocks = range(0, len(keys), BLOCK)
    found = [_within(keys[at : at + BLOCK], query, radius) + at for at in blocks]
    return np.concatenate([np.zeros(0, np.int64), *found])
