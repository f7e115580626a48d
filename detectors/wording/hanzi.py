"""What is known of characters: how they sound, look, split, and how common they are.

The tables beside this room are derived by scripts/knowledge from open sources.
"""

import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

TABLES = Path(__file__).parents[1] / "knowledge"
RAREST = 2e-5  # share of the rarest character: no single one may prove too much
READINGS = 3
WORDS_COUNTED = 6e7  # how many words the counts of words.tsv were taken from


def is_han(character: str) -> bool:
    """Whether this is a Chinese character."""
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"


def tones(character: str) -> tuple[str, ...]:
    """The readings with their tone marks, the commonest first; none for what is not Hanzi."""
    known = _characters().get(character)
    return known[0] if known else ()


@cache
def syllables(character: str) -> tuple[str, ...]:
    """The readings without tones, ü as v."""
    return tuple(dict.fromkeys(map(toneless, tones(character))))[:READINGS]


def share(character: str) -> float:
    """How much of ordinary Chinese text this character is."""
    known = _characters().get(character)
    return max(RAREST, known[1]) if known else RAREST


def known_characters() -> Iterator[str]:
    """Every character with a reading, in the order of code points."""
    return iter(_characters())


def looks(character: str) -> Mapping[str, float]:
    """The characters it may be taken for, each with how alike they look, 0 to 1."""
    return _looks().get(character, {})


@cache
def splits() -> Mapping[str, str]:
    """Parts side by side → the character they make: 女子 → 好."""
    found: dict[str, str] = {}
    for character, ways in _rows("splits"):
        for parts in ways.split(" "):
            found.setdefault(parts, character)
    return found


@cache
def emoji() -> Mapping[str, tuple[str, ...]]:
    """Emoji → the words it is called by."""
    return {sign: tuple(words.split(" ")) for sign, words in _rows("emoji")}


@cache
def glyphs() -> Mapping[str, str]:
    """Characters of other scripts → the Latin letter or digit they look like."""
    return dict(_rows("glyphs"))


@cache
def words() -> Mapping[str, float]:
    """Ordinary words → their share of all words."""
    return {word: int(count) / WORDS_COUNTED for word, count in _rows("words")}


@cache
def places() -> frozenset[str]:
    """Names of provinces, cities and counties, today's and former ones, without what they are."""
    return frozenset(name for name, _ in place_codes())


@cache
def place_codes() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each of these names with its GB/T 2260 codes: 2 digits a province, 4 a city, 6 a county."""
    return tuple((name, tuple(codes.split(" "))) for name, codes in _rows("places"))


@cache
def _characters() -> Mapping[str, tuple[tuple[str, ...], float]]:
    rows = (line.split("\t") for line in _lines("hanzi"))
    return {
        character: (tuple(readings.split(" ")), float(per_million) / 1e6)
        for character, readings, per_million in rows
    }


@cache
def _looks() -> Mapping[str, Mapping[str, float]]:
    return {
        character: {found[at]: int(found[at + 1 : at + 3]) / 100 for at in range(0, len(found), 3)}
        for character, found in _rows("looks")
    }


def _rows(name: str) -> Iterator[tuple[str, str]]:
    for line in _lines(name):
        key, _, value = line.partition("\t")
        yield key, value


def _lines(name: str) -> Iterator[str]:
    text = (TABLES / f"{name}.tsv").read_text("utf-8")
    return (line for line in text.split("\n") if line and not line.startswith("#"))


def toneless(reading: str) -> str:
    parts = unicodedata.normalize("NFD", reading.replace("ü", "v"))
    spelt = parts.replace("u\u0308", "v")
    return "".join(each for each in spelt if each.isascii() and each.isalpha())
