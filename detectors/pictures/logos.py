"""Logos: the windows of a picture that may bear one, each as a vector that says what it looks like.

A plain logo has too few corners to be found by points. A small network that `scripts.logo_net`
taught to tell 26,000 drawn signs from one another, on any ground, reads a picture in windows at
several sizes; two windows with the same sign have vectors that point the same way. Wordmarks are
wide, so the picture is read squeezed as well.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Self

import cv2
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from detectors.pictures.codes import KNOWLEDGE
from detectors.pictures.extent import Size
from detectors.pictures.outline import Outline
from detectors.pictures.points import Floats
from detectors.pictures.sketch import SIDE
from detectors.pictures.trim import rim

KNOWN = KNOWLEDGE / "logo_net.onnx"
HEAD = KNOWN.with_suffix(".npz")

WINDOW, STEP = 64, 8  # pixels that the network looks at, and from one window to the next
FILLED = 52  # pixels of a window that a logo is long
FIELD = WINDOW // STEP  # features across a window
DEPTH = 64  # numbers of a vector
AROUND = 16  # pixels around a right's logo, which the outermost features see
ROOM = 8  # pixels around a picture, for a logo at its edge
GROUND, CONTRAST = 128.0, 64.0

SQUEEZES = (1.0, 2.0)  # times that a picture is made narrower than it is
WIDE = 1.5  # times wider than high: looked for in the squeezed picture
LEVELS = tuple((SIDE * 0.9 * 2 ** (-n / 2), squeeze) for squeeze in SQUEEZES for n in range(5))
_SQUEEZE = np.array([SQUEEZES.index(squeeze) for _, squeeze in LEVELS])
MOST = 320  # windows that are kept of a picture
LEAST = -3.0  # log odds that a window bears a logo

SHAPES = 64  # of pictures, that are kept ready
GRAIN = 16  # pixels: sides are filled up to so many, so that shapes are few

FORM = b"\x01"  # of what follows
FINE = 64  # parts of a unit
ROW = np.dtype([("vector", "i1", DEPTH), ("x", "<u2"), ("y", "<u2"), ("level", "u1")])

Rgb = NDArray[Any]


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
        found = [np.concatenate(each) for each in zip(*_windows(picture), strict=True)]
        fields, odds, places, levels = found
        likely = np.argsort(-odds, kind="stable")[:MOST]
        likely = likely[odds[likely] >= LEAST]
        return cls(vectors(fields[likely]), places[likely], levels[likely])

    @classmethod
    def unpacked(cls, content: bytes) -> Self:
        """What `packed` wrote, to within its steps. Raises `ValueError`."""
        if content[:1] != FORM:
            raise ValueError("windows of a form that is not known here")
        rows = np.frombuffer(content, ROW, offset=1)
        vectors = rows["vector"].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-9
        places = np.stack([rows["x"], rows["y"]], axis=1).astype(np.float32) / FINE
        return cls(vectors, places, rows["level"])

    def of_squeeze(self, squeeze: int) -> Self:
        mine = _SQUEEZE[self.levels] == squeeze
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
    """A right's logo: its vectors and outlines, as it is and mirrored, and how it is looked for."""

    vectors: Floats
    squeeze: int
    outlines: tuple[Outline, Outline]


def emblem(picture: Rgb) -> Emblem:
    """Of a picture that shows the logo alone, its margins trimmed."""
    high, wide = picture.shape[:2]
    squeeze = int(wide > WIDE * high)
    narrow = wide / SQUEEZES[squeeze]
    zoom = FILLED / max(narrow, high)
    size = max(2, round(narrow * zoom)), max(2, round(high * zoom))
    small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    side = WINDOW + 2 * AROUND
    left, top = (side - size[0]) // 2, (side - size[1]) // 2
    around = top, side - size[1] - top, left, side - size[0] - left
    ground = np.median(rim(picture), axis=0).tolist()
    framed = cv2.copyMakeBorder(small, *around, cv2.BORDER_CONSTANT, value=ground)
    middle = slice(AROUND // STEP, AROUND // STEP + FIELD)
    fields = [read(each)[0][:, middle, middle] for each in (framed, framed[:, ::-1])]
    outline = Outline.of(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))
    return Emblem(vectors(np.stack(fields)), squeeze, (outline, outline.mirrored()))


def _windows(picture: Rgb) -> Iterator[tuple[Floats, Floats, Floats, NDArray[np.uint8]]]:
    """For each level its windows' features, log odds, places and level."""
    high, wide = picture.shape[:2]
    unit = SIDE / max(high, wide)
    for level, small in _sizes(picture):
        down, across = small.shape[:2]
        (left, right), (top, bottom) = _room(across), _room(down)
        around = top, bottom, left, right
        features, odds = read(cv2.copyMakeBorder(small, *around, cv2.BORDER_REPLICATE))
        rows, columns = (each.ravel() for each in np.indices(odds.shape))
        x = (columns * STEP + WINDOW / 2 - left) * (wide * unit / across)
        y = (rows * STEP + WINDOW / 2 - top) * (high * unit / down)
        fields = sliding_window_view(features, (FIELD, FIELD), axis=(1, 2))
        some = np.flatnonzero(odds.ravel() >= LEAST)
        yield (
            fields[:, rows[some], columns[some]].swapaxes(0, 1),
            odds.ravel()[some],
            np.stack([x, y], axis=1)[some].astype(np.float32),
            np.full(len(some), level, np.uint8),
        )


def _sizes(picture: Rgb) -> Iterator[tuple[int, Rgb]]:
    """Each level's picture, the largest of a squeeze first, the smaller ones made from it."""
    high, wide = picture.shape[:2]
    for squeeze in SQUEEZES:
        shown = picture
        for level in reversed([n for n, (_, each) in enumerate(LEVELS) if each == squeeze]):
            zoom = FILLED / LEVELS[level][0] * SIDE / max(high, wide)
            size = max(STEP, round(wide * zoom)), max(STEP, round(high * zoom * squeeze))
            shown = cv2.resize(shown, size, interpolation=cv2.INTER_AREA)
            yield level, shown


def _room(long: int) -> tuple[int, int]:
    """Pixels before and behind."""
    before = ROOM + max(0, WINDOW - long) // 2
    return before, before + -(long + 2 * before) % GRAIN


class _Network:
    """Reads pictures of one shape, one at a time: a pass is not safe in two threads."""

    def __init__(self) -> None:
        self._net = cv2.dnn.readNetFromONNX(str(KNOWN))
        self._lock = threading.Lock()

    def __call__(self, picture: Rgb) -> tuple[Floats, Floats]:
        given = ((picture.astype(np.float32) - GROUND) / CONTRAST).transpose(2, 0, 1)[None]
        with self._lock:
            self._net.setInput(np.ascontiguousarray(given))
            features, odds = self._net.forward(("features", "odds"))
        return features[0], odds[0, 0]


@lru_cache(maxsize=SHAPES)
def _network(_shape: tuple[int, ...]) -> _Network:
    """Another shape would have it laid out anew, which takes longer than the pass."""
    return _Network()


def read(picture: Rgb) -> tuple[Floats, Floats]:
    """Features, channels × rows × columns, and the log odds of every window."""
    return _network(picture.shape)(picture)


@cache
def _head() -> tuple[Floats, Floats]:
    with np.load(HEAD) as known:
        return known["weight"].astype(np.float32), known["bias"].astype(np.float32)


def vectors(fields: Floats) -> Floats:
    """N × channels × FIELD × FIELD features as N vectors of length 1."""
    weight, bias = _head()
    found = fields.reshape(len(fields), len(weight)) @ weight + bias
    turned: Floats = found / (np.linalg.norm(found, axis=1, keepdims=True) + 1e-9)
    return turned
