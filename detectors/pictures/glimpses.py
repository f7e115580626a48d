"""A picture's likeliest windows in sixteen bytes each, enough to guess which logos it may bear.

A vector is turned by signs and a Hadamard matrix, so that its numbers are spread whatever the
network makes of pictures, and each is kept in two bits (Lloyd & Max). All of it is whole numbers:
the same window has the same bytes everywhere.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.pictures.logos import DEPTH, SQUEEZES, Windows
from detectors.pictures.points import Floats

BYTES = DEPTH // 4
MOST = 96  # windows of a picture
ALIKE = 0.8  # cosine: a window so like a likelier one says nothing more
ONE = 127  # a vector's length in whole numbers
STEPS = (-0.9816, 0.0, 0.9816)  # of a number whose deviation is one
LEVELS = np.array([-1.51, -0.4528, 0.4528, 1.51], np.float32) / 0.8825  # what is lost is made good

Glimpses = NDArray[np.uint8]


def glimpses(windows: Windows) -> tuple[Glimpses, ...]:
    """For each squeeze N×BYTES, the likeliest first."""
    whole = np.rint(windows.vectors * ONE).astype(np.float32)
    squeezes = windows.squeezes
    kept = _apart(whole, squeezes)
    packed = _packed(whole[kept])
    return tuple(packed[squeezes[kept] == each] for each in range(len(SQUEEZES)))


class Likeness:
    """About the cosine of any glimpse and the likest of some vectors of length 1."""

    def __init__(self, vectors: Floats) -> None:
        four = (_turned(vectors) / np.float32(DEPTH)).reshape(-1, BYTES, 4)
        one = four @ _unpacked().T  # what a byte in each place adds
        pairs = one[:, 1::2, :, None] + one[:, ::2, None, :]
        self._adds = pairs.reshape(len(vectors), BYTES // 2, 1 << 16)

    def of(self, stored: Glimpses) -> Floats:
        """One for each glimpse."""
        pairs = stored.view("<u2")
        each = [
            sum(
                (adds[place].take(pairs[:, place]) for place in range(1, BYTES // 2)),
                adds[0].take(pairs[:, 0]),
            )
            for adds in self._adds
        ]
        most: Floats = np.max(each, axis=0)
        return most


def _apart(whole: Floats, squeezes: NDArray[Any]) -> NDArray[np.intp]:
    """Numbers of those that are not like a likelier one of their squeeze; exact whole numbers."""
    alike = (whole @ whole.T > ALIKE * ONE * ONE) & (squeezes[:, None] == squeezes[None])
    is_new = np.ones(len(whole), np.bool_)
    kept: list[int] = []
    for number in range(len(whole)):
        if is_new[number]:
            kept.append(number)
            is_new &= ~alike[number]
        if len(kept) == MOST:
            break
    return np.array(kept, np.intp)


def _packed(whole: Floats) -> Glimpses:
    level = np.searchsorted(np.array(STEPS) * ONE, _turned(whole), side="right")
    packed: Glimpses = (level.reshape(-1, BYTES, 4) << _PLACES).sum(axis=2).astype(np.uint8)
    return packed


def _turned(vectors: Floats) -> Floats:
    """N×DEPTH, eight times as long."""
    turned: Floats = vectors.astype(np.float32) @ _TURN
    return turned


def _unpacked() -> Floats:
    """256×4: the numbers that each byte stands for."""
    found: Floats = LEVELS[np.arange(256)[:, None] >> _PLACES & 3]
    return found


def _hadamard(size: int) -> Floats:
    found = np.ones((1, 1), np.float32)
    while len(found) < size:
        found = np.block([[found, found], [found, -found]]).astype(np.float32)
    return found


_PLACES = np.array([0, 2, 4, 6])  # of four numbers in a byte
_SIGNS = np.array([-1, 1])[np.random.default_rng(0).integers(0, 2, DEPTH)]
_TURN = (_SIGNS[:, None] * _hadamard(DEPTH)).astype(np.float32)
