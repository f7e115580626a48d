"""A right's picture is found through every edit, and the match says where it lies and how."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw, ImageEnhance, ImageOps

from detectors.assess import HIGH, REVIEW
from detectors.fingerprint import fingerprint, frames
from detectors.image import ImageDetector, ImageFinder, RightPicture
from detectors.pictures import sketch
from detectors.pictures.alignment import Seen, align
from detectors.pictures.overlay import overlay
from detectors.pictures.points import points
from detectors.pictures.shortlist import Shortlist
from detectors.pictures.trim import trimmed
from detectors.pictures.view import views
from detectors.right_pictures import right_picture
from detectors.wording.english import match_sentence
from pipeline.records import Listing
from tests import make

RIGHT = make.right("花牛苹果", images=("pack.png",))
PHOTO = make.photo(1)


@pytest.fixture(scope="module")
def known(tmp_path_factory) -> RightPicture:
    place = tmp_path_factory.mktemp("rights") / "pack.png"
    PHOTO.save(place)
    return right_picture(RIGHT, "pack.png", place)


def listed(image: Image.Image, kind: str = "JPEG") -> Listing:
    return Listing(capture=make.capture(), fingerprints=frames(make.encoded(image, kind), 0))


def found_in(image: Image.Image, known: RightPicture):
    return ImageFinder([known]).find([listed(image)])[0].get(RIGHT.id, ())


def pasted(image: Image.Image, place: tuple[int, int], size: int = 600) -> Image.Image:
    page = make.photo(99, size)
    page.paste(image, place)
    return page


def collage(image: Image.Image) -> Image.Image:
    page = Image.new("RGB", (600, 600), "white")
    for number in range(4):
        shown = image if number == 2 else make.photo(50 + number)
        page.paste(shown.resize((296, 296)), (number % 2 * 300, number // 2 * 300))
    return page


def covered(image: Image.Image) -> Image.Image:
    whole = image.copy()
    ImageDraw.Draw(whole).rectangle((0, 380, 480, 480), fill="#d8232a")
    return whole


def from_aside(image: Image.Image) -> Image.Image:
    data = (0, 0, 40, 480, 480, 430, 440, 30)
    return image.transform(image.size, Image.Transform.QUAD, data, Image.Resampling.BICUBIC)


EDITS = {
    "copy": (lambda image: image, ()),
    "quarter": (lambda image: image.resize((160, 160)), ()),
    "grey": (lambda image: image.convert("L").convert("RGB"), ()),
    "dark": (lambda image: ImageEnhance.Brightness(image).enhance(0.6), ()),
    "banner": (covered, ()),
    "mirror": (ImageOps.mirror, ("mirrored",)),
    "crop": (lambda image: image.crop((70, 70, 410, 410)), ("cropped to 50%",)),
    "border": (lambda image: ImageOps.expand(image, 60, "red"), ("framed",)),
    "inset": (lambda image: pasted(image.resize((210, 210)), (300, 80)), ("inset at 35%",)),
    "turned": (lambda image: image.rotate(90), ("rotated 90°",)),
    "tilted": (lambda image: image.rotate(10, expand=True), ("rotated 10°",)),
    "squeezed": (lambda image: image.resize((480, 360)), ("squeezed",)),
    "from aside": (from_aside, ()),
    "collage": (collage, ("inset at 50%",)),
}


@pytest.mark.parametrize(("edit", "said"), EDITS.values(), ids=EDITS)
def test_an_edited_photo_is_found_and_says_what_was_done(edit, said, known):
    (match,) = found_in(edit(PHOTO), known)

    assert match.method == "features"
    assert match.score >= HIGH
    assert str(match.inliers) in match.reason
    for word in said:
        number = [part for part in match.edits if part.split()[0] == word.split()[0]]
        assert number, match.edits
        shares = [int("".join(filter(str.isdigit, part)) or 0) for part in (*number, word)]
        assert abs(shares[0] - shares[1]) <= 3


def test_the_region_is_where_the_picture_lies(known):
    (match,) = found_in(pasted(PHOTO.resize((210, 210)), (300, 90)), known)

    assert match.region == pytest.approx((0.5, 0.15, 0.35, 0.35), abs=0.02)


def test_two_edits_are_both_named_in_chinese_and_in_english(known):
    (match,) = found_in(ImageOps.expand(ImageOps.mirror(PHOTO), 60, "white"), known)

    assert match.edits == ("mirrored", "framed")
    assert "（镜像、加边框）" in match.reason
    assert "(mirrored, framed)" in match_sentence(match)


@pytest.mark.parametrize("seed", range(2, 22))
def test_another_photo_is_not_found(seed, known):
    assert found_in(make.photo(seed), known) == ()
    assert found_in(pasted(make.photo(seed).resize((300, 300)), (0, 0)), known) == ()


CHANCE = 0.1  # a score that tells nobody


@pytest.mark.parametrize("edit", [edit for edit, _ in EDITS.values()], ids=EDITS)
def test_the_finder_finds_what_the_detector_finds(edit, known):
    crowd = [replace(known, image=f"{seed}.png", views=_views(seed)) for seed in range(30, 40)]
    seen = listed(edit(PHOTO))
    fast = ImageFinder([*crowd, known]).find([seen])[0].get(RIGHT.id, ())
    plain = ImageDetector([*crowd, known]).compare(seen, RIGHT)

    assert _likely(fast) == _likely(plain) != set()


def _likely(found):
    """Which unlike photos agree by chance in a few features differs from machine to machine."""
    return {match for match in found if match.score > CHANCE}


def _views(seed: int):
    return views(np.asarray(make.photo(seed).convert("L")))


def test_a_changed_file_is_read_anew_and_an_unchanged_one_is_not(tmp_path):
    place = tmp_path / "pack.png"
    PHOTO.save(place)
    first = right_picture(RIGHT, "pack.png", place)

    assert right_picture(RIGHT, "pack.png", place).views is first.views
    make.photo(5).save(place)
    assert right_picture(RIGHT, "pack.png", place).views is not first.views


def test_an_animation_is_looked_at_beyond_its_first_frame(known):
    blank = Image.new("RGB", PHOTO.size, "white")
    page = make.animation([blank, PHOTO, blank])
    prints = frames(page, 3)
    matches = ImageFinder([known]).find([Listing(capture=make.capture(), fingerprints=prints)])

    assert [each.image for each in prints] == [3, 3]
    assert [match.field for match in matches[0][RIGHT.id]] == ["image:3"]


def test_a_listing_without_pictures_has_no_match(known):
    empty = Listing(capture=make.capture())

    assert ImageFinder([known]).find([empty]) == [{}]
    assert ImageFinder([]).find([listed(PHOTO)]) == [{}]


def test_a_listing_written_before_there_were_points_is_matched_by_its_hashes(known):
    old = replace(fingerprint(make.encoded(PHOTO), 0), points=None)
    (match,) = ImageFinder([known]).find([Listing(capture=make.capture(), fingerprints=(old,))])[0][
        RIGHT.id
    ]

    assert match.method == "phash"


@given(st.integers(0, 60), st.integers(0, 2**32))
@settings(max_examples=40)
def test_a_sketch_keeps_its_points_to_within_its_steps(count, seed):
    chance = np.random.default_rng(seed)
    places = np.column_stack(
        [
            chance.uniform(0, 512, (count, 2)),
            2 ** chance.uniform(-1, 5, count),
            chance.uniform(0, 2 * np.pi, count),
        ]
    ).astype(np.float32)
    codes = chance.integers(0, 2**64, (count, 4), dtype=np.uint64)
    back = sketch.unpacked(sketch.packed(Seen(places, codes)))

    assert np.array_equal(back.codes, codes)
    assert np.allclose(back.places[:, :2], places[:, :2], atol=1 / 64)
    assert np.allclose(np.log2(back.places[:, 2]), np.log2(places[:, 2]), atol=1 / 16)
    turn = (back.places[:, 3] - places[:, 3] + np.pi) % (2 * np.pi) - np.pi
    assert np.abs(turn).max(initial=0) < 0.02


def test_a_copy_with_few_features_is_as_sure_as_its_hashes(tmp_path):
    plain = Image.new("RGB", (300, 300), "#3060a0")
    ImageDraw.Draw(plain).polygon([(0, 300), (300, 300), (300, 60)], fill="#e0d0a0")
    place = tmp_path / "plain.png"
    plain.save(place)
    known = right_picture(RIGHT, "plain.png", place)
    (match,) = found_in(plain.resize((200, 200)), known)

    assert match.score > 0.9


def test_a_tag_in_common_is_not_the_picture(tmp_path):
    """In the practice market every second harmless picture bore the tag of some right's."""
    tag = make.photo(77, 120)
    place = tmp_path / "pack.png"
    tagged, other = PHOTO.copy(), make.photo(6)
    tagged.paste(tag, (0, 360))
    other.paste(tag, (360, 0))
    tagged.save(place)
    known = right_picture(RIGHT, "pack.png", place)
    matches = found_in(other, known)

    assert [match.score <= 0.5 for match in matches] == [True]
    assert "的一部分" in matches[0].reason


def tagged(image: Image.Image, tag: Image.Image, place: tuple[int, int]) -> Image.Image:
    whole = image.copy()
    whole.paste(tag, place)
    return whole


def many(tmp_path, tag: Image.Image | None) -> list[RightPicture]:
    """Ten rights, each with a photo of its own; all of them bear the tag, if there is one."""
    known = []
    for seed in range(30, 40):
        place = tmp_path / f"{seed}.png"
        photo = make.photo(seed)
        (tagged(photo, tag, (0, 360)) if tag else photo).save(place)
        known.append(right_picture(make.right(f"名{seed}"), place.name, place))
    return known


def test_a_part_that_no_other_right_shows_is_told_for_a_person_to_look(tmp_path):
    """A package in a phone photo often shows no more than the name and a drawing."""
    part = tagged(make.photo(6), PHOTO.crop((100, 100, 280, 280)), (150, 150))
    place = tmp_path / "pack.png"
    PHOTO.save(place)
    known = right_picture(RIGHT, "pack.png", place)
    alone = ImageFinder([known]).find([listed(part)])[0][RIGHT.id]
    among = ImageFinder([known, *many(tmp_path, None)]).find([listed(part)])[0][RIGHT.id]

    assert [match.score <= 0.5 for match in alone] == [True]
    assert [REVIEW <= match.score < HIGH for match in among] == [True]
    assert "为寻常图片所无" in among[0].reason


def test_a_part_that_other_rights_show_too_is_not_told(tmp_path):
    tag = make.photo(77, 120)
    known = many(tmp_path, tag)
    found = ImageFinder(known).find([listed(tagged(make.photo(6), tag, (360, 0)))])[0]

    assert found
    assert all(match.score <= 0.5 for matches in found.values() for match in matches)


def test_a_sketch_of_another_form_says_so():
    with pytest.raises(ValueError, match="form"):
        sketch.unpacked(b"\x07whatever")


def test_a_sketch_is_small():
    assert len(fingerprint(make.encoded(PHOTO), 0).points) < 24_000


@pytest.mark.parametrize("shape", [(1, 1), (3, 700), (40, 40), (24, 2000)])
def test_a_sliver_or_a_blank_has_no_points_and_no_complaint(shape):
    assert len(points(np.full(shape, 200, np.uint8), 400)) == 0


def test_points_are_spread_over_the_picture():
    busy = np.full((512, 512), 128, np.uint8)
    busy[:, :256] = np.random.default_rng(1).integers(0, 255, (512, 256), dtype=np.uint8)
    busy[100:140, 400:440] = 0
    found = points(busy, 200)

    assert (found.places[:, 0] > 380).sum() >= 4


def test_three_points_on_a_line_lay_nothing():
    places = np.array([[10, 10, 1, 0], [20, 20, 1, 0], [30, 30, 1, 0]], np.float32)
    codes = np.random.default_rng(2).integers(0, 2**64, (3, 4), dtype=np.uint64)
    other = np.vstack([codes, ~codes])

    align(Seen(places, codes), Seen(np.vstack([places, places + 7]), other))  # must not raise


def test_a_shortlist_puts_the_picture_that_shares_most_first():
    seen = [sketch.seen(np.asarray(make.photo(seed).convert("L"))) for seed in range(1, 30)]
    shortlist = Shortlist(seen)
    part = sketch.seen(np.asarray(make.photo(12).convert("L").crop((60, 60, 420, 420))))

    assert shortlist.near(part, 5)[0] == 11
    assert Shortlist([]).near(part, 5) == []
    assert shortlist.near(Seen(part.places[:0], part.codes[:0]), 5) == []


def test_margins_are_trimmed_and_a_blank_is_left_alone():
    page = np.full((300, 400), 255, np.uint8)
    page[100:200, 150:250] = 30
    blank = np.full((50, 60), 9, np.uint8)

    assert trimmed(page).shape == (112, 112)
    assert np.array_equal(trimmed(blank), blank)


def drawn(right: Image.Image, picture: Image.Image) -> Image.Image:
    page = overlay(make.encoded(right, "PNG"), make.encoded(picture))
    return Image.open(io.BytesIO(page)).convert("RGB")


def reds(page: Image.Image) -> np.ndarray:
    """Where the outline is: x and y."""
    seen = np.asarray(page).astype(int)
    return np.argwhere(np.abs(seen - (0xE0, 0x1B, 0x24)).sum(axis=2) < 6)[:, ::-1]


def test_an_overlay_outlines_the_region_and_draws_lines_to_it():
    page = drawn(PHOTO, pasted(ImageOps.mirror(PHOTO).resize((210, 210)), (300, 90)))
    marked = reds(page)
    beside = marked[marked[:, 0] > 512 + 16]

    assert page.size == (512 + 16 + 512, 512)
    assert beside.min(axis=0) == pytest.approx((528 + 256, 77), abs=14)
    assert beside.max(axis=0) == pytest.approx((528 + 435, 256), abs=14)
    assert (np.asarray(page)[:, 512:528] != 255).any(), "no line crosses the gap"


def test_an_overlay_of_what_does_not_match_draws_nothing():
    page = drawn(PHOTO, Image.new("RGB", (300, 200), "white"))

    assert len(reds(page)) == 0
