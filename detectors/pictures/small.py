"""A picture made small, as a listing carries it: enough to lay a logo on and to look again."""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pictures.points import Grey
from detectors.pictures.shrink import fitting

SIDE = 400  # pixels that the longer side is long at most
QUALITY = 70

Rgb = NDArray[Any]


def packed(picture: Rgb) -> bytes:
    """As JPEG."""
    shown = cv2.cvtColor(fitting(picture, SIDE), cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", shown, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()


def unpacked(content: bytes) -> Rgb:
    """In colours; one that was packed without them is grey. Raises `ValueError`."""
    return _decoded(content, cv2.IMREAD_COLOR_RGB)


def grey(content: bytes) -> Grey:
    """Raises `ValueError`."""
    return _decoded(content, cv2.IMREAD_GRAYSCALE)


def _decoded(content: bytes, how: int) -> Rgb:
    found = cv2.imdecode(np.frombuffer(content, np.uint8), how)
    if found is None:
        raise ValueError("not a small picture")
    return found
