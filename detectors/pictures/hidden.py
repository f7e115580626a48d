"""A logo that a right's own photo shows, hidden in a copy of that photo.

A copy has every part of the photo where it should be. Where all around a logo agrees and the logo
does not, somebody laid something over it or blurred it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from detectors.pictures.extent import Size, corners
from detectors.pictures.points import Floats, Grey
from detectors.pictures.second_look import FLAT, SIDE, WITHIN, look, place
from detectors.pictures.small import Rgb

SMALLEST = 24.0  # units that a logo is long in the copy: a smaller one is lost by itself
LOST = 2.0  # log odds by which it shows less than in the photo
AROUND = 2.0  # times the logo, in which all the rest must agree
EDGE = round((SIDE - WITHIN / AROUND) / 2)  # pixels of that, outside the logo
AGREES, SAME = 0.7, 0.85  # correlation with the photo, around and of the logo itself
BLURRED = 0.4  # of the contrast between neighbours: less is no other thing, but a blur


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A logo in a right's photo: its face, its place there and all around, the log odds that it
    shows, its size, and the 2×3 map in units that lays it there.
    """

    face: Rgb
    place: Grey
    around: Grey
    odds: float
    size: Size
    map: Floats

    @classmethod
    def of(cls, face: Rgb, map_: Floats, size: Size, photo: Rgb) -> Self:
        there, around = place(photo, map_, size), place(photo, *_wider(map_, size))
        return cls(face, _grey(there), _grey(around), _odds(face, there), size, map_)

    def odds_in(self, picture: Rgb, map_: Floats) -> float:
        """Log odds that it shows where a map of its photo's units leads to."""
        return _odds(self.face, place(picture, self.there(map_), self.size))

    def there(self, map_: Floats) -> Floats:
        turn = map_[:, :2]
        return np.column_stack([turn @ self.map[:, :2], turn @ self.map[:, 2] + map_[:, 2]])


def hidden(marks: Sequence[Mark], copy: Rgb, map_: Floats, of_copy: Size) -> Iterator[str]:
    """How each logo that is hidden is. `map_` takes the photo's units to the copy's."""
    for mark in marks:
        there = mark.there(map_)
        if _is_inside(there, mark.size, of_copy) and _agrees_around(mark, copy, there):
            seen = place(copy, there, mark.size)
            shown, is_lost = _grey(seen), _odds(mark.face, seen) <= mark.odds - LOST
            if is_lost and not _agree(mark.place, shown, SAME):
                is_blur = _detail(shown) < BLURRED * _detail(mark.place)
                yield "logo blurred" if is_blur else "logo covered"


def _odds(face: Rgb, shown: Rgb) -> float:
    return float(look([face], [shown])[0][0])


def _grey(shown: Rgb) -> Grey:
    return cv2.cvtColor(shown, cv2.COLOR_RGB2GRAY)


def _is_inside(there: Floats, size: Size, of_copy: Size) -> bool:
    box = corners(there, size)
    is_large = np.ptp(box, axis=0).max() >= SMALLEST
    return bool(is_large and (box >= 0).all() and (box <= of_copy).all())


def _wider(map_: Floats, size: Size) -> tuple[Floats, Size]:
    """A map with the same middle for AROUND times the size."""
    wide, high = size[0] * AROUND, size[1] * AROUND
    off = map_[:, :2] @ (np.array([wide, high]) - size) / 2
    return np.column_stack([map_[:, :2], map_[:, 2] - off]), (wide, high)


def _agrees_around(mark: Mark, copy: Rgb, there: Floats) -> bool:
    ring = np.ones((SIDE, SIDE), bool)
    ring[EDGE:-EDGE, EDGE:-EDGE] = False
    own, seen = mark.around[ring], _grey(place(copy, *_wider(there, mark.size)))[ring]
    return _agree(own, seen, AGREES)


def _agree(own: Grey, seen: Grey, least: float) -> bool:
    if own.std() < FLAT:
        return bool(seen.std() < 2 * FLAT)
    return bool(seen.std() > 0 and np.corrcoef(own.ravel(), seen.ravel())[0, 1] >= least)


def _detail(grey: Grey) -> float:
    return float(np.abs(cv2.Laplacian(grey.astype(np.float32), cv2.CV_32F)).mean())
