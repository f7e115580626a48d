"""How a title uses a name, weighed from signs that labelled titles taught.

Signs running of the masked title, of its Latin words and of the kinds of its words bear a weight
for each use. The weights are knowledge/uses.tsv, learnt by scripts/uses (multinomial logistic
regression: their sums become probabilities). What weighed most is shown to the reviewer.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from detectors.kinds import Kind, kinds
from detectors.masked import GOODS, NAME, NUMBER, masked
from pipeline.matches import Context, Cue

DATA = Path(__file__).parent / "knowledge" / "uses.tsv"
SELLS = "sells"
START, END = "^$"
LONGEST, LONGEST_OF_KINDS, LONGEST_OF_WORDS = 3, 4, 3  # how many run
OF_KINDS, OF_WORDS = "#="  # before the signs, which have neither
LATIN = re.compile(rf"[a-z]+|[{NAME}{GOODS}{NUMBER},/✖]")
SCALE = 100  # the table holds hundredths
DOUBT, SURE = 0.5, 0.98  # from where on a title is read as an offer of the goods, and surely one
SPOKEN_OF = 0.25  # a use that is less likely is not

Weights = npt.NDArray[np.float32]
Known = tuple[int, int, int]
"""Where signs of a masked title begin and end, and the row of their weights."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """Whether a title surely sells under a name, and if it rather does not, what it does instead.

    Each use comes with the words that tell it, the likeliest first.
    """

    surely_sells: bool
    uses: tuple[Context, ...] = ()


def weighed(title: str, name: tuple[int, int], goods: frozenset[str]) -> Weighed:
    """The title around the name at `name`; `goods` are folded words for the goods of the right."""
    read, learnt = masked(title, name, goods), _learnt()
    if not read.text:
        return Weighed(surely_sells=False)
    known = learnt.known(read.text)
    likely = learnt.likely(known)
    if likely[learnt.selling] > DOUBT:
        return Weighed(bool(likely[learnt.selling] > SURE))
    told = []
    for use in np.argsort(-likely):
        if use != learnt.selling and likely[use] >= SPOKEN_OF:
            span = read.span(*_telling(read.text, known, learnt.speaks(use)))
            told.append(Context(cue=Cue(learnt.uses[use]), word=title[slice(*span)], span=span))
    return Weighed(surely_sells=False, uses=tuple(told))


def is_weighed(cue: Cue) -> bool:
    """Whether titles taught what speaks for this use; another sense is a matter of the word."""
    return cue in _learnt().uses and cue is not Cue.OTHER_SENSE


def features(text: str) -> Iterator[tuple[str, int, int]]:
    """Signs running of a masked title, and where they begin and end; its ends are signs too."""
    whole = f"{START}{text}{END}"
    for size in range(1, LONGEST + 1):
        for start in range(len(whole) - size + 1):
            yield whole[start : start + size], start - 1, start + size - 1
    yield from _of_kinds(text)
    yield from _of_words(text)


def _of_kinds(text: str) -> Iterator[tuple[str, int, int]]:
    every = [Kind(START, 0, 0), *kinds(text), Kind(END, len(text), len(text))]
    signs = "".join(each.sign for each in every)
    for size in range(1, LONGEST_OF_KINDS + 1):
        for first in range(len(signs) - size + 1):
            last = every[first + size - 1]
            yield OF_KINDS + signs[first : first + size], every[first].start, last.end


def _of_words(text: str) -> Iterator[tuple[str, int, int]]:
    """Only those that hold a Latin word."""
    found = [(each[0], *each.span()) for each in LATIN.finditer(text)]
    if all(len(word) == 1 for word, _, _ in found):
        return
    every = [(START, 0, 0), *found, (END, len(text), len(text))]
    for size in range(1, LONGEST_OF_WORDS + 1):
        for first in range(len(every) - size + 1):
            running = every[first : first + size]
            if any(len(word) > 1 for word, _, _ in running):
                words = " ".join(word for word, _, _ in running)
                yield OF_WORDS + words, running[0][1], running[-1][2]


@dataclass(frozen=True, slots=True)
class _Learnt:
    """`rows` are those of `weights`; a column is a use."""

    uses: Sequence[str]
    bias: Weights
    weights: Weights
    rows: Mapping[str, int]

    @classmethod
    def read(cls) -> Self:
        (_, head), (_, bias), *rows = map(_row, DATA.read_text("utf-8").splitlines())
        numbers = {feature: number for number, (feature, _) in enumerate(rows)}
        weights = _weights([row for _, row in rows])
        return cls(head, _weights(bias), weights, numbers)

    @property
    def selling(self) -> int:
        return self.uses.index(SELLS)

    def known(self, text: str) -> Sequence[Known]:
        """Those signs of a masked title that were learnt, each where it stands first."""
        found: dict[int, Known] = {}
        for feature, start, end in features(text):
            row = self.rows.get(feature)
            if row is not None and row not in found:
                found[row] = start, end, row
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


def _weights(cells: Sequence[str] | Sequence[Sequence[str]]) -> Weights:
    found: Weights = np.array(cells, dtype=np.float32) / np.float32(SCALE)
    return found
