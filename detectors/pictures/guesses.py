"""Where logos may lie in a picture: as its windows say, and as the lines say that were read in it.

Likeness is the cosine of two vectors, less what the logo reaches in a crowd of windows that bear
none of the rights' logos: a plain ring is like many things, a lion with a key is like few.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from detectors.pictures.codes import KNOWLEDGE
from detectors.pictures.logos import DEPTH, SQUEEZES, WAYS, Emblem, Windows
from detectors.pictures.points import Floats

CROWD = KNOWLEDGE / "logo_crowd.npz"
NEAREST = 15  # of the crowd, that a logo is measured by
FLOOR = -0.05  # above the crowd: less is not worth a try
TURNS = 0.1  # by which the other way round may be less like, and is tried too


@dataclass(frozen=True, slots=True, eq=False)
class Guess:
    """A logo's number, its likeness above the crowd, and how it would lie."""

    number: int
    above: float
    mirrored: bool
    map: Floats


class Bank:
    """The logos that are looked for in one squeeze, each by its number."""

    def __init__(self, logos: Sequence[Emblem], squeeze: int) -> None:
        mine = [(n, logo) for n, logo in enumerate(logos) if logo.squeeze == squeeze]
        self._logos = tuple(mine)
        self._squeeze = squeeze
        vectors = [logo.vectors for _, logo in mine]
        self._vectors = np.concatenate([np.zeros((0, DEPTH), np.float32), *vectors])
        self._ordinary = np.array([ordinary(logo) for _, logo in mine], np.float32)

    def guesses(self, windows: Windows, most: int) -> Iterator[Guess]:
        """The likest logos, each by its likest window, mirrored or not or both."""
        mine = windows.of_squeeze(self._squeeze)
        if not len(mine.levels) or not self._logos:
            return
        alike = (mine.vectors @ self._vectors.T).reshape(len(mine.levels), -1, 2, WAYS // 2)
        alike = alike.max(axis=3)  # in colours or grey
        above = alike.max(axis=0) - self._ordinary[:, None]
        for each in np.argsort(-above.max(axis=1), kind="stable")[:most].tolist():
            number, logo = self._logos[each]
            for turn in (0, 1):
                if above[each, turn] >= max(FLOOR, above[each].max() - TURNS):
                    window = int(alike[:, each, turn].argmax())
                    guess = mine.map(window, logo.outlines[turn].size)
                    yield Guess(number, float(above[each, turn]), bool(turn), guess)


def above_crowd(logo: Emblem, windows: Windows, *, mirrored: bool) -> float:
    """How alike the likest window is, less than that of the crowd; wherever it lies."""
    mine = windows.of_squeeze(logo.squeeze).vectors
    ways = logo.vectors.reshape(2, WAYS // 2, DEPTH)[int(mirrored)]
    return float((mine @ ways.T).max(initial=-1.0)) - ordinary(logo)


def ordinary(logo: Emblem) -> float:
    """How alike windows are that do not bear a logo."""
    near = np.sort(_crowd()[logo.squeeze] @ logo.vectors.T, axis=0)[-NEAREST:]
    return float(near.mean(axis=0).max())


@cache
def _crowd() -> tuple[Floats, ...]:
    """For each squeeze the vectors of windows in pictures without any of the rights' logos."""
    with np.load(CROWD) as known:
        vectors = known["vectors"].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return tuple(vectors[known["squeezes"] == squeeze] for squeeze in range(len(SQUEEZES)))
