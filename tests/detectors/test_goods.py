"""Goods words: what a right is for, what its name ends in, what a title sells."""

import json
import time
from pathlib import Path

import pytest

from detectors.goods import goods_ending, goods_in, goods_words, learn, named, similar, stands
from pipeline.normalise import fold
from pipeline.records import RightKind
from tests import make

SHARED = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.parametrize(
    ("name", "ending"),
    [
        ("花牛苹果", "苹果"),
        ("秦州大樱桃", "大樱桃"),
        ("秦安花椒", "花椒"),
        ("天水連翹", "连翘"),
        ("平谷大桃", "大桃"),
        ("镇江香醋", "香醋"),
        ("西湖龙井", "龙井"),
        ("劲酒", "酒"),
        ("周黑鸭", "鸭"),
        ("花牛", None),
        ("小米", None),
        ("苹果", None),
        ("大漠行", None),
        ("", None),
    ],
)
def test_a_name_ends_in_its_goods_after_at_least_one_character(name, ending):
    assert goods_ending(name) == ending


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("土豆", "洋芋"),
        ("番茄", "西红柿"),
        ("猕猴桃", "奇异果"),
        ("电脑", "笔记本"),
        ("手机", "智能手机"),
        ("大米", "稻米"),
        ("白酒", "酒"),
        ("枸杞", "枸杞子"),
        ("花椒", "麻椒"),
        ("cheese", "芝士"),
        ("奶酪", "Cheese"),
        ("wine", "红酒"),
        ("葡萄酒", "酒"),
    ],
)
def test_goods_have_other_names(one, other):
    assert fold(other).text in similar(one)


def test_a_broad_word_means_its_kinds_but_its_kinds_do_not_mean_each_other():
    assert {"白酒", "葡萄酒"} <= similar("酒")
    assert "白酒" not in similar("葡萄酒")
    assert "辣椒" not in similar("花椒")


def test_a_word_that_is_not_known_means_itself():
    assert similar("凿壁借光") == {"凿壁借光"}


def test_the_lists_goods_count_with_their_other_names_and_the_ending():
    words = goods_words(make.right("秦安花椒", goods=("调料",), nice=(30,)))

    assert {"调料", "香辛料", "花椒", "麻椒"} <= words.own
    assert {"大米", "酱油", "茶叶"} <= words.kindred
    assert "手机" not in words.kindred


def test_an_entry_of_a_register_is_taken_apart():
    entry = "新鲜水果；未加工的谷物（截止）"

    assert {"水果", "新鲜水果"} <= goods_words(make.right("某某", goods=(entry,))).own


@pytest.mark.parametrize(
    ("entry", "word"),
    [
        ("Wine", "葡萄酒"),
        ("Spirit drink", "烈酒"),
        ("Class 1.3. Cheeses", "芝士"),
        ("Class 1.2. Meat products (cooked, salted, smoked, etc.)", "火腿"),
        ("Class 1.1 Fresh meat (and offal)", "beef"),
        ("Class 1.6. Fruit, vegetables and cereals fresh or processed", "水果"),
        ("Class 1.5. Oils and fats (butter, margarine, oil, etc.)", "橄榄油"),
        ("Class 2.3. Bread, pastry, cakes, confectionery, biscuits and other", "面包"),
        ("Class 1.7. Fresh fish, molluscs, and crustaceans", "海鲜"),
        ("Class 2.1. Beers", "啤酒"),
        ("2. Whisky or Whiskey", "威士忌"),
        ("Aromatised wine", "味美思"),
        ("Other products", "other"),
    ],
)
def test_the_product_types_of_english_registers_are_known(entry, word):
    own = goods_words(make.right("Chianti", goods=(entry,))).own

    assert word in own if word != "other" else "other" not in own


def test_a_right_without_goods_has_those_its_name_ends_in():
    assert "苹果" in goods_words(make.right("秦安苹果", goods=())).own
    assert "whisky" in goods_words(make.right("Scotch Whisky", goods=())).own
    assert "apple" in goods_words(make.right("花牛", goods=(), latin=("Huaniu Apple",))).own


def test_a_right_with_a_class_only_has_kindred_words_only():
    words = goods_words(make.right("华为", kind=RightKind.TRADEMARK, goods=(), nice=(9,)))

    assert words.own == frozenset()
    assert {"手机", "耳机"} <= words.kindred


def test_a_right_of_which_nothing_is_known_has_no_words():
    words = goods_words(make.right("华为", kind=RightKind.TRADEMARK, goods=()))

    assert (words.own, words.kindred) == (frozenset(), frozenset())


def test_a_trademarks_ending_counts_only_where_its_class_agrees():
    def own(nice: int) -> frozenset[str]:
        right = make.right("小天鹅", kind=RightKind.TRADEMARK, goods=(), nice=(nice,))
        return goods_words(right).own

    assert own(7) == frozenset()
    assert "鹅肉" in own(29)


def test_words_too_general_are_no_goods():
    own = goods_words(make.right("某某", goods=("农产品", "礼盒", "食品", "苹果"))).own

    assert "苹果" in own
    assert own.isdisjoint({"农产品", "礼盒", "食品"})


def test_a_right_of_every_class_has_words():
    for nice in range(1, 46):
        kindred = goods_words(make.right("某某", goods=(), nice=(nice,))).kindred
        assert len(kindred) >= 30, nice


@pytest.mark.parametrize(
    ("title", "words", "held"),
    [
        ("天水苹果 10斤", {"苹果"}, "苹果"),
        ("天水蘋果 10斤", {"苹果"}, "苹果"),
        ("苹果手机壳", {"苹果", "手机"}, None),
        ("东北大米 5kg", {"大米", "米"}, "大米"),
        ("长2厘米 米白色", {"米"}, None),
        ("宽1.5米窗帘", {"米"}, None),
        ("五常新米", {"米"}, "米"),
        ("红酒杯 高脚", {"红酒", "酒"}, None),
        ("干红 红酒", {"红酒", "酒"}, "红酒"),
        ("实木茶几", {"茶"}, None),
        ("Red wine glass", {"wine"}, "wine"),
        ("twine 20m", {"wine"}, None),
        ("fresh apples 5lb", {"apple"}, "apple"),
        ("shampoo", {"ham"}, None),
        ("PARMA HAM 500g", {"ham"}, "ham"),
        ("空调被 夏凉被", {"空调"}, None),
        ("变频空调 1.5匹", {"空调"}, "空调"),
    ],
)
def test_a_goods_word_counts_as_a_word_of_its_own(title, words, held):
    assert named(fold(title), words) == held


def test_a_place_in_a_text_is_a_goods_word_or_not():
    text = fold("厘米 新米")

    assert [stands(text, 1, 2), stands(text, 3, 4)] == [False, True]


def test_what_a_title_sells_is_read_off_it():
    assert goods_in("联想笔记本电脑 轻薄本") == ("笔记本", "笔记本电脑", "电脑", "轻薄本")
    assert goods_in("满300减40 限时") == ()


def test_goods_words_are_learnt_from_titles():
    titles = ["花牛苹果 10斤", "花牛苹果礼盒 脆甜", "红元帅苹果", "苹果干 零食", "正宗花牛 顺丰"]

    assert learn(titles) == (("苹果", 3),)
    assert learn(titles, ("零食", "苹果")) == (("苹果", 3),)
    assert learn([]) == ()


def test_a_word_must_recur_to_be_learnt():
    titles = ["苹果"] * 30 + ["洗衣机"] * 3 + ["手机"]

    assert learn(titles) == (("苹果", 30),)


def test_many_rights_share_their_words():
    rights = [make.right(f"某{n}苹果", goods=("苹果",), nice=(31,)) for n in range(3)]
    first, *rest = map(goods_words, rights)

    assert all(each.own is first.own and each.kindred is first.kindred for each in rest)


def test_words_cost_less_than_folding_the_name_twenty_times():
    rights = [make.right(f"某{n}苹果", goods=("苹果", "水果"), nice=(31,)) for n in range(2000)]
    goods_words(rights[0])

    def took(work) -> float:
        start = time.perf_counter()
        for right in rights:
            work(right)
        return time.perf_counter() - start

    folding = min(took(lambda right: [fold(right.name) for _ in range(20)]) for _ in range(3))

    assert min(took(goods_words) for _ in range(3)) < folding


@pytest.mark.skipif(not SHARED.exists(), reason="needs ../shared/data")
def test_nine_real_titles_in_ten_hold_a_goods_word():
    files = ("cn-shopxo", "cn-litemall", "cn-taobao-json")
    titles = [
        json.loads(line)["title"]
        for name in files
        for line in (SHARED / name / "listings.jsonl").read_text("utf-8").splitlines()
    ]

    assert sum(bool(goods_in(title)) for title in titles) >= 0.9 * len(titles)
