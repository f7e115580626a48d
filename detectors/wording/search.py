"""All names looked for in many texts at once: seeds give places, evidence says which are worth it.

Everything here is arithmetic over arrays; what it returns is judged one by one.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise, starmap

import numpy as np
import numpy.typing as npt

from detectors.wording import channel
from detectors.wording.alignment import DAMPED, SHORTEST_TO_DROP
from detectors.wording.batch import Batch
from detectors.wording.channel import EXTRA, MISSING, STEPS
from detectors.wording.names import LONGEST, Name
from detectors.wording.planting import Planted
from detectors.wording.seeds import Found, Numbers, spread

CHUNK = 32_768
WIDTHS = (4, 8, LONGEST)  # short names need no arithmetic over the places of long ones
OUTSIDE = -128  # stands in the table for what lies beyond a text
TOO_MANY, TOO_FEW = round(EXTRA * STEPS), round(MISSING * STEPS)
_Sold = Callable[[npt.NDArray[np.int64], Numbers], npt.NDArray[np.bool_]]
Evidence = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a name may stand: number of the text, number of the name, start in the text.

    `damped` is the evidence, in nats, where the goods are sold anyway; `cut` and `shift` say how
    the name is laid there, as in `alignment.Way`.
    """

    text: int
    name: int
    start: int
    evidence: float
    damped: float
    cut: int = 0
    shift: int = 0


@dataclass(frozen=True, slots=True)
class Places:
    """Many places as columns; `sold` tells whether the text is about the name's goods."""

    text: Numbers
    name: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    evidence: Evidence
    damped: Evidence
    cut: Numbers
    shift: Numbers
    sold: npt.NDArray[np.bool_]

    def __iter__(self) -> Iterator[Place]:
        columns = self.text, self.name, self.start, self.evidence, self.damped, self.cut, self.shift
        return starmap(Place, zip(*(each.tolist() for each in columns), strict=True))

    def only(self, which: npt.NDArray[np.int64] | npt.NDArray[np.bool_]) -> "Places":
        return Places(*(getattr(self, each.name)[which] for each in fields(self)))


class Search:
    """Names made ready; `goods` are the numbers of the goods of each name's right.

    `kindred` are those of the goods of its class, which lower what is asked of a place.
    """

    def __init__(
        self, names: Sequence[Name], goods: Sequence[Sequence[int]], kindred: Sequence[int]
    ) -> None:
        planted = Planted(names, goods)
        self._kindred = np.array(kindred, np.int64)
        self._bare, self._pairs = planted.pairs()
        self._triples = planted.triples()
        self._lookalikes, self._short = planted.lookalikes(), planted.short_lookalikes()
        lengths = sorted({len(name.text) for name in names})
        self._bags = {length: planted.bags(length) for length in lengths}
        self._lengths = planted.lengths
        self._goods, self._begins, self._counts = planted.goods
        self._table, self._rows, self._damped = _tables(names)

    def places(
        self, batch: Batch, goods: Sequence[Sequence[int]], least: float, unsold: float
    ) -> Iterator[Places]:
        """Places with enough evidence, in lots, the best first; `goods` is what texts are about.

        Where it is not about a name's goods, evidence must reach `unsold`, elsewhere `least`.
        """
        sold = self._sold(goods)
        lots = list(self._candidates(batch, goods))
        wanted = np.unique(np.concatenate(lots)) if lots else np.zeros(0, np.int64)
        name, start = np.divmod(wanted, batch.size + 2 * LONGEST)
        start -= LONGEST
        lengths = self._lengths[name]
        for shorter, width in pairwise((0, *WIDTHS)):
            fits = np.flatnonzero((shorter < lengths) & (lengths <= width))
            for at in range(0, len(fits), CHUNK):
                some = fits[at : at + CHUNK]
                yield self._judged(batch, name[some], start[some], (sold, least, unsold), width)

    def shuffled(self, batch: Batch) -> Iterator[tuple[int, int, int]]:
        """Text, name and start of each place that has all characters of a name, in any order."""
        for length, bags in self._bags.items():
            if length < len(batch.columns):
                keys, where = batch.bags(length)
                found = bags.find(keys)
                at = where[found.asked]
                text = batch.text[at]
                places = text, found.name, at - batch.starts[text]
                yield from zip(*(each.tolist() for each in places), strict=True)

    def _sold(self, goods: Sequence[Sequence[int]]) -> _Sold:
        """Tells for names and texts whether the text is about goods of the name's right."""
        texts = [number for number, some in enumerate(goods) for _ in some]
        every = [each for some in goods for each in some]
        known = np.unique(np.array(texts, np.int64) << 32 | np.array(every, np.int64))

        def sold(names: npt.NDArray[np.int64], where: Numbers) -> npt.NDArray[np.bool_]:
            first = self._begins[names]
            which, some = spread(first, first + self._counts[names])
            asked = where[which].astype(np.int64) << 32 | self._goods[some].astype(np.int64)
            found = np.zeros(len(names), np.bool_)
            found[which[_is_among(asked, known)]] = True
            kin = where.astype(np.int64) << 32 | self._kindred[names]
            return found | _is_among(kin, known)

        return sold

    def _candidates(
        self, batch: Batch, goods: Sequence[Sequence[int]]
    ) -> Iterator[npt.NDArray[np.int64]]:
        for keys, where in batch.triples():
            yield self._located(batch, self._triples.find(keys), where)
        for keys, where in batch.written_triples():
            yield self._located(batch, self._lookalikes.find(keys), where)
        for keys, where in batch.pairs(goods, self._bare):
            yield self._located(batch, self._pairs.find(keys), where)
        keys, where = batch.neighbours()
        yield self._located(batch, self._short.find(keys), where)

    @staticmethod
    def _located(batch: Batch, found: Found, where: Numbers) -> npt.NDArray[np.int64]:
        """Each name and where it would begin if nothing shifts it, as one number."""
        begins = where[found.asked].astype(np.int64) - found.place + LONGEST
        names: npt.NDArray[np.int64] = found.name.astype(np.int64)
        return names * (batch.size + 2 * LONGEST) + begins

    def _judged(
        self,
        batch: Batch,
        name: npt.NDArray[np.int64],
        start: npt.NDArray[np.int64],
        asked: tuple[_Sold, float, float],
        width: int,
    ) -> Places:
        sold, least, unsold = asked
        columns = batch.columns[np.maximum(start[:, None] + np.arange(-1, width + 1), 0)]
        laid = self._best(self._rows[name, :width], columns, self._lengths[name])
        keep = np.flatnonzero(laid.evidence >= least * STEPS)
        is_sold = sold(name[keep], batch.text[start[keep] + laid.moved[keep]])
        enough = np.flatnonzero(is_sold | (laid.evidence[keep] >= unsold * STEPS))
        enough = enough[np.argsort(-laid.evidence[keep[enough]], kind="stable")]
        keep, is_sold = keep[enough], is_sold[enough]
        name, start = name[keep], start[keep] + laid.moved[keep]
        damped = self._best(self._damped[name, :width], columns[keep], self._lengths[name])
        text = batch.text[start]
        return Places(
            text,
            name,
            start - batch.starts[text],
            _nats(laid.evidence[keep]),
            _nats(damped.evidence),
            laid.cut[keep],
            laid.shift[keep],
            is_sold,
        )

    def _best(self, rows: Numbers, columns: npt.NDArray[np.uint16], lengths: Numbers) -> "_Laid":
        """The best way to lay each name, given that a seed of it lies where it lies.

        A character missing or too many may come behind the seed, and the rest of the name is
        shifted, or before it, and then so is its beginning.
        """
        width = rows.shape[1]
        behind, here, ahead = (
            _sums(self._table[rows, columns[:, at : at + width]]) for at in range(3)
        )
        whole = here[:, -1]
        laid = _Laid.straight(whole)
        may_drop = lengths >= SHORTEST_TO_DROP
        for cut in range(width):
            dropped = (cut < lengths) & may_drop
            last = whole - here[:, cut + 1]
            laid.take(here[:, cut] + behind[:, -1] - behind[:, cut + 1] + TOO_FEW, dropped, cut, -1)
            laid.take(ahead[:, cut] + last + TOO_FEW, dropped, cut, -1, moved=1)
            if cut:
                inside, rest = cut < lengths, whole - here[:, cut]
                laid.take(here[:, cut] + ahead[:, -1] - ahead[:, cut] + TOO_MANY, inside, cut, 1)
                laid.take(behind[:, cut] + rest + TOO_MANY, inside, cut, 1, moved=-1)
        return laid


@dataclass(slots=True)
class _Laid:
    """For each candidate the best way so far; `moved` is by how much it begins elsewhere."""

    evidence: Numbers
    cut: Numbers
    shift: Numbers
    moved: Numbers

    @classmethod
    def straight(cls, evidence: Numbers) -> "_Laid":
        return cls(evidence.copy(), *(np.zeros(len(evidence), np.int32) for _ in range(3)))

    def take(
        self, evidence: Numbers, may: npt.NDArray[np.bool_], cut: int, shift: int, moved: int = 0
    ) -> None:
        """Whatever is better, and may be."""
        better = np.flatnonzero(may & (evidence > self.evidence))
        self.evidence[better] = evidence[better]
        self.cut[better], self.shift[better], self.moved[better] = cut, shift, moved


def _is_among(asked: npt.NDArray[np.int64], known: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """As `np.isin`, of sorted numbers; faster where few are asked."""
    if not len(known):
        return np.zeros(len(asked), np.bool_)
    at = np.minimum(np.searchsorted(known, asked), len(known) - 1)
    found: npt.NDArray[np.bool_] = known[at] == asked
    return found


def _nats(steps: Numbers) -> Evidence:
    nats: Evidence = (steps / STEPS).astype(np.float32)
    return nats


def _sums(evidence: npt.NDArray[np.int8]) -> Numbers:
    """Running sums along each row, from nothing to all."""
    says = evidence.astype(np.int32)
    says[evidence == OUTSIDE] = channel.APART * STEPS
    sums = np.zeros((len(says), says.shape[1] + 1), np.int32)
    np.cumsum(says, axis=1, out=sums[:, 1:])
    return sums


def _tables(names: Sequence[Name]) -> tuple[npt.NDArray[np.int8], Numbers, Numbers]:
    """Evidence by row and column, and each name's rows, as they are and damped.

    Row 0 is for places beyond the end of a name and says nothing.
    """
    known: dict[tuple[str, bool], int] = {}
    rows = np.zeros((len(names), LONGEST), np.int32)
    damped = np.zeros((len(names), LONGEST), np.int32)
    for number, name in enumerate(names):
        for place, character in enumerate(name.text):
            rows[number, place] = known.setdefault((character, False), len(known) + 1)
            is_goods = (character, place in name.goods)
            damped[number, place] = known.setdefault(is_goods, len(known) + 1)
    table = np.zeros((len(known) + 1, len(channel.alphabet())), np.int8)
    for (character, is_damped), row in known.items():
        says = channel.evidence(character)
        table[row] = np.minimum(says, int(DAMPED * STEPS)) if is_damped else says
        table[row, channel.NOTHING] = OUTSIDE
    return table, rows, damped
