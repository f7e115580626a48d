"""The names of the protection list made ready to be looked for."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from detectors.goods import goods_ending
from detectors.wording import hanzi
from pipeline.normalise import fold
from pipeline.records import Right

LONGEST = 16  # of longer names only the beginning is looked for in disguise
SHORTEST = 2
LONGEST_PLACE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name of a right, folded; `meant` as the list writes it.

    The characters at the places `goods` say what is sold. A core is a name without those it ends
    in, and counts only where the goods it `needs` stand elsewhere in the listing. Of a long name
    the `is_beginning` stands beside the whole, which is looked for as it is spelt.
    """

    right: str
    meant: str
    text: str
    goods: frozenset[int] = frozenset()
    needs: str = ""
    is_latin: bool = False
    is_beginning: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether all that the list writes is in it."""
        return not (self.needs or self.is_beginning)

    @property
    def place(self) -> str:
        """The province, city or county that the name begins with, if it does with any."""
        sizes = range(LONGEST_PLACE, SHORTEST - 1, -1)
        return next((self.text[:n] for n in sizes if self.text[:n] in hanzi.places()), "")

    @property
    def bare(self) -> int:
        """How many characters come before the goods that the name ends in."""
        size = len(self.text)
        while size - 1 in self.goods:
            size -= 1
        return size


def names_of(right: Right) -> Iterator[Name]:
    """Every name of the right, and the cores of those written in Hanzi."""
    for meant in dict.fromkeys(right.names):
        text = fold(meant).text
        if not text:
            continue
        if len(text) < SHORTEST or not any(map(hanzi.is_han, text)):
            yield Name(right=right.id, meant=meant, text=text, is_latin=True)
            continue
        name = Name(right=right.id, meant=meant, text=text, goods=_goods(text, right))
        yield name
        if len(text) > LONGEST:
            goods = name.goods & frozenset(range(LONGEST))
            yield replace(name, text=text[:LONGEST], goods=goods, is_beginning=True)
        if SHORTEST <= name.bare < min(len(text), LONGEST + 1):
            needs = _whole(text[name.bare :], right)
            yield Name(right=right.id, meant=meant, text=text[: name.bare], needs=needs)


def _whole(goods: str, right: Right) -> str:
    """What a name ends in, or the goods of the right that this begins."""
    every = (fold(word).text for word in right.goods)
    return next((word for word in every if len(goods) > 1 and word.startswith(goods)), goods)


def _shared(text: str, word: str) -> int:
    """How many characters that a name ends in begin its goods: 马坝油粘, for 油粘米."""
    sizes = range(len(word) - 1, SHORTEST - 1, -1)
    return next((size for size in sizes if text.endswith(word[:size])), 0)


def _goods(text: str, right: Right) -> frozenset[int]:
    """The places of the right's goods in its name, and of any goods that it ends in."""
    own = {fold(word).text for word in right.goods}
    ending = goods_ending(text) or next((word for word in own if text.endswith(word)), "")
    found = set(range(len(text) - len(ending), len(text)))
    for word in own:
        at = text.find(word) if len(word) > 1 else -1
        found |= set(range(at, at + len(word))) if at >= 0 else set()
        found |= set(range(len(text) - _shared(text, word), len(text)))
    return frozenset(found) if len(found) < len(text) else frozenset()
