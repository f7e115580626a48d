"""The law is chosen by the Chinese day of the conduct."""

from datetime import UTC, date, datetime

import pytest

from pipeline import law
from pipeline.records import Conduct


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


@pytest.mark.parametrize("name", ["商标法2019", "商标法2026"])
def test_every_conduct_has_its_article(name):
    assert set(law.by_name(name).articles) == set(Conduct)
