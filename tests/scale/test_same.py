"""The embedded default and the real engines lead to the same clues."""

import json
import os
import subprocess
import sys

import pytest

from pipeline.bus import Topic, history
from pipeline.settings import read_settings
from tests.scale.house import ROOT, clues, documents, environment, parts, run, run_once

DATA = ROOT.parent / "shared" / "data"
STEPS = ("fingerprint", "screen", "index")
UNREAD = {"MARKWATCH_READING": "0"}  # which pictures there is time to read is up to the clock


def same(embedded, scaled) -> int:
    """Takes the captures of the one through the other; how many clues both have."""
    with parts(embedded) as one, parts(scaled) as other:
        run_once(one, *STEPS)
        captures = [(each.key, each.body) for each in history(one.bus, Topic.CAPTURES)]
        other.bus.publish_all(Topic.CAPTURES, captures)
        run_once(other, *STEPS)

        assert clues(one) == clues(other)
        assert documents(one) == documents(other)
        return len(clues(one))


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_practice_marketplace_gives_the_same_clues(tmp_path, kafka, elasticsearch):
    demo = ["demo", "--once", "--no-browser", "--items", "150", "--data", str(tmp_path)]
    subprocess.run(
        [sys.executable, "-m", "markwatch", *demo],
        cwd=ROOT,
        env=os.environ | UNREAD,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    rights = {"MARKWATCH_RIGHTS": str(tmp_path / "practice" / "rights.jsonl")} | UNREAD
    embedded = environment(tmp_path / "data", **rights)

    assert same(embedded, environment(tmp_path / "data", kafka, elasticsearch, **rights)) > 30


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data, which is not here")
@pytest.mark.parametrize(
    ("folder", "least"), [("cn-shopxo", 30), ("cn-litemall", 0), ("cn-taobao-json", 1)]
)
def test_other_people_s_listings_give_the_same_clues(tmp_path, kafka, elasticsearch, folder, least):
    embedded = environment(tmp_path, **UNREAD)
    brands = str(DATA / "cn-shopxo" / "brands.jsonl")
    options = ("--set", "kind=trademark", "--map", "logo=images")
    assert run(embedded, "rights", "import", brands, *options).returncode == 0
    assert run(embedded, "intake", str(DATA / folder / "listings.jsonl")).returncode == 0

    assert same(embedded, environment(tmp_path, kafka, elasticsearch, **UNREAD)) >= least


def test_a_house_moves_from_one_bus_to_another(tmp_path, kafka, elasticsearch):
    embedded = environment(tmp_path)
    line = {"id": "1", "title": "花妞平果 10斤", "platform": "p", "origin": "陕西"}
    (tmp_path / "l.jsonl").write_text(json.dumps(line, ensure_ascii=False), "utf-8")
    run(embedded, "intake", str(tmp_path / "l.jsonl"))
    run(embedded, "run", "--once", *STEPS)
    scaled = environment(tmp_path, kafka, elasticsearch)
    copied = run(scaled, "bus", "copy", read_settings(embedded).bus)
    rebuilt = run(scaled, "index", "rebuild")

    assert (copied.returncode, rebuilt.returncode) == (0, 0), copied.stderr + rebuilt.stderr
    with parts(embedded) as one, parts(scaled) as other:
        assert documents(one) == documents(other) != {}
