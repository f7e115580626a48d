"""Stage captures → listings: each kept picture decoded once, what can be told from it read off."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import cv2
import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from detectors.pictures import sketch, small
from detectors.pictures.decode import Decoded, Unreadable, decoded
from detectors.pictures.logos import Windows
from detectors.pictures.points import Grey
from detectors.reader import PictureReader
from pipeline.bus import Topic
from pipeline.errors import EvidenceLost
from pipeline.records import Capture, Evidence, Fingerprint, Listing, PerceptualHash
from pipeline.stage import Emit, Stage
from pipeline.vault import Vault

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
    """One for a picture, two for an animation: each bears the picture's number.

    Their text is read if there is a reader for it.
    """
    try:
        found = decoded(content, sketch.SIDE)
    except Unreadable as error:
        return (Fingerprint(image=image, problem=str(error)),)
    prints = [_fingerprint(frame, found, image) for frame in found.frames]
    if reader is None:
        return tuple(prints)
    written = (reader.written(content, frame, n) for n, frame in enumerate(found.frames))
    return tuple(replace(each, written=w) for each, w in zip(prints, written, strict=True))


def hashed(content: bytes) -> Fingerprint:
    """The hashes alone, of a picture's first frame, or the problem with it."""
    try:
        found = decoded(content, sketch.SIDE)
    except Unreadable as error:
        return Fingerprint(image=0, problem=str(error))
    return _hashed(_grey(found.frames[0]), found, 0)


def _fingerprint(frame: Picture, found: Decoded, image: int) -> Fingerprint:
    grey = _grey(frame)
    hashes = _hashed(grey, found, image)
    return replace(
        hashes,
        points=sketch.packed(sketch.seen(grey)),
        logos=None if hashes.flat else Windows.of(frame).packed(),
        small=small.packed(grey),
    )


def _grey(frame: Picture) -> Grey:
    return cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)


def _hashed(grey: Grey, found: Decoded, image: int) -> Fingerprint:
    shown = Image.fromarray(cv2.resize(grey, HASHED, interpolation=cv2.INTER_AREA))
    return Fingerprint(
        image=image,
        phash=_bits(imagehash.phash(shown)),
        dhash=_bits(imagehash.dhash(shown)),
        width=found.width,
        height=found.height,
        flat=bool(grey.std() < FLAT_DEVIATION) or min(found.width, found.height) < SMALL_SIDE,
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
