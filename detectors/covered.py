"""A logo that a right's own photo shows, hidden in a copy of that photo.

A copy has the photo's every part where it should be. Where all around a logo agrees and the logo
does not, somebody laid something over it or blurred it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from detectors.logo import LogoFinder, Sighting
from detectors.pictures import second_look, small
from detectors.pictures.extent import Size, corners
from detectors.pictures.points import Floats, Grey
from detectors.pictures.second_look import WITHIN, place
from pipeline.records import Fingerprint

SURE = 0.9  # score of a logo in the right's own photo
SMALLEST = 20.0  # units that it is long there or in the copy: what is smaller is lost by itself
SEEN = 0.0  # log odds at which it still shows
AROUND = 2.0  # times the logo, in which all the rest must agree
AGREES = 0.7  # correlation
BLURRED = 0.4  # of the photo's own contrast between neighbours: less is no other thing, but a blur


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A logo in a right's photo: its face, the photo around it and itself, and how it lies there,
    a 2×3 map in units.
    """

    face: Grey
    shown: Grey
    around: Grey
    size: Size
    map: Floats

    @classmethod
    def of(cls, sighting: Sighting, photo: Grey) -> Self:
        map_, size = sighting.fit.map, sighting.outline.size
        return cls(sighting.face, sighting.place, place(photo, *_wider(map_, size)), size, map_)


def marks(photo: Fingerprint, finder: LogoFinder) -> tuple[Mark, ...]:
    """The logos that the finder surely sees in a right's photo."""
    found = [each for each in finder.sightings(photo) if each.score >= SURE]
    return tuple(Mark.of(each, small.unpacked(photo.small)) for each in found if photo.small)


def hidden(known: Sequence[Mark], copy: Grey, map_: Floats, of_copy: Size) -> Iterator[str]:
    """For each logo that is hidden, how. `map_` takes the photo's units to the copy's."""
    for mark in known:
        there = np.column_stack([map_[:, :2] @ mark.map[:, :2], map_[:, :2] @ mark.map[:, 2]])
        there[:, 2] += map_[:, 2]
        if _is_inside(there, mark.size, of_copy) and _agree_around(mark, copy, there):
            how = _how(mark, place(copy, there, mark.size))
            yield from [how] if how else []


def _is_inside(there: Floats, size: Size, of_copy: Size) -> bool:
    box = corners(there, size)
    is_large = np.ptp(box, axis=0).max() >= SMALLEST
    return bool(is_large and (box >= 0).all() and (box <= of_copy).all())


def _wider(map_: Floats, size: Size) -> tuple[Floats, Size]:
    """A map of the same middle that lays AROUND times the size."""
    high = np.array(size) * AROUND
    start = map_[:, 2] - map_[:, :2] @ ((high - size) / 2)
    return np.column_stack([map_[:, :2], start]), (float(high[0]), float(high[1]))


def _agree_around(mark: Mark, copy: Grey, there: Floats) -> bool:
    ring = np.ones_like(mark.around, bool)
    edge = round(len(ring) / 2 - WITHIN / AROUND / 2)
    ring[edge:-edge, edge:-edge] = False
    seen = place(copy, *_wider(there, mark.size))
    return bool(np.corrcoef(mark.around[ring], seen[ring])[0, 1] >= AGREES)


def _how(mark: Mark, seen: Grey) -> str | None:
    if second_look.look([mark.face], [seen])[0][0] > SEEN:
        return None
    return "logo blurred" if _detail(seen) < BLURRED * _detail(mark.shown) else "logo covered"


def _detail(grey: Grey) -> float:
    return float(np.abs(cv2.Laplacian(grey.astype(np.float32), cv2.CV_32F)).mean())
