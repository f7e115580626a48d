"""Names in Latin letters: misspelt, or written with letters and digits that look alike."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import chain, pairwise

from daachorse import CharwiseDoubleArrayAhoCorasick
from rapidfuzz.distance import OSA

from detectors.wording import hanzi
from detectors.wording.joined import Joined
from detectors.wording.names import Name
from detectors.wording.readings import Reading, plain
from pipeline.normalise import fold

LEET = dict(zip("0123456789@$!|il", "olzeasbtbgasllll", strict=True))
_ONE = {"i": "l", "1": "l", "0": "o"}
LATIN = re.compile(r"[a-z]+|[0-9]+")
LETTERS = re.compile(r"[a-z]{2}")  # where there are none, nothing is misspelt
WHOLE = re.compile(r"[a-z0-9]+")
LEET_WORD = re.compile(r"[A-Za-z][0-9@$!|]+[A-Za-z]|[A-Za-z]{3}[0-9@$!|]|[0-9@$!|][A-Za-z]{3}")
SHORTEST, LONG = 4, 9  # a long name may have two letters wrong
FOREIGN = re.compile("[\u0370-\u058f\u10a0-\u10ff\u13a0-\u13ff\u1f00-\u1fff\ua640-\ua69f]")
MARKED = range(0x0370, 0x2000)  # letters with marks on them, which look like those without
UNREAD = "q"  # what a foreign letter that looks like no Latin one is read as: one letter wrong
PARTS = 3  # of a long name one third is left as it is


@dataclass(frozen=True, slots=True)
class Misspelling:
    """A name written with `edits` letters wrong, missing, too many or exchanged.

    A slip is one letter doubled or two exchanged.
    """

    name: Name
    start: int
    end: int
    edits: int
    is_slip: bool = False


class Misspellings:
    """Short names by what is left of them without one letter, long ones by their thirds."""

    def __init__(self, names: Iterable[Name], spelt: Callable[[str], str] = str) -> None:
        self._spelt = spelt
        self._short: dict[str, list[Name]] = {}
        thirds: dict[str, dict[tuple[int, int], list[Name]]] = {}
        for name in names:
            if len(name.text) < SHORTEST or not WHOLE.fullmatch(name.text):
                continue
            word = spelt(name.text)
            if len(word) < LONG:
                for key in _shortened(word):
                    self._short.setdefault(key, []).append(name)
            else:
                for begin, part in _thirds(word):
                    alike = thirds.setdefault(part, {})
                    alike.setdefault((begin, len(word)), []).append(name)
        self._owners = list(thirds.values())
        self._long = CharwiseDoubleArrayAhoCorasick(list(thirds)) if thirds else None

    def find(self, reading: Reading) -> Iterator[Misspelling]:
        """Every misspelt name that is made of whole words."""
        pieces = tuple(_pieces(reading))
        if pieces:
            yield from self._find_short(reading.text, pieces)
            yield from self._find_long(reading.text, pieces)

    def _find_short(self, text: str, pieces: Sequence[tuple[int, int]]) -> Iterator[Misspelling]:
        for number, (start, _) in enumerate(pieces):
            for _, end in pieces[number : number + LONG + 1]:
                if end - start > LONG or not WHOLE.fullmatch(text, start, end):
                    break
                known = (n for key in _shortened(text[start:end]) for n in self._short.get(key, ()))
                yield from self._near(text, start, end, {id(each): each for each in known}.values())

    def _find_long(self, text: str, pieces: Sequence[tuple[int, int]]) -> Iterator[Misspelling]:
        if self._long is None:
            return
        starts, ends = map(frozenset, zip(*pieces, strict=True))
        met: set[tuple[int, int, int]] = set()
        for at, _, number in self._long.find_overlapping(text):
            for (begin, size), names in self._owners[number].items():
                for start in _about(at - begin, starts):
                    for end in _about(start + size, ends):
                        for found in self._near(text, start, end, names):
                            if (place := (id(found.name), start, end)) not in met:
                                met.add(place)
                                yield found

    def _near(
        self, text: str, start: int, end: int, names: Iterable[Name]
    ) -> Iterator[Misspelling]:
        for name in names:
            most = 2 if len(name.text) >= LONG else 1
            word = self._spelt(name.text)
            seen = text[start:end]
            edits = OSA.distance(seen, word, score_cutoff=most)
            if 0 < edits <= most:
                is_slip = edits == 1 and _is_slip(seen, word)
                yield Misspelling(name, start, end, edits, is_slip)


def _is_slip(seen: str, word: str) -> bool:
    if sorted(seen) == sorted(word):
        return True
    return any(
        one == other and seen[:at] + seen[at + 1 :] == word
        for at, (one, other) in enumerate(pairwise(seen))
    )


@lru_cache(1 << 16)
def _shortened(word: str) -> frozenset[str]:
    return frozenset({word, *(word[:at] + word[at + 1 :] for at in range(len(word)))})


def _thirds(word: str) -> Iterator[tuple[int, str]]:
    size = len(word) // PARTS
    for begin in (0, size, len(word) - size):
        yield begin, word[begin : begin + size]


def _about(place: int, places: frozenset[int]) -> Iterator[int]:
    """Those of the places from which two letters more or fewer lead here."""
    return (each for each in range(place - 2, place + 3) if each in places)


def _pieces(reading: Reading) -> Iterator[tuple[int, int]]:
    """Runs of letters or of digits that were written without a gap."""
    for run in LATIN.finditer(reading.text):
        start = run.start()
        for place in range(run.start() + 1, run.end()):
            if reading.span(place, place + 1)[0] > reading.span(place - 1, place)[1]:
                yield start, place
                start = place
        yield start, run.end()


@cache
def _seeming() -> Mapping[int, str]:
    """A table for `str.translate`: what looks like a Latin letter becomes one."""
    alike = {sign: letter for sign, letter in hanzi.glyphs().items() if len(sign) == 1}
    bare = {chr(point): unicodedata.normalize("NFKD", chr(point))[0] for point in MARKED}
    marked = {sign: alike[each] for sign, each in bare.items() if each in alike}
    every = {**marked, **alike, **LEET}
    return {ord(sign): _ONE.get(letter, letter) for sign, letter in every.items()}


@cache
def _foreign() -> frozenset[str]:
    return frozenset(each for each in map(chr, _seeming()) if not each.isascii())


def suspects(originals: Joined) -> frozenset[int]:
    """The numbers of the texts in which some letters may not be what they seem."""
    words = chain.from_iterable(each.finditer(originals.text) for each in (LEET_WORD, FOREIGN))
    return frozenset(
        (*(originals.which(word.start()) for word in words), *originals.holding(_foreign()))
    )


def seen(written: Reading) -> Iterator[Reading]:
    """Letters as they look, whatever their script: what looks alike is one, 1, l and i are l.

    Nothing where a letter is not one character.
    """
    letters = FOREIGN.sub(UNREAD, written.original.translate(_seeming()))
    read = plain(fold(letters))
    if len(read.original) == len(written.original):
        yield Reading(written.original, skeleton(read.text), read.spans, is_skeleton=True)


def skeleton(text: str) -> str:
    """Folded text with letters that look alike made one."""
    return text.translate(_seeming())
