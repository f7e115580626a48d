"""Long pictures, as shops stack them under a listing: read in parts, placed in the whole."""

from math import ceil

import numpy as np

from detectors.pictures.decode import decoded
from detectors.pictures.extent import Size
from detectors.pictures.points import Floats, Grey
from detectors.pictures.view import in_units
from pipeline.records import Fingerprint
from pipeline.written import Box

LONG = 2.0  # times longer than wide: what is shorter is seen well enough as a whole
TALL = 1.25  # times as long as wide, that a part is
SHARED = 0.25  # of a part, that the next one shows too
MOST = 10
LEAST = 1024  # pixels of the longer side: in less, a wordmark say, the whole shows enough
WHOLE = (0.0, 0.0, 1.0, 1.0)


def parts(width: int, height: int) -> tuple[Box, ...]:
    """Of a long picture, from its beginning to its end; none of any other."""
    ratio = max(width, height) / min(width, height)
    if ratio <= LONG or max(width, height) <= LEAST:
        return ()
    step = 1 - SHARED
    count = min(MOST, ceil((ratio / TALL - 1) / step) + 1)
    long = max(TALL / ratio, 1 / (1 + (count - 1) * step))
    starts = np.linspace(0, 1 - long, count).tolist()
    if height > width:
        return tuple((0.0, start, 1.0, long) for start in starts)
    return tuple((start, 0.0, long, 1.0) for start in starts)


def cut(picture: Grey, part: Box) -> Grey:
    """Of a picture, in colours or grey."""
    high, wide = picture.shape[:2]
    left, top, across, down = part
    rows = slice(round(top * high), round((top + down) * high))
    return picture[rows, round(left * wide) : round((left + across) * wide)]


def decoded_part(content: bytes, part: Box, side: int, number: int = 0) -> Grey:
    """Of frame `number`, its longer side `side` pixels long. Raises `Unreadable`."""
    return cut(decoded(content, round(side / min(part[2:]))).frames[number], part)


def in_whole(box: Box, part: Box) -> Box:
    """A box in shares of a part, in shares of the whole."""
    low = np.array(part[:2]) + np.multiply(box[:2], part[2:])
    left, top, wide, high = np.round([*low, *np.multiply(box[2:], part[2:])], 3).tolist()
    return left, top, wide, high


def in_part(box: Box, part: Box) -> Box:
    """The other way round."""
    left, top = np.subtract(box[:2], part[:2]) / part[2:]
    wide, high = np.divide(box[2:], part[2:])
    return float(left), float(top), float(wide), float(high)


def nearest(width: int, height: int, box: Box) -> Box:
    """The part of a long picture that shows a box best; any other as a whole."""
    middle = np.array(box[:2]) + np.array(box[2:]) / 2

    def off(part: Box) -> float:
        return float(np.abs(np.array(part[:2]) + np.array(part[2:]) / 2 - middle).sum())

    return min(parts(width, height), key=off, default=WHOLE)


def laid_in_whole(map_: Floats, print_: Fingerprint) -> tuple[Floats, Size]:
    """A 2×3 map into a part's units as one into the whole picture's, and the whole's size."""
    size = np.array([print_.width or 1, print_.height or 1], float)
    left, top, across, down = print_.part or WHOLE
    whole = size / (across, down)
    moved = map_ * (size.max() / whole.max())
    moved[:, 2] += np.multiply((left, top), in_units(*whole.tolist()))
    return moved, in_units(*whole.tolist())
