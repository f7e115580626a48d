"""Contenders measured in turn, round by round, so that the machine's moods fall on all alike."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True, slots=True, kw_only=True)
class Contender:
    """`measure` runs once and returns how many units a second it did: more is better."""

    name: str
    measure: Callable[[], float]


def alternate(contenders: Sequence[Contender], rounds: int) -> Mapping[str, Sequence[float]]:
    """What each contender did, each round; in every round each has one turn."""
    done: dict[str, list[float]] = {contender.name: [] for contender in contenders}
    for number in range(rounds):
        for contender in contenders[number % len(contenders) :]:
            done[contender.name].append(contender.measure())
        for contender in contenders[: number % len(contenders)]:
            done[contender.name].append(contender.measure())
    return done


def table(unit: str, done: Mapping[str, Sequence[float]]) -> Iterator[str]:
    """Lines with minimum, median, maximum, and how much faster the first one is than each."""
    width = max(map(len, done))
    ours = median(next(iter(done.values())))
    yield f"{unit:{width}}  {'min':>11}  {'median':>11}  {'max':>11}  first is"
    for name, values in done.items():
        least, middle, most = min(values), median(values), max(values)
        figures = f"{least:11,.0f}  {middle:11,.0f}  {most:11,.0f}"
        yield f"{name:{width}}  {figures}  {ours / middle:7.2f} x"


def verdict(what: str, reached: float, target: float, unit: str) -> str:
    """One line: the target, and whether it was reached here."""
    word = "reached" if reached >= target else "MISSED"
    return f"target {what}: at least {target:,.0f} {unit}; {word} with {reached:,.0f}"
