"""A change of one fact changes the gate that depends on it and no other."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.screen import Screen
from detectors.text import TextFinder
from pipeline.assessed import Authorisation, Defence, GateName, Sign, Tier
from pipeline.law import CHINA
from pipeline.records import (
    Clue,
    Fingerprint,
    Listing,
    PriceRange,
    Region,
    Right,
    RightKind,
    Shop,
    Unit,
    User,
)
from pipeline.written import Line, Written
from tests import make

AREA = Region(name="甘肃省天水市麦积区", codes=("620503",), townships=("花牛镇",))
RIGHT = make.right(
    region=AREA,
    standard_no="GB/T 22444",
    valid_from=date(2020, 1, 1),
    valid_to=date(2030, 1, 1),
    season="9-10",
    price=PriceRange(low=8, high=30, per=Unit.KILOGRAM),
    official_shops=("花牛苹果官方旗舰店",),
)
LISTING = make.listing("花牛苹果 10斤装", price=60.0)
USER = User(name="麦积果业公司", uscc="91620503MA0000001A", shops=("某某水果店",))
FOLLOWS = {
    GateName.USE_AS_MARK: {GateName.CONFUSION},
    GateName.GOODS: {GateName.CONFUSION},
}
"""Confusion is no fact of its own: it follows from use and goods."""


def clue(listing: Listing = LISTING, right: Right = RIGHT) -> Clue:
    (found,) = Screen([right], [TextFinder([right])]).clues([listing])
    return found


def changed(listing: Listing = LISTING, right: Right = RIGHT) -> set[GateName]:
    """The gates that answer otherwise than for the plain listing."""
    before = {gate.gate: (gate.result, gate.finding, gate.reason) for gate in clue().gates}
    after = {
        gate.gate: (gate.result, gate.finding, gate.reason) for gate in clue(listing, right).gates
    }
    assert before.keys() == after.keys()
    return {name for name in before if before[name] != after[name]}


def seen(**given) -> Listing:
    return replace(LISTING, capture=replace(LISTING.capture, **given))


@pytest.mark.parametrize(
    ("gate", "listing", "right"),
    [
        (GateName.RIGHT_IN_FORCE, LISTING, replace(RIGHT, valid_to=date(2026, 1, 1))),
        (GateName.RIGHT_IN_FORCE, LISTING, replace(RIGHT, valid_from=date(2026, 12, 1))),
        (GateName.AUTHORISATION, LISTING, replace(RIGHT, users=(USER,))),
        (GateName.AUTHORISATION, seen(shop=Shop(name="花牛苹果官方旗舰店")), RIGHT),
        (GateName.ORIGIN, seen(origin="陕西省延安市"), RIGHT),
        (GateName.ORIGIN, seen(origin="天水市麦积区"), RIGHT),
        (GateName.ORIGIN, seen(description="原产地：山东烟台"), RIGHT),
        (GateName.STANDARD, seen(standard_no="GB/T 1354"), RIGHT),
        (GateName.STANDARD, seen(standard_no="GB/T 22444-2008"), RIGHT),
        (GateName.USE_AS_MARK, seen(title="花牛苹果平替 10斤装"), RIGHT),
    ],
)
def test_one_fact_moves_one_gate(gate, listing, right):
    assert changed(listing, right) - FOLLOWS.get(gate, set()) == {gate}


def test_other_goods_move_goods_and_what_follows():
    right = make.right("花牛", kind=RightKind.TRADEMARK)
    apple, washer = make.listing("花牛 苹果"), make.listing("花牛 洗衣机")
    before, after = (
        {g.gate: g.result for g in clue(each, right).gates} for each in (apple, washer)
    )

    assert {name for name in before if before[name] != after[name]} == {
        GateName.GOODS,
        GateName.CONFUSION,
    }


@pytest.mark.parametrize(
    ("listing", "sign"),
    [
        (seen(title="花妞平果 10斤装"), Sign.DISGUISE),
        (seen(origin="陕西省延安市"), Sign.ORIGIN),
        (seen(standard_no="GB/T 1354"), Sign.STANDARD),
        (seen(title="花牛苹果 高仿 10斤装"), Sign.CODE_WORD),
        (seen(shop=Shop(name="果品旗舰店")), Sign.CLAIM),
        (seen(price=15.0), Sign.PRICE),
        (seen(title="花牛苹果 现摘 10斤装"), Sign.CONTRADICTION),
    ],
)
def test_each_sign_lifts_a_plain_clue_to_high_and_is_named(listing, sign):
    found = clue(listing)

    assert clue().tier is Tier.REVIEW
    assert found.tier is Tier.HIGH
    assert [each.sign for each in found.indications] == [sign]
    assert all(each.reason in found.reason for each in found.indications)


def test_an_origin_that_contradicts_itself_says_both():
    listing = seen(title="甘肃天水 花牛苹果 10斤装", origin="陕西省洛川县")
    found = clue(listing)

    assert {Sign.ORIGIN, Sign.CONTRADICTION} == {each.sign for each in found.indications}
    assert "陕西省洛川县" in found.reason
    assert "甘肃天水" in found.reason


def test_a_picture_that_says_otherwise_than_the_field_leaves_it_to_a_person():
    line = Line(text="产地：陕西洛川", box=(0.1, 0.1, 0.5, 0.1), confidence=0.99)
    listing = replace(
        seen(origin="甘肃天水"),
        fingerprints=(Fingerprint(image=0, written=Written(lines=(line,))),),
    )
    found = clue(listing)

    assert Sign.CONTRADICTION in {each.sign for each in found.indications}
    assert any(quote.field == "image:0" for each in found.indications for quote in each.evidence)


@pytest.mark.parametrize(
    ("given", "standing"),
    [
        ({"shop": Shop(name="x", uscc="91620503MA0000001A")}, Authorisation.AUTHORISED),
        ({"origin": "甘肃天水"}, Authorisation.INSIDE_AREA_UNLISTED),
        ({"origin": "花牛镇"}, Authorisation.INSIDE_AREA_UNLISTED),
        ({"origin": "甘肃省天水市秦安县"}, Authorisation.OUTSIDE),
        ({"origin": "甘肃"}, Authorisation.UNKNOWN),
        ({}, Authorisation.UNKNOWN),
    ],
)
def test_authorisation_has_four_outcomes(given, standing):
    listed = replace(RIGHT, users=(replace(USER, shops=()),))

    assert clue(seen(**given), listed).authorisation is standing


def test_a_code_printed_in_a_picture_is_no_licence():
    line = Line(text=USER.uscc or "", box=(0.1, 0.1, 0.5, 0.1), confidence=0.99)
    print_ = Fingerprint(image=0, written=Written(lines=(line,)))
    right = replace(RIGHT, users=(replace(USER, shops=()),))

    assert (
        clue(replace(LISTING, fingerprints=(print_,)), right).authorisation is Authorisation.UNKNOWN
    )


@pytest.mark.parametrize(
    ("day", "article"),
    [("2026-12-31", "（2019）第59条第1款"), ("2027-01-01", "（2026）第73条第3款")],
)
def test_the_article_of_a_defence_is_that_of_the_day(day, article):
    moment = datetime.fromisoformat(day).replace(tzinfo=CHINA)
    found = clue(seen(title="适用于花牛苹果的包装箱", seen_at=moment))
    use = next(gate for gate in found.gates if gate.gate is GateName.USE_AS_MARK)

    assert found.cleared == Defence.ACCESSORY
    assert article in (use.article or "")


TITLE_WORDS = """花牛苹果 花妞平果 花*牛苹果 huaniu苹果 苹果 10斤 高仿 平替 做法 适用于 包装箱
现摘 正品 非 产地 天水 陕西 二手 苗木 官方旗舰店 礼盒 1:1 标签 特价 花牛"""
WORDS = st.lists(
    st.sampled_from(TITLE_WORDS.split()),
    min_size=1,
    max_size=7,
)


@given(
    words=WORDS,
    shop=st.sampled_from([None, "水果店", "果品旗舰店", "花牛苹果官方旗舰店"]),
    origin=st.sampled_from([None, "陕西", "甘肃天水", "见包装"]),
    price=st.sampled_from([None, 1.0, 9.9, 60.0]),
    standard=st.sampled_from([None, "GB/T 1354", "GB/T 22444"]),
)
def test_nothing_unknown_goes_above_review_without_a_sign(words, shop, origin, price, standard):
    listing = seen(
        title=" ".join(words),
        shop=Shop(name=shop),
        origin=origin,
        price=price,
        standard_no=standard,
    )
    for found in Screen([RIGHT], [TextFinder([RIGHT])]).clues([listing]):
        if found.tier is Tier.HIGH:
            assert found.indications
            assert found.authorisation is not Authorisation.AUTHORISED
        assert (found.cleared is not None) == (found.tier is Tier.CLEARED)
        assert found.cleared is None or found.cleared in set(Defence)
        assert len({gate.gate for gate in found.gates}) == len(found.gates)
