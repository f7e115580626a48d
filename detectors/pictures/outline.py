"""Whether a drawn sign's edges are where a guess says: their directions compared, the guess mended.

Directions are doubled angles, so that an edge is the same from dark to light and from light to
dark: a logo may be printed in any colours on any ground.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from typing import Self

import cv2
import numpy as np

from detectors.pictures.extent import Size
from detectors.pictures.points import Floats, Grey
from detectors.pictures.second_look import WITHIN, place
from detectors.pictures.shrink import shrunk
from detectors.pictures.sketch import SIDE
from detectors.pictures.small import Rgb
from detectors.pictures.view import in_units

DRAWN = 112  # pixels that a sign is long when its edges are read
MARGIN = 8  # pixels around it
POINTS = 320  # on edges
FEW = 3  # of them one in so many is looked at first
WEAKEST, SHARE = 10.0, 0.25  # slope of an edge in levels; and of the sign's strong ones
CLEAR = 5.0  # slope at which a direction counts in full
LEVELS = 8  # of a picture, each 1/√2 of the one before
SMALLEST = 16  # pixels of a level
PARTS = 3  # a side, in which agreement is asked for
HALF = 0.5  # agreement of a part that counts
FRAME = 1, 1, 1, 1  # pixels around a level that have no direction
THINNEST = 4  # points, for a part to be asked

_GRID = np.array(
    list(product((0.7, 0.84, 1.0, 1.19, 1.42), (0.94, 1.0, 1.07), (-1, 0, 1), (-1, 0, 1)))
)
_STRETCHES = np.stack([_GRID[:, 0] * _GRID[:, 1], _GRID[:, 0] / _GRID[:, 1]], axis=1)
_ASIDE = _GRID[:, 2:] * 0.13  # of its sides
_TURNS = np.array([[[1, 0], [0, 1]], [[0, -1], [1, 0]], [[1, 0], [0, -1]], [[0, 1], [1, 0]]])
_SHIFTS = np.array([each for each in product((-1, 0, 1), (-1, 0, 1)) if any(each)])
_WAYS = np.concatenate([_TURNS, -_TURNS, np.zeros((len(_SHIFTS), 2, 2))])  # and then shifts
_BESIDE = np.concatenate([np.zeros((2 * len(_TURNS), 2)), _SHIFTS])
ROUNDS, FIRST = 6, 0.08


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Edge points of a sign, N×2 in units of its picture, and the direction of each edge."""

    places: Floats
    along: Floats
    size: Size

    @classmethod
    def of(cls, picture: Rgb, ground: Sequence[float]) -> Self:
        """Of a sign with its margins trimmed, and what it stood on."""
        high, wide = picture.shape[:2]
        zoom = DRAWN / max(high, wide)
        small = cv2.resize(picture, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
        around = MARGIN, MARGIN, MARGIN, MARGIN
        paper = cv2.copyMakeBorder(small, *around, cv2.BORDER_CONSTANT, value=list(ground))
        across, down = _slopes(cv2.cvtColor(paper, cv2.COLOR_RGB2GRAY))
        steep = np.hypot(across, down)
        steep[[0, 1, -2, -1]] = steep[:, [0, 1, -2, -1]] = 0
        strong = steep[steep > WEAKEST]
        least = max(WEAKEST, SHARE * np.percentile(strong, 90)) if len(strong) else WEAKEST
        rows, columns = np.nonzero(steep > least)
        order = np.argsort(-steep[rows, columns], kind="stable")
        _, first = np.unique(rows[order] // 2 * DRAWN * 2 + columns[order] // 2, return_index=True)
        chosen = order[np.sort(first)]
        if len(chosen) > POINTS:
            chosen = chosen[np.random.default_rng(0).permutation(len(chosen))[:POINTS]]
        rows, columns = rows[chosen], columns[chosen]
        places = (np.stack([columns, rows], axis=1) - MARGIN + 0.5) * (SIDE / DRAWN)
        along = np.stack([-down[rows, columns], across[rows, columns]], axis=1)
        along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
        return cls(places.astype(np.float32), along, in_units(wide, high))

    def mirrored(self) -> Self:
        wide, _ = self.size
        places, along = self.places.copy(), self.along.copy()
        places[:, 0] = wide - places[:, 0]
        along[:, 0] *= -1
        return replace(self, places=places, along=along)

    @property
    def parts(self) -> list[Floats]:
        """The numbers of the points in each part, where there are some."""
        part = (self.places / self.size * PARTS).clip(0, PARTS - 1e-3).astype(int) @ (1, PARTS)
        found = [np.flatnonzero(part == number) for number in range(PARTS**2)]
        return [some for some in found if len(some) >= THINNEST]


def _slopes(grey: Grey) -> tuple[Floats, Floats]:
    """Levels a pixel, across and down."""
    soft = cv2.GaussianBlur(grey.astype(np.float32), (0, 0), 1.0)
    across, down = (cv2.Sobel(soft, cv2.CV_32F, *way, ksize=3) / 4 for way in ((1, 0), (0, 1)))
    return across, down


def _tensor(across: Floats, down: Floats) -> tuple[Floats, Floats, Floats]:
    """Of each pixel the cosine and the sine of twice the slope's direction, times its square, and
    that square: of all colours together (Di Zenzo 1986), so that none cancels another.
    """
    level, steep = cv2.multiply(across, across), cv2.multiply(down, down)
    parts = level - steep, 2 * cv2.multiply(across, down), level + steep
    mean = np.full((1, across.shape[2]), 1 / across.shape[2], np.float32)
    cosine, sine, square = (cv2.transform(each, mean) for each in parts)
    return cosine, sine, square


@dataclass(frozen=True, eq=False)
class Field:
    """A picture at each level, and pixels a unit there; its edges' directions as they are asked."""

    pictures: tuple[Rgb, ...]
    zooms: tuple[float, ...]

    @classmethod
    def of(cls, picture: Rgb) -> Self:
        high, wide = picture.shape[:2]
        pictures, zooms = list[Rgb](), list[float]()
        for number in range(LEVELS):
            zoom = 2 ** (-number / 2)
            size = round(wide * zoom), round(high * zoom)
            if min(size) < SMALLEST and pictures:
                break
            pictures.append(shrunk(pictures[number - 2] if number > 1 else picture, size))
            zooms.append(zoom * max(high, wide) / SIDE)
        return cls(tuple(pictures), tuple(zooms))

    @cached_property
    def _directions(self) -> dict[int, Floats]:
        return {}

    def directions(self, number: int) -> Floats:
        """At every pixel of a level, and none in a frame around it."""
        if number not in self._directions:
            cosine, sine, square = _tensor(*_slopes(self.pictures[number]))
            weight = np.minimum(np.sqrt(square) / CLEAR, 1) / (square + 1e-6)
            found = cv2.merge([cosine * weight, sine * weight])
            self._directions[number] = cv2.copyMakeBorder(found, *FRAME, cv2.BORDER_CONSTANT)
        return self._directions[number]

    def place(self, map_: Floats, size: Size) -> Rgb:
        """What lies where a map lays a sign of `size`, from the level that shows it as large."""
        coarse = np.linalg.norm(map_[:, :2] * size, axis=0).max() * self.zooms[0] / WITHIN
        number = int(np.clip(np.rint(2 * np.log2(coarse + 1e-6)), 0, len(self.pictures) - 1))
        return place(self.pictures[number], map_, size)

    def at(self, number: int, x: Floats, y: Floats) -> Floats:
        """The directions of a level in places in units; none outside the picture."""
        level, zoom = self.directions(number), self.zooms[number]
        high, wide = level.shape[:2]
        columns = np.clip(x * zoom + 1, 0, wide - 1).astype(np.int32)
        rows = np.clip(y * zoom + 1, 0, high - 1).astype(np.int32)
        return level.reshape(-1, 2).take(rows * np.int32(wide) + columns, axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """How a sign lies in a picture, a 2×3 map in units; how far its edges agree, -1 to 1; and the
    share of its parts that agree by half.
    """

    map: Floats
    agreement: float
    covered: float


def fit(sign: Outline, field: Field, guess: Floats) -> Fit:
    """The best map near `guess`, 2×3: around it first, then downhill by ever smaller steps."""
    if not len(sign.places):
        return Fit(guess, 0.0, 0.0)
    middle = np.array(sign.size) / 2
    guesses = _around(guess, middle)
    best = guesses[_agreement(sign, field, guesses, FEW).mean(axis=1).argmax()]
    reached, step = float(_agreement(sign, field, best[None])[0].mean()), FIRST
    for _ in range(ROUNDS):
        near = _near(best, middle, step)
        found = _agreement(sign, field, near).mean(axis=1)
        if found.max() > reached + 1e-4:
            reached, best = float(found.max()), near[found.argmax()]
        else:
            step /= 2
    agreed = _agreement(sign, field, best[None])[0]
    means = [float(agreed[part].mean()) for part in sign.parts] or [reached]
    return Fit(best, reached, float(np.mean(np.array(means) > HALF)))


def _around(guess: Floats, middle: Floats) -> Floats:
    """Maps that are a little larger or smaller, or lie a little aside."""
    sides = np.linalg.norm(guess[:, :2], axis=0) * 2 * middle
    return _maps(guess[:, :2] * _STRETCHES[:, None], guess, middle, _ASIDE * sides)


def _near(best: Floats, middle: Floats, step: float) -> Floats:
    """Maps a step away: larger, turned, stretched, skewed, shifted."""
    turn = best[:, :2]
    reach = np.sqrt(abs(np.linalg.det(turn))) * middle.max()
    return _maps(turn + step * _WAYS @ turn, best, middle, _BESIDE * step * reach)


def _maps(turns: Floats, of: Floats, middle: Floats, shifts: Floats) -> Floats:
    """One for each turn and shift, that takes the sign's middle where `of` does, and the shift."""
    centres = of[:, :2] @ middle + of[:, 2] + shifts - turns @ middle
    return np.concatenate([turns, centres[:, :, None]], axis=2).astype(np.float32)


def _agreement(sign: Outline, field: Field, maps: Floats, every: int = 1) -> Floats:
    """H×N: for each map and point the cosine of twice the angle between the two edges."""
    places, along = sign.places[::every], sign.along[::every]
    turns = maps[:, :, :2]
    x, y = (_rows(maps[:, row, :2], places) + maps[:, row, 2:] for row in (0, 1))
    across, down = (_rows(maps[:, row, :2], along) for row in (0, 1))
    square = across * across + down * down + 1e-9
    doubled = (across * across - down * down) / square, 2 * across * down / square
    zoom = np.sqrt(np.abs(np.linalg.det(turns))) * SIDE / DRAWN  # units a pixel of the drawing
    wanted = np.log2(np.maximum(zoom * field.zooms[0], 1e-6)) * 2
    of_map = np.clip(np.rint(wanted), 0, len(field.zooms) - 1).astype(int)
    found = np.zeros(x.shape, np.float32)
    for number in np.unique(of_map):
        mine = np.flatnonzero(of_map == number)
        seen = field.at(number, x[mine], y[mine])
        cosine = doubled[0][mine] * seen[..., 0] + doubled[1][mine] * seen[..., 1]
        found[mine] = -cosine  # slopes are across the edge
    return found


def _rows(coefficients: Floats, points: Floats) -> Floats:
    """H×2 by N×2: H×N."""
    rows: Floats = coefficients[:, :1] * points[:, 0] + coefficients[:, 1:] * points[:, 1]
    return rows
