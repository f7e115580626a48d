"""What is where in the market: by number, category, shop and search words, a page at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from crawlers.market.goods import Item, Market

PER_PAGE = 24

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list; pages count from 1."""

    items: tuple[Item, ...]
    number: int
    last: int


class Shelves:
    """The market's items in the orders that its lists show them."""

    def __init__(self, market: Market) -> None:
        self.items = {item.id: item for item in market.items}
        self.hidden = {item.id: item for item in market.hidden}
        self.shops = {shop.id: shop for shop in market.shops}
        self.categories = tuple(sorted({path for item in market.items for path in _paths(item)}))
        self.by_category = {path: _having(market, path) for path in self.categories}
        self.by_shop = {shop: _sold_by(market, shop) for shop in self.shops}
        self._texts = tuple((item, _searched(item)) for item in market.items)
        self.search = lru_cache(maxsize=256)(self._search)

    def related(self, item: Item) -> tuple[Item, ...]:
        """Four others of the same category, the same four each time."""
        others = self.by_category.get(item.category, ())
        start = int(item.id) % max(1, len(others))
        near = {other.id: other for other in others[start : start + 5] + others[:5]}
        near.pop(item.id, None)
        return tuple(near.values())[:4]

    def _search(self, words: str) -> tuple[Item, ...]:
        """Items that share any two-character run with the words, the most alike first."""
        runs = _runs(words.lower())
        scored = [(sum(run in text for run in runs), item) for item, text in self._texts]
        found = [pair for pair in scored if pair[0]]
        return tuple(item for _, item in sorted(found, key=lambda pair: -pair[0]))


def page_of(items: Sequence[Item], number: int) -> Page:
    """The page asked for, or the nearest there is."""
    last = max(1, -(-len(items) // PER_PAGE))
    number = min(max(1, number), last)
    return Page(
        items=tuple(items[(number - 1) * PER_PAGE : number * PER_PAGE]), number=number, last=last
    )


def in_round(item: Item, number: int) -> Item | None:
    """The item as it stands in that round: from the second on some are gone and some cost more."""
    if number > 1 and int(item.id) % 41 == 0:
        return None
    if number > 1 and int(item.id) % 13 == 0:
        return replace(item, price=item.price + Decimal(number))
    return item


def _paths(item: Item) -> tuple[Path, ...]:
    return tuple(item.category[:length] for length in range(1, len(item.category) + 1))


def _having(market: Market, path: Path) -> tuple[Item, ...]:
    return tuple(item for item in market.items if path in _paths(item))


def _sold_by(market: Market, shop_id: str) -> tuple[Item, ...]:
    return tuple(item for item in market.items if item.shop.id == shop_id)


def _searched(item: Item) -> str:
    return f"{item.title} {item.category[-1]}".lower()


def _runs(words: str) -> frozenset[str]:
    parts: Iterable[str] = words.split()
    return frozenset(part[at : at + 2] for part in parts for at in range(max(1, len(part) - 1)))
