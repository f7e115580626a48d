"""A long picture is read in parts, and what lies in one is placed in the whole."""

import io
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from detectors.fingerprint import frames
from detectors.image import ImageDetector, ImageFinder
from detectors.logo import LogoFinder
from detectors.pictures.overlay import overlay
from detectors.pictures.parts import LEAST, LONG, MOST, cut, in_whole, parts
from detectors.reader import PictureReader
from detectors.right_pictures import right_picture
from pipeline.records import Listing
from pipeline.written import Unread
from tests import make
from tests.detectors.test_logos import lion, on_paper

RIGHT = make.right("金狮", images=("photo.png",))
WIDE, HIGH = 750, 5200
TOP, SIZE = 3300, 560


def stacked(*, lying: bool = False) -> Image.Image:
    """Photos one under the other, as under many a listing; one of them is the right's."""
    page = Image.new("RGB", (WIDE, HIGH), "white")
    for number, top in enumerate(range(0, HIGH, 650)):
        page.paste(make.photo(20 + number, 600).resize((WIDE, 600)), (0, top))
    page.paste(make.photo(7, 800).resize((SIZE, SIZE)), (90, TOP))
    return page.rotate(90, expand=True) if lying else page


def listed(picture: Image.Image) -> Listing:
    return Listing(capture=make.capture(), fingerprints=frames(make.encoded(picture, "JPEG"), 0))


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rights")
    make.photo(7, 800).save(folder / "photo.png")
    on_paper(lion()).save(folder / "logo.png")
    return [right_picture(RIGHT, name, folder / name) for name in ("photo.png", "logo.png")]


@given(st.integers(1, 8000), st.integers(1, 8000))
def test_parts_cover_a_long_picture_and_share_their_edges(width, height):
    found = parts(width, height)
    ratio = max(width, height) / min(width, height)

    assert (len(found) > 1) == (ratio > LONG and max(width, height) > LEAST)
    assert len(found) <= MOST
    if found:
        axis = int(height > width)
        assert found[0][axis] == 0
        assert found[-1][axis] + found[-1][2 + axis] == pytest.approx(1)
        assert all(a[axis] + a[2 + axis] > b[axis] for a, b in itertools.pairwise(found))


@pytest.mark.parametrize("lying", [False, True])
def test_a_photo_in_a_long_picture_is_found_in_its_place(known, lying):
    listing = listed(stacked(lying=lying))
    matches = ImageFinder(known).find([listing])[0][RIGHT.id]
    best = max(matches, key=lambda match: match.score)

    x, y, wide, high = best.region
    upright = (1 - y - high, x, high, wide) if lying else (x, y, wide, high)
    there = (90 / WIDE, TOP / HIGH, SIZE / WIDE, SIZE / HIGH)
    assert best.score > 0.95
    assert upright == pytest.approx(there, abs=0.02)
    assert any(edit.startswith("inset at") for edit in best.edits)
    assert set(matches) == set(ImageDetector(known).compare(listing, RIGHT))


def test_a_logo_in_a_long_picture_is_found_in_its_place(known):
    page = stacked()
    sign = lion().resize((260, 260))
    page.paste(sign, (300, 1500), sign)
    matches = LogoFinder(known).find([listed(page)])[0][RIGHT.id]
    best = max(matches, key=lambda match: match.score)

    assert best.region[:2] == pytest.approx((326 / WIDE, 1513 / HIGH), abs=0.015)


def test_the_overlay_shows_the_part(known):
    page = make.encoded(stacked(), "JPEG")
    region = (90 / WIDE, TOP / HIGH, SIZE / WIDE, SIZE / HIGH)
    photo = make.encoded(make.photo(7, 800), "PNG")
    drawn = overlay(photo, page, region)
    (across, _), beside = Image.open(io.BytesIO(drawn)).size, 512 + 16

    assert 390 < across - beside < 430, "the part is 1.25 times as high as wide"
    outlined = overlay(photo, page, region, by_points=False)
    paint = np.asarray(Image.open(io.BytesIO(outlined)).convert("RGB")) == (0xE0, 0x1B, 0x24)
    red = np.argwhere(paint.all(axis=2))[:, 1]
    assert red.max() - beside == pytest.approx((90 + SIZE) / WIDE * (across - beside), abs=6)


def test_a_part_has_its_own_pixels():
    prints = frames(make.encoded(stacked(), "JPEG"), 4)
    whole, *others = prints

    assert (whole.width, whole.height, whole.part) == (WIDE, HIGH, None)
    assert {each.image for each in prints} == {4}
    assert all(each.width == WIDE and 900 < each.height < 1000 for each in others)


def test_a_wordmark_is_no_long_picture():
    """Cut into letters it would be like any other word."""
    assert len(frames(make.encoded(Image.new("RGB", (900, 160), "white")), 0)) == 1


def test_what_is_read_in_a_part_lies_in_the_whole():
    """The reader is asked for every part, and for none of the whole."""
    told: list[str] = []
    prints = frames(make.encoded(stacked(), "JPEG"), 0, PictureReader(0.0, tell=told.append))

    assert prints[0].written is None
    assert {each.written.unread for each in prints[1:]} == {Unread.OFF}
    assert len(told) == len(prints) - 1


def test_a_box_in_a_part_is_the_same_pixels_in_the_whole():
    page = np.random.default_rng(1).integers(0, 256, (1000, 200)).astype(np.uint8)
    part, box = (0.0, 0.4, 1.0, 0.3), (0.25, 0.5, 0.5, 0.25)

    assert (cut(cut(page, part), box) == cut(page, in_whole(box, part))).all()
