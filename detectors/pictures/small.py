"""A picture small and grey, as a listing carries it: enough to compare edges by."""

import cv2
import numpy as np

from detectors.pictures.points import Grey
from detectors.pictures.shrink import fitting

SIDE = 400  # pixels that the longer side is long at most
QUALITY = 70


def packed(grey: Grey) -> bytes:
    """As JPEG."""
    return cv2.imencode(".jpg", fitting(grey, SIDE), [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[
        1
    ].tobytes()


def unpacked(content: bytes) -> Grey:
    """Raises `ValueError`."""
    found = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_GRAYSCALE)
    if found is None:
        raise ValueError("not a small picture")
    return found
