"""Stage captures → listings: each kept picture decoded once, what can be told from it read off."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from detectors.pictures import sketch, small
from detectors.pictures.decode import Unreadable, decoded
from detectors.pictures.logos import Windows
from detectors.pictures.parts import WHOLE, cut, parts
from detectors.pictures.points import Grey
from detectors.reader import PictureReader
from pipeline.bus import Topic
from pipeline.errors import EvidenceLost
from pipeline.records import Capture, Evidence, Fingerprint, Listing, PerceptualHash
from pipeline.stage import Emit, Stage
from pipeline.vault import Vault
from pipeline.written import Box, Written

HASHED = (128, 128)  # pixels: hashes are made of fewer still
FLAT_DEVIATION = 4.0
SMALL_SIDE = 32

Picture = NDArray[np.uint8]


def fingerprint(content: bytes, image: int) -> Fingerprint:
    """What one picture's bytes show at first sight, or the problem with them."""
    return frames(content, image)[0]


def frames(
    content: bytes, image: int, reader: PictureReader | None = None
) -> tuple[Fingerprint, ...]:
    """One for a picture, two for an animation, more for a long one: each bears its number.

    Their text is read if there is a reader for it, that of a long one in its parts.
    """
    try:
        views = list(_views(content))
    except Unreadable as error:
        return (Fingerprint(image=image, problem=str(error)),)
    prints = [replace(_fingerprint(view), image=image) for view in views]
    if reader is None:
        return tuple(prints)
    is_long = any(view.part for view in views)
    written = (
        None if is_long and view.part is None else _written(content, view, reader) for view in views
    )
    return tuple(replace(each, written=w) for each, w in zip(prints, written, strict=True))


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """A frame of a picture, or a part of the first, and the pixels that it has in the file."""

    frame: Picture
    number: int
    width: int
    height: int
    part: Box | None = None


def _views(content: bytes) -> Iterator[_View]:
    found = decoded(content, sketch.SIDE)
    for number, frame in enumerate(found.frames):
        yield _View(frame, number, found.width, found.height)
    boxes = parts(found.width, found.height)
    if not boxes:
        return
    large = decoded(content, round(sketch.SIDE / min(boxes[0][2:]))).frames[0]
    for box in boxes:
        wide, high = round(found.width * box[2]), round(found.height * box[3])
        yield _View(cut(large, box), 0, wide, high, box)


def _written(content: bytes, view: _View, reader: PictureReader) -> Written:
    return reader.written(content, view.frame, view.number, view.part or WHOLE)


def hashed(content: bytes) -> Fingerprint:
    """The hashes alone, of a picture's first frame, or the problem with it."""
    try:
        found = decoded(content, sketch.SIDE)
    except Unreadable as error:
        return Fingerprint(image=0, problem=str(error))
    return _hashed(_grey(found.frames[0]), found.width, found.height)


def _fingerprint(view: _View) -> Fingerprint:
    grey = _grey(view.frame)
    hashes = _hashed(grey, view.width, view.height)
    return replace(
        hashes,
        points=sketch.packed(sketch.seen(grey)),
        logos=None if hashes.flat else Windows.of(view.frame).packed(),
        small=small.packed(view.frame),
        part=view.part,
    )


def _grey(frame: Picture) -> Grey:
    return cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)


def _hashed(grey: Grey, width: int, height: int) -> Fingerprint:
    shown = Image.fromarray(cv2.resize(grey, HASHED, interpolation=cv2.INTER_AREA))
    return Fingerprint(
        image=0,
        phash=_bits(imagehash.phash(shown)),
        dhash=_bits(imagehash.dhash(shown)),
        width=width,
        height=height,
        flat=bool(cv2.meanStdDev(grey)[1][0, 0] < FLAT_DEVIATION)
        or min(width, height) < SMALL_SIDE,
    )


def _bits(found: imagehash.ImageHash) -> PerceptualHash:
    return PerceptualHash(bits=int.from_bytes(np.packbits(found.hash).tobytes(), "big"))


def fingerprints(
    vault: Vault, capture: Capture, reader: PictureReader | None = None
) -> Iterator[Fingerprint]:
    """Each picture's, in their order; a picture that was not kept keeps its problem."""
    for number, picture in enumerate(capture.pictures):
        if picture.kept is None:
            yield Fingerprint(image=number, problem=picture.problem or "not fetched")
        else:
            yield from _of_evidence(vault, picture.kept, number, reader)


def _of_evidence(
    vault: Vault, kept: Evidence, number: int, reader: PictureReader | None
) -> Sequence[Fingerprint]:
    """Evidence that was lost must not hold up what stands behind it."""
    try:
        return frames(vault.get(kept.sha256), number, reader)
    except EvidenceLost as error:
        return (Fingerprint(image=number, problem=str(error)),)


def fingerprint_stage(vault: Vault, reader: PictureReader | None = None) -> Stage[Capture]:
    """Reads pictures from the vault; a broken picture leaves the listing whole."""

    def handle(captures: Sequence[Capture]) -> Iterator[Emit]:
        for capture in captures:
            prints = tuple(fingerprints(vault, capture, reader))
            listing = Listing(capture=capture, fingerprints=prints)
            yield Emit(topic=Topic.LISTINGS, key=capture.key, record=listing)

    return Stage(name="fingerprint", topic=Topic.CAPTURES, kind=Capture, handle=handle)
