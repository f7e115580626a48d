"""Scenes to learn from: sixteen signs on a photo, each near the middle of a window."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pictures.logos import AROUND, FILLED, WINDOW

ACROSS = 4  # windows of a scene
SCENE = ACROSS * WINDOW  # pixels
PHOTO = 320
NOBODY = -1

Floats = NDArray[Any]
Levels = NDArray[Any]
Rng = np.random.Generator


@dataclass(frozen=True, slots=True, eq=False)
class Lying:
    """Where a sign lies and how: stretched by up to 2^stretch, tilted by radians, its corners
    moved by up to half of `aside` of its size.
    """

    middle: NDArray[np.float64]
    size: float
    stretch: float = 0.0
    tilt: float = 0.0
    aside: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """N signs alone, M scenes, and M×16: which sign is in which window."""

    alone: Levels
    scenes: Levels
    signs: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """Signs, their colours times their opacity, with their packages; and photos of PHOTO pixels."""

    signs: Levels
    packages: NDArray[np.str_]
    photos: Levels

    def batches(self, count: int, rng: Rng) -> Iterator[Batch]:
        """Half of the signs of one package: those are the hardest to tell apart.

        Some batches are grey throughout, in some a grey sign is to be known in colours and the
        other way round.
        """
        kinds, sizes = np.unique(self.packages, return_counts=True)
        kinds = kinds[sizes >= count // 2]
        while True:
            kind = rng.choice(kinds) if rng.random() < 0.6 else "word"
            alike = rng.choice(np.flatnonzero(self.packages == kind), count // 2, replace=False)
            rest = np.setdiff1d(rng.choice(len(self.signs), 2 * count, replace=False), alike)
            chosen = np.r_[alike, rng.permutation(rest)[: count - len(alike)]]
            signs = self.signs[chosen]
            places = np.r_[rng.permutation(count), rng.permutation(count)]
            places = places.reshape(-1, ACROSS**2)
            places[rng.random(places.shape) < 0.12] = NOBODY
            grey = rng.choice([0.0, 0.5, 1.0], p=[0.4, 0.25, 0.35])
            yield Batch(
                np.stack([_alone(sign, rng, grey) for sign in signs]),
                np.stack([self._scene(signs, row, rng, grey) for row in places]),
                places,
            )

    def _scene(self, signs: Levels, row: Sequence[int], rng: Rng, grey: float) -> Levels:
        page = self.ground(rng, SCENE)
        for _ in range(rng.integers(0, 5)):  # other signs, of any size, anywhere
            size = rng.choice([20, 30, 90, 130, 200]) * rng.uniform(0.8, 1.2)
            other = self.signs[rng.integers(len(self.signs))]
            way = Lying(rng.uniform(0, SCENE, 2), size, 0.7, rng.uniform(-3, 3), 0.1)
            lay(laid(other, way, rng), page)
        for window, number in enumerate(row):
            if number != NOBODY:
                self._put(signs[number], window, page, rng)
        return taken(greyed(page) if rng.random() < grey else page, rng)

    def _put(self, sign: Levels, window: int, page: Floats, rng: Rng) -> None:
        middle = np.array([window % ACROSS, window // ACROSS]) * WINDOW + WINDOW / 2
        middle = middle + rng.uniform(-6, 6, 2)
        is_hard = rng.random() < 0.45
        tilt, aside = (0.1, rng.uniform(0, 0.25)) if is_hard else (0.03, 0.0)
        size = FILLED * 2 ** rng.uniform(-0.33, 0.33)
        drawn = laid(sign, Lying(middle, size, 0.3, tilt * rng.normal(), aside), rng)
        kind = rng.random()
        if kind < 0.2:
            drawn = painted(drawn, rng)
        elif kind < 0.4:
            low = np.clip(middle - rng.uniform(28, 40, 2), 0, SCENE).astype(int)
            high = np.clip(2 * middle - low, 0, SCENE).astype(int)
            page[low[1] : high[1], low[0] : high[0]] = rng.choice(
                [255, 255, 0, int(rng.integers(256))]
            )
        lay(drawn, page)

    def ground(self, rng: Rng, side: int) -> Floats:
        """A page of one colour, or a part of a photo."""
        if rng.random() < 0.12:
            level = rng.choice([255, 255, 245, int(rng.integers(256))])
            return np.full((side, side, 3), level, np.float32)
        some = int(rng.uniform(90, PHOTO))
        left, top = rng.integers(0, PHOTO + 1 - some, 2)
        part = self.photos[rng.integers(len(self.photos)), top : top + some, left : left + some]
        how = cv2.INTER_AREA if some > side else cv2.INTER_LINEAR
        page = cv2.resize(part, (side, side), interpolation=how).astype(np.float32)
        return page[:, ::-1].copy() if rng.random() < 0.5 else page


def _alone(sign: Levels, rng: Rng, grey: float) -> Levels:
    side = WINDOW + 2 * AROUND
    level = rng.integers(256, size=3) if rng.random() < 0.12 else np.full(3, 255)
    page = np.ones((side, side, 3), np.float32) * level.astype(np.float32)
    middle = side / 2 + rng.uniform(-1.5, 1.5, 2)
    lay(laid(sign, Lying(middle, FILLED * rng.uniform(0.97, 1.03)), rng), page)
    shown = greyed(page) if rng.random() < grey else page
    return np.clip(shown, 0, 255).astype(np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A sign as it will lie: its colours times its opacity, its first pixel, its four corners."""

    levels: Floats
    start: tuple[int, int]
    corners: Floats


def laid(sign: Levels, way: Lying, rng: Rng) -> Laid:
    aspect = 2 ** rng.uniform(-way.stretch, way.stretch)
    high, wide = sign.shape[:2]
    zoom = way.size / max(wide, high)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2 * zoom
    corners = corners * [wide * aspect**0.5, high * aspect**-0.5]
    corners += rng.uniform(-way.aside, way.aside, (4, 2)) * way.size / 2
    cosine, sine = np.cos(way.tilt), np.sin(way.tilt)
    corners = corners @ np.array([[cosine, sine], [-sine, cosine]]) + way.middle
    low = np.floor(corners.min(axis=0)).astype(int) - 1
    room = np.ceil(corners.max(axis=0)).astype(int) + 1 - low
    reduced = min(1.0, zoom * 1.15)
    shown = cv2.resize(sign, None, fx=reduced, fy=reduced, interpolation=cv2.INTER_AREA)
    high, wide = shown.shape[:2]
    whole = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    map_ = cv2.getPerspectiveTransform(whole, (corners - low).astype(np.float32))
    levels = cv2.warpPerspective(shown, map_, room.tolist()).astype(np.float32)
    return Laid(levels, (int(low[0]), int(low[1])), corners)


def lay(laid: Laid, page: Floats) -> None:
    """Changes the page where the sign is."""
    high, wide = laid.levels.shape[:2]
    left, top = laid.start
    rows, columns = _within(top, high, len(page)), _within(left, wide, page.shape[1])
    under = page[rows, columns]
    left, top = columns.start - left, rows.start - top
    over = laid.levels[top : top + under.shape[0], left : left + under.shape[1]]
    under *= 1 - over[..., 3:] / 255
    under += over[..., :3]


def _within(start: int, long: int, room: int) -> slice:
    return slice(min(max(start, 0), room), min(max(start + long, 0), room))


def greyed(page: Floats) -> Floats:
    return cv2.cvtColor(cv2.cvtColor(page, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)


def painted(laid: Laid, rng: Rng) -> Laid:
    """In other colours, but not without its own light and shade."""
    colours, opacity = laid.levels[..., :3], laid.levels[..., 3:]
    ink = rng.integers(256, size=3).astype(np.float32) * opacity / 255
    shade = colours.mean(axis=2, keepdims=True)
    levels = np.concatenate([0.7 * ink + 0.3 * shade, opacity], axis=2)
    return replace(laid, levels=levels)


def taken(page: Floats, rng: Rng) -> Levels:
    """As a camera and a shop leave it."""
    seen = page
    if rng.random() < 0.5:
        seen = (seen - 128) * rng.uniform(0.7, 1.2) + 128 + rng.uniform(-25, 25)
    if rng.random() < 0.25:
        seen = cv2.GaussianBlur(seen, (0, 0), rng.uniform(0.4, 1.1))
    if rng.random() < 0.25:
        seen = seen + rng.normal(0, rng.uniform(2, 10), seen.shape)
    shown: Levels = np.clip(seen, 0, 255).astype(np.uint8)
    if rng.random() < 0.6:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(35, 95))]
        return np.asarray(cv2.imdecode(cv2.imencode(".jpg", shown, quality)[1], cv2.IMREAD_COLOR))
    return shown
