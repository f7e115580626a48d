"""The market's nouns: rights as it sees them, shops, items and their pictures."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from crawlers.market.truth import PictureDisguise, Truth


class Standing(StrEnum):
    """What a shop is to the rights it deals in."""

    OFFICIAL = "official"
    USER = "user"
    PRETENDER = "pretender"
    LOCAL = "local"
    SECOND_HAND = "second_hand"
    ENGLISH = "english"
    ORDINARY = "ordinary"


class Shape(StrEnum):
    """What a drawn picture shows."""

    FRUIT = "fruit"
    LEAF = "leaf"
    BAG = "bag"
    BOX = "box"
    BOTTLE = "bottle"
    JAR = "jar"
    BOOK = "book"
    SHOE = "shoe"
    RING = "ring"
    DEVICE = "device"
    MACHINE = "machine"
    GARMENT = "garment"
    TOY = "toy"
    POSTER = "poster"
    BADGE = "badge"


class Dialect(StrEnum):
    """How an item's page says what it says."""

    JSON_LD = "jsonld"
    MICRODATA = "microdata"
    PLAIN = "plain"


class Oddity(StrEnum):
    """An item whose page or picture misbehaves."""

    SLOW = "slow"
    CUT_PICTURE = "cut_picture"
    HOSTILE_TITLE = "hostile_title"


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureSpec:
    """A picture that has not been drawn yet; the same spec always draws the same bytes."""

    seed: int
    shape: Shape
    words: tuple[str, ...]
    original: "PictureSpec | None" = None
    edit: PictureDisguise | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A right holder's own picture."""

    right_id: str
    name: str
    spec: PictureSpec


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketRight:
    """The part of a rights entry that the market needs to praise or misuse it."""

    id: str
    name: str
    is_place_name: bool
    aliases: tuple[str, ...]
    latin: tuple[str, ...]
    nice_class: int
    goods: tuple[str, ...]
    region: str | None

    @property
    def home(self) -> str:
        return self.region or "甘肃省天水市"

    @property
    def place(self) -> str:
        """The innermost part of the region: 秦安县 of 甘肃省天水市秦安县."""
        return [part for part in re.split(r"(?<=[省市])", self.home) if part][-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A seller; `right_ids` are the rights it is official for, may use, or pretends to."""

    id: str
    name: str
    region: str
    standing: Standing
    right_ids: tuple[str, ...] = ()
    owner: str | None = None

    @property
    def is_official(self) -> bool:
        return self.standing is Standing.OFFICIAL


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Goods on offer, as a page shows them."""

    id: str
    title: str
    description: str
    category: tuple[str, ...]
    brand: str | None
    price: Decimal
    price_before: Decimal | None
    currency: str
    unit: str | None
    sales: str
    origin: str | None
    standard_no: str | None
    shop: Shop
    pictures: tuple[PictureSpec, ...]
    dialect: Dialect
    language: str = "zh"
    oddity: Oddity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The whole market; `hidden` items stand in the closed area only and have no truth."""

    seed: int
    rights: tuple[MarketRight, ...]
    shops: tuple[Shop, ...]
    items: tuple[Item, ...]
    hidden: tuple[Item, ...]
    truths: tuple[Truth, ...]
    references: tuple[Reference, ...]


def market_right(row: Mapping[str, object]) -> MarketRight:
    region = row.get("region")
    classes = _many(row.get("class"))
    name = str(row["name"])
    return MarketRight(
        id=str(row["id"]),
        name=name,
        is_place_name=row.get("kind") == "gi",
        aliases=tuple(str(alias) for alias in _many(row.get("aliases"))),
        latin=tuple(str(latin) for latin in _many(row.get("latin"))),
        nice_class=int(str(classes[0])) if classes else 31,
        goods=tuple(str(word) for word in _many(row.get("goods"))) or (name,),
        region=str(region["name"]) if isinstance(region, Mapping) else None,
    )


def _many(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, list | tuple) else ()
