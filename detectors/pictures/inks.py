"""Whether a place shows a sign's inks: where the sign has one colour, the print has one, too."""

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pictures.points import Floats
from detectors.pictures.small import Rgb
from detectors.pictures.trim import rim

MOST = 3  # inks of a sign
NONE = -1  # what is no ink, or at its edge
APART = 40.0  # levels from the ground, at least in one colour
ALIKE = 30.0  # levels by which two inks differ, or are one
INSIDE = np.ones((3, 3), np.uint8)
FEWEST = 60  # pixels
SHARE = 0.06  # of the sign's: less is no ink, but where two meet
ROUNDS = cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 12, 1.0
SPOTS = 0.9  # of the pixels, those that differ least: the rest may be glare
NOISE = 3.0  # levels

Inks = NDArray[np.int8]  # as high and wide as a face: of each pixel the number of its ink


def inks(face: Rgb) -> Inks:
    """Of a face in colours."""
    levels = face.astype(np.float32)
    drawn = (np.abs(levels - np.median(rim(levels), axis=0)).max(axis=2) > APART).astype(np.uint8)
    core = cv2.erode(drawn, INSIDE)
    where = (core if core.sum() >= FEWEST else drawn) > 0
    found = np.full(where.shape, NONE, np.int8)
    some = levels[where]
    if len(some) < FEWEST:
        return found
    first = np.argsort(np.argsort(some.sum(axis=1), kind="stable")) * MOST // len(some)
    flags = cv2.KMEANS_USE_INITIAL_LABELS
    middles = cv2.kmeans(some, MOST, first.astype(np.int32), ROUNDS, 1, flags)[2]
    which = np.square(some[:, None] - middles).sum(axis=2).argmin(axis=1)  # of the last middles
    one = _joined(middles)[which]
    counts = np.bincount(one, minlength=MOST)
    found[where] = np.where(counts[one] >= SHARE * len(some), one, NONE)
    return found


def _joined(middles: Floats) -> NDArray[np.int8]:
    """For each ink the first that is like it."""
    apart = np.abs(middles[:, None] - middles).mean(axis=2)
    first: NDArray[np.int8] = (apart < ALIKE).argmax(axis=1).astype(np.int8)
    return first


def unevenness(of: Inks, place: Rgb) -> float:
    """Log of the levels by which pixels of one ink differ in a place."""
    lots = [place[of == number].astype(np.float32) for number in range(MOST)]
    off = [_apart(some.reshape(len(some), -1)) * len(some) for some in lots if len(some)]
    pixels = sum(map(len, lots))
    return float(np.log(NOISE + (sum(off) / pixels if pixels else 0.0)))


def _apart(some: Floats) -> float:
    """From their middle, on the mean."""
    off = np.sort(np.abs(some - np.median(some, axis=0)).mean(axis=1))
    return float(off[: int(SPOTS * len(off)) + 1].mean())
