"""How Chinese characters are read, from pypinyin, and how common each is."""

from collections import Counter, defaultdict
from collections.abc import Mapping

import numpy as np
from pypinyin.phrases_dict import phrases_dict
from pypinyin.pinyin_dict import pinyin_dict

MOST_READINGS = 4
ENOUGH_PHRASES = 8  # of a character in so many phrases, a reading that none of them has is historic


def sounds(frequencies: Mapping[str, float]) -> dict[str, str]:
    """Of every Han character that pypinyin reads: its readings and its frequency."""
    used = _readings_in_phrases()
    rows = {}
    for code, listed in sorted(pinyin_dict.items()):
        character = chr(code)
        if is_han(character):
            readings = _living(listed.split(","), used[character])
            rows[character] = f"{' '.join(readings)}\t{_rounded(frequencies.get(character, 0))}"
    return rows


def is_han(character: str) -> bool:
    """Whether it is a Han character of the basic plane."""
    return "\u3400" <= character <= "\u9fff" or character == "〇"


def _readings_in_phrases() -> defaultdict[str, Counter[str]]:
    used: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase, readings in phrases_dict.items():
        if len(phrase) == len(readings):
            for character, reading in zip(phrase, readings, strict=True):
                used[character][reading[0]] += 1
    return used


def _living(readings: list[str], used: Counter[str]) -> list[str]:
    """pypinyin lists the commonest first, and behind it all that old dictionaries hold."""
    first, *others = dict.fromkeys(readings)
    if used.total() >= ENOUGH_PHRASES:
        others = [reading for reading in others if used[reading]]
    return [first, *others][:MOST_READINGS]


def _rounded(value: float) -> str:
    if not value:
        return "0"
    return np.format_float_positional(value, 3, unique=False, fractional=False, trim="-")
