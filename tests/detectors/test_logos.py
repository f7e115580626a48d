"""A right's logo is found on any ground, small, mirrored or grey; other photos are left alone."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image, ImageDraw, ImageOps

from detectors.assess import REVIEW
from detectors.fingerprint import frames
from detectors.image import ImageFinder
from detectors.logo import LogoDetector, LogoFinder
from detectors.pictures.logos import DEPTH, FORM, LEVELS, OLD, Windows, emblem
from detectors.pictures.overlay import overlay
from detectors.right_pictures import right_picture
from detectors.screen import Screen
from detectors.wording.english import match_sentence
from pipeline.assessed import Tier
from pipeline.records import Fingerprint, Listing
from tests import make

RIGHT = make.right("金狮", images=("logo.png",))
OTHER = make.right("黑塔", images=("other.png",))
WHITE = [255.0] * 3


def lion() -> Image.Image:
    """A shield with a sun, a bend and a tower, on nothing."""
    page = Image.new("RGBA", (400, 400))
    pen = ImageDraw.Draw(page)
    pen.polygon([(40, 20), (360, 20), (360, 240), (200, 390), (40, 240)], fill="#b3122b")
    pen.ellipse((70, 50, 170, 150), fill="#ffd23f")
    pen.polygon([(40, 240), (360, 60), (360, 130), (90, 290)], fill="#ffffff")
    pen.rectangle((240, 190, 310, 290), fill="#ffd23f")
    for left in (236, 266, 296):
        pen.rectangle((left, 172, left + 18, 192), fill="#ffd23f")
    return page


def tower() -> Image.Image:
    page = Image.new("RGBA", (300, 400))
    pen = ImageDraw.Draw(page)
    for step in range(5):
        pen.rectangle((step * 28, 320 - step * 75, 300 - step * 28, 370 - step * 75), fill="#111")
    pen.polygon([(150, 0), (190, 30), (110, 30)], fill="#1a7f37")
    return page


def special_mark() -> Image.Image:
    """Round, red and gold, with mountains, a wall and ears of grain, as the GI mark is."""
    page = Image.new("RGBA", (600, 600))
    pen = ImageDraw.Draw(page)
    pen.ellipse((0, 0, 599, 599), fill="#c8102e")
    pen.ellipse((60, 60, 539, 539), outline="#f2c14e", width=14)
    pen.polygon([(120, 380), (230, 210), (300, 300), (380, 180), (490, 380)], fill="#f2c14e")
    for left in range(130, 480, 50):
        pen.rectangle((left, 392, left + 28, 420), fill="#f2c14e")
    for step in range(6):
        for x in (110 + 8 * step, 490 - 8 * step):
            pen.ellipse((x - 14, 330 - 40 * step, x + 14, 356 - 40 * step), fill="#f2c14e")
    pen.text((232, 428), "GI", fill="#f2c14e", font_size=96)
    return page


def on_paper(sign: Image.Image) -> Image.Image:
    page = Image.new("RGB", (sign.width + 80, sign.height + 80), "white")
    page.paste(sign, (40, 40), sign)
    return page


def on_photo(sign: Image.Image, share: float, seed: int = 8) -> Image.Image:
    page = make.photo(seed, 800)
    zoom = share * 800 / max(sign.size)
    small = sign.resize((round(sign.width * zoom), round(sign.height * zoom)))
    page.paste(small, (380, 210), small)
    return page


@pytest.fixture(scope="module")
def known(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rights")
    on_paper(lion()).save(folder / "logo.png")
    on_paper(tower()).save(folder / "other.png")
    return (
        right_picture(RIGHT, "logo.png", folder / "logo.png"),
        right_picture(OTHER, "other.png", folder / "other.png"),
    )


def listed(*pictures: Image.Image) -> Listing:
    prints = (frames(make.encoded(each, "JPEG"), n)[0] for n, each in enumerate(pictures))
    return Listing(capture=make.capture(), fingerprints=tuple(prints))


def told(known, picture: Image.Image):
    found = LogoFinder(known).find([listed(picture)])[0]
    return {right: match for right, (match,) in found.items() if match.score >= REVIEW}


@pytest.mark.parametrize("share", [0.5, 0.35, 0.2])
def test_a_logo_on_a_photo_is_found_where_it_is(known, share):
    (match,) = told(known, on_photo(lion(), share)).values()

    assert (match.method, match.field, match.right_image) == ("logo", "image:0", "logo.png")
    x, y, wide, high = match.region
    assert abs(x + wide / 2 - (380 / 800 + share / 2)) < 0.2 * share
    assert abs(y + high / 2 - (210 / 800 + share / 2)) < 0.2 * share
    assert 0.7 < wide / share < 1.4
    assert "标志" in match.reason


def test_the_special_mark_is_an_entry_of_the_list_like_any_other(tmp_path):
    mark = make.right("地理标志专用标志", images=("special-mark.png",))
    on_paper(special_mark()).save(tmp_path / "special-mark.png")
    known = [right_picture(mark, "special-mark.png", tmp_path / "special-mark.png")]
    screen = Screen((mark,), (LogoFinder(known),))

    (clue,) = screen.clues([listed(on_photo(special_mark(), 0.18))])
    assert (clue.right_id, clue.tier) == (mark.id, Tier.REVIEW)
    assert not [clue for clue in screen.clues([listed(make.photo(5, 800))]) if clue.score >= REVIEW]


def test_it_is_found_without_its_colours(known):
    assert set(told(known, on_photo(lion(), 0.35).convert("L").convert("RGB"))) == {RIGHT.id}


def test_the_sentence_in_english_says_so(known):
    (match,) = told(known, on_photo(lion(), 0.35)).values()

    assert match_sentence(match).startswith("Picture 1 bears a logo like the right's picture “logo")


def test_a_mirrored_one_is_called_mirrored(known):
    (match,) = told(known, on_photo(ImageOps.mirror(lion()), 0.35)).values()

    assert match.edits[0] == "mirrored"
    assert "镜像" in match.reason


@pytest.mark.parametrize("seed", range(6))
def test_a_photo_without_it_is_left_alone(known, seed):
    assert told(known, make.photo(seed, 800)) == {}


def test_another_logo_is_not_it(known):
    assert set(told(known, on_photo(tower(), 0.35))) == {OTHER.id}


def test_the_plain_way_finds_the_same(known):
    listing = listed(on_photo(lion(), 0.35), on_photo(tower(), 0.3, seed=9), make.photo(3))
    found = LogoFinder(known).find([listing])[0]

    assert set(found) == {RIGHT.id, OTHER.id}
    for right in (RIGHT, OTHER):
        assert tuple(LogoDetector(known).compare(listing, right)) == found[right.id]


def test_what_has_no_windows_has_no_match(known):
    bare = Listing(capture=make.capture(), fingerprints=(Fingerprint(image=0, problem="gone"),))

    assert LogoFinder(known).find([bare]) == [{}]
    assert LogoFinder([]).find([bare, bare]) == [{}, {}]


def test_a_photo_that_fills_its_frame_is_no_logo(tmp_path):
    make.photo(1).save(tmp_path / "pack.png")

    assert right_picture(RIGHT, "pack.png", tmp_path / "pack.png").emblem is None


def test_one_that_fills_its_frame_stands_on_the_ground_of_its_page(tmp_path):
    page = Image.new("RGB", (400, 300), "white")
    page.paste("#0a3d91", (50, 50, 350, 250))
    ImageDraw.Draw(page).ellipse((120, 80, 280, 220), fill="#ffd23f")
    page.save(tmp_path / "sign.png")
    shown = right_picture(RIGHT, "sign.png", tmp_path / "sign.png").emblem.faces[0]

    assert (shown[0] == 255).all()
    assert shown[12, 12].tolist() == [10, 61, 145]


def test_a_wide_one_is_looked_for_squeezed(known):
    wide = np.full((60, 300, 3), 255, np.uint8)
    wide[20:40, 10:290:20] = 0

    assert (emblem(wide, WHITE).squeeze, emblem(wide[:, :80], WHITE).squeeze) == (1, 0)
    assert known[0].emblem.squeeze == 0


@given(
    arrays.arrays(
        np.int8, st.tuples(st.integers(0, 5), st.just(DEPTH)), elements=st.integers(-127, 127)
    ),
    st.data(),
)
def test_packed_windows_come_back(vectors, data):
    count = len(vectors)
    places = data.draw(arrays.arrays(np.float32, (count, 2), elements=st.floats(0, 1000, width=32)))
    levels = data.draw(arrays.arrays(np.uint8, count, elements=st.integers(0, len(LEVELS) - 1)))
    long = np.linalg.norm(vectors.astype(np.float32), axis=1, keepdims=True) + 1e-9
    windows = Windows((vectors / long).astype(np.float32), places, levels)
    again = Windows.unpacked(windows.packed())

    assert (again.levels == levels).all()
    assert np.abs(again.places - places).max(initial=0) <= 1 / 64
    assert np.abs(again.vectors - windows.vectors).max(initial=0) < 0.03


def test_windows_of_another_form_are_refused():
    with pytest.raises(ValueError, match="form"):
        Windows.unpacked(b"\x09" + bytes(69))


@pytest.mark.parametrize("size", [(1, 1), (3, 700), (700, 3), (64, 64), (2000, 100)])
def test_a_picture_of_any_shape_is_read(size):
    picture = np.asarray(make.photo(2).resize(size))

    assert len(Windows.of(picture).levels) <= 320


def test_one_picture_in_another_is_said_once(known):
    """A copy is told by its hashes, by its points and as a logo: the surest stands."""
    finders = (ImageFinder(known), LogoFinder(known))
    (clue,) = Screen((RIGHT, OTHER), finders).clues([listed(on_paper(lion()))])

    assert len(clue.matches) == 1
    assert clue.matches[0].score > 0.99


@pytest.mark.parametrize("paint", ["white", "black", "#808080"])
def test_a_picture_that_shows_nothing_has_hardly_a_window(known, paint):
    blank = Image.new("RGB", (600, 600), paint)

    assert told(known, blank) == {}
    assert LogoFinder(known).find([Listing(capture=make.capture(), fingerprints=(empty(),))]) == [
        {}
    ]


def empty() -> Fingerprint:
    """Of a picture without any window."""
    return replace(frames(make.encoded(make.photo(1)), 0)[0], logos=FORM)


def test_the_overlay_outlines_it(known):
    photo = on_photo(lion(), 0.35)
    (match,) = told(known, photo).values()
    logo, shown = make.encoded(on_paper(lion()), "PNG"), make.encoded(photo, "PNG")
    page = overlay(logo, shown, match.region, by_points=False)

    assert page.startswith(b"\x89PNG")
    assert page != overlay(logo, shown)


@pytest.mark.parametrize("form", sorted(OLD))
def test_what_a_network_before_wrote_says_nothing_now(form):
    assert len(Windows.unpacked(form + bytes(69)).levels) == 0
