"""Which characters look alike: drawn alike, or sharing a telling part.

A person takes one character for another for one of two reasons, so two chances are reckoned, each
a logistic formula over a few signals, and joined as chances of independent causes are.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt
from opencc import OpenCC

from . import variants
from .components import Components
from .outlines import Mask, covered, outlines
from .parts import Composition
from .render import Floats

Counts = npt.NDArray[np.int64]
Places = npt.NDArray[np.intp]

MOST = 40
LEAST_PERCENT = 4
LEAST_OF_RARE = 8  # more for every ten times that a character is rarer than one in a million
BLOCK = 128
# Logistic regressions over the nearest 120 by each signal, for half the characters of the tables
# that `measure` reads: how often a pair with such signals is listed. The last number is the
# constant; that of SHARED is raised by 1, for the table of shared parts is the shortest.
DRAWN = (2.27, 3.65, 3.95, -7.71)  # whole, shades, corners
SHARED = (0.78, 2.12, 1.38, 1.0, 0.22, -10.23)  # telling, largest, common, whole, strokes apart
# A table lists few of the pairs that a person would: even of 己 and 已, 未 and 末, one third lack.
# This stretches "is listed" to "looks alike": such pairs to 96, 牛 and 午 to 90, 木 and 米 to 40.
PERCENT = (1.15, 1.9)
RARITY = 1.0  # a neighbour ten times rarer must be so much more alike to be kept, by this score


class Looks:
    """The characters compared and all that is known of how they look."""

    def __init__(
        self,
        usual: Sequence[str],
        known: Mapping[str, Composition],
        frequencies: Mapping[str, float],
    ) -> None:
        simplify = OpenCC("t2s").convert
        every = map(chr, range(0x4E00, 0xA000))
        self.characters = covered([each for each in every if simplify(each) == each])
        chosen = set(usual)
        self.usual: Mask = np.array([each in chosen for each in self.characters])
        met = np.array([frequencies.get(each, 0) for each in self.characters], np.float32)
        self.rare = -np.log10(np.clip(met, 1e-3, 1))
        self._components = Components(self.characters, known)
        self._outlines = outlines(self.characters, self.usual)

    def signals(self, places: Places) -> Floats:
        """(7, places, characters): whole, shades, corners, telling, largest, common, strokes."""
        drawn = [vectors[places] @ vectors.T for vectors in self._outlines]
        shared = np.array([self._components.shared(place) for place in places]).swapaxes(0, 1)
        strokes = self._components.strokes
        mine = strokes[places][:, None]
        apart = np.abs(strokes - mine) / np.maximum(strokes, mine)
        return np.stack([*drawn, *shared, apart]).astype(np.float32)


def looks(compared: Looks, forms: Mapping[str, Collection[str]]) -> dict[str, str]:
    """Of every usual character its look-alikes with their percent in two digits, best first.

    `forms` are known to be other forms of a character, however they look.
    """
    rows = {}
    for place, percents, ranks in ranked(compared):
        best = np.argsort(-ranks, kind="stable")[:MOST]
        least = LEAST_PERCENT + LEAST_OF_RARE * compared.rare[place]
        kept = [other for other in best if percents[other] >= least]
        by_percent = sorted(kept, key=lambda other: (-percents[other], other))
        character = compared.characters[place]
        listed = {compared.characters[other]: int(percents[other]) for other in by_percent}
        listed |= dict.fromkeys(forms.get(character, ()), variants.PERCENT)
        if listed:
            rows[character] = "".join(f"{other}{listed[other]:02}" for other in listed)
    return rows


def ranked(compared: Looks) -> Iterator[tuple[int, Counts, Floats]]:
    """Each usual character's place, the percents of all characters and their order's measure."""
    places = np.flatnonzero(compared.usual)
    for start in range(0, len(places), BLOCK):
        block = places[start : start + BLOCK]
        scores = joined(compared.signals(block))
        scores[np.arange(len(block)), block] = -np.inf
        slope, constant = PERCENT
        percents = np.clip(100 / (1 + np.exp(-slope * scores - constant)), 1, 99).astype(int)
        ranks = scores - RARITY * compared.rare
        yield from zip(block.tolist(), percents, ranks, strict=True)


def joined(signals: Floats) -> Floats:
    """The logit-like score of either cause: log(exp(drawn) + exp(shared))."""
    whole, shades, corners, telling, largest, common, apart = signals
    drawn = _weighted(DRAWN, whole, shades, corners)
    shared = _weighted(SHARED, telling, largest, common, whole, apart)
    score: Floats = np.logaddexp(drawn, shared)
    return score


def _weighted(weights: Sequence[float], *signals: Floats) -> Floats:
    *factors, constant = weights
    total = np.full(signals[0].shape, constant, np.float32)
    for factor, signal in zip(factors, signals, strict=True):
        total += np.float32(factor) * signal
    return total
