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
SPREAD = 16  # bits of the filter for each seed
LEAST_BITS, MOST_BITS = 16, 26


@dataclass(frozen=True, slots=True)
class Found:
    """Which question (its number) met which seed: the name, and where in the name the seed lies."""

    asked: npt.NDArray[np.int64]
    name: Numbers
    place: Seats


class Seeds:
    """Seeds of names, to be asked for many keys at once."""

    def __init__(self, lots: Sequence[Lot]) -> None:
        nothing = np.zeros(0, np.uint64), np.zeros(0, np.int32), np.zeros(0, np.int8)
        keys, names, places = (np.concatenate(each) for each in zip(nothing, *lots, strict=True))
        order = np.argsort(keys, kind="stable")
        keys, self._names, self._places = keys[order], names[order], places[order]
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        self._keys = keys[starts]
        self._ended = np.append(self._keys, MIXER)  # a search may end behind the last key
        self._starts = np.append(starts, len(keys))
        bits = max(LEAST_BITS, min(MOST_BITS, int(len(self._keys) * SPREAD).bit_length()))
        self._shift = np.uint64(64 - bits)
        self._filter = np.zeros(1 << bits, np.bool_)
        self._filter[self._slots(self._keys)] = True

    def find(self, keys: Keys) -> Found:
        """Every seed of every key."""
        passed = np.flatnonzero(self._filter[self._slots(keys)])
        at = np.searchsorted(self._keys, keys[passed])
        hit = np.flatnonzero(self._ended[at] == keys[passed])
        at, passed = at[hit], passed[hit]
        which, seeds = spread(self._starts[at], self._starts[at + 1])
        return Found(passed[which], self._names[seeds], self._places[seeds])

    def _slots(self, keys: Keys) -> Keys:
        return (keys * MIXER) >> self._shift


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


def with_goods(kind: int, pair: Keys, goods: Keys) -> Keys:
    """A pair beside goods; `kind` tells apart what the pair is made of."""
    return np.uint64(kind) << KIND_BITS | goods << GOODS_BITS | pair
