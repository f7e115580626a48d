"""What the practice market holds."""

from collections import Counter

import pytest
from pypinyin import lazy_pinyin

from crawlers.market.catalogue import make_market
from crawlers.market.goods import Dialect, Oddity, Standing
from crawlers.market.names import disguised
from crawlers.market.tables import name_tables
from crawlers.market.truth import Conduct, Expected, LawfulKind, NameDisguise, PictureDisguise


def test_there_are_two_thousand_items_in_thirty_shops(market):
    assert len(market.items) >= 2000
    assert len({item.shop.id for item in market.items}) >= 30


def test_the_same_seed_makes_the_same_market(market, rights):
    assert make_market(7, rights) == market


def test_another_seed_makes_another_market(market, rights):
    other = make_market(8, rights)

    assert not {item.id for item in other.items} >= {item.id for item in market.items}
    assert other.items[0].title != market.items[0].title


def test_ids_and_titles_are_never_given_twice(market):
    items = (*market.items, *market.hidden)

    assert len({item.id for item in items}) == len(items)
    assert len({item.title for item in items}) == len(items)


def test_every_item_has_one_truth(market):
    assert [truth.item_id for truth in market.truths] == [item.id for item in market.items]


@pytest.mark.parametrize(
    ("sort", "field"),
    [
        (LawfulKind, "lawful_kind"),
        (NameDisguise, "name_disguise"),
        (PictureDisguise, "picture_disguise"),
        (Conduct, "conduct"),
        (Expected, "expected"),
    ],
)
def test_every_way_to_misuse_or_to_mention_a_name_is_on_sale_ten_times(market, sort, field):
    found = Counter(getattr(truth, field) for truth in market.truths)

    assert {member: found[member] for member in sort if found[member] < 10} == {}


def test_every_dialect_and_every_oddity_is_on_sale(market):
    assert {item.dialect for item in market.items} == set(Dialect)
    assert {item.oddity for item in market.items} == {None, *Oddity}


def test_most_goods_are_clean_and_an_eighth_each_misuses_or_merely_mentions(market):
    shares = Counter(
        "lawful" if truth.lawful_kind else "unlawful" if truth.conduct else "clean"
        for truth in market.truths
    )

    assert 0.12 <= shares["lawful"] / len(market.items) <= 0.15
    assert 0.12 <= shares["unlawful"] / len(market.items) <= 0.15


def test_what_is_unlawful_is_a_clue_and_what_is_lawful_is_not(market):
    for truth in market.truths:
        assert (truth.expected is Expected.CLUE) == (truth.conduct is not None)
        assert not (truth.conduct and truth.lawful_kind)


def test_an_unlawful_item_misuses_by_a_name_a_picture_or_by_evoking(market):
    for truth in market.truths:
        if truth.conduct and truth.conduct is not Conduct.GI_EVOCATION:
            assert truth.name_disguise or truth.picture_disguise


def test_some_items_have_an_innocent_title_and_only_the_picture_tells(market):
    items = {item.id: item for item in market.items}
    names = [name for right in market.rights for name in (right.name, *right.aliases)]
    silent = [
        items[truth.item_id].title
        for truth in market.truths
        if truth.picture_disguise and not truth.name_disguise
    ]

    assert len(silent) >= 40
    assert [title for title in silent if any(name in title for name in names)] == []


def test_there_is_a_corner_in_english_priced_in_foreign_money(market):
    corner = [item for item in market.items if item.language == "en"]

    assert len(corner) >= 60
    assert {item.currency for item in corner} == {"USD", "EUR"}
    assert any("Huaniu Apple" in item.title for item in corner)
    assert all(item.title.isascii() for item in corner)


def test_no_clean_item_says_a_protected_name(market):
    names = [n for right in market.rights for n in (right.name, *right.aliases, *right.latin)]
    for text in _clean_texts(market):
        assert [name for name in names if name.lower() in text] == []


def test_no_clean_item_sounds_like_a_protected_name(market):
    sounds = [f" {' '.join(lazy_pinyin(right.name))} " for right in market.rights]
    for text in _clean_texts(market):
        heard = f" {' '.join(lazy_pinyin(text))} "

        assert [sound for sound in sounds if sound in heard] == []


def test_a_plain_name_on_a_place_names_goods_comes_with_a_foreign_origin(market):
    items = {item.id: item for item in market.items}
    for truth in market.truths:
        if truth.conduct is Conduct.GI_NAME_OUTSIDE and truth.name_disguise is NameDisguise.PLAIN:
            origin = items[truth.item_id].origin

            assert origin
            assert "天水" not in origin


def test_official_shops_sell_only_what_they_may(market):
    lawful = {truth.item_id for truth in market.truths if truth.conduct is None}
    trusted = [
        item for item in market.items if item.shop.standing in {Standing.OFFICIAL, Standing.USER}
    ]

    assert trusted
    assert {item.id for item in trusted} <= lawful


def test_a_few_shops_claim_to_be_official_and_are_not(market):
    claiming = [shop for shop in market.shops if "官方旗舰店" in shop.name]

    assert {shop.is_official for shop in claiming} == {True, False}


def test_no_hand_written_spelling_is_the_name_itself(market):
    names = {right.id: right.name for right in market.rights}
    for right_id, table in name_tables().items():
        spellings = [spelling for row in table.values() for spelling in row]

        assert names[right_id] not in spellings
        assert len(set(spellings)) == len(spellings)


def test_a_name_without_a_disguise_of_some_sort_says_so(market, rights):
    bearings = next(right for right in market.rights if right.id == "tm-hailin")

    assert disguised(bearings, NameDisguise.INITIALS, chance=None) is None


def test_a_market_too_small_for_every_standing_is_refused(rights):
    with pytest.raises(ValueError, match="at least 24 shops, not 5"):
        make_market(7, rights, shops=5)


def _clean_texts(market):
    """What clean items say, closed up, so that words that meet across a space are seen too."""
    clean = {truth.item_id for truth in market.truths if truth.right_id is None}
    for item in market.items:
        if item.id in clean:
            words = f"{item.title}|{item.description}|{item.brand}|{item.origin}"
            yield words.replace(" ", "").lower()
