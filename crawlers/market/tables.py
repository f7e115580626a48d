"""The market's word lists, read once from the TOML files beside the code."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from crawlers.market.goods import MarketRight, Shape, Standing
from crawlers.market.truth import LawfulKind

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """The small talk of one language: brands, sales texts, title endings, filler sentences."""

    brands: tuple[str, ...]
    sales: tuple[str, ...]
    endings: tuple[str, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One shelf of goods that touch no right."""

    path: tuple[str, ...]
    shape: Shape
    price: tuple[int, int]
    goods: tuple[str, ...]
    traits: tuple[str, ...]
    specs: tuple[str, ...]
    origins: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LawfulTemplate:
    """A lawful way to mention a right; `shape` may also be "goods" or "genuine"."""

    kind: LawfulKind
    classes: tuple[int, ...]
    rights: tuple[str, ...]
    path: tuple[str, ...]
    shape: str
    price: tuple[int, int]
    shops: tuple[Standing, ...]
    origin: str
    brand: str | None
    titles: tuple[str, ...]
    notes: tuple[str, ...]
    language: str

    def suits(self, right: MarketRight) -> bool:
        return right.nice_class in self.classes and (not self.rights or right.id in self.rights)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sector:
    """How goods of some Nice classes are offered by those who misuse a name."""

    classes: tuple[int, ...]
    path: tuple[str, ...]
    shape: Shape
    price: tuple[int, int]
    traits: tuple[str, ...]
    specs: tuple[str, ...]
    origins: tuple[str, ...]
    titles: tuple[str, ...]
    evoking: tuple[str, ...]
    innocent: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What else gives a misuse away."""

    code_words: tuple[str, ...]
    evoking_words: tuple[str, ...]
    claims: tuple[str, ...]
    wrong_standards: tuple[str, ...]


@cache
def voice(language: str) -> Voice:
    table = _read("words.toml")
    words = table["english"] if language == "en" else table
    fields = ("brands", "sales", "endings", "sentences")
    return Voice(**{field: tuple(words[field]) for field in fields})


@cache
def kinds(language: str) -> tuple[Kind, ...]:
    table = _read("words.toml")
    rows = (row for row in table["kind"] if row.get("language", "zh") == language)
    return tuple(_kind(row, table["origins"]) for row in rows)


@cache
def lawful_templates() -> tuple[LawfulTemplate, ...]:
    return tuple(_lawful_template(row) for row in _read("lawful.toml")["template"])


@cache
def sectors() -> tuple[Sector, ...]:
    return tuple(_sector(row) for row in _read("unlawful.toml")["sector"])


@cache
def english_sector() -> Sector:
    return _sector(_read("unlawful.toml")["english"])


@cache
def signs() -> Signs:
    table = _read("unlawful.toml")
    return Signs(**{field: tuple(table[field]) for field in Signs.__dataclass_fields__})


@cache
def name_tables() -> dict[str, dict[str, list[str]]]:
    return _read("names.toml")


def sector_of(right: MarketRight) -> Sector:
    """The sector of the right's Nice class; goods of a class without one sell like produce."""
    fitting = (sector for sector in sectors() if right.nice_class in sector.classes)
    return next(fitting, sectors()[0])


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def _kind(row: dict[str, Any], origins: list[str]) -> Kind:
    return Kind(
        path=tuple(row["path"]),
        shape=Shape(row["shape"]),
        price=(row["price"][0], row["price"][1]),
        goods=tuple(row["goods"]),
        traits=tuple(row["traits"]),
        specs=tuple(row["specs"]),
        origins=tuple(row.get("origins", origins)),
        language=row.get("language", "zh"),
    )


def _lawful_template(row: dict[str, Any]) -> LawfulTemplate:
    return LawfulTemplate(
        kind=LawfulKind(row["kind"]),
        classes=tuple(row["classes"]),
        rights=tuple(row.get("rights", ())),
        path=tuple(row["path"]),
        shape=row["shape"],
        price=(row["price"][0], row["price"][1]),
        shops=tuple(Standing(name) for name in row["shops"]),
        origin=row["origin"],
        brand=row.get("brand"),
        titles=tuple(row["titles"]),
        notes=tuple(row["notes"]),
        language=row.get("language", "zh"),
    )


def _sector(row: dict[str, Any]) -> Sector:
    many = ("classes", "path", "traits", "specs", "origins", "titles", "evoking", "innocent")
    words = {field: tuple(row.get(field, ())) for field in many}
    return Sector(shape=Shape(row["shape"]), price=(row["price"][0], row["price"][1]), **words)
