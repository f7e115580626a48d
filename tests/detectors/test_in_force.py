"""The list in force: a change takes effect at once, a broken one leaves the old in force."""

import json
import threading

import pytest

from detectors.gists import Gists
from detectors.rescreen import rescreened
from detectors.screen import InForce
from pipeline import codec, rights
from pipeline.bus import Topic
from pipeline.bus.embedded import EmbeddedBus
from pipeline.errors import BadInput
from tests import make

PEPPER = {"id": "pepper", "name": "秦安花椒", "kind": "gi", "goods": ["花椒"]}
APPLE = {"id": "apple", "name": "花牛苹果", "kind": "gi", "goods": ["苹果"]}


def write(path, *given) -> None:
    fresh = path.with_suffix(".new")
    fresh.write_text("".join(json.dumps(each) + "\n" for each in given), "utf-8")
    fresh.replace(path)


def found(screen, title: str) -> list[str]:
    return [clue.right_id for clue in screen.clues([make.listing(title)])]


def test_a_new_list_takes_effect_when_next_asked(tmp_path):
    place = tmp_path / "rights.jsonl"
    write(place, APPLE)
    in_force = InForce(place)
    assert found(in_force.now(), "秦安花椒 500g") == []
    write(place, APPLE, PEPPER)

    assert found(in_force.now(), "秦安花椒 500g") == ["pepper"]
    assert in_force.now() is in_force.now()


def test_a_list_that_breaks_leaves_the_one_before_it_in_force(tmp_path, caplog):
    place = tmp_path / "rights.jsonl"
    write(place, APPLE)
    in_force = InForce(place)
    in_force.now()
    place.write_text("{ not a right\n", "utf-8")

    assert found(in_force.now(), "花牛苹果 10斤") == ["apple"]
    assert found(in_force.now(), "花牛苹果 10斤") == ["apple"]
    assert caplog.text.count("stays in force") == 1
    with pytest.raises(BadInput):
        InForce(place).now()


def test_only_the_rights_that_changed_meet_the_stored_listings(tmp_path):
    bus = EmbeddedBus(tmp_path / "bus.sqlite")
    titles = ("花牛苹果 10斤", "秦安花椒 500g", "花牛苹果 秦安花椒 礼盒", "香蕉")
    for number, title in enumerate(titles):
        listing = make.listing(title, id=str(number))
        bus.publish(Topic.LISTINGS, listing.capture.key, codec.pack(listing))
    bus.publish(Topic.LISTINGS, "poison", b"not a listing")
    write(tmp_path / "rights.jsonl", APPLE, PEPPER)
    gists = Gists(tmp_path / "gists.sqlite", "bus")
    clues = list(rescreened(bus, gists, InForce(tmp_path / "rights.jsonl"), {"pepper"}))

    assert [(clue.listing_id, clue.right_id) for clue in clues] == [
        ("1", "pepper"),
        ("2", "pepper"),
    ]
    bus.close()


def test_a_changed_picture_is_a_changed_right(tmp_path):
    place = tmp_path / "rights.jsonl"
    (tmp_path / "logo.jpg").write_bytes(make.picture(1))
    write(place, {**APPLE, "images": ["logo.jpg"]}, PEPPER)
    before = rights.states(rights.load(place))
    (tmp_path / "logo.jpg").write_bytes(make.picture(2))
    after = rights.states(rights.load(place))

    assert [each for each in after if after[each] != before[each]] == ["apple"]


def test_two_threads_open_one_screen(tmp_path):
    write(tmp_path / "rights.jsonl", APPLE)
    in_force, seen = InForce(tmp_path / "rights.jsonl"), []
    threads = [threading.Thread(target=lambda: seen.append(in_force.now())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({id(screen) for screen in seen}) == 1
