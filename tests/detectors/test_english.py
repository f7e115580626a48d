"""The English reasons say what the Chinese ones say, from the record alone."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from detectors.image import ImageFinder, RightPicture
from detectors.screen import Screen
from detectors.text import TextFinder
from detectors.wording.english import clue_sentence, in_english, match_sentence
from pipeline.assessed import GateName, Result
from pipeline.matches import Disguise, Match
from pipeline.records import Clue, Fingerprint, PerceptualHash, Region, Right, RightKind, User
from tests import make

APPLE = make.right("花牛苹果", latin=("Huaniu Apple",), goods=("苹果", "水果"))
HOME = make.right("海澜之家", kind=RightKind.TRADEMARK, goods=("男装",))
TOOTH = make.right("佳洁士", kind=RightKind.TRADEMARK, goods=("牙膏",))
SALE = make.right("唯品会", kind=RightKind.TRADEMARK)
SPORT = make.right("adidas", kind=RightKind.TRADEMARK, goods=("运动鞋",))
FINDER = TextFinder([APPLE, HOME, TOOTH, SALE, SPORT])
DISGUISED = {
    Disguise.TRADITIONAL: "花牛蘋果",
    Disguise.STYLED: "ｈｕａｎｉｕ Ａｐｐｌｅ",
    Disguise.SYMBOLS: "花*牛\u200b苹 果",
    Disguise.REPEATED: "花花牛牛苹果",
    Disguise.HOMOPHONE: "花妞平果",
    Disguise.NEAR_HOMOPHONE: "华流苹果",
    Disguise.PINYIN: "hailanzhijia男装",
    Disguise.MIXED_PINYIN: "海lan之家",
    Disguise.INITIAL: "唯p会",
    Disguise.INITIALS: "hlzj男装",
    Disguise.LOOKALIKE: "佳洁土牙膏",
    Disguise.SPLIT: "艹化牛苹果",
    Disguise.SHUFFLED: "苹果花牛",
    Disguise.EMOJI: "花牛🍎",
    Disguise.DROPPED: "海澜家男装",
    Disguise.INSERTED: "海澜大之家男装",
    Disguise.REPLACED: "海风之家男装",
    Disguise.HOMOGLYPH: "аdidаs",
    Disguise.MISSPELT: "addidas",
    Disguise.TORN: "发牛 红富士 苹果",
}
AREA = Region(name="甘肃省天水市麦积区", codes=("620503",), townships=("花牛镇",))
USERS = (User(name="天水麦积果业公司", shops=("麦积果业",)),)
HAN = re.compile("[\u3400-\u9fff]")
QUOTED = re.compile(r"“[^”]*”|\S+[=≈]\S+")


def found(title: str, right: Right | None = None, **fields) -> Match:
    finder = TextFinder([right]) if right else FINDER
    (met,) = finder.find([make.listing(title, **fields)])
    return max((each for some in met.values() for each in some), key=lambda each: each.score)


def clue(title: str, *rights: Right, **fields) -> Clue:
    rights = rights or (make.right(region=AREA, official_shops=("官方店",), users=USERS),)
    (first, *_) = Screen(rights, [TextFinder(rights)]).clues([make.listing(title, **fields)])
    return first


def plain(sentence: str) -> str:
    """What is left without what was quoted."""
    return QUOTED.sub("", sentence)


def test_a_disguise_of_every_class_is_told_without_chinese_words():
    for disguise, title in DISGUISED.items():
        match = found(title)
        told = match_sentence(match)

        assert disguise in match.disguises
        assert f"“{match.seen}” resembles the protected name “{match.meant}”: " in told
        assert told.endswith(".")
        assert not HAN.search(plain(told)), told
    assert set(DISGUISED) == set(Disguise)


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("正宗花牛苹果", "Title, characters 3–6: “花牛苹果” is the protected name “花牛苹果”."),
        ("花妞平果", "花=花 妞≈牛 (same sound niū/niú) 平≈苹 (same sound píng) 果=果."),
        (
            "正宗花*牛\u200b苹 果",
            "果=果; “*”, invisible characters, spaces between the characters.",
        ),
        ("ａdidas", "“adidas”: the same letters in full-width or fancy forms."),
        ("аdidаs", "“adidas”: а≈a (look-alike character) а≈a (look-alike character)."),
        ("hlzj男装", "“海澜之家”: written as the initials of its pinyin."),
        ("海澜家男装", "海=海 澜=澜 “之” left out 家=家."),
        ("花牛的苹果", "花=花 牛=牛 “的” put in 苹=苹 果=果."),
        ("发牛 红富士 苹果", "牛=牛; the goods “苹果” stand elsewhere in the listing."),
        ("牛花🍎", "“花牛苹果”: the same characters in another order."),
        ("牛花 红富士 苹果", "another order; the goods “苹果” stand elsewhere in the listing."),
    ],
)
def test_a_sentence_shows_what_stands_for_what(title, told):
    assert match_sentence(found(title)).endswith(told)


def test_the_readings_are_those_of_the_chinese_sentence():
    for title in ("华流苹果", "化牛苹果", "重牛平果"):
        match = found(title)
        heard = re.findall(r"(?:同音|近音) ([^)]+)\)", match.reason)
        told = re.findall(r"\((?:same|similar) sound ([^)]+)\)", match_sentence(match))

        assert heard
        assert ["/".join(reversed(each.split("/"))) for each in heard] == told


def test_of_a_long_name_it_is_told_how_much_was_compared():
    right = make.right("中国天水麦积区甘泉镇花牛山特级精品大苹果", goods=("苹果",))
    match = found("中国天水麦积区甘泉镇化牛山特级精品大苹果", right)

    assert match_sentence(match).endswith("; only the first 16 characters were compared.")


def test_every_field_has_its_name():
    places = {"brand": "Brand", "shop": "Shop name", "description": "Description"}
    for field, name in places.items():
        told = match_sentence(found("无", **{"shop": "无", field: "花牛苹果"}))

        assert told.startswith(f"{name}, characters 1–4: ")


@example("牛🍎花")
@given(st.text(alphabet="花牛苹果平妞华蘋海澜之家*🍎🐂 　huaniupingguo1аｈ\u200b", max_size=30))
def test_whatever_is_found_can_be_told(title):
    (met,) = FINDER.find([make.listing(title or "x")])
    for matches in met.values():
        for match in matches:
            told = match_sentence(match)

            assert not HAN.search(plain(told)), told
            assert ("is the protected name" in told) == ("相同" in match.reason[-2:])
            assert ("between the characters" in told) == ("字间夹有" in match.reason)
            assert ("stand elsewhere" in told) == ("另见别处" in match.reason)


def test_a_picture_is_told_by_its_number_its_method_and_its_distance():
    hashes = PerceptualHash(bits=7), PerceptualHash(bits=0)
    right = RightPicture(right=APPLE, image="标.jpg", phash=hashes[1], dhash=hashes[1])
    seen = Fingerprint(image=1, phash=hashes[0], dhash=hashes[1])
    listing = replace(make.listing("礼盒"), fingerprints=(seen,))
    (told,) = Screen([APPLE], [ImageFinder([right])]).clues([listing])

    assert match_sentence(told.matches[0]) == (
        "Picture 2 resembles the right's picture “标.jpg”: by phash 3 of 64 bits apart, "
        "where up to 10 are the same picture."
    )
    assert clue_sentence(told).startswith(match_sentence(told.matches[0]))


@pytest.mark.parametrize(
    ("title", "fields", "told"),
    [
        ("花牛苹果 10斤装", {}, "The goods are those of the right, or of their kind. For review."),
        ("花妞平果 10斤装", {}, "“花妞平果” is a disguise."),
        ("花妞平果 10斤装", {}, "High."),
        ("花牛苹果 10斤装", {"origin": "陕西省延安市"}, "is outside the protected area."),
        ("花牛苹果 高仿 10斤装", {}, "“高仿” is a code word."),
        ("花牛苹果", {"shop": "鲜果旗舰店"}, "claims “旗舰店” but is on no known list."),
        ("花牛苹果平替 脆甜", {}, "is for a person to judge: “平替” likens the goods to it."),
        ("适用于花*牛苹果的箱子", {}, "Perhaps lawful use: “适用于” says what the goods are"),
        ("红富士 非花牛苹果", {}, "Lawful use: “非” denies the name. Cleared: negation."),
        ("花牛苹果", {"shop": "官方店"}, "or licensed ones. Cleared: authorised."),
        (
            "脆甜红元帅",
            {"origin": "甘肃天水", "description": "花牛苹果产区"},
            "inside the protected area. Cleared: inside area.",
        ),
    ],
)
def test_a_clue_says_what_speaks_for_it_and_against_it(title, fields, told):
    sentence = clue_sentence(clue(title, **fields))

    assert told in sentence
    assert not HAN.search(plain(sentence)), sentence


def test_a_shop_on_the_list_claims_nothing_that_is_not_so():
    assert "no known list" not in clue_sentence(clue("花牛苹果", shop="官方店"))


def test_signs_that_the_list_tells_are_told_in_english_too():
    right = make.right(standard_no="GB/T 22444", season="9-10")
    told = clue_sentence(clue("花牛苹果 现摘 10斤装", right, standard_no="GB/T 1354"))

    assert "The page contradicts itself, or the season." in told
    assert "It names another product standard than the right's own." in told


def test_what_only_looks_like_the_name_may_be_a_place():
    told = clue_sentence(clue("天水花牛镇 大蒜 10斤", make.right("天水花牛苹果")))

    assert told.endswith("Lawful use: “天水花牛镇” is a place. Cleared: place.")


def test_what_the_screen_alone_decides_is_told_too():
    longer = make.right("花牛苹果", official_shops=("官方店",))
    inner = make.right("花牛", kind=RightKind.TRADEMARK)
    trial = clue("花牛苹果 10斤", make.right(matching_ratio=0.0))
    cleared = clue("花牛苹果", inner, longer, shop="官方店")

    assert cleared.right_name == "花牛"
    assert clue_sentence(cleared).endswith(
        "Cleared with a longer name that this one is part of: authorised."
    )
    assert clue_sentence(trial).endswith(
        "Low: the right is on trial, and this listing was not drawn."
    )


def test_in_english_only_the_reasons_are_others_and_the_gates_keep_theirs():
    before = clue("花妞平果 10斤装")
    after = in_english(before)
    restored = (replace(match, reason="") for match in after.matches)

    assert after.reason == clue_sentence(before)
    assert after.gates == before.gates
    assert tuple(restored) == tuple(replace(match, reason="") for match in before.matches)
    assert replace(after, reason="", matches=()) == replace(before, reason="", matches=())
    assert [gate.result for gate in after.gates if gate.gate is GateName.SIGN] == [Result.PASS]
