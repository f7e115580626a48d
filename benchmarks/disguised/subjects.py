"""The rights of the measurement: who they are, which half they are in, what the list says."""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.disguised import tables
from benchmarks.disguised.sources import lines
from pipeline.rights import SAMPLE

WITHOUT_GOODS = 0.15
FOREIGN = 150
PLAIN_NAME = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+){0,3}")
WHERE = {
    "31": "fruit",
    "30": "food",
    "29": "food",
    "5": "craft",
    "25": "wear",
    "7": "tools",
    "9": "tools",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A right with what is known about the shops that sell under its name."""

    id: str
    name: str
    kind: str
    where: str
    goods: tuple[str, ...]
    aliases: tuple[str, ...] = ()
    latin: tuple[str, ...] = ()
    nice: tuple[int, ...] = ()
    ordinary: bool = False
    bare: bool = False
    """The list names neither goods nor class."""

    @property
    def han(self) -> bool:
        return not self.name.isascii() and "\u4e00" <= self.name[0] <= "\u9fff"

    @property
    def head(self) -> str:
        """What tells the name from others: 花牛 of 花牛苹果."""
        for word in sorted(self.goods, key=len, reverse=True):
            if self.name.endswith(word) and len(self.name) > len(word) + 1:
                return self.name.removesuffix(word)
        return self.name[:-2] if self.kind == "gi" and len(self.name) >= 4 else self.name

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.name, *self.aliases, *self.latin)

    def line(self) -> Mapping[str, object]:
        """The line of a rights file."""
        values: dict[str, object] = {"id": self.id, "name": self.name, "kind": self.kind}
        values |= {"aliases": list(self.aliases), "latin": list(self.latin)}
        if not self.bare:
            values |= {"goods": list(self.goods), "class": list(self.nice)}
        return {key: value for key, value in values.items() if value}


def subjects(data: Path) -> tuple[Subject, ...]:
    """Every right, each name once; the sample list keeps its words."""
    found: dict[str, Subject] = {}
    for each in (*_sample(), *_brands(data), *_by_hand(), *_foreign(data)):
        key = each.name.casefold()
        if key not in found:
            found[key] = _bared(each)
    return tuple(found.values())


def _bared(subject: Subject) -> Subject:
    if subject.id.startswith("sample-"):
        return subject
    return replace(subject, bare=tables.chance(f"goods of {subject.name}") < WITHOUT_GOODS)


def _sample() -> Iterator[Subject]:
    for line in lines(SAMPLE):
        values = json.loads(line)
        where = WHERE.get(str(next(iter(values["class"]), "")), "any")
        vegetable = "蔬菜" in values["goods"]
        yield Subject(
            id=f"sample-{values['id']}",
            name=values["name"],
            kind=values["kind"],
            where="fresh" if vegetable else where,
            goods=tuple(values["goods"]),
            aliases=tuple(values["aliases"]),
            latin=tuple(values["latin"]),
            nice=tuple(values["class"]),
            ordinary=values["name"] in {"花牛", "海林"},
        )


def _brands(data: Path) -> Iterator[Subject]:
    known = {each.name: each for each in tables.brands()}
    for line in lines(data / "cn-shopxo" / "brands.jsonl"):
        values = json.loads(line)
        yield _subject(f"brand-{values['id']}", known[values["name"]])


def _by_hand() -> Iterator[Subject]:
    for number, each in enumerate(tables.names()):
        yield _subject(f"hand-{number}", each)


def _subject(identity: str, known: tables.Name) -> Subject:
    spelt = {each: each.isascii() or each[0] < "\u4e00" for each in known.latin}
    return Subject(
        id=identity,
        name=known.name,
        kind=known.kind,
        where=known.where,
        goods=known.goods,
        aliases=tuple(each for each, foreign in spelt.items() if not foreign),
        latin=tuple(each for each, foreign in spelt.items() if foreign),
        ordinary=known.ordinary,
    )


def _foreign(data: Path) -> Iterator[Subject]:
    """Names of the British register that are easily written, spread over its kinds."""
    rows = sorted(_register(data), key=lambda each: tables.chance(each.name))
    yield from rows[:FOREIGN]


def unlisted(data: Path) -> tuple[Subject, ...]:
    """Names of the register that are on no list of ours."""
    rows = sorted(_register(data), key=lambda each: tables.chance(each.name))
    return tuple(rows[FOREIGN : FOREIGN * 5])


def _register(data: Path) -> Iterator[Subject]:
    rows = json.loads((data / "gi-defra-register" / "register.json").read_text("utf-8"))
    for row in rows:
        name = row["EA_Name"].strip()
        if PLAIN_NAME.fullmatch(name) and 6 <= len(name) <= 24 and _is_latin(name):
            yield Subject(
                id=f"register-{row['DEF_OriginalOrder']}",
                name=name,
                kind="gi",
                where="latin",
                goods=_goods(row),
                latin=(name,),
            )


def _is_latin(name: str) -> bool:
    return all(each in " '’-" or "LATIN" in unicodedata.name(each, "") for each in name)


GOODS = (
    ("Aromatised", ("vermouth", "wine")),
    ("Cheeses", ("cheese",)),
    ("Oils and fats", ("olive oil", "oil")),
    ("Meat products", ("ham", "sausage")),
    ("Fresh meat", ("lamb", "beef", "meat")),
    ("Fruit, vegetables", ("fruit", "vegetables", "beans")),
    ("Fresh fish", ("fish", "oysters")),
    ("Bread, pastry", ("cake", "bread", "biscuits")),
    ("Beer", ("beer",)),
    ("Other products of animal origin", ("honey", "cream")),
    ("Whisk", ("whisky",)),
    ("Fruit spirit", ("brandy", "fruit spirit")),
    ("Wine spirit", ("brandy",)),
    ("Liqueur", ("liqueur",)),
    ("Rum", ("rum",)),
)


def _goods(row: Mapping[str, str]) -> tuple[str, ...]:
    category = row["EA_ProductCategory"]
    for start, words in GOODS:
        if start in category:
            return words
    kinds: Mapping[str, tuple[str, ...]] = {
        "Wine": ("wine", "red wine"),
        "Spirit drink": ("spirit", "brandy"),
    }
    return kinds.get(row["EA_ProductType"], ("food", "speciality"))
