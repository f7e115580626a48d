"""Gists: what they find again, and that they are a projection of the bus."""

import json
import multiprocessing

import numpy as np
import pytest
from PIL import Image, ImageOps

from detectors import gists as stored
from detectors import rescreen
from detectors.fingerprint import fingerprint
from detectors.gists import Gists
from detectors.pictures.glimpses import Likeness, glimpses
from detectors.pictures.logos import DEPTH, SQUEEZES, Windows
from detectors.rescreen import rescreen_stage, rescreened
from detectors.screen import InForce
from pipeline import codec
from pipeline.bus import Topic
from pipeline.bus.embedded import EmbeddedBus
from pipeline.records import Listing
from tests import make


@pytest.fixture
def bus(tmp_path):
    opened = EmbeddedBus(tmp_path / "bus.sqlite")
    yield opened
    opened.close()


def publish(bus, count: int, first: int = 0) -> None:
    for number in range(first, first + count):
        picture = make.photo(number + 10, 240)
        listing = make.listing(f"商品{number}", id=f"{number}")
        listing = Listing(
            capture=listing.capture, fingerprints=(fingerprint(make.encoded(picture), 0),)
        )
        bus.publish(Topic.LISTINGS, listing.capture.key, codec.pack(listing))


def publish_picture(bus, image: Image.Image, id_: str) -> None:
    capture = make.capture("商品", id=id_)
    listing = Listing(capture=capture, fingerprints=(fingerprint(make.encoded(image), 0),))
    bus.publish(Topic.LISTINGS, capture.key, codec.pack(listing))


def in_force(folder, image: Image.Image) -> InForce:
    image.save(folder / "right.png")
    right = {"id": "new", "name": "羌塘魁罡", "kind": "trademark", "images": ["right.png"]}
    (folder / "rights.jsonl").write_text(json.dumps(right) + "\n", "utf-8")
    return InForce(folder / "rights.jsonl")


def contents(gists: Gists):
    return [
        (
            b.places.tolist(),
            b.prints.tobytes(),
            b.traces()[0].tobytes(),
            [b.glimpses(n)[0].tobytes() for n in (0, 1)],
            b.texts(),
        )
        for b in gists.blocks()
    ]


def test_edited_copies_and_names_are_found_and_little_else_is_fetched(bus, tmp_path, monkeypatch):
    right = make.photo(1)
    publish(bus, 12)
    publish_picture(bus, right, "whole")
    publish_picture(bus, ImageOps.mirror(right.crop((60, 40, 420, 440))), "mirrored")
    inset = make.photo(2)
    inset.paste(right.resize((260, 260)), (150, 150))
    publish_picture(bus, inset, "inset")
    named = make.listing("羌塘魁罡 毛毯", id="named")
    bus.publish(Topic.LISTINGS, named.capture.key, codec.pack(named))
    fetched = []
    monkeypatch.setattr(
        bus,
        "at",
        lambda topic, places: fetched.extend(places) or EmbeddedBus.at(bus, topic, places),
    )
    gists = Gists(tmp_path / "gists.sqlite", "bus")
    clues = list(rescreened(bus, gists, in_force(tmp_path, right), {"new"}))

    assert [clue.listing_id for clue in clues] == ["whole", "mirrored", "inset", "named"]
    assert len(fetched) <= 6


def test_candidates_bring_the_clues_that_the_whole_history_brings(bus, tmp_path, monkeypatch):
    publish(bus, 8)
    publish_picture(bus, make.photo(1), "whole")
    listed = in_force(tmp_path, make.photo(1))
    gists = Gists(tmp_path / "gists.sqlite", "bus")
    by_gists = list(rescreened(bus, gists, listed, {"new"}))
    monkeypatch.setattr(rescreen, "MOST_PICTURES", 0)

    assert by_gists == list(rescreened(bus, gists, listed, {"new"}))
    assert len(by_gists) == 1


@pytest.mark.parametrize("killed", [False, True])
def test_names_in_many_gists_are_found_by_another_process_or_else_here(
    bus, tmp_path, monkeypatch, caplog, killed
):
    publish(bus, 2)
    named = make.listing("羌塘魁罡 毛毯", id="named")
    bus.publish(Topic.LISTINGS, named.capture.key, codec.pack(named))
    gists = Gists(tmp_path / "gists.sqlite", "bus")
    listed = in_force(tmp_path, make.photo(1))
    monkeypatch.setattr(rescreen, "MANY", 1)

    def looked(*_):
        for child in multiprocessing.active_children() if killed else ():
            child.kill()
        return {}

    monkeypatch.setattr(rescreen, "likely", looked)
    clues = list(rescreened(bus, gists, listed, {"new"}))

    assert [clue.listing_id for clue in clues] == ["named"]
    assert bool(caplog.messages) == killed
    assert not multiprocessing.active_children()


def test_what_comes_later_is_taken_up_and_made_anew_it_is_the_same(bus, tmp_path):
    gists = Gists(tmp_path / "gists.sqlite", "bus")
    publish(bus, 3)
    gists.take_up(bus)
    bus.publish(Topic.LISTINGS, "poison", b"not a listing")
    publish(bus, 2, first=3)
    gists.take_up(bus)
    gists.take_up(bus)
    anew = Gists(tmp_path / "anew.sqlite", "bus")
    anew.take_up(bus)
    (whole,) = contents(anew)
    parts = contents(gists)

    assert [len(part[0]) for part in parts] == [3, 2]
    assert [place for part in parts for place in part[0]] == whole[0]
    assert b"".join(part[2] for part in parts) == whole[2]
    assert [text for part in parts for text in part[4]] == whole[4]
    assert all(not p.points and not p.small for text in whole[4] for p in text.fingerprints)


def test_killed_before_a_block_is_whole_nothing_is_lost_or_doubled(bus, tmp_path, monkeypatch):
    publish(bus, 5)
    gists = Gists(tmp_path / "gists.sqlite", "bus")
    monkeypatch.setattr(stored, "BLOCK", 2)
    monkeypatch.setattr(stored, "STATE", "a fault in the middle of a block")
    with pytest.raises(Exception, match="syntax error"):
        gists.take_up(bus)
    monkeypatch.undo()
    monkeypatch.setattr(stored, "BLOCK", 2)
    gists.take_up(bus)

    places = [place for part in contents(gists) for place in part[0]]
    assert [offset for _, offset in places] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("change", ["another bus", "another network"])
def test_of_another_form_it_is_made_anew(bus, tmp_path, monkeypatch, change):
    publish(bus, 2)
    Gists(tmp_path / "gists.sqlite", "bus").take_up(bus)
    if change == "another network":
        (tmp_path / "net").write_bytes(b"other weights")
        monkeypatch.setattr(stored, "KNOWLEDGE", (tmp_path / "net",))
    gists = Gists(tmp_path / "gists.sqlite", "other" if change == "another bus" else "bus")
    publish(bus, 1, first=2)
    gists.take_up(bus)

    assert [len(part[0]) for part in contents(gists)] == [3]


def test_a_stage_that_is_idle_takes_up_whole_blocks_and_leaves_it_to_who_is_at_it(
    bus, tmp_path, monkeypatch
):
    monkeypatch.setattr(stored, "BLOCK", 2)
    publish(bus, 5)
    gists = Gists(tmp_path / "gists.sqlite", "bus")
    stage = rescreen_stage(bus, gists, in_force(tmp_path, make.photo(1)))
    other = Gists(tmp_path / "gists.sqlite", "bus")
    with other._turn:
        assert not stage.idle()
    assert gists.count() == 0
    monkeypatch.setattr(rescreen, "PAUSE_SECONDS", -1.0)
    while stage.idle():
        pass

    assert [len(part[0]) for part in contents(gists)] == [2, 2]


def test_a_glimpse_is_about_as_like_a_logo_as_its_window():
    vectors = np.random.default_rng(1).normal(size=(60, DEPTH)).astype(np.float32)
    vectors[1] = vectors[0]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    windows = Windows(vectors, np.zeros((60, 2), np.float32), np.zeros(60, np.uint8))
    plain, wide = glimpses(windows)
    sought = vectors[[40, 7]]
    guessed, true = Likeness(sought).of(plain), (vectors @ sought.T).max(axis=1)[1:]

    assert (len(plain), len(wide), len(SQUEEZES)) == (59, 0, 2)
    assert np.abs(guessed - true).max() < 0.15
    assert np.abs(guessed - true).mean() < 0.05
