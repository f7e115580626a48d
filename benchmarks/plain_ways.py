"""Plain ways to look for exact names, as `scan_speed` measures them.

Each decodes a line as `scan` does, folds its title, brand, shop name and description as `scan`
does, and asks which names stand in them.
"""

import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import ahocorasick  # type: ignore[import-not-found]  # a C module without types
import msgspec
from rapidfuzz import fuzz, process
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.vocab import Vocab

from pipeline.normalise import fold

EXPRESSION_LISTINGS, FUZZY_LISTINGS = 1_000, 40
ALIKE = 85
Look = Callable[[str], object]
Read = Callable[[bytes], Iterable[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainWay:
    """One way to look, and the first `count` lines of the file that it looks at."""

    name: str
    file: Path
    count: int
    look: Look
    read: Read

    def warm(self) -> None:
        self._look_at(self.count // 10 + 1)

    def rate(self) -> float:
        """Listings a second, decoding and folding included."""
        began = time.perf_counter()
        self._look_at(self.count)
        return self.count / (time.perf_counter() - began)

    def _look_at(self, count: int) -> None:
        with self.file.open("rb") as lines:
            for line in islice(lines, count):
                for text in self.read(line):
                    self.look(text)


def plain_ways(file: Path, count: int, known: Iterable[str]) -> Iterator[PlainWay]:
    """All four; what is too slow for the whole file says how much of it it looks at."""
    names = tuple({fold(name).text: None for name in known})
    some, few = min(count, EXPRESSION_LISTINGS), min(count, FUZZY_LISTINGS)
    yield _way("pyahocorasick", file, count, _automaton(names))
    yield _way("spaCy PhraseMatcher", file, count, _phrases(names))
    yield _way(f"one regular expression, {some:,} listings", file, some, _expression(names))
    yield _way(f"rapidfuzz {ALIKE}, {few:,} titles", file, few, _fuzzy(names), _title)


def _texts(line: bytes) -> Iterator[str]:
    values = msgspec.json.decode(line)
    shop, brand = values["shop"]["name"], values.get("brand")
    for text in (values["title"], brand, shop, values["description"]):
        if text:
            yield fold(text).text


def _title(line: bytes) -> Iterator[str]:
    yield fold(msgspec.json.decode(line)["title"]).text


def _way(name: str, file: Path, count: int, look: Look, read: Read = _texts) -> PlainWay:
    return PlainWay(name=name, file=file, count=count, look=look, read=read)


def _automaton(names: Sequence[str]) -> Look:
    machine = ahocorasick.Automaton()
    for number, name in enumerate(names):
        machine.add_word(name, number)
    machine.make_automaton()
    return lambda text: list(machine.iter(text))


def _phrases(names: Sequence[str]) -> Look:
    """Characters as tokens, as `spacy.blank("zh")` has them, but made in half its time."""
    vocabulary = Vocab()
    matcher = PhraseMatcher(vocabulary)
    for name in names:
        matcher.add(name, [Doc(vocabulary, words=list(name))])
    return lambda text: matcher(Doc(vocabulary, words=list(text)))


def _expression(names: Sequence[str]) -> Look:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))).findall


def _fuzzy(names: Sequence[str]) -> Look:
    return lambda text: process.extract(
        text, names, scorer=fuzz.partial_ratio, score_cutoff=ALIKE, limit=None
    )
