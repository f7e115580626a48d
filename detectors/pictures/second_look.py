"""A second look: a sign and what lies where it was laid, beside each other for a network to judge.

The edges' directions say little of a plain sign; here all of both is seen, in its own frame.
"""

from collections.abc import Sequence

import cv2
import numpy as np

from detectors.pictures.extent import Size
from detectors.pictures.networks import network
from detectors.pictures.points import Floats, Grey
from detectors.pictures.sketch import SIDE as UNITS
from detectors.pictures.small import Rgb
from detectors.pictures.trim import rim

NETWORK = "logo_pair"
SIDE, ROOM = 96, 8  # pixels of the frame, and around the sign in it
WITHIN = SIDE - 2 * ROOM
STILL = np.array([1.0, 0.0, 0.0, 0.0, 1.0, 0.0])  # no shift, row by row
NEARLY = 0.7  # of a pixel of the frame that one of the picture may be, unless it is reduced
MIDDLE = 128.0  # levels
SPARSE = 3  # one pixel in so many of a row, of a column, says what the colours are
FLAT = 6.0  # levels of deviation; a flatter one is not stretched to full contrast


def face(grey: Grey) -> Grey:
    """A sign with its margins trimmed, SIDE × SIDE, whatever its shape."""
    small = cv2.resize(grey, (WITHIN, WITHIN), interpolation=cv2.INTER_AREA)
    ground = float(np.median(rim(grey)))
    return cv2.copyMakeBorder(small, ROOM, ROOM, ROOM, ROOM, cv2.BORDER_CONSTANT, value=ground)


def place(picture: Rgb, map_: Floats, size: Size) -> Rgb:
    """What lies in a picture where a 2×3 map, in units, lays a sign of `size`; SIDE × SIDE, in the
    picture's colours or grey.
    """
    turn = map_[:, :2] * (np.array(size) / WITHIN)  # units a pixel of the frame
    start = map_[:, 2] + turn @ np.full(2, 0.5 - ROOM)
    zoom = max(picture.shape[:2]) / UNITS
    coarse = min(1.0, 1 / (zoom * np.linalg.norm(turn, axis=0).max() + 1e-6))
    if coarse < NEARLY:
        reduced = [max(1, round(each * coarse)) for each in picture.shape[1::-1]]
        picture = cv2.resize(picture, reduced, interpolation=cv2.INTER_AREA)
        zoom = max(picture.shape[:2]) / UNITS
    there = np.column_stack([turn * zoom, start * zoom - 0.5])
    how = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(picture, there, (SIDE, SIDE), flags=how, borderMode=cv2.BORDER_REPLICATE)


def given(pairs: Grey) -> Floats:
    """N × 2 × SIDE × SIDE, signs and places, each of the same brightness and contrast."""
    both = pairs.astype(np.float32)
    both -= both.mean(axis=(2, 3), keepdims=True)
    both /= np.maximum(both.std(axis=(2, 3), keepdims=True), FLAT)
    return both


def in_grey(place: Rgb) -> Grey:
    """Along the colours that differ most in it: red on green is seen, and may be one grey."""
    if place.ndim == 2:
        return place
    some = place[::SPARSE, ::SPARSE].reshape(-1, 3).astype(np.float32)
    middle = some.mean(axis=0)
    axis = np.linalg.eigh((some - middle).T @ (some - middle))[1][:, -1]
    axis *= np.copysign(1.0, axis.sum())
    turn = np.append(axis, MIDDLE - axis @ middle)[None]
    return cv2.transform(place.astype(np.float32), turn)


def look(faces: Sequence[Grey], places: Sequence[Rgb]) -> tuple[Floats, Floats]:
    """For each pair the log odds that the place shows the sign, and the shift to where it does."""
    pairs = [np.stack(each) for each in zip(faces, map(in_grey, places), strict=True)]
    (found,) = network(NETWORK)(given(np.stack(pairs)))
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
