"""The rights file that the pipeline is given."""

import json
import re

import pytest
from PIL import Image

from crawlers.market.goods import Standing
from crawlers.market.practice import practice_rights
from crawlers.market.truth import Conduct, NameDisguise, PictureDisguise


@pytest.fixture
def path(market, rights, tmp_path):
    return practice_rights(market, rights, tmp_path / "practice")


@pytest.fixture
def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_it_holds_every_right_with_its_own_words(rows, rights):
    kept = ("id", "name", "kind", "aliases", "latin", "class", "goods", "region")

    assert [[row[field] for field in kept] for row in rows] == [
        [right[field] for field in kept] for right in rights
    ]


def test_every_right_is_in_force_and_says_what_is_practice(rows):
    for row in rows:
        assert (row["valid_from"], row["valid_to"]) == ("2015-01-01", "2035-01-01")
        assert row["sources"]["images"] == "演练数据"
        assert row["sources"]["name"] != "演练数据"


def test_reference_pictures_lie_where_the_file_says(rows, path):
    for row in rows:
        assert len(row["images"]) == 2
        for picture in row["images"]:
            with Image.open(path.parent / picture) as opened:
                opened.load()


def test_official_shops_and_users_are_the_markets_own(rows, market):
    official = {name for row in rows for name in row["official_shops"]}
    users = {user["name"] for row in rows for user in row["users"] if user["shops"]}
    shops = {name for row in rows for user in row["users"] for name in user["shops"]}

    assert official == {shop.name for shop in market.shops if shop.is_official}
    assert shops == {shop.name for shop in market.shops if shop.standing is Standing.USER}
    assert all(name.startswith("演练") for name in users | official)


def test_users_known_before_are_kept(rows):
    pepper = next(row for row in rows if row["id"] == "gi-qinan-pepper")

    assert "甘肃盛源菊香农业" in [user["name"] for user in pepper["users"]]


def test_it_says_nothing_of_any_item(path, market):
    text = path.read_text(encoding="utf-8")
    truth = [*Conduct, *NameDisguise, *PictureDisguise, "disguise", "expected"]

    assert [word for word in truth if re.search(rf"\b{word}\b", text)] == []
    assert [item.id for item in market.items if item.id in text] == []
    assert [item.title for item in market.items if item.title in text] == []
