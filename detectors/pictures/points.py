"""Local features: corners and blobs with their scale, direction and look, found again anywhere.

Places are maxima of the Hessian's determinant over a pyramid (Lindeberg 1998; Bay et al. 2006),
looks are square roots of gradient histograms (Lowe 2004; Arandjelović & Zisserman 2012) turned to
the strongest direction, so that crop, scale, rotation and tone leave them alone.
"""

from dataclasses import dataclass
from typing import Any, Self

import cv2
import numpy as np
from numpy.typing import NDArray

from detectors.pictures.shrink import shrunk

Grey = NDArray[Any]  # height × width of uint8; OpenCV's own hints are no narrower
Floats = NDArray[Any]  # of float32
Numbers = NDArray[Any]  # of int32

STEP = 2**0.5  # from one level of the pyramid to the next
LEVELS = 9
SMALLEST = 24  # pixels of a level's shorter side
SMOOTH, SPAN = 1.2, 7  # pixels, at each level
STRENGTH = 80.0  # of the Hessian's determinant, for grey levels of 0 to 255
AROUND = np.ones((3, 3), np.uint8)
EDGE = 4
GRID = 16  # samples a side of the patch around a point
WIDTH = 14.0  # pixels of its level that the patch is wide
CELLS = 4
DIRECTIONS = 8
BINS = 36
RIVAL = 0.8  # of the strongest direction: as strong a one makes a point of its own
SPREAD = 8  # regions a side that share the points between them
LOOK = CELLS * CELLS * DIRECTIONS


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """N points: `places` is N×4 (x, y and scale in pixels, angle in radians), `looks` N×LOOK."""

    places: Floats
    looks: Floats

    def __len__(self) -> int:
        return len(self.places)

    @classmethod
    def none(cls) -> Self:
        return cls(np.zeros((0, 4), np.float32), np.zeros((0, LOOK), np.float32))


def points(grey: Grey, most: int) -> Points:
    """The points of a grey picture (H×W), strong ones of all its regions first, about `most`."""
    levels = _pyramid(grey)
    spots = _spread(_spots(levels), grey.shape, most)
    if not len(spots):
        return Points.none()
    spots = spots[np.argsort(spots[:, 2], kind="stable")]
    spots, angles = _turned(levels, spots)
    scale = STEP ** spots[:, 2]
    places = np.column_stack([(spots[:, :2] + 0.5) * scale[:, None] - 0.5, scale, angles])
    return Points(places.astype(np.float32), _looks(levels, spots, angles))


def _pyramid(grey: Grey) -> list[Floats]:
    """Smoothed copies, each √2 smaller than the one before."""
    high, wide = grey.shape
    plain: list[Floats] = [grey.astype(np.float32)]
    for number in range(1, LEVELS):
        size = round(wide / STEP**number), round(high / STEP**number)
        if min(size) < SMALLEST:
            break
        above = plain[max(0, number - 2)]
        plain.append(shrunk(above, size))
    return [cv2.GaussianBlur(level, (SPAN, SPAN), SMOOTH) for level in plain]


def _spots(levels: list[Floats]) -> Floats:
    """N×4: x, y in pixels of the level, the level, the strength; maxima in place and scale."""
    strengths = [_strength(level) for level in levels]
    peaks = [np.maximum(cv2.dilate(each, AROUND), STRENGTH) for each in strengths]
    found = [_maxima(number, strengths[number], peaks) for number in range(len(levels))]
    return np.concatenate(found) if found else np.zeros((0, 4), np.float32)


def _strength(level: Floats) -> Floats:
    across = cv2.Sobel(level, cv2.CV_32F, 2, 0)
    down = cv2.Sobel(level, cv2.CV_32F, 0, 2)
    mixed = cv2.Sobel(level, cv2.CV_32F, 1, 1)
    return cv2.subtract(cv2.multiply(across, down), cv2.multiply(mixed, mixed))


def _maxima(number: int, strength: Floats, peaks: list[Floats]) -> Floats:
    is_peak = cv2.compare(strength, peaks[number], cv2.CMP_GE)
    is_peak[:EDGE] = is_peak[-EDGE:] = 0
    is_peak[:, :EDGE] = is_peak[:, -EDGE:] = 0
    places = cv2.findNonZero(is_peak)
    if places is None:
        return np.zeros((0, 4), np.float32)
    x, y = places.reshape(-1, 2).T
    value = strength[y, x]
    keep = np.ones(len(x), bool)
    for other in (number - 1, number + 1):
        if 0 <= other < len(peaks):
            keep &= value >= _at(peaks[other], x, y, strength.shape)
    x, y, value = x[keep], y[keep], value[keep]
    right = _parabola(strength[y, x - 1], value, strength[y, x + 1])
    down = _parabola(strength[y - 1, x], value, strength[y + 1, x])
    return np.column_stack([x + right, y + down, np.full(len(x), number), value]).astype(np.float32)


def _at(other: Floats, x: Numbers, y: Numbers, shape: tuple[int, ...]) -> Floats:
    """What another level says at the same places."""
    high, wide = other.shape
    row = np.minimum(((y + 0.5) * (high / shape[0])).astype(np.int32), high - 1)
    column = np.minimum(((x + 0.5) * (wide / shape[1])).astype(np.int32), wide - 1)
    said: Floats = other[row, column]
    return said


def _parabola(before: Floats, here: Floats, after: Floats) -> Floats:
    """Where between its neighbours the peak is, in steps."""
    curve = np.maximum(2 * here - before - after, 1e-6)
    off: Floats = np.clip((after - before) / (2 * curve), -0.5, 0.5)
    return off


def _spread(spots: Floats, shape: tuple[int, ...], most: int) -> Floats:
    """The best of every region, then the second best of every region, and so on to `most`."""
    if len(spots) <= most:
        return spots
    scale = STEP ** spots[:, 2]
    column = np.minimum((spots[:, 0] + 0.5) * scale * (SPREAD / shape[1]), SPREAD - 1).astype(int)
    row = np.minimum((spots[:, 1] + 0.5) * scale * (SPREAD / shape[0]), SPREAD - 1).astype(int)
    region = row * SPREAD + column
    order = np.lexsort((-spots[:, 3], region))
    starts = np.flatnonzero(np.diff(region[order], prepend=-1))
    lengths = np.diff(np.append(starts, len(order)))
    rank = np.empty(len(order), int)
    rank[order] = np.arange(len(order)) - np.repeat(starts, lengths)
    return spots[np.lexsort((-spots[:, 3], rank))[:most]]


def _samples() -> tuple[Floats, Floats]:
    """The patch's grid, x and y from -1 to 1."""
    line = ((np.arange(GRID, dtype=np.float32) + 0.5) / GRID) * 2 - 1
    x, y = np.meshgrid(line, line)
    return x.ravel(), y.ravel()


X, Y = _samples()
NEARNESS = np.exp(-(X * X + Y * Y) / (2 * 0.45**2))


def _pooling() -> Floats:
    """GRID² × CELLS²: how much a sample counts in each cell."""
    middle = (np.arange(CELLS) + 0.5) / CELLS * 2 - 1
    near = [np.maximum(0, 1 - np.abs(axis[:, None] - middle) / 0.5) for axis in (Y, X)]
    both = (near[0][:, :, None] * near[1][:, None, :]).reshape(-1, CELLS * CELLS)
    weights: Floats = (both * np.exp(-(X * X + Y * Y))[:, None]).astype(np.float32)
    return weights


POOL = _pooling()


def _patches(levels: list[Floats], spots: Floats, angles: Floats, width: float) -> Floats:
    """N × GRID²: the levels around the spots, which come level by level, turned by the angles."""
    out = np.empty((len(spots), GRID * GRID), np.float32)
    cosine, sine = np.cos(angles)[:, None] * (width / 2), np.sin(angles)[:, None] * (width / 2)
    x = spots[:, 0, None] + cosine * X - sine * Y
    y = spots[:, 1, None] + sine * X + cosine * Y
    ends = np.searchsorted(spots[:, 2], np.arange(len(levels)), "right").tolist()
    for level, start, end in zip(levels, (0, *ends), ends, strict=False):
        if start < end:
            mine = slice(start, end)
            cv2.remap(level, x[mine], y[mine], cv2.INTER_LINEAR, out[mine], cv2.BORDER_REPLICATE)
    return out


def _slopes(patches: Floats) -> tuple[Floats, Floats]:
    grid = patches.reshape(-1, GRID, GRID)
    across, down = np.zeros_like(grid), np.zeros_like(grid)
    np.subtract(grid[:, :, 2:], grid[:, :, :-2], out=across[:, :, 1:-1])
    np.subtract(grid[:, 2:], grid[:, :-2], out=down[:, 1:-1])
    return across.reshape(len(grid), -1), down.reshape(len(grid), -1)


def _turned(levels: list[Floats], spots: Floats) -> tuple[Floats, Floats]:
    """Each spot once for each of its strong directions, and the directions in radians."""
    flat = np.zeros(len(spots), np.float32)
    across, down = _slopes(_patches(levels, spots, flat, WIDTH * 0.75))
    strength, angle = cv2.cartToPolar(across, down)
    strength *= NEARNESS
    place = np.minimum((angle * (BINS / (2 * np.pi))).astype(np.int32), BINS - 1)
    place += (np.arange(len(spots), dtype=np.int32) * BINS)[:, None]
    counted = np.bincount(place.ravel(), strength.ravel(), len(spots) * BINS)
    found: Floats = counted.reshape(-1, BINS)
    for _ in range(2):
        found = (np.roll(found, 1, 1) + found + np.roll(found, -1, 1)) / 3
    before, after = np.roll(found, 1, 1), np.roll(found, -1, 1)
    strong = (found >= before) & (found > after) & (found >= RIVAL * found.max(1, keepdims=True))
    spot, best = np.nonzero(strong)
    off = _parabola(before[spot, best], found[spot, best], after[spot, best])
    return spots[spot], ((best + 0.5 + off) * (2 * np.pi / BINS)).astype(np.float32)


def _looks(levels: list[Floats], spots: Floats, angles: Floats) -> Floats:
    """N×LOOK, of length 1: how much slope each cell has in each direction, by its square root."""
    across, down = _slopes(_patches(levels, spots, angles, WIDTH))
    pooled = across @ POOL, down @ POOL
    looks = np.empty((len(spots), DIRECTIONS, CELLS * CELLS), np.float32)
    half = DIRECTIONS // 2
    for number in range(half):
        cosine, sine = np.cos(np.pi * number / half), np.sin(np.pi * number / half)
        along = cv2.addWeighted(across, cosine, down, sine, 0)
        there = cv2.threshold(along, 0, 0, cv2.THRESH_TOZERO)[1] @ POOL
        looks[:, number] = there
        looks[:, number + half] = there - (pooled[0] * cosine + pooled[1] * sine)
    flat = np.maximum(looks.reshape(-1, LOOK), 0)
    flat /= np.linalg.norm(flat, axis=1, keepdims=True) + 1e-6
    flat = np.minimum(flat, 0.2)
    roots: Floats = np.sqrt(flat / (flat.sum(1, keepdims=True) + 1e-6))
    return roots
