"""Spellings looked for as they stand: the names themselves, their pinyin, their initials."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from daachorse import CharwiseDoubleArrayAhoCorasick

from detectors.wording import hanzi
from detectors.wording.joined import Joined
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
    """A pattern at `start` to `end` of the text of that number."""

    pattern: Pattern
    text: int
    start: int
    end: int


class Automaton:
    """All patterns at once, in many texts at once."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        owners: dict[str, tuple[Pattern, ...]] = {}  # mostly one each, and there are millions
        for pattern in patterns:
            owners[pattern.text] = (*owners.get(pattern.text, ()), pattern)
        self._owners = list(owners.values())
        self._machine = CharwiseDoubleArrayAhoCorasick(list(owners)) if owners else None

    def hits(self, texts: Joined) -> Iterator[Hit]:
        """Every pattern at every place of every text."""
        if self._machine is None:
            return
        for start, end, number in self._machine.find_overlapping(texts.text):
            text = texts.which(start)
            begin = texts.begin(text)
            for pattern in self._owners[number]:
                yield Hit(pattern, text, start - begin, end - begin)


def patterns(name: Name) -> Iterator[Pattern]:
    """The spellings of one name; a part of it is looked for by its sounds and looks only."""
    if not name.is_whole:
        return
    yield Pattern(name.text, name, Spelling.NAME)
    if name.is_latin:
        if len(name.text) >= SHORTEST_SEEN:
            yield Pattern(skeleton(name.text), name, Spelling.SKELETON, len(name.text))
    elif all(map(hanzi.is_han, name.text)):
        ways = [hanzi.syllables(each) or ("",) for each in name.text]
        yield from _in_pinyin(name, ways)
        yield from _in_initials(name, [sorted({way[:1] for way in each}) for each in ways])


def _in_pinyin(name: Name, ways: Sequence[Sequence[str]]) -> Iterator[Pattern]:
    for syllables in itertools.islice(itertools.product(*ways), READINGS):
        whole = "".join(syllables)
        if len(whole) >= PINYIN_LETTERS and all(syllables):
            yield Pattern(whole, name, Spelling.PINYIN, len(syllables))


def _in_initials(name: Name, letters: Sequence[Sequence[str]]) -> Iterator[Pattern]:
    text = name.text
    for every in itertools.islice(itertools.product(*letters), READINGS):
        initials = "".join(every)
        if len(initials) >= INITIALS and initials not in _COMMON:
            yield Pattern(initials, name, Spelling.INITIALS, len(initials))
        for told in range(INITIALS, len(text) if name.goods else 0):
            yield Pattern(initials[:told] + text[told:], name, Spelling.INITIALS, told)
    if len(text) >= SHORTEST_MIXED:
        for place, some in enumerate(letters):
            for letter in some:
                mixed = text[:place] + letter + text[place + 1 :]
                yield Pattern(mixed, name, Spelling.INITIAL, 1)
