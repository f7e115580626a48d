"""A second look: a sign and what lies where it was laid, beside each other for a network to judge.

The edges' directions say little of a plain sign; here all of both is seen, in its own frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from detectors.pictures.extent import Size
from detectors.pictures.networks import network
from detectors.pictures.points import Floats, Grey
from detectors.pictures.sketch import SIDE as UNITS
from detectors.pictures.small import Rgb

NETWORK = "logo_pair"
SIDE, ROOM = 96, 8  # pixels of the frame, and around the sign in it
WITHIN = SIDE - 2 * ROOM
HALF = SIDE // 2  # pixels of the frame, of what is said of colours
STILL = np.array([1.0, 0.0, 0.0, 0.0, 1.0, 0.0])  # no shift, row by row
NEARLY = 0.7  # of a pixel of the frame that one of the picture may be, unless it is reduced
MIDDLE = 128.0  # levels
SPARSE = 3  # one pixel in so many of a row, of a column, says what the colours are
STRONG = 32.0  # levels from grey
FLAT = 6.0  # levels of deviation; a flatter one is not stretched to full contrast


def face(picture: Rgb, ground: Sequence[float]) -> Rgb:
    """A sign with its margins trimmed, on its ground, SIDE × SIDE, whatever its shape; in colours
    or grey.
    """
    small = cv2.resize(picture, (WITHIN, WITHIN), interpolation=cv2.INTER_AREA)
    return cv2.copyMakeBorder(small, ROOM, ROOM, ROOM, ROOM, cv2.BORDER_CONSTANT, value=ground)


def place(picture: Rgb, map_: Floats, size: Size) -> Rgb:
    """What lies in a picture where a 2×3 map, in units, lays a sign of `size`; SIDE × SIDE, in the
    picture's colours or grey.
    """
    turn = map_[:, :2] * (np.array(size) / WITHIN)  # units a pixel of the frame
    start = map_[:, 2] + turn @ np.full(2, 0.5 - ROOM)
    return drawn_out(picture, np.column_stack([turn, start]), (SIDE, SIDE))


def drawn_out(picture: Rgb, map_: Floats, shape: tuple[int, int]) -> Rgb:
    """A part of a picture, so many pixels wide and high, of which a 2×3 map says in units of the
    picture where each lies.
    """
    zoom = max(picture.shape[:2]) / UNITS
    coarse = min(1.0, 1 / (zoom * np.linalg.norm(map_[:, :2], axis=0).max() + 1e-6))
    if coarse < NEARLY:
        reduced = [max(1, round(each * coarse)) for each in picture.shape[1::-1]]
        picture = cv2.resize(picture, reduced, interpolation=cv2.INTER_AREA)
        zoom = max(picture.shape[:2]) / UNITS
    there = map_ * zoom - [[0, 0, 0.5], [0, 0, 0.5]]
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(picture, there, shape, flags=how, borderMode=cv2.BORDER_REPLICATE)


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """What is looked at: levels of a sign and of a place, 2 × SIDE × SIDE, and their hues,
    4 × HALF × HALF, of which two are the sign's; 128 where there is no colour.
    """

    levels: Grey
    hues: Grey

    @classmethod
    def of(cls, face: Rgb, place: Rgb) -> Self:
        shown = np.stack([np.clip(_in_grey(each), 0, 255) for each in (face, place)])
        return cls(shown.astype(np.uint8), np.concatenate([_hues(face), _hues(place)]))


def given(levels: Grey, hues: Grey) -> tuple[Floats, Floats]:
    """N pairs as the network takes them: all of the same brightness and contrast, not of the same
    colours.
    """
    both = levels.astype(np.float32)
    both -= both.mean(axis=(2, 3), keepdims=True)
    both /= np.maximum(both.std(axis=(2, 3), keepdims=True), FLAT)
    return both, (hues.astype(np.float32) - MIDDLE) / STRONG


def _hues(shown: Rgb) -> Grey:
    """How red and how blue, 2 × HALF × HALF."""
    if shown.ndim == 2:
        return np.full((2, HALF, HALF), MIDDLE, np.uint8)
    small = cv2.resize(shown, (HALF, HALF), interpolation=cv2.INTER_AREA)
    return np.moveaxis(cv2.cvtColor(small, cv2.COLOR_RGB2YCrCb)[..., 1:], 2, 0)


def _in_grey(place: Rgb) -> Floats:
    """Along the colours that differ most in it: red on green is seen, and may be one grey."""
    if place.ndim == 2:
        return place
    some = place[::SPARSE, ::SPARSE].reshape(-1, 3).astype(np.float32)
    middle = some.mean(axis=0)
    axis = np.linalg.eigh((some - middle).T @ (some - middle))[1][:, -1]
    axis *= np.copysign(1.0, axis.sum())
    turn = np.append(axis, MIDDLE - axis @ middle)[None]
    return cv2.transform(place.astype(np.float32), turn)


def look(faces: Sequence[Rgb], places: Sequence[Rgb]) -> tuple[Floats, Floats]:
    """For each pair the log odds that the place shows the sign, and the shift to where it does."""
    pairs = [Pair.of(*each) for each in zip(faces, places, strict=True)]
    levels = np.stack([each.levels for each in pairs])
    hues = np.stack([each.hues for each in pairs])
    (found,) = network(NETWORK)(*given(levels, hues))
    return found[:, 0], found[:, 1:] + STILL


def shift_between(map_: Floats, truth: Floats, size: Size) -> Floats:
    """What `shifted` needs to make `truth` of a map: six numbers in half sizes of the sign."""
    half = np.array(size) / 2
    back = np.linalg.inv(map_[:, :2])
    turn = back @ truth[:, :2] * (half / half[:, None])
    middle = back @ (truth[:, :2] @ half + truth[:, 2] - map_[:, 2]) - half
    return np.column_stack([turn, middle / half]).ravel()


def shifted(map_: Floats, shift: Floats, size: Size) -> Floats:
    """A map moved as a look says."""
    half = np.array(size) / 2
    own = shift.reshape(2, 3)
    turn = own[:, :2] * (half[:, None] / half)
    start = half + own[:, 2] * half - turn @ half
    return np.column_stack([map_[:, :2] @ turn, map_[:, :2] @ start + map_[:, 2]])
