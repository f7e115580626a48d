"""The evaluation as one object, and as tables for people."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from app.evaluation import count
from app.evaluation.count import Bin, Flagged, Outcome, Rate, Row, Said
from app.evaluation.curve import Threshold, thresholds
from app.evaluation.data import Labelled, Truth
from pipeline.assessed import Tier
from pipeline.plain import plain
from pipeline.records import Right

WIDTH = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A right that was named and not found; score and tier where there was a clue all the same."""

    listing_id: str
    title: str
    right_id: str
    right_name: str
    disguise: str
    score: float | None
    tier: Tier | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FalseHit:
    """A counted clue for a right that was not named."""

    listing_id: str
    title: str
    kind: str | None
    right_id: str
    right_name: str
    disguise: str | None
    score: float
    tier: Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """What a baseline reached on the same listings."""

    name: str
    listings_per_second: float
    total: Row
    classes: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All that is printed; `--json` prints it as it stands."""

    listings: int
    rights: int
    faults: int
    listings_per_second: float
    total: Row
    classes: tuple[Row, ...]
    lengths: tuple[Row, ...]
    tags: tuple[Row, ...]
    kinds: tuple[Flagged, ...]
    false_high: Rate
    reliability: tuple[Bin, ...]
    thresholds: tuple[Threshold, ...]
    misses: tuple[Miss, ...]
    false_hits: tuple[FalseHit, ...]
    against: tuple[Other, ...]


def evaluation(
    outcomes: Sequence[Outcome],
    rights: Sequence[Right],
    *,
    faults: int,
    seconds: float,
    worst: int,
    against: Iterable[Other] = (),
) -> Evaluation:
    names = {right.id: right.name for right in rights}
    return Evaluation(
        listings=len(outcomes),
        rights=len(rights),
        faults=faults,
        listings_per_second=round(len(outcomes) / seconds, 1) if seconds else 0.0,
        total=count.total(outcomes),
        classes=count.classes(outcomes),
        lengths=count.groups(outcomes, lambda _, truth: (length(names[truth.right_id]),)),
        tags=count.groups(outcomes, _tags),
        kinds=count.flagged(outcomes),
        false_high=count.false_high(outcomes),
        reliability=count.reliability(outcomes),
        thresholds=thresholds(outcomes),
        misses=_misses(outcomes, names)[:worst],
        false_hits=_false_hits(outcomes, names)[:worst],
        against=tuple(against),
    )


def length(name: str) -> str:
    """The row of a name by how long it is; Latin names have one row."""
    han = sum(not each.isascii() and each.isalpha() for each in name if each >= "\u3400")
    if not han:
        return "Latin name"
    return f"{min(han, 7)} characters" if han < 7 else "7 characters and more"


def _tags(case: Labelled, truth: Truth) -> tuple[str, ...]:
    kinds = (truth.name_kind,) if truth.name_kind else ()
    return (*kinds, *truth.tags, *case.tags)


def _misses(outcomes: Iterable[Outcome], names: Mapping[str, str]) -> tuple[Miss, ...]:
    """The furthest from found first, each disguise in turn."""
    found = [
        _miss(each, truth, each.of(truth), names)
        for each in outcomes
        for truth in each.case.due
        if not each.is_found(truth)
    ]
    found.sort(key=lambda miss: (miss.disguise, miss.score or 0.0, miss.listing_id))
    ranked = [
        (rank, miss)
        for _, members in groupby(found, key=lambda miss: miss.disguise)
        for rank, miss in enumerate(members)
    ]
    return tuple(miss for _, miss in sorted(ranked, key=lambda pair: pair[0]))


def _miss(outcome: Outcome, truth: Truth, said: Said | None, names: Mapping[str, str]) -> Miss:
    capture = outcome.case.entry.capture
    return Miss(
        listing_id=capture.id,
        title=capture.title,
        right_id=truth.right_id,
        right_name=names[truth.right_id],
        disguise=truth.disguise,
        score=said.score if said else None,
        tier=said.tier if said else None,
    )


def _false_hits(outcomes: Iterable[Outcome], names: Mapping[str, str]) -> tuple[FalseHit, ...]:
    found = [
        FalseHit(
            listing_id=each.case.entry.capture.id,
            title=each.case.entry.capture.title,
            kind=each.case.kind,
            right_id=wrong.right_id,
            right_name=names[wrong.right_id],
            disguise=wrong.disguise,
            score=wrong.score,
            tier=wrong.tier,
        )
        for each in outcomes
        for wrong in each.wrong
    ]
    return tuple(sorted(found, key=lambda hit: (-hit.score, hit.listing_id, hit.right_id)))


def lines(found: Evaluation) -> Iterator[str]:
    """The tables, shares in per cent with their 95 % intervals."""
    yield from _rows("disguise", (*found.classes, found.total))
    yield from _rows("name", found.lengths)
    yield from _rows("tag", found.tags)
    yield from _flagged(found)
    yield from _reliability(found.reliability)
    yield from _thresholds(found.thresholds)
    yield from _worst(found)
    speed = f"{found.listings_per_second:,.0f} listings/s"
    yield f"\n{found.listings:,} listings, {found.rights:,} rights, {found.faults} faults, {speed}"
    for other in found.against:
        title = f"against {other.name}, {other.listings_per_second:,.0f} listings/s"
        yield from _rows(title, (*other.classes, other.total))


def _rows(title: str, rows: Sequence[Row]) -> Iterator[str]:
    if not rows:
        return
    width = max(WIDTH, len(title))
    yield f"\n{title:{width}} {'n':>5}  {'recall':20} {'precision':20} {'F1':20} in place"
    for row in rows:
        shares = " ".join(f"{_share(each):20}" for each in (row.recall, row.precision, row.f1))
        place = "-" if row.spans.share is None else f"{100 * row.spans.share:.1f}"
        yield f"{plain(row.name):{width}} {row.n:5}  {shares} {place}"


def _share(rate: Rate, unit: float = 100) -> str:
    if rate.share is None:
        return "-"
    return f"{unit * rate.share:5.1f} [{unit * rate.low:.1f}–{unit * rate.high:.1f}]"


def _flagged(found: Evaluation) -> Iterator[str]:
    yield f"\n{'names no right':{WIDTH}} {'n':>5}  {'told of':20} high"
    for each in found.kinds:
        yield (
            f"{plain(each.name):{WIDTH}} {each.n:5}  {_share(each.flagged):20} {_share(each.high)}"
        )
    yield f"false high-tier clues in 10,000 such listings: {_share(found.false_high, 10_000)}"


def _reliability(bins: Iterable[Bin]) -> Iterator[str]:
    yield f"\n{'score':9} {'n':>6}  mean  true"
    for each in bins:
        scores = f"{each.low:.1f}–{each.low + 0.1:.1f}"
        yield f"{scores}   {each.n:6}  {each.mean:.2f}  {_share(each.true)}"


def _thresholds(found: Iterable[Threshold]) -> Iterator[str]:
    yield f"\n{'from':9} {'recall':20} precision"
    for each in found:
        yield f"{each.score:<9.2f} {_share(each.recall):20} {_share(each.precision)}"


def _worst(found: Evaluation) -> Iterator[str]:
    if found.misses:
        yield "\nmissed"
    for miss in found.misses:
        score = "no clue" if miss.score is None else f"{miss.score:.2f} {miss.tier}"
        yield f"  {miss.disguise}: {plain(miss.right_name)} ← {plain(miss.title)} ({score})"
    if found.false_hits:
        yield "\nfalse"
    for hit in found.false_hits:
        how = f"{hit.score:.2f} {hit.tier}, {hit.disguise or 'exact'}"
        yield f"  {plain(hit.right_name)} ← {plain(hit.title)} ({how}; {hit.kind or 'no kind'})"
