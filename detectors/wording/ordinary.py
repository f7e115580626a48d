"""How ordinary a text is: what looks like a disguise may just be common words side by side."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Self

from detectors.goods import vocabulary
from detectors.wording import hanzi

LONGEST = 4
GOODS_SHARE = 5e-5  # of the words of shop titles, one that names goods
EPSILON = 1e-6
ALONE = math.log(0.4)  # of a character's occurrences, how many are a word of their own


@dataclass(frozen=True, slots=True)
class Divided:
    """A text and the likelihood, as a logarithm, of its likeliest division into words.

    `before[i]` is that of the first `i` characters, `behind[i]` of those from `i` on.
    """

    text: str
    before: Sequence[float]
    behind: Sequence[float]

    @classmethod
    def of(cls, text: str) -> Self:
        before, behind = _likelihoods(text, _words()), _likelihoods(text[::-1], _turned())
        return cls(text, before, behind[::-1])

    def ordinariness(self, start: int, end: int) -> float:
        """How much likelier the words at `start` to `end` are than their characters, in nats.

        Below 0 for what makes no words, which is seldom in ordinary text. Words that reach over
        an edge count too: 加乐 in 参加乐队 is no name, for 参加 and 乐队 are words.
        """
        alone = sum(map(_alone, self.text[start:end]))
        whole = self.before[-1] - self.before[start] - self.behind[end]
        has_no_word = whole <= alone + (end - start) * ALONE + EPSILON
        return whole - alone if has_no_word else max(0.0, whole - alone)


@lru_cache(1024)
def divided(text: str) -> Divided:
    """The text with its likelihoods; texts come again, for many names may lie in one."""
    return Divided.of(text)


def _likelihoods(text: str, words: Mapping[str, float]) -> list[float]:
    """The logarithm of the likeliest division of each beginning of a text."""
    best = [0.0]
    for end in range(1, len(text) + 1):
        likeliest = best[-1] + _alone(text[end - 1]) + ALONE
        for start in range(max(0, end - LONGEST), end - 1):
            word = words.get(text[start:end])
            if word is not None and best[start] + word > likeliest:
                likeliest = best[start] + word
        best.append(likeliest)
    return best


@cache
def _alone(character: str) -> float:
    return math.log(hanzi.share(character))


@cache
def _words() -> Mapping[str, float]:
    sold = dict.fromkeys(filter(str.isalpha, vocabulary()), GOODS_SHARE)
    return {word: math.log(share) for word, share in {**sold, **hanzi.words()}.items()}


@cache
def _turned() -> Mapping[str, float]:
    """The words written backwards."""
    return {word[::-1]: share for word, share in _words().items()}
