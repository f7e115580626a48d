"""Measures what the page reader returns of what is known to be on other people's pages.

The data are not part of this project: give their folder with `--data`. Expected values come from
the data's own answers: extruct's expected JSON, zyte-parsers' values, ShopXO's JSON interface, and
for django-oscar from a second place on the same page (trail, table, meta tag) than the one our
site file reads. The plain alternative runs beside it: extruct's first product taken at its word,
zyte-parsers called without options on the same element, the `<title>` of the page.
"""

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import extruct
import zyte_parsers
from parsel import Selector

sys.path.append(str(Path(__file__).resolve().parents[1]))

from crawlers import fields, pages, sites
from pipeline.records import Capture

HERE = "http://www.example.com/index.html"
SHOPXO = "http://127.0.0.1:18081/"
OSCAR = "http://127.0.0.1:18080/en-gb/"
SYNTAXES = ["json-ld", "microdata", "opengraph"]
SIGNS = {"￥": "CNY", "£": "GBP"}
Values = Mapping[str, object]


@dataclass(slots=True)
class Count:
    """How many values were expected of one kind, and how many each reader returned."""

    expected: int = 0
    ours: int | None = None
    plain: int | None = None


@dataclass(slots=True)
class Ledger:
    """The counts by source and field, and every value of ours that was not the expected one."""

    counts: dict[tuple[str, str], Count] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def hold(self, source: str, wanted: Values, ours: Values | None, plain: Values | None) -> None:
        """Counts each wanted field once; a reader that does not exist is `None`."""
        for name, value in wanted.items():
            count = self.counts.setdefault((source, name), Count())
            count.expected += 1
            if ours is not None:
                right = ours.get(name) == value
                count.ours = (count.ours or 0) + right
                if not right:
                    self.wrong.append(f"{source} {name}: {value!r}, not {ours.get(name)!r}")
            if plain is not None and name in plain:
                count.plain = (count.plain or 0) + (plain[name] == value)


def main() -> None:
    options = _options()
    data: Path = options.data
    if not (data / "html-live-shops").is_dir():
        sys.exit(f"{data} has no folder html-live-shops: give the folder of the data with --data.")
    ledger = Ledger()
    _structured(ledger, data / "html-extruct")
    _snippets(ledger, data / "html-zyte-parsers")
    _shopxo(ledger, data / "html-live-shops")
    _oscar(ledger, data / "html-live-shops")
    print("\n".join(_table(ledger.counts)))
    print("\n".join(_notes(data / "html-zyte-parsers")))
    if options.wrong:
        print("\n".join(line[:400] for line in ledger.wrong))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--wrong", action="store_true", help="also print every wrong value")
    return parser.parse_args()


def _structured(ledger: Ledger, folder: Path) -> None:
    site = sites.load("generic", HERE)
    for page in sorted(folder.glob("*/*.html")):
        nodes = [node for end in (".json", ".jsonld") for node in _nodes(page.with_suffix(end))]
        html = page.read_text(encoding="utf-8", errors="replace")
        if wanted := _graph_values(nodes):
            html = _metas(html)
            ours = _ours(pages.read(site, HERE, html))
            ledger.hold("extruct: OpenGraph", wanted, ours, _plain(html))
        elif wanted := _product_values(nodes):
            ours = _ours(pages.read(site, HERE, html))
            ledger.hold("extruct: schema.org", wanted, ours, _plain(html))
        elif nodes and "Book" not in json.dumps(nodes):  # a book with an offer is for sale, too
            none = {"nothing": pages.read(site, HERE, html) is None}
            ledger.hold("extruct: no product", {"nothing": True}, none, None)


def _nodes(path: Path) -> list[Mapping[str, Any]]:
    return _many(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else []


def _metas(html: str) -> str:
    """The page's meta tags alone; its other data would be read first."""
    return "<html>" + "".join(Selector(text=html).css("meta, title").getall()) + "</html>"


def _product_values(nodes: Iterable[Mapping[str, Any]]) -> Values:
    for node in nodes:
        inner = node.get("properties", {})
        values = {**node, **inner} if isinstance(inner, dict) else node
        if str(values.get("type", values.get("@type"))).endswith("Product") and "name" in values:
            return _named(values)
    return {}


def _named(product: Mapping[str, Any]) -> Values:
    offer = next(iter(_many(product.get("offers", {}))))
    offer = {**offer, **offer.get("properties", {})}
    price = offer.get("price", offer.get("lowPrice"))
    found = {
        "title": _folded(product["name"]),
        "price": float(price) if price else None,
        "currency": offer.get("priceCurrency"),
        "brand": _folded(product.get("brand")),
        "description": _folded(product.get("description")),
        "images": tuple(urljoin(HERE, image) for image in _many(product.get("image", []))),
    }
    return {name: value for name, value in found.items() if value}


def _graph_values(nodes: Iterable[Mapping[str, Any]]) -> Values:
    for node in nodes:
        graph = dict(reversed(node["properties"])) if "namespace" in node else {}
        if "product" in str(graph.get("og:type")):
            return {
                "title": _folded(graph["og:title"]),
                "price": float(graph["product:price:amount"]),
                "currency": graph["product:price:currency"],
                "description": _folded(graph["og:description"]),
                "images": (graph["og:image"],),
            }
    return {}


def _plain(html: str) -> dict[str, object]:
    """The first product that extruct finds, each field taken where schema.org says it is."""
    title = _folded(Selector(text=html).css("title::text").get())
    found = extruct.extract(html, HERE, syntaxes=SYNTAXES, uniform=True, errors="ignore")
    nodes = [node for kind in SYNTAXES for node in found.get(kind, [])]
    products = (node for node in nodes if "roduct" in str(node.get("@type")))
    product: Mapping[str, Any] = next(products, {})
    offers = product.get("offers")
    offer = offers if isinstance(offers, dict) else {}
    price = offer.get("price", product.get("product:price:amount"))
    images = _many(product.get("image", product.get("og:image", [])))
    return {
        "title": title,
        "price": float(price) if price else None,
        "currency": offer.get("priceCurrency", product.get("product:price:currency")),
        "brand": product.get("brand"),
        "description": product.get("description", product.get("og:description")),
        "images": tuple(images),
        "pictures": len(images),
    }


def _snippets(ledger: Ledger, folder: Path) -> None:
    for case in _nodes(folder / "brand_values.json"):
        ours = {"brand": fields.brand_of(case["html"])}
        body = Selector(text=case["html"]).css("body > *")
        plain = {"brand": zyte_parsers.extract_brand_name(body[0]) if body else None}
        ledger.hold("zyte-parsers", {"brand": case["value"]}, ours, plain)
    for case in _nodes(folder / "rating_values.json"):
        plain = {"rating": zyte_parsers.extract_rating(Selector(text=case["html"])).ratingValue}
        ours = {"rating": fields.rating_of(case["html"])}
        ledger.hold("zyte-parsers", {"rating": case["ratingValue"]}, ours, plain)


def _shopxo(ledger: Ledger, folder: Path) -> None:
    site = sites.load("shopxo", SHOPXO)
    for answer in sorted(folder.glob("shopxo_goods_*.api.json")):
        name = answer.name.removesuffix(".api.json")
        url = f"{SHOPXO}?s=goods/index/id/{name.rpartition('_')[2]}.html"
        html = (folder / f"{name}.html").read_text(encoding="utf-8")
        data = _nodes(answer)[0]["data"]
        capture = pages.read(site, url, html)
        if not data:
            none = {"soft 404: nothing": capture is None}
            ledger.hold("ShopXO", {"soft 404: nothing": True}, none, None)
        else:
            plain = _plain(html) | _trail(html, ".am-breadcrumb")
            ledger.hold("ShopXO", _goods(data["goods"]), _ours(capture), plain)
    for name in ("search", "home"):
        html = (folder / f"shopxo_{name}.html").read_text(encoding="utf-8")
        wanted = Selector(text=html).css("[data-module=goods]::attr(data-id)").getall()
        _links(ledger, site, "ShopXO", html, wanted)


def _goods(goods: Mapping[str, Any]) -> Values:
    drawn = Selector(text=goods["content_web"] or " ").css("img::attr(src)").getall()
    return {
        "title": goods["title"],
        "price": float(goods["min_price"]),
        "currency": SIGNS[goods["show_price_symbol"]],
        "pictures": len({*drawn, *(photo["images"] for photo in goods["photo"])}),
        "sales": str(goods["sales_count"]),
        "category": goods["category_names"][-1],
        **({"description": goods["simple_desc"]} if goods["simple_desc"] else {}),
    }


def _oscar(ledger: Ledger, folder: Path) -> None:
    site = sites.load("oscar", OSCAR)
    for page in sorted(folder.glob("oscar_*_*.html")):
        html = page.read_text(encoding="utf-8")
        url = f"{OSCAR}catalogue/{page.stem.removeprefix('oscar_')}/"
        plain = _plain(html) | _trail(html, ".breadcrumb")
        ledger.hold("django-oscar", _goods_page(html), _ours(pages.read(site, url, html)), plain)
    html = (folder / "oscar_catalogue.html").read_text(encoding="utf-8")
    shown = Selector(text=html).css("article.product_pod h3 a::attr(href)").re(r"_(\d+)/$")
    _links(ledger, site, "django-oscar", html, shown)


def _goods_page(html: str) -> Values:
    """What a person reads in the trail, the table and the summary of an item's page."""
    tree = Selector(text=html)
    cell = tree.xpath("//th[starts-with(normalize-space(), 'Price')]/following-sibling::td/text()")
    written = cell.get(default="")
    trail = [_folded(step) for step in tree.css(".breadcrumb li ::text").getall() if step.strip()]
    summary = _folded(tree.css("meta[name=description]::attr(content)").get())
    return {
        "title": trail[-1],
        "price": float(re.sub(r"[^\d.]", "", written)),
        "currency": SIGNS[written.strip()[0]],
        "pictures": len(tree.css(".carousel-inner img")),
        "category": trail[-2],
        **({"description": summary} if summary else {}),
    }


def _links(ledger: Ledger, site: sites.Site, source: str, html: str, wanted: list[str]) -> None:
    found = {site.item_of(url) for url in pages.read_page(site, site.starts()[0], html).items}
    for item in dict.fromkeys(wanted):
        ledger.hold(source, {"link in a list": True}, {"link in a list": item in found}, None)
    ledger.hold(source, {"no stray link": True}, {"no stray link": found <= set(wanted)}, None)


def _trail(html: str, selector: str) -> dict[str, object]:
    steps = zyte_parsers.extract_breadcrumbs(Selector(text=html).css(selector)[0], base_url=HERE)
    linked = [step.name for step in steps or () if step.url]
    return {"category": linked[-1] if linked else None}


def _ours(capture: Capture | None) -> Values:
    if capture is None:
        return {}
    last = (capture.category or "").rpartition(" > ")[2]
    return asdict(capture) | {"pictures": len(capture.images), "category": last}


def _folded(text: str | None) -> str | None:
    return " ".join(text.split()) or None if text else None


def _many(value: Any) -> list[Any]:  # noqa: ANN401 - structured data may hold one or several
    return value if isinstance(value, list) else [value]


def _table(counts: Mapping[tuple[str, str], Count]) -> Iterator[str]:
    yield f"{'source':22}{'value':20}{'expected':>9}{'ours':>9}{'plain':>9}"
    for (source, name), count in counts.items():
        shares = "".join(f"{_share(got, count.expected):>9}" for got in (count.ours, count.plain))
        yield f"{source:22}{name:20}{count.expected:>9,}{shares}"


def _share(got: int | None, expected: int) -> str:
    return "–" if got is None else f"{got / expected:.1%}"


def _notes(folder: Path) -> Iterator[str]:
    yield "–: no such reader."
    trails = len(_nodes(folder / "breadcrumb_items_extract.json"))
    yield (
        f"zyte-parsers' {trails} trails are not measured: the data hold the expected steps without "
        "the snippets, and no function of ours takes a bare snippet."
    )


if __name__ == "__main__":
    main()
