"""Which goods a listing is about, by number, so that names can ask whether they are theirs."""

from collections.abc import Iterable, Mapping

from daachorse import CharwiseDoubleArrayAhoCorasick

from detectors.goods import goods_words, stands
from detectors.sold import is_in_compound
from detectors.wording.weighing import Goods
from pipeline.normalise import Folded
from pipeline.records import Right

NOBODY = 2**31 - 1


class GoodsIndex:
    """The goods words of all rights; each word has a number, and each set of kindred words."""

    def __init__(self, rights: Iterable[Right]) -> None:
        numbers: dict[str, int] = {}
        kin: dict[frozenset[str], int] = {}
        self._own: dict[str, frozenset[int]] = {}
        self._kindred: dict[str, int] = {}
        for right in rights:
            words = goods_words(right)
            self._own[right.id] = frozenset(
                numbers.setdefault(word, 2 * len(numbers)) for word in words.own
            )
            if words.kindred:
                self._kindred[right.id] = kin.setdefault(words.kindred, 2 * len(kin) + 1)
        self._numbers: Mapping[str, int] = numbers
        tells = _tells(numbers, kin)
        self._tells = tuple(tells.values())
        machine = CharwiseDoubleArrayAhoCorasick(list(tells) or ["\0"])  # no folded text has it
        self._places = machine.find_overlapping

    def of_right(self, right: str) -> frozenset[int]:
        """The numbers that hint at this right's goods, of its class only if it names none."""
        kindred = self._kindred.get(right)
        return self._own[right] or frozenset(() if kindred is None else (kindred,))

    def of_texts(self, texts: Iterable[Folded]) -> frozenset[int]:
        """The numbers that any word of these texts hints at."""
        found: set[int] = set()
        for text in texts:
            for start, end, number in self._places(text.text):
                tells = self._tells[number]
                if (
                    not tells <= found
                    and stands(text, start, end)
                    and not is_in_compound(text, end)
                ):
                    found |= tells
        return frozenset(found)

    def kindred(self, right: str) -> int:
        """The number of the goods of the right's classes, or one that no listing has."""
        return self._kindred.get(right, NOBODY)

    def of_words(self, words: Iterable[str]) -> frozenset[int]:
        """The numbers of these folded words, as far as any right is for them."""
        return frozenset(self._numbers[word] for word in words if word in self._numbers)

    def of(self, right: str, present: frozenset[int]) -> Goods:
        """How the goods of a listing stand to the goods of a right."""
        if not self._own[right].isdisjoint(present):
            return Goods.OWN
        if self._kindred.get(right) in present:
            return Goods.KINDRED
        return Goods.NONE if self._own[right] else Goods.UNLISTED


def _tells(
    numbers: Mapping[str, int], kin: Mapping[frozenset[str], int]
) -> Mapping[str, frozenset[int]]:
    """Each word with every number it hints at."""
    found: dict[str, set[int]] = {word: {number} for word, number in numbers.items()}
    for words, number in kin.items():
        for word in words:
            found.setdefault(word, set()).add(number)
    return {word: frozenset(some) for word, some in found.items()}
