"""How a title uses a name, weighed from signs that labelled titles taught.

One to three signs running of the masked title, and the side of the name they stand on, bear a
weight for each use. The weights are knowledge/uses.tsv, learnt by scripts/uses (multinomial
logistic regression: their sums become probabilities). What weighed most is shown to the reviewer.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
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
Known = tuple[int, int, int]
"""Where signs of a masked title begin and end, and the row of their weights."""


def uses(title: str, name: tuple[int, int], goods: frozenset[str]) -> tuple[Context, ...]:
    """What a title does with the name at `name` if it does not sell under it, the likeliest first.

    `goods` are folded words for the goods of the right. Each use comes with the words that tell it.
    """
    read, learnt = masked(title, name, goods), _learnt()
    known = learnt.known(read.text)
    likely = learnt.likely(known)
    if likely[learnt.selling] > DOUBT:
        return ()
    told = []
    for use in np.argsort(-likely):
        if use != learnt.selling and likely[use] >= SPOKEN_OF:
            span = read.span(*_telling(read.text, known, learnt.speaks(use)))
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
    """`rows` are those of `weights`, by side and signs; a column is a use."""

    uses: Sequence[str]
    bias: Weights
    weights: Weights
    rows: Mapping[str, Mapping[str, int]]

    @classmethod
    def read(cls) -> Self:
        (_, head), (_, bias), *rows = map(_row, DATA.read_text("utf-8").splitlines())
        found = {feature: _weights(row) for feature, row in rows}
        nothing = np.zeros(len(head), np.float32)
        weights: list[Weights] = []
        by_side: dict[str, dict[str, int]] = {"": {}, BEFORE: {}, BEHIND: {}}
        every = sorted({feature.lstrip(BEFORE + BEHIND) for feature in found})
        for side, signs in product(by_side, every):
            by_side[side][signs] = len(weights)
            own = found.get(side + signs, nothing) if side else nothing
            weights.append(found.get(signs, nothing) + own)
        return cls(head, _weights(bias), np.array(weights), by_side)

    @property
    def selling(self) -> int:
        return self.uses.index(SELLS)

    def known(self, text: str) -> Sequence[Known]:
        """Those signs of a masked title that were learnt, each where it stands first."""
        found: dict[int, Known] = {}
        for signs, start, side in grams(text):
            row = self.rows[side].get(signs)
            if row is not None and row not in found:
                found[row] = start, start + len(signs), row
        return tuple(found.values())

    def likely(self, known: Sequence[Known]) -> Weights:
        """The probability of each use."""
        total = self.bias + self.weights[[row for *_, row in known]].sum(axis=0)
        odds = np.exp(total - total.max())
        likely: Weights = odds / odds.sum()
        return likely

    def speaks(self, use: int) -> Weights:
        """What each row says for a use and against selling."""
        speaks: Weights = self.weights[:, use] - self.weights[:, self.selling]
        return speaks


def _telling(text: str, known: Sequence[Known], speaks: Weights) -> tuple[int, int]:
    """The signs running, the name not among them, that speak most for a use."""
    said = [0.0] * len(text)
    for start, end, row in known:
        inside = range(max(0, start), min(len(text), end))
        for place in inside:
            said[place] += speaks[row] / len(inside)
    best, span, begun, total = 0.0, (0, 1), 0, 0.0
    for place, sign in enumerate(text):
        if total <= 0 or sign == NAME:
            begun, total = place + (sign == NAME), 0.0
        if sign != NAME:
            total += said[place]
            if total > best:
                best, span = total, (begun, place + 1)
    return span


@cache
def _learnt() -> _Learnt:
    return _Learnt.read()


def _row(line: str) -> tuple[str, list[str]]:
    name, *cells = line.split("\t")
    return name, cells


def _weights(cells: Sequence[str]) -> Weights:
    found: Weights = np.array(cells, dtype=np.float32) / np.float32(SCALE)
    return found
