"""What the words of a masked title are about: a book, a part, a service, a place, as one sign each.

The words are knowledge/kinds.toml, and goods.toml, parts.toml and places.tsv beside it.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from detectors.goods import goods_classes, vocabulary
from detectors.masked import GOODS, NAME, NUMBER, NUMBERS
from detectors.sold import FOOD, SERVICES, parts_and_tools
from detectors.wording import hanzi
from pipeline.normalise import fold

DATA = Path(__file__).parent / "knowledge" / "kinds.toml"
SIGNS = "ABCDEFHIJKLMOPQRSTUVWXYZ"  # of the kinds; masked text has no other capitals
OTHER = "."  # whatever stands between two words that are known
KEPT = frozenset((NAME, GOODS, NUMBER, *",/ ✖"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A sign, and where in the masked title it stands."""

    sign: str
    start: int
    end: int


def kinds(text: str) -> list[Kind]:
    """A masked title as kinds: words that no list has are one sign together."""
    machine, signs = _words()
    found: list[Kind] = []
    done = 0
    for start, end, number in machine.find(text):
        if _is_cut(text, start, end):
            continue
        found += _between(text, done, start)
        found.append(Kind(signs[number], start, end))
        done = end
    return [*found, *_between(text, done, len(text))]


def _between(text: str, start: int, end: int) -> Iterator[Kind]:
    begun: int | None = None
    for place in range(start, end):
        if text[place] not in KEPT:
            begun = place if begun is None else begun
            continue
        if begun is not None:
            yield Kind(OTHER, begun, place)
            begun = None
        yield Kind(text[place], place, place + 1)
    if begun is not None:
        yield Kind(OTHER, begun, end)


def _is_cut(text: str, start: int, end: int) -> bool:
    """A Latin word inside a longer one is another word."""
    return any(
        pair.isascii() and pair.isalpha() and pair.islower()
        for pair in (text[max(0, start - 1) : start + 1], text[end - 1 : end + 1])
        if len(pair) > 1
    )


@cache
def _words() -> tuple[CharwiseDoubleArrayAhoCorasick, tuple[str, ...]]:
    known = {_read(word): sign for sign, words in _lists().items() for word in words}
    known = {word: sign for word, sign in known.items() if len(word) > 1}
    machine = CharwiseDoubleArrayAhoCorasick(list(known), MATCH_KIND_LEFTMOST_LONGEST)
    return machine, tuple(known.values())


def _read(word: str) -> str:
    """As it stands in a masked title."""
    return NUMBERS.sub(NUMBER, fold(word).text)


def _lists() -> Mapping[str, tuple[str, ...]]:
    """The words of each sign; a word of several lists is of the last."""
    written = tomllib.loads(DATA.read_text("utf-8"))
    own = (words.split() for words in written.values())
    listed = (hanzi.places(), *_goods(), *parts_and_tools(), *own)
    return dict(zip(SIGNS[: len(listed)], map(tuple, listed), strict=True))


def _goods() -> tuple[list[str], list[str], list[str]]:
    """Goods words: what is eaten, drunk or smoked, what is done for others, and the rest."""
    food, services, goods = list[str](), list[str](), list[str]()
    for word in vocabulary():
        classes = goods_classes(word)
        rest = services if min(classes, default=1) >= SERVICES else goods
        (rest if classes.isdisjoint(FOOD) else food).append(word)
    return food, services, goods
