"""What a right is for, in the words of shop titles: half of what tells a name from its like."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Self

from daachorse import CharwiseDoubleArrayAhoCorasick

from detectors.goods_groups import classes_by_word, same_goods
from pipeline.normalise import Folded, fold
from pipeline.records import Right, RightKind

KNOWLEDGE = Path(__file__).parent / "knowledge" / "goods.toml"
OFTEN, TWICE = 0.1, 2
LEAST_BEFORE = 2  # characters before a single one that is taken for the goods of a name
PARTS = re.compile(r"[;；、，,/()（）\s]+")
LATIN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class GoodsWords:
    """Folded goods words of a right: `own` tell much, `kindred` only that the class is the same.

    Rights share these sets, so a word may stand in both.
    """

    own: frozenset[str]
    kindred: frozenset[str]


def goods_words(right: Right) -> GoodsWords:
    """The words of the goods that the list names, that the names end in, and of the classes."""
    trusted = () if right.kind is RightKind.GI else right.nice
    endings = (_ending(name, trusted) for name in (right.name, *right.aliases, *right.latin))
    own = _own(right.goods, tuple(filter(None, endings)))
    return GoodsWords(own=own, kindred=_of_classes(right.nice or _classes(own)))


def goods_ending(name: str) -> str | None:
    """The longest goods word, folded, that a name ends in after at least one character.

    A single character that means goods only sometimes must have two before it: 平谷桃, not 小米.
    """
    return _known().ending(fold(name).text)


def similar(word: str) -> frozenset[str]:
    """What else the same goods are called, folded, with the word itself."""
    folded = fold(word).text
    return _known().same.get(folded, frozenset({folded}))


def learn(titles: Iterable[str], known: Iterable[str] | None = None) -> tuple[tuple[str, int], ...]:
    """The goods words, of all or of `known`, that these titles keep using, the commonest first.

    Each with how many titles use it. A word counts from one title in ten and from two titles on.
    """
    every = [fold(title) for title in titles]
    words = _known().words if known is None else _folded(known)
    machine = _known().machine if known is None else _machine(words)
    seen = Counter(word for title in every for word in set(_standing(title, machine, words)))
    least = max(TWICE, OFTEN * len(every))
    often = [(word, times) for word, times in seen.items() if times >= least]
    return tuple(sorted(often, key=lambda each: (-each[1], -len(each[0]), each[0])))


def goods_in(text: str) -> tuple[str, ...]:
    """Every goods word of the vocabulary in a text, folded, in the order of their ends."""
    return held(fold(text))


def goods_classes(word: str) -> frozenset[int]:
    """The classes of a folded goods word; none of any other word."""
    return _known().classes.get(word, frozenset())


def goods_places(text: Folded) -> Iterator[tuple[int, int]]:
    """Where goods words of the vocabulary stand in a folded text, shorter ones inside too."""
    found = _known().machine.find_overlapping(text.text)
    return ((start, end) for start, end, _ in found if stands(text, start, end))


def vocabulary() -> Sequence[str]:
    """Every goods word that is known, folded."""
    return _known().words


def trade_words() -> Sequence[str]:
    """Words, folded, that titles are full of, whatever is sold."""
    return _known().trade


def named(text: Folded, words: Iterable[str]) -> str | None:
    """The longest of these folded goods words that the text holds as a word of its own."""
    return longest(word for word in words if word in text.text and _stands_anywhere(text, word))


def longest(words: Iterable[str]) -> str | None:
    return max(words, key=lambda word: (len(word), word), default=None)


@lru_cache(maxsize=64)
def held(text: Folded) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text.text[start:end] for start, end in goods_places(text)))


def stands(text: Folded, start: int, end: int) -> bool:
    """Whether `text.text[start:end]` is a goods word there: 米 is none in 厘米, wine in twine."""
    word = text.text[start:end]
    if word.isascii():
        return _is_whole_latin(text, start, end)
    if not text.is_set_apart(start, end):
        return False
    hidden = _known().inside.get(word)
    return hidden is None or not any(
        _is_whole(text, start - place, each)
        for place, longer in hidden
        if start >= place and text.text.startswith(longer, start - place)
        for each in longer
        if text.text.startswith(each, start - place)
    )


def _is_whole(text: Folded, start: int, longer: str) -> bool:
    """手表 带充电座 names no 手表带: a pause parts it."""
    first, last = text.span(start, start + len(longer))
    return last - first == len(longer)


@dataclass(frozen=True, slots=True)
class _Known:
    """The vocabulary as it is used: what means the same, what is of which class, what is no word.

    `inside` holds for a word the longer ones that hide it, by its place in them.
    """

    words: Sequence[str]
    clear: frozenset[str]
    general: frozenset[str]
    same: Mapping[str, frozenset[str]]
    classes: Mapping[str, frozenset[int]]
    registers: Mapping[str, tuple[str, ...]]
    trade: Sequence[str]
    inside: Mapping[str, tuple[tuple[int, tuple[str, ...]], ...]]
    machine: CharwiseDoubleArrayAhoCorasick

    @classmethod
    def read(cls) -> Self:
        written = tomllib.loads(KNOWLEDGE.read_text("utf-8"))
        clear = frozenset(_folded(written["clear"].split()))
        by_class = {int(n): _folded(words.split()) for n, words in written["classes"].items()}
        groups, broad = (
            [_folded(group.split()) for group in written["same"][kind]]
            for kind in ("groups", "broad")
        )
        classes = classes_by_word(by_class, (*groups, *broad))
        words = tuple(word for word in classes if len(word) > 1 or word in clear)
        machine = _machine(words)
        return cls(
            words=words,
            clear=clear,
            general=frozenset(_folded(written["general"].split())),
            same=same_goods(groups, broad, clear),
            classes=classes,
            registers={
                fold(entry).text: _folded(words.split())
                for entry, words in written["registers"].items()
            },
            trade=_folded(written["trade"].split()),
            inside=_inside(written["inside"], words, classes, machine),
            machine=machine,
        )

    def ending(self, folded: str) -> str | None:
        for start in range(max(1, len(folded) - 12), len(folded)):
            word = folded[start:]
            if word in self.classes and not word.isascii() and self._may_end(word, start):
                return word
        return None

    def _may_end(self, word: str, before: int) -> bool:
        return len(word) > 1 or word in self.clear or before >= LEAST_BEFORE


@cache
def _known() -> _Known:
    return _Known.read()


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for word in words if (text := fold(word).text)))


def _machine(words: Sequence[str]) -> CharwiseDoubleArrayAhoCorasick:
    return CharwiseDoubleArrayAhoCorasick(list(words) or ["\0"])


def _inside(
    written: Mapping[str, str],
    words: Sequence[str],
    classes: Mapping[str, frozenset[int]],
    machine: CharwiseDoubleArrayAhoCorasick,
) -> dict[str, tuple[tuple[int, tuple[str, ...]], ...]]:
    """Chinese words are of the kind they end in: 空调 in 空调被 cools nothing."""
    found: dict[str, dict[int, dict[str, None]]] = {}
    for short, longer in written.items():
        word = fold(short).text
        for each, place in _places(word, _folded(longer.split())):
            found.setdefault(word, {}).setdefault(place, {})[each] = None
    for longer in words:
        for start, end, number in machine.find_overlapping(longer):
            if end < len(longer) and classes[words[number]].isdisjoint(classes[longer]):
                found.setdefault(words[number], {}).setdefault(start, {})[longer] = None
    return {
        short: tuple((place, tuple(longer)) for place, longer in places.items())
        for short, places in found.items()
    }


def _places(word: str, longer: Iterable[str]) -> Iterator[tuple[str, int]]:
    return ((each, found.start()) for each in longer for found in re.finditer(word, each))


@lru_cache(maxsize=1 << 16)
def _own(goods: tuple[str, ...], endings: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*map(_meant, goods), *map(similar, endings))


@lru_cache(maxsize=1 << 16)
def _meant(entry: str) -> frozenset[str]:
    """One entry of a list: 新鲜水果；未加工的谷物 means itself, its parts, and what they end in."""
    known, whole = _known(), fold(entry).text
    for start, words in known.registers.items():
        if start in whole:
            return frozenset().union(*map(similar, words))
    parts = {part for each in PARTS.split(entry) if not (part := fold(each).text).isascii()}
    parts |= {word for word in _latin(entry) if word in known.classes} | {whole}
    parts -= known.general | {""}
    endings = {end for part in parts if part not in known.classes and (end := known.ending(part))}
    return frozenset().union(*map(similar, parts | endings))


@lru_cache(maxsize=1 << 16)
def _ending(name: str, classes: tuple[int, ...]) -> str | None:
    """A trademark ends in its goods only where its classes agree: 小天鹅 are no geese."""
    found = goods_ending(name) or _latin_ending(name)
    if found is None or (classes and _known().classes[found].isdisjoint(classes)):
        return None
    return found


def _latin_ending(name: str) -> str | None:
    words = list(_latin(name))
    for word in ("".join(words[-2:]), *words[-1:], *words[:1]):
        if len(words) > 1 and len(word) > 2 and word in _known().classes:
            return word
    return None


def _latin(text: str) -> Iterator[str]:
    return (word for each in LATIN.findall(text) if (word := fold(each).text).isascii())


def _classes(own: Iterable[str]) -> tuple[int, ...]:
    return tuple(sorted(frozenset().union(*map(goods_classes, own))))


@cache
def _of_classes(classes: tuple[int, ...]) -> frozenset[str]:
    known = _known()
    return frozenset(word for word in known.words if not known.classes[word].isdisjoint(classes))


def _standing(
    text: Folded, machine: CharwiseDoubleArrayAhoCorasick, words: Sequence[str]
) -> Iterator[str]:
    for start, end, number in machine.find_overlapping(text.text):
        if stands(text, start, end):
            yield words[number]


def _stands_anywhere(text: Folded, word: str) -> bool:
    start = text.text.find(word)
    while start >= 0 and not stands(text, start, start + len(word)):
        start = text.text.find(word, start + 1)
    return start >= 0


def _is_whole_latin(text: Folded, start: int, end: int) -> bool:
    """Folding took the spaces out, the original has them; a plural is the same word."""
    first, last = text.span(start, end)
    before, after = text.original[first - 1 : first], text.original[last : last + 3]
    if before.isascii() and before.isalpha():
        return False
    return re.match(r"(?:e?s)?(?![a-z])", after.casefold()) is not None
