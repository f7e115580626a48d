"""A right's picture as it is looked for: as it is, mirrored, and seen from above."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pictures import sketch
from detectors.pictures.alignment import Alignment, Seen, align
from detectors.pictures.extent import Size
from detectors.pictures.points import Grey

ABOVE = 0.7  # of its height that a package keeps when a person looks down at it
SMOOTH = 0.8  # pixels of what is left, against what would flicker (Yu & Morel 2011)


def in_units(wide: float, high: float) -> Size:
    """Width and height where the longer side is `sketch.SIDE`."""
    unit = sketch.SIDE / max(wide, high)
    return wide * unit, high * unit


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The points of one of them; `height` is the share that is left of the picture's."""

    seen: Seen
    size: Size
    mirrored: bool
    height: float = 1.0

    @classmethod
    def of(cls, grey: Grey, *, mirrored: bool, effort: sketch.Effort = sketch.CLOSE) -> Self:
        high, wide = grey.shape
        shown = np.ascontiguousarray(grey[:, ::-1] if mirrored else grey)
        return cls(sketch.seen(shown, effort), in_units(wide, high), mirrored)

    @classmethod
    def above(cls, grey: Grey) -> Self:
        """A wide picture's units are the same as before, a tall one's shrink with it."""
        left = max(1, round(grey.shape[0] * ABOVE))
        smooth = SMOOTH * float(np.sqrt(ABOVE**-2 - 1))
        shown = cv2.resize(
            cv2.GaussianBlur(grey, (0, 0), sigmaX=0.01, sigmaY=smooth),
            (grey.shape[1], left),
            interpolation=cv2.INTER_AREA,
        )
        size = in_units(grey.shape[1], left)
        return cls(sketch.seen(shown, sketch.CLOSE), size, mirrored=False, height=ABOVE)

    def upright(self, map_: NDArray[np.float64]) -> tuple[NDArray[Any], Size]:
        """The map of the picture as it is, and its size in units, from the map of this view."""
        wide, high = self.size
        plain = in_units(wide, high / self.height)
        grown = np.array([wide / plain[0], high / plain[1], 1.0])
        return map_ * grown, plain


def views(grey: Grey) -> tuple[View, ...]:
    return View.of(grey, mirrored=False), View.of(grey, mirrored=True), View.above(grey)


def best(some: Iterable[View], picture: Seen) -> tuple[Alignment, View] | None:
    """The view that lies in the picture with the most support, and how it lies there."""
    laid = ((align(view.seen, picture), view) for view in some)
    found = [(alignment, view) for alignment, view in laid if alignment]
    return max(found, key=lambda each: each[0].support, default=None)
