"""Syllables as codes: the same sound, nearly the same sound, and pinyin read back."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache

from detectors.wording import hanzi

FIRST_CODE = 0xE000  # private use: a syllable without a character stands in text as one of these
INITIALS = re.compile(r"^(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(.*)$")
FLAT = {"zh": "z", "ch": "c", "sh": "s", "n": "l", "r": "l"}
OPEN = {"ang": "an", "eng": "en", "ing": "in", "iang": "ian", "uang": "uan"}
SOUTHERN = {"ua": "a", "ui": "ei", "uan": "an", "uang": "ang", "un": "en", "uo": "o", "ong": "eng"}


@cache
def syllables() -> Sequence[str]:
    """All syllables of Chinese, in order; a syllable's number is its place here."""
    known = {each for one in hanzi.known_characters() for each in hanzi.syllables(one)}
    return sorted(each for each in known if each)


@cache
def numbers() -> dict[str, int]:
    return {syllable: number for number, syllable in enumerate(syllables())}


def unit(syllable: str) -> str:
    """The character that stands in text for a syllable written as pinyin."""
    return chr(FIRST_CODE + numbers()[syllable])


def spelt(character: str) -> str | None:
    """The syllable that a unit stands for; `None` for any other character."""
    number = ord(character) - FIRST_CODE
    return syllables()[number] if 0 <= number < len(syllables()) else None


@cache
def near(syllable: str) -> str:
    """What is left of a syllable once the sounds that sellers confuse are one.

    n l r · z zh · c ch · s sh · f h · an ang · en eng · in ing.
    """
    initial, final = _divided(syllable)
    final = SOUTHERN.get(final, final) if initial == "h" else final
    initial = "h" if initial == "f" else FLAT.get(initial, initial)
    return initial + OPEN.get(final, final)


def is_near(one: str, other: str) -> bool:
    """Whether two syllables sound nearly alike: 花 hua is near fa, but ha is another sound."""
    if near(one) != near(other):
        return False
    return _divided(one)[0] != "h" or _divided(other)[0] != "h" or _plain(one) == _plain(other)


def _plain(syllable: str) -> str:
    initial, final = _divided(syllable)
    return initial + OPEN.get(final, final)


def _divided(syllable: str) -> tuple[str, str]:
    found = INITIALS.match(syllable)
    return ((found[1] or ""), found[2]) if found else ("", syllable)


@cache
def nearby(syllable: str) -> frozenset[str]:
    """The other syllables near this one."""
    return frozenset(
        other for other in syllables() if other != syllable and is_near(syllable, other)
    )


@lru_cache(65_536)
def read(letters: str) -> tuple[str, ...] | None:
    """Pinyin taken apart into the fewest syllables; `None` where letters are left over."""
    best: list[tuple[str, ...] | None] = [(), *[None] * len(letters)]
    for end in range(1, len(letters) + 1):
        ways = list(_ways(letters, end, best))
        best[end] = min(ways, key=len) if ways else None
    return best[-1]


def _ways(
    letters: str, end: int, best: Sequence[tuple[str, ...] | None]
) -> Iterator[tuple[str, ...]]:
    for start in range(max(0, end - 6), end):
        before = best[start]
        if (
            before is not None
            and letters[start:end] in numbers()
            and letters[start:end] not in LONE
        ):
            yield (*before, letters[start:end])


LONE = frozenset({"m", "n", "ng", "hm", "hng", "e", "o", "a"})  # sounds, but no spelling of a name
