"""Reading single fields: text, prices, pictures, brands and parameter tables, as a person would."""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import zyte_parsers
from lxml.etree import iterwalk
from parsel import Selector
from price_parser import Price

from crawlers.sites import Site

SYMBOLS = {  # the longer before the shorter that it holds
    "CN¥": "CNY",
    "JP¥": "JPY",
    "US$": "USD",
    "HK$": "HKD",
    "NT$": "TWD",
    "CA$": "CAD",
    "A$": "AUD",
    "人民币": "CNY",
    "美元": "USD",
    "港元": "HKD",
    "港币": "HKD",
    "日元": "JPY",
    "欧元": "EUR",
    "RMB": "CNY",
    "¥": "CNY",
    "￥": "CNY",
    "元": "CNY",
    "£": "GBP",
    "$": "USD",
    "€": "EUR",
    "円": "JPY",
    "₩": "KRW",
    "₽": "RUB",
}
FREE = re.compile(
    r"^\s*(?:free|免费|免費|無料|kostenlos|gratis|gratuit|gratuito)\s*$", re.IGNORECASE
)
MYRIAD = re.compile(r"\d\s*万")
UNREAD = frozenset({"script", "style", "noscript", "template"})
INLINE_TAGS = (
    "a abbr b bdi bdo big cite code data del dfn em font i ins kbd mark q s small span strong "
    "sub sup time tt u var wbr"
)
INLINE = frozenset(INLINE_TAGS.split())
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
    return " ".join("".join(_pieces(node.root)).split())


def _pieces(root: Any) -> Iterator[str]:  # noqa: ANN401 - lxml's element
    """Its texts, with a gap where a block, a cell or a line begins or ends, as a browser has it."""
    walk = iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        if event in ("start", "end"):
            yield "" if element.tag in INLINE else " "
        if event == "start" and element.tag in UNREAD:
            walk.skip_subtree()
        elif event == "start":
            yield element.text or ""
        elif element is not root:
            yield element.tail or ""


def price_of(text: str) -> dict[str, object]:
    """`price` and `currency` of a price as written: ¥1,299.00, 199起, £7.99, Free."""
    if FREE.match(text):
        return {"price": 0.0}
    read = Price.fromstring(text)
    if read.amount is None:
        return {}
    code = next((code for symbol, code in SYMBOLS.items() if symbol in text), read.currency)
    amount = float(read.amount) * (10_000 if MYRIAD.search(text) else 1)
    return {"price": amount, "currency": code}


def brand_of(html: str) -> str | None:
    """The brand that a snippet names, be it text, a link or a logo with its alternative text."""
    return zyte_parsers.extract_brand_name(Selector(text=html).root, search_depth=5)


def rating_of(html: str) -> float | None:
    """The rating that a snippet shows, on the scale it is shown in."""
    rating: float | None = zyte_parsers.extract_rating(Selector(text=html)).ratingValue
    return rating


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


def _prose(tree: Selector, selectors: tuple[str, ...], _base: str) -> object:
    return " ".join(_texts(tree, selectors)) or None


def _texts(tree: Selector, selectors: tuple[str, ...]) -> list[str]:
    """All that the first selector with any text yields, in the page's order."""
    for selector in selectors:
        texts = [text for node in tree.css(selector) if (text := text_of(node))]
        if texts:
            return texts
    return []


def _price(tree: Selector, selectors: tuple[str, ...], _base: str) -> object:
    text = _text(tree, selectors, _base)
    return price_of(text) if isinstance(text, str) else None


def _images(tree: Selector, selectors: tuple[str, ...], base: str) -> object:
    values = (value for selector in selectors for value in tree.css(selector).getall())
    return picture_urls(values, base)


def _category(tree: Selector, selectors: tuple[str, ...], _base: str) -> object:
    return " > ".join(_texts(tree, selectors)) or None


def _brand(tree: Selector, selectors: tuple[str, ...], _base: str) -> object:
    for selector in selectors:
        html = tree.css(selector).get()
        if html and (brand := brand_of(html)):
            return brand
    return None


def _rating(tree: Selector, selectors: tuple[str, ...], _base: str) -> object:
    html = next((html for selector in selectors if (html := tree.css(selector).get())), None)
    return rating_of(html) if html else None


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
    "description": _prose,
    "category": _category,
    "brand": _brand,
    "rating": _rating,
    "params": _params,
}
