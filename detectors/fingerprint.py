"""Stage captures → listings: each kept picture decoded once, its perceptual hashes read off."""

import io
from collections.abc import Iterator, Sequence

import imagehash
import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from pipeline.bus import Topic
from pipeline.errors import EvidenceLost
from pipeline.records import Capture, Evidence, Fingerprint, Listing, PerceptualHash
from pipeline.stage import Emit, Stage
from pipeline.vault import Vault

MAX_PIXELS = 64_000_000
DRAFT = 512
FLAT_DEVIATION = 4.0
SMALL_SIDE = 32
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


def fingerprint(content: bytes, image: int) -> Fingerprint:
    """The hashes of one picture's bytes, or the problem that kept them from being read."""
    try:
        picture = _opened(content)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        return Fingerprint(image=image, problem=f"more than {MAX_PIXELS:,} pixels")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        return Fingerprint(image=image, problem=f"not a readable picture: {error}")
    grey = np.asarray(picture.convert("L"), dtype=np.float32)
    return Fingerprint(
        image=image,
        phash=_bits(imagehash.phash(picture)),
        dhash=_bits(imagehash.dhash(picture)),
        width=picture.width,
        height=picture.height,
        flat=bool(grey.std() < FLAT_DEVIATION) or min(picture.size) < SMALL_SIDE,
    )


def _opened(content: bytes) -> Image.Image:
    """Upright, on white, no larger than need be; pixels are counted before any is decoded."""
    with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise Image.DecompressionBombError
        picture.draft("RGB", (DRAFT, DRAFT))
        upright = ImageOps.exif_transpose(picture)
        if "A" in upright.getbands() or "transparency" in upright.info:
            layered = upright.convert("RGBA")
            paper = Image.new("RGBA", layered.size, "white")
            return Image.alpha_composite(paper, layered).convert("RGB")
        return upright.convert("RGB")


def _bits(found: imagehash.ImageHash) -> PerceptualHash:
    return PerceptualHash(bits=int("".join("1" if bit else "0" for bit in found.hash.flatten()), 2))


def fingerprints(vault: Vault, capture: Capture) -> Iterator[Fingerprint]:
    """One for each picture, in their order; a picture that was not kept keeps its problem."""
    for number, picture in enumerate(capture.pictures):
        if picture.kept is None:
            yield Fingerprint(image=number, problem=picture.problem or "not fetched")
        else:
            yield _of_evidence(vault, picture.kept, number)


def _of_evidence(vault: Vault, kept: Evidence, number: int) -> Fingerprint:
    """Evidence that was lost must not hold up what stands behind it."""
    try:
        return fingerprint(vault.get(kept.sha256), number)
    except EvidenceLost as error:
        return Fingerprint(image=number, problem=str(error))


def fingerprint_stage(vault: Vault) -> Stage[Capture]:
    """Reads pictures from the vault; a broken picture leaves the listing whole."""

    def handle(captures: Sequence[Capture]) -> Iterator[Emit]:
        for capture in captures:
            listing = Listing(capture=capture, fingerprints=tuple(fingerprints(vault, capture)))
            yield Emit(topic=Topic.LISTINGS, key=capture.key, record=listing)

    return Stage(name="fingerprint", topic=Topic.CAPTURES, kind=Capture, handle=handle)
