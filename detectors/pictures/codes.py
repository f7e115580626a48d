"""Looks as 256 bits, so that two are compared by counting the bits in which they differ."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from detectors.pictures.points import Floats

BITS = 256
WORDS = BITS // 64
KNOWLEDGE = Path(__file__).parents[1] / "knowledge"
KNOWN = KNOWLEDGE / "picture_looks.npz"
COMMON = KNOWLEDGE / "common_looks.npz"

Codes = NDArray[np.uint64]


@cache
def _learnt() -> tuple[Floats, Floats]:
    """Mean and turn, as `scripts.picture_looks` derived them."""
    with np.load(KNOWN) as known:
        return known["mean"].astype(np.float32), known["turn"].astype(np.float32)


@cache
def common() -> Codes:
    """Looks of pictures that show nothing protected, as `scripts.common_looks` drew them."""
    with np.load(COMMON) as known:
        return np.ascontiguousarray(known["codes"])


def codes(looks: Floats) -> Codes:
    """N×LOOK looks as N×WORDS words of bits."""
    mean, turn = _learnt()
    bits = np.packbits((looks - mean) @ turn > 0, axis=1)
    return np.ascontiguousarray(bits).view(np.uint64)


def signs(some: Codes) -> Floats:
    """N×BITS, -1 and 1: the product of two is how many bits are alike, less those that are not."""
    bits = np.unpackbits(some.view(np.uint8).reshape(-1, BITS // 8), axis=1)
    return bits.astype(np.float32) * 2 - 1


def distances(some: Codes, others: Codes) -> NDArray[np.uint16]:
    """N×M: in how many of the 256 bits each differs from each."""
    total = np.zeros((len(some), len(others)), np.uint16)
    for word in range(WORDS):
        total += np.bitwise_count(some[:, None, word] ^ others[None, :, word])
    return total
