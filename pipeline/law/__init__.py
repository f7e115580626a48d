"""Law as dated data: which statute stood on the day of the conduct, and which article names it.

Sources: 商标法 (2019) arts. 57, 59 and 商标法 (2026, in force 2027-01-01) arts. 72, 73, as listed
in domain.md §0; 地理标志产品保护办法 (CNIPA order 80, in force 2024-02-01) art. 30, wording not
verified; 反不正当竞争法 (2025) art. 7.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from pipeline.records import Conduct

CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")


@dataclass(frozen=True, slots=True, kw_only=True)
class Law:
    """The trademark law of a time, with the article that each conduct falls under."""

    name: str
    since: date
    until: date | None
    articles: dict[Conduct, str]
    fair_use: str


_GI = "《地理标志产品保护办法》第30条（条文待核）"
_UNFAIR = "《反不正当竞争法》（2025修订）第7条"


def _articles(identical: str, confusing: str) -> dict[Conduct, str]:
    return {
        Conduct.TM_ID_SAME: identical,
        Conduct.TM_CONFUSING: confusing,
        Conduct.GI_NAME_OUTSIDE: _GI,
        Conduct.GI_SIMILAR_NAME: _GI,
        Conduct.GI_EVOCATION: _GI,
        Conduct.UC_CONFUSION: _UNFAIR,
    }


LAWS = (
    Law(
        name="商标法2019",
        since=date(2019, 11, 1),
        until=date(2026, 12, 31),
        articles=_articles("《商标法》（2019）第57条第1项", "《商标法》（2019）第57条第2项"),
        fair_use="《商标法》（2019）第59条",
    ),
    Law(
        name="商标法2026",
        since=date(2027, 1, 1),
        until=None,
        articles=_articles("《商标法》（2026）第72条第1项", "《商标法》（2026）第72条第2项"),
        fair_use="《商标法》（2026）第73条",
    ),
)


def on(day: date) -> Law:
    """The law of that day; days before the oldest law known here get the oldest."""
    return next((law for law in reversed(LAWS) if law.since <= day), LAWS[0])


def by_name(name: str) -> Law:
    """The law that a clue names; raises `KeyError`."""
    return {law.name: law for law in LAWS}[name]


def day_of(moment: datetime) -> date:
    """The Chinese calendar day of a moment, which is what statutes count by."""
    return moment.astimezone(CHINA).date()
