"""How alike two characters are drawn: whole, shaded coarsely, and in their four corners.

Pictures of all characters look alike, for all are a square of strokes. So each picture's
directions and shades lose what they share with every other (the mean) and what merely many share
weighs less (directions of great variance are shrunk); only then are two compared by their cosine.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .render import CELLS, DIRECTIONS, Floats, directions, face, pictures, shades
from .sources import font

FACES = (
    ("NotoSansCJK-Regular.ttc", "Noto Sans CJK SC"),
    ("NotoSerifCJK-Regular.ttc", "Noto Serif CJK SC"),
)
BATCH = 500
SHADED = 16
CORNER = 3  # cells of eight
Mask = npt.NDArray[np.bool_]


def outlines(characters: Sequence[str], usual: Mask) -> tuple[Floats, Floats, Floats]:
    """Unit vectors (n, k) for the whole, the shades and the corners; `usual` marks the measure."""
    drawn_directions, drawn_shades = _drawn(characters)
    cells = drawn_directions.reshape(len(characters), CELLS, CELLS, -1)
    near, far = slice(0, CORNER), slice(CELLS - CORNER, CELLS)
    corners = [
        _distinct(cells[:, down, across].reshape(len(cells), -1), usual, kept=40, flattening=0.25)
        for down in (near, far)
        for across in (near, far)
    ]
    return (
        _distinct(drawn_directions, usual, kept=300, flattening=0.25),
        _distinct(drawn_shades, usual, kept=200, flattening=0.2),
        np.concatenate(corners, axis=1) / np.float32(2),
    )


def covered(characters: Sequence[str]) -> list[str]:
    """The characters that both faces can draw."""
    for name, family in FACES:
        opened = face(font(name, "fonts-noto-cjk"), family)
        blank = bytes(opened.getmask("\U0010fffd"))
        characters = [each for each in characters if bytes(opened.getmask(each)) != blank]
    return list(characters)


def _drawn(characters: Sequence[str]) -> tuple[Floats, Floats]:
    """What both faces show: (n, 2 * cells * directions) and (n, 2 * shades)."""
    all_directions, all_shades = [], []
    for name, family in FACES:
        opened = face(font(name, "fonts-noto-cjk"), family)
        for start in range(0, len(characters), BATCH):
            drawn = pictures(characters[start : start + BATCH], opened)
            all_directions.append(directions(drawn).reshape(len(drawn), CELLS * CELLS, DIRECTIONS))
            all_shades.append(shades(drawn, SHADED))
    return (
        _beside(all_directions, len(characters)).reshape(len(characters), -1),
        _beside(all_shades, len(characters)).reshape(len(characters), -1),
    )


def _beside(batches: list[Floats], count: int) -> Floats:
    """The two faces' rows beside each other, along the last axis."""
    stacked = np.concatenate(batches)
    return np.concatenate([stacked[:count], stacked[count:]], axis=-1)


def _distinct(features: Floats, usual: Mask, *, kept: int, flattening: float) -> Floats:
    """Principal components, the strong ones shrunk by their variance to the power `flattening`."""
    centred = features - features[usual].mean(axis=0)
    measure = centred[usual].astype(np.float64)
    variances, axes = np.linalg.eigh(measure.T @ measure / len(measure))
    strongest = np.argsort(-variances)[:kept]
    turned = centred @ (axes[:, strongest] / variances[strongest] ** flattening).astype(np.float32)
    unit: Floats = turned / np.linalg.norm(turned, axis=1, keepdims=True)
    return unit
