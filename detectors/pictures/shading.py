"""Whether what stands on one colour was drawn, as a logo is, or is a product that was cut out.

A drawing has a few colours and sharp edges; a thing has shades that pass into one another. One logo
in 220 is taken for a thing, and one in twenty things that shops show on white for a drawing.
"""

import cv2
import numpy as np

from detectors.pictures.small import Rgb
from detectors.pictures.trim import rim

SIDE = 256  # pixels, at most
INK = 24  # levels from the ground
SOFT = (3, 40)  # levels, by which a pixel differs from its neighbours where shades pass
VERY_SOFT, RATHER_SOFT = 0.45, 0.25  # of the ink
MANY, OF_INK = 25, 0.8  # colours, of sixteen levels each, that most of the ink has


def is_drawn(picture: Rgb) -> bool:
    """Of a picture without its margins."""
    zoom = min(1.0, SIDE / max(picture.shape[:2]))
    small = cv2.resize(picture, None, fx=zoom, fy=zoom, interpolation=cv2.INTER_AREA)
    ground = np.median(rim(small), axis=0)
    ink = np.abs(small - ground).max(axis=2) > INK
    if not ink.any():
        return True
    around = np.ones((3, 3), np.uint8)
    differs = cv2.subtract(cv2.dilate(small, around), cv2.erode(small, around)).max(axis=2)
    soft = float(((differs > SOFT[0]) & (differs <= SOFT[1]))[ink].mean())
    return soft < RATHER_SOFT or (soft < VERY_SOFT and _colours(small[ink]) < MANY)


def _colours(ink: Rgb) -> int:
    """How many, the commonest first, make up most of N pixels."""
    levels = (ink >> 4).astype(np.int64) @ [256, 16, 1]
    often = -np.sort(-np.bincount(levels))
    return int(np.searchsorted(often.cumsum(), OF_INK * len(ink))) + 1
