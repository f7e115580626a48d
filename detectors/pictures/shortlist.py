"""Which of the rights' pictures share looks with a picture: looked up, not compared one by one.

Codes that begin alike in one of their eight parts meet in a bucket (locality-sensitive hashing;
Indyk & Motwani 1998). What meets is compared whole, and votes for its picture and the turn at
which it would lie. Whoever shares little may be missed: docs/benchmarks.md says how often.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.pictures.alignment import ALIKE, Seen
from detectors.pictures.codes import WORDS, Codes
from detectors.pictures.runs import Numbers, once, ranges

ENTRIES_A_BUCKET = 4
FEWEST_BITS, MOST_BITS = 10, 22
FULLEST = 48  # entries: what so many others look like says nothing
PARTS = 8  # of 32 bits each
TURNS = 12  # sectors of a circle
LEAST = 3.0  # votes; fewer are chance
CLOSEST = 16  # bits: what is that much further than the best met does not vote


@dataclass(frozen=True, slots=True)
class _Table:
    """Entries by one part's first bits: those of bucket k are entries[starts[k]:starts[k + 1]]."""

    starts: Numbers
    entries: NDArray[np.int32]


class Shortlist:
    """The points of many pictures, each picture under its number."""

    def __init__(self, pictures: Sequence[Seen]) -> None:
        self._count = len(pictures)
        sizes = [len(each.codes) for each in pictures]
        self._owners = np.repeat(np.arange(len(pictures), dtype=np.int32), sizes)
        self._codes = np.concatenate(
            [np.zeros((0, WORDS), np.uint64), *(p.codes for p in pictures)]
        )
        angles = [each.places[:, 3] for each in pictures]
        self._angles = np.concatenate([np.zeros(0, np.float32), *angles])
        wanted = np.log2(max(1, len(self._codes)) / ENTRIES_A_BUCKET)
        self._bits = int(np.clip(round(wanted), FEWEST_BITS, MOST_BITS))
        self._tables = [self._table(part) for part in range(PARTS)]

    def near(self, picture: Seen, most: int) -> list[int]:
        """Up to `most` numbers of pictures that may show what it shows, the likeliest first."""
        if not len(self._codes) or not len(picture.codes):
            return []
        asked, entries, apart = self._met(picture.codes)
        if not len(asked):
            return []
        best = np.full(len(picture.codes), ALIKE, apart.dtype)
        np.minimum.at(best, asked, apart)
        close = apart <= np.minimum(best[asked] + CLOSEST, ALIKE)
        votes = self._votes(picture, asked[close], entries[close])
        order = np.argsort(-votes, kind="stable")[:most]
        return [int(number) for number in order if votes[number] >= LEAST]

    def _table(self, part: int) -> _Table:
        keys = self._keys(self._codes, part)
        order = np.argsort(keys, kind="stable")
        starts = np.searchsorted(keys[order], np.arange((1 << self._bits) + 1))
        return _Table(starts, order.astype(np.int32))

    def _keys(self, codes: Codes, part: int) -> Numbers:
        parts = codes.view(np.uint32).reshape(-1, PARTS)
        return (parts[:, part] >> np.uint32(32 - self._bits)).astype(np.int64)

    def _met(self, codes: Codes) -> tuple[Numbers, Numbers, NDArray[np.uint16]]:
        """The code asked, the entry met, and by how many bits they differ; each pair once."""
        pairs = [self._in_buckets(codes, part) for part in range(PARTS)]
        code, entry = np.divmod(once(np.concatenate(pairs)), len(self._codes))
        apart = np.bitwise_count(codes[code] ^ self._codes[entry]).sum(axis=1, dtype=np.uint16)
        alike = apart <= ALIKE
        return code[alike], entry[alike], apart[alike]

    def _in_buckets(self, codes: Codes, part: int) -> Numbers:
        """Pairs of a code and an entry that begin alike, as code × entries + entry."""
        table, keys = self._tables[part], self._keys(codes, part)
        starts = table.starts[keys]
        lengths = table.starts[keys + 1] - starts
        lengths[lengths > FULLEST] = 0
        met = table.entries[ranges(starts, lengths)]
        pairs: Numbers = np.repeat(np.arange(len(codes)), lengths) * len(self._codes) + met
        return pairs

    def _votes(self, picture: Seen, asked: Numbers, entries: Numbers) -> NDArray[np.float64]:
        """For each picture the most votes for one turn; who meets many votes little for each."""
        turn = (picture.places[asked, 3] - self._angles[entries]) % (2 * np.pi)
        sector = (turn * (TURNS / (2 * np.pi))).astype(np.int64) % TURNS
        weight = 1 / np.sqrt(np.bincount(asked, minlength=len(picture.codes))[asked])
        place = self._owners[entries].astype(np.int64) * TURNS + sector
        votes = np.bincount(place, weight, self._count * TURNS).reshape(-1, TURNS)
        most: NDArray[np.float64] = (votes + np.roll(votes, 1, axis=1)).max(axis=1)
        return most
