"""Pictures of characters, drawn from a font and described by the directions of their strokes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

Floats = npt.NDArray[np.float32]

SIZE = 64
BASELINE = 56  # of 64: where both Noto families rest their Han characters
CELLS = 8
DIRECTIONS = 8


def face(path: Path, family: str, size: int = SIZE) -> ImageFont.FreeTypeFont:
    """The face of that family within a collection."""
    for index in range(16):
        found = ImageFont.truetype(str(path), size, index=index)
        if found.getname()[0] == family:
            return found
    raise LookupError(f"{path} holds no {family}")


def pictures(characters: Sequence[str], font: ImageFont.FreeTypeFont) -> Floats:
    """One picture a character, (n, 64, 64), ink 1 and paper 0."""
    drawn = np.empty((len(characters), SIZE, SIZE), np.float32)
    for place, character in enumerate(characters):
        image = Image.new("L", (SIZE, SIZE))
        ImageDraw.Draw(image).text((0, BASELINE), character, fill=255, font=font, anchor="ls")
        drawn[place] = np.asarray(image, np.float32) / 255
    return drawn


def directions(drawn: Floats) -> Floats:
    """How much edge of each direction each cell holds, (n, cells * cells * directions)."""
    down, across = np.gradient(drawn, axis=(1, 2))
    strength = np.hypot(down, across)
    angle = np.arctan2(down, across) % np.pi * (DIRECTIONS / np.pi)
    windows = _windows(CELLS)
    channels = []
    for direction in range(DIRECTIONS):
        distance = np.abs(angle - direction)
        near = np.maximum(0, 1 - np.minimum(distance, DIRECTIONS - distance))
        channels.append(windows @ (strength * near) @ windows.T)
    edges = np.stack(channels, axis=-1).reshape(len(drawn), -1)
    rooted: Floats = np.sqrt(edges).astype(np.float32)
    return rooted


def shades(drawn: Floats, cells: int) -> Floats:
    """How dark each cell is, (n, cells * cells)."""
    windows = _windows(cells)
    shaded: Floats = (windows @ drawn @ windows.T).reshape(len(drawn), -1).astype(np.float32)
    return shaded


def _windows(cells: int) -> Floats:
    """Overlapping triangular windows, (cells, 64), so that a stroke may shift a little."""
    width = SIZE / cells
    middles = (np.arange(cells) + 0.5) * width
    distance = np.abs(np.arange(SIZE) + 0.5 - middles[:, None])
    windows: Floats = np.maximum(0, 1 - distance / width).astype(np.float32)
    return windows
