"""Whether what two pictures share is told from what pictures share anyway.

A tag, a corner, a kind of package are in many pictures; a name drawn in its own letters is not.
A pair of points is telling if it is more alike than anything that a few thousand looks of other
pictures offer, and it speaks for one right if no other right's picture explains as much.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from detectors.pictures.alignment import Alignment, Seen, affine, apart, turn_of
from detectors.pictures.codes import Codes, common, distances

NEAR = 6.0, 8.0  # units each way that a pair may be off the map, while that is still being mended
TURN, SCALE = 0.5, 0.75  # radians and octaves that it may be off
ALIKE = 104  # bits of 256, where the map says what to look for
MARGIN = 8  # bits by which it must be nearer than the nearest of the common looks
PLACE = 8.0  # units: pairs that are nearer count once
LEAST, RIVAL = 4.0, 2.5  # support of a part, and of another right's that may have the same
WEIGHTS = np.array([-10.1, 0.52, 3.51, -2.62, 2.44, 0.16, 0.64])  # of what `_odds` weighs
LEAST_ODDS = -2.0  # that a part is the right's own: less is not worth a look, nor a word
MOST_ALIKE = 4.0  # log odds by a look, where the eye is hopeful
CHANCE = 6.0  # support that other rights' pictures have for nothing
SHARED = 0.5, 0.2  # telling pairs that another may have by chance, and for each of one's own
FEWEST_PAIRS = 4  # to mend a map by

Numbers = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Lain:
    """A right's picture as it lies in another, looked for again where it should be."""

    found: Alignment
    right: Seen
    picture: Seen

    @cached_property
    def support(self) -> float:
        """Inliers, somewhat fewer the more the map flattens: a carton is seen from aside."""
        return float(np.sqrt(self.found.support * self.found.inliers))

    @cached_property
    def telling(self) -> int:
        """Pairs that no common look explains, those of one place counted once."""
        map_ = self.found.map
        for _ in range(2):
            mine, theirs, _ = _pairs(map_, self.right, self.picture, NEAR[1])
            here, there = self.right.places[mine], self.picture.places[theirs]
            enough = len(mine) >= FEWEST_PAIRS
            mended = affine(here.astype(float), there.astype(float)) if enough else None
            if mended is None:
                break
            map_ = mended
        mine, _, bits = _pairs(map_, self.right, self.picture, NEAR[0])
        is_telling = bits + MARGIN <= _nearest_common(self.right.codes[mine])
        places = np.round(self.right.places[mine[is_telling], :2] / PLACE)
        return len(np.unique(places, axis=0))


def own_odds(
    mine: Lain, others: Sequence[Lain], shown: float, look: Callable[[], tuple[float, float]]
) -> float:
    """Log odds that a part is one right's own, where other rights' pictures lie as `others`.

    `shown` is the share of its picture in view; `look` says how likely all of that is there, and
    its likeliest quarter, and takes time: it is asked only where there is hope.
    """
    if mine.support < LEAST or _odds(mine, 0, shown, (MOST_ALIKE, MOST_ALIKE)) < LEAST_ODDS:
        return -np.inf
    if any(each.support > CHANCE for each in others):
        return -np.inf
    most = max((each.telling for each in others if each.support >= RIVAL), default=0)
    if most > SHARED[0] + SHARED[1] * mine.telling:
        return -np.inf
    return _odds(mine, most, shown, look())


def _odds(mine: Lain, others: int, shown: float, looks: tuple[float, float]) -> float:
    pairs = np.log1p([mine.telling, others])
    return float(np.array([1.0, mine.support, *pairs, shown, *looks]) @ WEIGHTS)


def _pairs(
    map_: NDArray[np.float64], right: Seen, picture: Seen, near: float
) -> tuple[Numbers, Numbers, NDArray[np.uint16]]:
    """Points that lie where the map says, each at most once, and the bits that they are apart."""
    here, there = right.places, picture.places
    laid = (here[:, :2] @ map_[:, :2].T + map_[:, 2]).astype(np.float32)
    across = laid[:, 0, None] - there[None, :, 0]
    down = laid[:, 1, None] - there[None, :, 1]
    mine, theirs = np.nonzero((np.abs(across) < near) & (np.abs(down) < near))
    turned = apart(there[theirs, 3] - here[mine, 3] - turn_of(map_))
    grown = np.log2(there[theirs, 2] / here[mine, 2]) - np.log2(abs(np.linalg.det(map_[:, :2]))) / 2
    bits = np.bitwise_count(right.codes[mine] ^ picture.codes[theirs]).sum(1, dtype=np.uint16)
    fits = np.flatnonzero((turned < TURN) & (np.abs(grown) < SCALE) & (bits <= ALIKE))
    fits = fits[np.argsort(bits[fits], kind="stable")]
    for side in (mine, theirs):
        fits = fits[np.sort(np.unique(side[fits], return_index=True)[1])]
    return mine[fits], theirs[fits], bits[fits]


def _nearest_common(some: Codes) -> NDArray[np.uint16]:
    if not len(some):
        return np.zeros(0, np.uint16)
    nearest: NDArray[np.uint16] = distances(some, common()).min(1)
    return nearest
