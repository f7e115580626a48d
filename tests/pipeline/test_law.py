"""The law is chosen by the Chinese day of the conduct."""

from datetime import UTC, date, datetime
from itertools import combinations

import pytest

from pipeline import law
from pipeline.assessed import Conduct


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 31), "商标法2019"),
        (date(2027, 1, 1), "商标法2026"),
        (date(2020, 5, 1), "商标法2019"),
    ],
)
def test_a_day_has_its_law(day, name):
    assert law.on(day).name == name


def test_new_year_begins_in_china():
    assert law.day_of(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert law.day_of(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == date(2027, 1, 1)


@pytest.mark.parametrize("day", [date(2010, 1, 1), date(2026, 12, 31), date(2027, 1, 1)])
def test_every_conduct_has_its_article(day):
    assert set(law.on(day).articles) == set(Conduct)


@pytest.mark.parametrize(
    ("day", "article"),
    [
        (date(2025, 10, 14), "《反不正当竞争法》（2019修正）第6条（条文待核）"),
        (date(2025, 10, 15), "《反不正当竞争法》（2025修订）第7条"),
    ],
)
def test_each_statute_changes_on_its_own_day_and_says_what_was_not_read(day, article):
    assert law.on(day).articles[Conduct.UC_CONFUSION] == article


def test_indicative_use_is_lawful_by_name_from_2027_on():
    before, after = law.on(date(2026, 12, 31)), law.on(date(2027, 1, 1))

    assert "indicative" not in before.topics
    assert after.topics["indicative"] == "《商标法》（2026）第73条第3款"
    assert after.topics["indicative"] in after.fair_use


def test_no_two_texts_of_a_statute_stand_on_one_day():
    for one, other in combinations(law.statutes(), 2):
        if one.id == other.id:
            assert not any(
                each.stood(day) for each, day in ((one, other.since), (other, one.since))
            )


def test_what_is_fined_keeps_its_day_s_law_unless_the_later_is_lighter():
    conduct, decided = date(2026, 12, 31), date(2027, 3, 1)

    assert law.penalised(conduct, decided).name == "商标法2019"
    assert law.penalised(conduct, decided, "famous_as_advertising").name == "商标法2026"


def test_thresholds_count_from_the_day_of_their_interpretation():
    assert not law.thresholds(date(2025, 4, 25))
    amounts = {
        (each.crime, each.measure, each.when): each.amount
        for each in law.thresholds(date(2026, 1, 1))
    }
    assert amounts["214", "turnover", "plain"] == 50_000
    assert amounts["214", "stock", "plain"] == 150_000
