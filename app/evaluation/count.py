"""Pure: what was said against what is true, counted; every share with its interval."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt

from app.evaluation.data import Labelled, Truth
from pipeline.assessed import Tier
from pipeline.records import Clue

COUNTED = frozenset({Tier.HIGH, Tier.REVIEW})
QUANTILE = 1.959964  # of the normal distribution: 95 of 100 intervals hold the true share
TWO = "two at once"
Span = tuple[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % interval; no share where nothing was counted."""

    share: float | None
    low: float
    high: float
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A clue as far as it is counted."""

    right_id: str
    score: float
    tier: Tier
    spans: tuple[Span, ...] = ()
    disguise: str | None = None

    @property
    def counted(self) -> bool:
        return self.tier in COUNTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A labelled listing with what was said of it."""

    case: Labelled
    said: tuple[Said, ...]

    def of(self, truth: Truth) -> Said | None:
        """What was said of this right; one listing and right make one clue."""
        return next((each for each in self.said if each.right_id == truth.right_id), None)

    def is_found(self, truth: Truth) -> bool:
        said = self.of(truth)
        return said is not None and said.counted

    def is_true(self, said: Said) -> bool:
        return any(each.right_id == said.right_id for each in self.case.due)

    def is_spared(self, said: Said) -> bool:
        """Neither right nor wrong."""
        return any(each.right_id == said.right_id for each in self.case.truth if each.optional)

    @property
    def told(self) -> tuple[Said, ...]:
        """The counted clues that are right or wrong."""
        return tuple(each for each in self.said if each.counted and not self.is_spared(each))

    @property
    def wrong(self) -> tuple[Said, ...]:
        return tuple(each for each in self.told if not self.is_true(each))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One class or group: how many truths, and how well they were found."""

    name: str
    n: int
    recall: Rate
    precision: Rate
    f1: Rate
    spans: Rate
    """Of those found whose place is known, how many in that place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """Listings of one kind or tag in which no right is misused, and how many were told of."""

    name: str
    n: int
    flagged: Rate
    high: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Clues with a score from `low` to 0.1 above: their mean score and the share that is true."""

    low: float
    n: int
    mean: float
    true: Rate


def said(clue: Clue) -> Said:
    disguises = [each for match in clue.matches for each in match.disguises]
    return Said(
        right_id=clue.right_id,
        score=clue.score,
        tier=clue.tier,
        spans=tuple((match.field, match.span) for match in clue.matches if match.span),
        disguise=str(disguises[0]) if disguises else None,
    )


def wilson(hits: int, of: int) -> Rate:
    """The share of `hits` with Wilson's score interval."""
    if of == 0:
        return Rate(None, 0.0, 1.0, 0)
    share, square = hits / of, QUANTILE * QUANTILE
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = QUANTILE / (1 + square / of) * sqrt(share * (1 - share) / of + square / (4 * of * of))
    low = 0.0 if hits == 0 else middle - half
    high = 1.0 if hits == of else middle + half
    return Rate(share, low, high, of)


def f1(recall: Rate, precision: Rate) -> Rate:
    """Their harmonic mean; its interval by the delta method over Wilson's half-widths."""
    if not recall.share or not precision.share:
        nothing = recall.share is None or precision.share is None
        return Rate(None if nothing else 0.0, 0.0, 1.0 if nothing else 0.0, recall.of)
    total = recall.share + precision.share
    share = 2 * recall.share * precision.share / total
    by_recall, by_precision = 2 * (precision.share / total) ** 2, 2 * (recall.share / total) ** 2
    below = sqrt(
        (by_recall * (recall.share - recall.low)) ** 2
        + (by_precision * (precision.share - precision.low)) ** 2
    )
    above = sqrt(
        (by_recall * (recall.high - recall.share)) ** 2
        + (by_precision * (precision.high - precision.share)) ** 2
    )
    return Rate(share, max(0.0, share - below), min(1.0, share + above), recall.of)


def classes(outcomes: Sequence[Outcome]) -> tuple[Row, ...]:
    """A row for each disguise, its precision with the false clues that the detector gave it.

    A false clue of a listing that names no right counts against the disguise that the detector
    took it for; then a row for all that have two disguises at once.
    """
    names = sorted({truth.disguise for each in outcomes for truth in each.case.due})
    rows = [_class(outcomes, name) for name in names]
    if any("+" in name for name in names):
        rows.append(row(TWO, outcomes, lambda _, truth: "+" in truth.disguise))
    return tuple(rows)


def _class(outcomes: Sequence[Outcome], name: str) -> Row:
    blamed = sum(
        (wrong.disguise or "exact") == name
        for each in outcomes
        if not each.case.truth
        for wrong in each.wrong
    )
    return row(name, outcomes, lambda _, truth: truth.disguise == name, blamed)


def total(outcomes: Sequence[Outcome]) -> Row:
    """Over all listings: every false clue counts."""
    blamed = sum(len(each.wrong) for each in outcomes if not each.case.due)
    return row("total", outcomes, lambda _, __: True, blamed)


def row(
    name: str,
    outcomes: Iterable[Outcome],
    belongs: Callable[[Labelled, Truth], bool],
    blamed: int = 0,
) -> Row:
    """The truths that belong, and the clues of the listings that have one of them."""
    due = found = right = told = spanned = placed = 0
    for each in outcomes:
        mine = [truth for truth in each.case.due if belongs(each.case, truth)]
        if not mine:
            continue
        hits = [truth for truth in mine if each.is_found(truth)]
        due, found = due + len(mine), found + len(hits)
        told += len(each.told)
        right += len(each.told) - len(each.wrong)
        spanned += sum(_is_placed(each, truth) for truth in hits)
        placed += sum(_in_place(each, truth) for truth in hits)
    recall, precision = wilson(found, due), wilson(right, told + blamed)
    return Row(
        name=name,
        n=due,
        recall=recall,
        precision=precision,
        f1=f1(recall, precision),
        spans=wilson(placed, spanned),
    )


def _is_placed(outcome: Outcome, truth: Truth) -> bool:
    """Whether both the label and the clue say where."""
    found = outcome.of(truth)
    return truth.span is not None and found is not None and bool(found.spans)


def _in_place(outcome: Outcome, truth: Truth) -> bool:
    found, span = outcome.of(truth), truth.span
    if found is None or span is None:
        return False
    return any(
        field == truth.field and start < span[1] and span[0] < end
        for field, (start, end) in found.spans
    )


def groups(
    outcomes: Sequence[Outcome], names: Callable[[Labelled, Truth], Iterable[str]]
) -> tuple[Row, ...]:
    """A row for every group that `names` puts a truth in."""
    found = {
        name for each in outcomes for truth in each.case.due for name in names(each.case, truth)
    }
    return tuple(
        row(name, outcomes, lambda case, truth, name=name: name in names(case, truth))  # type: ignore[misc]  # a default binds the name
        for name in sorted(found)
    )


def flagged(outcomes: Sequence[Outcome]) -> tuple[Flagged, ...]:
    """For each kind and tag of listings without a right in them, the share told of."""
    without = [each for each in outcomes if not each.case.due]
    names = sorted({each.case.kind for each in without if each.case.kind})
    tags = sorted({tag for each in without for tag in each.case.tags} - set(names))
    return tuple(
        _flagged(name, [each for each in without if name in {each.case.kind, *each.case.tags}])
        for name in (*names, *tags)
    )


def _flagged(name: str, members: Sequence[Outcome]) -> Flagged:
    high = sum(any(wrong.tier is Tier.HIGH for wrong in each.wrong) for each in members)
    told = sum(bool(each.wrong) for each in members)
    of = len(members)
    return Flagged(name=name, n=of, flagged=wilson(told, of), high=wilson(high, of))


def false_high(outcomes: Sequence[Outcome]) -> Rate:
    """False high-tier clues for each listing that names no right."""
    clean = [each for each in outcomes if not each.case.truth]
    high = sum(wrong.tier is Tier.HIGH for each in clean for wrong in each.wrong)
    return wilson(min(high, len(clean)), len(clean))


def reliability(outcomes: Iterable[Outcome]) -> tuple[Bin, ...]:
    """Whether a score means what it says, over all clues that are not cleared."""
    bins: dict[int, list[tuple[float, bool]]] = {}
    for score, true in _judged(outcomes):
        bins.setdefault(min(9, int(score * 10)), []).append((score, true))
    return tuple(_bin(number, bins[number]) for number in sorted(bins))


def _judged(outcomes: Iterable[Outcome]) -> Iterator[tuple[float, bool]]:
    for each in outcomes:
        for clue in each.said:
            if clue.tier is not Tier.CLEARED and not each.is_spared(clue):
                yield clue.score, each.is_true(clue)


def _bin(number: int, members: Sequence[tuple[float, bool]]) -> Bin:
    return Bin(
        low=number / 10,
        n=len(members),
        mean=sum(score for score, _ in members) / len(members),
        true=wilson(sum(true for _, true in members), len(members)),
    )
