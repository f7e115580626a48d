"""What the tables of detectors/knowledge say, and that each line is well formed."""

import re
from functools import cache
from pathlib import Path

import pytest

PLACE = Path(__file__).resolve().parents[2] / "detectors" / "knowledge"
HAN = "[\u3400-\u9fff〇]"
READINGS = "[a-züāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹḿêếềḗ\u0300-\u030c]+"
LINES = {
    "hanzi": rf"{HAN}\t{READINGS}(?: {READINGS}){{0,3}}\t\d+(?:\.\d+)?",
    "looks": rf"{HAN}\t(?:{HAN}\d\d)+",
    "splits": rf"{HAN}\t[\u2e80-\u9fff]{{2,3}}(?: [\u2e80-\u9fff]{{2,3}}){{0,7}}",
    "emoji": rf"[^\t ]+\t{HAN}{{1,4}}(?: {HAN}{{1,4}}){{0,5}}",
    "glyphs": r"[^\x00-\x7f]\t[a-z0-9]",
    "words": rf"{HAN}{{2,4}}\t[1-9]\d*",
    "places": rf"{HAN}{{2,5}}\t(?:\d\d){{1,3}}(?: (?:\d\d){{1,3}})*",
}


@cache
def rows(name: str) -> dict[str, str]:
    lines = (PLACE / f"{name}.tsv").read_text("utf-8").splitlines()[1:]
    return dict(line.split("\t", 1) for line in lines)


def alike(one: str, other: str) -> int:
    found = rows("looks")[one]
    at = found.find(other)
    return int(found[at + 1 : at + 3]) if at >= 0 else 0


@pytest.mark.parametrize("name", LINES)
def test_every_line_is_well_formed_and_in_order(name):
    text = (PLACE / f"{name}.tsv").read_bytes().decode()
    assert "\r" not in text
    comment, *lines = text.removesuffix("\n").split("\n")
    assert comment.startswith("# ")
    assert not [line for line in lines if not re.fullmatch(LINES[name], line)]
    keys = [line.split("\t")[0] for line in lines]
    assert keys == sorted(set(keys))


def test_the_tables_together_stay_small():
    assert sum((PLACE / f"{name}.tsv").stat().st_size for name in LINES) <= 5_000_000


def test_characters_have_their_readings_the_commonest_first():
    assert rows("hanzi")["牛"].startswith("niú\t")
    assert rows("hanzi")["行"].split("\t")[0].split(" ")[:2] == ["xíng", "háng"]


def test_a_common_character_is_met_oftener_than_a_rare_one():
    assert float(rows("hanzi")["的"].split("\t")[1]) > 1000
    assert rows("hanzi")["龘"].split("\t")[1] == "0"


@pytest.mark.parametrize("pair", ["己已", "己巳", "未末", "士土", "戊戌", "大太", "人入"])
def test_what_differs_by_a_stroke_is_nearly_indistinguishable(pair):
    assert alike(*pair) >= 90
    assert alike(*reversed(pair)) >= 90


@pytest.mark.parametrize("pair", ["苹平", "牛件", "化花", "茅矛", "龙拢"])
def test_what_holds_the_other_looks_somewhat_like_it(pair):
    assert 10 <= alike(*pair) < 90


@pytest.mark.parametrize("pair", ["苹牛", "茅台", "酒茶"])
def test_what_shares_nothing_does_not_look_alike(pair):
    assert alike(*pair) == 0


@pytest.mark.parametrize(
    ("character", "parts"),
    [
        ("好", "女子"),
        ("树", "木对"),
        ("树", "木又寸"),
        ("花", "艹化"),
        ("酒", "水酉"),
        ("红", "丝工"),
    ],
)
def test_a_character_splits_as_people_type_it(character, parts):
    assert parts in rows("splits")[character].split(" ")


@pytest.mark.parametrize(
    ("picture", "word"),
    [("🍎", "苹果"), ("🐂", "牛"), ("🐯", "老虎"), ("🐐", "山羊"), ("🌶", "辣椒")],
)
def test_the_plain_word_of_an_emoji_comes_first(picture, word):
    assert rows("emoji")[picture].split(" ")[0] == word


@pytest.mark.parametrize(("picture", "head"), [("🐯", "虎"), ("🐐", "羊"), ("🐰", "兔")])
def test_an_emoji_stands_for_the_head_of_its_word_too(picture, head):
    assert head in rows("emoji")[picture].split(" ")


def test_mere_categories_are_no_words_of_an_emoji():
    assert not {"水果", "食物", "健康"} & set(rows("emoji")["🍎"].split(" "))


@pytest.mark.parametrize(
    ("glyph", "letter"),
    [
        ("а", "a"),
        ("Е", "e"),
        ("ο", "o"),
        ("ı", "i"),
        ("ɑ", "a"),
        ("ɡ", "g"),
        ("ɢ", "g"),
        ("ꓮ", "a"),
        ("🅰", "a"),
    ],
)
def test_an_odd_letter_is_read_as_a_latin_one(glyph, letter):
    assert rows("glyphs")[glyph] == letter


def test_ordinary_words_are_there_and_letters_are_not():
    assert int(rows("words")["我们"]) > int(rows("words")["苹果"]) > 0
