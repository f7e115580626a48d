"""What a title sells by its nouns: Chinese is head-final, 海尔冰箱门封条 is a strip, no fridge."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Self

from daachorse import CharwiseDoubleArrayAhoCorasick

from detectors.goods import goods_classes, goods_places
from detectors.wording import hanzi
from pipeline.normalise import Folded, fold

DATA = Path(__file__).parent / "knowledge" / "parts.toml"
PHRASE = re.compile(r"[^\s,，。；;：:！!？?|｜、/／()（）【】\[\]《》<>+＋&＆~～★☆✅*]+")
TAIL = re.compile(r"[\da-z.\-#]*(?:寸|升|斤|克|个|只|片|条|根|支|双|包|米|公斤|毫升|代|号)?$")
WEIGHT = re.compile(r"[\d一二两三四五六七八九十半]\s*(?:斤|[kK]?[gG]\b|千克|公斤|克|ml|毫升|粒|枚)")
FOOD = frozenset({5, 29, 30, 31, 32, 33, 34})  # classes of what is eaten, drunk or smoked
SERVICES = 35  # the first class of services; who names a journey sells no tool
NEAR = 2  # characters between goods and the noun that is made for them


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun of a folded phrase, and whether it is sold there or only comes along."""

    word: str
    start: int
    end: int
    is_part: bool
    is_tool: bool
    is_packing: bool
    is_gift: bool


@dataclass(frozen=True, slots=True)
class Phrase:
    """What stands between two pauses of a title, folded, with its nouns by their ends."""

    start: int
    end: int
    text: str
    nouns: tuple[Noun, ...]


def is_made_for_others(word: str) -> bool:
    """Whether a folded noun is one of parts.toml: 手机壳, 收纳袋."""
    return word in _parts().words


def is_in_compound(text: Folded, end: int) -> bool:
    """Whether goods that end here only say what another thing is for: 打印机防尘布, 白酒壶.

    A single character must end its phrase: 苹果条 250g are no strips.
    """
    parts, written = _parts(), text.text
    if written[end : end + 1] not in parts.firsts or _is_parted(text, end):
        return False
    if written.startswith(parts.listed, end):
        return True
    return written[end] in parts.compound and _is_parted(text, end + 1)


def _is_parted(text: Folded, place: int) -> bool:
    """Whether a pause, or nothing, comes before this character."""
    if place >= len(text.text):
        return True
    first, last = text.span(place - 1, place + 1)
    return last - first > 2


def parts_and_tools() -> tuple[Sequence[str], Sequence[str]]:
    """The folded nouns of parts.toml."""
    known = _parts().words.items()
    parts, tools = ([word for word, kind in known if kind == each] for each in ("part", "tool"))
    return parts, tools


@lru_cache(maxsize=1 << 16)
def is_food(own: frozenset[str]) -> bool:
    """Whether most of these goods are eaten, drunk, smoked or grown."""
    classes = [known for word in own if (known := goods_classes(word))]
    return 2 * sum(not FOOD.isdisjoint(each) for each in classes) > len(classes)


def made_for(title: str, span: tuple[int, int], own: frozenset[str], *, food: bool) -> str | None:
    """The part, tool or vessel that is sold here for the goods of a name at `span`, if one is."""
    if _is_original(fold(title).text):
        return None
    by_weight = WEIGHT.search(title) is not None
    phrases = _phrases(title)
    place = next((n for n, each in enumerate(phrases) if span[0] < each.end), len(phrases))
    if place == len(phrases):
        return None
    behind = len(fold(title[phrases[place].start : span[1]]).text)
    heads = [_head(each, behind if n == place else 0) for n, each in enumerate(phrases)]
    heads = [None if each and each.is_packing and by_weight else each for each in heads]
    return (
        _first(heads[:place], own, food=food)
        or _in_phrase(phrases[place], heads[place], behind, own, food=food)
        or _elsewhere(heads, place, own, food=food)
    )


def _first(heads: Sequence[Noun | None], own: frozenset[str], *, food: bool) -> str | None:
    """保温杯 泡宁夏枸杞: what is sold is said first, and what it is for behind it."""
    first = next(filter(None, heads), None)
    return first.word if first and _is_foreign(first, own, food=food) else None


def _in_phrase(
    phrase: Phrase, head: Noun | None, behind: int, own: frozenset[str], *, food: bool
) -> str | None:
    if head is None or not _is_foreign(head, own, food=food):
        return None
    goods = [each.end for each in phrase.nouns if each.word in own and each.end <= head.start]
    gap = phrase.text[max((behind, *goods)) : head.start]
    if goods and (len(gap) > NEAR or any(word in gap for word in _parts().features)):
        return None
    return head.word


def _elsewhere(
    heads: Sequence[Noun | None], place: int, own: frozenset[str], *, food: bool
) -> str | None:
    """小米14 钢化膜: nothing but parts is named."""
    if food or any(each and each.word in own for each in heads):
        return None
    behind = next(filter(None, heads[place:]), None)
    return behind.word if behind and _is_foreign(behind, own, food=food) else None


def _is_foreign(noun: Noun, own: frozenset[str], *, food: bool) -> bool:
    if noun.word in own or noun.is_gift:
        return False
    return noun.is_tool if food else noun.is_part


def _head(phrase: Phrase, behind: int) -> Noun | None:
    """The last noun behind the name."""
    found = (each for each in reversed(phrase.nouns) if each.start >= behind or each.end > behind)
    return next(found, None)


@lru_cache(maxsize=1 << 8)
def _phrases(title: str) -> tuple[Phrase, ...]:
    found = (
        Phrase(each.start(), each.end(), text := fold(each[0]).text, tuple(_nouns(each[0], text)))
        for each in PHRASE.finditer(title)
    )
    return tuple(found)


def _nouns(written: str, text: str) -> Iterator[Noun]:
    """The longest noun at each place where one ends, from the first to the last."""
    parts = _parts()
    ends: dict[int, int] = {}
    for start, end in (*goods_places(fold(written)), *parts.places(text)):
        ends[end] = min(ends.get(end, start), start)
    last = TAIL.search(text)
    stop = last.start() if last else len(text)
    for end in [*ends]:
        if text[end : end + 1] in parts.compound:
            ends.setdefault(end + 1, ends[end])
    tail = text[max(0, stop - 2) : stop]
    if tail[-1:] in parts.tools_at_end and len(tail) > 1 and tail not in hanzi.words():
        ends.setdefault(stop, stop - 2)
    for end in sorted(ends):
        if text.startswith(parts.continued, end) or text[:end].endswith(parts.features_only):
            continue
        if any(ends[other] <= ends[end] for other in ends if other > end):
            continue
        yield _noun(text, ends[end], end)


def _noun(text: str, start: int, end: int) -> Noun:
    parts, word = _parts(), text[start:end]
    known, last = goods_classes(word), word[-1]
    is_part = parts.words.get(word) == "part" or (last in parts.endings and not known)
    is_good = bool(known) and min(known) < SERVICES
    is_tool = word in parts.words or (
        is_good and known.isdisjoint(FOOD) if known else last in parts.compound
    )
    is_packing = word not in parts.words and not known and last in parts.packings
    return Noun(word, start, end, is_part, is_tool, is_packing, _is_gift(text[:start]))


def _is_gift(before: str) -> bool:
    parts = _parts()
    return bool(parts.gifts.search(parts.not_gifts.sub("", before)))


def _is_original(text: str) -> bool:
    parts = _parts()
    return bool(parts.original.search(parts.not_original.sub("", text)))


@dataclass(frozen=True, slots=True)
class _Parts:
    words: Mapping[str, str]
    listed: tuple[str, ...]
    endings: frozenset[str]
    compound: frozenset[str]
    tools_at_end: frozenset[str]
    packings: frozenset[str]
    continued: tuple[str, ...]
    features: tuple[str, ...]
    features_only: tuple[str, ...]
    gifts: re.Pattern[str]
    not_gifts: re.Pattern[str]
    original: re.Pattern[str]
    not_original: re.Pattern[str]
    machine: CharwiseDoubleArrayAhoCorasick
    firsts: frozenset[str]

    @classmethod
    def read(cls) -> Self:
        data = tomllib.loads(DATA.read_text("utf-8"))
        kinds = dict.fromkeys(_folded(data["tools"]), "tool")
        kinds |= dict.fromkeys(_folded(data["parts"]), "part")
        listed = tuple(word for word in kinds if len(word) > 1)
        endings, tools, packings = (
            frozenset(data[key].split()) for key in ("endings", "tool_endings", "packings")
        )
        return cls(
            words=kinds,
            listed=listed,
            endings=endings,
            compound=endings | tools | packings,
            tools_at_end=endings | tools,
            packings=packings,
            continued=_folded(data["continued"]),
            features=_folded(data["features"]),
            features_only=_folded(data["features_only"]),
            gifts=_one_of(data["gifts"]),
            not_gifts=_one_of(data["not_gifts"]),
            original=_one_of(data["original"]),
            not_original=_one_of(data["not_original"]),
            machine=CharwiseDoubleArrayAhoCorasick(list(listed)),
            firsts=frozenset(word[0] for word in listed) | endings | tools | packings,
        )

    def places(self, text: str) -> Iterator[tuple[int, int]]:
        return ((start, end) for start, end, _ in self.machine.find_overlapping(text))


@cache
def _parts() -> _Parts:
    return _Parts.read()


def _folded(written: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(word).text for word in written.split()))


def _one_of(words: str) -> re.Pattern[str]:
    each: Iterable[str] = sorted(_folded(words), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, each)))
