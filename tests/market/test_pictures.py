"""The pictures the market draws."""

from io import BytesIO
from itertools import combinations

import imagehash
import pytest
from PIL import Image, ImageFont

from crawlers.market.catalogue import make_market
from crawlers.market.pictures import draw, drawn_text, jpeg
from crawlers.market.shapes import FONT
from crawlers.market.truth import PictureDisguise


@pytest.mark.parametrize("seed", [1, 7, 8])
def test_the_font_holds_every_character_the_market_draws(rights, seed):
    font = ImageFont.truetype(FONT, 40)
    unknown = bytes(font.getmask("\U0010ffff"))
    drawn = {mark for mark in drawn_text(make_market(seed, rights)) if not mark.isspace()}

    assert [mark for mark in sorted(drawn) if bytes(font.getmask(mark)) == unknown] == []


def test_the_font_is_small_and_its_licence_lies_beside_it():
    licence = (FONT.parent / "OFL.txt").read_text(encoding="utf-8")

    assert FONT.stat().st_size <= 500_000
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence


def test_a_picture_is_the_same_each_time_it_is_drawn(market):
    spec = market.items[0].pictures[0]
    before = jpeg(spec)

    jpeg.cache_clear()

    assert jpeg(spec) == before


def test_a_picture_is_a_jpeg_of_six_hundred_pixels(market):
    picture = Image.open(BytesIO(jpeg(market.references[0].spec)))

    assert picture.format == "JPEG"
    assert picture.size == (600, 600)


def test_every_right_has_a_package_and_a_logo(market):
    for right in market.rights:
        own = [reference.name for reference in market.references if reference.right_id == right.id]

        assert own == ["package", "logo"]


def test_pictures_that_have_nothing_to_do_with_each_other_hash_far_apart(market):
    specs = [item.pictures[0] for item in market.items if item.pictures[0].original is None]
    specs = specs[:120] + [reference.spec for reference in market.references]
    hashes = [imagehash.phash(draw(spec)) for spec in specs]

    distances = [one - other for one, other in combinations(hashes, 2)]

    assert sum(distance <= 14 for distance in distances) / len(distances) < 0.005


def test_a_plain_copy_is_the_right_holders_file_byte_for_byte(market):
    for spec in _taken(market, PictureDisguise.COPIED):
        assert jpeg(spec) == jpeg(spec.original)


@pytest.mark.parametrize(
    ("edit", "farthest"),
    [(PictureDisguise.RE_ENCODED, 6), (PictureDisguise.WATERMARK, 10)],
)
def test_a_light_edit_stays_near_its_original(market, edit, farthest):
    for spec in _taken(market, edit):
        assert _distance(spec, spec.original) <= farthest


@pytest.mark.parametrize("edit", [edit for edit in PictureDisguise if edit != "copied"])
def test_every_edit_changes_the_picture(market, edit):
    for spec in _taken(market, edit):
        assert jpeg(spec) != jpeg(spec.original)


def test_a_mirrored_picture_turned_back_is_the_original(market):
    for spec in _taken(market, PictureDisguise.MIRROR):
        back = draw(spec).transpose(Image.Transpose.FLIP_LEFT_RIGHT)

        assert back.tobytes() == draw(spec.original).tobytes()


def _taken(market, edit):
    specs = [spec for item in market.items for spec in item.pictures if spec.edit is edit]

    assert specs
    return specs[:8]


def _distance(one, other):
    return imagehash.phash(draw(one)) - imagehash.phash(draw(other))
