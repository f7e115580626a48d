"""Reading single fields: text, prices, pictures, brands and parameter tables, as a person would."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import zyte_parsers
from parsel import Selector
from price_parser import Price

from crawlers.sites import Site

SYMBOLS = {"¥": "CNY", "￥": "CNY", "元": "CNY", "£": "GBP", "$": "USD", "US$": "USD", "€": "EUR"}
FREE = re.compile(r"^\s*(?:free|免费)\s*$", re.IGNORECASE)
LABELS = {
    "产地": "origin",
    "原产地": "origin",
    "产地/厂家": "origin",
    "origin": "origin",
    "country of origin": "origin",
    "品牌": "brand",
    "brand": "brand",
    "执行标准": "standard_no",
    "产品标准号": "standard_no",
    "标准号": "standard_no",
    "standard": "standard_no",
    "店铺": "shop_name",
    "卖家": "shop_name",
    "seller": "shop_name",
    "shop": "shop_name",
    "店铺所在地": "shop_region",
    "销量": "sales",
    "sales": "sales",
    "category": "category",
    "类目": "category",
}


def selected(site: Site, tree: Selector, base: str) -> dict[str, object]:
    """The fields that the site's selectors name."""
    found: dict[str, object] = {}
    for name, selectors in site.read.items():
        reader = _READERS.get(name, _text)
        value = reader(tree, selectors, base)
        if isinstance(value, dict):
            found |= {key: each for key, each in value.items() if key not in found}
        elif value:
            found["shop_name" if name == "shop" else name] = value
    return found


def text_of(node: Selector) -> str:
    """What a person reads: the text with its white space folded."""
    if isinstance(node.root, str):
        return " ".join(node.root.split())
    parts = node.xpath(".//text()[not(ancestor::script or ancestor::style)]").getall()
    return " ".join(" ".join(parts).split())


def price_of(text: str) -> dict[str, object]:
    """`price` and `currency` of a price as written: ¥1,299.00, 199起, £7.99, Free."""
    if FREE.match(text):
        return {"price": 0.0}
    read = Price.fromstring(text)
    if read.amount is None:
        return {}
    currency = SYMBOLS.get(read.currency or "", read.currency)
    if currency is None:
        currency = next((code for symbol, code in SYMBOLS.items() if symbol in text), None)
    return {"price": float(read.amount), "currency": currency}


def brand_of(html: str) -> str | None:
    """The brand that a snippet names, be it text, a link or a logo with its alternative text."""
    return zyte_parsers.extract_brand_name(Selector(text=html).root, search_depth=5)


def picture_urls(values: Iterator[str], base: str) -> tuple[str, ...]:
    """Absolute addresses of pictures, each once; drawn-in data and vectors are left out."""
    found: dict[str, None] = {}
    for value in values:
        try:
            url = urljoin(base, value.strip())
        except ValueError:
            continue
        parts = urlsplit(url)
        if value.strip() and parts.scheme in {"http", "https"} and not parts.path.endswith(".svg"):
            found[url] = None
    return tuple(found)


def _text(tree: Selector, selectors: tuple[str, ...], _base: str) -> object:
    for selector in selectors:
        for node in tree.css(selector):
            text = text_of(node)
            if text:
                return text
    return None


def _price(tree: Selector, selectors: tuple[str, ...], _base: str) -> object:
    text = _text(tree, selectors, _base)
    return price_of(text) if isinstance(text, str) else None


def _images(tree: Selector, selectors: tuple[str, ...], base: str) -> object:
    values = (value for selector in selectors for value in tree.css(selector).getall())
    return picture_urls(values, base)


def _category(tree: Selector, selectors: tuple[str, ...], _base: str) -> object:
    for selector in selectors:
        names = [text for node in tree.css(selector) if (text := text_of(node))]
        if names:
            return " > ".join(names)
    return None


def _brand(tree: Selector, selectors: tuple[str, ...], _base: str) -> object:
    for selector in selectors:
        html = tree.css(selector).get()
        if html and (brand := brand_of(html)):
            return brand
    return None


def _params(tree: Selector, selectors: tuple[str, ...], _base: str) -> object:
    """Label and value of tables (th/td) and lists (dt/dd), by what the label means."""
    found: dict[str, object] = {}
    for selector in selectors:
        for label in tree.css(selector).xpath(".//th | .//dt | .//li/span[1]"):
            field = LABELS.get(text_of(label).rstrip(":： ").casefold())
            value = label.xpath("following-sibling::*[1]")
            if field and value:
                found.setdefault(field, text_of(value[0]))
    return found


_READERS: Mapping[str, Any] = {
    "price": _price,
    "images": _images,
    "category": _category,
    "brand": _brand,
    "params": _params,
}
