"""Which pictures are read: those that seem to bear text, while time is left for it."""

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256

import numpy as np
from numpy.typing import NDArray

from detectors.numbers import numbers
from detectors.pictures import reading, sketch
from detectors.pictures.parts import WHOLE, decoded_part, in_whole
from detectors.pictures.symbols import EVERY, symbols
from pipeline.written import Box, Unread, Written

READ = "read"
SAVED = 1.0  # seconds at most that an idle stage lays by: what one listing may have to wait
REMEMBERED = 1024  # pictures; many shops show the same one

SMALL = 0.9 * sketch.SIDE  # pixels: a frame that is less has no more of them in the file

Picture = NDArray[np.uint8]
Key = tuple[bytes, int, Box]


class Allowance:
    """Seconds that may be spent: `share` of those that pass by the clock, and what was saved."""

    def __init__(self, share: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._share, self._clock = share, clock
        self._left, self._at = SAVED, clock()

    def is_left(self) -> bool:
        now = self._clock()
        self._left = min(SAVED, self._left + (now - self._at) * self._share)
        self._at = now
        return self._share >= 1 or self._left > 0

    def spend(self, seconds: float) -> None:
        self._left -= seconds


class PictureReader:
    """Reads at most for `share` of the time: 0 is never, 1 whatever it costs.

    `tell` is given `read` or the reason why not, once a picture.
    """

    def __init__(
        self,
        share: float = 1.0,
        *,
        clock: Callable[[], float] = time.monotonic,
        tell: Callable[[str], object] = lambda _: None,
    ) -> None:
        self._unread = _never(share)
        self._allowance = Allowance(share, clock)
        self._clock, self._tell = clock, tell
        self._known: OrderedDict[Key, Written] = OrderedDict()

    def written(
        self, content: bytes, frame: Picture, number: int = 0, part: Box = WHOLE
    ) -> Written:
        """What stands in a part of frame `number` of a picture; `frame` as the fingerprint sees
        that part. Boxes are in shares of the whole.
        """
        key = sha256(content).digest(), number, part
        found = self._known.get(key) or self._written(
            frame, lambda: decoded_part(content, part, reading.SIDE, number)
        )
        if found.unread in {None, Unread.PLAIN}:
            self._remember(key, found)
        self._tell(found.unread or READ)
        return _in_whole(found, part)

    def _remember(self, key: Key, found: Written) -> None:
        self._known[key] = found
        self._known.move_to_end(key)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _written(self, frame: Picture, large: Callable[[], Picture]) -> Written:
        """`large` decodes it again, in as many pixels as are read."""
        scanned = Written(symbols=symbols(frame))
        if self._unread:
            return replace(scanned, unread=self._unread)
        if not self._allowance.is_left():
            return replace(scanned, unread=Unread.BUSY)
        began = self._clock()
        try:
            if not reading.seems_written(frame):
                return replace(scanned, unread=Unread.PLAIN)
            is_small = max(frame.shape[:2]) < SMALL
            return _read(frame if is_small else large(), scanned)
        finally:
            self._allowance.spend(self._clock() - began)


def _never(share: float) -> Unread | None:
    if share <= 0:
        return Unread.OFF
    return Unread.MISSING if reading.lacking() else None


def _in_whole(found: Written, part: Box) -> Written:
    lines = tuple(replace(line, box=in_whole(line.box, part)) for line in found.lines)
    codes = tuple(replace(code, box=in_whole(code.box, part)) for code in found.symbols)
    return replace(found, lines=lines, symbols=codes)


def _read(picture: Picture, scanned: Written) -> Written:
    found = replace(scanned, lines=reading.lines(picture))
    more = {(each.format, each.text): each for each in symbols(picture, EVERY)}
    known = {(each.format, each.text): each for each in scanned.symbols}
    return replace(found, numbers=numbers(found.text), symbols=tuple((more | known).values()))
