"""Goods words that the shops of a right keep using and the list does not have yet."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from crawlers.intake import Entry
from detectors.goods import TWICE, goods_in, goods_words, learn
from pipeline import law
from pipeline.errors import Fault
from pipeline.normalise import fold
from pipeline.plain import plain
from pipeline.records import Capture, Right

MOST = 2_000  # titles kept of one right


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A folded goods word and how many of the titles use it."""

    word: str
    titles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    right_id: str
    right_name: str
    titles: int
    words: Sequence[Word]


class Learning:
    """The titles of the official and licensed shops of each right, and what they teach.

    A title that comes again counts once; of each right the first `MOST` are kept as they are read.
    """

    def __init__(self, rights: Sequence[Right]) -> None:
        self._rights = rights
        self._shops: dict[str, list[tuple[str, date | None]]] = {}
        self._titles: dict[str, dict[str, None]] = {}
        for right in rights:
            for name, until in _shops(right):
                self._shops.setdefault(name, []).append((right.id, until))

    def read(self, entries: Iterable[Entry | Fault]) -> Iterator[Fault]:
        """Keeps the titles of all entries; the broken ones come back."""
        for entry in entries:
            if isinstance(entry, Fault):
                yield entry
            else:
                self._keep(entry.capture)

    def _keep(self, capture: Capture) -> None:
        for right_id, until in self._shops.get(fold(capture.shop.name or "").text, ()):
            titles = self._titles.setdefault(right_id, {})
            if len(titles) < MOST and (until is None or law.day_of(capture.seen) <= until):
                titles[capture.title] = None

    def lessons(self) -> Sequence[Lesson]:
        """One for every right with titles enough to learn from, in the order of the list."""
        known = ((right, self._titles.get(right.id, {})) for right in self._rights)
        return [_lesson(right, titles) for right, titles in known if len(titles) >= TWICE]


def _shops(right: Right) -> set[tuple[str, date | None]]:
    """Folded, with the last day of the licence, as the gate `authorisation` compares them."""
    named: list[tuple[str, date | None]] = [(name, None) for name in right.official_shops]
    named += [(name, user.valid_to) for user in right.users for name in (user.name, *user.shops)]
    return {(text, until) for name, until in named if (text := fold(name).text)}


def _lesson(right: Right, titles: Iterable[str]) -> Lesson:
    """A goods word in the name is the mark before it is goods: 小米 teaches no millet."""
    every = tuple(titles)
    held = goods_words(right).own.union(*map(goods_in, right.names))
    return Lesson(
        right_id=right.id,
        right_name=right.name,
        titles=len(every),
        words=[Word(word=word, titles=n) for word, n in learn(every) if word not in held],
    )


def lines(lessons: Iterable[Lesson]) -> Iterator[str]:
    """The lessons for a person to read, one a line."""
    for each in lessons:
        words = "、".join(f"{word.word} {word.titles}/{each.titles}" for word in each.words)
        said = f"名录未载的商品词：{words}" if words else "没有要补的商品词"
        yield plain(f"{each.right_name}（{each.right_id}）：{each.titles} 条标题；{said}")
