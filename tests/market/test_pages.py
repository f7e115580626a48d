"""What the market's pages say, read over HTTP as a person would."""

import json
import re
from html.parser import HTMLParser
from urllib.parse import quote
from urllib.request import urlopen

import pytest

from crawlers.market.goods import Dialect
from crawlers.market.shelves import PER_PAGE
from crawlers.market.truth import Conduct, NameDisguise, PictureDisguise

LINK = re.compile(r'class="card-link" href="/(?:item|go)/(\d+)')


class Reader(HTMLParser):
    """Keeps what a person sees."""

    def __init__(self):
        super().__init__()
        self.seen, self.hidden = [], 0

    def handle_starttag(self, tag, _attrs):
        self.hidden += tag in {"script", "style"}

    def handle_endtag(self, tag):
        self.hidden -= tag in {"script", "style"}

    def handle_data(self, data):
        if not self.hidden:
            self.seen.append(data)


def fetch(url):
    with urlopen(url) as answer:
        return answer.read().decode()


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return "".join(reader.seen)


def first(market, dialect, language="zh"):
    """An item whose page has everything a page can have."""
    return next(
        item
        for item in market.items
        if (item.dialect, item.language, item.oddity) == (dialect, language, None)
        and item.standard_no
        and item.origin
    )


def by_class(html, name):
    return re.findall(rf'class="{name}"[^>]*>([^<]*)<', html)


@pytest.fixture(scope="module")
def item_pages(market, site):
    return {item.id: fetch(f"{site}item/{item.id}.html") for item in market.items}


@pytest.mark.parametrize("dialect", list(Dialect))
def test_a_person_reads_the_same_facts_in_every_dialect(market, item_pages, dialect):
    item = first(market, dialect)
    sign = {"CNY": "¥", "USD": "US$", "EUR": "€"}[item.currency]

    seen = read(item_pages[item.id])

    facts = (item.title, f"{sign}{item.price}", item.shop.name, item.shop.region, item.origin)
    more = (item.sales, item.standard_no, item.description, *item.category)
    assert [fact for fact in (*facts, *more) if fact not in seen] == []


def test_every_page_shows_title_price_and_shop(market, item_pages):
    for item in market.items:
        seen = read(item_pages[item.id])

        assert item.title in seen
        assert str(item.price) in seen
        assert item.shop.name in seen


def test_the_plain_dialect_is_read_by_its_class_names(market, item_pages):
    item = first(market, Dialect.PLAIN)
    html = item_pages[item.id]

    assert by_class(html, "item-title") == [item.title]
    assert by_class(html, "item-price") == [f"¥{item.price}"]
    assert by_class(html, "item-shop") or item.shop.name in html
    assert by_class(html, "item-shop-region") == [item.shop.region]
    assert by_class(html, "item-origin") == [item.origin]
    assert f"<dt>执行标准</dt><dd>{item.standard_no}</dd>" in html


def test_plain_pictures_are_lazy(market, item_pages):
    item = first(market, Dialect.PLAIN)
    gallery = re.search(r'class="item-gallery">(.*?)</div>', item_pages[item.id], re.DOTALL)

    assert gallery
    assert re.findall(r'data-src="([^"]*)"', gallery[1]) == [
        f"/pic/{item.id}-{number}.jpg" for number in range(1, len(item.pictures) + 1)
    ]
    assert 'src="/pic' not in gallery[1].replace("data-src", "")


def test_json_ld_carries_the_product(market, site, item_pages):
    item = first(market, Dialect.JSON_LD)
    block = re.search(r'<script type="application/ld\+json">(.*?)</script>', item_pages[item.id])

    graph = json.loads(block[1])["@graph"]

    product = next(node for node in graph if node["@type"] == "Product")
    assert product["name"] == item.title
    assert product["sku"] == item.id
    assert product["offers"]["price"] == str(item.price)
    assert product["offers"]["priceCurrency"] == "CNY"
    assert product["offers"]["seller"]["name"] == item.shop.name
    assert product["image"][0] == f"{site}pic/{item.id}-1.jpg"


def test_microdata_marks_the_product_and_sets_related_goods_apart(market, item_pages):
    item = first(market, Dialect.MICRODATA)
    html = item_pages[item.id]

    assert f'<h1 itemprop="name">{item.title}</h1>' in html
    assert f'<meta itemprop="price" content="{item.price}">' in html
    assert f'<meta itemprop="priceCurrency" content="{item.currency}">' in html
    assert html.count('itemprop="isRelatedTo"') == 4


def test_english_pages_say_that_they_are(market, item_pages):
    for item in market.items:
        assert f'<html lang="{item.language}">' in item_pages[item.id]


def test_some_pages_strike_out_an_earlier_price(market, item_pages):
    item = next(item for item in market.items if item.price_before and item.dialect == "plain")

    assert by_class(item_pages[item.id], "item-price-before")[0].endswith(str(item.price_before))


def test_no_page_tells_the_truth(market, item_pages):
    words = [*Conduct, *NameDisguise, *PictureDisguise, "disguise", "right_id", "infring"]
    words += [right.id for right in market.rights]
    telling = re.compile(rf"\b({'|'.join(words)})\b", re.IGNORECASE)

    assert {found[0] for html in item_pages.values() if (found := telling.search(html))} == set()


def test_every_item_is_reached_from_the_home_page_through_its_lists(market, site):
    home = fetch(site)
    found = set()
    for link in re.findall(r'class="category" href="([^"]*)"', home):
        found |= {number for page in _pages_of_list(site, link) for number in LINK.findall(page)}

    assert {item.id for item in market.items} <= found
    assert {item.id for item in market.hidden}.isdisjoint(found)


def test_a_shops_lists_show_all_it_sells(market, site):
    shop = market.items[0].shop
    pages = list(_pages_of_list(site, f"/shop/{shop.id}"))

    shown = {number for page in pages for number in LINK.findall(page)}

    assert shown == {item.id for item in market.items if item.shop == shop}
    assert by_class(pages[0], "shop-region") == [shop.region]


def test_a_search_finds_the_likest_first_and_pages_on(site):
    page = fetch(f"{site}search?q={quote('花牛苹果')}")
    second = fetch(f"{site}search?q={quote('花牛苹果')}&page=2")

    assert "花牛苹果" in by_class(page, "card-title")[0]
    assert len(LINK.findall(page)) == PER_PAGE
    assert set(LINK.findall(page)).isdisjoint(LINK.findall(second))


def test_a_search_for_what_nobody_sells_finds_nothing(site):
    assert LINK.findall(fetch(f"{site}search?q=zzzz")) == []


def test_a_page_beyond_the_last_is_the_last(site):
    assert "下一页" not in fetch(f"{site}category/0?page=9999")


def _pages_of_list(site, link):
    """Every page of a list, by its link to the next one."""
    while link:
        page = fetch(site.rstrip("/") + link.replace("&amp;", "&"))
        following = re.search(r'class="next" rel="next" href="([^"]*)"', page)
        link = following[1] if following else None
        yield page
