"""The text detector finds names as sellers write them, and the span cuts out what was written."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.text import TextDetector, TextFinder
from detectors.variants import Disguise
from pipeline.normalise import fold
from pipeline.records import Match, RightKind
from tests import make

APPLE = make.right("花牛苹果", latin=("Huaniu Apple",))
RIGHTS = (
    APPLE,
    make.right("花牛", kind=RightKind.TRADEMARK),
    make.right("PRADA", kind=RightKind.TRADEMARK),
    make.right("秦安花椒", exclude=("秦安花椒树下",)),
)


def matches(title: str, **fields) -> list[Match]:
    found = TextFinder([APPLE]).find(make.listing(title, **fields))
    return list(found.get(APPLE.id, ()))


@pytest.mark.parametrize(
    ("title", "seen", "disguises"),
    [
        ("正宗花牛苹果10斤", "花牛苹果", ()),
        ("正宗花牛蘋果10斤", "花牛蘋果", (Disguise.TRADITIONAL,)),
        ("正宗花*牛苹🍎果10斤", "花*牛苹🍎果", (Disguise.SYMBOLS,)),
        ("正宗花 牛 苹 果10斤", "花 牛 苹 果", (Disguise.SYMBOLS,)),
        ("正宗花妞平果10斤", "花妞平果", (Disguise.HOMOPHONE,)),
        ("正宗华牛蘋果10斤", "华牛蘋果", (Disguise.TRADITIONAL, Disguise.HOMOPHONE)),
        ("正宗huaniupingguo10斤", "huaniupingguo", (Disguise.PINYIN,)),
        ("正宗ＨｕａｎｉｕＡｐｐｌｅ", "ＨｕａｎｉｕＡｐｐｌｅ", (Disguise.STYLED,)),
        ("fresh HUANIU APPLE 5kg", "HUANIU APPLE", ()),
    ],
)
def test_a_disguise_is_seen_through_and_named(title, seen, disguises):
    (found,) = matches(title)

    assert found.span is not None
    assert title[slice(*found.span)] == found.seen == seen
    assert set(found.disguises) == set(disguises)


def test_a_reason_says_which_characters_stand_for_which():
    (found,) = matches("花妞平果")

    assert found.reason == "标题第1—4字“花妞平果”与受保护名称“花牛苹果”近似（同音字：妞≈牛，平≈苹）"


def test_the_surer_the_plainer():
    plain, styled, sounded = (matches(t)[0].score for t in ("花牛苹果", "花*牛苹果", "花妞平果"))

    assert plain == 1.0 > styled > sounded


@pytest.mark.parametrize(
    "title", ["苹果花牛", "牛奶苹果", "花园小牛苹果", "Huaniu Apples", "xhuaniu apple"]
)
def test_what_is_another_word_is_no_match(title):
    assert matches(title) == []


def test_every_field_is_read_and_named():
    fields = [
        m.field for m in matches("无", brand="花牛苹果", shop="花牛苹果店", description="花牛苹果")
    ]

    assert fields == ["brand", "shop", "description"]


def test_an_excluded_word_hides_the_name_in_it_only():
    finder = TextFinder(RIGHTS)
    right = RIGHTS[3].id

    assert right not in finder.find(make.listing("秦安花椒树下（小说）"))
    assert right in finder.find(make.listing("秦安花椒树下的秦安花椒"))


def test_a_polyphone_is_heard_in_all_its_readings():
    """重 is zhòng and chóng; the mark's readings are all looked for."""
    right = make.right("重阳糕点")
    found = TextFinder([right]).find(make.listing("中阳糕点"))

    assert right.id in found


def test_no_rights_find_nothing():
    assert TextFinder([]).find(make.listing()) == {}


LETTERS = "花牛苹果平妞華蘋秦安椒*🍎 　PRADAhuaniupingguo树下1"


@given(st.text(alphabet=LETTERS, max_size=30))
def test_the_automaton_finds_what_plain_search_finds(title):
    listing = make.listing(title or "x")
    found = TextFinder(RIGHTS).find(listing)

    for right in RIGHTS:
        assert tuple(TextDetector().compare(listing, right)) == tuple(found.get(right.id, ()))


@given(st.text(max_size=10), st.text(max_size=10))
def test_a_name_is_found_in_any_surroundings(before, after):
    title = f"{before}花牛苹果{after}"
    spans = [m.span for m in matches(title) if m.span]

    assert any("花牛苹果" in fold(title[slice(*span)]).text for span in spans)
