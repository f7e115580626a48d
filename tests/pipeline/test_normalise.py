"""Folding loses no place: every folded character leads back to the one it came from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.normalise import fold, tokens


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("花牛蘋果", "花牛苹果"),
        ("ＰＲＡＤＡ", "prada"),
        ("花*牛🍎苹 果", "花牛苹果"),
        ("花\u200b牛", "花牛"),
        ("huā niú", "huaniu"),
        ("Café", "cafe"),
        ("Cafe\u0301", "cafe"),
        ("ﬁne", "fine"),
        ("𝐀𝐩𝐩𝐥𝐞", "apple"),
        ("①②", "12"),
        ("花㊣牛", "花牛"),
        ("", ""),
        ("！？", ""),
    ],
)
def test_what_is_written_folds_to_what_is_meant(written, folded):
    assert fold(written).text == folded


def test_a_span_cuts_the_original():
    folded = fold("正宗 花*牛蘋果！")
    start = folded.text.index("花牛苹果")

    assert folded.cut(start, start + 4) == "花*牛蘋果"


@given(st.text(max_size=60))
def test_every_folded_character_comes_from_its_original(text):
    folded = fold(text)

    for place in range(len(folded.text)):
        assert folded.text[place] in fold(folded.cut(place, place + 1)).text


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text):
    once = fold(text).text

    assert fold(once).text == once


@given(st.text(alphabet="花牛苹果ab1", max_size=20))
def test_tokens_stand_where_they_say(text):
    for token, place in tokens(fold(text)):
        assert text[place : place + len(token)] == token


def test_every_character_starts_a_token():
    starts = {token[0] for token, _ in tokens(fold("花牛apple礼"))}

    assert starts == {"花", "牛", "a", "礼"}
