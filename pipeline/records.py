"""The nouns of markwatch: frozen records and the words they may hold."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

from pipeline.assessed import Authorisation, Conduct, Gate, Indication, Tier
from pipeline.matches import Match
from pipeline.written import Box, Written

Extra = Mapping[str, Any]  # whatever a line says beyond its fields
HASH_BITS = 64


class RightKind(StrEnum):
    TRADEMARK = "trademark"
    GI = "gi"


class Basis(StrEnum):
    """By what someone may use a right: a licence, or use before the registration (59¶3, 73¶4)."""

    LICENCE = "licence"
    PRIOR_USE = "prior_use"


class Unit(StrEnum):
    KILOGRAM = "kg"
    PIECE = "piece"


class Decision(StrEnum):
    CONFIRM = "confirm"
    DISMISS = "dismiss"
    LAWFUL = "lawful"
    NEED_MORE = "need_more"
    PASS_ON = "pass_on"


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The announced area of a GI; `codes` are GB/T 2260 district codes, `aliases` older names."""

    name: str
    codes: tuple[str, ...] = ()
    townships: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Someone who may use a right; `uscc` is the 统一社会信用代码, `basis` says by what."""

    name: str
    uscc: str | None = None
    shops: tuple[str, ...] = ()
    valid_to: date | None = None
    basis: Basis = Basis.LICENCE


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRange:
    """What the right's goods are sold at, in yuan for a kilogram or a piece."""

    low: float
    high: float
    per: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Regime:
    """One of the registrations that a GI name may hold at once (domain.md §2)."""

    kind: str
    no: str | None = None
    date: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """An entry of the protection list; `nice` is written `class` in a rights file."""

    id: str
    name: str
    kind: RightKind
    aliases: tuple[str, ...] = ()
    latin: tuple[str, ...] = ()
    nice: tuple[int, ...] = ()
    goods: tuple[str, ...] = ()
    holder: str | None = None
    reg_no: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    listed_on: date | None = None
    removed_on: date | None = None
    region: Region | None = None
    standard_no: str | None = None
    season: str | None = None
    output: str | None = None
    users: tuple[User, ...] = ()
    official_shops: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    matching_ratio: float | None = None
    price: PriceRange | None = None
    regimes: tuple[Regime, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    extra: Extra = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every way the list itself writes the name, the name first."""
        return (self.name, *self.aliases, *self.latin)

    def stood(self, day: date) -> bool:
        """Whether the right was in force on a day, as far as the list gives days."""
        begun = self.valid_from is None or self.valid_from <= day
        ended = self.valid_to is not None and self.valid_to < day
        removed = self.removed_on is not None and self.removed_on <= day
        return begun and not ended and not removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A seller as the platform shows it; `uscc` is the 统一社会信用代码 of its licence."""

    id: str | None = None
    name: str | None = None
    region: str | None = None
    uscc: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Bytes kept in the vault under their SHA-256 (64 lower-case hex digits)."""

    sha256: str
    size: int
    media_type: str
    source: str | None = None

    def __post_init__(self) -> None:
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):
            raise ValueError(f"not a SHA-256: {self.sha256!r}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A product picture as the page names it; `problem` says why its bytes are not in `kept`."""

    source: str
    kept: Evidence | None = None
    problem: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """One page or feed row as seen; `id` is the item as its platform names it."""

    id: str
    title: str
    platform: str | None = None
    url: str | None = None
    description: str | None = None
    category: str | None = None
    brand: str | None = None
    price: float | None = None
    currency: str | None = None
    sales: str | None = None
    shop: Shop = Shop()
    origin: str | None = None
    standard_no: str | None = None
    images: tuple[str, ...] = ()
    seen_at: datetime | None = None
    page: Evidence | None = None
    pictures: tuple[Picture, ...] = ()
    extra: Extra = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What makes two captures the same listing: the platform and its item id."""
        return digest(self.platform or "", self.id)

    @property
    def seen(self) -> datetime:
        return self.seen_at or datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerceptualHash:
    """A 64-bit picture hash that checks its width."""

    bits: int

    def __post_init__(self) -> None:
        if not 0 <= self.bits < 1 << HASH_BITS:
            raise ValueError(f"not a {HASH_BITS}-bit hash: {self.bits:x}")

    def distance(self, other: "PerceptualHash") -> int:
        return (self.bits ^ other.bits).bit_count()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What the fingerprint stage read off picture number `image`; `None` where it could not.

    `flat` marks a picture with too little in it to be told from another by its hash; `points`
    are its local features as `detectors.pictures.sketch` packs them, `logos` the windows that may
    bear a logo as `detectors.pictures.logos` does, and `small` is a small grey JPEG of it;
    `written` is the text in it, `None` before there was any reading. A long picture has one of the
    whole and more of its parts; `width` and `height` are then the part's.
    """

    image: int
    phash: PerceptualHash | None = None
    dhash: PerceptualHash | None = None
    width: int | None = None
    height: int | None = None
    flat: bool = False
    problem: str | None = None
    points: bytes | None = None
    logos: bytes | None = None
    small: bytes | None = None
    written: Written | None = None
    part: Box | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A capture with its pictures' fingerprints."""

    capture: Capture
    fingerprints: tuple[Fingerprint, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """A listing with its matches against one right, assessed; never a finding of fact.

    `also` are further conducts it may be, `missing` what would make it a stronger clue.
    """

    clue_id: str
    listing_id: str
    right_id: str
    right_name: str
    score: float
    tier: Tier
    conduct: Conduct
    matches: tuple[Match, ...]
    gates: tuple[Gate, ...]
    law: str
    cleared: str | None = None
    reason: str = ""
    authorisation: Authorisation = Authorisation.UNKNOWN
    indications: tuple[Indication, ...] = ()
    also: tuple[Conduct, ...] = ()
    missing: tuple[str, ...] = ()
    listing: Capture | None = None
    pictures: tuple[PerceptualHash, ...] = ()  # by which the listing's can be told from others


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A person's decision about a clue as it stood when shown (`revision`)."""

    clue_id: str
    revision: str
    decision: Decision
    reason_code: str
    by: str
    at: datetime
    note: str | None = None


def digest(*parts: str) -> str:
    """A stable 128-bit id of its parts, as 32 hex digits."""
    framed = "".join(f"{len(part)}:{part}" for part in parts)
    return hashlib.sha256(framed.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def clue_id(listing: str, right: str) -> str:
    """One clue for a listing, by its capture's key, and a right, however often it is seen."""
    return digest(listing, right)
