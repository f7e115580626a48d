"""Ordinary words and how often a character is met, from the dictionary that comes with jieba."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from opencc import OpenCC

MOST = 120_000
WORD = re.compile("[\u3400-\u9fff\u3007]{2,4}")
PLACE = re.compile("(.{2,3})[省市县区州盟旗]")  # 岳阳市 is called 岳阳
HAN = re.compile("[\u3400-\u9fff\u3007]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """An entry of the dictionary; the count is of its authors' corpus, `kind` a part of speech."""

    text: str
    count: int
    kind: str


def entries(dictionary: str) -> Iterator[Word]:
    """Every entry of jieba's `dict.txt`."""
    for line in dictionary.splitlines():
        text, count, kind = line.split(" ")
        yield Word(text=text, count=int(count), kind=kind)


def ordinary(dictionary: str) -> dict[str, str]:
    """The most frequent words of two to four simplified Han characters, with their counts."""
    simplify = OpenCC("t2s").convert
    counts = {word.text: word.count for word in entries(dictionary) if WORD.fullmatch(word.text)}
    for text in list(counts):
        stem = PLACE.fullmatch(text)
        if stem:
            counts.setdefault(stem[1], counts[text])
    common = sorted(counts, key=lambda text: (-counts[text], text))
    kept = [text for text in common if simplify(text) == text][:MOST]
    return {text: str(counts[text]) for text in kept}


def per_million(dictionary: str) -> dict[str, float]:
    """How often a character is met in a million Han characters of running text."""
    met: Counter[str] = Counter()
    for word in entries(dictionary):
        for character in HAN.findall(word.text):
            met[character] += word.count
    total = met.total()
    return {character: count * 1_000_000 / total for character, count in met.items()}
