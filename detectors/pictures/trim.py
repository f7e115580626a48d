"""The margins of a picture that show nothing: one colour all around."""

import cv2
import numpy as np

from detectors.pictures.points import Grey

PLAIN = 12  # levels by which a margin may differ from its corner
ROOM = 0.06  # of the longer side, left around what is shown
MOSTLY = 0.9  # of the rim
SMALLEST = 16  # pixels: less shows nothing


def trimmed(grey: Grey) -> Grey:
    """What is shown, with a little of the margin on every side."""
    return grey[shown(grey)]


def shown(grey: Grey, room: float = ROOM) -> tuple[slice, slice]:
    """Rows and columns of it; all of them where nothing stands out."""
    stands_out = cv2.absdiff(grey, np.full_like(grey, int(np.median(rim(grey))))) > PLAIN
    rows, columns = (np.flatnonzero(stands_out.any(axis=axis)) for axis in (1, 0))
    if len(rows) < SMALLEST or len(columns) < SMALLEST:
        return slice(None), slice(None)
    around = round(max(rows[-1] - rows[0], columns[-1] - columns[0]) * room)
    top, left = max(0, int(rows[0]) - around), max(0, int(columns[0]) - around)
    return slice(top, int(rows[-1]) + around + 1), slice(left, int(columns[-1]) + around + 1)


def is_plain_around(grey: Grey) -> bool:
    """Whether the picture stands on one colour, as a logo or a thing cut out does."""
    levels = rim(grey).astype(np.int16)
    return float((np.abs(levels - np.median(levels)) <= PLAIN).mean()) >= MOSTLY


def ground(picture: Grey) -> list[float]:
    """What is all around, in each of its colours."""
    return [float(each) for each in np.atleast_1d(np.median(rim(picture), axis=0))]


def rim(picture: Grey) -> Grey:
    """The pixels all around, one after the other."""
    return np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])
