"""The ways a protected name may be written and still be that name: its variant universe."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from pipeline.normalise import fold
from pipeline.records import Right

READINGS = 16
PINYIN_LETTERS = 5
SHORT_NAME = 3
FIRST_CODE = 0xE000  # private use: one code a toneless syllable, so that sounds compare as text


class Disguise(StrEnum):
    """How a seller hides a name."""

    TRADITIONAL = "traditional"
    STYLED = "styled"
    SYMBOLS = "symbols"
    HOMOPHONE = "homophone"
    PINYIN = "pinyin"


class Alphabet(StrEnum):
    """What a variant is spelt in: folded text, or syllable codes."""

    TEXT = "text"
    SOUND = "sound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One spelling of `meant`, to be looked for in text of its alphabet.

    A faint one is so short a sound that it says something only beside the right's goods.
    """

    spelling: str
    alphabet: Alphabet
    meant: str
    disguise: Disguise | None = None
    is_faint: bool = False


def variants(right: Right) -> tuple[Variant, ...]:
    """Every variant of every name of the right, each once, in a stable order."""
    found = itertools.chain.from_iterable(_of_name(name) for name in right.names)
    return tuple({(each.alphabet, each.spelling): each for each in reversed(list(found))}.values())


def _of_name(name: str) -> Iterator[Variant]:
    folded = fold(name).text
    if not folded:
        return
    yield Variant(spelling=folded, alphabet=Alphabet.TEXT, meant=name)
    if len(folded) < 2 or not all(is_han(character) for character in folded):
        return
    faint = len(folded) < SHORT_NAME
    for sounds in _readings(folded):
        spelling, letters = "".join(map(code, sounds)), "".join(sounds)
        yield Variant(
            spelling=spelling,
            alphabet=Alphabet.SOUND,
            meant=name,
            disguise=Disguise.HOMOPHONE,
            is_faint=faint,
        )
        if len(letters) >= PINYIN_LETTERS and letters.isascii():
            yield Variant(
                spelling=letters,
                alphabet=Alphabet.TEXT,
                meant=name,
                disguise=Disguise.PINYIN,
                is_faint=faint,
            )


def _readings(folded: str) -> Iterator[tuple[str, ...]]:
    every = itertools.product(*(syllables(character) for character in folded))
    return itertools.islice(every, READINGS)


@cache
def syllables(character: str) -> tuple[str, ...]:
    """The toneless readings of a character, the commonest first; none for what is not Hanzi."""
    if not is_han(character):
        return ()
    from pypinyin import Style, pinyin  # noqa: PLC0415 - loads a dictionary that few commands need

    read = pinyin(character, style=Style.NORMAL, heteronym=True, errors="ignore", v_to_u=False)
    return tuple(dict.fromkeys(read[0])) if read else ()


class _Codes(dict[str, str]):
    def __missing__(self, syllable: str) -> str:
        self[syllable] = chr(FIRST_CODE + len(self))
        return self[syllable]


_CODES = _Codes()


def code(syllable: str) -> str:
    """A private-use character that stands for this syllable as long as the process lives."""
    return _CODES[syllable]


class _Sounds(dict[int, str]):
    """Character → its commonest syllable's code; what has no sound stands for itself."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        read = syllables(character)
        self[point] = code(read[0]) if read else character
        return self[point]


_SOUNDS = _Sounds()


def sound(folded: str) -> str:
    """Folded text with every Hanzi replaced by its syllable's code; length unchanged."""
    return folded.translate(_SOUNDS)


def is_han(character: str) -> bool:
    """Whether this is a Chinese character."""
    return "\u3400" <= character <= "\u9fff" or "\U00020000" <= character <= "\U0003ffff"
