"""Emoji as characters: each stands in text as one sign, for what its words mean or sound like."""

from collections.abc import Mapping, Sequence
from functools import cache

from detectors.wording import hanzi, sounds

FIRST_CODE = 0xF000  # private use, above the syllables
NAMES = 2  # words that an emoji is called by before all others: each character of them is heard


@cache
def units() -> Mapping[str, str]:
    """Each emoji of one code point with the character that stands for it in text."""
    single = (sign for sign in hanzi.emoji() if len(sign) == 1)
    return {sign: chr(FIRST_CODE + number) for number, sign in enumerate(single)}


@cache
def _words() -> Mapping[str, Sequence[str]]:
    return {unit: hanzi.emoji()[sign] for sign, unit in units().items()}


def is_sign(character: str) -> bool:
    """Whether this character stands for an emoji."""
    return character in _words()


def means(unit: str, character: str) -> bool:
    """Whether a word of the sign has the character, or says it by its sound."""
    words = _words().get(unit, ())
    if any(character in word for word in words):
        return True
    syllables = set(hanzi.syllables(character))
    heard = (*"".join(words[:NAMES]), *(word[-1] for word in words))
    return any(not syllables.isdisjoint(hanzi.syllables(each)) for each in heard)


@cache
def _pictured() -> Mapping[str, Sequence[str]]:
    """Each character, and each syllable, with the signs that stand for it, the plainest first."""
    found: dict[str, dict[str, int]] = {}
    for unit, words in _words().items():
        for place, word in enumerate(words):
            heard = word if place < NAMES else word[-1]
            for key in (*word, *(spoken for each in heard for spoken in hanzi.syllables(each))):
                far = place + len(word)
                best = found.setdefault(key, {})
                best[unit] = min(far, best.get(unit, far))
    return {key: sorted(some, key=lambda unit: (some[unit], unit)) for key, some in found.items()}


def pictures(character: str) -> Sequence[str]:
    """The signs that may stand for a character: by meaning first, then by sound."""
    keys = (character, *hanzi.syllables(character))
    return tuple(dict.fromkeys(unit for key in keys for unit in _pictured().get(key, ())))


def near_sound(unit: str) -> str | None:
    """The near sound of the plainest word for the sign."""
    words = _words().get(unit, ())
    head = next((word for word in words if len(word) == 1), words[0][-1] if words else "")
    read = hanzi.syllables(head)
    return sounds.near(read[0]) if read else None
