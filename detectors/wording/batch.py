"""Many texts laid end to end as arrays, and the questions they put to the seeds of names."""

from collections.abc import Iterator, Sequence
from enum import IntEnum
from functools import cache, cached_property

import numpy as np
import numpy.typing as npt

from detectors.wording import channel, hanzi, signs, sounds
from detectors.wording.seeds import (
    Codes,
    Filter,
    Keys,
    Numbers,
    mixed,
    of_kind,
    of_three,
    of_two,
    spread,
    with_goods,
)

GAPS = ((1, 1), (1, 2), (2, 1))
REACH = 3  # how far apart two characters of a seed may stand
ROOM = REACH  # so that no seed has parts in two texts


class Pair(IntEnum):
    """What a seed of two characters is made of; the fewer a name has, the less may be alike."""

    SOUNDS = 0
    FIRST_WRITTEN = 1
    SECOND_WRITTEN = 2
    WRITTEN = 3

    @property
    def is_first_written(self) -> bool:
        return self in {Pair.FIRST_WRITTEN, Pair.WRITTEN}

    @property
    def is_second_written(self) -> bool:
        return self in {Pair.SECOND_WRITTEN, Pair.WRITTEN}

    def fits(self, length: int) -> bool:
        """Whether names of this length are looked for so.

        Of two characters both may sound alike; of three one is as written; of more, two are, or
        three of them sound alike.
        """
        if self is Pair.SOUNDS:
            return length == 2
        return length > 3 if self is Pair.WRITTEN else length == 3


class Batch:
    """Texts as columns of the evidence table, with room between them that no name reaches over."""

    def __init__(self, texts: Sequence[str], longest: int) -> None:
        room = "\0" * ROOM
        whole = room + "".join(text.replace("\0", "\uffff") + room for text in texts)
        points = np.frombuffer(
            (whole + "\0" * longest).encode("utf-32-le", "surrogatepass"), np.uint32
        )
        self.columns = channel.columns()[np.minimum(points, 0xFFFF)]
        lengths = np.fromiter(map(len, texts), np.int64, len(texts)) + ROOM
        self.starts = np.cumsum(lengths) - lengths + ROOM
        self.size = len(whole)
        text = np.repeat(np.arange(len(texts), dtype=np.int32), lengths)
        self.text = np.concatenate([np.zeros(ROOM, np.int32), text])

    @cached_property
    def sounds(self) -> Codes:
        return near_sounds()[self.columns[: self.size]]

    @cached_property
    def written(self) -> Codes:
        return self.columns[: self.size].astype(np.uint64)

    def triples(self) -> Iterator[tuple[Keys, Numbers]]:
        """Keys of three near sounds close together, and where the first stands."""
        yield from self._triples(self.sounds, self.sounds > 0)

    def written_triples(self) -> Iterator[tuple[Keys, Numbers]]:
        """Keys of three written characters close together."""
        yield from self._triples(self.written, self.written > channel.UNKNOWN)

    def _triples(
        self, codes: Codes, valid: npt.NDArray[np.bool_]
    ) -> Iterator[tuple[Keys, Numbers]]:
        for one, two in GAPS:
            end = len(codes) - one - two
            where = np.flatnonzero(
                valid[:end] & valid[one : one + end] & valid[one + two : one + two + end]
            )
            yield (
                of_three(codes[where], codes[where + one], codes[where + one + two]),
                where.astype(np.int32),
            )

    def pairs(
        self, goods: Sequence[Sequence[int]], known: Filter
    ) -> Iterator[tuple[Keys, Numbers]]:
        """Keys of two characters, as written or by their sound, with each goods of their text.

        Only of pairs that `known` lets pass.
        """
        counts = np.fromiter(map(len, goods), np.int64, len(goods))
        begins = np.cumsum(counts) - counts
        every = np.fromiter((each for some in goods for each in some), np.uint64, counts.sum())
        for gap in range(1, REACH + 1):
            end = self.size - gap
            about = counts[self.text[:end]] > 0
            where = np.flatnonzero(about & (self.sounds[:end] > 0) & (self.sounds[gap:] > 0))
            for kind in Pair:
                one = self.written if kind.is_first_written else self.sounds
                other = self.written if kind.is_second_written else self.sounds
                pairs = of_kind(kind, of_two(one[where], other[where + gap]))
                passed = known.passed(mixed(pairs))
                at = where[passed]
                first = begins[self.text[at]]
                which, some = spread(first, first + counts[self.text[at]])
                yield with_goods(pairs[passed][which], every[some]), at[which].astype(np.int32)

    def neighbours(self) -> tuple[Keys, Numbers]:
        """Keys of two written characters side by side."""
        known = self.written > channel.UNKNOWN
        where = np.flatnonzero(known[:-1] & known[1:])
        return of_two(self.written[where], self.written[where + 1]), where.astype(np.int32)

    @cached_property
    def _sums(self) -> tuple[Codes, npt.NDArray[np.int64]]:
        """Running sums of the characters' numbers, and of how many are known."""
        columns = self.columns[: self.size]
        numbers = np.cumsum(bag_numbers()[columns])
        known = np.cumsum(columns > channel.UNKNOWN)
        return np.concatenate([[np.uint64(0)], numbers]), np.concatenate([[0], known])

    def bags(self, length: int) -> tuple[Keys, Numbers]:
        """Keys of `length` characters side by side, whatever their order."""
        sums, run = self._sums
        where = np.flatnonzero(run[length:] - run[:-length] == length)
        return sums[where + length] - sums[where], where.astype(np.int32)


@cache
def near_sounds() -> Codes:
    """Column → the number of its near sound, from 1; 0 for what has none."""
    known: dict[str, int] = {}
    found = np.zeros(len(channel.alphabet()), np.uint64)
    for column, character in enumerate(channel.alphabet()):
        spoken = _near_sound(character)
        if column > channel.UNKNOWN and spoken:
            found[column] = known.setdefault(spoken, len(known) + 1)
    return found


def _near_sound(character: str) -> str | None:
    character = channel.NUMERALS.get(character, character)
    pictured = signs.near_sound(character)
    if pictured:
        return pictured
    if not hanzi.is_han(character):
        spelt = sounds.spelt(character)
        return sounds.near(spelt) if spelt else character.upper()
    read = hanzi.syllables(character)
    return sounds.near(read[0]) if read else None


@cache
def sound_number(syllable: str) -> int:
    """The number of a syllable's near sound."""
    return int(near_sounds()[channel.column(sounds.unit(syllable))])


@cache
def bag_numbers() -> Codes:
    """A number for each column, drawn once, so that sums tell bags of characters apart."""
    return np.random.default_rng(1).integers(
        1, 1 << 63, len(channel.alphabet()), dtype=np.uint64, endpoint=False
    )
