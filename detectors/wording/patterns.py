"""Spellings looked for as they stand: the names themselves, their pinyin, their initials."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from daachorse import CharwiseDoubleArrayAhoCorasick

from detectors.wording import hanzi
from detectors.wording.latin import skeleton
from detectors.wording.names import Name

READINGS = 8
PINYIN_LETTERS = 5
INITIALS = 2
SHORTEST_SEEN = 3
SHORTEST_MIXED = 3
COMMON_LETTERS = (
    "ab ac ad ai ar av bb bp cc cd cm cp cs cv db dc dg diy dj dna dp ds dvd ec em eva ex fm gb gg "
    "gif gm gps gt hd hdmi hp hr id ip it jj jk jpg kg km kt kv kw lcd led lg lv mah mb mg mini ml "
    "mm mp mr ms ng nfc no nt ok ol os pa pb pc pd ph pk pm pp pro ps pt pu pvc pr qc qq qr rgb ro "
    "sd se sgs sk sl sm spa spf ss ssd st tb tf tpe tpu tr tv ui uk up us usb uv va vc ve vip vr "
    "vs wifi ww xl xs xxl xxs yy zz"
)
"""Letters side by side that titles are full of, whatever is sold."""


_COMMON = frozenset(COMMON_LETTERS.split())


class Spelling(StrEnum):
    """What a pattern is of its name."""

    NAME = "name"
    PINYIN = "pinyin"
    INITIAL = "initial"  # one character replaced by the letter it begins with
    INITIALS = "initials"
    SKELETON = "skeleton"  # of a Latin name, as it looks


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """One spelling of a name, in which `told` characters or syllables were replaced."""

    text: str
    name: Name
    spelling: Spelling
    told: int = 0


@dataclass(frozen=True, slots=True)
class Hit:
    """A pattern at `start` to `end` of a text."""

    pattern: Pattern
    start: int
    end: int


class Automaton:
    """All patterns at once, in many texts at once."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        owners: dict[str, list[Pattern]] = {}
        for pattern in patterns:
            owners.setdefault(pattern.text, []).append(pattern)
        self._owners = list(owners.values())
        self._machine = CharwiseDoubleArrayAhoCorasick(list(owners)) if owners else None

    def hits(self, text: str) -> Iterator[Hit]:
        """Every pattern at every place of the text."""
        if self._machine is None:
            return
        for start, end, number in self._machine.find_overlapping(text):
            for pattern in self._owners[number]:
                yield Hit(pattern, start, end)


def patterns(name: Name) -> Iterator[Pattern]:
    """The spellings of one name; a core is looked for by its sounds and looks only."""
    text = name.text
    if name.needs:
        return
    yield Pattern(text, name, Spelling.NAME)
    if name.is_latin and len(text) >= SHORTEST_SEEN:
        yield Pattern(skeleton(text), name, Spelling.SKELETON, len(text))
    if not all(map(hanzi.is_han, text)):
        return
    for letters in itertools.islice(_letters(text), READINGS):
        yield from _spelt(name, letters)


def _letters(text: str) -> Iterator[tuple[str, ...]]:
    return itertools.product(*(hanzi.syllables(each) or ("",) for each in text))


def _spelt(name: Name, syllables: Sequence[str]) -> Iterator[Pattern]:
    whole = "".join(syllables)
    if len(whole) >= PINYIN_LETTERS and all(syllables):
        yield Pattern(whole, name, Spelling.PINYIN, len(syllables))
    initials = "".join(syllable[:1] for syllable in syllables)
    if len(initials) >= INITIALS and initials not in _COMMON:
        yield Pattern(initials, name, Spelling.INITIALS, len(initials))
    if len(initials) >= SHORTEST_MIXED:
        for place, letter in enumerate(initials):
            mixed = name.text[:place] + letter + name.text[place + 1 :]
            yield Pattern(mixed, name, Spelling.INITIAL, 1)
    if name.bare < len(name.text) and name.bare >= INITIALS:
        short = initials[: name.bare] + name.text[name.bare :]
        yield Pattern(short, name, Spelling.INITIALS, name.bare)
