"""A cue counts where it bears on the name; words that only look like cues clear nobody."""

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors.assessment.case import Case
from detectors.assessment.entry import Entry
from detectors.assessment.sold_goods import goods as asked_goods
from detectors.assessment.use import DEFENCES, use_as_mark
from detectors.context import around, cues
from detectors.phrases import phrases
from pipeline.assessed import Result
from pipeline.matches import Context, Cue
from pipeline.records import RightKind
from tests import make

CASES: dict[Cue, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Cue.LABEL: (
        (
            "【大漠行】标签 不干胶 500枚",
            "【飞天茅台】酒瓶盖 全套",
            "【大漠行】吊牌 现货",
            "【花牛苹果】防伪标 卷装",
            "【五粮液】空瓶 回收摆件",
            "【华为】防伪标签 卷装",
        ),
        (
            "【大漠行】麻鞋 吊牌齐全",
            "【花牛苹果】10斤 礼盒",
            "标签打印机 也打【花牛苹果】",
            "【大漠行】标签齐全",
            "【花牛苹果】礼盒装 8斤",
            "【花牛苹果】12枚 纸箱装",
        ),
    ),
    Cue.REMARK: (
        (
            "【大漠行】麻鞋 换标发货",
            "白坯鞋 改标【大漠行】",
            "【华为】耳机 更换商标 随便换",
            "换商标 麻鞋 变【大漠行】",
            "【大漠行】换贴标 出货快",
            "外贸鞋 换唛 【大漠行】",
        ),
        (
            "【大漠行】麻鞋 换季清仓",
            "【大漠行】改版升级",
            "【华为】手机 目标人群",
            "【大漠行】商标注册正品",
            "【花牛苹果】换新装",
            "【华为】换屏 更换电池",
        ),
    ),
    Cue.AID: (
        (
            "麻鞋 可贴标【大漠行】",
            "代贴牌【花牛苹果】 一条龙",
            "【大漠行】贴牌代工 来样",
            "厂家代打标【大漠行】",
            "【华为】耳机 代印logo",
            "花椒 贴牌定制 【秦安花椒】",
        ),
        (
            "【花牛苹果】贴心包装",
            "【花牛苹果】代发",
            "【大漠行】一件代发",
            "【花牛苹果】代办年货",
            "【华为】贴膜 赠送",
            "【大漠行】打标价 五折",
        ),
    ),
    Cue.NEGATION: (
        (
            "红富士 非【花牛苹果】 介意慎拍",
            "本地苹果 不是【花牛苹果】 请看清再下单",
            "并非【花牛苹果】 实惠装",
            "普通苹果 区别于【花牛苹果】",
            "不同于【花牛苹果】的新品种",
            "果酱 不含【花牛苹果】",
            "无【花牛苹果】成分",
            "绝不是【花牛苹果】",
            "不是正宗【花牛苹果】",
            "这款不是甘肃的【花牛苹果】",
            "本店与【花牛苹果】无关",
            "並非【花牛苹果】",
            "非“【花牛苹果】”",
            "非 【花牛苹果】 洛川产",
            "Red apples, not 【Huaniu Apple】",
            "this is not the 【Huaniu Apple】",
        ),
        (
            "非常好吃的【花牛苹果】",
            "非常【花牛苹果】",
            "除非【花牛苹果】",
            "非遗【花牛苹果】",
            "非凡【花牛苹果】",
            "不是红富士而是【花牛苹果】",
            "不是红富士是【花牛苹果】",
            "不是普通【花牛苹果】",
            "不是【花牛苹果】包退",
            "不是【花牛苹果】不要钱",
            "非【花牛苹果】不吃",
            "是不是【花牛苹果】一尝便知",
            "非转基因【花牛苹果】",
            "非普通苹果 【花牛苹果】",
            "不是很贵，【花牛苹果】",
            "【花牛苹果】 非常甜",
            "【花牛苹果】 不是粉面的那种",
            "无添加【花牛苹果】",
            "无蜡【花牛苹果】",
            "not only 【Huaniu Apple】",
        ),
    ),
    Cue.ACCESSORY: (
        (
            "适用于【华为】手机壳",
            "适用【华为】荣耀20保护套",
            "兼容【海林】轴承的油封",
            "油封 适配【海林】等多种机型",
            "拓远牌 适用于 【海林】 轴承 密封圈",
            "钢化膜 适用机型：【华为】P30",
            "【海林】轴承专用油封",
            "【花牛苹果】专用包装箱",
            "【华为】通用充电器",
            "收纳袋 适合存放【花牛苹果】",
            "適用於【华为】手机壳",
            "适用于苹果、【华为】手机支架",
            "phone case for 【Huawei】",
            "Corer, suitable for 【Huaniu Apple】 and Gala",
            "case compatible with 【Huawei】 P30",
        ),
        (
            "适用于任何季节，今日推荐【花牛苹果】",
            "老人适用【花牛苹果】",
            "适合送礼【花牛苹果】",
            "适合孕妇吃的【花牛苹果】",
            "男女通用【华为】手表",
            "适用人群广 【花牛苹果】",
            "【花牛苹果】 适合送礼",
            "【花牛苹果】专用标志",
            "用于节日送礼的【花牛苹果】",
            "通用轴承 非【海林】",
            "专用【花牛苹果】",
            "【花牛苹果】 适用于 全家",
            "perfect 4 you 【Huaniu Apple】",
        ),
    ),
    Cue.EVOCATION: (
        (
            "【花牛苹果】平替 脆甜",
            "平替【花牛苹果】",
            "同款【花牛苹果】",
            "【花牛苹果】同款 脆甜",
            "仿【花牛苹果】",
            "【花牛苹果】仿 脆甜",
            "风味【花牛苹果】 脆甜",
            "媲美【花牛苹果】的红元帅",
            "堪比【花牛苹果】",
            "不输【花牛苹果】",
            "赶超正宗【花牛苹果】",
            "致敬【花牛苹果】",
            "【花牛苹果】风味",
            "【花牛】口味苹果",
            "【花牛】式苹果",
            "【花牛】型苹果",
            "【花牛】类苹果",
            "【花牛】种苹果",
            "【花牛苹果】味硬糖",
            "“【花牛】”风格的苹果",
            "灵感来自【花牛苹果】",
            "可替代【花牛苹果】",
            "【Huaniu Apple】 style red apples",
            "apples like 【Huaniu Apple】",
        ),
        (
            "新型【花牛苹果】",
            "大型【花牛】果园",
            "各类【花牛苹果】",
            "款式多 【花牛苹果】",
            "台式【花牛】",
            "老式【花牛苹果】",
            "【花牛苹果】类目",
            "【海林】型号齐全",
            "【花牛】样式",
            "【花牛苹果】 甜脆多汁 川味风味",
            "【花牛苹果】风味独特",
            "【花牛苹果】口感脆甜",
            "口感脆甜【花牛苹果】",
            "家乡风味【花牛苹果】",
            "【花牛苹果】仿真摆件",
            "多种口味【花牛苹果】",
            "【花牛苹果】味道好",
            "【花牛苹果】种植基地",
            "【花牛苹果】种子",
            "仿真【花牛苹果】",
            "仿佛回到家乡 【花牛苹果】",
            "【花牛】款待客人",
            "【花牛苹果】 系列",
        ),
    ),
    Cue.RECIPE: (
        (
            "【花牛苹果】派的做法",
            "【甘谷辣椒】炒肉 视频教程",
            "家常菜谱 【甘谷辣椒】炝锅",
            "厨师网课：用好【秦安花椒】",
            "【花牛苹果】怎么做好吃",
            "【花牛苹果】 烘焙课程",
            "【Huaniu Apple】 pie recipe",
        ),
        (
            "【花牛苹果】 送菜谱",
            "【秦安花椒】 附食谱",
            "【秦安花椒】 500g 家常菜调料",
            "【甘谷辣椒】 传统做法",
            "【花牛苹果】 5斤 附赠做法",
            "【秦安花椒】 罐装 教程 2罐",
            "of course 【Huaniu Apple】",
        ),
    ),
    Cue.PUBLICATION: (
        (
            "图书 【花牛苹果】栽培技术",
            "《【花牛苹果】志》",
            "【花牛苹果】 特种邮票 小型张",
            "【花牛苹果】老海报 怀旧年画",
            "【花牛苹果】产业志 史料",
            "【大漠行】 小说 旧书",
            "A book on 【Huaniu Apple】",
            "【Huaniu Apple】 handbook (paperback)",
        ),
        (
            "《本草》 【花牛苹果】",
            "MacBook 【花牛苹果】",
            "【花牛苹果】 精装礼盒",
            "【花牛苹果】 送明信片",
            "图书馆推荐 【花牛苹果】",
            "《【花牛苹果】》 10斤装",
            "【花牛苹果】 5kg 杂志推荐",
            "【花牛苹果】 海报同款 10斤",
        ),
    ),
    Cue.SEEDLING: (
        (
            "【花牛苹果】苗",
            "【花牛苹果】 树苗 两年生",
            "嫁接【花牛苹果】",
            "【秦安花椒】种子 原种",
            "【秦安花椒】种苗 带土发货",
            "【花牛苹果】接穗",
            "【Huaniu Apple】 saplings",
        ),
        (
            "苗条 【花牛苹果】",
            "苗寨 【花牛苹果】",
            "鲜嫩蒜苗 【武山韭菜】",
            "豆苗 【武山豆角】",
            "苗族 【秦安花椒】",
            "疫苗本 【花牛】",
            "【武山蒜苗】 新鲜",
        ),
    ),
    Cue.INGREDIENT: (
        (
            "果酱 含【花牛苹果】果肉",
            "火锅底料 添加【秦安花椒】",
            "选用【秦安花椒】熬制",
            "配料含【秦安花椒】",
            "含30%【花牛苹果】",
            "【花牛苹果】酱",
            "【花牛苹果】味饼干",
            "【花牛苹果】果汁",
            "【秦安花椒】火锅底料",
            "【Huaniu Apple】 jam",
        ),
        (
            "含税 【花牛苹果】",
            "含运费【花牛苹果】",
            "无添加【花牛苹果】",
            "0添加【花牛苹果】",
            "精选【花牛苹果】",
            "【花牛苹果】 含礼盒",
            "不含【花牛苹果】",
            "【花牛苹果】 酱香",
            "添加客服【花牛苹果】",
        ),
    ),
    Cue.RESALE: (
        (
            "二手【海林】轴承",
            "闲置转让 【海林】轴承",
            "转卖 【花牛苹果】提货券",
            "【海林】轴承 九成新",
            "个人闲置【华为】手机",
            "secondhand 【Huawei】 phone",
        ),
        (
            "拒绝二手 【华为】手机",
            "非二手【华为】",
            "【花牛苹果】 送礼自用",
            "【花牛苹果】 居家自用",
            "店铺转让 【花牛】",
            "无二手烟 【花牛】",
            "unused 【Huawei】 phone",
        ),
    ),
    Cue.SERVICE: (
        (
            "【海尔】冰箱维修 上门检测",
            "【华为】手机碎屏换屏 寄修",
            "【海尔】空调清洗 移机 同城",
            "代购【华为】手机 跑腿费20",
            "【回力】鞋清洗 去黄 上门取送",
            "【海尔】热水器安装 师傅上门",
        ),
        (
            "【海尔】冰箱 免费上门安装",
            "【华为】手机 支持旧机回收",
            "【花牛苹果】 贴心服务",
            "【海尔】冰箱 全国联保",
            "【华为】手机 送碎屏险",
            "【回力】鞋 软底 透气",
        ),
    ),
    Cue.PLACE: (
        (
            "产地：甘肃【天水】",
            "发货地【花牛】",
            "发货地：麦积区【花牛】",
            "原产地【天水】",
            "产自【秦安】",
            "【花牛】镇快递网点揽收",
            "【花牛】仓发货",
            "来自【秦安】的问候",
        ),
        (
            "产地直发 【花牛苹果】",
            "原产地直供【花牛苹果】",
            "当天发货 【花牛苹果】",
            "顺丰快递 【花牛苹果】",
            "【花牛苹果】 产地直销",
            "核心产地【花牛苹果】",
            "【花牛苹果】发货快",
        ),
    ),
    Cue.CODE_WORD: (
        (
            "高仿【华为】手表",
            "【回力】鞋 A货",
            "A貨【回力】",
            "【回力】 原单",
            "【回力】 复刻",
            "【回力】 1:1",
            "【回力】 1：1品质",
            "【回力】 超A",
            "精仿 【回力】",
            "【回力】莆田鞋",
            "【回力】 高*仿",
            "【回力】 高 仿 货真价实",
            "【回力】 ｒｅｐｌｉｃａ",
            "【回力】 一比一",
        ),
        (
            "【花牛苹果】 5A货真价实",
            "【花牛苹果】 原单价99",
            "【华为】 超A4纸",
            "【花牛苹果】 11斤",
            "【花牛苹果】 比例1:1",
            "【花牛苹果】 A货架",
            "【花牛苹果】 标高 仿古礼盒",
            "谨防高仿【花牛苹果】",
            "福建莆田 【花牛】",
            "【回力】 订单原单号",
        ),
    ),
    Cue.CLAIM: (
        (
            "【花牛苹果】 官方旗舰店",
            "【花牛苹果】专卖店",
            "官方授权【花牛苹果】",
            "【花牛苹果】 官网正品",
            "【花牛苹果】直营店",
            "【花牛苹果】 總代理",
        ),
        (
            "【花牛苹果】 专卖店购入",
            "【花牛苹果】 官方店购入",
            "【花牛苹果】 非官方旗舰店",
            "【花牛苹果】 正品",
            "【花牛苹果】 旗舰",
            "【花牛苹果】 官方",
        ),
    ),
    Cue.OTHER_SENSE: (
        (
            "【花牛】公仔 毛绒玩具",
            "小【花牛】 摇摇马",
            "黑白【花牛】图案 睡衣",
            "【清水】混凝土 保护剂",
            "过【清水】洗两遍",
            "重庆【清水】牛油双拼",
            "黑龙江【海林】 秋木耳",
            "【武山】 登山 路书",
            "【大漠行】 自驾路书",
            "【苹果】手机壳 15",
            "【苹果】数据线",
            "红富士【苹果】 10斤",
            "农家【小米】 杂粮",
            "【小米】手机 14",
            "爬【长城】 纪念T恤",
            "【三星】堆 盲盒",
            "精【美的】礼盒",
            "奥林【匹克】 纪念",
        ),
        (
            "【花牛】苹果 10斤",
            "【花牛】 红元帅",
            "【清水】花椒 500g",
            "【武山】蒜苗",
            "【花牛苹果】苗",
            "【花牛苹果】 毛绒袋装",
            "【海林】轴承 6204",
            "【苹果】 10斤 脆甜",
            "【小米】 15 Pro",
            "【长城】干红",
            "【三星】 S24",
            "【美的】 电饭煲",
            "苹果手机 【花牛】",
        ),
    ),
}
PHRASINGS = Path(__file__).parent / "phrasings"
DEFENDING = {*DEFENCES, Cue.PLACE}
POSITIVE = [(cue, text) for cue, (hold, _) in CASES.items() for text in hold]
NEGATIVE = [(cue, text) for cue, (_, lack) in CASES.items() for text in lack]


def found(marked: str) -> tuple[str, tuple[Context, ...]]:
    """The text without the brackets that mark the name, and the cues around that name."""
    start, end = marked.index("【"), marked.index("】") - 1
    text = marked.replace("【", "").replace("】", "")
    return text, around(text, cues(text), (start, end))


@pytest.mark.parametrize(("cue", "marked"), POSITIVE)
def test_a_cue_is_seen(cue, marked):
    text, contexts = found(marked)

    assert cue in {each.cue for each in contexts}
    assert all(text[slice(*each.span)] == each.word for each in contexts if each.word != "《》")


@pytest.mark.parametrize(("cue", "marked"), NEGATIVE)
def test_what_only_looks_like_a_cue_is_none(cue, marked):
    assert cue not in {each.cue for each in found(marked)[1]}


def marked_titles(name: str) -> list[str]:
    lines = (PHRASINGS / name).read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def defences(marked: str) -> set[Cue]:
    said = {each.cue for each in found(marked)[1]}
    return said & (DEFENDING - (set(DEFENCES) if Cue.EVOCATION in said else set()))


@pytest.mark.parametrize("marked", marked_titles("lawful.txt"))
def test_what_sellers_lawfully_write_is_understood(marked):
    assert defences(marked)


@pytest.mark.parametrize("marked", marked_titles("offers.txt"))
def test_an_offer_of_the_goods_is_no_defence(marked):
    assert not defences(marked)


def test_one_weak_phrase_makes_no_resale_and_two_do():
    def said(title: str) -> set[Cue]:
        return {
            each.cue for each in phrases(title, (title.index("海尔"), title.index("海尔") + 2))[1]
        }

    assert Cue.RESALE not in said("搬家 海尔冰箱")
    assert Cue.RESALE not in said("海尔冰箱 低价")
    assert Cue.RESALE in said("搬家 海尔冰箱 低价")


@pytest.mark.xfail(reason="the learnt uses misread it (decision 014)")
def test_shoes_that_are_easily_washed_are_no_service():
    assert Cue.SERVICE not in {each.cue for each in found("【回力】鞋 易清洗 透气")[1]}


@pytest.mark.parametrize("before", ["送", "赠", "附赠", "内附", "扫码领"])
@pytest.mark.parametrize("work", ["菜谱", "视频教程", "电子版食谱", "做法图解", "明信片"])
def test_what_comes_with_the_goods_is_a_gift(before, work):
    assert not defences(f"【花牛苹果】 {before}{work}")


def test_a_phrase_is_told_with_the_name_as_it_was_written():
    assert not phrases("本店與花牛 苹果品牌，无任何关联", (3, 8))[1]  # a pause parts them
    text, contexts = found("本店與【花牛 苹果】品牌无任何关联")
    (told_one,) = [each for each in contexts if each.cue is Cue.NEGATION]
    assert told_one.word == text[slice(*told_one.span)]
    assert "花牛 苹果" in told_one.word


@given(st.text("与无关给用的N（），/❌送菜谱二手花牛\u200bＡ𝐀㊣ 10斤", max_size=60), st.data())
def test_every_phrase_is_cut_out_of_the_text_where_it_says(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    for each in around(text, cues(text), (start, end)):
        assert text[slice(*each.span)] == each.word or each.word == "《》"


def test_every_cue_has_its_positives_and_its_confusables():
    assert set(CASES) == set(Cue)
    assert all(len(side) >= 6 for sides in CASES.values() for side in sides)


def test_a_cue_inside_the_name_is_the_name():
    assert around("秘制仿品苹果", cues("秘制仿品苹果"), (0, 6)) == ()


def test_without_a_name_only_cues_that_count_anywhere_count():
    contexts = around("非花牛 高仿", cues("非花牛 高仿"), None)

    assert [each.cue for each in contexts] == [Cue.CODE_WORD]


def test_an_empty_text_says_nothing():
    assert around("", cues(""), None) == ()


@given(st.text("非不是仿高1:：A货《》适用于 ·*花牛苹果\u200b\ufeff１Ａ𝐀㊣🍎式型10斤", max_size=60))
def test_every_cue_is_cut_out_of_the_text_where_it_says(text):
    for each in cues(text):
        assert text[slice(*each.span)] == each.word


def test_a_text_ten_times_as_long_takes_about_ten_times_as_long():
    def took(size: int) -> float:
        text = "非仿花牛" * size
        start = time.perf_counter()
        around(text, cues(text), (2 * size, 2 * size + 2))
        return time.perf_counter() - start

    cues("warm")
    short = min(took(1000) for _ in range(3))

    assert took(10_000) < 40 * short


def case(title: str, name: str = "花牛", **fields) -> Case:
    category, contexts = fields.pop("category", None), fields.pop("contexts", None)
    start = title.index(name)
    span = start, start + len(name)
    right = make.right(name, kind=RightKind.TRADEMARK, **fields)
    said = contexts if contexts is not None else around(title, cues(title), span)
    match = make.match(span=span, seen=name, meant=name, context=tuple(said))
    return Case.of(make.listing(title, category=category), Entry.of(right), [match])


@pytest.mark.parametrize(
    ("title", "result"),
    [
        ("花牛公仔 毛绒玩具", Result.FAIL),
        ("花牛公仔 送苹果 脆甜苹果", Result.PASS),
        ("适用于花牛的箱子", Result.FAIL),
        ("非花牛 洛川苹果", Result.FAIL),
        ("花牛平替 苹果", Result.UNKNOWN),
        ("发货地花牛 苹果", Result.UNKNOWN),
        ("花牛 10斤", Result.PASS),
    ],
)
def test_cues_decide_whether_a_name_is_used_as_a_mark(title, result):
    gate = use_as_mark(case(title, goods=("苹果",), nice=(31,)))

    assert gate.result is result
    assert gate.reason


@pytest.mark.parametrize(
    ("title", "goods", "result"),
    [
        ("花牛 小说 平装", ("苹果",), Result.FAIL),
        ("花牛 小说 平装", ("小说", "图书"), Result.PASS),
        ("花牛一日游 包车", ("苹果",), Result.FAIL),
        ("花牛一日游 送苹果", ("苹果",), Result.UNKNOWN),
        ("花牛果汁 500ml", ("苹果",), Result.UNKNOWN),
        ("花牛果汁 500ml", ("果汁",), Result.PASS),
    ],
)
def test_a_defence_holds_for_other_goods_than_the_rights_own(title, goods, result):
    assert use_as_mark(case(title, goods=goods)).result is result


def test_goods_of_the_marks_own_class_are_no_other_sense():
    phone = case("小米路由器 千兆", name="小米", goods=("手机",), nice=(9,))
    grain = case("小米手机 14", name="小米", goods=("小米粮",), nice=(30,))

    assert use_as_mark(phone).result is Result.PASS
    assert use_as_mark(grain).result is Result.FAIL


@pytest.mark.parametrize(
    ("title", "given", "result", "said"),
    [
        ("花牛 苹果", {"goods": ("苹果",)}, Result.PASS, "核定商品“苹果”"),
        ("花牛 红富士", {"goods": ("苹果",)}, Result.PASS, "核定商品“红富士”"),
        ("花牛 洋芋", {"goods": ("土豆",)}, Result.PASS, "核定商品“洋芋”"),
        ("花牛 香蕉", {"goods": ("苹果",), "nice": (31,)}, Result.PASS, "同属一类"),
        ("花牛 手机", {"goods": ("苹果",), "nice": (31,)}, Result.FAIL, "未见核定商品"),
        ("花牛 苹果手机壳", {"goods": ("苹果",), "nice": (31,)}, Result.FAIL, "未见核定商品"),
        ("花牛 苗木", {"goods": ("苹果",)}, Result.UNKNOWN, "苗木"),
        ("花牛 手机", {"goods": ()}, Result.UNKNOWN, "名录未载商品"),
        ("花牛 手机", {"goods": (), "nice": (9,)}, Result.PASS, "同属一类"),
        ("花牛 香蕉", {"goods": (), "nice": (9,)}, Result.UNKNOWN, "名录未载商品"),
    ],
)
def test_goods_are_the_same_of_one_class_other_or_unknown(title, given, result, said):
    gate = asked_goods(case(title, **given))

    assert gate.result is result
    assert said in gate.reason


def test_a_name_that_holds_its_goods_needs_none_beside_it():
    gate = asked_goods(case("花牛苹果 10斤", name="花牛苹果", goods=("苹果",)))

    assert gate.result is Result.PASS
