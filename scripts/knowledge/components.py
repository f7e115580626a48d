"""How much of their parts two characters share, and how telling the shared part is."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import numpy as np

from .parts import Composition, is_stroke
from .render import Floats

DEEPEST = 10
TELLING_STROKES = 3  # a shared part of fewer strokes tells less


class Components:
    """Answers, for one character, what it shares with each of the others."""

    def __init__(self, characters: Sequence[str], known: Mapping[str, Composition]) -> None:
        self._strokes = _stroke_counts(known)
        self._parts = [_parts(character, known) for character in characters]
        holders: defaultdict[str, list[int]] = defaultdict(list)
        for place, parts in enumerate(self._parts):
            for part in parts:
                holders[part].append(place)
        self._holders = {part: np.array(places) for part, places in holders.items()}
        self._times = {
            part: np.array([self._parts[place][part] for place in places], np.float32)
            for part, places in holders.items()
        }
        self._rarity = {
            part: math.log(len(characters) / len(places)) for part, places in holders.items()
        }
        self._lengths = np.array([self._length(parts) for parts in self._parts], np.float32)
        self.strokes = np.array([self._strokes(each) for each in characters], np.float32)

    def shared(self, place: int) -> tuple[Floats, Floats, Floats]:
        """Of the character at `place` with each: telling, largest share, and share of all.

        Telling is the rarity (natural logarithm) of the rarest shared part; the largest shared
        part counts as a share of the simpler character's strokes; the last is a cosine.
        """
        telling, largest, common = np.zeros((3, len(self._parts)), np.float32)
        for part, times in self._parts[place].items():
            others, rarity, strokes = self._holders[part], self._rarity[part], self._strokes(part)
            both = np.minimum(self._times[part], times)
            telling[others] = np.maximum(
                telling[others], rarity * min(1, strokes / TELLING_STROKES)
            )
            largest[others] = np.maximum(largest[others], both * strokes)
            common[others] += (rarity * strokes) ** 2 * self._times[part] * times
        simpler = np.minimum(self.strokes, self.strokes[place])
        lengths = self._lengths * self._lengths[place]
        return telling, np.minimum(1, largest / simpler), common / np.maximum(lengths, 1e-6)

    def _length(self, parts: Counter[str]) -> float:
        squares = (
            (self._rarity[part] * self._strokes(part) * times) ** 2 for part, times in parts.items()
        )
        return math.sqrt(sum(squares))


def _parts(name: str, known: Mapping[str, Composition], depth: int = 0) -> Counter[str]:
    """The character and all parts of parts, single strokes left out."""
    found: Counter[str] = Counter()
    if is_stroke(name) or depth > DEEPEST:
        return found
    found[name] += 1
    for part in known[name].parts if name in known else ():
        found += _parts(part, known, depth + 1)
    return found


def _stroke_counts(known: Mapping[str, Composition]) -> Callable[[str], int]:
    @cache
    def strokes(name: str, depth: int = 0) -> int:
        made = known.get(name)
        if not made or depth > DEEPEST:
            return 1
        return sum(strokes(part, depth + 1) for part in made.parts)

    return strokes
