"""What a title sells is its last noun: a strip for a fridge is no fridge, a gift is not sold."""

import pytest

from detectors.goods import goods_words
from detectors.sold import is_food, made_for
from pipeline.assessed import Tier
from pipeline.records import RightKind
from tests import make
from tests.detectors.test_assess import clue

HAIER = make.right("海尔", kind=RightKind.TRADEMARK, goods=("冰箱", "洗衣机", "空调"), nice=(7, 11))
HUAWEI = make.right("华为", kind=RightKind.TRADEMARK, goods=("手机", "手表", "耳机"), nice=(9,))
BULL = make.right("公牛", kind=RightKind.TRADEMARK, goods=("插座", "充电器"), nice=(9,))
TEA = make.right("西湖龙井", goods=("茶叶", "绿茶"), nice=(30,))
APPLE = make.right("洛川苹果", goods=("苹果", "水果"), nice=(31,))
SOLD = {
    "海尔冰箱门封条": (HAIER, "门封条"),
    "海尔洗衣机罩 防水": (HAIER, "洗衣机罩"),
    "洗衣机脚垫 加厚 海尔美的都能垫": (HAIER, "脚垫"),
    "华为Mate60 钢化膜": (HUAWEI, "钢化膜"),
    "华为mate60手机壳液态硅胶": (HUAWEI, "手机壳"),
    "华为手表表带 尼龙": (HUAWEI, "表带"),
    "保护套 平板支架 华为可放": (HUAWEI, "支架"),
    "公牛插座防尘盖 儿童": (BULL, "防尘盖"),
    "玻璃杯 泡西湖龙井": (TEA, "玻璃杯"),
    "西湖龙井茶叶罐 陶瓷": (TEA, "茶叶罐"),
    "茶刀 撬茶 西湖龙井": (TEA, "茶刀"),
    "果树剪 修洛川苹果树": (APPLE, "树剪"),
    "洛川苹果箱 彩印": (APPLE, "苹果箱"),
    "手工布鞋 洛川苹果之乡": (APPLE, "布鞋"),
}
OFFERED = {
    "海尔冰箱 双开门": HAIER,
    "海尔冰箱 适用三口之家": HAIER,
    "海尔洗衣机 赠门封圈": HAIER,
    "海尔洗衣机 不锈钢内筒": HAIER,
    "海尔冰箱原装门封条": HAIER,
    "华为手机 送手机壳钢化膜": HUAWEI,
    "华为手表 带充电座 46mm": HUAWEI,
    "华为手机 配充电器": HUAWEI,
    "公牛充电器 20W": BULL,
    "配套茶罐 西湖龙井 500g": TEA,
    "送玻璃杯 西湖龙井 春茶": TEA,
    "西湖龙井 罐装 250g": TEA,
    "西湖龙井茶叶罐装": TEA,
    "洛川苹果箱装 10斤": APPLE,
    "洛川苹果 一箱 5斤": APPLE,
    "送削皮刀 洛川苹果 9斤": APPLE,
}


@pytest.mark.parametrize("title", SOLD)
def test_a_part_or_a_tool_is_sold_for_the_marked_goods(title):
    right, part = SOLD[title]

    assert told(title, right) is not None, part
    assert clue(title, right).tier in {Tier.LOW, Tier.CLEARED}


@pytest.mark.parametrize("title", OFFERED)
def test_the_goods_themselves_and_what_comes_with_them_are_no_part(title):
    assert told(title, OFFERED[title]) is None
    assert clue(title, OFFERED[title]).tier is Tier.REVIEW


def told(title: str, right) -> str | None:
    own, start = goods_words(right).own, title.index(right.name)
    return made_for(title, (start, start + len(right.name)), own, food=is_food(own))


def test_a_disguised_name_is_not_said_to_fit():
    assert clue("海*尔冰箱门封条", HAIER).tier in {Tier.REVIEW, Tier.HIGH}


def test_what_is_eaten_and_drunk_is_food():
    assert is_food(goods_words(TEA).own)
    assert not is_food(goods_words(HAIER).own)
    assert not is_food(frozenset())
