"""What new rights would bring, told from listings that are there already."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app import advice
from app.advice import Advice, Standing
from app.longer_words import longer_words
from app.scan import scan
from crawlers.intake import Entry
from detectors.screen import Screen
from detectors.text import TextFinder
from pipeline.assessed import Tier
from pipeline.errors import Fault
from pipeline.plain import plain
from pipeline.records import Clue, Right, RightKind

TOLD = (Tier.HIGH, Tier.REVIEW)
TIERS = {Tier.HIGH: "高", Tier.REVIEW: "待审", Tier.LOW: "低", Tier.CLEARED: "合法"}
TWICE, OFTEN = 2, 0.05  # listings, and their share, from which on a longer word is told
WORDS = 5  # of those words, how many
ENOUGH = 20  # clues, before a rate says anything
MANY_A_DAY, MANY_A_THOUSAND = 20.0, 5.0  # clues of one right that people should look at


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What the rates are counted by: days where the listings have dates, else 1,000 listings."""

    listings: int
    undated: int
    days: float | None
    given: bool

    @property
    def unit(self) -> str:
        return "1000 listings" if self.days is None else "day"

    def rate(self, count: int) -> float:
        units = self.listings / 1000 if self.days is None else self.days
        return round(count / units, 2) if units else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    listing_id: str
    title: str
    tier: Tier
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """What one right would bring; `exclude` are words to consider, with listings they stand in."""

    right_id: str
    right_name: str
    kind: RightKind
    matching_ratio: float | None
    told: int
    tiers: Mapping[Tier, int]
    unit: str
    rates: Mapping[Tier, float]
    samples: Sequence[Sample]
    exclude: Mapping[str, int]
    advice: Sequence[Advice]


@dataclass(slots=True)
class _Tally:
    """What was counted of one right."""

    tiers: Counter[Tier] = field(default_factory=Counter)
    words: Counter[str] = field(default_factory=Counter)
    chosen: list[tuple[bool, str, Sample]] = field(default_factory=list)

    def add(self, clue: Clue, right: Right, most: int) -> None:
        self.tiers[clue.tier] += 1
        if clue.listing and clue.tier is not Tier.CLEARED:
            self.words.update(longer_words(clue, clue.listing, right))
        self.chosen.append((clue.tier not in TOLD, clue.clue_id, _sample(clue)))
        self.chosen.sort(key=lambda each: each[:2])
        del self.chosen[most:]


class Backtest:
    """Listings screened as `scan` screens them, without pictures, and their clues counted.

    A listing that was seen several times counts once, as it was first seen.
    """

    def __init__(self, rights: Sequence[Right], samples: int) -> None:
        self._rights = {right.id: right for right in rights}
        self._screen = Screen(rights, (TextFinder(rights),))
        self._samples = samples
        self._met: set[str] = set()
        self._tallies = {right.id: _Tally() for right in rights}
        self._first: datetime | None = None
        self._last: datetime | None = None
        self._listings = self._undated = 0

    def read(self, entries: Iterable[Entry | Fault]) -> Iterator[Fault]:
        """Counts all entries; the broken ones come back."""
        for found in scan(self._dated(entries), self._screen, None):
            if isinstance(found, Fault):
                yield found
            elif found.clue_id not in self._met:
                self._met.add(found.clue_id)
                right = self._rights[found.right_id]
                self._tallies[right.id].add(found, right, self._samples)

    def _dated(self, entries: Iterable[Entry | Fault]) -> Iterator[Entry | Fault]:
        for entry in entries:
            if isinstance(entry, Entry):
                self._listings += 1
                self._date(entry.capture.seen_at)
            yield entry

    def _date(self, seen: datetime | None) -> None:
        if seen is None:
            self._undated += 1
            return
        self._first = min(seen, self._first or seen)
        self._last = max(seen, self._last or seen)

    def basis(self, days: int | None) -> Basis:
        spanned = None
        if self._first and self._last and not self._undated:
            spanned = max(1.0, (self._last - self._first) / timedelta(days=1))
        return Basis(
            listings=self._listings,
            undated=self._undated,
            days=spanned if days is None else float(days),
            given=days is not None,
        )

    def forecasts(self, basis: Basis, in_force: Sequence[Right]) -> Sequence[Forecast]:
        """One for every right, those with most clues to look at first."""
        standing = Standing.of(tuple(self._rights.values()), in_force)
        found = [
            _forecast(right, self._tallies[right.id], basis, standing)
            for right in self._rights.values()
        ]
        return sorted(found, key=lambda each: -each.told)


def _sample(clue: Clue) -> Sample:
    return Sample(
        listing_id=clue.listing_id,
        title=clue.listing.title if clue.listing else "",
        tier=clue.tier,
        score=clue.score,
        reason=clue.reason,
    )


def _forecast(right: Right, tally: _Tally, basis: Basis, standing: Standing) -> Forecast:
    told = sum(tally.tiers[tier] for tier in TOLD)
    least = max(TWICE, OFTEN * tally.tiers.total())
    often = {word: n for word, n in tally.words.most_common(WORDS) if n >= least}
    said = list(advice.advice(right, standing))
    if often:
        said.append(advice.of_longer_words(often))
    many = MANY_A_THOUSAND if basis.days is None else MANY_A_DAY
    if basis.rate(told) > many and told >= ENOUGH and right.matching_ratio in {None, 1}:
        said.append(advice.of_many_clues(basis.rate(told), _each(basis), many))
    return Forecast(
        right_id=right.id,
        right_name=right.name,
        kind=right.kind,
        matching_ratio=right.matching_ratio,
        told=told,
        tiers={tier: tally.tiers[tier] for tier in Tier},
        unit=basis.unit,
        rates={tier: basis.rate(tally.tiers[tier]) for tier in Tier},
        samples=sorted((each for *_, each in tally.chosen), key=_surest),
        exclude=often,
        advice=said,
    )


def _surest(sample: Sample) -> tuple[int, float]:
    return list(Tier).index(sample.tier), -sample.score


def lines(forecasts: Sequence[Forecast], basis: Basis) -> Iterator[str]:
    """The forecasts for a person to read; rights with nothing to say are only counted."""
    yield f"{len(forecasts)} 项权利，{basis.listings} 条商品信息；{_counted_by(basis)}"
    silent = 0
    for each in forecasts:
        if any(each.tiers.values()) or each.advice:
            yield from map(plain, _lines(each, basis))
        else:
            silent += 1
    if silent:
        yield f"其余 {silent} 项权利没有线索，也没有要提醒的"


def _counted_by(basis: Basis) -> str:
    if basis.days is None:
        missing = "都" if basis.undated == basis.listings else f"有 {basis.undated} 条"
        return f"{missing}没有采集时间（seen_at），按每千条计；可用 --days 指定天数"
    return f"按{'给定的' if basis.given else '采集时间所跨的'} {basis.days:.1f} 天计"


def _each(basis: Basis) -> str:
    return "每千条" if basis.days is None else "每天"


def _lines(forecast: Forecast, basis: Basis) -> Iterator[str]:
    counts = "、".join(f"{TIERS[tier]} {count}" for tier, count in forecast.tiers.items())
    rates = f"{_each(basis)} {basis.rate(forecast.told):.1f} 条须看"
    yield f"{forecast.right_name}（{forecast.right_id}）：{counts}；{rates}"
    if forecast.matching_ratio is not None:
        yield f"  试运行：matching_ratio 为 {forecast.matching_ratio}，未抽中的已计入“低”"
    for each in forecast.samples:
        yield f"  {TIERS[each.tier]} {each.score:.2f} {each.title}"
        yield f"    {each.reason}"
    for said in forecast.advice:
        yield f"  建议：{said.text}"
