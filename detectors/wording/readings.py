"""Ways to read a text: as written, and with what sellers do to characters undone.

The loose reading turns runs of pinyin into syllables, emoji into their words, parts side by side
into the character they make, and doubled characters into one.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, pairwise

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from detectors.wording import hanzi, signs, sounds
from detectors.wording.joined import Joined
from detectors.wording.ordinary import Divided
from pipeline.matches import Disguise
from pipeline.normalise import Folded

LATIN = re.compile(r"[a-z]{2,40}")
PICTURE = "So"  # the category of emoji, and not of 。 and its like, which CLDR names as well
DOUBLED = re.compile(r"([\u3400-\u9fff])\1+")

Span = tuple[int, int]


@dataclass(frozen=True)
class Reading:
    """Text to look at; character `i` was written at `spans[i]` of the original.

    `undone` says for characters that are read otherwise than written which disguise that is.
    """

    original: str
    text: str
    spans: Sequence[Span] | Folded
    undone: Mapping[int, Disguise] = field(default_factory=dict)
    is_skeleton: bool = False

    def span(self, start: int, end: int) -> Span:
        """The original code points behind `text[start:end]`."""
        if isinstance(self.spans, Folded):
            return self.spans.span(start, end)
        return self.spans[start][0], self.spans[end - 1][1]

    @cached_property
    def gaps(self) -> Sequence[int] | None:
        """How many gaps were written before each character; `None` where there are none."""
        if isinstance(self.spans, Folded) and self.spans.offsets is None:
            return None
        spans = self.every_span()
        return tuple(
            accumulate((end < start for (_, end), (start, _) in pairwise(spans)), initial=0)
        )

    @cached_property
    def divided(self) -> Divided:
        """The text with the likelihoods of its words."""
        return Divided.of(self.text, self.gaps)

    def every_span(self) -> Sequence[Span]:
        """Where each character was written."""
        if not isinstance(self.spans, Folded):
            return self.spans
        offsets = self.spans.offsets or range(len(self.text))
        return [(offset, offset + 1) for offset in offsets]


@dataclass(frozen=True, slots=True)
class _Change:
    """`start` to `end` of a text is read as these characters, each written at its span."""

    start: int
    end: int
    characters: tuple[tuple[str, Span], ...]
    undone: Disguise


def plain(folded: Folded) -> Reading:
    """The text folded, nothing else undone."""
    return Reading(folded.original, folded.text, folded)


class Loosener:
    """Undoes disguises, as far as what comes of it can be part of one of the names."""

    def __init__(self, names: Collection[str]) -> None:
        characters = frozenset("".join(names))
        self._wholes = {
            parts: whole
            for parts, whole in hanzi.splits().items()
            if whole in characters and parts not in hanzi.words()
        }
        self._parts = list(self._wholes)
        self._machine = (
            CharwiseDoubleArrayAhoCorasick(self._parts, MATCH_KIND_LEFTMOST_LONGEST)
            if self._parts
            else None
        )
        self._spoken = dict(_spoken(names))
        self._wordy = frozenset(sign for sign, word in self._spoken.items() if len(word) > 1)
        self._twice = frozenset(run[0] for run in DOUBLED.finditer("\n".join(names)))

    def suspects(self, folded: Joined, originals: Joined) -> frozenset[int]:
        """The numbers of the texts whose loose reading may be another."""
        found = [
            *(run.start() for run in LATIN.finditer(folded.text)),
            *(run.start() for run in DOUBLED.finditer(folded.text)),
            *(start for start, _, _ in (self._machine.find(folded.text) if self._machine else ())),
        ]
        return frozenset((*map(folded.which, found), *originals.holding(self._spoken.keys())))

    def loose(self, written: Reading) -> Iterator[Reading]:
        """The readings with every disguise undone, if there is any.

        An emoji that says a word of several characters may as well say one of them; what is doubled
        in some name may as well be so in the text.
        """
        changes = [*self._syllables(written), *self._whole(written)]
        single = list(self._single(written))
        pictures = list(self._pictures(written, self._spoken))
        if changes or single or pictures:
            yield _changed(written, [*changes, *single, *pictures])
        if not self._wordy.isdisjoint(written.original):
            yield _changed(written, [*changes, *single, *self._pictures(written, signs.units())])
        doubled = [each for each in single if not self._is_named(written, each)]
        if len(doubled) < len(single) and (changes or doubled or pictures):
            yield _changed(written, [*changes, *doubled, *pictures])

    @staticmethod
    def _syllables(written: Reading) -> Iterator[_Change]:
        for run in LATIN.finditer(written.text):
            read = sounds.read(run[0])
            if read:
                place, characters = run.start(), []
                for syllable in read:
                    span = written.span(place, place + len(syllable))
                    characters.append((sounds.unit(syllable), span))
                    place += len(syllable)
                yield _Change(run.start(), run.end(), tuple(characters), Disguise.MIXED_PINYIN)

    def _is_named(self, written: Reading, change: _Change) -> bool:
        """Whether a name has what was doubled as it stands: 道道全."""
        return written.text[change.start : change.end] in self._twice

    @staticmethod
    def _single(written: Reading) -> Iterator[_Change]:
        for run in DOUBLED.finditer(written.text):
            first, last = written.span(run.start(), run.end())
            if last - first == len(run[0]):
                yield _one(written, run.start(), run.end(), run[1], Disguise.REPEATED)

    def _whole(self, written: Reading) -> Iterator[_Change]:
        if self._machine:
            for start, end, number in self._machine.find(written.text):
                whole = self._wholes[self._parts[number]]
                yield _one(written, start, end, whole, Disguise.SPLIT)

    def _pictures(self, written: Reading, said: Mapping[str, str]) -> Iterator[_Change]:
        if self._spoken.keys().isdisjoint(written.original):
            return
        begins = [start for start, _ in written.every_span()]
        for place, sign in enumerate(written.original):
            if sign in self._spoken and not _is_ornament(written.original, place):
                at = bisect_left(begins, place)
                word = tuple((each, (place, place + 1)) for each in said[sign])
                yield _Change(at, at, word, Disguise.EMOJI)


def _is_ornament(text: str, place: int) -> bool:
    """即🔥墨🔥老🔥酒: what stands between characters again and again says nothing."""
    around = text[max(0, place - 2) : max(0, place - 1)], text[place + 2 : place + 3]
    return text[place] in around


def _one(written: Reading, start: int, end: int, character: str, undone: Disguise) -> _Change:
    return _Change(start, end, ((character, written.span(start, end)),), undone)


def _changed(written: Reading, changes: Iterable[_Change]) -> Reading:
    """The text with every change made that does not overlap an earlier one."""
    text: list[str] = []
    spans: list[Span] = []
    undone: dict[int, Disguise] = {}
    written_spans, done = written.every_span(), 0
    for change in sorted(changes, key=lambda each: (each.start, each.end)):
        if change.start < done:
            continue
        text.extend(written.text[done : change.start])
        spans.extend(written_spans[done : change.start])
        for character, span in change.characters:
            undone[len(text)] = change.undone
            text.append(character)
            spans.append(span)
        done = change.end
    text.extend(written.text[done:])
    spans.extend(written_spans[done:])
    return Reading(written.original, "".join(text), spans, undone)


def _spoken(names: Collection[str]) -> Iterator[tuple[str, str]]:
    """What each emoji says: a word of several characters that a name has, else its own sign."""
    whole = "\n".join(names)
    for sign, unit in signs.units().items():
        if unicodedata.category(sign) == PICTURE:
            words = (word for word in hanzi.emoji()[sign] if len(word) > 1 and word in whole)
            yield sign, next(words, unit)
