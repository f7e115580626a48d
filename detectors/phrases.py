"""Turns of phrase that tell how a name, or a whole listing, is meant; they are phrases.toml."""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.matches import Context, Cue
from pipeline.normalise import fold

DATA = Path(__file__).with_name("phrases.toml")
NAME = "N"  # stands for the name; folded text has no capitals
WINDOW = 150  # code points either side of the name that are read: a title's length, and more
ENOUGH = 2  # what the signs of one cue must weigh together
BEFORE = 10  # read characters before a phrase that may undo it: 送, 附赠
SEPARATORS = dict.fromkeys("，。；！？,;!?|｜\n\r\t", ",") | dict.fromkeys("/／、&＆+＋", "/")
SIGNS = dict.fromkeys("❌🚫✖", "✖")
SPACES = frozenset("（）()")
SYNTAX = (
    (" ", " ?"),
    ("~", "[^,/]{0,6}?"),
    (NAME, f"{NAME}(?:牌子?|品牌|商标|公司|厂家?|集团|家)?"),
)
LATIN = r"(?<![a-z0-9]){}s?(?![a-z0-9])"


@dataclass(frozen=True, slots=True)
class Plain:
    """Folded text with its pauses, the name as one sign; `places` are those of the original."""

    text: str
    places: Sequence[tuple[int, int]]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.places[start][0], self.places[end - 1][1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """`turns` speak for the cue unless one of `undone` is near before, or `but` anywhere."""

    cue: Cue
    weight: int
    turns: re.Pattern[str]
    needs: re.Pattern[str] | None
    but: re.Pattern[str] | None
    undone: re.Pattern[str] | None

    def first(self, plain: Plain) -> tuple[int, int] | None:
        if self.needs and not self.needs.search(plain.text):
            return None
        held = (each.span() for each in self.turns.finditer(plain.text) if self._holds(each))
        found = next(held, None)
        if found is None or (self.but and self.but.search(plain.text)):
            return None
        return found

    def _holds(self, found: re.Match[str]) -> bool:
        if self.undone is None:
            return True
        start = found.start()
        return self.undone.search(found.string[max(0, start - BEFORE) : start]) is None


def phrases(text: str, span: tuple[int, int] | None) -> tuple[frozenset[Cue], tuple[Context, ...]]:
    """The cues that phrases undo around the name at `span`, and those that they give."""
    plain = _plain(text, span)
    said = _said()
    undone = frozenset(cue for cue, turns in said.undo.items() if turns.search(plain.text))
    return undone, tuple(_given(text, plain, undone))


def _given(text: str, plain: Plain, undone: frozenset[Cue]) -> Iterator[Context]:
    """Weak signs of one cue count where there are enough of them; the last of them is told."""
    for cue, several in _said().phrases.items():
        if cue in undone:
            continue
        found = _enough(several, plain)
        if found:
            first, last = plain.span(*found)
            yield Context(cue=cue, word=text[first:last], span=(first, last))


def _enough(several: Sequence[Phrase], plain: Plain) -> tuple[int, int] | None:
    weight = 0
    for each in several:
        found = each.first(plain)
        weight += each.weight if found else 0
        if found and weight >= ENOUGH:
            return found
    return None


def _plain(text: str, span: tuple[int, int] | None) -> Plain:
    """The title around the name, or its beginning."""
    start, end = span or (0, 0)
    signs = list(_signs(text, max(0, start - WINDOW), min(len(text), end + WINDOW)))
    name = "".join(sign for sign, place in signs if start <= place < end).strip(" ,/")
    read = "".join(sign for sign, _ in signs)
    text_parts: list[str] = []
    places: list[tuple[int, int]] = []
    done = 0
    for found in re.finditer(re.escape(name), read) if name else ():
        text_parts += read[done : found.start()], NAME
        places += ((place, place + 1) for _, place in signs[done : found.start()])
        places.append((signs[found.start()][1], signs[found.end() - 1][1] + 1))
        done = found.end()
    text_parts.append(read[done:])
    places += ((place, place + 1) for _, place in signs[done:])
    return Plain("".join(text_parts), places)


def _signs(text: str, first: int, last: int) -> Iterator[tuple[str, int]]:
    """Folded characters, and one sign for all that parts them, each with its place."""
    folded = fold(text[first:last])
    offsets = folded.offsets or range(len(folded.text))
    behind = 0
    for sign, offset in zip(folded.text, offsets, strict=True):
        if offset > behind:
            yield from _pause(text[first + behind : first + offset], first + behind)
        yield sign, first + offset
        behind = offset + 1


def _pause(dropped: str, place: int) -> Iterator[tuple[str, int]]:
    for table in (SIGNS, SEPARATORS):
        sign = next((table[each] for each in dropped if each in table), None)
        if sign:
            yield sign, place
            return
    if any(each.isspace() or each in SPACES for each in dropped):
        yield " ", place


@dataclass(frozen=True, slots=True)
class _Said:
    phrases: Mapping[Cue, Sequence[Phrase]]
    undo: Mapping[Cue, re.Pattern[str]]


@cache
def _said() -> _Said:
    data = tomllib.loads(DATA.read_text("utf-8"))
    parts: dict[str, str] = {}
    for name, written in data["parts"].items():
        parts[name] = _filled(written.replace("\n", ""), parts)
    phrases: dict[Cue, list[Phrase]] = {}
    for phrase in (each for entry in data["phrases"] for each in _phrases(entry, parts)):
        phrases.setdefault(phrase.cue, []).append(phrase)
    undo = {Cue(cue): _one_of(turns, parts) for cue, turns in data["undo"].items()}
    return _Said(phrases, undo)


def _phrases(entry: Mapping[str, Any], parts: Mapping[str, str]) -> Iterator[Phrase]:
    """Plain words apart from patterns: together they are read three times as slowly."""
    words = "\n".join(_word(fold(word).text) for word in entry.get("words", "").split())
    needs, but, undone = (
        _one_of(entry[key], parts) if key in entry else None for key in ("needs", "but", "undone")
    )
    for turns in filter(None, (words, entry.get("turns"))):
        yield Phrase(
            cue=Cue(entry["cue"]),
            weight=entry.get("weight", ENOUGH),
            turns=_one_of(turns, parts),
            needs=needs,
            but=but,
            undone=undone,
        )


def _word(word: str) -> str:
    return LATIN.format(word) if word.isascii() else word


def _one_of(turns: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    lines = (_filled(line, parts) for line in turns.splitlines() if line)
    written = "|".join(lines)
    for sign, meaning in SYNTAX:
        written = written.replace(sign, meaning)
    return re.compile(written)


def _filled(written: str, parts: Mapping[str, str]) -> str:
    for name, part in parts.items():
        written = written.replace("{" + name + "}", part)
    return written
