"""What a logo says, and whether that can be read where the logo seems to lie.

A wordmark on a busy photo is its letters and little more. The recogniser that reads pictures says
at each step along a line how likely every character is; a place is legible as far as the logo's own
letters are as likely there as whatever is likeliest, spread over the steps in the likeliest way
(connectionist temporal classification, Graves et al. 2006).
"""

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import cv2
import numpy as np

from detectors.pictures import reading, small
from detectors.pictures.extent import Size
from detectors.pictures.points import Floats
from detectors.pictures.second_look import drawn_out
from detectors.pictures.small import Rgb
from detectors.pictures.trim import ground, shown
from pipeline.records import Fingerprint
from pipeline.written import Box, Line, Unread

AROUND = 40  # pixels around a logo: at the edge of a picture nothing is read
SURE = 0.8  # confidence, from which on a logo's letters are known
ROOM = 0.3  # of its height, above a line and below, before it and behind
NEVER = -1e9  # log likelihood


@dataclass(frozen=True, slots=True)
class Lettering:
    """The largest line of a logo, from its first letter to its last, and its box in shares of the
    logo.
    """

    text: str
    box: Box

    @property
    def letters(self) -> int:
        return reading.count(self.text)

    def legible(self, picture: Rgb, map_: Floats, size: Size, *, mirrored: bool = False) -> float:
        """From 0 to 1, the mean of a letter, where a 2×3 map, in units, lays a logo of `size`."""
        line = _line(self.box, picture, map_, size, mirrored=mirrored)
        odds = reading.letters(line)
        less = _likelihood(odds, self.text) - float(odds.max(axis=1).sum())
        return float(np.exp(less / len(self.text)))


def may_be_read(print_: Fingerprint) -> bool:
    """Unless no picture is to be read."""
    return print_.written is None or print_.written.unread is not Unread.OFF


@lru_cache(maxsize=1 << 14)
def lettering(content: bytes | None) -> Lettering | None:
    """Of a logo, from its picture as a listing would carry it; none that can be read for sure."""
    if content is None or reading.lacking():
        return None
    picture = small.unpacked(content)
    rows, columns = shown(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), room=0.0)
    logo = picture[rows, columns]
    around = AROUND, AROUND, AROUND, AROUND
    page = cv2.copyMakeBorder(logo, *around, cv2.BORDER_CONSTANT, value=ground(picture))
    lines = reading.lines(np.asarray(page, np.uint8))
    found = [_in_logo(line, page, logo) for line in lines if line.confidence >= SURE]
    some = [each for each in found if each.letters >= reading.FEWEST]
    return max(some, key=lambda each: each.box[2] * each.box[3], default=None)


def _in_logo(line: Line, page: Rgb, logo: Rgb) -> Lettering:
    (high, wide), (down, across) = page.shape[:2], logo.shape[:2]
    x, y, long, tall = line.box
    box = (x * wide - AROUND) / across, (y * high - AROUND) / down
    text = "".join(line.text.split())
    return Lettering(_bare(text), (*box, long * wide / across, tall * high / down))


def _bare(text: str) -> str:
    """Without what is no letter at its ends: there a recogniser reads the sign beside it."""
    where = [number for number, each in enumerate(text) if each.isalnum()]
    return text[where[0] : where[-1] + 1] if where else ""


def _line(box: Box, picture: Rgb, map_: Floats, size: Size, *, mirrored: bool) -> Rgb:
    """What lies in a picture where a line of a logo would, upright, as high as it is read."""
    (x, y, long, tall), (wide, high) = box, size
    x = 1 - x - long if mirrored else x
    room = ROOM * tall * high
    across, down = long * wide + 2 * room, tall * high + 2 * room
    pixels = max(reading.HEIGHT, round(across / down * reading.HEIGHT))
    shape = min(reading.LONGEST, pixels), reading.HEIGHT
    turn = map_[:, :2] * (np.array([across, down]) / shape)
    first = map_[:, :2] @ [x * wide - room, y * high - room] + map_[:, 2]
    found = drawn_out(picture, np.column_stack([turn, first + turn @ [0.5, 0.5]]), shape)
    return np.ascontiguousarray(found[:, ::-1]) if mirrored else found


def _likelihood(odds: Floats, text: str) -> float:
    """Log likelihood of a text, in lower or upper case, spread over the steps as is likeliest.

    `odds` is steps × characters, of which the first is none: it may stand between any two letters,
    and must between two that are the same.
    """
    each = [(letter, columns) for letter in text if (columns := _columns(letter))]
    of = [odds[:, columns].max(axis=1) for _, columns in each]
    rows = np.stack([odds[:, 0], *(row for letter in of for row in (letter, odds[:, 0]))], axis=1)
    skips = np.zeros(rows.shape[1], bool)
    skips[3::2] = [one != other for (_, one), (_, other) in pairwise(each)]
    reached = np.full(rows.shape[1], NEVER)
    reached[:2] = rows[0, :2]
    for row in rows[1:]:
        before = np.full((2, len(row)), NEVER)
        before[0, 1:], before[1, 2:] = reached[:-1], reached[:-2]
        before[1, ~skips] = NEVER
        reached = np.maximum(reached, before.max(axis=0)) + row
    return float(reached[-2:].max())


def _columns(letter: str) -> list[int]:
    alphabet = reading.alphabet()
    return sorted({alphabet[each] for each in letter + letter.swapcase() if each in alphabet})
