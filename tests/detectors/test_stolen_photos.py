"""The right's own photo in a shop on no list is a cue of its own, and no proof of a counterfeit."""

import pytest
from PIL import Image, ImageOps

from detectors.fingerprint import frames
from detectors.image import ImageFinder
from detectors.right_pictures import right_picture
from detectors.screen import Screen
from detectors.wording.english import clue_sentence
from pipeline.assessed import Tier
from pipeline.records import Clue, Listing, User
from tests import make

RIGHT = make.right(official_shops=("花牛官方旗舰店",), users=(User(name="麦积果业"),))
PHOTO = make.photo(1)
THEIRS = "疑似盗图"


def cut_out() -> Image.Image:
    """The same goods on white, as a logo stands."""
    page = Image.new("RGB", (640, 640), "white")
    page.paste(PHOTO.resize((400, 400)), (120, 120))
    return page


def clue(folder, right_image: Image.Image, listed: Image.Image, **given) -> Clue:
    right_image.save(folder / "own.png")
    screen = Screen([RIGHT], [ImageFinder([right_picture(RIGHT, "own.png", folder / "own.png")])])
    capture = make.capture("红苹果 10斤装", **given)
    (found,) = screen.clues(
        [Listing(capture=capture, fingerprints=frames(make.encoded(listed), 0))]
    )
    return found


EDITS = {
    "a copy": lambda image: image,
    "mirrored": ImageOps.mirror,
    "cropped": lambda image: image.crop((0, 60, 400, 460)),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_the_rights_own_photo_in_another_shop_is_said_and_lifts_nothing(tmp_path, edit):
    found = clue(tmp_path, PHOTO, edit(PHOTO))

    assert found.reason.count(THEIRS) == 1
    assert "不能说明商品是假的" in found.reason
    assert "own photo “own.png”" in clue_sentence(found)
    assert "does not show that the goods are false" in clue_sentence(found)
    assert found.tier is Tier.REVIEW


@pytest.mark.parametrize("shop", ["花牛官方旗舰店", "麦积果业"])
def test_in_a_shop_of_the_list_it_is_theirs_to_use(tmp_path, shop):
    found = clue(tmp_path, PHOTO, PHOTO, shop=shop)

    assert found.tier is Tier.CLEARED
    assert THEIRS not in found.reason
    assert "own photo" not in clue_sentence(found)


def test_of_a_shop_without_a_name_nobody_can_say_whose_it_is(tmp_path):
    assert THEIRS not in clue(tmp_path, PHOTO, PHOTO, shop=None).reason


def test_a_sign_on_one_colour_is_a_mark_and_no_photo(tmp_path):
    found = clue(tmp_path, cut_out(), cut_out())

    assert found.matches[0].photo is False
    assert THEIRS not in found.reason


def test_a_part_of_the_photo_is_not_the_photo(tmp_path):
    PHOTO.save(tmp_path / "own.png")
    known = right_picture(RIGHT, "own.png", tmp_path / "own.png")
    page = make.photo(99, 900)
    page.paste(PHOTO.crop((0, 0, 240, 240)), (300, 300))
    listing = Listing(capture=make.capture(), fingerprints=frames(make.encoded(page), 0))
    (match,) = ImageFinder([known]).find([listing])[0][RIGHT.id]

    assert match.photo is False
