"""Fingerprints survive harmless edits, and broken pictures say what is wrong with them."""

import io
import struct
import zlib

import pytest
from PIL import Image, ImageOps

from detectors.fingerprint import fingerprint, fingerprint_stage
from detectors.image import ImageDetector, ImageFinder, RightPicture
from pipeline.records import Capture, Listing, PerceptualHash, Picture
from pipeline.vault import Vault
from tests import make


def prints(content: bytes):
    found = fingerprint(content, 0)
    assert found.phash is not None
    assert found.dhash is not None
    return found


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content)).convert("RGB")


RIGHT = make.right("花牛苹果", images=("pack.jpg",))
PACK = make.picture(seed=3)
SEEN = prints(PACK)
KNOWN = RightPicture(right=RIGHT, image="pack.jpg", phash=SEEN.phash, dhash=SEEN.dhash)


def found_in(content: bytes):
    listing = Listing(capture=make.capture(), fingerprints=(fingerprint(content, 0),))
    fast = ImageFinder([KNOWN]).find([listing])[0].get(RIGHT.id, ())
    assert tuple(fast) == tuple(ImageDetector([KNOWN]).compare(listing, RIGHT))
    return fast


@pytest.mark.parametrize(
    "edit",
    [
        lambda image: image,
        lambda image: image.resize((160, 160)),
        lambda image: image.convert("L").convert("RGB"),
        lambda image: image.resize((320, 280)),
    ],
    ids=["copy", "half size", "grey", "squeezed"],
)
def test_an_edited_copy_is_found_and_says_how_far_off(edit):
    (match,) = found_in(make.encoded(edit(opened(PACK))))

    assert match.right_image == "pack.jpg"
    assert match.distance is not None
    assert match.distance <= 10
    assert str(match.distance) in match.reason


@pytest.mark.parametrize("seed", range(4, 16))
def test_another_picture_is_not_found(seed):
    assert found_in(make.picture(seed)) == ()


def test_a_picture_lying_on_its_side_is_set_upright_first():
    sideways = opened(PACK).rotate(90, expand=True)
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    sideways.save(out, "JPEG", exif=exif)

    assert len(found_in(out.getvalue())) == 1


def test_transparency_is_white():
    image = opened(PACK).convert("RGBA")
    mask = ImageOps.invert(image.convert("L")).point(lambda value: 255 if value > 30 else 0)
    image.putalpha(mask)

    assert len(found_in(make.encoded(image, "PNG"))) == 1


@pytest.mark.parametrize("colour", ["white", "red"])
def test_a_flat_picture_matches_nothing(colour):
    flat = make.encoded(Image.new("RGB", (200, 200), colour))

    assert fingerprint(flat, 0).flat
    assert found_in(flat) == ()


def bomb(side: int) -> bytes:
    """A PNG that claims side × side pixels."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(b"\0" * 100)), (b"IEND", b""))
    parts = (
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (PACK[: len(PACK) // 2], "not a readable picture"),
        (bomb(30_000), "more than 64,000,000 pixels"),
        (bomb(10_000), "more than 64,000,000 pixels"),
        (b"<html>404</html>", "not a readable picture"),
        (b"", "not a readable picture"),
    ],
    ids=["truncated", "30000x30000", "10000x10000", "a page", "nothing"],
)
def test_a_broken_picture_says_so_and_raises_nothing(content, problem):
    found = fingerprint(content, 2)

    assert found.image == 2
    assert found.phash is None
    assert found.problem is not None
    assert problem in found.problem


def test_a_listing_keeps_its_broken_pictures_in_their_place(tmp_path):
    vault = Vault(tmp_path)
    pictures = (
        Picture(source="a", problem="HTTP 404, not a picture"),
        Picture(source="b", kept=vault.put(PACK, "image/jpeg")),
        Picture(source="c", kept=vault.put(PACK[:900], "image/jpeg")),
    )
    (emit,) = fingerprint_stage(vault).handle([make.capture(pictures=pictures)])
    listing = emit.record

    assert isinstance(listing, Listing)
    assert [found.image for found in listing.fingerprints] == [0, 1, 2]
    assert [found.problem is None for found in listing.fingerprints] == [False, True, False]
    assert isinstance(listing.capture, Capture)


def test_lost_evidence_holds_nothing_up(tmp_path):
    """A vault file that vanished once stopped the stage for good, all later listings behind it."""
    vault = Vault(tmp_path / "vault")
    kept = Vault(tmp_path / "other").put(PACK, "image/jpeg")
    (emit,) = fingerprint_stage(vault).handle(
        [make.capture(pictures=(Picture(source="a", kept=kept),))]
    )

    assert isinstance(emit.record, Listing)
    assert "no evidence" in str(emit.record.fingerprints[0].problem)


def test_a_hash_checks_its_width():
    with pytest.raises(ValueError, match="64-bit"):
        PerceptualHash(bits=1 << 64)
