"""The longer words around a match that mean something else: what a right may exclude."""

from collections.abc import Iterator

from app import advice
from detectors.wording import hanzi
from pipeline.matches import Match
from pipeline.normalise import fold
from pipeline.records import Capture, Clue, Right

LONGEST = 6  # characters of a longer word
WORD = 4  # characters of what may follow a name as a word of its own


def longer_words(clue: Clue, listing: Capture, right: Right) -> set[str]:
    """Words that hold what was taken for the name, or are it where it was disguised, folded."""
    known = {fold(word).text for word in (*right.names, *right.exclude)}
    goods = tuple(filter(None, (fold(each).text for each in right.goods)))
    texts = {
        "title": listing.title,
        "brand": listing.brand,
        "shop": listing.shop.name,
        "description": listing.description,
    }
    found: set[str] = set()
    for match in clue.matches:
        text = texts.get(match.field)
        if match.span and text:
            found |= set(_at(text, match.span, goods, match))
    return found - known


def _at(text: str, span: tuple[int, int], goods: tuple[str, ...], match: Match) -> Iterator[str]:
    start, end = span
    before, seen, after = (fold(each).text for each in (text[:start], text[start:end], text[end:]))
    yield from _words(before, seen, after)
    if match.disguises or seen.isascii():
        return
    if _is_single(text[end : end + 1]) and not _begins(after, goods):
        yield seen + after[:1]
    if _is_single(text[start - 1 : start] if start else "") and not _ends(before, goods):
        yield before[-1:] + seen


def _words(before: str, seen: str, after: str) -> Iterator[str]:
    """Every word of the dictionary around a place, the place itself included."""
    for ahead in range(min(LONGEST - len(seen), len(before)) + 1):
        for behind in range(min(LONGEST - len(seen) - ahead, len(after)) + 1):
            word = before[len(before) - ahead :] + seen + after[:behind]
            if advice.is_word(word) and (word == seen or not word.isascii()):
                yield word


def _is_single(character: str) -> bool:
    """Whether it may make a longer word of a name: 夜 of 平安 does, 的 or 大 does not."""
    return bool(character) and hanzi.is_han(character) and hanzi.share(character) < advice.COMMON


def _begins(text: str, goods: tuple[str, ...]) -> bool:
    """Whether a word of its own begins here, so that the name ends before it."""
    lengths = range(2, min(WORD, len(text)) + 1)
    return text.startswith(goods) or any(advice.is_word(text[:size]) for size in lengths)


def _ends(text: str, goods: tuple[str, ...]) -> bool:
    lengths = range(2, min(WORD, len(text)) + 1)
    return text.endswith(goods) or any(advice.is_word(text[-size:]) for size in lengths)
