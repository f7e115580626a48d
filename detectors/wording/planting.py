"""The seeds of names: which parts of a name, disguised how, make a place in a text worth a look."""

import itertools
from collections.abc import Iterator, Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from detectors.wording import channel, hanzi, signs
from detectors.wording.batch import REACH, Pair, bag_numbers, near_sounds, sound_number
from detectors.wording.names import LONGEST, Name
from detectors.wording.seeds import (
    Codes,
    Filter,
    Keys,
    Lot,
    Numbers,
    Seeds,
    mixed,
    of_kind,
    of_three,
    of_two,
    spread,
    with_goods,
)

SPELLINGS = 4  # how many ways to read a name aloud are looked for
EXCHANGES = {2: (32, 40), 3: (16, 40), 4: (0, 12)}  # signs, look-alikes, by the name's length


class Planted:
    """Names as arrays: columns of their characters, lengths, goods."""

    def __init__(self, names: Sequence[Name], goods: Sequence[Sequence[int]]) -> None:
        self.lengths = np.array([len(name.text) for name in names], np.int32)
        self.is_goods = np.array(
            [[at in name.goods for at in range(LONGEST)] for name in names], np.bool_
        ).reshape(-1, LONGEST)
        self.columns = np.zeros((len(names), LONGEST), np.uint64)
        read: list[tuple[int, tuple[int, ...]]] = []
        for number, name in enumerate(names):
            self.columns[number, : len(name.text)] = [channel.column(each) for each in name.text]
            read += [(number, each) for each in spoken(name.text)]
        self.speakers = np.array([number for number, _ in read], np.int32)
        self.sounds = np.zeros((len(read), LONGEST), np.uint64)
        for row, (_, codes) in enumerate(read):
            self.sounds[row, : len(codes)] = codes
        counts = np.fromiter(map(len, goods), np.int64, len(goods))
        every = np.fromiter((each for some in goods for each in some), np.uint64)
        self.goods = every, np.cumsum(counts) - counts, counts

    def pairs(self) -> tuple[Filter, Seeds]:
        """Two characters of a name beside its goods; two that only name the goods say nothing.

        The filter lets the pairs pass without their goods.
        """
        every = [(kind, seat) for kind in Pair for seat in seats(2)]
        found = [self._pairs(kind, *seat) for kind, seat in every]
        bare = np.unique(np.concatenate([pairs for pairs, _ in found]))
        lots = [self._sold(*some, seat) for some, (_, (seat, _)) in zip(found, every, strict=True)]
        return Filter(mixed(bare)), Seeds(lots)

    def _pairs(self, kind: Pair, one: int, other: int) -> tuple[Keys, Numbers]:
        fits = np.array([kind.fits(length) for length in range(LONGEST + 1)])
        rows = np.flatnonzero(
            fits[self.lengths[self.speakers]]
            & (self.lengths[self.speakers] > other)
            & ~self.is_goods[self.speakers][:, [one, other]].all(axis=1)
            & (self.sounds[:, one] > 0)
            & (self.sounds[:, other] > 0)
        )
        owners = self.speakers[rows]
        written = self.columns[owners]
        first_code = written[:, one] if kind.is_first_written else self.sounds[rows, one]
        second_code = written[:, other] if kind.is_second_written else self.sounds[rows, other]
        return of_kind(kind, of_two(first_code, second_code)), owners

    def _sold(self, pairs: Keys, owners: Numbers, seat: int) -> Lot:
        """Each pair beside each of the goods of its name."""
        goods, begins, counts = self.goods
        which, some = spread(begins[owners], begins[owners] + counts[owners])
        keys = with_goods(pairs[which], goods[some])
        return keys, owners[which], np.full(len(which), seat, np.int8)

    def triples(self) -> Seeds:
        """Three near sounds of a name, goods or not."""
        lots = []
        for one, two, three in seats(3):
            rows = np.flatnonzero(
                (self.lengths[self.speakers] > three)
                & ~self.is_goods[self.speakers][:, [one, two, three]].all(axis=1)
                & (self.sounds[:, [one, two, three]] > 0).all(axis=1)
            )
            keys = of_three(*(self.sounds[rows, each] for each in (one, two, three)))
            lots.append((keys, self.speakers[rows], np.full(len(rows), one, np.int8)))
        return Seeds(lots)

    def lookalikes(self) -> Seeds:
        """Three characters of a name, one of them exchanged for one that looks like it.

        Only of names of three and four: a longer one keeps three of its sounds all the same.
        """
        lots = []
        for length in (3, 4):
            fitting = self.lengths == length
            for places in seats(3, length):
                names = np.flatnonzero(fitting & ~self.is_goods[:, places].all(axis=1))
                lots += [self._exchanged(names, places, each, length) for each in range(3)]
        return Seeds(lots)

    def short_lookalikes(self) -> Seeds:
        """Both characters of a two-character name, one exchanged for one that looks like it."""
        names = np.flatnonzero(self.lengths == 2)
        return Seeds([self._exchanged(names, (0, 1), each, 2) for each in range(2)])

    def _exchanged(
        self, names: npt.NDArray[np.int64], places: tuple[int, ...], which: int, length: int
    ) -> Lot:
        begins, alike = _exchanges(length)
        column = self.columns[names, places[which]].astype(np.int64)
        row, other = spread(begins[column], begins[column + 1])
        codes = [self.columns[names[row], each] for each in places]
        codes[which] = alike[other]
        keys = of_two(*codes) if len(codes) == 2 else of_three(*codes)
        return keys, names[row].astype(np.int32), np.full(len(row), places[0], np.int8)

    def bags(self, length: int) -> Seeds:
        """All characters of the names of this length, in whatever order."""
        names = np.flatnonzero(self.lengths == length).astype(np.int32)
        keys = bag_numbers()[self.columns[names, :length].astype(np.int64)].sum(
            axis=1, dtype=np.uint64
        )
        return Seeds([(keys, names, np.zeros(len(names), np.int8))])


def seats(count: int, length: int = LONGEST) -> Sequence[tuple[int, ...]]:
    """Places of a seed of so many characters in names of this length."""
    every = itertools.combinations(range(length), count)
    return [each for each in every if each[-1] - each[0] <= REACH]


def spoken(text: str) -> Iterator[tuple[int, ...]]:
    """Near sounds of each character, for every way to read the text aloud."""
    ways = [
        tuple(dict.fromkeys(map(sound_number, hanzi.syllables(each))))
        or (int(near_sounds()[channel.column(each)]),)
        for each in text
    ]
    return itertools.islice(itertools.product(*ways), SPELLINGS)


@cache
def _exchanges(length: int) -> tuple[npt.NDArray[np.int64], Codes]:
    """Where each column's list of what may stand for it begins, and all lists end to end."""
    every = [
        [channel.column(each) for each in exchanges(character, length)]
        for character in channel.alphabet()
    ]
    begins = np.cumsum([0, *map(len, every)])
    return begins, np.array([each for some in every for each in some], np.uint64)


def exchanges(character: str, length: int) -> Sequence[str]:
    """What may be written for a character of a name of this length by its looks or as a sign.

    The longer the name, the fewer are tried, for more of it is left to be found by.
    """
    pictured, looking = EXCHANGES.get(length, (0, 0))
    looks = itertools.islice(hanzi.looks(character), looking)
    every = (*signs.pictures(character)[:pictured], *looks)
    return [each for each in every if channel.column(each) != channel.UNKNOWN]
