"""What would be found, and how much of it rightly, if less or more sureness were asked for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.evaluation.count import Outcome, Rate, Said, wilson
from pipeline.assessed import Tier

SCORES = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """All clues that are not cleared and score at least so much."""

    score: float
    recall: Rate
    precision: Rate


def thresholds(outcomes: Sequence[Outcome]) -> tuple[Threshold, ...]:
    return tuple(_at(score, outcomes) for score in SCORES)


def _at(score: float, outcomes: Iterable[Outcome]) -> Threshold:
    due = found = right = told = 0
    for each in outcomes:
        sure = [said for said in each.said if _is_sure(said, score)]
        counted = [said for said in sure if not each.is_spared(said)]
        ids = {said.right_id for said in sure}
        due += len(each.case.due)
        found += sum(truth.right_id in ids for truth in each.case.due)
        right += sum(each.is_true(said) for said in counted)
        told += len(counted)
    return Threshold(score=score, recall=wilson(found, due), precision=wilson(right, told))


def _is_sure(said: Said, score: float) -> bool:
    return said.tier is not Tier.CLEARED and said.score >= score
