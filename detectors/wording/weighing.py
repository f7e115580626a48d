"""From evidence to a score: how likely it is that what was written means the name."""

import math
from enum import IntEnum


class Goods(IntEnum):
    """What the listing says of the goods the right is for."""

    NONE = 0
    UNLISTED = 1  # the list names no goods for the right
    KINDRED = 2  # goods of the same class
    OWN = 3


PRIOR = {Goods.NONE: -11.0, Goods.UNLISTED: -10.0, Goods.KINDRED: -6.5, Goods.OWN: -5.3}
"""Logarithm of the odds that a place in a listing means a certain name, before it is read."""

EXACT = 4.0  # names are written plainly far oftener than disguised
SYLLABLE = 5.0
INITIALS, INITIAL = -0.2, 3.0
SHUFFLED = -3.0
GAP, GAPS = -2.0, 2  # for a gap between characters, and how many count
PARTICLE, PARTICLES = 3.0, frozenset("的之牌")  # too many, but merely joining: 秦安的苹果
TORN = 4.0  # the most that tells against a disguise which ends inside a word: 何其正 in 何其正点
FOREIGN = 2.0  # letters of two scripts in one word
LETTER, EDIT = 2.8, -4.0  # of a Latin name, a letter that is right and one that is wrong
SLIP = 1.6  # less wrong is a letter doubled, or two exchanged: other words differ otherwise
AREA = 6.0  # what speaks for an address where 区 stands between: 麦积区花牛 is no 麦积花椒
OTHER_PLACE = 4.0  # what speaks for the goods of another place whose name differs in a character
SHOP = -2.5  # for a disguise in the name of a shop, which may be any word
DISGUISED = 0.99  # no disguise is as sure as the name itself
LEAST = -1.0  # odds, in nats; what is less likely is not worth a word


def least_evidence() -> tuple[float, float]:
    """Below this nothing is worth a look: beside goods of the right or its class, and elsewhere."""
    return LEAST - PRIOR[Goods.OWN], LEAST - PRIOR[Goods.UNLISTED]


def probability(odds: float) -> float:
    """What odds, in nats, are as a probability."""
    return 1 / (1 + math.exp(-max(-50.0, min(50.0, odds))))
