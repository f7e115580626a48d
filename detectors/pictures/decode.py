"""A picture from its bytes, decoded once: safely, upright, on paper, no larger than need be."""

import contextlib
import ctypes
import io
import logging
import math
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, _imaging

from detectors.pictures.bare import (
    CUT,
    DAMAGED,
    MAX_PIXELS,
    WEBP_PIXELS,
    Bare,
    Unreadable,
    bare,
    check_size,
)
from detectors.pictures.shrink import fitting, whole

__all__ = ["Decoded", "Unreadable", "decoded"]

Picture = NDArray[np.uint8]

SIDE = 640
MAX_SOUGHT = 60  # frames gone through to reach a later one
BAND_PIXELS = 1 << 22  # turned into colours at a time
PAPER, DARK_PAPER = (255, 255, 255, 255), (128, 128, 128, 255)
STANDS_OUT = 24  # levels, in the channel that differs most
SEEN = 0.05  # of what is opaque
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
PILLOW_RAISES = (
    OSError,
    EOFError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
    AttributeError,
    AssertionError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """Frames of RGB, height × width × 3; `width` and `height` as displayed, before shrinking.

    The first frame, and of an animation the middle one: a first frame may be a blank decoy.
    """

    frames: tuple[Picture, ...]
    width: int
    height: int


def decoded(content: bytes, side: int = SIDE) -> Decoded:
    """Frames whose longer side is `side`, or as it was if that is shorter. Raises `Unreadable`.

    Bounded in time by 20 MiB of file, 64,000,000 pixels in all frames that are gone through,
    60 such frames, 20 scans of as many pixels, and the parts of a file: two seconds at worst.
    """
    _hush()
    try:
        file = bare(content)
        with Image.open(io.BytesIO(file.content), formats=(file.kind,)) as picture:
            return _read(picture, file, side)
    except Unreadable:
        raise
    except Image.DecompressionBombError as error:
        raise Unreadable(f"more than {MAX_PIXELS:,} pixels") from error
    except PILLOW_RAISES as error:
        raise Unreadable(CUT if "truncated" in str(error).lower() else DAMAGED) from error


def _hush() -> None:
    """What Pillow and libtiff would warn of, shows in what is raised."""
    warnings.filterwarnings("ignore", module=r"PIL\.")
    _hush_for_good()


@cache
def _hush_for_good() -> None:
    logging.getLogger("PIL").setLevel(logging.CRITICAL)
    with contextlib.suppress(AttributeError, OSError):
        ctypes.CDLL(_imaging.__file__).TIFFSetErrorHandler(None)


def _read(picture: Image.Image, file: Bare, side: int) -> Decoded:
    width, height = picture.size
    check_size(width, height, WEBP_PIXELS if file.kind == "WEBP" else MAX_PIXELS)
    part = side / max(width, height)
    if part < 1:
        picture.draft("RGB", (math.ceil(width * part), math.ceil(height * part)))
    picture.load()
    frames = [_finished(picture, file.orientation, side)]
    frames += [_finished(frame, file.orientation, side) for frame in _later(picture, file.frames)]
    if file.orientation >= 5:
        width, height = height, width
    return Decoded(tuple(frames), width, height)


def _later(picture: Image.Image, frames: int) -> Iterator[Image.Image]:
    """The frame in the middle, or the last before it that can be reached."""
    found, pixels = None, picture.width * picture.height
    with contextlib.suppress(*PILLOW_RAISES, Image.DecompressionBombError):
        for number in range(1, min(frames // 2, MAX_SOUGHT) + 1):
            picture.seek(number)
            pixels += picture.width * picture.height
            if pixels > MAX_PIXELS:
                break
            picture.load()
            found = picture.copy()
    if found is not None:
        yield found


def _finished(picture: Image.Image, orientation: int, side: int) -> Picture:
    levels = _small(picture, side)
    if orientation in TURNS:
        return np.asarray(Image.fromarray(levels).transpose(TURNS[orientation]))
    return levels


def _small(picture: Image.Image, side: int) -> Picture:
    """On paper; by whole numbers to no less than twice the size, then to the size."""
    width, height = picture.size
    longer = max(width, height)
    by = max(1, longer // (2 * side))
    if longer > side and (by > 1 or picture.has_transparency_data):
        size = whole(width * side / longer, height * side / longer)
        box = (0, 0, width / by, height / by)
        reduced = _reduced(picture, by).resize(size, Image.Resampling.LANCZOS, box)
        return np.asarray(_on_paper(reduced))
    return fitting(np.asarray(_on_paper(_coloured(picture, _white(picture)))), side)


def _reduced(picture: Image.Image, by: int) -> Image.Image:
    """Band after band, so that a large picture is never held in colours as a whole."""
    white, (width, height) = _white(picture), picture.size
    rows = max(1, BAND_PIXELS // (width * by)) * by
    bands = [
        _coloured(picture.crop((0, top, width, min(top + rows, height))), white).reduce(by)
        for top in range(0, height, rows)
    ]
    whole = Image.new(bands[0].mode, (-(-width // by), -(-height // by)))
    for number, band in enumerate(bands):
        whole.paste(band, (0, number * rows // by))
    return whole


def _white(picture: Image.Image) -> float:
    """The value that is white where a grey has more than eight bits; 255 elsewhere."""
    if picture.mode.startswith("I;16"):
        return 65_535
    if picture.mode not in ("I", "F"):
        return 255
    greatest = float(picture.getextrema()[1])  # type: ignore[arg-type]
    return next((white for white in (1, 255, 65_535) if greatest <= white), greatest)


def _coloured(picture: Image.Image, white: float) -> Image.Image:
    """RGB, or RGBA if anything may be transparent."""
    if picture.mode.startswith(("I", "F")):
        with np.errstate(all="ignore"):
            grey = np.nan_to_num(np.asarray(picture, dtype=np.float64) * (255 / white))
        return Image.fromarray(np.rint(grey.clip(0, 255)).astype(np.uint8)).convert("RGB")
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    return picture if picture.mode == mode else picture.convert(mode)


def _on_paper(image: Image.Image) -> Image.Image:
    """On white, or on grey where white would hide nearly all that is opaque, as a white logo."""
    if image.mode != "RGBA":
        return image
    values = np.asarray(image)
    opaque = values[..., 3].astype(np.int64)
    dark = values[..., :3].min(axis=2) < 255 - STANDS_OUT
    seen = int(opaque[dark].sum()) >= SEEN * int(opaque.sum())
    paper = Image.new("RGBA", image.size, PAPER if seen else DARK_PAPER)
    return Image.alpha_composite(paper, image).convert("RGB")
