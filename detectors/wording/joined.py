"""Many texts as one, for what is found faster in one long text than in many short ones."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set
from functools import cached_property
from itertools import accumulate

BREAK = "\n"  # folded text has none, and no name reaches over it


class Joined:
    """Texts with a break behind each; places in the whole are places in one of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self.text = BREAK.join(texts)
        self._begins = list(accumulate((len(text) + 1 for text in texts), initial=0))[:-1]

    def which(self, place: int) -> int:
        """The number of the text that holds this place of the whole."""
        return bisect_right(self._begins, place) - 1

    def holding(self, characters: Set[str]) -> Iterator[int]:
        """The numbers of the texts that hold any of these characters."""
        for character in self._characters & characters:
            place = self.text.find(character)
            while place >= 0:
                number = self.which(place)
                yield number
                place = self.text.find(character, self._begins[number] + len(self._texts[number]))

    @cached_property
    def _characters(self) -> frozenset[str]:
        return frozenset(self.text)

    def begin(self, number: int) -> int:
        """Where a text begins in the whole."""
        return self._begins[number]
