"""What the second look learns from: places where logos are, nearly, and where they are not."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from detectors.image import RightPicture
from detectors.logo import LogoFinder
from detectors.pictures import small
from detectors.pictures.extent import Size, corners
from detectors.pictures.logos import Emblem, Windows, emblem
from detectors.pictures.outline import Field
from detectors.pictures.second_look import STILL, Pair, place, shift_between, shifted
from detectors.pictures.sketch import SIDE as PAGE
from pipeline.records import Right, RightKind
from scripts.logo_net.scenes import (
    Floats,
    Levels,
    Lying,
    Rng,
    Source,
    greyed,
    laid,
    lay,
    painted,
    taken,
)

LISTED, PICTURES = 400, 150  # logos of a list, and pictures that are looked at with it
MOST = 4  # signs on a picture
OPAQUE = 24  # levels
FAR = 0.6  # of its size, that a logo's corners may lie off where it still is
SAME = 0.9  # likeness of two logos that are one
TRIES, LIKE = 3, 3  # places near a logo; other logos of the list, laid on its place
GROWN, SQUEEZED, MOVED, TURNED = 0.7, 0.25, 0.35, 0.12  # how far tries are off
KEPT = 0.3  # of the guesses that are wrong
STRETCHED = 0.5  # of the wordmarks, as wide as they were before they were squeezed


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """A pair, and where the logo is: `STILL` if it lies just there, `None` if it is not."""

    pair: Pair
    shift: Floats | None


@dataclass(frozen=True, slots=True, eq=False)
class _Put:
    """A sign on a page: its number on the list, or none, and its four corners."""

    number: int | None
    mirrored: bool
    corners: Floats

    def map(self, size: Size) -> Floats:
        """2×3, of a sign of that size."""
        own = np.column_stack([corners(STILL.reshape(2, 3), size), np.ones(4)])
        fitted: Floats = np.linalg.lstsq(own, self.corners, rcond=None)[0].T
        return fitted


def pairs(source: Source, rng: Rng) -> Iterator[Example]:
    """Without end; those are left out that nobody could label."""
    while True:
        chosen = rng.choice(len(source.signs), 2 * LISTED, replace=False)
        signs = [_whole(source.signs[n], source.packages[n] == "word", rng) for n in chosen]
        listed = _Listed([_emblem(sign) for sign in signs[:LISTED]])
        for _ in range(PICTURES):
            page, put = _page(source, signs, rng)
            shown = small.unpacked(small.packed(page))
            yield from listed.guessed(Windows.of(page), shown, put, rng)
            for each in put:
                yield from listed.beside(each, shown, rng)


class _Listed:
    """Logos, each by its number."""

    def __init__(self, emblems: Sequence[Emblem]) -> None:
        self._emblems = emblems
        self._finder = LogoFinder(_picture(n, each) for n, each in enumerate(emblems))
        self._vectors = np.stack([each.vectors for each in emblems])

    def guessed(
        self, windows: Windows, picture: Levels, put: Sequence[_Put], rng: Rng
    ) -> Iterator[Example]:
        """What the first look takes for a logo, rightly or not."""
        for glance in self._finder.glances(windows, Field.of(picture)):
            guess, size = glance.guess, glance.outline.size
            near = [each for each in put if _off(corners(guess.map, size), each.corners) < FAR]
            same = [each for each in near if each.number == guess.number]
            for each in same:
                if each.mirrored == guess.mirrored:
                    shift = shift_between(guess.map, each.map(size), size)
                    yield Example(Pair.of(glance.face, glance.place), shift)
            is_other = not any(self._are_one(guess.number, each.number) for each in near)
            if is_other and not same and rng.random() < KEPT:
                yield Example(Pair.of(glance.face, glance.place), None)

    def beside(self, put: _Put, picture: Levels, rng: Rng) -> Iterator[Example]:
        """A sign that is on the list from near, and others just where it is."""
        if put.number is None:
            return
        logo = self._emblems[put.number]
        size = logo.outlines[0].size
        for _ in range(TRIES):
            tried = _tried(put.map(size), size, rng)
            shift = shift_between(tried, put.map(size), size)
            there = place(picture, tried, size)
            yield Example(Pair.of(logo.faces[put.mirrored], there), shift)
        alike = (self._vectors @ logo.vectors.T).max(axis=(1, 2))
        for number in np.argsort(-alike)[1 : LIKE + 1].tolist():
            if alike[number] < SAME:
                other = self._emblems[number]
                size, turn = other.outlines[0].size, int(rng.integers(2))
                there = place(picture, put.map(size), size)
                yield Example(Pair.of(other.faces[turn], there), None)

    def _are_one(self, one: int, other: int | None) -> bool:
        if other is None:
            return False
        return bool((self._vectors[one] @ self._vectors[other].T).max() > SAME)


def _tried(map_: Floats, size: Size, rng: Rng) -> Floats:
    """A map that is off by a little."""
    grown = rng.uniform(-GROWN, GROWN) + rng.uniform(-SQUEEZED, SQUEEZED, 2)
    turn = rng.normal() * TURNED
    turned = np.array([[1, turn], [-turn, 1]]) @ np.diag(2**grown)
    shift = np.column_stack([turned, rng.uniform(-MOVED, MOVED, 2)])
    return shifted(map_, shift.ravel(), size)


def _whole(sign: Levels, is_word: bool, rng: Rng) -> Levels:
    """Trimmed, and perhaps as wide as it was."""
    rows, columns = (np.flatnonzero((sign[..., 3] > OPAQUE).any(axis=axis)) for axis in (1, 0))
    shown = sign[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    if is_word and rng.random() < STRETCHED:
        return cv2.resize(shown, None, fx=2, fy=1)
    return shown


def _emblem(sign: Levels) -> Emblem:
    return emblem(sign[..., :3] + (255 - sign[..., 3:]), [255.0] * 3)


def _picture(number: int, logo: Emblem) -> RightPicture:
    right = Right(id=str(number), name=str(number), kind=RightKind.TRADEMARK)
    return RightPicture(right=right, image="", phash=None, dhash=None, emblem=logo)


def _page(source: Source, signs: list[Levels], rng: Rng) -> tuple[Levels, list[_Put]]:
    """Some signs of the list and some others, one in each of some quarters."""
    page, put = source.ground(rng, PAGE), list[_Put]()
    for quarter in rng.permutation(MOST)[: rng.integers(1, MOST + 1)].tolist():
        is_listed = rng.random() < 0.75
        number = int(rng.integers(LISTED)) + (0 if is_listed else LISTED)
        mirrored = bool(rng.random() < 0.25)
        sign = np.ascontiguousarray(signs[number][:, ::-1]) if mirrored else signs[number]
        drawn = laid(sign, _lying(quarter, rng), rng)
        drawn = painted(drawn, rng) if rng.random() < 0.2 else drawn
        if rng.random() < 0.15:
            _plate(page, drawn.corners, rng)
        lay(drawn, page)
        put.append(_Put(number if is_listed else None, mirrored, drawn.corners))
    return taken(greyed(page) if rng.random() < 0.35 else page, rng), put


def _lying(quarter: int, rng: Rng) -> Lying:
    middle = (np.array(divmod(quarter, 2)) + 0.5 + rng.uniform(-0.2, 0.2, 2)) * PAGE / 2
    size = PAGE * rng.uniform(0.14, 0.46)
    if rng.random() < 0.4:
        return Lying(middle, size, 0.15, rng.normal() * 0.12, rng.uniform(0, 0.22))
    return Lying(middle, size, 0.0, rng.normal() * 0.02)


def _plate(page: Floats, there: Floats, rng: Rng) -> None:
    around = rng.uniform(5, 30)
    low = np.clip(there.min(axis=0) - around, 0, PAGE).astype(int)
    high = np.clip(there.max(axis=0) + around, 0, PAGE).astype(int)
    page[low[1] : high[1], low[0] : high[0]] = rng.choice([255, 255, 0, 128])


def _off(one: Floats, other: Floats) -> float:
    """Of the other's size, the mean distance of their corners."""
    size = np.linalg.norm(other.max(axis=0) - other.min(axis=0)) / 2**0.5
    return float(np.linalg.norm(one - other, axis=1).mean() / size)
