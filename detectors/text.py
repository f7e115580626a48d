"""The text detector: one automaton over folded text, one over sounds, each hit explained."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from daachorse import CharwiseDoubleArrayAhoCorasick
from typing_extensions import override

from detectors.base import Detector, Finder
from detectors.variants import Alphabet, Disguise, Variant, is_han, sound, variants
from pipeline.normalise import Folded, fold
from pipeline.records import Capture, Listing, Match, Right

NAME = "text"
FIELDS = {"title": "标题", "brand": "品牌", "shop": "店铺名", "description": "描述"}
SAME_SOUND = 0.9
DISGUISED = 0.97
PINYIN = 0.92
WORDS = {
    Disguise.TRADITIONAL: "繁体或异体字",
    Disguise.STYLED: "全角或花式字符",
    Disguise.SYMBOLS: "夹杂符号",
    Disguise.HOMOPHONE: "同音字",
    Disguise.PINYIN: "拼音",
}


@dataclass(frozen=True, slots=True)
class _Hit:
    variant: Variant
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A right made ready to be looked for; its words folded."""

    id: str
    spellings: tuple[Variant, ...]
    excluded: tuple[str, ...]
    goods: tuple[str, ...]

    @classmethod
    def of(cls, right: Right) -> Self:
        excluded, goods = _folded(right.exclude), _folded(right.goods)
        return cls(right.id, variants(right), excluded, goods)


class TextDetector(Detector):
    """Looks for each variant by plain search."""

    @property
    @override
    def name(self) -> str:
        return NAME

    @override
    def compare(self, listing: Listing, right: Right) -> Sequence[Match]:
        wanted, about = _Wanted.of(right), _about(listing.capture)
        return tuple(
            match
            for field, folded in _fields(listing.capture)
            for match in _matches(
                field, folded, _plain_hits(folded.text, wanted.spellings), wanted, about
            )
        )


class TextFinder(Finder):
    """All rights' variants in two automata; built once, never changed."""

    def __init__(self, rights: Iterable[Right]) -> None:
        self._wanted = {right.id: _Wanted.of(right) for right in rights}
        self._text = _Automaton(Alphabet.TEXT, self._wanted.values())
        self._sound = _Automaton(Alphabet.SOUND, self._wanted.values())

    @override
    def find(self, listing: Listing) -> Mapping[str, Sequence[Match]]:
        found: dict[str, list[Match]] = {}
        about = _about(listing.capture)
        for field, folded in _fields(listing.capture):
            by_right: dict[str, list[_Hit]] = {}
            self._text.collect(folded.text, by_right)
            self._sound.collect(sound(folded.text), by_right)
            for right, hits in by_right.items():
                for match in _matches(field, folded, hits, self._wanted[right], about):
                    found.setdefault(right, []).append(match)
        return found


class _Automaton:
    def __init__(self, alphabet: Alphabet, wanted: Iterable[_Wanted]) -> None:
        owners: dict[str, list[tuple[str, Variant]]] = {}
        for each in wanted:
            for variant in each.spellings:
                if variant.alphabet is alphabet:
                    owners.setdefault(variant.spelling, []).append((each.id, variant))
        self._owners = list(owners.values())
        self._machine = CharwiseDoubleArrayAhoCorasick(list(owners)) if owners else None

    def collect(self, text: str, into: dict[str, list[_Hit]]) -> None:
        if self._machine is None:
            return
        for start, end, number in self._machine.find_overlapping(text):
            for right, variant in self._owners[number]:
                into.setdefault(right, []).append(_Hit(variant, start, end))


def _folded(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(text for word in words if (text := fold(word).text))


def _about(capture: Capture) -> str:
    """What the listing says of its goods, folded."""
    parts = filter(None, (capture.title, capture.category, capture.description))
    return fold(" ".join(parts)).text


def _plain_hits(text: str, spellings: Iterable[Variant]) -> Iterator[_Hit]:
    heard = sound(text)
    for variant in spellings:
        where = heard if variant.alphabet is Alphabet.SOUND else text
        start = where.find(variant.spelling)
        while start >= 0:
            yield _Hit(variant, start, start + len(variant.spelling))
            start = where.find(variant.spelling, start + 1)


def _fields(capture: Capture) -> Iterator[tuple[str, Folded]]:
    texts = (capture.title, capture.brand, capture.shop.name, capture.description)
    for field, text in zip(FIELDS, texts, strict=True):
        if text:
            yield field, fold(text)


def _matches(
    field: str, folded: Folded, hits: Iterable[_Hit], wanted: _Wanted, about: str
) -> Iterator[Match]:
    """The best hit of each place: hits inside another's place say nothing more."""
    taken: list[tuple[int, int]] = []
    for hit in sorted(_telling(hits, wanted, about), key=_best_first):
        if any(start <= hit.start and hit.end <= end for start, end in taken):
            continue
        if _is_cut_from_word(folded, hit) or _is_excluded(folded.text, hit, wanted.excluded):
            continue
        taken.append((hit.start, hit.end))
        yield _match(field, folded, hit)


def _telling(hits: Iterable[_Hit], wanted: _Wanted, about: str) -> Iterator[_Hit]:
    """Two syllables sound like many things: without the right's goods they tell nothing."""
    goods: bool | None = None
    for hit in hits:
        if not hit.variant.is_faint:
            yield hit
            continue
        if goods is None:
            goods = any(word in about for word in wanted.goods)
        if goods:
            yield hit


def _best_first(hit: _Hit) -> tuple[int, bool, int, str]:
    return hit.start - hit.end, hit.variant.disguise is not None, hit.start, hit.variant.meant


def _is_cut_from_word(folded: Folded, hit: _Hit) -> bool:
    """A Latin name inside a longer Latin word is another word."""
    start, end = folded.span(hit.start, hit.end)
    text = folded.original
    return _is_one_word(text[start - 1 : start], folded.text[hit.start]) or _is_one_word(
        folded.text[hit.end - 1], text[end : end + 1]
    )


def _is_one_word(left: str, right: str) -> bool:
    """Two Latin letters or two digits side by side; a letter beside a digit may end a name."""
    pair = left + right
    return len(pair) == 2 and pair.isascii() and (pair.isalpha() or pair.isdigit())


def _is_excluded(text: str, hit: _Hit, excluded: Sequence[str]) -> bool:
    for word in excluded:
        start = text.find(word, max(0, hit.end - len(word)))
        if word and 0 <= start <= hit.start and hit.end <= start + len(word):
            return True
    return False


def _match(field: str, folded: Folded, hit: _Hit) -> Match:
    span = folded.span(hit.start, hit.end)
    seen = folded.original[span[0] : span[1]]
    meant = hit.variant.meant
    disguises, changes = _disguises(seen, folded.text[hit.start : hit.end], hit.variant)
    return Match(
        detector=NAME,
        field=field,
        span=span,
        seen=seen,
        meant=meant,
        disguises=disguises,
        score=_score(hit, changes, disguises),
        reason=_reason(field, span, seen, meant, disguises, changes),
        method="exact" if not disguises else disguises[0],
    )


def _disguises(
    seen: str, folded: str, variant: Variant
) -> tuple[tuple[Disguise, ...], tuple[tuple[str, str], ...]]:
    """The disguises of what was seen, and the (seen, meant) characters that only sound alike."""
    changes = (
        tuple(
            pair
            for pair in zip(folded, fold(variant.meant).text, strict=True)
            if pair[0] != pair[1]
        )
        if variant.alphabet is Alphabet.SOUND
        else ()
    )
    if variant.disguise is Disguise.PINYIN:
        return (Disguise.PINYIN,), ()
    found = dict.fromkeys(_of_writing(seen, variant.meant))
    if changes:
        found[Disguise.HOMOPHONE] = None
    return tuple(found), changes


def _of_writing(seen: str, meant: str) -> Iterator[Disguise]:
    if seen.casefold() == meant.casefold():
        return
    for character in seen:
        compatible = unicodedata.normalize("NFKC", character)
        if not fold(character).text:
            if character not in meant:
                yield Disguise.SYMBOLS
        elif compatible != character:
            yield Disguise.STYLED
        elif fold(character).text != character.casefold() and character not in meant:
            yield Disguise.TRADITIONAL if is_han(character) else Disguise.STYLED


def _score(hit: _Hit, changes: Sequence[tuple[str, str]], disguises: Sequence[Disguise]) -> float:
    if hit.variant.disguise is Disguise.PINYIN:
        return PINYIN
    length = hit.end - hit.start
    alike = (length - len(changes) * (1 - SAME_SOUND)) / length
    return round(alike * (DISGUISED if disguises else 1.0), 3)


def _reason(  # noqa: PLR0917 - a sentence has its parts
    field: str,
    span: tuple[int, int],
    seen: str,
    meant: str,
    disguises: Sequence[Disguise],
    changes: Sequence[tuple[str, str]],
) -> str:
    place = f"{FIELDS[field]}第{span[0] + 1}—{span[1]}字“{seen}”"
    if not disguises:
        return f"{place}与受保护名称“{meant}”相同"
    how = "、".join(WORDS[disguise] for disguise in disguises)
    pairs = "，".join(f"{one}≈{other}" for one, other in changes)
    return f"{place}与受保护名称“{meant}”近似（{how}{'：' + pairs if pairs else ''}）"
