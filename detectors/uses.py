"""How a title uses a name, weighed from signs that labelled titles taught.

One to three signs running of the masked title, and the side of the name they stand on, bear a
weight for each use. The weights are knowledge/uses.tsv, learnt by scripts/uses (multinomial
logistic regression: their sums become probabilities). What weighed most is shown to the reviewer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from detectors.masked import NAME, masked
from pipeline.matches import Context, Cue

DATA = Path(__file__).parent / "knowledge" / "uses.tsv"
SELLS = "sells"
START, END = "^$"
LONGEST = 3  # signs
BEFORE, BEHIND = "<>"
SCALE = 100  # the table holds hundredths
DOUBT = 0.5  # above it the title is read as an offer of the goods
SPOKEN_OF = 0.25  # a use that is less likely is not

Weights = npt.NDArray[np.float32]
Weighed = tuple[int, int, Weights]
"""Where signs of a masked title begin and end, and what they weigh for each use."""


def uses(title: str, name: tuple[int, int], goods: frozenset[str]) -> tuple[Context, ...]:
    """What a title does with the name at `name` if it does not sell under it, the likeliest first.

    `goods` are folded words for the goods of the right. Each use comes with the words that tell it.
    """
    read, learnt = masked(title, name, goods), _learnt()
    weighed = learnt.weighed(read.text)
    likely = learnt.likely(weighed)
    if likely[learnt.selling] > DOUBT:
        return ()
    told = []
    for use in np.argsort(-likely):
        if use != learnt.selling and likely[use] >= SPOKEN_OF:
            span = read.span(*_telling(read.text, weighed, use, learnt.selling))
            told.append(Context(cue=Cue(learnt.uses[use]), word=title[slice(*span)], span=span))
    return tuple(told)


def grams(text: str) -> Iterator[tuple[str, int, str]]:
    """One to three signs running of a masked title, where they begin and on what side.

    Its start and end are signs too; what holds the name is on neither side.
    """
    whole = f"{START}{text}{END}"
    name = whole.find(NAME)
    for size in range(1, LONGEST + 1):
        for start in range(len(whole) - size + 1):
            signs = whole[start : start + size]
            side = "" if NAME in signs else BEFORE if start < name else BEHIND
            yield signs, start - 1, side


@dataclass(frozen=True, slots=True)
class _Learnt:
    """Weights by side and signs."""

    uses: Sequence[str]
    bias: Weights
    by_side: Mapping[str, Mapping[str, Weights]]

    @classmethod
    def read(cls) -> Self:
        head, bias, *rows = DATA.read_text("utf-8").splitlines()
        found = {sign: _weights(row) for sign, _, row in (each.partition("\t") for each in rows)}
        by_side: dict[str, dict[str, Weights]] = {"": {}, BEFORE: {}, BEHIND: {}}
        for feature, weights in found.items():
            if feature[0] not in by_side:
                for known in by_side.values():
                    known[feature] = known.get(feature, 0) + weights
            else:
                known = by_side[feature[0]]
                known[feature[1:]] = known.get(feature[1:], 0) + weights
        return cls(head.split("\t")[1:], _weights(bias.partition("\t")[2]), by_side)

    @property
    def selling(self) -> int:
        return self.uses.index(SELLS)

    def weighed(self, text: str) -> list[Weighed]:
        """What is known of the signs of a masked title, each gram once."""
        seen: set[tuple[str, str]] = set()
        found: list[Weighed] = []
        for signs, start, side in grams(text):
            weights = self.by_side[side].get(signs)
            if weights is not None and (signs, side) not in seen:
                seen.add((signs, side))
                found.append((start, start + len(signs), weights))
        return found

    def likely(self, weighed: Sequence[Weighed]) -> Weights:
        """The probability of each use."""
        total = self.bias + np.sum([weights for *_, weights in weighed], axis=0)
        odds = np.exp(total - total.max())
        likely: Weights = odds / odds.sum()
        return likely


def _telling(text: str, weighed: Sequence[Weighed], use: int, selling: int) -> tuple[int, int]:
    """The signs running, the name not among them, that speak most for this use."""
    speaks = [0.0] * len(text)
    for start, end, weights in weighed:
        inside = range(max(0, start), min(len(text), end))
        for place in inside:
            speaks[place] += (weights[use] - weights[selling]) / len(inside)
    best, span, begun, total = 0.0, (0, 1), 0, 0.0
    for place, sign in enumerate(text):
        if total <= 0 or sign == NAME:
            begun, total = place + (sign == NAME), 0.0
        if sign != NAME:
            total += speaks[place]
            if total > best:
                best, span = total, (begun, place + 1)
    return span


@cache
def _learnt() -> _Learnt:
    return _Learnt.read()


def _weights(row: str) -> Weights:
    found: Weights = np.array(row.split("\t"), dtype=np.float32) / np.float32(SCALE)
    return found
