"""The table counts what was found, missed and falsely told, class by class."""

from crawlers.market.score import score
from crawlers.market.truth import (
    Expected,
    LawfulKind,
    NameDisguise,
    PictureDisguise,
    Truth,
)
from pipeline.assessed import Tier
from tests import make


def infringing(item: str, disguise: NameDisguise, picture: PictureDisguise | None = None) -> Truth:
    return Truth(
        item_id=item,
        expected=Expected.CLUE,
        right_id="r",
        name_disguise=disguise,
        picture_disguise=picture,
    )


TRUTHS = (
    infringing("1", NameDisguise.HOMOPHONE, PictureDisguise.MIRROR),
    infringing("2", NameDisguise.HOMOPHONE),
    Truth(item_id="3", expected=Expected.CLEAR, right_id="r", lawful_kind=LawfulKind.RECIPE),
    Truth(item_id="4", expected=Expected.CLEAR),
)


def told(item: str, right: str = "r", **given):
    return make.clue(f"{item}-{right}", listing_id=item, right_id=right, **given)


def rows(*clues) -> dict[str, list[int]]:
    lines = (line.rsplit(maxsplit=3) for line in score(TRUTHS, clues))
    return {
        name.strip(): [int(each) for each in counts]
        for name, *counts in lines
        if counts[-1].isdigit()
    }


def test_found_and_missed_are_counted_by_disguise():
    assert rows(told("1"))["name: homophone"] == [2, 1, 1]


def test_a_clue_for_another_right_finds_nothing():
    assert rows(told("1", right="other"))["name: homophone"] == [2, 0, 2]


def test_a_clue_nobody_is_told_of_finds_nothing_and_alarms_nobody():
    found = rows(told("1", tier=Tier.LOW), told("3", tier=Tier.CLEARED))

    assert found["name: homophone"] == [2, 0, 2]
    assert found["use: recipe"] == [1, 1, 0]


def test_false_alarms_are_counted_by_kind_of_use():
    found = rows(told("3"), told("4"))

    assert found["use: recipe"] == [1, 0, 1]
    assert found["unrelated"] == [1, 0, 1]


def test_a_picture_counts_only_if_it_was_recognised_itself():
    image = make.match(detector="image", field="image:0", span=None)

    assert rows(told("1"))["edit: mirror"] == [1, 0, 1]
    assert rows(told("1", matches=(image,)))["edit: mirror"] == [1, 1, 0]
