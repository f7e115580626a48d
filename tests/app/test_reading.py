"""Text in pictures as an operator meets it: `scan`, the setting, `doctor`, what is counted."""

import json
import threading
from dataclasses import replace

import pytest
from click.testing import CliRunner

from app import doctor, system
from detectors.pictures import reading
from markwatch import main
from pipeline import codec
from pipeline.bus import Topic
from pipeline.errors import BadSetting
from pipeline.metrics import Metrics
from pipeline.records import Picture
from pipeline.settings import read_settings
from pipeline.stage import run_stage
from tests import make
from tests.detectors.written import png, sheet


@pytest.fixture
def scanned(tmp_path):
    """The clues that `scan` prints for a box of apples whose picture names 花牛苹果."""
    right = {"id": "r", "name": "花牛苹果", "kind": "gi", "goods": ["苹果"]}
    listing = {"id": "1", "title": "新鲜红苹果 10斤", "images": ["box.png"]}
    (tmp_path / "rights.jsonl").write_text(json.dumps(right), "utf-8")
    (tmp_path / "l.jsonl").write_text(json.dumps(listing), "utf-8")
    (tmp_path / "box.png").write_bytes(png(sheet(["甘肃天水", "花牛苹果"])))
    places = [str(tmp_path / "l.jsonl"), "--rights", str(tmp_path / "rights.jsonl")]

    def scan(*options: str):
        return CliRunner().invoke(main, ["scan", *places, *options], catch_exceptions=False)

    return scan


def test_scan_reads_the_text_in_pictures(scanned):
    done = scanned()
    (clue,) = map(json.loads, done.stdout.splitlines())
    (match,) = clue["matches"]
    x, y, width, height = match["region"]

    assert done.exit_code == 0
    assert (match["field"], match["method"], match["seen"]) == ("image:0", "ocr", "花牛苹果")
    assert match["reason"] == "第1张图中的文字“花牛苹果”与受保护名称“花牛苹果”相同"
    assert 0 < x < x + width < 0.5
    assert 0.2 < y < y + height < 0.4


@pytest.mark.parametrize("option", ["--no-read", "--no-pictures"])
def test_scan_leaves_it_when_told(scanned, option):
    assert scanned(option).stdout == ""


def test_scan_without_the_packages_says_so_and_goes_on(scanned, monkeypatch):
    monkeypatch.setattr(reading, "PACKAGE", "no_such_reader")
    done = scanned()

    assert done.exit_code == 0
    assert done.stdout == ""
    assert "text in pictures is not read: no_such_reader missing" in done.stderr
    assert "pip install 'markwatch[ocr]'" in done.stderr


@pytest.mark.parametrize(
    ("share", "package", "said"),
    [
        ("0.5", reading.PACKAGE, "read for at most 50% of the time"),
        ("0", reading.PACKAGE, "not read, as MARKWATCH_READING=0 says"),
        ("0.5", "no_such_reader", "not read, no_such_reader missing; pip install"),
    ],
)
def test_doctor_says_whether_pictures_are_read(tmp_path, monkeypatch, share, package, said):
    monkeypatch.setattr(reading, "PACKAGE", package)
    settings = read_settings({"MARKWATCH_DATA": str(tmp_path), "MARKWATCH_READING": share})
    (found,) = (each for each in doctor.checks(settings) if each.what == "text in pictures")

    assert found.fine
    assert found.found.startswith(said)


@pytest.mark.parametrize("share", ["-0.1", "1.5", "nan", "half"])
def test_a_share_that_is_none_names_the_setting(share):
    with pytest.raises(BadSetting, match=r"MARKWATCH_READING='.*': write a share from 0 to 1"):
        read_settings({"MARKWATCH_READING": share})


def test_what_is_read_and_what_is_not_is_counted(tmp_path):
    settings = read_settings({"MARKWATCH_DATA": str(tmp_path)})
    metrics, stop = Metrics(), threading.Event()
    written, plain = png(sheet(["花牛苹果"])), png(make.photo(2, 400))
    with system.open_parts(replace(settings, reading=1.0)) as parts:
        kept = [parts.vault.put(content, "image/png") for content in (written, plain, written)]
        pictures = tuple(Picture(source="a", kept=each) for each in kept)
        parts.bus.publish(Topic.CAPTURES, "1", codec.pack(make.capture(pictures=pictures)))
        (stage,) = system.stages(parts, "fingerprint", print, stop, metrics)
        run_stage(parts.bus, stage, stop, once=True, metrics=metrics)
    page = metrics.page().decode()

    assert 'markwatch_pictures_total{reading="read"} 2.0' in page
    assert 'markwatch_pictures_total{reading="plain"} 1.0' in page
