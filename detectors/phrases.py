"""Turns of phrase that tell how a name, or a whole listing, is meant; they are phrases.toml."""

import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from detectors.masked import NAME, WINDOW, signs
from detectors.needed import Sieve, alternatives
from pipeline.matches import Context, Cue
from pipeline.normalise import fold

DATA = Path(__file__).with_name("phrases.toml")
ENOUGH = 2  # what the signs of one cue must weigh together
UNDOES = -1  # the weight of what undoes a cue
BEFORE = 10  # read characters before a phrase that may undo it: 送, 附赠
SYNTAX = (
    (" ", " ?"),
    ("~", "[^,/]{0,6}?"),
    (NAME, f"{NAME}(?:牌子?|品牌|商标|公司|厂家?|集团|家)?"),
)
LATIN = r"(?<![a-z0-9]){}s?(?![a-z0-9])"


@dataclass(frozen=True, slots=True)
class Plain:
    """Folded text with its pauses, the name, of `size` signs, as one sign.

    `places` are those of the original for every sign that was read.
    """

    text: str
    places: Sequence[int]
    size: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        last = self._read(end - 1) + (self.size - 1) * (self.text[end - 1] == NAME)
        return self.places[self._read(start)], self.places[last] + 1

    def _read(self, place: int) -> int:
        return place + (self.size - 1) * self.text.count(NAME, 0, place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One of its turns speaks for the cue unless one of `undone` is near before it.

    `place` is the entry's, `but` must stand nowhere in the text, `needs` somewhere.
    """

    cue: Cue
    place: int
    weight: int
    needs: re.Pattern[str] | None
    but: re.Pattern[str] | None
    undone: re.Pattern[str] | None

    def stands(self, plain: Plain, turn: re.Pattern[str]) -> tuple[int, int] | None:
        """Where the turn is, if it holds here."""
        found = turn.search(plain.text)
        while found and not self._holds(found):
            found = turn.search(plain.text, max(found.end(), found.start() + 1))
        return found.span() if found else None

    def is_void(self, plain: Plain) -> bool:
        """Whether the rest of the text silences the whole entry."""
        return self.but is not None and self.but.search(plain.text) is not None

    def _holds(self, found: re.Match[str]) -> bool:
        if self.undone is None:
            return True
        start = found.start()
        return self.undone.search(found.string[max(0, start - BEFORE) : start]) is None


def phrases(text: str, span: tuple[int, int] | None) -> tuple[frozenset[Cue], tuple[Context, ...]]:
    """The cues that phrases undo around the name at `span`, and those that they give."""
    plain = _plain(text, span)
    said = _said()
    undone: set[Cue] = set()
    given: dict[Cue, tuple[int, int]] = {}
    weights: dict[Cue, int] = {}
    told: set[int] = set()
    for number in said.sieve.may_hold(plain.text):
        phrase, turn = said.turns[number]
        if phrase.cue in given or phrase.place in told or phrase.cue in undone:
            continue
        if phrase.needs and not phrase.needs.search(plain.text):
            told.add(phrase.place)
            continue
        found = phrase.stands(plain, turn)
        if found is None:
            continue
        told.add(phrase.place)
        if phrase.is_void(plain):
            continue
        if phrase.weight == UNDOES:
            undone.add(phrase.cue)
            continue
        weights[phrase.cue] = weights.get(phrase.cue, 0) + phrase.weight
        if weights[phrase.cue] >= ENOUGH:
            given[phrase.cue] = plain.span(*found)
    contexts = (
        Context(cue=cue, word=text[first:last], span=(first, last))
        for cue, (first, last) in given.items()
    )
    return frozenset(undone), tuple(contexts)


def _plain(text: str, span: tuple[int, int] | None) -> Plain:
    """The title around the name, or its beginning."""
    start, end = span or (0, 0)
    read, places = signs(text, max(0, start - WINDOW), min(len(text), end + WINDOW))
    name = read[bisect_left(places, start) : bisect_left(places, end)].strip(" ,/")
    return Plain(read.replace(name, NAME) if name else read, places, len(name))


@dataclass(frozen=True, slots=True)
class _Said:
    """Every turn with its entry, those that undo first, and what tells at a glance which may be."""

    turns: Sequence[tuple[Phrase, re.Pattern[str]]]
    sieve: Sieve


@cache
def _said() -> _Said:
    data = tomllib.loads(DATA.read_text("utf-8"))
    parts: dict[str, str] = {}
    for name, written in data["parts"].items():
        parts[name] = _filled(written.replace("\n", ""), parts)
    undo = ({"cue": cue, "turns": turns, "weight": UNDOES} for cue, turns in data["undo"].items())
    turns: list[tuple[Phrase, str]] = []
    for place, entry in enumerate((*undo, *data["phrases"])):
        phrase = _phrase(entry, place, parts)
        turns += ((phrase, turn) for turn in _turns(entry, parts))
    sieve = Sieve([turn for _, turn in turns])
    return _Said([(phrase, re.compile(turn)) for phrase, turn in turns], sieve)


def _phrase(entry: Mapping[str, Any], place: int, parts: Mapping[str, str]) -> Phrase:
    needs, but, undone = (
        re.compile(_one_of(entry[key], parts)) if key in entry else None
        for key in ("needs", "but", "undone")
    )
    weight = entry.get("weight", ENOUGH)
    return Phrase(
        cue=Cue(entry["cue"]), place=place, weight=weight, needs=needs, but=but, undone=undone
    )


def _turns(entry: Mapping[str, Any], parts: Mapping[str, str]) -> Iterator[str]:
    for word in entry.get("words", "").split():
        yield _word(fold(word).text)
    if "turns" in entry:
        yield from alternatives(_one_of(entry["turns"], parts))


def _word(word: str) -> str:
    return LATIN.format(word) if word.isascii() else word


def _one_of(turns: str, parts: Mapping[str, str]) -> str:
    lines = (_filled(line, parts) for line in turns.splitlines() if line)
    written = "|".join(lines)
    for sign, meaning in SYNTAX:
        written = written.replace(sign, meaning)
    return written


def _filled(written: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        written = written.replace("{" + name + "}", part)
    return written
