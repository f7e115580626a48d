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
from detectors.pictures.decode import decoded
from detectors.pictures.symbols import EVERY, symbols
from pipeline.written import Unread, Written

READ = "read"
SAVED = 1.0  # seconds at most that an idle stage lays by: what one listing may have to wait
REMEMBERED = 1024  # pictures; many shops show the same one

Picture = NDArray[np.uint8]


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
        self._known: OrderedDict[tuple[bytes, int], Written] = OrderedDict()

    def written(self, content: bytes, frame: Picture, number: int = 0) -> Written:
        """What stands in frame `number` of a picture, `frame` as the fingerprint sees it."""
        key = sha256(content).digest(), number
        found = self._known.get(key) or self._written(content, frame, number)
        if found.unread in {None, Unread.PLAIN}:
            self._remember(key, found)
        self._tell(found.unread or READ)
        return found

    def _remember(self, key: tuple[bytes, int], found: Written) -> None:
        self._known[key] = found
        self._known.move_to_end(key)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)

    def _written(self, content: bytes, frame: Picture, number: int) -> Written:
        scanned = Written(symbols=symbols(frame))
        if self._unread:
            return replace(scanned, unread=self._unread)
        if not self._allowance.is_left():
            return replace(scanned, unread=Unread.BUSY)
        began = self._clock()
        try:
            if not reading.seems_written(frame):
                return replace(scanned, unread=Unread.PLAIN)
            return _read(_large(content, frame, number), scanned)
        finally:
            self._allowance.spend(self._clock() - began)


def _never(share: float) -> Unread | None:
    if share <= 0:
        return Unread.OFF
    return Unread.MISSING if reading.lacking() else None


def _large(content: bytes, frame: Picture, number: int) -> Picture:
    """The frame in as many pixels as are read; decoded again where there are more of them."""
    if max(frame.shape[:2]) < sketch.SIDE:
        return frame
    return decoded(content, reading.SIDE).frames[number]


def _read(picture: Picture, scanned: Written) -> Written:
    found = replace(scanned, lines=reading.lines(picture))
    more = {(each.format, each.text): each for each in symbols(picture, EVERY)}
    known = {(each.format, each.text): each for each in scanned.symbols}
    return replace(found, numbers=numbers(found.text), symbols=tuple((more | known).values()))
