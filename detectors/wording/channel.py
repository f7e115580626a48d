"""The disguise as a noisy channel: how much a written character speaks for a name's character.

Evidence is the logarithm, in nats, of how much likelier the written character is if a seller meant
the name's than in any text: log P(seen | meant) / P(seen). Rare characters say much, common sounds
little. P(seen | meant) is a mixture of the ways a character may be disguised (`Channel`).
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

from detectors.wording import hanzi, signs, sounds
from pipeline.matches import Likeness

Row = npt.NDArray[np.float32]
Columns = npt.NDArray[np.uint16]
Eighths = npt.NDArray[np.int8]  # a list has thousands of characters, and each has a row

LETTERS = "abcdefghijklmnopqrstuvwxyz"
NUMERALS = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
NOTHING, UNKNOWN = 0, 1  # columns: where a text ends, and characters that no table knows
LETTER_SHARE = 0.004
SPELT = 0.05  # of the letters that follow others of a word: they hardly speak one by one
UNIT_SHARE = 2e-4
SIGN_SHARE = 2e-4
STEPS = 8  # evidence is kept in eighths of a nat, so that it fits a byte
APART = -500.0  # no name reaches over the end of its field


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """How often sellers do what to a character, in shares of all characters of disguised names."""

    same: float = 0.8
    sound: float = 0.06
    near: float = 0.02
    shape: float = 0.05
    pinyin: float = 0.03
    initial: float = 0.01
    digit: float = 0.02
    picture: float = 0.02
    other: float = 0.02
    missing: float = 0.03
    extra: float = 0.01


CHANNEL = Channel()
MISSING = round(math.log(CHANNEL.missing) * STEPS) / STEPS
EXTRA = round(math.log(CHANNEL.extra) * STEPS) / STEPS


@cache
def alphabet() -> Sequence[str]:
    """The characters that have a column of their own; the first two columns are for none."""
    units = map(sounds.unit, sounds.syllables())
    pictures = signs.units().values()
    return ("\0", "\uffff", *LETTERS, *NUMERALS, *units, *pictures, *hanzi.known_characters())


@cache
def columns() -> Columns:
    """Code point → column; what lies beyond the BMP is unknown."""
    found = np.full(1 << 16, UNKNOWN, np.uint16)
    for number, character in enumerate(alphabet()):
        if number > UNKNOWN:
            found[ord(character)] = number
    found[0] = NOTHING
    return found


@cache
def shares() -> Row:
    """How much of ordinary text each column is."""
    return np.array([_share(each) for each in alphabet()], np.float32)


def _share(character: str) -> float:
    if sounds.spelt(character):
        return UNIT_SHARE
    if signs.is_sign(character):
        return SIGN_SHARE
    return hanzi.share(character) if hanzi.is_han(character) else LETTER_SHARE


@cache
def _speakers() -> Mapping[str, tuple[Columns, Columns]]:
    """Syllable → the columns of the characters read so, and of its unit in pinyin."""
    found: dict[str, list[int]] = {each: [] for each in sounds.syllables()}
    for number, character in enumerate(alphabet()):
        for syllable in hanzi.syllables(character):
            found[syllable].append(number)
    return {
        each: (np.array(heard, np.uint16), np.array([column(sounds.unit(each))], np.uint16))
        for each, heard in found.items()
    }


@cache
def evidence(meant: str) -> Eighths:
    """What each column's character says for the name's character `meant`, in eighths of a nat."""
    ratio = np.full(len(alphabet()), CHANNEL.other, np.float32)
    for seen, added in _ways(meant):
        ratio[seen] += added
    often = SPELT if meant in LETTERS else shares()[column(meant)]
    ratio[column(meant)] += CHANNEL.same / often
    found: Eighths = np.round(np.log(ratio) * STEPS).astype(np.int8)
    found[NOTHING] = 0
    return found


def _ways(meant: str) -> Iterator[tuple[Columns, float | Row]]:
    """Columns with the ratio that one way of disguise adds to each."""
    syllables = hanzi.syllables(meant)
    near = {other for each in syllables for other in sounds.nearby(each)} - set(syllables)
    for some, spoken, written in (
        (syllables, CHANNEL.sound, CHANNEL.pinyin),
        (near, CHANNEL.near, CHANNEL.pinyin / 10),
    ):
        if some:
            heard = np.unique(np.concatenate([_speakers()[each][0] for each in some]))
            yield heard, spoken / float(shares()[heard].sum())
            units = np.concatenate([_speakers()[each][1] for each in some])
            yield units, written / UNIT_SHARE
    letters = sorted({each[0] for each in syllables})
    yield np.array([column(each) for each in letters], np.uint16), CHANNEL.initial / LETTER_SHARE
    digits = [column(digit) for digit, numeral in NUMERALS.items() if _is_spoken(numeral, meant)]
    yield np.array(digits, np.uint16), CHANNEL.digit / LETTER_SHARE
    pictures = [column(each) for each in signs.pictures(meant)]
    yield np.array(pictures, np.uint16), CHANNEL.picture / SIGN_SHARE
    yield _looking(meant)


def _is_spoken(numeral: str, meant: str) -> bool:
    return numeral == meant or _sounds_same(numeral, meant)


def _looking(meant: str) -> tuple[Columns, Row]:
    alike = {column(each): how for each, how in hanzi.looks(meant).items()}
    alike.pop(UNKNOWN, None)
    seen = np.array(list(alike), np.uint16)
    how = np.array(list(alike.values()), np.float32)
    return seen, CHANNEL.shape * how / max(1.0, float(how.sum())) / shares()[seen]


def column(character: str) -> int:
    """The column of a character."""
    point = ord(character)
    return int(columns()[point]) if point < 1 << 16 else UNKNOWN


@lru_cache(1 << 16)
def says(seen: str, meant: str) -> float:
    """What one written character says for one of the name's, in nats."""
    return float(evidence(meant)[column(seen)]) / STEPS


@lru_cache(1 << 16)
def likeness(seen: str, meant: str) -> Likeness:
    """The plainest way in which `seen` stands for `meant`."""
    if seen == meant:
        return Likeness.SAME
    return next((kind for kind, stands in _STANDS if stands(seen, meant)), Likeness.OTHER)


def _is_spelt(seen: str, meant: str) -> bool:
    spelt = sounds.spelt(seen)
    return spelt is not None and any(
        spelt == each or sounds.is_near(spelt, each) for each in hanzi.syllables(meant)
    )


def _sounds_same(seen: str, meant: str) -> bool:
    seen = NUMERALS.get(seen, seen)
    return not set(hanzi.syllables(seen)).isdisjoint(hanzi.syllables(meant))


def _looks_alike(seen: str, meant: str) -> bool:
    return seen in hanzi.looks(meant) or meant in hanzi.looks(seen)


def _sounds_near(seen: str, meant: str) -> bool:
    return any(
        sounds.is_near(one, other)
        for one in hanzi.syllables(seen)
        for other in hanzi.syllables(meant)
    )


def _is_initial(seen: str, meant: str) -> bool:
    return seen in LETTERS and any(each[0] == seen for each in hanzi.syllables(meant))


_STANDS = (
    (Likeness.EMOJI, signs.means),
    (Likeness.PINYIN, _is_spelt),
    (Likeness.SOUND, _sounds_same),
    (Likeness.SHAPE, _looks_alike),
    (Likeness.NEAR_SOUND, _sounds_near),
    (Likeness.INITIAL, _is_initial),
)
