"""Which places are worth weighing one by one: the arithmetic of `sightings.of_place`, for many.

It may let pass what that will refuse, and refuses nothing that it would let pass.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from detectors.wording.names import Name
from detectors.wording.ordinary import Divided, ordinariness
from detectors.wording.search import Places
from detectors.wording.weighing import LEAST, PARTICLE, PRIOR, Goods

NEARLY = 1e-3  # of a nat: sums of floats differ by their order


class Worth:
    """For each name its length, and the first and last place that do not say what is sold."""

    def __init__(self, names: Sequence[Name]) -> None:
        told = [
            [at for at in range(len(name.text)) if at not in name.goods] or [0] for name in names
        ]
        self._lengths = np.array([len(name.text) for name in names], np.int64)
        self._first = np.array([each[0] for each in told], np.int64)
        self._last = np.array([each[-1] for each in told], np.int64)

    def of(self, found: Places, texts: Sequence[Divided], which: npt.NDArray[np.int64]) -> Places:
        """Those places that ordinary words do not explain; place `i` is in `texts[which[i]]`."""
        first, last = self._first[found.name], self._last[found.name]
        lost = (found.shift == -1) & ((found.cut == first) | (found.cut == last))
        start, end = (
            found.start + each + np.where(each >= found.cut, found.shift, 0)
            for each in (first, last)
        )
        end += 1
        lost |= (start < 0) | (start >= end)
        start, end = np.where(lost, 0, start), np.where(lost, 0, end)
        starts = np.stack([start, np.maximum(found.start, 0)])
        ends = np.stack([end, found.start + self._lengths[found.name] + found.shift])
        told, whole = ordinariness(texts, which, starts, ends)
        own = found.damped + PRIOR[Goods.OWN] - told
        elsewhere = np.where(found.sold, PRIOR[Goods.KINDRED], PRIOR[Goods.UNLISTED])
        other = found.evidence + elsewhere - whole
        odds = np.maximum(np.where(found.sold, own, other), other)
        odds += np.where(found.shift == 1, PARTICLE, 0)
        return found.only(lost | (odds >= LEAST - NEARLY))
