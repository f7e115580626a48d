"""The words of an assessment: gates and their answers, conducts, defences, signs, tiers."""

from dataclasses import dataclass
from enum import StrEnum


class Tier(StrEnum):
    """How sure a clue is: a person can sign, must judge, need not be told, or the use is lawful."""

    HIGH = "high"
    REVIEW = "review"
    LOW = "low"
    CLEARED = "cleared"


class Conduct(StrEnum):
    """What the seller seems to do; codes of domain.md §2, articles in `pipeline.law`."""

    TM_ID_SAME = "TM_ID_SAME"
    TM_CONFUSING = "TM_CONFUSING"
    TM_SALE = "TM_SALE"
    TM_LABELS = "TM_LABELS"
    TM_REMARK = "TM_REMARK"
    TM_AID = "TM_AID"
    TM_OTHER = "TM_OTHER"
    UC_CONFUSION = "UC_CONFUSION"
    UC_FALSE_AD = "UC_FALSE_AD"
    GI_NAME_OUTSIDE = "GI_NAME_OUTSIDE"
    GI_SIMILAR_NAME = "GI_SIMILAR_NAME"
    GI_EVOCATION = "GI_EVOCATION"
    GI_SUBSTANDARD = "GI_SUBSTANDARD"
    GI_LOGO_FAKE = "GI_LOGO_FAKE"
    GI_LOGO_LIKE = "GI_LOGO_LIKE"
    GI_SALE = "GI_SALE"


class GateName(StrEnum):
    """The steps of domain.md §2; origin and standard are asked of a GI only."""

    RIGHT_IN_FORCE = "right_in_force"
    USE_AS_MARK = "use_as_mark"
    AUTHORISATION = "authorisation"
    ORIGIN = "origin"
    STANDARD = "standard"
    GOODS = "goods"
    SIGN = "sign"
    CONFUSION = "confusion"


class Authorisation(StrEnum):
    """What the list and the page tell of a seller's standing."""

    AUTHORISED = "AUTHORISED"
    INSIDE_AREA_UNLISTED = "INSIDE_AREA_UNLISTED"
    OUTSIDE = "OUTSIDE"
    UNKNOWN = "UNKNOWN"


class Defence(StrEnum):
    """Why a use is lawful: what `Clue.cleared` may say."""

    RIGHT_NOT_IN_FORCE = "right_not_in_force"
    AUTHORISED = "authorised"
    PRIOR_USE = "prior_use"
    INSIDE_AREA = "inside_area"
    PUBLICATION = "publication"
    RECIPE = "recipe"
    ACCESSORY = "accessory"
    NEGATION = "negation"
    RESALE = "resale"
    SERVICE = "service"
    PLACE = "place"
    OTHER_SENSE = "other_sense"
    OTHER_GOODS = "other_goods"


class Sign(StrEnum):
    """What speaks of unlawfulness beside the name itself; only these lift a clue above review."""

    DISGUISE = "disguise"
    ORIGIN = "origin"
    CONTRADICTION = "contradiction"
    STANDARD = "standard"
    CODE_WORD = "code_word"
    CLAIM = "claim"
    PRICE = "price"
    EXPIRED_LICENCE = "expired_licence"
    SPECIAL_MARK = "special_mark"


class Result(StrEnum):
    PASS = "pass"
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """What a field says; `span` counts its code points, `None` for all of it."""

    field: str
    text: str
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A step of the assessment: pass speaks for an infringement, fail for none.

    `finding` is the answer in a word: a `Defence`, or same, similar, inside …; `article` is the
    law's that asks, marked where its wording was not verified.
    """

    gate: GateName
    result: Result
    reason: str
    finding: str | None = None
    evidence: tuple[Quote, ...] = ()
    article: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indication:
    """A sign of unlawfulness beside the name, as a sentence, with what says so."""

    sign: Sign
    reason: str
    evidence: tuple[Quote, ...] = ()
