"""Logos: the windows of a picture that may bear one, each as a vector that says what it looks like.

A plain logo has too few corners to be found by points. A small network that `scripts.logo_net`
taught to tell 26,000 drawn signs from one another, on any ground, reads a picture in windows at
several sizes; two windows with the same sign have vectors that point the same way. Wordmarks are
wide, so the picture is read squeezed as well.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Self

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from detectors.pictures.extent import Size
from detectors.pictures.inks import Inks, inks
from detectors.pictures.networks import network
from detectors.pictures.outline import Outline
from detectors.pictures.points import Floats
from detectors.pictures.second_look import face
from detectors.pictures.shrink import shrunk
from detectors.pictures.sketch import SIDE
from detectors.pictures.small import Rgb

BODY, HEAD = "logo_net", "logo_head"  # networks
GROUND = 128  # the level that says nothing
WINDOW, STEP = 64, 8  # pixels that the network looks at, and from one window to the next
FILLED = 52  # pixels of a window that a logo is long
FIELD = WINDOW // STEP  # features across a window
CHANNELS, DEPTH = 32, 64  # numbers of a feature, and of a vector
AROUND = 16  # pixels around a right's logo, which the outermost features see
ROOM = 8  # pixels around a picture, for a logo at its edge

WAYS = 4  # that a right's logo is looked for: as it is and grey, and both mirrored
SQUEEZES = (1.0, 2.0)  # times that a picture is made narrower than it is
WIDE = 1.5  # times wider than high: looked for in the squeezed picture
LEVELS = tuple((SIDE * 0.9 * 2 ** (-n / 2), squeeze) for squeeze in SQUEEZES for n in range(5))
_SQUEEZE = np.array([SQUEEZES.index(squeeze) for _, squeeze in LEVELS])
MOST = 320  # windows that are kept of a picture
LEAST = -3.0  # log odds that a window bears a logo

FORM = b"\x03"  # of what follows, as this network says it
OLD = {b"\x01", b"\x02"}  # as those before it did
FINE = 64  # parts of a unit
ROW = np.dtype([("vector", "i1", DEPTH), ("x", "<u2"), ("y", "<u2"), ("level", "u1")])

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """N vectors of length 1, N places (x, y of the centre in units), and N levels.

    A level is a place in `LEVELS`: how many units a logo there is long, and the squeeze.
    """

    vectors: Floats
    places: Floats
    levels: NDArray[np.uint8]

    @classmethod
    def of(cls, picture: Rgb) -> Self:
        """Those of a picture that likeliest bear a logo."""
        pages = list(_pages(picture))
        odds = -np.sort(-np.concatenate([page.odds.ravel() for page in pages]))
        least = max(LEAST, odds[min(MOST, len(odds)) - 1])
        likely = [np.argwhere(page.odds >= least)[:MOST] for page in pages]
        each = list(zip(pages, likely, strict=True))
        fields = np.concatenate([windows_of(page.features)[tuple(some.T)] for page, some in each])
        places = np.concatenate([page.places(some) for page, some in each])
        levels = np.repeat([page.level for page in pages], [len(some) for some in likely])
        return cls(vectors(fields[:MOST]), places[:MOST], levels[:MOST].astype(np.uint8))

    @classmethod
    def unpacked(cls, content: bytes) -> Self:
        """What `packed` wrote, to within its steps; none, where another network wrote it.

        Raises `ValueError`.
        """
        if content[:1] in OLD:
            content = FORM
        if content[:1] != FORM:
            raise ValueError("windows of a form that is not known here")
        rows = np.frombuffer(content, ROW, offset=1)
        vectors = rows["vector"].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
        places = np.stack([rows["x"], rows["y"]], axis=1).astype(np.float32) / FINE
        return cls(vectors, places, rows["level"])

    @property
    def squeezes(self) -> NDArray[np.int64]:
        """Of each window a place in `SQUEEZES`."""
        return _SQUEEZE[self.levels]

    def of_squeeze(self, squeeze: int) -> Self:
        mine = self.squeezes == squeeze
        return replace(
            self, vectors=self.vectors[mine], places=self.places[mine], levels=self.levels[mine]
        )

    def map(self, window: int, size: Size) -> Floats:
        """2×3, in units: how a logo of `size` lies that fills a window's middle."""
        long, squeeze = LEVELS[self.levels[window]]
        zoom = long / max(size[0], size[1] * squeeze)
        place = self.places[window] - np.array(size) * zoom / 2
        return np.array([[zoom, 0.0, place[0]], [0.0, zoom, place[1]]])

    def packed(self) -> bytes:
        """69 bytes a window, behind one that says so."""
        rows = np.zeros(len(self.levels), ROW)
        rows["vector"] = np.rint(self.vectors * 127)
        rows["x"], rows["y"] = np.clip(self.places * FINE, 0, 65_535).T
        rows["level"] = self.levels
        return FORM + rows.tobytes()


@dataclass(frozen=True, slots=True, eq=False)
class Emblem:
    """A right's logo and how it is looked for: vectors as it is, grey, mirrored, and both;
    outlines, faces and inks as it is and mirrored.
    """

    vectors: Floats
    squeeze: int
    outlines: tuple[Outline, Outline]
    faces: tuple[Rgb, Rgb]
    inks: tuple[Inks, Inks]


def emblem(picture: Rgb, ground: Sequence[float]) -> Emblem:
    """Of a picture that shows the logo alone, its margins trimmed; and what it stood on."""
    high, wide = picture.shape[:2]
    squeeze = int(wide > WIDE * high)
    narrow = wide / SQUEEZES[squeeze]
    zoom = FILLED / max(narrow, high)
    size = max(2, round(narrow * zoom)), max(2, round(high * zoom))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    side = WINDOW + 2 * AROUND
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    around = top, side - size[1] - top, left, side - size[0] - left
    framed = cv2.copyMakeBorder(small, *around, cv2.BORDER_CONSTANT, value=list(ground))
    middle = slice(AROUND // STEP, AROUND // STEP + FIELD)
    grey = cv2.cvtColor(cv2.cvtColor(framed, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB)
    ways = framed, grey, framed[:, ::-1], grey[:, ::-1]
    fields = [read(each)[0][middle, middle] for each in ways]
    outline, plain = Outline.of(picture, ground), face(picture, ground)
    outlines, faces, drawn_in = (outline, outline.mirrored()), (plain, plain[:, ::-1]), inks(plain)
    return Emblem(
        vectors(np.stack(fields)), squeeze, outlines, faces, (drawn_in, drawn_in[:, ::-1])
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Page:
    """A level's features, rows × columns × channels, the log odds of its windows, the first one's
    place, and from one window to the next, down and across; in units.
    """

    level: int
    features: Floats
    odds: Floats
    first: Floats
    step: Floats

    def places(self, windows: Numbers) -> Floats:
        """Of N rows and columns; x and y."""
        return (self.first + windows * self.step)[:, ::-1].astype(np.float32)


def _pages(picture: Rgb) -> Iterator[_Page]:
    unit = SIDE / max(picture.shape[:2])
    for level, small in _sizes(picture):
        down, across = small.shape[:2]
        (left, right), (top, bottom) = _room(across), _room(down)
        around = top, bottom, left, right
        features, odds = read(cv2.copyMakeBorder(small, *around, cv2.BORDER_REPLICATE))
        pixel = np.array(picture.shape[:2]) * unit / (down, across)
        first = (WINDOW / 2 - np.array([top, left])) * pixel
        yield _Page(level, features, odds, first, STEP * pixel)


def _sizes(picture: Rgb) -> Iterator[tuple[int, Rgb]]:
    """Each level's picture, the largest of a squeeze first, all others made from larger ones."""
    high, wide = picture.shape[:2]
    shown = picture
    for squeeze in reversed(SQUEEZES):
        above = shown
        for level in reversed([n for n, (_, each) in enumerate(LEVELS) if each == squeeze]):
            zoom = FILLED / LEVELS[level][0] * SIDE / max(high, wide)
            size = max(STEP, round(wide * zoom)), max(STEP, round(high * zoom * squeeze))
            above = shrunk(above, size)
            shown = above if shown is picture else shown
            yield level, above


def _room(long: int) -> tuple[int, int]:
    """Pixels before and behind, so that whole windows fill the side."""
    before = ROOM + max(0, WINDOW - long) // 2
    return before, before + -(long + 2 * before) % STEP


def read(picture: Rgb) -> tuple[Floats, Floats]:
    """Features, rows × columns × channels, and the log odds of every window."""
    features, odds = network(BODY)(squares(picture)[None])
    return features[0], odds[0, 0]


def windows_of(features: Floats) -> Floats:
    """Rows × columns × FIELD × FIELD × channels."""
    all_ = sliding_window_view(features, (FIELD, FIELD), axis=(0, 1))
    return all_.transpose(0, 1, 3, 4, 2)


def squares(picture: Rgb) -> Rgb:
    """Two by two pixels in one of twelve numbers, which is read sooner; behind a row and a column
    that show nothing, which the first layer looks at as well.
    """
    framed = cv2.copyMakeBorder(picture, 2, 0, 2, 0, cv2.BORDER_CONSTANT, value=[GROUND] * 3)
    rows = [framed[first::2].reshape(len(framed) // 2, -1, 6) for first in (0, 1)]
    out = np.empty((*rows[0].shape[:2], 12), np.uint8)
    return cv2.mixChannels(rows, [out], [each for n in range(12) for each in (n, n)])[0]


def vectors(fields: Floats) -> Floats:
    """N × FIELD × FIELD × channels as N vectors of length 1."""
    (found,) = network(HEAD)(fields.reshape(len(fields), CHANNELS * FIELD**2))
    turned: Floats = found / (np.linalg.norm(found, axis=1, keepdims=True) + 1e-9)
    return turned
