"""The spellings of a protected name, from verbatim to barely there."""

from random import Random

from crawlers.market.goods import MarketRight
from crawlers.market.tables import name_tables
from crawlers.market.truth import Conduct, NameDisguise

SEPARATORS = (
    "·",
    "*",
    "丨",
    "🍎",
    "❤",
    "_",
    "~",
    "｜",
    "✨",
    " ",
    "★",
    ".",
    "🌶",
    "/",
    "\u200b",
    "㊣",
)

# Disguises behind which the eye still sees the very name, not merely one like it.
SAME_TO_THE_EYE = frozenset(
    {NameDisguise.PLAIN, NameDisguise.TRADITIONAL, NameDisguise.STYLED, NameDisguise.INSERTED}
)


def disguised(right: MarketRight, disguise: NameDisguise, chance: Random) -> str | None:
    """One spelling of the right's name, or None where the name has none of that sort."""
    if disguise is NameDisguise.PLAIN:
        return chance.choice((right.name, right.name, *right.aliases))
    if disguise is NameDisguise.INSERTED:
        return _inserted(right.name, chance)
    spellings = name_tables().get(right.id, {}).get(disguise.value)
    return chance.choice(spellings) if spellings else None


def conduct_of(right: MarketRight, disguise: NameDisguise) -> Conduct:
    same = disguise in SAME_TO_THE_EYE
    if right.is_place_name:
        return Conduct.GI_NAME_OUTSIDE if same else Conduct.GI_SIMILAR_NAME
    return Conduct.TM_ID_SAME if same else Conduct.TM_CONFUSING


def _inserted(name: str, chance: Random) -> str:
    separator = chance.choice(SEPARATORS)
    if chance.random() < 0.5:
        return separator.join(name)
    cut = chance.randrange(1, len(name))
    return name[:cut] + separator + name[cut:]
