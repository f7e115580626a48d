"""What is said of one right stays so whatever else is on the list, or is asked for."""

import pytest

from detectors.masked import NAME, masked
from detectors.screen import Screen
from detectors.text import TextFinder
from detectors.uses import weighed
from pipeline.assessed import Tier
from pipeline.records import RightKind
from tests import make

APPLE = make.right("花牛苹果", goods=("苹果",))


def tiers(title: str, *rights) -> dict[str, Tier]:
    found = Screen(rights, [TextFinder(rights)]).clues([make.listing(title)])
    return {each.right_name: each.tier for each in found}


def test_a_name_that_doubles_a_character_keeps_no_other_from_being_undoubled():
    playboy = make.right("花花公子", kind=RightKind.TRADEMARK, goods=("皮带",))

    assert tiers("花花牛牛苹果", APPLE)["花牛苹果"] is Tier.HIGH
    assert tiers("花花牛牛苹果", APPLE, playboy)["花牛苹果"] is Tier.HIGH


def test_a_longer_name_lawfully_used_clears_the_shorter_though_its_goods_are_others():
    fridge = make.right("海尔冰箱", kind=RightKind.TRADEMARK, goods=("冰箱",))
    haier = make.right("海尔", kind=RightKind.TRADEMARK, goods=())

    assert tiers("适用海尔冰箱门封条", fridge, haier)["海尔"] is Tier.CLEARED


@pytest.mark.parametrize("name", ["汤沟", "汤沟白酒"])
def test_two_characters_that_sound_alike_are_for_a_person_to_judge(name):
    right = make.right(name, kind=RightKind.TRADEMARK, goods=("白酒",))

    assert tiers("烫够 浓香型白酒", right)[name] is Tier.REVIEW


def test_goods_in_a_box_are_goods_and_a_jug_for_them_is_none():
    right = make.right("汤沟", kind=RightKind.TRADEMARK, goods=("白酒",))

    assert tiers("烫沟白酒箱6瓶", right)["汤沟"] is Tier.REVIEW
    assert "汤沟" not in tiers("烫够 白酒壶", right)


def test_a_name_that_begins_with_a_digit_is_one_sign():
    title = "999感冒灵 10袋"

    assert masked(title, (0, 3), ()).text.startswith(NAME)


def test_a_title_of_nothing_but_a_name_in_emoji_sells_for_all_we_know():
    assert weighed("🌸🐮🍎", (0, 3), frozenset()).uses == ()
