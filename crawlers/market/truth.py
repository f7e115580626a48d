"""What is true of each item: known to the market's maker, shown to nobody who is being tried."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path


class Expected(StrEnum):
    """What a good watcher says of an item: point it out, leave it to a person, or let it be."""

    CLUE = "clue"
    REVIEW = "review"
    CLEAR = "clear"


class Conduct(StrEnum):
    """The conduct codes of the handbook that the market commits."""

    TM_ID_SAME = "TM_ID_SAME"
    TM_CONFUSING = "TM_CONFUSING"
    GI_NAME_OUTSIDE = "GI_NAME_OUTSIDE"
    GI_SIMILAR_NAME = "GI_SIMILAR_NAME"
    GI_EVOCATION = "GI_EVOCATION"


class NameDisguise(StrEnum):
    """How a name is written so that a person reads it and a simple search does not."""

    PLAIN = "plain"
    TRADITIONAL = "traditional"
    STYLED = "styled"
    INSERTED = "inserted"
    HOMOPHONE = "homophone"
    LOOKALIKE = "lookalike"
    PINYIN = "pinyin"
    MIXED_PINYIN = "mixed_pinyin"
    INITIALS = "initials"
    SHUFFLED = "shuffled"
    SPLIT = "split"
    ALTERED = "altered"
    MISSPELT = "misspelt"


class PictureDisguise(StrEnum):
    """What was done to a right holder's picture before it was used."""

    COPIED = "copied"
    RE_ENCODED = "re_encoded"
    WATERMARK = "watermark"
    BORDER = "border"
    BANNER = "banner"
    CROP = "crop"
    MIRROR = "mirror"
    INSET = "inset"


class LawfulKind(StrEnum):
    """Why an item may mention a protected name; one member a row of the false-positive table."""

    PUBLICATION = "publication"
    RECIPE = "recipe"
    ACCESSORY = "accessory"
    NEGATION = "negation"
    TRUE_ORIGIN = "true_origin"
    UNLISTED_INSIDE = "unlisted_inside"
    RESALE = "resale"
    INGREDIENT = "ingredient"
    SAPLING = "sapling"
    HOMOGRAPH = "homograph"
    OTHER_CLASS = "other_class"
    PRIOR_USE = "prior_use"
    PLACE_ONLY = "place_only"
    OFFICIAL_SHOP = "official_shop"
    LISTED_USER = "listed_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """The truth of one item; `right_id` is the right it touches, lawfully or not."""

    item_id: str
    expected: Expected
    right_id: str | None = None
    conduct: Conduct | None = None
    name_disguise: NameDisguise | None = None
    picture_disguise: PictureDisguise | None = None
    lawful_kind: LawfulKind | None = None


def write_truth(path: Path, truths: Iterable[Truth]) -> None:
    lines = (json.dumps(asdict(truth), ensure_ascii=False) for truth in truths)
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


def read_truth(path: Path) -> tuple[Truth, ...]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(_truth(json.loads(line)) for line in lines)


def _truth(row: dict[str, str | None]) -> Truth:
    item_id, expected = row["item_id"], row["expected"]
    if item_id is None or expected is None:
        raise ValueError(f"truth without item or expectation: {row}")
    conduct, name, picture = row["conduct"], row["name_disguise"], row["picture_disguise"]
    lawful = row["lawful_kind"]
    return Truth(
        item_id=item_id,
        expected=Expected(expected),
        right_id=row["right_id"],
        conduct=Conduct(conduct) if conduct else None,
        name_disguise=NameDisguise(name) if name else None,
        picture_disguise=PictureDisguise(picture) if picture else None,
        lawful_kind=LawfulKind(lawful) if lawful else None,
    )
