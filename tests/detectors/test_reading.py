"""Text is read off real pictures by the real engine, however it is turned, and without network."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter, ImageOps

from detectors.pictures import reading
from detectors.pictures.reading import LEAST, MOST_TEXT, lines, seems_written
from tests import make
from tests.detectors.written import PAPER, sheet

ROOT = Path(__file__).parents[2]
WORDS = ("正宗花牛苹果", "Huaniu Apple 10kg", "GB/T 20453-2006")


def read(image: Image.Image):
    return lines(np.asarray(image.convert("RGB")))


def texts(image: Image.Image) -> list[str]:
    return [line.text for line in read(image)]


@pytest.mark.parametrize("turn", [0, 7, 90, 180, 270])
def test_text_is_read_however_the_picture_lies(turn):
    assert set(texts(sheet(WORDS, turn=turn))) == set(WORDS)


@pytest.mark.parametrize("pixels", [14, 20, 60])
def test_small_and_large_text_is_read(pixels):
    assert texts(sheet(["甘肃天水", "花牛苹果"], pixels)) == ["甘肃天水", "花牛苹果"]


def test_a_column_of_characters_is_a_line():
    assert texts(sheet("花牛苹果", 50)) == ["花牛苹果"]


def test_a_box_says_where_the_line_stands():
    first, second = read(sheet(["花牛苹果", "甘肃天水"], pixels=40))

    x, y, width, height = first.box
    assert (x, y) == pytest.approx((40 / 640, 48 / 440), abs=0.02)
    assert (width, height) == pytest.approx((160 / 640, 40 / 440), abs=0.04)
    assert second.box[1] > y + height
    assert min(first.confidence, second.confidence) > 0.9


def test_mirrored_text_is_read_and_said_to_be_mirrored():
    page = sheet(["HUANIU APPLE", "花牛苹果"], pixels=40)
    found = read(ImageOps.mirror(page))

    assert [(line.text, line.mirrored) for line in found] == [
        ("HUANIU APPLE", True),
        ("花牛苹果", True),
    ]
    assert not any(line.mirrored for line in read(page))
    assert found[0].box[0] + found[0].box[2] == pytest.approx(1 - read(page)[0].box[0], abs=0.02)


def test_what_is_hardly_legible_is_left_out():
    """Blurred beyond reading the engine still says something, and that it is unsure."""
    blurred = sheet(["甘肃天水花牛苹果", "产品标准号 20453"], 22).filter(
        ImageFilter.GaussianBlur(4)
    )
    said = reading._asked(np.asarray(blurred), read=True)

    assert said is not None
    assert min(line.sure for line in said) < LEAST
    assert all(line.confidence >= LEAST for line in read(blurred))
    assert len(read(blurred)) < len(said)


def test_a_wall_of_text_is_cut_short():
    wall = sheet(["0123456789" * 11] * 50, pixels=10, size=(960, 960))
    found = read(wall)

    assert 0 < sum(len(line.text) for line in found) <= MOST_TEXT


def random(width: int, height: int) -> Image.Image:
    values = np.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


@pytest.mark.parametrize(
    "image",
    [
        Image.new("RGB", (1, 1)),
        Image.new("RGB", (960, 1), "white"),
        Image.new("RGB", (1, 960), "white"),
        random(960, 9),
        random(960, 20),
        random(9, 960),
        Image.new("RGB", (512, 512), "red"),
        Image.new("RGB", (512, 512), PAPER),
        random(500, 500),
    ],
    ids=["1×1", "960×1", "1×960", "960×9", "960×20", "9×960", "red", "paper", "noise"],
)
def test_where_nothing_stands_nothing_is_read(image):
    assert texts(image) == []
    assert not seems_written(np.asarray(image))


def test_text_as_large_as_the_picture_does_no_harm():
    assert "".join(texts(sheet(["花牛"], pixels=420, size=(960, 800)))) in {"花牛", ""}


@pytest.mark.parametrize("image", [sheet(WORDS), sheet(["花牛"], 14), sheet("苹果", 50, turn=90)])
def test_a_picture_with_text_seems_written(image):
    assert seems_written(np.asarray(image))


def test_a_picture_without_text_does_not():
    seen = [seems_written(np.asarray(make.photo(seed, 400))) for seed in range(6)]

    assert sum(seen) <= 1


def test_nothing_is_fetched_and_nothing_is_said():
    """The engine logs to stderr and downloads what it lacks, if it is let."""
    code = """
import socket
def refuse(*given, **more): raise AssertionError("the network was asked")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
import numpy as np
from detectors.pictures.reading import lines
from tests.detectors.written import sheet
print([line.text for line in lines(np.asarray(sheet(["花牛苹果"])))])
print(lines(np.full((300, 300, 3), 200, np.uint8)))
"""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout == "['花牛苹果']\n()\n"
