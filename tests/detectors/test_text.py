"""The text detector finds names as sellers write them, and the span cuts out what was written."""

import time
from itertools import chain

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detectors.text import TextFinder
from detectors.wording.batch import Batch
from detectors.wording.names import LONGEST, Name
from detectors.wording.plain_search import PlainSearch
from detectors.wording.search import Search
from detectors.wording.worth import Worth
from pipeline.matches import Disguise, Likeness, Match
from pipeline.records import RightKind
from tests import make

APPLE = make.right("花牛苹果", latin=("Huaniu Apple",), goods=("苹果", "水果"))
HOME = make.right("海澜之家", kind=RightKind.TRADEMARK, goods=("男装",))
TOOTH = make.right("佳洁士", kind=RightKind.TRADEMARK, goods=("牙膏",))
SALE = make.right("唯品会", kind=RightKind.TRADEMARK)
WINE = make.right("茅台", kind=RightKind.TRADEMARK, goods=("白酒",))
SPORT = make.right("adidas", kind=RightKind.TRADEMARK, goods=("运动鞋",))
HAM = make.right("Prosciutto di Parma", goods=("ham",))
PEPPER = make.right("秦安花椒", exclude=("秦安花椒树下",), goods=("花椒",))
RIGHTS = (APPLE, HOME, TOOTH, SALE, WINE, SPORT, HAM, PEPPER)
FINDER = TextFinder(RIGHTS)


def found(title: str, **fields) -> list[Match]:
    (met,) = FINDER.find([make.listing(title, **fields)])
    return [match for matches in met.values() for match in matches]


@pytest.mark.parametrize(
    ("title", "seen", "disguises"),
    [
        ("正宗花牛苹果10斤", "花牛苹果", ()),
        ("正宗花牛蘋果10斤", "花牛蘋果", (Disguise.TRADITIONAL,)),
        ("正宗花菓⺧苹果", "花菓⺧苹果", (Disguise.INSERTED, Disguise.STYLED)),
        ("正宗ｈｕａｎｉｕ Ａｐｐｌｅ", "ｈｕａｎｉｕ Ａｐｐｌｅ", (Disguise.STYLED,)),
        ("正宗花*牛苹🍎果10斤", "花*牛苹🍎果", (Disguise.SYMBOLS,)),
        ("正宗花\u200b牛\u200b苹\u200b果10斤", "花\u200b牛\u200b苹\u200b果", (Disguise.SYMBOLS,)),
        ("正宗花花牛牛苹果10斤", "花花牛牛苹果", (Disguise.REPEATED,)),
        ("正宗花妞平果10斤", "花妞平果", (Disguise.HOMOPHONE,)),
        ("海蓝之家男装", "海蓝之家", (Disguise.HOMOPHONE,)),
        ("华流苹果", "华流苹果", (Disguise.HOMOPHONE, Disguise.NEAR_HOMOPHONE)),
        ("hǎilánzhījiā 男装", "hǎilánzhījiā", (Disguise.PINYIN,)),
        ("hailanzhijia男装", "hailanzhijia", (Disguise.PINYIN,)),
        ("海lan之家男装", "海lan之家", (Disguise.MIXED_PINYIN,)),
        ("唯p会特卖", "唯p会", (Disguise.INITIAL,)),
        ("hl之家男装", "hl之家", (Disguise.INITIAL,)),
        ("hlzj男装 新款", "hlzj", (Disguise.INITIALS,)),
        ("佳洁土牙膏", "佳洁土", (Disguise.LOOKALIKE,)),
        ("茅合白酒", "茅合", (Disguise.LOOKALIKE,)),
        ("艹化牛苹果", "艹化牛苹果", (Disguise.SPLIT,)),
        ("苹果花牛", "苹果花牛", (Disguise.SHUFFLED,)),
        ("花牛🍎", "花牛🍎", (Disguise.EMOJI,)),
        ("花🐂苹果", "花🐂苹果", (Disguise.EMOJI,)),
        ("花🐂🍎", "花🐂🍎", (Disguise.EMOJI,)),  # of two side by side the first was read last
        ("花🔥牛🔥苹🔥果", "花🔥牛🔥苹🔥果", (Disguise.SYMBOLS,)),
        ("海澜家男装", "海澜家", (Disguise.DROPPED,)),
        ("海澜大之家男装", "海澜大之家", (Disguise.INSERTED,)),
        ("海澜之象男装", "海澜之象", (Disguise.LOOKALIKE,)),
        ("海风之家男装", "海风之家", (Disguise.REPLACED,)),
        ("花牛的苹果", "花牛的苹果", (Disguise.TORN,)),
        ("аdidаs运动鞋", "аdidаs", (Disguise.HOMOGLYPH,)),
        ("ad1das运动鞋", "ad1das", (Disguise.HOMOGLYPH,)),
        ("addidas运动鞋", "addidas", (Disguise.MISSPELT,)),
        ("PROSCIUTO DI PARMA ham", "PROSCIUTO DI PARMA", (Disguise.MISSPELT,)),
        ("華牛*平果", "華牛*平果", (Disguise.HOMOPHONE, Disguise.SYMBOLS)),
    ],
)
def test_a_disguise_is_seen_through_and_named(title, seen, disguises):
    match = max(found(title), key=lambda each: each.score)

    assert match.span is not None
    assert title[slice(*match.span)] == match.seen == seen
    assert set(match.disguises) == set(disguises)


def test_a_reason_says_which_characters_stand_for_which():
    (match,) = found("花妞平果")

    assert match.reason == (
        "标题第1—4字“花妞平果”与受保护名称“花牛苹果”近似："
        "花=花 妞≈牛(同音 niú/niū) 平≈苹(同音 píng) 果=果"
    )


def test_pairs_say_where_each_character_was_written():
    (match,) = found("正宗花*妞🍎")

    assert [(p.likeness, p.seen, p.meant, p.span) for p in match.pairs] == [
        (Likeness.SAME, "花", "花", (2, 3)),
        (Likeness.SOUND, "妞", "牛", (4, 5)),
        (Likeness.EMOJI, "🍎", "苹", (5, 6)),
        (Likeness.EMOJI, "🍎", "果", (5, 6)),
    ]


def test_the_surer_the_plainer():
    plain, styled, faint = (found(t)[0].score for t in ("花牛苹果", "花*牛苹果", "海澜风 男装"))

    assert plain == 1.0 > styled > faint


@pytest.mark.parametrize(
    "title",
    [
        "烟台苹果 新鲜水果",
        "花园苹果 新鲜水果",
        "牛奶苹果",
        "花园小牛苹果",
        "毛台路 夜市",
        "岳阳花椒",
        "家居海边男装",
        "jiajie官方店",
        "adidos",
        "wpl手机",
    ],
)
def test_what_is_another_word_is_no_match(title):
    assert not [match for match in found(title) if match.score >= 0.6]


def told(name: str, goods: str, title: str) -> bool:
    """Whether a right of this name for these goods is found in a title."""
    right = make.right(name, kind=RightKind.TRADEMARK, goods=(goods,))
    (met,) = TextFinder([right]).find([make.listing(title)])
    return any(match.score >= 0.6 for matches in met.values() for match in matches)


def test_two_characters_that_sound_alike_count_beside_their_goods_only():
    assert found("毛台白酒")
    assert not found("毛台")


@pytest.mark.parametrize(
    ("name", "goods", "hidden", "innocent"),
    [
        ("高碑店豆腐丝", "豆腐", "高碑店豆付丝", "高平豆腐丝 豆腐丝"),  # a county is no disguise
        ("盘县火腿", "火腿", "盘限火腿", "乐昌火腿"),
        ("汤沟", "白酒", "烫沟 白酒", "烫够 白酒壶"),  # a jug is no liquor
        ("耐克", "跑鞋", "耐刻 跑鞋", "耐刻划 跑鞋"),  # a word that goes on
        ("道道全", "菜籽油", "道道quán 菜籽油", "头头是道 菜籽油"),  # doubled in the name itself
        ("户县葡萄", "葡萄", "分着用 户★线★葡★萄", "用户线上葡萄"),  # no word has a gap inside
        ("Gaillac", "wine", "Ga\u1fbellac wine", "Gallic wine"),
        ("Sardegna", "olive oil", "Sard\u04bdgna", "Sardines"),
    ],
)
def test_what_hides_a_name_and_what_only_looks_like_it(name, goods, hidden, innocent):
    assert told(name, goods, hidden)
    assert not told(name, goods, innocent)


def test_what_is_another_right_s_name_is_not_this_one_in_disguise():
    pear, apple = make.right("莱阳梨", goods=("梨",)), make.right("菜阳梨", goods=("梨",))
    (met,) = TextFinder([pear, apple]).find([make.listing("菜阳梨 新鲜梨")])

    assert set(met) == {apple.id}


def test_every_field_is_read_and_named():
    fields = [
        m.field for m in found("无", brand="花牛苹果", shop="花牛苹果店", description="花牛苹果")
    ]

    assert fields == ["brand", "shop", "description"]


def test_an_excluded_word_hides_the_name_in_it_only():
    assert not found("秦安花椒树下（小说）")
    assert found("秦安花椒树下的秦安花椒")


def test_a_polyphone_is_heard_in_all_its_readings():
    """重 is zhòng and chóng; the mark's readings are all looked for."""
    right = make.right("重阳糕点")
    for title in ("中阳糕点", "虫阳糕点"):
        assert right.id in TextFinder([right]).find([make.listing(title)])[0]


BRANCH = "天水华天科技股份有限公司驻上海办事处分公司"


@pytest.mark.parametrize(
    ("title", "seen", "disguises"),
    [
        (f"{BRANCH} 芯片", BRANCH, ()),
        (f"天水*{BRANCH[2:]} 芯片", f"天水*{BRANCH[2:]}", (Disguise.SYMBOLS,)),
        (
            f"天水华添{BRANCH[4:]}",
            f"天水华添{BRANCH[4:16]}",
            (Disguise.HOMOPHONE, Disguise.DROPPED),
        ),
    ],
)
def test_a_long_name_is_found_whole_and_in_disguise_by_its_beginning(title, seen, disguises):
    right = make.right(BRANCH, goods=("芯片",))
    (met,) = TextFinder([right]).find([make.listing(title)])
    ((match,),) = met.values()

    assert (match.seen, match.disguises) == (seen, disguises)


def test_a_long_name_that_ends_in_its_goods_may_be_shuffled():
    right = make.right("中国天水麦积区甘泉镇花牛山特级精品大苹果", goods=("苹果",))
    (met,) = TextFinder([right]).find([make.listing("国中天水麦积区甘泉镇花牛山特级精品 苹果")])

    assert met


@pytest.mark.parametrize("title", ["李柠LINING 运动鞋", "李宁LINNlNG 运动鞋", "李拧lining"])
def test_a_name_in_two_scripts_is_found_when_either_is_disguised(title):
    (met,) = TextFinder([make.right("李宁LINING")]).find([make.listing(title)])

    assert met


@pytest.mark.parametrize("title", ["shining shoes", "SHION & C", "streamlining", "dining table"])
def test_letters_alone_are_not_a_name_in_two_scripts(title):
    rights = [make.right("李宁LINING"), make.right("图样ionic")]

    assert TextFinder(rights).find([make.listing(title)]) == [{}]


def test_two_rights_of_one_latin_name_are_both_met_when_it_is_misspelt():
    rights = [make.right("adidas", id=each, goods=("运动鞋",)) for each in ("shoes", "shirts")]
    (met,) = TextFinder(rights).find([make.listing("addidas 运动鞋")])

    assert set(met) == {"shoes", "shirts"}


def test_no_rights_find_nothing():
    assert TextFinder([]).find([make.listing("花牛苹果"), make.listing("")]) == [{}, {}]


LETTERS = "花牛苹果平妞华蘋秦安椒海澜之家*🍎🐂 　PRADAhuaniupingguo树下1аｈ\u200b"


@settings(max_examples=300)
@given(st.text(alphabet=LETTERS, max_size=30), st.text(max_size=20))
def test_the_span_cuts_out_what_was_seen(title, description):
    for match in found(title or "x", description=description):
        text = {"title": title, "description": description}[match.field]

        assert match.span is not None
        assert text[slice(*match.span)] == match.seen
        for pair in match.pairs:
            assert pair.span is None or text[slice(*pair.span)] == pair.seen


@given(st.text(max_size=10), st.text(max_size=10))
def test_a_name_is_found_in_any_surroundings(before, after):
    title = f"{before}花牛苹果{after}"

    assert any(match.seen and "花牛苹果" in match.seen for match in found(title))


@given(st.lists(st.text(alphabet=LETTERS, max_size=20), min_size=2, max_size=5))
def test_a_batch_finds_what_each_listing_alone_holds(titles):
    listings = [make.listing(title or "x") for title in titles]

    assert FINDER.find(listings) == [FINDER.find([listing])[0] for listing in listings]


WORDS = st.text(alphabet="花牛苹果华化妞平坪萍秦安椒午a3n", max_size=9)


@example(names=[("3坪妞", 0)], texts=["a坪", "妞"])  # a seed that reached into the next text
@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(WORDS.filter(lambda t: len(t) > 1), st.integers(0, 2)), max_size=3),
    st.lists(WORDS, min_size=1, max_size=3),
)
def test_the_search_finds_what_a_plain_one_finds(names, texts):
    known = [
        Name(
            right=str(n), meant=text, text=text, goods=frozenset(range(len(text) - end, len(text)))
        )
        for n, (text, end) in enumerate(names)
        if end < len(text)
    ]
    goods, sold = [[n, 3] for n in range(len(known))], [[1], [], [0, 2]][: len(texts)]

    fast, slow = Search(known, goods, [99] * len(known)), PlainSearch(known, goods)
    batch = Batch(texts, LONGEST + 2)
    quick = chain.from_iterable(fast.places(batch, sold, 2.0, 5.0))
    assert {(p.text, p.name, p.evidence, p.damped) for p in quick} == {
        (p.text, p.name, p.evidence, p.damped) for p in slow.places(texts, sold, 2.0, 5.0)
    }
    assert set(fast.shuffled(batch)) == set(slow.shuffled(texts))


@settings(max_examples=300, deadline=None)
@given(
    st.text(
        alphabet="花牛苹果华化妞平海澜岚兰之佳洁土士唯品会茅台秦安男装牙膏白酒 *🍎a", max_size=16
    )
)
def test_places_that_are_sieved_out_would_have_come_to_nothing(title):
    def told(finder: TextFinder) -> object:
        return finder.find([make.listing(title, description=title)])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Worth, "of", lambda _, places, *__: places)
        without = told(FINDER)
    assert told(FINDER) == without


def test_what_is_likelier_than_asked_is_told_all_the_same():
    """scan without --all asks for no more than it prints."""
    likely = TextFinder(RIGHTS, 0.6)
    titles = [
        "花牛苹果",
        "花妞平果 海澜风 男装",
        "茅合 白酒",
        "毛台 adidos",
        "佳洁士 唯p会",
        "秦安椒",
    ]
    listings = [make.listing(title) for title in titles]

    told = [
        {right: some for right, some in met.items() if any(m.score >= 0.6 for m in some)}
        for met in FINDER.find(listings)
    ]
    assert told == list(likely.find(listings))
    assert any(met not in told for met in FINDER.find(listings))


HOSTILE = {
    "one name again and again": "花牛苹果",
    "almost the name": "花牛苹",
    "sounds": "妞花平",
    "parts": "艹化女子",
    "pinyin without end": "huaniu",
    "letters": "xian",
    "marks": "花\u0338\u0338",
    "emoji": "🍎🐂",
    "digits": "1a0b",
    "doubled": "花",
    "nothing": "\u200b\ufeff\U000e0041",
    "beyond the plane": "𠀀𪜶",
    "look-alikes": "аdidа",
}


@pytest.mark.slow
@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_takes_no_more_than_linear_time(unit):
    """A ratio: eight times the text may take some eight times as long, never sixty-four."""

    def seconds(size: int) -> float:
        listing = make.listing(unit * (size // len(unit)), description="苹果 男装 运动鞋")
        began = time.process_time()
        FINDER.find([listing])
        return time.process_time() - began

    seconds(1000)
    assert seconds(400_000) < 24 * max(seconds(50_000), 0.05)
