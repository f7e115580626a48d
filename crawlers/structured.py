"""Products in a page's structured data: schema.org as JSON-LD or microdata, then OpenGraph."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from extruct.jsonld import JsonLdExtractor
from extruct.opengraph import OpenGraphExtractor
from extruct.w3cmicrodata import MicrodataExtractor
from parsel import Selector
from w3lib.html import remove_tags, replace_entities

from crawlers.fields import LABELS, picture_urls, price_of

PRODUCTS = frozenset(
    {"product", "productgroup", "individualproduct", "productmodel", "vehicle", "book"}
)
DEEP = 12
Node = Mapping[str, Any]


def products(tree: Selector, base: str) -> Iterator[dict[str, object]]:
    """What each kind of structured data says of the page's one product, the surest kind first."""
    for nodes in (_json_ld(tree, base), _microdata(tree, base)):
        crumbs = _crumbs(nodes)
        product = _main(nodes, base)
        if product is not None:
            yield (
                {"category": crumbs, **_fields(product, base)} if crumbs else _fields(product, base)
            )
    graph = _open_graph(tree, base)
    if graph:
        yield graph


def _json_ld(tree: Selector, base: str) -> list[Node]:
    try:
        return [node for node in JsonLdExtractor().extract_items(tree.root, base_url=base) if node]
    except (ValueError, RecursionError):
        return []  # a script that is no JSON tells nothing; the other sources may


def _microdata(tree: Selector, base: str) -> list[Node]:
    found = MicrodataExtractor().extract_items(tree.root, base_url=base)
    return [_flat(node) for node in found]


def _flat(node: Any, depth: int = 0) -> Any:  # noqa: ANN401 - structured data may nest anything
    """Microdata in the form of JSON-LD."""
    if isinstance(node, list):
        return [_flat(each, depth + 1) for each in node]
    if not isinstance(node, dict) or depth > DEEP:
        return node
    properties = node.get("properties", {})
    return {"@type": node.get("type"), **{k: _flat(v, depth + 1) for k, v in properties.items()}}


def _main(nodes: list[Node], base: str) -> Node | None:
    """The one product a page is about; several that are not told apart by address make a list."""
    found = list(_of_kind(nodes, PRODUCTS))
    found = [node for node in found if node.get("name")]
    if len(found) > 1:
        own = [
            node for node in found if base.rstrip("/") == str(_text(node.get("url"))).rstrip("/")
        ]
        outer = [node for node in nodes if _kinds(node) & PRODUCTS]
        found = own or (outer if len(outer) == 1 else [])
    return found[0] if found else None


def _of_kind(value: Any, kinds: frozenset[str], depth: int = 0) -> Iterator[Node]:  # noqa: ANN401
    if depth > DEEP:
        return
    if isinstance(value, list):
        for each in value:
            yield from _of_kind(each, kinds, depth + 1)
    elif isinstance(value, dict):
        if _kinds(value) & kinds:
            yield value
            return
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"):
            yield from _of_kind(value.get(key), kinds, depth + 1)


def _kinds(node: Node) -> frozenset[str]:
    named = node.get("@type")
    many = named if isinstance(named, list) else [named]
    return frozenset(re.split(r"[/#:]", str(kind))[-1].casefold() for kind in many if kind)


def _fields(product: Node, base: str) -> dict[str, object]:
    offer = _offer(product)
    seller = _first(offer.get("seller")) or _first(product.get("seller"))
    return {
        **_parameters(product),
        **_price(offer),
        "id": _text(product.get("sku") or product.get("productID") or product.get("gtin13")),
        "title": _text(product.get("name")),
        "description": _text(product.get("description")),
        "brand": _name(product.get("brand")) or _name(product.get("manufacturer")),
        "images": picture_urls(_pictures(product.get("image")), base),
        "shop_name": _name(seller),
        "shop_region": _place(seller),
        **_optional("rating", _text(_node(product.get("aggregateRating")).get("ratingValue"))),
        **_optional("category", _name(product.get("category"))),
        **_optional("origin", _name(product.get("countryOfOrigin"))),
    }


def _optional(field: str, value: str | None) -> dict[str, object]:
    return {field: value} if value else {}


def _offer(product: Node) -> Node:
    offer = _first(product.get("offers"))
    if not isinstance(offer, dict):
        return {}
    inner = _first(offer.get("offers"))
    return {**inner, **offer} if isinstance(inner, dict) else offer


def _price(offer: Node) -> dict[str, object]:
    inner = _first(offer.get("priceSpecification"))
    sources = [offer, inner] if isinstance(inner, dict) else [offer]
    for source in sources:
        amount = _text(source.get("price")) or _text(source.get("lowPrice"))
        if amount:
            read = price_of(amount)
            currency = _text(source.get("priceCurrency")) or _text(offer.get("priceCurrency"))
            return read | _optional("currency", currency)
    return {}


def _parameters(product: Node) -> dict[str, object]:
    found: dict[str, object] = {}
    properties = product.get("additionalProperty")
    for each in properties if isinstance(properties, list) else [properties]:
        if isinstance(each, dict):
            field = LABELS.get(str(_text(each.get("name"))).casefold())
            value = _text(each.get("value"))
            if field and value:
                found.setdefault(field, value)
    return found


def _crumbs(nodes: list[Node]) -> str | None:
    for trail in _of_kind(nodes, frozenset({"breadcrumblist"})):
        steps = trail.get("itemListElement")
        names = [_step(step) for step in (steps if isinstance(steps, list) else [steps])]
        return " > ".join(name for name in names if name) or None
    return None


def _step(step: Any) -> str | None:  # noqa: ANN401 - structured data may nest anything
    return (_name(step) or _name(step.get("item"))) if isinstance(step, dict) else None


def _pictures(value: Any) -> Iterator[str]:  # noqa: ANN401
    for each in value if isinstance(value, list) else [value]:
        source = (each.get("contentUrl") or each.get("url")) if isinstance(each, dict) else each
        text = _text(source)
        if text:
            yield text


def _place(seller: Any) -> str | None:  # noqa: ANN401
    address = _first(seller.get("address")) if isinstance(seller, dict) else None
    if not isinstance(address, dict):
        return _text(address)
    return _text(address.get("addressRegion")) or _text(address.get("addressLocality"))


def _node(value: Any) -> Node:  # noqa: ANN401
    found = _first(value)
    return found if isinstance(found, dict) else {}


def _first(value: Any) -> Any:  # noqa: ANN401
    return (value[0] if value else None) if isinstance(value, list) else value


def _name(value: Any) -> str | None:  # noqa: ANN401
    value = _first(value)
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _text(value: Any) -> str | None:  # noqa: ANN401
    """A value as a person would read it: tags and entities resolved, white space folded."""
    value = _first(value)
    if isinstance(value, dict):
        value = value.get("@value")
    if value is None or isinstance(value, dict | list | bool):
        return None
    text = str(value)
    if "<" in text or "&" in text:
        text = remove_tags(replace_entities(text))
    return " ".join(text.split()) or None


def _open_graph(tree: Selector, base: str) -> dict[str, object] | None:
    """OpenGraph's product tags; other kinds of page name themselves too, but sell nothing."""
    graph: dict[str, Any] = {}
    for block in OpenGraphExtractor().extract_items(tree.root, base_url=base):
        for key, value in block["properties"]:
            graph.setdefault(key, value)
    amount = _text(graph.get("product:price:amount") or graph.get("og:price:amount"))
    if "product" not in str(graph.get("og:type", "")).casefold() and not amount:
        return None
    currency = _text(graph.get("product:price:currency") or graph.get("og:price:currency"))
    return {
        "title": _text(graph.get("og:title")),
        "description": _text(graph.get("og:description")),
        "brand": _text(graph.get("product:brand") or graph.get("og:brand")),
        "images": picture_urls(_pictures(graph.get("og:image")), base),
        **(price_of(amount) if amount else {}),
        **_optional("currency", currency),
    }
