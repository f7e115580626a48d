"""A copy of a right's photo in which the right's logo was hidden says so; no other copy does."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter, ImageOps

from detectors.assess import REVIEW
from detectors.image import ImageDetector, ImageFinder
from detectors.right_pictures import right_pictures
from detectors.wording.english import match_sentence
from pipeline.rights import RightsFile
from tests import make
from tests.detectors.test_logos import lion, listed, on_paper, on_photo, tower

RIGHT = make.right("金狮", images=("logo.png", "photo.png"))
PHOTO = on_photo(lion(), 0.3)
LOGO = (395, 215, 600, 450)  # about where it lies


def mosaic(photo: Image.Image) -> Image.Image:
    part = photo.crop(LOGO)
    shown = part.resize((6, 7), Image.Resampling.BOX).resize(part.size, Image.Resampling.NEAREST)
    return pasted(photo, shown)


def blurred(photo: Image.Image) -> Image.Image:
    return pasted(photo, photo.crop(LOGO).filter(ImageFilter.GaussianBlur(22)))


def stuck_over(photo: Image.Image) -> Image.Image:
    sticker = Image.new("RGB", (LOGO[2] - LOGO[0], LOGO[3] - LOGO[1]), "#ffe14d")
    pen = ImageDraw.Draw(sticker)
    pen.text((20, 60), "SALE", fill="#d0021b", font_size=70)
    return pasted(photo, sticker)


def pasted(photo: Image.Image, part: Image.Image) -> Image.Image:
    page = photo.copy()
    page.paste(part, LOGO[:2])
    return page


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rights")
    on_paper(lion()).save(folder / "logo.png")
    PHOTO.save(folder / "photo.png")
    found = RightsFile(rights=(RIGHT,), folder=folder, faults=())
    return right_pictures(found)


def copy_of_the_photo(pictures, picture: Image.Image):
    matches = ImageFinder(pictures).find([listed(picture)])[0][RIGHT.id]
    return next(match for match in matches if match.right_image == "photo.png")


def test_the_photo_knows_where_its_logo_is_and_the_logo_is_its_own(pictures):
    logo, photo = pictures

    assert len(photo.marks) == len(logo.marks) == 1
    assert np.array_equal(photo.marks[0].face, logo.marks[0].face)
    assert photo.marks[0].odds > 0
    other = np.asarray(on_paper(tower()))
    assert logo.marks[0].odds > logo.marks[0].odds_in(other, np.eye(2, 3)) + 3


@pytest.mark.parametrize(
    ("hide", "how", "said"),
    [
        (mosaic, "logo covered", "标志处被遮盖"),
        (blurred, "logo blurred", "标志处被模糊"),
        (stuck_over, "logo covered", "标志处被遮盖"),
    ],
)
@pytest.mark.parametrize("after", [lambda photo: photo, ImageOps.mirror], ids=["", "mirrored"])
def test_a_hidden_logo_is_said(pictures, hide, how, said, after):
    match = copy_of_the_photo(pictures, after(hide(PHOTO)))

    assert how in match.edits
    assert said in match.reason
    assert how in match_sentence(match)


@pytest.mark.parametrize(
    "edit",
    [
        lambda photo: photo,
        ImageOps.mirror,
        lambda photo: photo.resize((380, 380)),
        lambda photo: photo.convert("L").convert("RGB"),
        lambda photo: photo.crop((100, 60, 760, 740)),
        lambda photo: photo.filter(ImageFilter.GaussianBlur(2)),
        lambda photo: photo.rotate(6, expand=True, fillcolor="white"),
        lambda photo: photo.crop((0, 0, 480, 800)),
    ],
    ids=["same", "mirrored", "small", "grey", "cropped", "soft", "turned", "cut through the logo"],
)
def test_a_logo_that_shows_is_not_called_hidden(pictures, edit):
    match = copy_of_the_photo(pictures, edit(PHOTO))

    assert not [each for each in match.edits if each.startswith("logo")]


def test_the_plain_way_says_the_same(pictures):
    listing = listed(stuck_over(PHOTO))

    assert set(ImageDetector(pictures).compare(listing, RIGHT)) == set(
        ImageFinder(pictures).find([listing])[0][RIGHT.id]
    )


def wordmark(text: str) -> Image.Image:
    page = Image.new("RGB", (800, 200), "white")
    ImageDraw.Draw(page).text((400, 100), text, fill="#222", font_size=120, anchor="mm")
    return page


def test_letters_that_two_wordmarks_share_are_not_the_logo(tmp_path, monkeypatch):
    mark = make.right("Gridsome", images=("logo.png",))
    wordmark("gridsome").save(tmp_path / "logo.png")
    known = right_pictures(RightsFile(rights=(mark,), folder=tmp_path, faults=()))

    def told(text: str) -> list[float]:
        found = ImageFinder(known).find([listed(wordmark(text))])[0].get(mark.id, ())
        return [match.score for match in found if match.score >= REVIEW]

    assert told("gridsome")
    assert not told("somegr")
    monkeypatch.setattr("detectors.image.OTHER", -99.0)
    assert told("somegr"), "what the second look is for"
