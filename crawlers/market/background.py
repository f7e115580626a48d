"""Goods that have nothing to do with any right, and only look like a market."""

from crawlers.market.goods import Item, Standing
from crawlers.market.tables import Kind, kinds, voice
from crawlers.market.truth import Expected, Truth
from crawlers.market.workshop import Draft, Workshop


def background(workshop: Workshop, wanted: int, language: str = "zh") -> list[tuple[Item, Truth]]:
    shelves = kinds(language)
    items = (_item(workshop, shelves[number % len(shelves)]) for number in range(wanted))
    return [(item, Truth(item_id=item.id, expected=Expected.CLEAR)) for item in items]


def _item(workshop: Workshop, kind: Kind) -> Item:
    chance = workshop.chance
    brand = chance.choice(voice(kind.language).brands)
    goods, trait, spec = (chance.choice(words) for words in (kind.goods, kind.traits, kind.specs))
    standing = Standing.ENGLISH if kind.language == "en" else Standing.ORDINARY
    shop = workshop.shop([standing])
    if shop is None:
        raise ValueError(f"no {standing} shop to sell {goods}")
    draft = Draft(
        title=workshop.unique_title(lambda: _title(workshop, kind, brand, goods), kind.language),
        description=_description(kind, brand, goods, trait, spec),
        category=kind.path,
        brand=brand if chance.random() < 0.8 else None,
        price=workshop.price(kind.price),
        unit=spec,
        origin=chance.choice(kind.origins) if chance.random() < 0.8 else None,
        shop=shop,
        pictures=workshop.pictures(kind.shape, (brand, goods, spec)),
        language=kind.language,
    )
    return workshop.finish(draft)


def _title(workshop: Workshop, kind: Kind, brand: str, goods: str) -> str:
    """Parts in the loose order real titles have; all but the goods may be missing."""
    chance = workshop.chance
    first, second = chance.sample(kind.traits, 2)
    spec = chance.choice(kind.specs)
    if kind.language == "en":
        return chance.choice(
            (f"{brand} {first} {goods}, {spec}", f"{first} {second} {goods} {spec}")
        )
    patterns = (
        f"{brand} {first}{goods} {second} {spec}",
        f"{first}{second}{goods} {spec}",
        f"【{brand}】{goods} {first} {second}",
        f"{goods} {spec} {first}{second} {brand}",
    )
    return chance.choice(patterns)


def _description(kind: Kind, brand: str, goods: str, trait: str, spec: str) -> str:
    if kind.language == "en":
        return f"{brand} {goods}, {trait.lower()}, {spec}."
    return f"{brand}{goods}，{trait}，规格{spec}。"
