"""Wordmarks are known by their letters: read where they seem to lie, found by lines read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageFont, ImageOps

from detectors.assess import REVIEW
from detectors.fingerprint import frames
from detectors.image import ImageFinder
from detectors.logo import LogoFinder
from detectors.pictures.lettering import Lettering, lettering
from detectors.pictures.wordmarks import Wordmarks
from detectors.reader import PictureReader
from detectors.right_pictures import right_picture
from pipeline.records import Listing
from pipeline.written import Line
from tests import make
from tests.detectors.test_logos import on_photo
from tests.detectors.test_picture_edits import many

HUANIU = make.right("花牛Huaniu", id="huaniu", images=("huaniu.png",))
HAILIN = make.right("海林Hailin", id="hailin", images=("hailin.png",))
FONT, SMALL = ImageFont.load_default(140), ImageFont.load_default(40)
READS, READS_NOT = PictureReader(1.0), PictureReader(0.0)


def wordmark(text: str) -> Image.Image:
    """Letters beside a red dot, on nothing."""
    page = Image.new("RGBA", (900, 220))
    pen = ImageDraw.Draw(page)
    pen.ellipse((20, 40, 160, 180), fill="#c8102e")
    pen.text((200, 20), text, font=FONT, fill="#12305c")
    return page.crop(page.getbbox())


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rights")
    for right, text in ((HUANIU, "Huaniu"), (HAILIN, "Hailin")):
        sign = wordmark(text)
        page = Image.new("RGB", (sign.width + 80, sign.height + 80), "white")
        page.paste(sign, (40, 40), sign)
        page.save(folder / right.images[0])
    return [
        right_picture(each, each.images[0], folder / each.images[0]) for each in (HUANIU, HAILIN)
    ]


def listing(picture: Image.Image, reader: PictureReader) -> Listing:
    prints = frames(make.encoded(picture, "PNG"), 0, reader)
    return Listing(capture=make.capture(), fingerprints=prints)


def told(known, picture: Image.Image, reader: PictureReader = READS):
    (found,) = LogoFinder(known).find([listing(picture, reader)])
    return {right: match for right, (match,) in found.items() if match.score >= REVIEW}


def test_a_logo_s_largest_line_is_read_without_the_sign_beside_it(known):
    said = lettering(known[0].small)

    assert said.text == "Huaniu"
    assert said.letters == 6
    assert said.box[0] > 0.15


@pytest.mark.parametrize("turned", [False, True])
def test_a_wordmark_is_told_from_one_like_it_and_the_reason_says_what_was_read(known, turned):
    photo = on_photo(wordmark("Huaniu"), 0.3)
    found = told(known, ImageOps.mirror(photo) if turned else photo)

    assert set(found) == {HUANIU.id}
    assert "可读出其文字“Huaniu”" in found[HUANIU.id].reason
    assert ("mirrored" in found[HUANIU.id].edits) == turned


def test_what_is_not_to_be_read_is_not(known):
    photo = on_photo(wordmark("Huaniu"), 0.3)
    (print_,) = listing(photo, READS_NOT).fingerprints

    assert all(each.said is None for each in LogoFinder(known).sightings(print_))
    assert "读出" not in "".join(each.reason for each in told(known, photo, READS_NOT).values())


def test_letters_are_legible_where_they_stand_and_nowhere_else():
    page = Image.new("RGB", (400, 400), "#8a6")
    ImageDraw.Draw(page).text((100, 150), "Huaniu", font=SMALL, fill="white")
    left, top, right, bottom = ImageDraw.Draw(page).textbbox((100, 150), "Huaniu", font=SMALL)
    wide, high = right - left, bottom - top
    unit = 512 / 400
    there = np.array([[1.0, 0, left * unit], [0, 1.0, top * unit]])
    size = wide * unit, high * unit
    shown = np.asarray(page)

    def legible(text: str, map_: np.ndarray) -> float:
        return Lettering(text, (0.0, 0.0, 1.0, 1.0)).legible(shown, map_, size, mirrored=False)

    assert legible("Huaniu", there) > 0.9
    assert legible("HUANIU", there) > 0.8
    assert legible("Hailin", there) < 0.3
    assert legible("Huaniu", there + np.array([[0, 0, 0], [0, 0, 150]])) < 0.1


@pytest.mark.parametrize(("printed", "is_told"), [("Huaniu", True), ("Hualia", False)])
def test_letters_of_a_logo_printed_without_the_rest_are_told_if_they_can_be_read(
    tmp_path, printed, is_told
):
    sign = Image.new("RGB", (700, 700), "white")
    pen = ImageDraw.Draw(sign)
    pen.polygon([(350, 40), (560, 400), (140, 400)], fill="#c8102e")
    pen.text((120, 450), "Huaniu", font=FONT, fill="#12305c")
    sign.save(tmp_path / "sign.png")
    known = [right_picture(HUANIU, "sign.png", tmp_path / "sign.png"), *many(tmp_path, None)]
    page = make.photo(6, 800)
    pen = ImageDraw.Draw(page)
    pen.rectangle((100, 500, 700, 740), fill="white")
    pen.text((150, 540), printed, font=FONT, fill="#12305c")
    (found,) = ImageFinder(known).find([listing(page, READS)])
    best = max((match.score for match in found.get(HUANIU.id, ())), default=0.0)

    assert (best >= REVIEW) == is_told


def line(text: str) -> Line:
    return Line(text=text, box=(0.2, 0.4, 0.4, 0.1), confidence=0.9)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("HUANIU", [0]),
        ("Huanlu", [0]),
        ("天水花牛", [0]),
        ("huaniu apples", [0]),
        ("u", []),
        ("hua", []),
        ("Hailin", [1]),
        ("maple", []),
    ],
)
def test_a_line_that_reads_nearly_like_a_name_says_which_logo(text, numbers):
    marks = Wordmarks([HUANIU.names, HAILIN.names])

    assert [each.number for each in marks.named([line(text)], (512, 512), 4)] == numbers


def test_where_a_name_stands_in_a_line_its_logo_is_laid():
    (read,) = Wordmarks([HUANIU.names]).named([line("12345huaniu")], (512, 256), 4)
    said, size = Lettering("Huaniu", (0.5, 0.25, 0.5, 0.5)), (100.0, 40.0)
    map_ = read.map(said, size)
    corner = map_ @ [50, 10, 1]

    assert corner == pytest.approx([512 * (0.2 + 0.4 * 5 / 11), 256 * 0.4])
    assert map_ @ [100, 30, 1] == pytest.approx([512 * 0.6, 256 * 0.5])


@given(st.lists(st.text(max_size=12), max_size=4), st.lists(st.text(max_size=20), max_size=4))
def test_any_names_and_any_lines_do_no_harm(names, texts):
    found = Wordmarks([[name] for name in names]).named(
        [line(text) for text in texts], (512, 512), 3
    )

    assert len({each.number for each in found}) == len(found) <= 3
