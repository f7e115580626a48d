"""A picture's points as the bytes that a listing carries, so that history needs no decoding."""

from dataclasses import dataclass

import cv2
import numpy as np

from detectors.pictures.alignment import Seen
from detectors.pictures.codes import WORDS, codes
from detectors.pictures.points import Grey, points

SIDE = 512  # units that the longer side is long, whatever its pixels
MOST = 400
SMALL = 2.0  # times that a small picture is enlarged at most
FORM = b"\x01"  # of what follows
FINE = 64  # parts of a unit
OCTAVE, CIRCLE = 16, 256  # steps
POINT = np.dtype(
    [("code", "<u8", WORDS), ("x", "<u2"), ("y", "<u2"), ("scale", "u1"), ("angle", "u1")]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """How closely a picture is read: pixels of its longer side, points, enlargement at most."""

    pixels: int = SIDE
    most: int = MOST
    small: float = SMALL


LISTED = Effort()
CLOSE = Effort(pixels=640, most=600, small=4.0)  # a right's: read once, looked for ever after


def seen(grey: Grey, effort: Effort = LISTED) -> Seen:
    """The points of a grey picture, in units."""
    zoom = min(effort.pixels / max(grey.shape), effort.small)
    how = cv2.INTER_AREA if zoom < 1 else cv2.INTER_LINEAR
    found = points(cv2.resize(grey, None, fx=zoom, fy=zoom, interpolation=how), effort.most)
    units = SIDE / (max(grey.shape) * zoom)
    places = found.places.copy()
    places[:, :3] *= units
    return Seen(places, codes(found.looks))


def packed(found: Seen) -> bytes:
    """38 bytes a point, behind one that says so."""
    out = np.zeros(len(found.codes), POINT)
    out["code"] = found.codes
    out["x"] = np.clip(found.places[:, 0] * FINE, 0, 65_535)
    out["y"] = np.clip(found.places[:, 1] * FINE, 0, 65_535)
    out["scale"] = np.clip(np.log2(found.places[:, 2]) * OCTAVE + CIRCLE / 4, 0, 255)
    out["angle"] = np.rint(found.places[:, 3] * (CIRCLE / (2 * np.pi))).astype(np.int64) % CIRCLE
    return FORM + out.tobytes()


def unpacked(sketch: bytes) -> Seen:
    """What `packed` wrote, to within its steps. Raises `ValueError`."""
    if sketch[:1] != FORM:
        raise ValueError("a sketch of a form that is not known here")
    found = np.frombuffer(sketch, POINT, offset=1)
    places = np.column_stack(
        [
            found["x"] / FINE,
            found["y"] / FINE,
            2 ** ((found["scale"] - CIRCLE / 4) / OCTAVE),
            found["angle"] * (2 * np.pi / CIRCLE),
        ]
    )
    return Seen(places.astype(np.float32), np.ascontiguousarray(found["code"]))
