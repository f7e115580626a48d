"""A match becomes a clue through gates, each with its sentence; lawful use stays silent."""

from datetime import date, datetime

import pytest

from detectors.assessment.places import Place, place_of
from detectors.context import around, cues
from detectors.image import ImageFinder
from detectors.screen import Screen
from detectors.text import TextFinder
from pipeline.assessed import Conduct, GateName, Result, Tier
from pipeline.law import CHINA
from pipeline.matches import Cue
from pipeline.records import Clue, Region, RightKind, User
from tests import make

TOLD = {Tier.HIGH, Tier.REVIEW}
AREA = Region(name="甘肃省天水市麦积区", codes=("620503",), townships=("花牛镇",))


def clue(title: str, right=None, **fields) -> Clue:
    right = right or make.right(region=AREA)
    screen = Screen([right], [TextFinder([right]), ImageFinder([])])
    (found,) = screen.clues([make.listing(title, **fields)])
    return found


def result(found: Clue, name: GateName) -> Result:
    return next(gate.result for gate in found.gates if gate.gate is name)


def test_a_plain_name_by_an_unknown_shop_never_goes_above_review():
    found = clue("花牛苹果 10斤装")

    assert found.tier is Tier.REVIEW
    assert result(found, GateName.AUTHORISATION) is Result.UNKNOWN


@pytest.mark.parametrize(
    ("title", "fields"),
    [
        ("花妞平果 10斤装", {}),
        ("花牛苹果 10斤装", {"origin": "陕西省延安市"}),
        ("花牛苹果 高仿 10斤装", {}),
    ],
    ids=["disguise", "foreign origin", "code word"],
)
def test_another_sign_of_unlawfulness_lifts_it_to_high(title, fields):
    assert clue(title, **fields).tier is Tier.HIGH


@pytest.mark.parametrize(
    ("title", "fields", "cleared"),
    [
        ("花牛苹果 10斤装", {"shop": "花牛官方旗舰店"}, "authorised"),
        ("花牛苹果 10斤装", {"shop": "麦积果业"}, "authorised"),
        ("脆甜红元帅", {"origin": "甘肃天水", "description": "花牛苹果产区"}, "inside_area"),
        ("图书 花牛苹果栽培技术", {}, "publication"),
        ("适用于花牛苹果的包装箱", {}, "accessory"),
        ("花牛苹果派的做法 教程", {}, "recipe"),
        ("红富士 非花牛苹果", {}, "negation"),
    ],
)
def test_lawful_use_is_cleared_with_its_defence(title, fields, cleared):
    users = (User(name="天水麦积果业公司", shops=("麦积果业",)),)
    right = make.right(region=AREA, official_shops=("花牛官方旗舰店",), users=users)
    found = clue(title, right, **fields)

    assert (found.tier, found.cleared) == (Tier.CLEARED, cleared)


def test_a_shop_inside_the_area_but_on_no_list_is_for_a_person_to_guide():
    found = clue("花牛苹果 10斤装", origin="甘肃天水")

    assert found.tier is Tier.REVIEW
    assert "宜引导申请用标" in str(found.gates)


def test_who_denies_the_name_may_sell_goods_from_elsewhere():
    assert clue("红富士 非花牛苹果", origin="陕西").cleared == "negation"


def test_a_disguise_undoes_fair_use():
    assert clue("适用于花*牛苹果的箱子").cleared is None


def test_a_name_inside_a_lawfully_used_longer_one_is_lawful_too():
    rights = (
        make.right("花牛苹果", official_shops=("官方店",)),
        make.right("花牛", kind=RightKind.TRADEMARK),
    )
    screen = Screen(rights, [TextFinder(rights)])
    found = {
        each.right_name: each.tier
        for each in screen.clues([make.listing("花牛苹果", shop="官方店")])
    }

    assert found == {"花牛苹果": Tier.CLEARED, "花牛": Tier.CLEARED}


def test_goods_named_only_to_deny_them_are_not_sold():
    right = make.right("大漠行", kind=RightKind.TRADEMARK, goods=("麻鞋", "鞋"))
    found = clue("大漠行 白酒", right, category="酒水", description="与鞋类无关")

    assert (found.tier, found.cleared) == (Tier.CLEARED, "other_goods")


def test_a_licence_that_ran_out_is_none_and_says_so():
    user = User(name="x", shops=("麦积果业",), valid_to=date(2020, 1, 1))
    found = clue("花牛苹果", make.right(users=(user,)), shop="麦积果业")

    assert found.tier is Tier.HIGH
    assert "许可已于2020-01-01到期" in found.reason


def test_evocation_of_a_gi_is_not_fair():
    found = clue("花牛苹果平替 脆甜")

    assert found.conduct is Conduct.GI_EVOCATION
    assert found.tier is Tier.REVIEW


@pytest.mark.parametrize(
    ("day", "tier"), [("2026-05-01", Tier.CLEARED), ("2026-11-20", Tier.REVIEW)]
)
def test_a_right_counts_only_while_it_is_in_force(day, tier):
    right = make.right(valid_from=date(2026, 6, 1), valid_to=date(2036, 5, 31))
    seen = datetime.fromisoformat(day).replace(tzinfo=CHINA)

    assert clue("花牛苹果", right, seen_at=seen).tier is tier


@pytest.mark.parametrize(
    ("day", "law"), [("2026-12-31", "商标法2019"), ("2027-01-01", "商标法2026")]
)
def test_the_law_is_that_of_the_day_the_listing_was_seen(day, law):
    seen = datetime.fromisoformat(day).replace(tzinfo=CHINA)

    assert clue("花牛苹果", seen_at=seen).law == law


def test_a_name_on_goods_of_another_kind_is_lawful_and_on_akin_ones_low():
    right = make.right("花牛", kind=RightKind.TRADEMARK)

    assert clue("花牛 洗衣机", right).cleared == "other_goods"
    assert clue("花牛 酱油", right).tier is Tier.LOW


def test_a_mark_known_by_fame_clears_no_other_goods():
    right = make.right("花牛", kind=RightKind.TRADEMARK, extra={"fame_basis": "驰名 2016"})

    assert clue("花牛 洗衣机", right).tier is Tier.LOW


def test_a_name_on_a_page_that_names_no_goods_is_for_a_person_to_see():
    right = make.right("海澜之家", kind=RightKind.TRADEMARK, goods=("男装",))

    assert clue("海澜之家 专柜正品 假一赔三", right).tier is Tier.REVIEW
    assert clue("海澜之家 送酒杯", right).tier is Tier.REVIEW
    assert clue("海澜之家 酒杯", right).tier is Tier.CLEARED


def test_a_place_or_a_mistake_beside_the_plain_name_hides_nothing():
    right = make.right(region=AREA)

    assert clue("姜糖 花牛苹果之乡", right).tier is Tier.CLEARED
    assert clue("花牛苹果之乡 10斤", right).tier is Tier.REVIEW


def test_a_name_inside_a_word_of_the_dictionary_is_that_word():
    right = make.right("红旗", kind=RightKind.TRADEMARK, goods=("汽车",), nice=(12,))

    assert clue("五星红旗 挂饰", right).cleared == "other_sense"
    assert clue("五星红旗 红旗汽车", right).tier is Tier.REVIEW


def test_words_clear_nothing_while_the_list_does_not_say_the_goods():
    right = make.right("华为", kind=RightKind.TRADEMARK, goods=())

    assert clue("适用于华为手机壳", right).tier is Tier.REVIEW


@pytest.mark.parametrize(
    ("title", "kind", "conduct"),
    [
        ("花牛苹果", RightKind.GI, Conduct.GI_NAME_OUTSIDE),
        ("花妞苹果", RightKind.GI, Conduct.GI_SIMILAR_NAME),
        ("花牛苹果", RightKind.TRADEMARK, Conduct.TM_ID_SAME),
        ("花妞苹果", RightKind.TRADEMARK, Conduct.TM_CONFUSING),
    ],
)
def test_the_conduct_is_named(title, kind, conduct):
    assert clue(title, make.right(kind=kind)).conduct is conduct


def test_a_shop_name_alone_is_unfair_competition():
    assert clue("红富士苹果", shop="花牛苹果直营店").conduct is Conduct.UC_CONFUSION


def test_every_gate_says_why():
    found = clue("花牛苹果", origin="陕西")

    assert [gate.gate.value for gate in found.gates] == [
        "right_in_force",
        "use_as_mark",
        "authorisation",
        "origin",
        "goods",
        "sign",
        "confusion",
    ]
    assert all(gate.reason for gate in found.gates)


def test_the_same_listing_gives_the_same_clue_id_whatever_it_costs():
    assert clue("花牛苹果", price=1.0).clue_id == clue("花牛苹果", price=2.0).clue_id
    assert clue("花牛苹果", id="2").clue_id != clue("花牛苹果", id="1").clue_id


@pytest.mark.parametrize(
    ("origin", "place"),
    [
        ("甘肃天水", Place.INSIDE),
        ("天水市麦积区花牛镇", Place.INSIDE),
        ("花牛镇", Place.INSIDE),
        ("陕西洛川", Place.OUTSIDE),
        ("甘肃", Place.UNKNOWN),
        ("见包装", Place.UNKNOWN),
        (None, Place.UNKNOWN),
    ],
)
def test_an_origin_is_inside_outside_or_unknown(origin, place):
    assert place_of(origin, AREA) is place


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("适用于花牛苹果", {Cue.ACCESSORY}),
        ("适用于任何季节，今日推荐花牛苹果", set()),
        ("MacBook 花牛苹果", set()),
        ("A book on 花牛苹果", {Cue.PUBLICATION}),
        ("花牛苹果 二手", {Cue.RESALE}),
        ("《花牛苹果志》", {Cue.PUBLICATION}),
        ("《本草》 花牛苹果", set()),
        ("同款花牛苹果", {Cue.EVOCATION}),
        ("花牛苹果 甜脆多汁 川味风味", set()),
    ],
)
def test_a_cue_counts_where_it_stands(text, wanted):
    start = text.index("花牛苹果")

    assert {each.cue for each in around(text, cues(text), (start, start + 4))} == wanted


def test_a_match_bears_the_cues_around_it_with_their_places():
    title = "适用于花牛苹果的包装箱"
    found = clue(title, shop="花牛苹果官方店")

    said = [each for match in found.matches for each in match.context]

    assert {each.cue for each in said} >= {Cue.ACCESSORY, Cue.CLAIM}
    texts = {"title": title, "shop": "花牛苹果官方店"}
    assert all(texts[each.field][slice(*each.span)] == each.word for each in said)


def test_a_shop_on_the_list_is_not_said_to_be_missing_from_it():
    right = make.right(region=AREA, official_shops=("花牛苹果官方旗舰店",))
    found = clue("花牛苹果 10斤装", right, shop="花牛苹果官方旗舰店")

    assert "不在名单" not in found.reason


def test_a_core_in_the_name_of_a_shop_is_no_disguise():
    found = clue("花牛苹果 10斤装", shop="花牛旗舰店")

    assert found.tier is Tier.REVIEW


@pytest.mark.parametrize(
    "title",
    [
        "农家花椒 新鲜现发 产地：甘肃省天水市甘谷县",
        "手工皂 产自天水麦积区花牛镇",
        "清水火锅套餐 花椒另包",
    ],
)
def test_an_address_is_no_name_torn_apart(title):
    names = ("甘谷花椒", "麦积花椒", "清水花椒")
    rights = [make.right(name, id=name, goods=("花椒",)) for name in names]
    screen = Screen(rights, [TextFinder(rights)])

    told = [each for each in screen.clues([make.listing(title)]) if each.tier in TOLD]

    assert told == []


@pytest.mark.parametrize(("title", "tier"), [("花牛 苹果", Tier.REVIEW), ("花*牛苹果", Tier.HIGH)])
def test_one_space_in_a_name_hides_nothing(title, tier):
    assert clue(f"{title} 10斤装").tier is tier
