"""The variant universe holds each class of disguise; the page of reasons is what the code says."""

import importlib.util
from pathlib import Path

import pytest

from app.variants import certified
from detectors.variants import variants
from pipeline.matches import Disguise
from tests import make

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("text", "disguise"),
    [
        ("花牛蘋果", Disguise.TRADITIONAL),
        ("花⺧苹果", Disguise.STYLED),
        ("花*牛*苹*果", Disguise.SYMBOLS),
        ("花花牛牛苹苹果果", Disguise.REPEATED),
        ("化牛苹果", Disguise.HOMOPHONE),
        ("花流苹果", Disguise.NEAR_HOMOPHONE),
        ("huaniupingguo", Disguise.PINYIN),
        ("花niu苹果", Disguise.MIXED_PINYIN),
        ("花n苹果", Disguise.INITIAL),
        ("hnpg", Disguise.INITIALS),
        ("花午苹果", Disguise.LOOKALIKE),
        ("艹化牛苹果", Disguise.SPLIT),
        ("苹果花牛", Disguise.SHUFFLED),
        ("花牛🍎", Disguise.EMOJI),
        ("花苹果", Disguise.DROPPED),
        ("花大牛苹果", Disguise.INSERTED),
        ("花某苹果", Disguise.REPLACED),
        ("花牛的苹果", Disguise.TORN),
    ],
)
def test_every_class_has_its_variants(text, disguise):
    found = {each.text: each.disguise for each in variants("花牛苹果")}

    assert found[text] is disguise


def test_the_likeliest_of_each_class_come_first_and_none_twice():
    found = variants("花牛苹果")

    assert [each.rank for each in found] == sorted(each.rank for each in found)
    assert len({each.text for each in found}) == len(found)
    assert "花牛苹果" not in {each.text for each in found}


def test_latin_names_have_variants_of_their_own():
    found = {each.text: each.disguise for each in variants("adidas")}

    assert found["addidas"] is Disguise.MISSPELT
    assert found["аdidаs"] is Disguise.HOMOGLYPH


def test_the_certificate_counts_what_is_seen_through_and_names_what_is_not():
    certificate = certified(make.right("花牛苹果", goods=("苹果",)))

    assert certificate.generated == len(certificate.variants) > 100
    assert certificate.caught == certificate.generated - len(certificate.missed)
    assert certificate.caught / certificate.generated > 0.97


def test_the_page_of_reasons_is_what_the_detector_says():
    spec = importlib.util.spec_from_file_location(
        "explanations", ROOT / "scripts" / "explanations.py"
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    page = (ROOT / "docs" / "explanations.md").read_text("utf-8")
    assert page == module.explanations(), "run python scripts/explanations.py"
    for section in page.split("\n## ")[1:]:
        assert section.count("\n- ") == 10, section.split("\n", 1)[0]
