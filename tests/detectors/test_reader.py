"""Reading is dear: only what seems to bear text is read, and only while time is left for it."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from detectors.fingerprint import fingerprint_stage, frames
from detectors.pictures import reading
from detectors.reader import SAVED, Allowance, PictureReader
from pipeline import codec
from pipeline.records import Listing, Picture
from pipeline.vault import Vault
from pipeline.written import NumberKind, Unread, Written
from tests import make
from tests.detectors.written import png, sheet, with_code

SHEET = sheet(["正宗花牛苹果", "GB/T 20453-2006"])
CONTENT = png(SHEET)
MESSAGES = sorted((Path(__file__).parents[1] / "pipeline" / "messages").iterdir())


class Clock:
    """Goes on by `step` seconds whenever it is looked at: a reading looks three times."""

    def __init__(self, step: float = 0.0) -> None:
        self.now, self.step, self.looks = 100.0, step, 0

    def __call__(self) -> float:
        self.looks += 1
        self.now += self.step
        return self.now


def written(content: bytes, reader: PictureReader) -> Written:
    (found,) = frames(content, 0, reader)
    assert found.written is not None
    return found.written


def different(count: int) -> list[bytes]:
    return [png(sheet([f"花牛苹果{number}"])) for number in range(count)]


STEPS = st.lists(st.tuples(st.floats(0, 5), st.floats(0.01, 2)), max_size=40)


@given(st.floats(0.01, 0.99), STEPS)
def test_no_more_than_the_share_is_spent(share, steps):
    """Beside what was saved, and the last reading, whose cost nobody knows before."""
    clock = Clock()
    allowance, spent, last = Allowance(share, clock), 0.0, 0.0
    for waited, cost in steps:
        clock.now += waited
        if allowance.is_left():
            clock.now += cost
            allowance.spend(cost)
            spent, last = spent + cost, cost

    assert spent <= share * (clock.now - 100) + SAVED + last + 1e-6


@given(st.floats(0.01, 0.99))
def test_who_waits_long_enough_may_read_again(share):
    clock = Clock()
    allowance = Allowance(share, clock)
    allowance.spend(SAVED + 3)

    assert not allowance.is_left()
    clock.now += 3.01 / share
    assert allowance.is_left()


@pytest.mark.parametrize(("share", "busy"), [(0.1, True), (0.5, False), (1.0, False)])
def test_what_the_share_does_not_allow_is_left_unread_and_counted(share, busy):
    """Each picture takes half a second of one and a half: a third of the time."""
    told: list[str] = []
    reader = PictureReader(share, clock=Clock(0.5), tell=told.append)
    found = [written(content, reader) for content in different(6)]

    assert (Unread.BUSY in told) == busy
    assert told == [each.unread or "read" for each in found]
    assert [bool(each.lines) for each in found] == [each.unread is None for each in found]
    assert found[0].unread is None


def test_a_share_of_nothing_reads_nothing_yet_scans():
    content = png(with_code(sheet(["花牛苹果"]), "6901234567892", "EAN13", (40, 180)))
    found = written(content, PictureReader(0.0))

    assert (found.unread, found.lines) == (Unread.OFF, ())
    assert [each.text for each in found.symbols] == ["6901234567892"]


def test_without_the_packages_nothing_is_read_and_it_is_said_how_to_get_them(monkeypatch):
    monkeypatch.setattr(reading, "PACKAGE", "no_such_reader")

    assert written(CONTENT, PictureReader()).unread is Unread.MISSING
    assert reading.lacking() == "no_such_reader missing; pip install 'markwatch[ocr]'"


def test_the_same_picture_is_read_once():
    told: list[str] = []
    clock = Clock()
    reader = PictureReader(0.5, clock=clock, tell=told.append)
    first, looks = written(CONTENT, reader), clock.looks
    again = written(CONTENT, reader)

    assert again == first
    assert clock.looks == looks
    assert told == ["read", "read"]


def test_what_was_left_for_want_of_time_is_read_when_it_comes_again():
    clock = Clock(5.0)
    reader = PictureReader(0.01, clock=clock)
    written(different(1)[0], reader)
    assert written(CONTENT, reader).unread is Unread.BUSY
    clock.now += 1000

    assert written(CONTENT, reader).unread is None


def test_a_picture_that_bears_no_text_is_not_read():
    told: list[str] = []
    plain = png(make.photo(2, 400))

    assert written(plain, PictureReader(tell=told.append)).unread is Unread.PLAIN
    assert told == ["plain"]


def test_numbers_and_codes_are_read_beside_the_lines():
    lines = ["食品生产 SC11834020305037", "GB/T 20453-2006", "914403001922038216"]
    image = with_code(sheet(lines, 30), "https://shop.example/7", "QRCode", (440, 260))
    found = written(png(image), PictureReader())

    assert {(each.kind, each.value) for each in found.numbers} == {
        (NumberKind.LICENCE, "SC11834020305037"),
        (NumberKind.STANDARD, "GB/T 20453-2006"),
        (NumberKind.USCC, "914403001922038216"),
    }
    assert all(each.valid is not False for each in found.numbers)
    assert all(found.text[slice(*each.span)] for each in found.numbers)
    assert [each.text for each in found.symbols] == ["https://shop.example/7"]


def test_small_text_of_a_large_picture_is_read_in_its_pixels():
    """The fingerprint sees 512 pixels; there these characters are four high and misread."""
    large = Image.new("RGB", (1900, 1900), "#f4efe2")
    large.paste(sheet(["甘肃天水花牛苹果"] * 6, 16), (200, 300))
    found = written(png(large), PictureReader())

    assert [line.text for line in found.lines] == ["甘肃天水花牛苹果"] * 6


def test_every_frame_of_an_animation_is_read():
    moving = make.animation([sheet(["花牛苹果"]), sheet(["甘肃天水"])])
    prints = frames(moving, 4, PictureReader())

    assert [each.image for each in prints] == [4, 4]
    assert [each.written.text for each in prints if each.written] == ["花牛苹果", "甘肃天水"]


def test_the_stage_hands_on_what_was_read(tmp_path):
    vault = Vault(tmp_path)
    pictures = (
        Picture(source="a", kept=vault.put(CONTENT, "image/png")),
        Picture(source="b", kept=vault.put(b"<html>", "image/png")),
    )
    capture = make.capture(pictures=pictures)
    (emit,) = fingerprint_stage(vault, PictureReader()).handle([capture])
    listing = codec.unpack(codec.pack(emit.record), Listing)

    assert listing == emit.record
    assert listing.fingerprints[0].written is not None
    assert listing.fingerprints[0].written.text == "正宗花牛苹果\nGB/T 20453-2006"
    assert listing.fingerprints[1].written is None


@pytest.mark.parametrize("folder", MESSAGES, ids=lambda folder: folder.name)
def test_a_listing_from_before_there_was_reading_says_nothing_of_it(folder):
    body = (folder / "listing.json").read_bytes()
    bare = json.loads(body)
    for each in bare["fingerprints"]:
        each.pop("written", None)
    listing = codec.unpack(json.dumps(bare).encode(), Listing)

    assert [each.written for each in listing.fingerprints] == [None] * len(listing.fingerprints)


def test_a_picture_is_bounded_in_what_it_makes_a_listing_carry():
    wall = sheet(["甘肃天水花牛苹果" * 12] * 50, pixels=10, size=(960, 960))
    (found,) = frames(png(wall), 0, PictureReader())

    assert found.written is not None
    assert found.written.lines
    assert len(codec.encode(found.written)) < 40_000
    assert np.ptp([line.confidence for line in found.written.lines]) <= 1
