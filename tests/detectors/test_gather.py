"""Copies of one picture make one cluster in any order; what only shares a part joins none."""

import hashlib
from datetime import timedelta
from itertools import permutations
from threading import Event

import pytest
from PIL import Image, ImageDraw, ImageOps

from detectors.fingerprint import frames
from detectors.gather import copies, gather, gather_stage, views_in
from detectors.pictures.copies import copy_in
from pipeline import codec
from pipeline.album import Album
from pipeline.bus import Topic
from pipeline.bus.embedded import EmbeddedBus
from pipeline.records import Evidence, Listing, Picture
from pipeline.stage import run_stage
from tests import make

PHOTO = make.photo(1)


def shop_banner(image: Image.Image) -> Image.Image:
    """The same words and frame on whatever a shop sells."""
    whole = image.copy()
    draw = ImageDraw.Draw(whole)
    draw.rectangle((0, 380, 480, 480), fill="#d8232a")
    for step in range(12):
        draw.rectangle((20 + 36 * step, 400 + step % 3 * 9, 44 + 36 * step, 460), fill="white")
        draw.line((22 + 36 * step, 404, 40 + 36 * step, 450 - step * 3), fill="black", width=4)
    return whole


def collage(*images: Image.Image) -> Image.Image:
    page = Image.new("RGB", (600, 600), "white")
    for number, image in enumerate(images):
        page.paste(image.resize((296, 296)), (number % 2 * 300, number // 2 * 300))
    return page


def side_by_side(*images: Image.Image) -> Image.Image:
    page = Image.new("RGB", (960, 480), "white")
    for number, image in enumerate(images):
        page.paste(image, (480 * number, 0))
    return page


def framed(image: Image.Image) -> Image.Image:
    """A shop's own frame, full of detail, around two fifths of another picture."""
    page = make.photo(77)
    page.paste(image.crop((90, 90, 390, 390)), (90, 90))
    return page


def inset(image: Image.Image) -> Image.Image:
    page = make.photo(99, 600)
    page.paste(image.resize((270, 270)), (40, 250))
    return page


COPIES = {
    "copy": (PHOTO, ()),
    "smaller": (PHOTO.resize((240, 240)), ()),
    "mirrored": (ImageOps.mirror(PHOTO), ("mirrored",)),
    "cropped": (PHOTO.crop((60, 50, 480, 460)), ("cropped to 7",)),
    "framed": (ImageOps.expand(PHOTO, 60, "#0b6e4f"), ("framed",)),
    "banner": (shop_banner(PHOTO), ()),
}
PARTS = {
    "collage": (collage(*(make.photo(seed) for seed in (7, 1, 8, 9))), "inset at 49%"),
    "inset": (inset(PHOTO), "inset at 45%"),
}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def listed(item: str, *images: Image.Image, **given) -> Listing:
    contents = [make.encoded(image) for image in images]
    kept = [
        Evidence(sha256=sha256(each), size=len(each), media_type="image/jpeg") for each in contents
    ]
    pictures = tuple(Picture(source="x", kept=each) for each in kept)
    capture = make.capture(id=item, pictures=pictures, **given)
    prints = [print_ for number, each in enumerate(contents) for print_ in frames(each, number)]
    return Listing(capture=capture, fingerprints=tuple(prints))


LISTINGS = {name: listed(name, image) for name, (image, _) in (COPIES | PARTS).items()}
BANNERS = {f"banner {seed}": listed(f"b{seed}", shop_banner(make.photo(seed))) for seed in (7, 8)}


def id_of(listing: Listing) -> str:
    return listing.capture.pictures[0].kept.sha256


@pytest.fixture
def album(tmp_path):
    album = Album(tmp_path / "album.sqlite")
    yield album
    album.close()


def clusters(album: Album, listings) -> set[frozenset[str]]:
    """The names of the listings in each cluster."""
    ids = {id_of(each): each.capture.id for each in listings}
    found: dict[str, set[str]] = {}
    for picture in album.pictures(ids).values():
        found.setdefault(picture.cluster, set()).add(ids[picture.id])
    return {frozenset(each) for each in found.values()}


def test_copies_are_one_cluster_named_by_the_smallest_and_parts_stay_alone(album):
    gather(album, [*LISTINGS.values(), *BANNERS.values()])
    copied = album.pictures(id_of(LISTINGS[name]) for name in COPIES)
    named = {picture.cluster for picture in copied.values()}

    assert named == {min(id_of(LISTINGS[name]) for name in COPIES)}
    assert clusters(album, [*LISTINGS.values(), *BANNERS.values()]) == {
        frozenset(COPIES),
        *(frozenset({name}) for name in (*PARTS, "b7", "b8")),
    }


@pytest.mark.parametrize(
    "order", [*permutations(("copy", "mirrored", "framed", "collage"), 4)][::5]
)
def test_whatever_the_order_and_however_often_the_clusters_are_the_same(album, order):
    for name in (*order, order[0], order[2]):
        gather(album, [LISTINGS[name]])

    assert clusters(album, [LISTINGS[name] for name in order]) == {
        frozenset({"copy", "mirrored", "framed"}),
        frozenset({"collage"}),
    }
    assert [len(album.sightings(id_of(LISTINGS[name]))) for name in order] == [1, 1, 1, 1]


def test_a_picture_that_joins_two_clusters_makes_them_one(album):
    """Two parts of a photo, each of them most of it, that have little of each other."""
    halves = [PHOTO.crop((0, 0, 300, 480)), PHOTO.crop((180, 0, 480, 480))]
    left, right = (listed(f"half {number}", half) for number, half in enumerate(halves))
    gather(album, [left, right])
    before = clusters(album, [left, right])
    gather(album, [LISTINGS["copy"]])

    assert len(before) == 2
    assert clusters(album, [left, right, LISTINGS["copy"]]) == {
        frozenset({"half 0", "half 1", "copy"})
    }


def test_killed_between_keeping_and_comparing_it_compares_when_asked_again(album, monkeypatch):
    gather(album, [LISTINGS["copy"]])
    with monkeypatch.context() as patch:
        patch.setattr(album, "near", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            gather(album, [LISTINGS["mirrored"]])
    gather(album, [LISTINGS["mirrored"]])

    assert len(clusters(album, [LISTINGS["copy"], LISTINGS["mirrored"]])) == 1


def test_a_sighting_keeps_its_first_and_last_time(album):
    later = make.SEEN + timedelta(days=3)
    for moment in (later, make.SEEN, later):
        gather(album, [listed("1", PHOTO, seen_at=moment)])
    (seen,) = album.sightings(id_of(LISTINGS["copy"]))

    assert (seen.first, seen.last) == (make.SEEN, later)


@pytest.mark.parametrize("name", COPIES)
def test_an_edited_copy_is_found_and_says_how_it_was_edited(album, name):
    gather(album, [*LISTINGS.values(), *BANNERS.values()])
    found = {picture.id: copy for picture, copy in copies(album, views_in(make.encoded(PHOTO)))}

    said, meant = found[id_of(LISTINGS[name])].edits, COPIES[name][1]

    assert len(said) == len(meant)
    assert all(one.startswith(other) for one, other in zip(said, meant, strict=True))


@pytest.mark.parametrize("name", PARTS)
def test_a_picture_within_another_is_found_and_is_no_copy(album, name):
    gather(album, [*LISTINGS.values(), *BANNERS.values()])
    found = {picture.id: copy for picture, copy in copies(album, views_in(make.encoded(PHOTO)))}

    assert PARTS[name][1] in found[id_of(LISTINGS[name])].edits
    assert not found[id_of(LISTINGS[name])].is_same
    assert not set(found) & {id_of(each) for each in BANNERS.values()}


@pytest.mark.parametrize("dressed", [shop_banner, framed])
def test_what_a_shop_puts_on_all_its_pictures_makes_them_no_copies(dressed):
    one, other = (views_in(make.encoded(dressed(make.photo(seed))))[0] for seed in (7, 8))
    copy = copy_in(one, other)

    assert copy is None or not copy.is_same


def test_two_pictures_side_by_side_join_neither(album):
    both = listed("both", side_by_side(make.photo(7), make.photo(8)))
    alone = [listed(f"alone {seed}", make.photo(seed)) for seed in (7, 8)]
    gather(album, [both, *alone])

    assert len(clusters(album, [both, *alone])) == 3


def test_a_picture_without_any_point_is_kept_and_is_nobodys_copy(album):
    """It once stopped the words: a slope of grey is not flat, and has no corner."""
    slope = Image.linear_gradient("L").convert("RGB")
    plain = [listed("slope", slope), listed("turned", slope.rotate(90))]
    gather(album, [*plain, LISTINGS["copy"]])

    assert [len(each.fingerprints[0].points) for each in plain] == [1, 1]
    assert len(clusters(album, [*plain, LISTINGS["copy"]])) == 3
    assert copies(album, views_in(make.encoded(slope))) == []


def test_the_stage_reads_listings_off_the_bus(tmp_path, album):
    bus = EmbeddedBus(tmp_path / "bus.sqlite")
    for _ in range(2):
        for name in ("copy", "mirrored"):
            listing = LISTINGS[name]
            bus.publish(Topic.LISTINGS, listing.capture.key, codec.pack(listing))
    handled = run_stage(bus, gather_stage(album), Event(), once=True)
    bus.close()

    assert handled == 4
    assert len(album.of_cluster(min(id_of(LISTINGS[n]) for n in ("copy", "mirrored")))) == 2
