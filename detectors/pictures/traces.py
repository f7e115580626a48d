"""A picture's points in eight bytes each, and which of many pictures may share some with a right's.

A trace keeps 48 bits of a code, the direction and the scale. Pairs that begin alike in one half
and differ in few bits vote for a picture, a view, a turn and a scale; a right's point that many
stored pictures have says little.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Self

import numpy as np
from numpy.typing import NDArray

from detectors.pictures.alignment import Seen
from detectors.pictures.codes import common
from detectors.pictures.runs import Numbers, once, ranges

BITS, HALF = 48, 24
CODE = np.uint64((1 << BITS) - 1)
CIRCLE, OCTAVE, MIDDLE = 256, 16, 64  # steps of direction and of scale, and that of scale 1
NEAR = 8  # bits of 48 that a pair may differ in
FLIPS = 2  # of a half's bits
KEPT = 200  # points of a right's view: those that the fewest other looks are near to
OTHER = 10  # bits: a look that is so near is like it
TURNS, SCALES = 12, 10
LEAST = -5  # octaves: what grows or shrinks by more is counted with that
RAREST = 0.002  # share of stored pictures, below which a point gets no rarer

Traces = NDArray[np.uint64]
Votes = NDArray[np.float64]


def traces(seen: Seen) -> Traces:
    """One for each point."""
    angle = np.rint(seen.places[:, 3] * (CIRCLE / (2 * np.pi))).astype(np.int64) % CIRCLE
    scale = np.rint(np.log2(seen.places[:, 2]) * OCTAVE + MIDDLE).clip(0, CIRCLE - 1)
    found: Traces = seen.codes[:, 0] & CODE
    found |= angle.astype(np.uint64) << np.uint64(BITS)
    found |= scale.astype(np.uint64) << np.uint64(BITS + 8)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Half:
    """Where a half of some codes may be met: `is_met` by the half, and the points of each key."""

    shift: np.uint64
    is_met: NDArray[np.bool_]
    keys: NDArray[np.int32]
    starts: Numbers
    points: Numbers

    @classmethod
    def of(cls, points: Traces, shift: int) -> Self:
        keys = (_halves(points, np.uint64(shift))[:, None] ^ _FLIPPED).ravel()
        order = np.argsort(keys, kind="stable")
        known, starts = np.unique(keys[order], return_index=True)
        is_met = np.zeros(1 << HALF, np.bool_)
        is_met[known] = True
        starts = np.append(starts, len(keys))
        return cls(np.uint64(shift), is_met, known, starts, order // len(_FLIPPED))

    def pairs(self, stored: Traces) -> tuple[Numbers, Numbers]:
        """Stored traces and points that begin alike."""
        halves = _halves(stored, self.shift)
        met = np.flatnonzero(self.is_met[halves])
        key = np.searchsorted(self.keys, halves[met])
        counts = self.starts[key + 1] - self.starts[key]
        return np.repeat(met, counts), self.points[ranges(self.starts[key], counts)]


class Sought:
    """The points of a right's picture in each of its views."""

    def __init__(self, views: Sequence[Seen]) -> None:
        chosen = [_rarest(traces(view)) for view in views]
        self._points = np.concatenate([np.zeros(0, np.uint64), *chosen])
        self._views = np.repeat(np.arange(len(views)), [len(each) for each in chosen])
        self._count = len(views)
        self._halves = [_Half.of(self._points, shift) for shift in (0, HALF)]
        self._worth = np.ones(len(self._points))

    def weigh(self, sample: Iterable[tuple[Traces, Numbers, int]]) -> None:
        """A point is worth the less, the more pictures of a sample of what is stored have it."""
        have, asked = np.zeros(len(self._points)), 0
        for stored, owners, count in sample:
            _, points = self._pairs(stored, owners)
            have += np.bincount(points, minlength=len(have))
            asked += count
        self._worth = np.maximum(0, -np.log(have / max(1, asked) + RAREST))

    def votes(self, stored: Traces, owners: Numbers, count: int) -> Votes:
        """For each of `count` pictures, to which the traces belong, how much speaks for it."""
        if not len(self._points):
            return np.zeros(count)
        met, points = self._pairs(stored, owners)
        turn = (_angle(stored[met]) - _angle(self._points[points])) % CIRCLE * TURNS // CIRCLE
        grown = (_scale(stored[met]) - _scale(self._points[points])) // OCTAVE - LEAST
        view = owners[met] * self._count + self._views[points]
        cells = (view * TURNS + turn) * SCALES + grown.clip(0, SCALES - 1)
        size = count * self._count * TURNS * SCALES
        found = np.bincount(cells, self._worth[points], size).reshape(count, -1, TURNS, SCALES)
        beside = found + np.roll(found, 1, axis=2)
        most: Votes = (beside[..., 1:] + beside[..., :-1]).reshape(count, -1).max(axis=1)
        return most

    def _pairs(self, stored: Traces, owners: Numbers) -> tuple[Numbers, Numbers]:
        """Each of a picture's traces with its nearest point of a view, no point twice."""
        size = max(1, len(self._points))
        both = [half.pairs(stored) for half in self._halves]
        met, points = np.divmod(once(np.concatenate([m * size + p for m, p in both])), size)
        apart = np.bitwise_count((stored[met] ^ self._points[points]) & CODE)
        close = np.flatnonzero(apart <= NEAR)
        near = close[np.argsort(apart[close], kind="stable")]
        near = near[_firsts(owners[met[near]] * size + points[near])]
        near = near[_firsts(met[near] * self._count + self._views[points[near]])]
        return met[near], points[near]


def _firsts(keys: Numbers) -> Numbers:
    """Where each key stands first, in that order."""
    return np.sort(np.unique(keys, return_index=True)[1])


def _rarest(points: Traces) -> Traces:
    apart = np.bitwise_count((points[:, None] ^ common()[None, :, 0]) & CODE)
    return points[np.argsort((apart <= OTHER).sum(axis=1), kind="stable")[:KEPT]]


def _halves(points: Traces, shift: np.uint64) -> NDArray[np.int32]:
    return ((points >> shift) & np.uint64((1 << HALF) - 1)).astype(np.int32)


def _angle(points: Traces) -> Numbers:
    return ((points >> np.uint64(BITS)) & np.uint64(CIRCLE - 1)).astype(np.int64)


def _scale(points: Traces) -> Numbers:
    return (points >> np.uint64(BITS + 8)).astype(np.int64)


_FLIPPED = np.array(
    [
        sum(1 << bit for bit in bits)
        for count in range(FLIPS + 1)
        for bits in combinations(range(HALF), count)
    ],
    np.int32,
)
