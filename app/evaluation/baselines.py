"""What anybody would try first: five plain ways to look for names, run on the same listings."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import spacy
from daachorse import CharwiseDoubleArrayAhoCorasick
from pypinyin import lazy_pinyin
from rapidfuzz import fuzz, process
from spacy.matcher import PhraseMatcher

from pipeline.normalise import fold
from pipeline.records import Capture, Right

ALIKE = 80
Look = Callable[[str], Iterable[str]]
"""The ids of the rights that a text names."""


@dataclass(frozen=True, slots=True)
class Baseline:
    name: str
    look: Look

    def find(self, capture: Capture) -> frozenset[str]:
        """The rights that any text of the listing names."""
        return frozenset(right for text in _texts(capture) for right in self.look(text))


def baselines(rights: Sequence[Right]) -> tuple[Baseline, ...]:
    """All five, made ready for a list."""
    folded = _automaton(_owners(rights, _folded), _folded)
    sounds = _automaton(_owners(rights, _heard), _heard)
    joined = _owners(rights, lambda name: _heard(name).replace(" ", ""))
    return (
        Baseline("exact", _automaton(_owners(rights, str), str)),
        Baseline("folded", folded),
        Baseline("folded, pinyin", _either(folded, sounds, _automaton(joined, _folded))),
        Baseline("spaCy PhraseMatcher", _phrases(_owners(rights, _folded))),
        Baseline(f"rapidfuzz {ALIKE}", _fuzzy(_owners(rights, _folded))),
    )


def _texts(capture: Capture) -> Iterator[str]:
    yield from filter(None, (capture.title, capture.brand, capture.shop.name, capture.description))


def _owners(rights: Sequence[Right], spell: Callable[[str], str]) -> Mapping[str, tuple[str, ...]]:
    """The rights of each spelling."""
    found: dict[str, list[str]] = {}
    for right in rights:
        for name in right.names:
            found.setdefault(spell(name), []).append(right.id)
    return {spelling: tuple(ids) for spelling, ids in found.items() if spelling.strip()}


def _folded(text: str) -> str:
    return fold(text).text


def _heard(text: str) -> str:
    """Syllables without tone, a space about each."""
    return f" {' '.join(lazy_pinyin(fold(text).text))} "


def _automaton(owners: Mapping[str, tuple[str, ...]], spell: Callable[[str], str]) -> Look:
    ids = tuple(owners.values())
    machine = CharwiseDoubleArrayAhoCorasick(list(owners))

    def look(text: str) -> Iterator[str]:
        for _, _, number in machine.find_overlapping(spell(text)):
            yield from ids[number]

    return look


def _either(*looks: Look) -> Look:
    def look(text: str) -> Iterator[str]:
        for each in looks:
            yield from each(text)

    return look


def _phrases(owners: Mapping[str, tuple[str, ...]]) -> Look:
    pipeline = spacy.blank("zh")
    matcher = PhraseMatcher(pipeline.vocab)
    for spelling in owners:
        matcher.add(spelling, [pipeline.make_doc(spelling)])

    def look(text: str) -> Iterator[str]:
        for found in matcher(pipeline.make_doc(_folded(text)), as_spans=True):
            yield from owners[found.label_]

    return look


def _fuzzy(owners: Mapping[str, tuple[str, ...]]) -> Look:
    spellings = list(owners)

    def look(text: str) -> Iterator[str]:
        alike = process.extract(
            _folded(text), spellings, scorer=fuzz.partial_ratio, score_cutoff=ALIKE, limit=None
        )
        for spelling, _, _ in alike:
            yield from owners[spelling]

    return look
