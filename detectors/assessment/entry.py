"""An entry of the protection list, made ready to be asked about a listing."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from detectors.assessment.places import codes_of
from detectors.goods import GoodsWords, goods_words
from pipeline.normalise import fold
from pipeline.records import Right, User


@dataclass(frozen=True, slots=True)
class Entry:
    """A right with what is asked of it again and again: its goods, its users, its area.

    `shops` are folded names of shops, `codes` 统一社会信用代码, each with who may use the right;
    `official` are the right holder's own shops, folded; `area` are GB/T 2260 codes.
    """

    right: Right
    words: GoodsWords
    official: frozenset[str]
    shops: Mapping[str, User]
    codes: Mapping[str, User]
    area: tuple[str, ...]

    @classmethod
    def of(cls, right: Right) -> Self:
        return cls(
            right,
            goods_words(right),
            frozenset(fold(name).text for name in right.official_shops),
            {
                fold(name).text: user
                for user in reversed(right.users)
                for name in (user.name, *user.shops)
            },
            {user.uscc: user for user in reversed(right.users) if user.uscc},
            codes_of(right.region) if right.region else (),
        )
