"""The glance that spares most patterns never spares one that holds."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detectors import phrases
from detectors.needed import Sieve, alternatives, needed

PHRASINGS = Path(__file__).parent / "phrasings"


@pytest.mark.parametrize(
    ("pattern", "parts"),
    [
        ("甲|乙", ["甲", "乙"]),
        ("(?:甲|乙)丙", ["(?:甲|乙)丙"]),
        ("[甲|乙]|丙", ["[甲|乙]", "丙"]),
        (r"甲\|乙|丙", [r"甲\|乙", "丙"]),
        ("(?<![|)])甲|[^]|]乙", ["(?<![|)])甲", "[^]|]乙"]),
    ],
)
def test_a_pattern_is_parted_outside_of_its_brackets(pattern, parts):
    assert alternatives(pattern) == parts


@pytest.mark.parametrize(
    ("pattern", "sets"),
    [
        ("甲乙?丙", ["甲", "丙"]),
        ("甲{0,3}丙", ["丙"]),
        ("(?:甲|乙丙)丁", ["甲乙", "丁"]),
        ("(?:甲|乙?)丁", ["丁"]),
        ("[甲乙][^丙][丁-己]", ["甲乙"]),
        (r"\d甲+", ["甲"]),
        ("(?<!甲)乙(?!丙)$", ["乙"]),
        ("[^,]{0,4}?甲", ["甲"]),
    ],
)
def test_what_must_stand_for_a_pattern_to_hold(pattern, sets):
    assert [set(each) for each in needed(pattern)] == [set(each) for each in sets]


def test_of_many_patterns_those_are_tried_that_may_hold():
    sieve = Sieve(["甲乙", "甲丙", r"\d"])

    assert list(sieve.may_hold("乙甲")) == [0, 2]
    assert list(sieve.may_hold("丙")) == [2]


LINES = [
    line
    for name in ("lawful.txt", "offers.txt")
    for line in (PHRASINGS / name).read_text("utf-8").splitlines()
    if "【" in line
]


@given(st.sampled_from(LINES), st.integers(0, 40))
def test_no_phrase_that_holds_is_spared(line, cut):
    start, end = line.index("【"), line.index("】") - 1
    plain = phrases._plain(line.replace("【", "").replace("】", ""), (start, end)).text[cut:]
    turns = phrases._said().turns
    tried = set(phrases._said().sieve.may_hold(plain))

    assert {n for n, (_, turn) in enumerate(turns) if re.search(turn, plain)} <= tried
