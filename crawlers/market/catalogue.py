"""Makes the whole market, items and truth, from a seed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from random import Random

from crawlers.market.background import background
from crawlers.market.goods import (
    Dialect,
    Item,
    Market,
    MarketRight,
    Oddity,
    PictureSpec,
    Reference,
    Shape,
    market_right,
)
from crawlers.market.lawful import lawful
from crawlers.market.shops import make_shops
from crawlers.market.truth import Truth
from crawlers.market.unlawful import unlawful, unlawful_english
from crawlers.market.workshop import Workshop

UNLAWFUL_SHARE = 0.13
LAWFUL_SHARE = 0.13
ENGLISH_SHARE = 0.04
HIDDEN_ITEMS = 12
PACKAGES = {31: Shape.BOX, 30: Shape.BAG, 5: Shape.JAR}
HOSTILE = (
    "<script>alert(1)</script>\x1b[2J\x1b]0;owned\x07\"'><img src=x onerror=alert(2)>"
    "\u202egpj.tac\u202c 玩具"
)

Stock = list[tuple[Item, Truth]]


def make_market(
    seed: int, rights: Sequence[Mapping[str, object]], items: int = 2000, shops: int = 32
) -> Market:
    """The market of this seed: `items` items with a truth each, sold by `shops` shops."""
    chance = Random(f"practice-market-{seed}")  # noqa: S311 - the same seed, the same market
    known = tuple(market_right(row) for row in rights)
    references = tuple(reference for right in known for reference in _references(chance, right))
    workshop = Workshop(
        chance=chance,
        numbers=iter(chance.sample(range(1_000_000, 9_999_999), items + HIDDEN_ITEMS)),
        titles=set(),
        rights=known,
        shops=make_shops(chance, known, shops),
        references={right.id: _of(references, right) for right in known},
    )
    stock, hidden = _stock(workshop, items), background(workshop, HIDDEN_ITEMS)
    return Market(
        seed=seed,
        rights=known,
        shops=workshop.shops,
        items=tuple(item for item, _ in stock),
        hidden=tuple(item for item, _ in hidden),
        truths=tuple(truth for _, truth in stock),
        references=references,
    )


def _stock(workshop: Workshop, wanted: int) -> Stock:
    """Everything on sale, in the order of its random numbers, so that order tells nothing."""
    english = max(60, round(wanted * ENGLISH_SHARE)) if wanted >= 600 else wanted // 10
    special: Stock = [
        *unlawful(workshop, round(wanted * UNLAWFUL_SHARE)),
        *lawful(workshop, round(wanted * LAWFUL_SHARE)),
        *unlawful_english(workshop, english // 4),
        *lawful(workshop, english // 6, "en"),
    ]
    clean = background(workshop, english - english // 4 - english // 6, "en")
    clean += background(workshop, wanted - len(special) - len(clean))
    return sorted(special + _with_oddities(clean), key=lambda pair: pair[0].id)


def _with_oddities(stock: Stock) -> Stock:
    """The last clean items get the pages that misbehave."""
    odd = [
        (_odd(item, oddity), truth)
        for oddity, (item, truth) in zip(Oddity, stock[::-1], strict=False)
    ]
    return stock[: len(stock) - len(odd)] + odd


def _odd(item: Item, oddity: Oddity) -> Item:
    if oddity is Oddity.HOSTILE_TITLE:
        return replace(item, title=HOSTILE, dialect=Dialect.PLAIN, oddity=oddity)
    return replace(item, oddity=oddity)


def _references(chance: Random, right: MarketRight) -> tuple[Reference, Reference]:
    scheme = "地理标志产品" if right.is_place_name else "注册商标"
    words = (right.name, right.goods[0], scheme, *right.latin)
    package = PACKAGES.get(right.nice_class, Shape.BOX)
    return (
        Reference(right_id=right.id, name="package", spec=_photo(chance, package, words)),
        Reference(right_id=right.id, name="logo", spec=_photo(chance, Shape.BADGE, words)),
    )


def _photo(chance: Random, shape: Shape, words: tuple[str, ...]) -> PictureSpec:
    return PictureSpec(seed=chance.getrandbits(32), shape=shape, words=words)


def _of(references: Sequence[Reference], right: MarketRight) -> tuple[Reference, ...]:
    return tuple(reference for reference in references if reference.right_id == right.id)
