"""A table of seeds: small parts of names by which a place in a text is known worth a look.

A bit filter in front of it answers most questions, so that asking costs the same for ten rights
and for a hundred thousand, but for what is found.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Keys = npt.NDArray[np.uint64]
Codes = npt.NDArray[np.uint64]
Numbers = npt.NDArray[np.int32]
Seats = npt.NDArray[np.int8]
Lot = tuple[Keys, Numbers, Seats]  # keys, the names they are of, the places in those names

MIXER = np.uint64(0x9E3779B97F4A7C15)
CODE_BITS = np.uint64(15)
GOODS_BITS, KIND_BITS = np.uint64(30), np.uint64(62)
LEAST_BITS, MOST_BITS = 12, 26
MORE_BITS = 4  # what a filter has beyond a bit for each key


@dataclass(frozen=True, slots=True)
class Found:
    """Which question (its number) met which seed: the name, and where in the name the seed lies."""

    asked: npt.NDArray[np.int64]
    name: Numbers
    place: Seats


class Filter:
    """Answers for most keys that no seed has them; of those that pass a few have none either."""

    def __init__(self, mixed: Keys) -> None:
        bits = max(LEAST_BITS, len(mixed).bit_length() + MORE_BITS)
        self._slot = np.uint64(64 - min(MOST_BITS, bits))
        self._may = np.zeros(1 << (64 - int(self._slot)), np.bool_)
        self._may[mixed >> self._slot] = True

    def passed(self, mixed: Keys) -> npt.NDArray[np.int64]:
        """The numbers of the keys that a seed may have."""
        return np.flatnonzero(self._may[mixed >> self._slot])


class Seeds:
    """Seeds of names, to be asked for many keys at once."""

    def __init__(self, lots: Sequence[Lot]) -> None:
        nothing = np.zeros(0, np.uint64), np.zeros(0, np.int32), np.zeros(0, np.int8)
        keys, names, places = (np.concatenate(each) for each in zip(nothing, *lots, strict=True))
        keys = mixed(keys)
        order = np.argsort(keys, kind="stable")
        keys, self._names, self._places = keys[order], names[order], places[order]
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        self._keys = keys[starts]
        self._starts = np.append(starts, len(keys))
        bits = max(LEAST_BITS, len(self._keys).bit_length() - 2)
        self._bucket = np.uint64(64 - bits)
        ends = np.arange(1, 1 << bits, dtype=np.uint64) << self._bucket
        inner = np.searchsorted(self._keys, ends).astype(np.int32)
        self._buckets = np.concatenate([[0], inner, [len(self._keys)]]).astype(np.int32)
        self._filter = Filter(self._keys)

    def find(self, keys: Keys) -> Found:
        """Every seed of every key."""
        keys = mixed(keys)
        passed = self._filter.passed(keys)
        bucket = keys[passed] >> self._bucket
        which, at = spread(self._buckets[bucket], self._buckets[bucket + np.uint64(1)])
        passed = passed[which]
        hit = np.flatnonzero(self._keys[at] == keys[passed])
        at, passed = at[hit], passed[hit]
        which, seeds = spread(self._starts[at], self._starts[at + 1])
        return Found(passed[which], self._names[seeds], self._places[seeds])


def mixed(keys: Keys) -> Keys:
    """The keys as evenly strewn numbers; the multiplier is odd, so no two become one."""
    return keys * MIXER


def spread(
    first: npt.NDArray[np.int64], last: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Ranges laid end to end: for every element its range's number, and the element."""
    counts = last - first
    which = np.repeat(np.arange(len(counts)), counts)
    begins = np.cumsum(counts) - counts
    return which, np.arange(len(which)) - begins[which] + first[which]


def of_two(one: Codes, other: Codes) -> Keys:
    return one << CODE_BITS | other


def of_three(one: Codes, other: Codes, third: Codes) -> Keys:
    return of_two(of_two(one, other), third)


def of_kind(kind: int, pair: Keys) -> Keys:
    """A pair marked with what it is made of."""
    return np.uint64(kind) << KIND_BITS | pair


def with_goods(pair: Keys, goods: Keys) -> Keys:
    """A pair beside goods."""
    return goods << GOODS_BITS | pair
