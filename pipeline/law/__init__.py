"""Law as dated data: what stood on the day of the conduct, and which article says what.

The data are statutes.toml and thresholds.toml; each entry says where it was read. What was not
read is cited as such, on the screen too.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from functools import cache, lru_cache
from pathlib import Path

import msgspec

from pipeline.assessed import Conduct
from pipeline.records import Clue

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")
FOLDER = Path(__file__).parent
UNVERIFIED = "（条文待核）"
TRADEMARK = "trademark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fine:
    """Up to `multiple` times a turnover of `floor` yuan or more, else `least` to `cap` yuan."""

    cap: int
    least: int = 0
    floor: int | None = None
    multiple: int = 0

    def is_lighter(self, other: "Fine") -> bool:
        mine = (self.multiple, self.cap, self.least)
        others = (other.multiple, other.cap, other.least)
        return mine != others and all(a <= b for a, b in zip(mine, others, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """What stands from a day on, and perhaps until one; where and whether it was read."""

    since: date
    until: date | None = None
    verified: bool
    source: str = ""

    def stood(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statute(Dated):
    """One text while it stood; see statutes.toml."""

    id: str
    title: str
    short: str = ""
    conducts: Mapping[Conduct, str] = field(default_factory=dict)
    topics: Mapping[str, str] = field(default_factory=dict)
    fines: Mapping[str, Fine] = field(default_factory=dict)

    def cites(self, article: str) -> str:
        return f"{self.title}{article}{'' if self.verified else UNVERIFIED}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold(Dated):
    """From how many yuan on a measure of conduct is criminal; see thresholds.toml."""

    crime: str
    measure: str
    when: str
    amount: int


@dataclass(frozen=True, slots=True)
class Law:
    """All that stood on one day; its name is the trademark law's."""

    name: str
    articles: Mapping[Conduct, str]
    topics: Mapping[str, str]
    fines: Mapping[str, Fine]

    @property
    def fair_use(self) -> str:
        """The articles by which the use of a mark may be lawful."""
        asked = ("descriptive", "indicative", "prior_use")
        return "、".join(self.topics[topic] for topic in asked if topic in self.topics)


@lru_cache(maxsize=1 << 12)
def on(day: date) -> Law:
    """The law of that day; of a field whose oldest text here is younger, that text."""
    statutes = tuple(_standing(id_, day) for id_ in _fields())
    return Law(
        next(each.short for each in statutes if each.id == TRADEMARK),
        {what: each.cites(said) for each in statutes for what, said in each.conducts.items()},
        {what: each.cites(said) for each in statutes for what, said in each.topics.items()},
        {kind: fine for each in statutes for kind, fine in each.fines.items()},
    )


def of(clue: Clue) -> Law:
    """The law of the day on which the clue's listing was seen."""
    named = next((each for each in _data()[0] if each.short == clue.law), _data()[0][0])
    return on(day_of(clue.listing.seen) if clue.listing else named.since)


def statutes() -> tuple[Statute, ...]:
    """Every text that is known."""
    return _data()[0]


def thresholds(day: date) -> tuple[Threshold, ...]:
    """What is criminal on that day."""
    return tuple(each for each in _data()[1] if each.stood(day))


def penalised(conduct: date, decided: date, kind: str = "infringement") -> Law:
    """The law by which conduct is fined that is decided upon later (行政处罚法 art. 37).

    The law of its own day, unless that of the decision is lighter.
    """
    then, now = on(conduct), on(decided)
    old, new = then.fines.get(kind), now.fines.get(kind)
    return now if old and new and new.is_lighter(old) else then


def day_of(moment: datetime) -> date:
    """The Chinese calendar day of a moment, which is what statutes count by."""
    return moment.astimezone(CHINA).date()


@cache
def _data() -> tuple[tuple[Statute, ...], tuple[Threshold, ...]]:
    def read(name: str, kind: type) -> tuple[object, ...]:
        rows = tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))[name]
        return tuple(msgspec.convert(row, kind) for row in rows)

    return read("statutes", Statute), read("thresholds", Threshold)  # type: ignore[return-value]  # each is of its kind


@cache
def _fields() -> tuple[str, ...]:
    return tuple(dict.fromkeys(statute.id for statute in _data()[0]))


def _standing(id_: str, day: date) -> Statute:
    mine = [statute for statute in _data()[0] if statute.id == id_]
    oldest = min(mine, key=lambda statute: statute.since)
    return next((statute for statute in mine if statute.stood(day)), oldest)
