"""What the second look learns of packages: their parts, in photos and where others lie."""

from collections.abc import Iterator

import cv2
import numpy as np

from detectors.pictures import small
from detectors.pictures.extent import Size, corners
from detectors.pictures.part_look import Box, boxes, face_in, place_in
from detectors.pictures.second_look import Pair, shift_between, shifted
from detectors.pictures.sketch import SIDE as PAGE
from detectors.pictures.view import in_units
from scripts.logo_net.pairs import Example
from scripts.logo_net.scenes import Floats, Levels, Lying, Rng, Source, laid, lay, taken

Laying = tuple[Levels, Lying, int]  # a sign, where it lies, and what chance lays it by

DRAWN = 320  # pixels that a package is high
SIGNS = 3, 9  # on a package
ALIKE, KEPT = 0.5, 0.4  # of the others have signs of the one; and of these so many
MORE = 4  # signs of their own
APART = 22.0  # levels by which two parts differ
LIGHT = 0.55, 1.25  # times as bright, from one side to the other
TINGE = 0.85, 1.1  # times as much of a colour
HIDDEN = 0.25  # of the packages have something before them
NEAR, TURNED = 0.08, 0.05  # how far a map of points is off
OUTSIDE = 20.0  # units of a part that may lie beyond the photo


def examples(source: Source, rng: Rng) -> Iterator[Example]:
    """Without end."""
    while True:
        wide = int(DRAWN * rng.uniform(0.45, 1.1))
        ground, signs = _ground(source, wide, rng), _signs(source, wide, rng)
        one, other = _drawn(ground, signs), _other(source, ground, signs, rng)
        photo, truth = _photo(source, one, rng)
        size = in_units(wide, DRAWN)
        mine, theirs = (small.unpacked(small.packed(each)) for each in (one, other))
        for box in boxes(np.zeros(2), np.array(size)):
            if not _is_shown(truth, box):
                continue
            map_ = _off(truth, size, rng)
            there = place_in(photo, map_, box)
            yield Example(Pair.of(face_in(mine, box), there), _shift(map_, truth, box))
            if _differ(mine, theirs, box):
                yield Example(Pair.of(face_in(theirs, box), there), None)


def _ground(source: Source, wide: int, rng: Rng) -> Floats:
    if rng.random() < 0.35:
        return cv2.resize(source.ground(rng, DRAWN), (wide, DRAWN))
    ends = rng.uniform(0, 255, (2, 3)) if rng.random() < 0.4 else rng.uniform(0, 255, (1, 3))
    share = np.linspace(0, 1, DRAWN)[:, None]
    levels = ends[:1] + (ends[-1:] - ends[:1]) * share
    return np.repeat(levels[:, None], wide, axis=1).astype(np.float32)


def _signs(source: Source, wide: int, rng: Rng) -> list[Laying]:
    found = list[Laying]()
    for _ in range(int(rng.integers(*SIGNS))):
        middle = rng.uniform(0, 1, 2) * [wide, DRAWN]
        size = min(wide, DRAWN) * 2 ** rng.uniform(-2.5, 0.1)
        sign = source.signs[rng.integers(len(source.signs))]
        found.append((sign, Lying(middle, size, 0.7), int(rng.integers(1 << 30))))
    return found


def _drawn(ground: Floats, signs: list[Laying]) -> Levels:
    page = ground.copy()
    for sign, way, seed in signs:
        lay(laid(sign, way, np.random.default_rng(seed)), page)
    return np.clip(page, 0, 255).astype(np.uint8)


def _other(source: Source, ground: Floats, signs: list[Laying], rng: Rng) -> Levels:
    wide = ground.shape[1]
    if rng.random() > ALIKE:
        return _drawn(_ground(source, wide, rng), _signs(source, wide, rng))
    kept = [each for each in signs if rng.random() < KEPT]
    under = ground if rng.random() < 0.5 else _ground(source, wide, rng)
    return _drawn(under, [*_signs(source, wide, rng)[:MORE], *kept])


def _photo(source: Source, one: Levels, rng: Rng) -> tuple[Levels, Floats]:
    """The package in a photo, as a listing carries it, and how it lies there, nearly."""
    page = source.ground(rng, PAGE)
    sign = np.dstack([one, np.full(one.shape[:2], 255, np.uint8)])
    middle = rng.uniform(0.25, 0.75, 2) * PAGE
    long, tilt, aside = PAGE * rng.uniform(0.35, 1.1), rng.normal() * 0.12, rng.uniform(0, 0.22)
    put = laid(sign, Lying(middle, long, 0.2, tilt, aside), rng)
    high, wide = put.levels.shape[:2]
    put.levels[..., :3] *= np.sqrt(_light(high, rng)[:, None] * _light(wide, rng))[..., None]
    put.levels[..., :3] *= rng.uniform(*TINGE, 3)
    lay(put, page)
    if rng.random() < HIDDEN:
        before = source.signs[rng.integers(len(source.signs))]
        lay(laid(before, Lying(rng.uniform(0, PAGE, 2), rng.uniform(40, 200), 0.5), rng), page)
    size = in_units(one.shape[1], one.shape[0])
    own = np.column_stack([corners(np.eye(2, 3), size), np.ones(4)])
    map_: Floats = np.linalg.lstsq(own, put.corners, rcond=None)[0].T
    return small.unpacked(small.packed(taken(page, rng))), map_


def _light(pixels: int, rng: Rng) -> Floats:
    first, last = rng.uniform(*LIGHT, 2).tolist()
    return np.linspace(first, last, pixels)


def _off(map_: Floats, size: Size, rng: Rng) -> Floats:
    grown, turn = rng.normal(0, NEAR, 2), rng.normal(0, TURNED)
    turned = np.array([[1 + grown[0], turn], [-turn, 1 + grown[1]]])
    return shifted(map_, np.column_stack([turned, rng.normal(0, NEAR, 2)]).ravel(), size)


def _shift(map_: Floats, truth: Floats, box: Box) -> Floats:
    return shift_between(_to(box, map_), _to(box, truth), _size(box))


def _is_shown(map_: Floats, box: Box) -> bool:
    there = corners(_to(box, map_), _size(box))
    return bool((there > -OUTSIDE).all() and (there < PAGE + OUTSIDE).all())


def _to(box: Box, map_: Floats) -> Floats:
    """A map of the package's places as one of the box's."""
    return np.column_stack([map_[:, :2], map_[:, :2] @ box[0] + map_[:, 2]])


def _size(box: Box) -> Size:
    wide, high = (box[1] - box[0]).tolist()
    return wide, high


def _differ(one: Levels, other: Levels, box: Box) -> bool:
    mine, theirs = (face_in(each, box).astype(np.float32) for each in (one, other))
    return bool(np.abs(mine - theirs).mean() > APART)
