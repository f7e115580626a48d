"""Pictures made smaller by a little: as smooth as by areas, in a fifth of the time."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

LITTLE = 2.5  # times: beyond, and by whole numbers, areas are both quick and smooth
FILLED = 1 / 6  # pixels²: the mean variance of filling in; an area of n pixels has n² / 12
UNSEEN = 0.3  # pixels of blur: a neighbour counts less than a level
Levels = NDArray[Any]  # height × width, or that × colours, of uint8 or float32


def shrunk(picture: Levels, size: tuple[int, int]) -> Levels:
    """To a width and a height in pixels; a side that is to grow is filled in."""
    times = np.array(picture.shape[1::-1]) / size
    if times.max() > LITTLE or (times == np.rint(times)).all():
        return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    across, down = np.sqrt(np.maximum(times**2 / 12 - FILLED, 1e-6)).tolist()
    if max(across, down) > UNSEEN:
        picture = cv2.GaussianBlur(picture, (3, 3), across, sigmaY=down)
    return cv2.resize(picture, size, interpolation=cv2.INTER_LINEAR)


def fitting(picture: Levels, side: float) -> Levels:
    """Its longer side no longer than that."""
    zoom = side / max(picture.shape[:2])
    if zoom >= 1:
        return picture
    return shrunk(picture, whole(picture.shape[1] * zoom, picture.shape[0] * zoom))


def whole(width: float, height: float) -> tuple[int, int]:
    """A size in pixels, of one at least."""
    return max(1, round(width)), max(1, round(height))
