"""How ordinary a text is: what looks like a disguise may just be common words side by side."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, chain
from typing import Self

import numpy as np
import numpy.typing as npt
from daachorse import CharwiseDoubleArrayAhoCorasick

from detectors.goods import trade_words, vocabulary
from detectors.wording import hanzi

GOODS_SHARE = 5e-5  # of the words of shop titles, one that names goods
PLACE_SHARE = 5e-5  # one that is a place
TRADE_SHARE = 5e-4  # and one that says how it is sold
EPSILON = 1e-6
ALONE = math.log(0.4)  # of a character's occurrences, how many are a word of their own


_Word = tuple[int, int, float]
Numbers = npt.NDArray[np.int64]
Nats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Divided:
    """A text and the likelihood, as a logarithm, of its likeliest division into words.

    `before[i]` is that of the first `i` characters, `behind[i]` of those from `i` on; `alone[i]`
    that of the first `i` characters as if each were by chance.
    """

    before: Sequence[float]
    behind: Sequence[float]
    alone: Sequence[float]

    @classmethod
    def of(cls, text: str, gaps: Sequence[int] | None = None) -> Self:
        """No word has a gap inside; `gaps[i]` says how many come before character `i`."""
        machine, shares = _words()
        found = [
            (start, end, shares[n])
            for start, end, n in machine.find_overlapping(text)
            if gaps is None or gaps[start] == gaps[end - 1]
        ]
        chances = list(map(_alone, text))
        alone = [chance + ALONE for chance in chances]
        size = len(text)
        turned = [(size - end, size - start, share) for start, end, share in reversed(found)]
        behind = _likelihoods(alone[::-1], sorted(turned, key=lambda word: word[1]))
        sums = list(accumulate(chances, initial=0.0))
        return cls(_likelihoods(alone, found), behind[::-1], sums)

    def ordinariness(self, start: int, end: int) -> float:
        """How much likelier the words at `start` to `end` are than their characters, in nats.

        Below 0 for what makes no words, which is seldom in ordinary text. Words that reach over
        an edge count too: 加乐 in 参加乐队 is no name, for 参加 and 乐队 are words.
        """
        alone = self.alone[end] - self.alone[start]
        whole = self.before[-1] - self.before[start] - self.behind[end]
        has_no_word = whole <= alone + (end - start) * ALONE + EPSILON
        return whole - alone if has_no_word else max(0.0, whole - alone)

    def torn(self, place: int) -> float:
        """How much likelier a word lies across `place` than that one ends there, in nats."""
        return self.before[-1] - self.before[place] - self.behind[place]


def ordinariness(texts: Sequence[Divided], which: Numbers, start: Numbers, end: Numbers) -> Nats:
    """`Divided.ordinariness` of many places at once, each in the text of that number.

    Several rows of starts and ends are several places in the same texts.
    """
    sizes = np.fromiter((len(each.before) for each in texts), np.int64, len(texts))
    begins = np.cumsum(sizes) - sizes
    before, behind, alone = (
        np.fromiter(chain.from_iterable(column), np.float64, sizes.sum())
        for column in (
            (each.before for each in texts),
            (each.behind for each in texts),
            (each.alone for each in texts),
        )
    )
    first, last = begins[which] + start, begins[which] + end
    whole = before[(begins + sizes - 1)[which]] - before[first] - behind[last]
    more: Nats = whole - (alone[last] - alone[first])
    return np.where(more <= (end - start) * ALONE + EPSILON, more, np.maximum(0.0, more))


def _likelihoods(alone: Sequence[float], words: Iterable[_Word]) -> list[float]:
    """The logarithm of the likeliest division of each beginning of a text.

    `alone` are its characters as words of their own; `words` those longer, by their ends.
    """
    best = [0.0]
    for start, end, share in words:
        while len(best) < end:
            best.append(best[-1] + alone[len(best) - 1])
        likeliest = best[start] + share
        if len(best) == end:
            best.append(max(likeliest, best[-1] + alone[end - 1]))
        elif likeliest > best[end]:
            best[end] = likeliest
    while len(best) <= len(alone):
        best.append(best[-1] + alone[len(best) - 1])
    return best


@cache
def _alone(character: str) -> float:
    return math.log(hanzi.share(character))


@cache
def _words() -> tuple[CharwiseDoubleArrayAhoCorasick, Sequence[float]]:
    """The ordinary words, to be found in a text, and the logarithm of how common each is."""
    trade = dict.fromkeys(trade_words(), TRADE_SHARE)
    sold = dict.fromkeys(filter(str.isalpha, vocabulary()), GOODS_SHARE)
    named = dict.fromkeys(hanzi.places(), PLACE_SHARE)
    shares = {**sold, **hanzi.words(), **named, **trade}
    known = {word: share for word, share in shares.items() if len(word) > 1}
    return CharwiseDoubleArrayAhoCorasick(list(known)), [math.log(each) for each in known.values()]
