"""Whether one picture shows another, and where: points that agree on one way of laying it there.

Every pair of points alike says how the picture would have to be moved, scaled and turned; pairs
that say the same support each other. The affine map that most of them support is fitted, and the
pairs that lie on it are counted.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detectors.pictures.codes import BITS, Codes, signs
from detectors.pictures.points import Floats

ALIKE = 90  # bits of 256: further apart, looks have nothing in common
SURE = 48  # bits: alike whatever else is there
RIVAL = 0.9  # of the next best: a look that is told from all others
FEWEST = 3  # pairs, to fit anything
TURN = 0.6  # radians that a pair's direction may be off
SCALE = 1.0  # octaves that a pair's scale may be off
SLACK = 3.0, 0.25  # pixels, and share of the way from the pair that is the guess
FIT = 2.5, 0.02  # pixels, and share of the laid picture's size, that a pair may be off the map
FLATTEST = 4.0  # a picture seen further from aside shows nothing that is recognised
GUESSED = 96  # pairs, the nearest, that are asked what they say of the whole
GUESSES = 5  # of those, the best supported, that a map is fitted to
ROUNDS = 4
EVEN = 10.5  # support at which what agrees is as likely as not the same


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """A picture's points: `places` N×4 (x, y, scale, angle) and their `codes` N×4 words."""

    places: Floats
    codes: Codes


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """How a right's picture lies in another: 2×3 `map`, and the pairs on it, numbers of points."""

    map: NDArray[np.float64]
    of_right: NDArray[np.intp]
    of_picture: NDArray[np.intp]
    inliers: int  # pairs, those that crowd in one place counted once

    @property
    def support(self) -> float:
        """Inliers, fewer the more the map flattens: chance agrees on odd shapes most of all."""
        long, short = np.linalg.svd(self.map[:, :2], compute_uv=False)
        return float(self.inliers * short / long)


def align(right: Seen, picture: Seen) -> Alignment | None:
    """The best way of laying the right's picture into the other, if any three points agree."""
    mine, theirs, bits = _pairs(right.codes, picture.codes)
    if len(mine) < FEWEST:
        return None
    here, there = right.places[mine], picture.places[theirs]
    support = _support(here, there, np.argsort(bits, kind="stable")[:GUESSED])
    here, there = here.astype(float), there.astype(float)
    best: Alignment | None = None
    for guess in np.argsort(-support.sum(1), kind="stable")[:GUESSES]:
        found = _fitted(here, there, support[guess])
        if found is None:
            continue
        laid, on = found
        one = Alignment(laid, mine[on], theirs[on], _distinct(here[on], there[on]))
        if best is None or one.support > best.support:
            best = one
    return best


def affine(here: NDArray[np.float64], there: NDArray[np.float64]) -> NDArray[Any] | None:
    """The 2×3 map that takes the places of some points nearest to those of others, in all; none
    where it folds or flattens what it lays.
    """
    flat = np.column_stack([here[:, :2], np.ones(len(here))])
    fitted: NDArray[Any] = np.linalg.lstsq(flat, there[:, :2], rcond=None)[0].T
    long, short = np.linalg.svd(fitted[:, :2], compute_uv=False)
    is_sound = np.linalg.det(fitted[:, :2]) > 0 and long <= FLATTEST * short
    return fitted if is_sound else None


def turn_of(map_: NDArray[np.float64]) -> float:
    """Radians by which a map turns what it lays."""
    return float(np.arctan2(map_[1, 0] - map_[0, 1], map_[0, 0] + map_[1, 1]))


def apart(angles: Floats) -> Floats:
    """Differences of directions as they are, less than half a circle."""
    between: Floats = np.abs((angles + np.pi) % (2 * np.pi) - np.pi)
    return between


def _pairs(right: Codes, picture: Codes) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """For each of the right's points the most alike, if told from the second; bits apart."""
    if not len(right) or len(picture) < 2:
        return np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0, np.float32)
    same = signs(right) @ signs(picture).T  # bits that are alike less bits that are not
    each, nearest = np.arange(len(right)), same.argmax(axis=1)
    best = (BITS - same[each, nearest]) / 2
    same[each, nearest] = -BITS
    other = (BITS - same.max(axis=1)) / 2
    keep = (best <= ALIKE) & ((best <= RIVAL * other) | (best <= SURE))
    return np.flatnonzero(keep), nearest[keep], best[keep]


def _support(here: Floats, there: Floats, guesses: NDArray[np.intp]) -> NDArray[np.bool_]:
    """G×P: whether the second pair agrees with the way of laying that the guess says."""
    scale, turn = there[:, 2] / here[:, 2], there[:, 3] - here[:, 3]
    cosine, sine = (scale * np.cos(turn))[guesses, None], (scale * np.sin(turn))[guesses, None]
    across = here[None, :, 0] - here[guesses, None, 0]
    down = here[None, :, 1] - here[guesses, None, 1]
    x = there[guesses, None, 0] + cosine * across - sine * down
    y = there[guesses, None, 1] + sine * across + cosine * down
    off = np.hypot(x - there[None, :, 0], y - there[None, :, 1])
    way = np.hypot(across, down) * scale[guesses, None]
    turned = apart(turn[None] - turn[guesses, None])
    grown = np.abs(np.log2(scale[None] / scale[guesses, None]))
    agree: NDArray[np.bool_] = off < SLACK[0] + SLACK[1] * way
    return agree & (turned < TURN) & (grown < SCALE)


def _fitted(
    here: NDArray[np.float64], there: NDArray[np.float64], agree: NDArray[np.bool_]
) -> tuple[NDArray[Any], NDArray[np.intp]] | None:
    """The affine map of the pairs that agree, and all pairs that lie on it."""
    on = np.flatnonzero(agree)
    flat = np.column_stack([here[:, :2], np.ones(len(here))])
    size = np.ptp(here[:, :2], axis=0).max()
    laid: NDArray[Any] | None = None
    for _ in range(ROUNDS):
        if len(on) < FEWEST:
            return None
        laid = affine(here[on], there[on])
        if laid is None:
            return None
        stretch = np.linalg.svd(laid[:, :2], compute_uv=False)
        off = np.hypot(*(flat @ laid.T - there[:, :2]).T)
        turned = apart(there[:, 3] - here[:, 3] - turn_of(laid))
        grown = np.abs(np.log2(there[:, 2] / here[:, 2] / np.sqrt(stretch[0] * stretch[1])))
        fits = (off < FIT[0] + FIT[1] * size * stretch[0]) & (turned < TURN) & (grown < SCALE)
        now = np.flatnonzero(fits)
        if np.array_equal(now, on):
            break
        on = now
    return (laid, on) if laid is not None and len(on) >= FEWEST else None


def _distinct(here: NDArray[np.float64], there: NDArray[np.float64]) -> int:
    """Pairs that stand in places of their own, in either picture."""
    return min(len(np.unique(np.round(places[:, :2] / 4), axis=0)) for places in (here, there))
