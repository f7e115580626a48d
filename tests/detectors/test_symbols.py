"""QR and bar codes are decoded wherever they lie, and what they say does no harm."""

import numpy as np
import pytest
from PIL import Image

from detectors.pictures.symbols import EVERY, LONGEST, symbols
from tests import make
from tests.detectors.written import sheet, with_code

ADDRESS = "https://shop.example/苹果?id=7"


def scanned(image: Image.Image, formats=EVERY):
    return symbols(np.asarray(image.convert("RGB")), formats)


@pytest.mark.parametrize(
    ("kind", "text", "name"),
    [
        ("QRCode", ADDRESS, "QR Code"),
        ("EAN13", "6901234567892", "EAN-13"),
        ("Code128", "SC-26", "Code 128"),
        ("DataMatrix", ADDRESS, "Data Matrix"),
        ("PDF417", ADDRESS, "PDF417"),
        ("Aztec", ADDRESS, "Aztec"),
    ],
)
@pytest.mark.parametrize("turn", [0, 90, 180])
def test_a_code_is_read_wherever_it_lies(kind, text, name, turn):
    image = with_code(sheet(["扫码"]), text, kind, (90, 200)).rotate(turn, expand=True)
    (found,) = scanned(image)

    assert (found.format, found.text) == (name, text)


def test_a_box_says_where_the_code_lies():
    (found,) = scanned(
        with_code(Image.new("RGB", (800, 800), "white"), ADDRESS, "QRCode", (480, 80))
    )

    x, y, width, height = found.box
    assert 480 / 800 <= x < x + width <= 620 / 800
    assert 80 / 800 <= y < y + height <= 220 / 800


def test_two_codes_are_two():
    image = with_code(sheet([]), ADDRESS, "QRCode", (20, 20))
    image = with_code(image, "6901234567892", "EAN13", (180, 200))

    assert {found.format for found in scanned(image)} == {"QR Code", "EAN-13"}


def test_a_bar_code_with_a_wrong_digit_is_none():
    """A line of paper across the bars, and the check digit no longer fits."""
    image = with_code(Image.new("RGB", (500, 300), "white"), "6901234567892", "EAN13", (20, 20))
    image.paste("white", (200, 0, 208, 300))

    assert [found.text for found in scanned(image)] in ([], ["6901234567892"])


def test_what_a_code_says_is_cut_and_made_harmless():
    hostile = "\x1b[2J\u202e\n" + "甘" * 700
    (found,) = scanned(with_code(Image.new("RGB", (900, 900), "white"), hostile, "QRCode", (9, 9)))

    assert len(found.text) == LONGEST
    assert found.text.startswith("\ufffd[2J\ufffd 甘")
    assert found.text.isprintable()


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (1, 1)),
        Image.new("RGB", (3, 700)),
        make.photo(3, 400),
        sheet(["花牛苹果"] * 6),
        Image.fromarray(
            np.random.default_rng(1).integers(0, 255, (400, 400, 3), dtype=np.uint8), "RGB"
        ),
    ],
    ids=["1×1", "a line", "a photo", "text", "noise"],
)
def test_where_no_code_lies_none_is_read(image):
    assert scanned(image) == ()
