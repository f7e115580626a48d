"""The characters that a pattern cannot do without: which patterns a text may hold, at a glance.

Reads the small part of the syntax that phrases.toml uses; what it does not understand is needed
by nobody, so that the pattern is merely tried in vain.
"""

from collections.abc import Iterator, Sequence

OPEN, CLOSE = "([", ")]"
OPTIONAL = ("?", "*", "{0")
MOST = 24  # characters, one of which must stand; more would hardly ever be missing


def alternatives(pattern: str) -> list[str]:
    """The pattern parted at its strokes outside of all brackets."""
    found, depth, start, place = [], 0, 0, 0
    while place < len(pattern):
        end = _class_end(pattern, place)
        if end > place:
            place = end
            continue
        sign = pattern[place]
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and depth == 0:
            found.append(pattern[start:place])
            start = place + 1
        place += 1 + (sign == "\\")
    return [*found, pattern[start:]]


def needed(pattern: str) -> tuple[frozenset[str], ...]:
    """Sets of characters of each of which one at least stands in whatever the pattern finds."""
    several = alternatives(pattern)
    if len(several) == 1:
        return tuple(_of_sequence(pattern))
    best = [min(needed(each), key=len, default=frozenset[str]()) for each in several]
    if not all(best):
        return ()
    return (frozenset().union(*best),)


def _of_sequence(pattern: str) -> Iterator[frozenset[str]]:
    place = 0
    while place < len(pattern):
        end = _item_end(pattern, place)
        item, behind = pattern[place:end], pattern[end:]
        if not behind.startswith(OPTIONAL):
            yield from _of_item(item)
        place = end + _repeat(behind)


def _of_item(item: str) -> Iterator[frozenset[str]]:
    if item.startswith("(?:"):
        yield from needed(item[3:-1])
    elif item.startswith("[") and not item.startswith("[^") and set("\\-").isdisjoint(item):
        yield frozenset(item[1:-1])
    elif len(item) == 1 and item not in "^$.":
        yield frozenset(item)


def _item_end(pattern: str, place: int) -> int:
    """Behind a group, a class, an escaped or a plain character."""
    end = _class_end(pattern, place)
    if end > place:
        return end
    if pattern[place] != "(":
        return place + 1 + (pattern[place] == "\\")
    depth, end = 0, place
    while True:
        behind = _class_end(pattern, end)
        if behind > end:
            end = behind
            continue
        depth += (pattern[end] == "(") - (pattern[end] == ")")
        end += 1 + (pattern[end] == "\\")
        if depth == 0:
            return end


def _class_end(pattern: str, place: int) -> int:
    """Behind the class of characters that begins here, or here if none does."""
    if pattern[place] != "[":
        return place
    end = place + 3 + (pattern[place + 1] == "^")
    while pattern[end - 1] != "]" or pattern[end - 2] == "\\":
        end += 1
    return end


def _repeat(behind: str) -> int:
    """The length of ?, *?, {0,3}? and their like."""
    end = behind.index("}") + 1 if behind.startswith("{") else int(behind[:1] in ("?", "*", "+"))
    return end + (end > 0 and behind[end : end + 1] == "?")


class Sieve:
    """Of many patterns those, by number, that a text may hold."""

    WAYS = 4  # sets a pattern is asked about, the smallest first

    def __init__(self, patterns: Sequence[str]) -> None:
        self._size = len(patterns)
        self._by_sign: dict[str, int] = {}
        self._always = 0
        for number, pattern in enumerate(patterns):
            sets = sorted((each for each in needed(pattern) if len(each) <= MOST * 4), key=len)
            for way in range(self.WAYS):
                self._note(sets, way, 1 << (way * self._size + number))

    def _note(self, sets: Sequence[frozenset[str]], way: int, bit: int) -> None:
        if way >= len(sets):
            self._always |= bit
            return
        for sign in sets[way]:
            self._by_sign[sign] = self._by_sign.get(sign, 0) | bit

    def may_hold(self, text: str) -> Iterator[int]:
        held = self._always
        for sign in frozenset(text):
            held |= self._by_sign.get(sign, 0)
        both = held
        for way in range(1, self.WAYS):
            both &= held >> way * self._size
        held = both & (1 << self._size) - 1
        while held:
            lowest = held & -held
            yield lowest.bit_length() - 1
            held ^= lowest
