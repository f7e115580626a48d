"""A second look at a right's picture of which another shows only a part."""

import cv2
import numpy as np

from detectors.pictures.extent import Size, grid, is_inside
from detectors.pictures.points import Floats
from detectors.pictures.second_look import ROOM, SIDE, look, place
from detectors.pictures.sketch import SIDE as UNITS
from detectors.pictures.small import Rgb
from detectors.pictures.view import in_units

GRID = 25  # places a side that are asked whether they are in view
QUARTERS = ((0, 0), (1, 0), (0, 1), (1, 1), (0.5, 0.5))  # where each begins, in halves of what is
FEWEST = 16  # pixels a side of a right's picture that can be looked at
UNSEEN = -9.0  # log odds

Box = tuple[Floats, Floats]  # its lowest and its highest corner


def looked_at(right: Rgb, picture: Rgb, map_: Floats, size: Size) -> tuple[float, float]:
    """Log odds that a right's picture, of `size` units, lies in the other where a map in units
    lays it: all of it that is in view, and the likeliest quarter of that, or all.
    """
    view = _in_view(map_, size, picture)
    parts = [each for each in boxes(*view) if _can_be_seen(each, right)] if view else []
    if not parts:
        return UNSEEN, UNSEEN
    odds, _ = look(
        [face_in(right, each) for each in parts], [place_in(picture, map_, each) for each in parts]
    )
    return float(odds[0]), float(odds.max())


def _in_view(map_: Floats, size: Size, picture: Rgb) -> Box | None:
    """The box around all of the right's picture that lies inside the other."""
    own = grid(size, np.linspace(0, 1, GRID))
    high, wide = picture.shape[:2]
    inside = is_inside(map_, own, in_units(wide, high))
    return (own[inside].min(axis=0), own[inside].max(axis=0)) if inside.any() else None


def boxes(low: Floats, high: Floats) -> list[Box]:
    half = (high - low) / 2
    starts = [low + half * quarter for quarter in QUARTERS]
    return [(low, high), *((start, start + half) for start in starts)]


def _can_be_seen(box: Box, right: Rgb) -> bool:
    pixels = (box[1] - box[0]) * max(right.shape[:2]) / UNITS
    return bool(pixels.min() >= FEWEST)


def face_in(right: Rgb, box: Box) -> Rgb:
    zoom = max(right.shape[:2]) / UNITS
    (left, top), (wide, high) = (np.rint(each * zoom).astype(int) for each in box)
    return cv2.resize(right[top:high, left:wide], (SIDE, SIDE), interpolation=cv2.INTER_AREA)


def place_in(picture: Rgb, map_: Floats, box: Box) -> Rgb:
    """The frame has room around what is laid into it, where the rest of the box comes to lie."""
    rim = (box[1] - box[0]) * (ROOM / SIDE)
    start, size = box[0] + rim, box[1] - box[0] - 2 * rim
    there = np.column_stack([map_[:, :2], map_[:, :2] @ start + map_[:, 2]])
    return place(picture, there, (float(size[0]), float(size[1])))
