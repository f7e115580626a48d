"""A right's picture as it is looked for: as it is, and mirrored."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

import numpy as np

from detectors.pictures import sketch
from detectors.pictures.alignment import Alignment, Seen, align
from detectors.pictures.extent import Size
from detectors.pictures.points import Grey


def in_units(wide: int, high: int) -> Size:
    """Width and height where the longer side is `sketch.SIDE`."""
    unit = sketch.SIDE / max(wide, high)
    return wide * unit, high * unit


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """The points of one of the two."""

    seen: Seen
    size: Size
    mirrored: bool

    @classmethod
    def of(cls, grey: Grey, *, mirrored: bool) -> Self:
        high, wide = grey.shape
        shown = np.ascontiguousarray(grey[:, ::-1] if mirrored else grey)
        return cls(sketch.seen(shown), in_units(wide, high), mirrored)


def views(grey: Grey) -> tuple[View, View]:
    return View.of(grey, mirrored=False), View.of(grey, mirrored=True)


def best(some: Iterable[View], picture: Seen) -> tuple[Alignment, View] | None:
    """The view that lies in the picture with the most support, and how it lies there."""
    laid = ((align(view.seen, picture), view) for view in some)
    found = [(alignment, view) for alignment, view in laid if alignment]
    return max(found, key=lambda each: each[0].support, default=None)
