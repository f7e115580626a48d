"""Logos found by their letters: in lines that read nearly like a name of the right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process

from detectors.pictures.extent import Size
from detectors.pictures.lettering import Lettering
from detectors.pictures.points import Floats
from detectors.pictures.reading import FEWEST, count
from pipeline.normalise import WORD, fold
from pipeline.written import Box, Line

NEAR = 75.0  # per cent of a name that a line must have, or of a line that a name must
LONG = 0.75  # of a name, that a line must be long


@dataclass(frozen=True, slots=True)
class Named:
    """The number of a logo, how nearly a name of its right was read, in per cent, and where."""

    number: int
    near: float
    box: Box
    mirrored: bool

    def map(self, said: Lettering, size: Size) -> Floats:
        """2×3: how a logo of `size` lies whose letters are in the box."""
        x, y, wide, high = self.box
        left, top, long, tall = said.box
        left = 1 - left - long if self.mirrored else left
        across, down = wide / (long * size[0]), high / (tall * size[1])
        first = x - left * size[0] * across, y - top * size[1] * down
        return np.array([[across, 0.0, first[0]], [0.0, down, first[1]]])


class Wordmarks:
    """The names of each logo's right, those in letters and those in characters apart."""

    def __init__(self, names: Sequence[Sequence[str]]) -> None:
        runs = {(run, n) for n, some in enumerate(names) for each in some for run in _runs(each)}
        self._runs = [run for run, _ in sorted(runs)]
        self._owners = [number for _, number in sorted(runs)]

    def named(self, lines: Sequence[Line], size: Size, most: int) -> list[Named]:
        """The likest, each logo where it is likest; boxes are in what `size` is in."""
        found: dict[int, Named] = {}
        for each in (some for line in lines for some in self._in(line, size)):
            known = found.get(each.number)
            if known is None or known.near < each.near:
                found[each.number] = each
        return sorted(found.values(), key=lambda each: -each.near)[:most]

    def _in(self, line: Line, size: Size) -> Iterator[Named]:
        if min(line.box[2:]) <= 0:
            return
        text = fold(line.text).text
        near = process.extract(
            text, self._runs, scorer=fuzz.partial_ratio, score_cutoff=NEAR, limit=None
        )
        for run, score, place in near:
            if len(text) >= LONG * len(run):
                box = _part(line.box, text, run, size)
                yield Named(self._owners[place], score, box, line.mirrored)


def _runs(name: str) -> Iterator[str]:
    for run in WORD.findall(fold(name).text):
        if count(run) >= FEWEST:
            yield run


def _part(box: Box, text: str, run: str, size: Size) -> Box:
    """Where a name stands in a line whose characters are all as wide."""
    x, y, wide, high = np.array(box) * [*size, *size]
    there = fuzz.partial_ratio_alignment(run, text)
    first, last = (there.dest_start, there.dest_end) if there else (0, len(text))
    return x + first / len(text) * wide, y, (last - first) / len(text) * wide, high
