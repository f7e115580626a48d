"""Pages say what a person reads on them, whatever dialect they speak; the rest is no listing."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers import fields, sites
from crawlers.pages import Standing, read, read_page
from pipeline import codec
from pipeline.errors import BadSetting

GOLDEN = Path(__file__).parent / "golden"
SHOP = "https://shop.example/"
GENERIC = sites.load("generic", SHOP)
SHOPXO = sites.load("shopxo", SHOP)
OSCAR = sites.load("oscar", SHOP)
PLAIN = sites.load("market", SHOP)


@pytest.mark.parametrize("folder", sorted(GOLDEN.iterdir()), ids=lambda path: path.name)
def test_a_golden_page_reads_as_a_person_reads_it(folder):
    """A folder holds page.html, the site and address (case.json), and the listing line wanted."""
    case = json.loads((folder / "case.json").read_text("utf-8"))
    html = (folder / "page.html").read_text("utf-8")
    found = read(sites.load(case["site"], SHOP), case["url"], html)
    line = None if found is None else json.loads(codec.encode(codec.to_line(found)))
    wanted = case["listing"]

    if wanted is None:
        assert line is None
    else:
        assert line is not None
        assert {name: line[name] for name in wanted} == wanted


def product(body: str, url: str = f"{SHOP}p/1", site=GENERIC):
    return read(site, url, f"<html><head>{body}</head></html>")


def ld(**given) -> str:
    data = {"@context": "https://schema.org", "@type": "Product", "name": "苹果"} | given
    return f'<script type="application/ld+json">{json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("offers", "price", "currency"),
    [
        ({"price": "12.50", "priceCurrency": "CNY"}, 12.5, "CNY"),
        ({"price": 12, "priceCurrency": "EUR"}, 12.0, "EUR"),
        ([{"price": "¥1,299.00"}], 1299.0, "CNY"),
        ({"@type": "AggregateOffer", "lowPrice": "9", "priceCurrency": "USD"}, 9.0, "USD"),
        ({"priceSpecification": {"price": "7.5", "priceCurrency": "GBP"}}, 7.5, "GBP"),
        ({}, None, None),
        ("free text", None, None),
    ],
)
def test_offers_are_read_in_all_their_forms(offers, price, currency):
    found = product(ld(offers=offers))

    assert found is not None
    assert (found.price, found.currency) == (price, currency)


def test_the_first_source_wins_and_the_next_fill_in():
    og = '<meta property="og:type" content="product"><meta property="og:title" content="别名">'
    picture = '<meta property="og:image" content="/a.jpg">'
    found = product(og + picture + ld(brand={"name": "某牌"}))

    assert found is not None
    assert (found.title, found.brand, found.images) == ("苹果", "某牌", (f"{SHOP}a.jpg",))


def test_a_page_of_many_products_is_a_list():
    assert product(ld(url="/a") + ld(url="/b", name="梨")) is None


def test_of_many_products_the_one_at_the_page_s_address_is_meant():
    found = product(
        ld(url="https://shop.example/p/2") + ld(url="https://shop.example/p/1", name="梨")
    )

    assert found is not None
    assert found.title == "梨"


@pytest.mark.parametrize(
    "body",
    [
        '<script type="application/ld+json">{broken</script>',
        '<script type="application/ld+json">' + '{"@graph":[' * 3000 + "</script>",
        '<div itemscope itemtype="https://schema.org/Product"></div>',
        "<h1>商品</h1>",
        "",
        "\x00<<<>>>",
    ],
)
def test_a_page_that_says_nothing_usable_gives_nothing(body):
    assert product(body) is None


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "@type",
                    "@value",
                    "name",
                    "price",
                    "url",
                    "offers",
                    "item",
                    "ratingValue",
                    "value",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
FIELDS = [
    *("name", "offers", "brand", "image", "sku", "category", "additionalProperty", "url"),
    *("aggregateRating", "countryOfOrigin", "description", "manufacturer", "seller"),
]


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), ANYTHING))
def test_whatever_a_page_claims_to_be_is_read_or_not_but_never_fatal(given):
    found = product(ld(**given))

    assert found is None or found.title


def test_tags_and_entities_in_data_are_resolved_but_scripts_stay_text():
    found = product(ld(name="<b>花牛</b> &amp; 苹果 <script>alert(1)<\\/script>"))

    assert found is not None
    assert found.title == "花牛 & 苹果 alert(1)"


@pytest.mark.parametrize(
    ("html", "standing"),
    [
        ("<h1>请完成验证</h1><p>拖动滑块</p>", Standing.CHALLENGE),
        ("<title>Just a moment...</title>", Standing.CHALLENGE),
        ("<p class=msg>商品不存在或已删除</p>", Standing.GONE),
        ("<h1>404 page not found</h1>", Standing.GONE),
        ("<p>nothing at all</p>", Standing.GONE),
        ('<a href="/item/7.html">7</a>', Standing.LIST),
    ],
)
def test_an_answer_is_known_for_what_it_is(html, standing):
    page = read_page(PLAIN, f"{SHOP}item/1.html", html)
    if standing is Standing.LIST:
        page = read_page(PLAIN, f"{SHOP}category/1", html)

    assert page.standing is standing
    assert page.capture is None


def test_a_product_that_speaks_of_verification_is_still_a_product():
    html = '<h1 class="item-title">指纹验证锁 请完成验证设置</h1>'
    page = read_page(PLAIN, f"{SHOP}item/1.html", html)

    assert page.standing is Standing.ITEM


@pytest.mark.parametrize("site", ["shopxo", "oscar"])
def test_a_seller_s_own_markup_does_not_speak_for_the_shop(site):
    """A description with schema.org data once gave a clue the title and the shop it asked for."""
    forged = ld(name="清白", offers={"seller": {"name": "花牛苹果官方旗舰店"}, "price": "0.01"})
    titles = (
        '<h1 class="detail-title">花牛苹果</h1><div class="product_main"><h1>花牛苹果</h1></div>'
    )
    url = {"shopxo": "?s=goods/index/id/1.html", "oscar": "catalogue/x_1/"}[site]
    found = read(sites.load(site, SHOP), SHOP + url, f"<body>{titles}{forged}</body>")

    assert found is not None
    assert (found.title, found.shop.name, found.price) == ("花牛苹果", None, None)


def test_a_product_without_a_name_is_none():
    assert product(ld(url="/a") + ld(name=None, url="/b")) is not None


def test_words_broken_by_inline_tags_stay_whole():
    html = '<h1 class="item-title">正宗<em>花牛</em><!-- x -->苹果<br>10斤</h1>'
    found = read(PLAIN, f"{SHOP}item/1.html", html)

    assert found is not None
    assert found.title == "正宗花牛苹果 10斤"


def test_the_whole_description_is_read():
    html = (
        '<div class="product_main"><h1>茶</h1></div><div id="product_description"></div><p>一</p>'
        "<ul><li>二</li></ul><table><tr><td>UPC</td></tr></table>"
    )
    found = read(OSCAR, f"{SHOP}catalogue/x_1/", html)

    assert found is not None
    assert found.description == "一 二"


def test_a_withdrawn_item_is_gone_though_its_page_still_names_it():
    html = '<h1 class="detail-title">苹果</h1><p class="goods-not-buy-tips">商品已下架</p>'
    page = read_page(SHOPXO, f"{SHOP}?s=goods/index/id/1.html", html)

    assert (page.standing, page.capture) == (Standing.GONE, None)


def test_only_links_of_the_shop_itself_are_followed():
    html = (
        '<a href="/item/1.html#top">1</a><a href="https://other.example/item/2.html">2</a>'
        '<a href="javascript:alert(1)">x</a><a href="mailto:a@b">m</a>'
        '<a href="/shop/3?page=2">s</a>'
        '<a href="http://[bad">b</a>'
    )
    page = read_page(PLAIN, SHOP, html)

    assert page.items == (f"{SHOP}item/1.html",)
    assert page.follow == (f"{SHOP}shop/3?page=2",)


@pytest.mark.parametrize(
    ("url", "is_item"),
    [
        ("en-gb/catalogue/a-book_12/", True),
        ("catalogue/花牛_3/", True),
        ("catalogue/%E8%8A%B1_3/", True),
        ("catalogue/category/books_2/", False),
        ("catalogue/a-book_12/reviews/", False),
    ],
)
def test_oscar_items_are_told_from_its_categories(url, is_item):
    assert OSCAR.is_item(SHOP + url) is is_item


@pytest.mark.parametrize(
    ("text", "price", "currency"),
    [
        ("¥1,299.00", 1299.0, "CNY"),
        ("￥199起", 199.0, "CNY"),
        ("88.5元", 88.5, "CNY"),
        ("£7.99", 7.99, "GBP"),
        ("US$ 5.00", 5.0, "USD"),
        ("12,50 €", 12.5, "EUR"),
        ("CN¥88.00", 88.0, "CNY"),
        ("JP¥1,200", 1200.0, "JPY"),
        ("HK$ 59", 59.0, "HKD"),
        ("￥1.2万", 12_000.0, "CNY"),
        ("Kostenlos", 0.0, None),
        ("Free", 0.0, None),
        ("暂无报价", None, None),
    ],
)
def test_prices_are_read_as_written(text, price, currency):
    found = fields.price_of(text)

    assert (found.get("price"), found.get("currency")) == (price, currency)


def test_a_site_like_another_says_only_what_is_different(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        'like = "shopxo"\nplatform = "mine"\nbase = "http://127.0.0.1/"\nallow_private = true\n'
    )
    site = sites.load(str(path))

    assert (site.platform, site.allow_private) == ("mine", True)
    assert site.item == SHOPXO.item


def test_shopxo_is_searched_in_its_own_spelling():
    assert SHOPXO.starts("iphone") == (f"{SHOP}?s=search/index/wd/960786F6E656.html",)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("name = ", "Invalid value"),
        ('name = "x"\nplatform = "x"\nitme = ["a"]', "unknown itme"),
        ('name = "x"\nplatform = "x"\nitem = ["("]', "unterminated"),
        ('name = "x"', "platform"),
        ('like = "nothing"', "no site 'nothing'"),
    ],
)
def test_a_site_file_that_is_wrong_says_how(tmp_path, text, told):
    path = tmp_path / "bad.toml"
    path.write_text(text)

    with pytest.raises(BadSetting, match=told):
        sites.load(str(path))


def test_a_site_without_address_asks_for_it():
    with pytest.raises(BadSetting, match="--base"):
        sites.load("shopxo").starts()
