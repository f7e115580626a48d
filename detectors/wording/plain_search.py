"""`Search` told plainly: every seed of every name tried at every place; slow, and its oracle."""

import itertools
from collections.abc import Iterator, Sequence

from detectors.wording import channel
from detectors.wording.alignment import ways
from detectors.wording.batch import GAPS, REACH, near_sounds
from detectors.wording.names import Name
from detectors.wording.planting import exchanges, seats, spoken
from detectors.wording.search import Place

Spots = tuple[int, ...]


class PlainSearch:
    """Names as they are; `goods` are the numbers of the goods of each name's right."""

    def __init__(self, names: Sequence[Name], goods: Sequence[Sequence[int]]) -> None:
        self._names = tuple(names)
        self._goods = tuple(map(frozenset, goods))

    def places(
        self, texts: Sequence[str], goods: Sequence[Sequence[int]], least: float, unsold: float
    ) -> Iterator[Place]:
        """Places with enough evidence, where text and name share a seed."""
        for number, name in enumerate(self._names):
            for at, text in enumerate(texts):
                is_sold = not self._goods[number].isdisjoint(goods[at])
                for start in sorted(set(_starts(text, name, is_sold))):
                    proof, begin = _best(text, name, frozenset(), start)
                    if proof >= (least if is_sold else unsold):
                        damped, _ = _best(text, name, name.goods, start)
                        yield Place(at, number, begin, proof, damped)

    def shuffled(self, texts: Sequence[str]) -> Iterator[tuple[int, int, int]]:
        """Text, name and start of each place that has all characters of a name, in any order."""
        for (number, name), (at, text) in itertools.product(
            enumerate(self._names), enumerate(texts)
        ):
            size = len(name.text)
            for start in range(len(text) - size + 1):
                if sorted(text[start : start + size]) == sorted(name.text):
                    yield at, number, start


def _best(text: str, name: Name, damped: frozenset[int], start: int) -> tuple[float, int]:
    """The most evidence, beginning there or one place off for what is missing or too many."""
    laid = [
        (proof, start + off)
        for off in (0, -1, 1)
        for proof, way in ways(text, name.text, damped, start + off)
        if off in {0, -way.shift}
    ]
    return max(laid, key=lambda each: each[0])


def _starts(text: str, name: Name, is_sold: bool) -> Iterator[int]:
    """Where the name would begin for every seed that it shares with the text."""
    for gaps in (*GAPS, *((gap,) for gap in range(1, REACH + 1))):
        for first in range(len(text) - sum(gaps)):
            spots = tuple(itertools.accumulate(gaps, initial=first))
            for own in seats(len(spots)):
                if own[-1] < len(name.text) and _is_seed(text, spots, name, own, is_sold):
                    yield first - own[0]


def _is_seed(text: str, spots: Spots, name: Name, own: Spots, is_sold: bool) -> bool:
    if name.goods.issuperset(own):
        return False
    if len(own) == 3:
        return _sounds(text, spots, name, own) or _looks(text, spots, name, own)
    if is_sold and _pairs(text, spots, name, own):
        return True
    return len(name.text) == 2 and spots[1] == spots[0] + 1 and _looks(text, spots, name, own)


def _sounds(text: str, spots: Spots, name: Name, own: Spots) -> bool:
    heard = [int(near_sounds()[channel.column(text[spot])]) for spot in spots]
    return all(heard) and any([way[at] for at in own] == heard for way in spoken(name.text))


def _pairs(text: str, spots: Spots, name: Name, own: Spots) -> bool:
    """Of two characters both sound alike; of three one is as written; of more both are."""
    if not _sounds(text, spots, name, own):
        return False
    same = [text[spot] == name.text[at] for spot, at in zip(spots, own, strict=True)]
    return sum(same) >= min(len(name.text) - 2, 2)


def _looks(text: str, spots: Spots, name: Name, own: Spots) -> bool:
    other = [(text[spot], name.text[at]) for spot, at in zip(spots, own, strict=True)]
    changed = [(seen, meant) for seen, meant in other if seen != meant]
    if len(changed) != 1 or (len(own) == 3 and len(name.text) == 2):
        return False
    seen, meant = changed[0]
    return seen in exchanges(meant, len(name.text))
