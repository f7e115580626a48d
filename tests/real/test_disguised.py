"""The large measurement is made from other people's tables; skipped by name where they are not."""

import json
from pathlib import Path
from random import Random

import pytest

from benchmarks.disguised import __main__ as program
from benchmarks.disguised import sources, subjects, tables
from benchmarks.disguised.negatives import World
from pipeline.normalise import fold

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data, which is not here")
SMALL = {"PER_CLASS": 6, "PER_PAIR": 2, "CLEAN": 260, "NEAR": 40, "LAWFUL": 40}


@pytest.fixture(scope="module")
def found() -> sources.Sources:
    return sources.read(DATA)


@pytest.fixture(scope="module")
def everybody() -> tuple[subjects.Subject, ...]:
    return subjects.subjects(DATA)


@pytest.fixture
def made(found, everybody, monkeypatch):
    for name, count in SMALL.items():
        monkeypatch.setattr(program, name, count)
    names = tuple(sorted({fold(name).text for each in everybody for name in each.spellings}))

    def make(half: str) -> list[dict]:
        mine = tuple(each for each in everybody if tables.part(each.name) == half)
        return program.make(World(half=half, subjects=mine, names=names), found, DATA, Random(1))

    return make


def test_there_are_names_enough_of_every_length(everybody):
    lengths = [len(each.name) for each in everybody if each.han]

    assert len(everybody) >= 500
    assert lengths.count(2) >= 80
    assert lengths.count(3) >= 100
    assert lengths.count(4) >= 150
    assert lengths.count(6) >= 30


def test_every_span_cuts_the_written_name_out_of_its_field(made):
    for line in made("dev"):
        for truth in line["truth"]:
            if "span" in truth:
                text = line["shop"]["name"] if truth["field"] == "shop" else line[truth["field"]]
                start, end = truth["span"]
                assert 0 <= start < end <= len(text)
                assert text[start:end].strip()


def test_the_same_seed_makes_the_same_listings(made):
    assert json.dumps(made("dev")) == json.dumps(made("dev"))


def test_the_halves_share_no_title(made):
    dev, test = ({line["title"] for line in made(half)} for half in ("dev", "test"))

    assert dev & test == set()


def test_every_disguise_and_every_kind_is_there(made):
    lines = made("test")
    disguises = {truth.get("disguise") for line in lines for truth in line["truth"]} - {None}

    assert disguises == {*program.HAN, *program.LATIN, *program.PAIRS}
    assert {line["kind"] for line in lines} == {"positive", "clean", "near", "lawful"}
    assert all(not line["truth"] for line in lines if line["kind"] != "positive")
