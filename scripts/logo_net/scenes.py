"""Scenes to learn from: sixteen signs on a photo, each near the middle of a window."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pictures.logos import AROUND, FILLED, WINDOW
from scripts.logo_net.signs import SIDE

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
    """Signs with their packages, and photos of PHOTO pixels."""

    signs: Levels
    packages: NDArray[np.str_]
    photos: Levels

    def batches(self, count: int, rng: Rng) -> Iterator[Batch]:
        """Half of the signs of one package: those are the hardest to tell apart."""
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
            yield Batch(
                np.stack([_alone(sign, rng) for sign in signs]),
                np.stack([self._scene(signs, row, rng) for row in places]),
                places,
            )

    def _scene(self, signs: Levels, row: Sequence[int], rng: Rng) -> Levels:
        page = self._ground(rng)
        for _ in range(rng.integers(0, 5)):  # other signs, of any size, anywhere
            size = rng.choice([20, 30, 90, 130, 200]) * rng.uniform(0.8, 1.2)
            other = self.signs[rng.integers(len(self.signs))]
            way = Lying(rng.uniform(0, SCENE, 2), size, 0.7, rng.uniform(-3, 3), 0.1)
            page = _onto(page, _laid(other, SCENE, way, rng))
        for window, number in enumerate(row):
            if number != NOBODY:
                page = self._with(page, signs[number], window, rng)
        return _taken(page, rng)

    def _with(self, page: Floats, sign: Levels, window: int, rng: Rng) -> Floats:
        middle = np.array([window % ACROSS, window // ACROSS]) * WINDOW + WINDOW / 2
        middle = middle + rng.uniform(-6, 6, 2)
        is_hard = rng.random() < 0.35
        tilt, aside = (0.1, rng.uniform(0, 0.2)) if is_hard else (0.03, 0.0)
        size = FILLED * 2 ** rng.uniform(-0.33, 0.33)
        laid = _laid(sign, SCENE, Lying(middle, size, 0.3, tilt * rng.normal(), aside), rng)
        kind = rng.random()
        if kind < 0.2:
            laid = _painted(laid, rng)
        elif kind < 0.4:
            low = np.clip(middle - rng.uniform(28, 40, 2), 0, SCENE).astype(int)
            high = np.clip(2 * middle - low, 0, SCENE).astype(int)
            page[low[1] : high[1], low[0] : high[0]] = rng.choice(
                [255, 255, 0, int(rng.integers(256))]
            )
        return _onto(page, laid)

    def _ground(self, rng: Rng) -> Floats:
        if rng.random() < 0.12:
            level = rng.choice([255, 255, 245, int(rng.integers(256))])
            return np.full((SCENE, SCENE, 3), level, np.float32)
        side = int(rng.uniform(90, PHOTO))
        left, top = rng.integers(0, PHOTO + 1 - side, 2)
        part = self.photos[rng.integers(len(self.photos)), top : top + side, left : left + side]
        how = cv2.INTER_AREA if side > SCENE else cv2.INTER_LINEAR
        page = cv2.resize(part, (SCENE, SCENE), interpolation=how).astype(np.float32)
        return page[:, ::-1].copy() if rng.random() < 0.5 else page


def _alone(sign: Levels, rng: Rng) -> Levels:
    side = WINDOW + 2 * AROUND
    level = rng.integers(256, size=3) if rng.random() < 0.12 else np.full(3, 255)
    page = np.ones((side, side, 3), np.float32) * level.astype(np.float32)
    middle = side / 2 + rng.uniform(-1.5, 1.5, 2)
    laid = _laid(sign, side, Lying(middle, FILLED * rng.uniform(0.97, 1.03)), rng)
    return np.clip(_onto(page, laid), 0, 255).astype(np.uint8)


def _laid(sign: Levels, page: int, way: Lying, rng: Rng) -> Floats:
    """The sign on an empty page so many pixels wide, its colours times its opacity."""
    size = way.size
    aspect = 2 ** rng.uniform(-way.stretch, way.stretch)
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2 * size
    corners = corners * [aspect**0.5, aspect**-0.5]
    corners += rng.uniform(-way.aside, way.aside, (4, 2)) * size / 2
    cosine, sine = np.cos(way.tilt), np.sin(way.tilt)
    corners = corners @ np.array([[cosine, sine], [-sine, cosine]]) + way.middle
    shown: Floats = sign.astype(np.float32)
    shown[..., :3] *= shown[..., 3:] / 255
    zoom = min(1.0, size / SIDE * 1.15)
    shown = cv2.resize(shown, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    high, wide = shown.shape[:2]
    whole = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    map_ = cv2.getPerspectiveTransform(whole, corners.astype(np.float32))
    laid: Floats = cv2.warpPerspective(shown, map_, (page, page))
    return laid


def _onto(page: Floats, laid: Floats) -> Floats:
    on: Floats = page * (1 - laid[..., 3:] / 255) + laid[..., :3]
    return on


def _painted(laid: Floats, rng: Rng) -> Floats:
    """In other colours, but not without its own light and shade."""
    ink = rng.integers(256, size=3).astype(np.float32) * laid[..., 3:] / 255
    shade = laid[..., :3].mean(axis=2, keepdims=True)
    return np.concatenate([0.7 * ink + 0.3 * shade, laid[..., 3:]], axis=2)


def _taken(page: Floats, rng: Rng) -> Levels:
    """As a camera and a shop leave it."""
    seen = page
    if rng.random() < 0.33:
        seen = np.repeat(seen.mean(axis=2, keepdims=True), 3, axis=2)
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
