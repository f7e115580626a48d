"""Turns items, lists and notices into HTML; says about an item only what a shop would show."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from crawlers.market.goods import Dialect, Item, Shop
from crawlers.market.shelves import Page

SIGNS = {"CNY": "¥", "USD": "US$", "EUR": "€"}
SCHEMA = "https://schema.org/"
TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The page's own words in one language."""

    home: str
    related: str
    brand: str
    unit: str
    origin: str
    standard: str
    sales: str
    shop: str
    region: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One entry of a list."""

    link: str
    title: str
    price: str
    picture: str | None = None


WORDS = {
    "zh": Words(
        home="首页",
        related="看了又看",
        brand="品牌",
        unit="规格",
        origin="产地",
        standard="执行标准",
        sales="销量",
        shop="店铺",
        region="店铺所在地",
        number="商品编号",
    ),
    "en": Words(
        home="Home",
        related="You may also like",
        brand="Brand",
        unit="Size",
        origin="Origin",
        standard="Standard",
        sales="Sales",
        shop="Shop",
        region="Ships from",
        number="Item number",
    ),
}


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
    )


def item_page(
    item: Item, crumbs: Sequence[tuple[str, str]], related: Iterable[Item], site: str
) -> str:
    """The item in its own dialect; `site` is the market's address, for absolute links."""
    words = WORDS[item.language]
    return _render(
        f"item_{item.dialect}.html",
        language=item.language,
        heading=item.title,
        words=words,
        item=item,
        price=money(item.price, item.currency),
        price_before=item.price_before and money(item.price_before, item.currency),
        pictures=picture_links(item),
        crumbs=crumbs,
        facts=_facts(item, words),
        related=[_card(other) for other in related],
        data=product_data(item, site) if item.dialect is Dialect.JSON_LD else None,
    )


def home_page(
    categories: Sequence[tuple[str, ...]], shops: Sequence[Shop], items: Iterable[Item]
) -> str:
    return _render(
        "home.html",
        heading="首页",
        categories=list(enumerate(categories)),
        shops=shops,
        cards=[_card(item) for item in items],
    )


def list_page(
    heading: str,
    page: Page,
    *,
    link: str,
    query: Mapping[str, str] | None = None,
    shop: Shop | None = None,
    extra: Sequence[Card] = (),
) -> str:
    """A list; `link` and `query` make the addresses of its other pages."""
    near = range(max(1, page.number - 3), min(page.last, page.number + 3) + 1)
    links = {
        n: f"{link}?{urlencode({**(query or {}), 'page': n})}" for n in (*near, page.number + 1)
    }
    return _render(
        "list.html",
        heading=heading,
        shop=shop,
        cards=[*(_card(item) for item in page.items), *extra],
        pages=[(number, links[number]) for number in near],
        page=page.number,
        next_link=links[page.number + 1] if page.number < page.last else None,
    )


def private_page(items: Iterable[Item]) -> str:
    cards = [_card(item, link=f"/private/item/{item.id}.html") for item in items]
    return _render("private.html", heading="商家后台", cards=cards)


def missing_page() -> str:
    return _render("missing.html", heading="商品不存在")


def challenge_page() -> str:
    return _render("challenge.html", heading="安全验证")


def money(amount: Decimal, currency: str) -> str:
    return f"{SIGNS[currency]}{amount}"


def picture_links(item: Item) -> list[str]:
    return [f"/pic/{item.id}-{number}.jpg" for number in range(1, len(item.pictures) + 1)]


def product_data(item: Item, site: str) -> dict[str, object]:
    """The item as schema.org says it, with the breadcrumb beside it."""
    product: dict[str, object] = {
        "@type": "Product",
        "name": item.title,
        "sku": item.id,
        "description": item.description,
        "category": " > ".join(item.category),
        "image": [site + link for link in picture_links(item)],
        "offers": _offer(item, site),
        "additionalProperty": [
            {"@type": "PropertyValue", "name": name, "value": value}
            for name, value in _facts(item, WORDS[item.language])
        ],
    }
    if item.brand:
        product["brand"] = {"@type": "Brand", "name": item.brand}
    trail = [
        {"@type": "ListItem", "position": position, "name": name}
        for position, name in enumerate(item.category, start=1)
    ]
    crumbs = {"@type": "BreadcrumbList", "itemListElement": trail}
    return {"@context": SCHEMA, "@graph": [crumbs, product]}


def _offer(item: Item, site: str) -> dict[str, object]:
    return {
        "@type": "Offer",
        "price": str(item.price),
        "priceCurrency": item.currency,
        "availability": f"{SCHEMA}InStock",
        "url": f"{site}/item/{item.id}.html",
        "seller": {"@type": "Organization", "name": item.shop.name, "address": item.shop.region},
    }


def _facts(item: Item, words: Words) -> list[tuple[str, str]]:
    facts = (
        (words.brand, item.brand),
        (words.unit, item.unit),
        (words.origin, item.origin),
        (words.standard, item.standard_no),
        (words.sales, item.sales),
        (words.shop, item.shop.name),
        (words.region, item.shop.region),
        (words.number, item.id),
    )
    return [(name, value) for name, value in facts if value]


def _card(item: Item, link: str | None = None) -> Card:
    """Every seventeenth item is reached by a chain of redirects instead of directly."""
    direct = f"/item/{item.id}.html"
    return Card(
        link=link or (f"/go/{item.id}" if int(item.id) % 17 == 0 else direct),
        title=item.title,
        price=money(item.price, item.currency),
        picture=picture_links(item)[0],
    )


def _render(template: str, *, language: str = "zh", **values: object) -> str:
    return _templates().get_template(template).render(language=language, **values)
