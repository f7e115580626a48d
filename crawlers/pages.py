"""Pure: (site, url, html) → Capture | None. JSON-LD → microdata → OpenGraph → selectors."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urldefrag, urljoin, urlsplit

from parsel import Selector

from crawlers import fields, structured
from crawlers.sites import Site
from pipeline.records import Capture, Shop, digest

LITTLE_TEXT = 2_000
UNSEEN = "//text()[not(ancestor::script or ancestor::style or ancestor::noscript)]"


class Standing(StrEnum):
    """What kind of answer a page is, whatever its HTTP status says."""

    ITEM = "item"
    LIST = "list"
    GONE = "gone"
    CHALLENGE = "challenge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """All that one page says: its standing, its capture if it is an item, and where it leads."""

    standing: Standing
    capture: Capture | None
    items: tuple[str, ...]
    follow: tuple[str, ...]


def read_page(site: Site, url: str, html: str) -> Page:
    """Reads a page once for everything that is asked of it."""
    tree = Selector(text=html or " ", type="html")
    capture = _capture(site, url, tree)
    items, follow = _links(site, url, tree)
    standing = _standing(
        site, tree, capture, is_item=site.is_item(url), leads=bool(items or follow)
    )
    withdrawn = standing is not Standing.ITEM
    return Page(
        standing=standing,
        capture=None if withdrawn else capture,
        items=items,
        follow=follow,
    )


def read(site: Site, url: str, html: str) -> Capture | None:
    """The item that this page offers, or `None` for lists, errors and challenges."""
    return read_page(site, url, html).capture


def _standing(
    site: Site, tree: Selector, capture: Capture | None, *, is_item: bool, leads: bool
) -> Standing:
    heading = " ".join(tree.css("title::text, h1 ::text, h2 ::text, .msg ::text").getall())
    if any(tree.css(selector) for selector in site.gone):
        return Standing.GONE
    if capture is not None:
        return Standing.ITEM
    text = " ".join(tree.xpath(UNSEEN).getall())
    said = text if len(text) < LITTLE_TEXT else heading
    if _says(site.challenge_words, said):
        return Standing.CHALLENGE
    if _says(site.gone_words, said) or is_item or not leads:
        return Standing.GONE
    return Standing.LIST


def _says(patterns: Sequence[str], text: str) -> bool:
    return any(re.search(pattern, text, re.IGNORECASE) for pattern in patterns)


def _capture(site: Site, url: str, tree: Selector) -> Capture | None:
    """Each field from the first source that has it; a page no source calls a product is none."""
    if site.item and not site.is_item(url):
        return None
    base = urljoin(url, tree.css("base::attr(href)").get(default=""))
    found = [
        *(structured.products(tree, base) if site.structured else []),
        *([fields.selected(site, tree, base)] if site.read else []),
    ]
    whole = _first_of_each(found)
    title = whole.get("title")
    if not isinstance(title, str) or not title:
        return None
    return _built(site, url, title, whole)


def _first_of_each(found: Sequence[Mapping[str, object]]) -> dict[str, object]:
    whole: dict[str, object] = {}
    for source in found:
        for field, value in source.items():
            if value not in (None, "", ()):
                whole.setdefault(field, value)
    return whole


def _built(site: Site, url: str, title: str, whole: dict[str, object]) -> Capture:
    own = site.item_of(url) or whole.pop("id", None) or digest(url)
    shop = {name: whole.get(f"shop_{name}") for name in ("id", "name", "region")}
    kept = Capture.__dataclass_fields__.keys() & whole.keys()
    capture = Capture(
        id=str(own),
        title=title,
        platform=site.platform,
        url=url,
        shop=Shop(**{name: str(value) for name, value in shop.items() if value}),
    )
    values = {name: whole[name] for name in kept if name not in {"id", "title", "url", "shop"}}
    if whole.get("rating") is not None:
        values["extra"] = {"rating": whole["rating"]}
    if values.get("price") is not None and not values.get("currency"):
        values["currency"] = site.currency
    return replace(capture, **values)  # type: ignore[arg-type]  # each reader gives its field's type


def _links(site: Site, url: str, tree: Selector) -> tuple[tuple[str, ...], tuple[str, ...]]:
    items: dict[str, None] = {}
    follow: dict[str, None] = {}
    for link in _addresses(site, url, tree):
        if site.is_item(link):
            items[link] = None
        elif site.is_followed(link):
            follow[link] = None
    return tuple(items), tuple(follow)


def _addresses(site: Site, url: str, tree: Selector) -> Iterator[str]:
    base = urljoin(url, tree.css("base::attr(href)").get(default=""))
    here = urlsplit(url).hostname
    for name in site.links:
        for value in tree.xpath(f"//*[@{name}]/@{name}").getall():
            link = _absolute(base, value.strip())
            if link and urlsplit(link).hostname in {here, *site.hosts}:
                yield link


def _absolute(base: str, value: str) -> str | None:
    try:
        link, _ = urldefrag(urljoin(base, value))
        return link if urlsplit(link).scheme in {"http", "https"} else None
    except ValueError:
        return None  # an address that no browser could follow either
