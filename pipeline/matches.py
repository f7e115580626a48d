"""What a detector says of one field: where a name stands, how disguised, and in what words."""

from dataclasses import dataclass
from enum import StrEnum

from pipeline.written import Box


class Disguise(StrEnum):
    """How a seller hides a name; a match may show several."""

    TRADITIONAL = "traditional"
    STYLED = "styled"
    SYMBOLS = "symbols"
    REPEATED = "repeated"
    HOMOPHONE = "homophone"
    NEAR_HOMOPHONE = "near_homophone"
    PINYIN = "pinyin"
    MIXED_PINYIN = "mixed_pinyin"
    INITIAL = "initial"
    INITIALS = "initials"
    LOOKALIKE = "lookalike"
    SPLIT = "split"
    SHUFFLED = "shuffled"
    EMOJI = "emoji"
    DROPPED = "dropped"
    INSERTED = "inserted"
    REPLACED = "replaced"
    HOMOGLYPH = "homoglyph"
    MISSPELT = "misspelt"
    TORN = "torn"


class Likeness(StrEnum):
    """In what way one written character stands for one of the name's."""

    SAME = "same"
    SCRIPT = "script"  # traditional or variant form, or another style of the same letter
    SOUND = "sound"
    NEAR_SOUND = "near_sound"
    PINYIN = "pinyin"
    INITIAL = "initial"
    SHAPE = "shape"
    SPLIT = "split"
    EMOJI = "emoji"
    OTHER = "other"
    MISSING = "missing"  # the name's character is not there: nothing was seen for it
    EXTRA = "extra"  # what was seen stands for nothing in the name


class Cue(StrEnum):
    """What words around a name say about its use; the rows of domain.md §2."""

    PUBLICATION = "publication"
    RECIPE = "recipe"
    ACCESSORY = "accessory"
    NEGATION = "negation"
    EVOCATION = "evocation"
    INGREDIENT = "ingredient"
    SEEDLING = "seedling"
    RESALE = "resale"
    SERVICE = "service"
    PLACE = "place"
    CODE_WORD = "code_word"
    CLAIM = "claim"
    OTHER_SENSE = "other_sense"
    LABEL = "label"
    REMARK = "remark"
    AID = "aid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One step of an alignment: what was seen at `span` of the field, and what it stands for."""

    likeness: Likeness
    seen: str = ""
    meant: str = ""
    span: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A cue, the word that gave it, and where the word stands in code points of its field."""

    cue: Cue
    word: str
    span: tuple[int, int]
    field: str = "title"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """One detector's opinion about one field: where, how disguised, how sure, and why.

    `span` counts code points of the field as given; `context` is what words around it, or the
    shop's name, say of its use; `region` is x, y, width, height in shares of the listing's picture;
    `distance` is of hashes, in bits, `inliers` are features that agree on the region. `photo` says
    that the right's picture is there whole and is a photo, not a sign on one colour.
    """

    detector: str
    field: str
    score: float
    reason: str
    span: tuple[int, int] | None = None
    seen: str | None = None
    meant: str | None = None
    disguises: tuple[str, ...] = ()
    pairs: tuple[Pair, ...] = ()
    context: tuple[Context, ...] = ()
    right_image: str | None = None
    method: str | None = None
    distance: int | None = None
    inliers: int | None = None
    region: Box | None = None
    edits: tuple[str, ...] = ()
    photo: bool = False
