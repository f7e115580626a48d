"""A title as it is read for the use of a name: name, goods and numbers are one sign each."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipeline.normalise import fold

NAME, GOODS, NUMBER = "NG0"  # folded text has no capitals, and no other digit is left
WINDOW = 150  # code points either side of the name that are read: a title's length, and more
SEPARATORS = dict.fromkeys("，。；！？,;!?|｜\n\r\t", ",") | dict.fromkeys("/／、&＆+＋", "/")
SIGNS = dict.fromkeys("❌🚫✖", "✖")
SPACES = frozenset("（）()")
PAUSES = ["", " ", "/", ",", "✖"]  # the strongest of several is read
MOST_KEPT = 100_000  # characters
NUMBERS = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Masked:
    """One sign for whatever counts as one, and where each sign stands in the title."""

    text: str
    spans: Sequence[tuple[int, int]]

    def span(self, start: int, end: int) -> tuple[int, int]:
        return self.spans[start][0], self.spans[end - 1][1]


def masked(title: str, name: tuple[int, int], goods: Iterable[str]) -> Masked:
    """What stands around the name at `name`; `goods` are folded words for what it protects."""
    read, places = signs(title, max(0, name[0] - WINDOW), min(len(title), name[1] + WINDOW))
    first, last = (bisect_left(places, place) for place in name)
    known = [(NAME, read[first:last].strip(" ,/"))]
    known += [(GOODS, word) for word in sorted(goods, key=len, reverse=True) if len(word) > 1]
    over: dict[int, tuple[str, int]] = {}
    for sign, word in known:
        for start in _places(read, word) if word else ():
            over.setdefault(start, (sign, start + len(word)))
    for number in NUMBERS.finditer(read):
        over.setdefault(number.start(), (NUMBER, number.end()))
    return _masked(read, places, over)


def _places(read: str, word: str) -> Iterator[int]:
    start = read.find(word)
    while start >= 0:
        yield start
        start = read.find(word, start + len(word))


def _masked(read: str, places: Sequence[int], over: dict[int, tuple[str, int]]) -> Masked:
    """The signs with what lies over them; of the same goods said twice running one is read."""
    text: list[str] = []
    spans: list[tuple[int, int]] = []
    place = 0
    while place < len(read):
        sign, end = over.get(place, (read[place], place + 1))
        span = places[place], places[end - 1] + 1
        place = end
        if sign == GOODS and text[-1:] == [GOODS]:
            spans[-1] = spans[-1][0], span[1]
            continue
        text.append(sign)
        spans.append(span)
    return Masked("".join(text), spans)


@lru_cache(maxsize=32)
def signs(text: str, first: int, last: int) -> tuple[str, Sequence[int]]:
    """Folded characters, and one sign for all that parts them, each with its place."""
    read: list[str] = []
    places: list[int] = []
    pause = begun = 0
    for place, sign in enumerate(map(_SIGNS.__getitem__, text[first:last]), first):
        if isinstance(sign, int):
            begun = begun if pause else place
            pause = max(pause, sign)
            continue
        if pause:
            read.append(PAUSES[pause])
            places.append(begun)
            pause = 0
        read.append(sign)
        places += (place,) * len(sign)
    return "".join(read), places


class _Signs(dict[str, str | int]):
    """What a character is read as: its folded text, or the number of a pause."""

    def __missing__(self, character: str) -> str | int:
        sign: str | int = fold(character).text
        if not sign:
            said = SIGNS.get(character) or SEPARATORS.get(character) or " "
            sign = PAUSES.index(said)
            if said == " " and not (character.isspace() or character in SPACES):
                sign = 0
        if len(self) < MOST_KEPT:
            self[character] = sign
        return sign


_SIGNS = _Signs()
