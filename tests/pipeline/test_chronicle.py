"""What the list said on any day, and what was known of it on any day."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from pipeline import chronicle
from pipeline.chronicle import Ground, Kind
from pipeline.errors import BadInput
from tests import make

OLD, NEW = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 9, 1, tzinfo=UTC)
APPLE, PEPPER = make.right("花牛苹果"), make.right("秦安花椒")


def by_id(*rights):
    return {right.id: right for right in rights}


def written(place, before, after, known):
    entries = tuple(chronicle.changes(before, after, Ground(known=known, reason="批次")))
    chronicle.write(place, entries)
    return entries


def test_the_list_is_told_as_it_was_known_on_a_day(tmp_path):
    place = tmp_path / "rights.jsonl"
    sweet = replace(APPLE, season="9-10")
    written(place, {}, by_id(APPLE, PEPPER), OLD)
    written(place, by_id(APPLE, PEPPER), by_id(sweet, PEPPER), NEW)
    entries = chronicle.read(place)

    assert chronicle.listed(entries, OLD) == by_id(APPLE, PEPPER)
    assert chronicle.listed(entries, NEW) == by_id(sweet, PEPPER)
    assert chronicle.listed(entries, datetime(2025, 1, 1, tzinfo=UTC)) == {}
    assert [each.kind for each in entries] == [Kind.ADDED, Kind.ADDED, Kind.CHANGED]
    assert {each.reason for each in entries} == {"批次"}


def test_a_right_that_a_new_list_has_no_more_stays_as_removed(tmp_path):
    day = date(2026, 9, 1)
    (gone,) = chronicle.gone(by_id(APPLE, PEPPER), [APPLE], day)
    (entry,) = written(tmp_path / "r", by_id(PEPPER), by_id(gone), NEW)

    assert gone == replace(PEPPER, removed_on=day)
    assert entry.kind is Kind.WITHDRAWN
    assert chronicle.gone(by_id(gone), [], date(2027, 1, 1)) == (gone,)
    assert not gone.stood(day)
    assert gone.stood(date(2026, 8, 31))


def test_a_removed_right_that_comes_again_is_added():
    removed = replace(APPLE, removed_on=date(2026, 9, 1))
    (entry,) = chronicle.changes(by_id(removed), by_id(APPLE), Ground(known=NEW))

    assert entry.kind is Kind.ADDED


def test_the_same_list_again_changes_nothing():
    assert not list(chronicle.changes(by_id(APPLE), by_id(APPLE), Ground(known=NEW)))


@pytest.mark.parametrize(
    ("day", "stands"), [("2020-01-01", False), ("2026-01-01", True), ("2031-01-01", False)]
)
def test_a_right_stands_between_its_days(day, stands):
    right = replace(APPLE, valid_from=date(2021, 1, 1), valid_to=date(2030, 12, 31))

    assert right.stood(date.fromisoformat(day)) is stands


def test_a_line_that_a_crash_cut_short_counts_for_nothing_and_is_mended(tmp_path):
    place = tmp_path / "rights.jsonl"
    written(place, {}, by_id(APPLE), OLD)
    whole = (tmp_path / chronicle.CHRONICLE).read_bytes()
    (tmp_path / chronicle.CHRONICLE).write_bytes(whole + whole[:40])

    assert set(chronicle.listed(chronicle.read(place))) == {APPLE.id}
    written(place, by_id(APPLE), by_id(APPLE, PEPPER), NEW)
    assert set(chronicle.listed(chronicle.read(place))) == {APPLE.id, PEPPER.id}


def test_a_line_that_is_none_is_named(tmp_path):
    (tmp_path / chronicle.CHRONICLE).write_bytes(b"{}\n")

    with pytest.raises(BadInput, match=r"chronicle\.jsonl"):
        chronicle.read(tmp_path / "rights.jsonl")


def test_differing_fields_are_told_as_a_rights_file_names_them():
    other = replace(APPLE, nice=(31,), season="9-10")

    assert chronicle.differing(APPLE, other) == {"class": ((), (31,)), "season": (None, "9-10")}
