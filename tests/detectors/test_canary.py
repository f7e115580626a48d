"""A right on trial: told on its share of listings, always the same ones; nothing is lost."""

import json
from itertools import pairwise

import pytest

from detectors.screen import Screen, is_chosen
from detectors.text import TextFinder
from pipeline import rights
from pipeline.assessed import Tier
from pipeline.records import digest
from tests import make

KEYS = [digest("practice", str(number)) for number in range(5_000)]
HIDDEN, PLAIN, LAWFUL = "正宗 花*牛苹果 10斤", "正宗花牛苹果 10斤", "花牛苹果派的做法 教程"


def chosen(share: float | None, name: str = "花牛苹果") -> set[str]:
    right = make.right(name, matching_ratio=share)
    return {key for key in KEYS if is_chosen(right, key)}


def screened(title: str, share: float | None):
    right = make.right(matching_ratio=share)
    (clue,) = Screen([right], [TextFinder([right])]).clues([make.listing(title)])
    return clue


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5, 0.9])
def test_the_share_of_listings_is_about_the_ratio(share):
    deviation = (share * (1 - share) / len(KEYS)) ** 0.5

    assert len(chosen(share)) / len(KEYS) == pytest.approx(share, abs=4 * deviation)


def test_what_is_chosen_does_not_change_from_run_to_run():
    """Pinned: another coin would tell other listings in the middle of a trial."""
    right = make.right(matching_ratio=0.3)

    assert [number for number in range(20) if is_chosen(right, KEYS[number])] == [1, 5, 13, 18]


def test_a_listing_chosen_at_a_small_share_is_chosen_at_every_greater():
    shares = (0.0, 0.001, 0.1, 0.5, 0.999, 1.0)
    found = [chosen(share) for share in shares]

    assert all(less <= more for less, more in pairwise(found))


def test_no_ratio_and_one_are_always_and_nought_is_never():
    assert len(chosen(None)) == len(chosen(1.0)) == len(KEYS)
    assert chosen(0.0) == set()


def test_two_rights_are_not_tried_on_the_same_listings():
    both = chosen(0.5) & chosen(0.5, "秦安花椒")

    assert len(both) / len(KEYS) == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize(("title", "told"), [(HIDDEN, Tier.HIGH), (PLAIN, Tier.REVIEW)])
def test_what_is_not_chosen_is_kept_as_low_and_says_why(title, told):
    whole, trial = screened(title, None), screened(title, 0.0)

    assert (whole.tier, trial.tier) == (told, Tier.LOW)
    assert trial.reason == whole.reason + "名录将该权利设为试运行，按比例抽取，本条未抽中。"
    assert (trial.clue_id, trial.score) == (whole.clue_id, whole.score)
    assert (trial.matches, trial.gates) == (whole.matches, whole.gates)


def test_what_is_chosen_and_what_is_lawful_stay_as_they_are():
    assert screened(HIDDEN, 1.0) == screened(HIDDEN, None)
    assert screened(LAWFUL, 0.0) == screened(LAWFUL, None)
    assert screened(LAWFUL, 0.0).tier is Tier.CLEARED


@pytest.mark.parametrize("share", [-0.1, 1.01, 10])
def test_a_ratio_that_is_no_share_is_a_fault(tmp_path, share):
    right = {"id": "r", "name": "花牛苹果", "kind": "gi", "matching_ratio": share}
    (tmp_path / "rights.jsonl").write_text(json.dumps(right), "utf-8")
    (fault,) = rights.read(tmp_path / "rights.jsonl").faults

    assert (fault.line, fault.field) == (1, "matching_ratio")
    assert "write 0 to 1" in str(fault)


@pytest.mark.parametrize("share", [0, 0.25, 1, None])
def test_a_share_is_no_fault(tmp_path, share):
    right = {"id": "r", "name": "花牛苹果", "kind": "gi", "matching_ratio": share}
    (tmp_path / "rights.jsonl").write_text(json.dumps(right), "utf-8")

    assert rights.read(tmp_path / "rights.jsonl").faults == ()
