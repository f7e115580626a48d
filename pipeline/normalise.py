"""Folding text for comparison, with a map from every folded character back to the original.

Folding is NFKC, then lower case, then traditional to simplified Chinese character by character;
marks are taken off Latin letters, and whatever is neither letter nor digit is dropped. Detectors
and both indexes fold alike, so what one finds the other can show.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import chain, compress, count, repeat

import opencc

ENCLOSED = frozenset(map(chr, range(0x3220, 0x3248))) | frozenset(map(chr, range(0x3280, 0x32B1)))
"""㊣ and its like: sellers draw them between characters as ornaments, not as words."""

RADICALS = dict(
    zip(
        "⺁⺂⺃⺄⺅⺆⺈⺉⺊⺋⺌⺍⺎⺏⺐⺒⺓⺔⺖⺗⺘⺙⺛⺜⺝⺞⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺫⺬⺭⺯⺰⺱⺲⺳"
        "⺴⺶⺹⺺⺻⺼⺾⺿⻀⻁⻂⻃⻄⻅⻆⻈⻉⻋⻌⻍⻎⻏⻐⻑⻒⻓⻔⻖⻗⻘⻙⻚⻛⻜⻝⻟⻠⻢⻣⻤⻥⻦⻧⻨"
        "⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲",
        "厂乛乚乙亻冂刀刂卜㔾小小兀尣尢巳幺彑忄心扌攵旡日月歺民氵氺灬爫爫丬牛犭王目示礻糹纟罓罒㓁"
        "冗羊耂肀聿肉艹艹艹虎衤覀西见角讠贝车辶辶辶邑钅長镸长门阝雨青韦页风飞食飠饣马骨鬼鱼鸟卤麦"
        "黄黾斉齐歯齿竜龙龜亀",
        strict=True,
    )
)
"""Radicals that NFKC leaves alone, as characters; EquivalentUnifiedIdeograph.txt of Unicode 15."""

MOST_KEPT = 200_000  # Unicode has fewer letters; a bound all the same
WORD = re.compile(r"[0-9a-z]+|[^0-9a-z]+")


@dataclass(frozen=True)
class Folded:
    """`text` is folded; `offsets[i]` is where its i-th character stands in `original`."""

    original: str
    text: str

    @cached_property
    def offsets(self) -> tuple[int, ...] | None:
        """`None` where folding moved nothing, which is most of the time."""
        if _TABLE.uneven.isdisjoint(self.original):
            return None
        folded = map(_TABLE.__getitem__, map(ord, self.original))
        if _TABLE.longer.isdisjoint(self.original):
            return tuple(compress(count(), folded))
        return tuple(chain.from_iterable(map(repeat, count(), map(len, folded))))

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original code points behind `text[start:end]`."""
        if self.offsets is None:
            return start, end
        return self.offsets[start], self.offsets[end - 1] + 1

    def is_set_apart(self, start: int, end: int) -> bool:
        """高 仿 is a word if nothing runs into it; 产品 味道 and 整箱 包邮 hold none."""
        first, last = self.span(start, end)
        if last - first == end - start or not any(map(str.isspace, self.original[first:last])):
            return True
        edges = self.original[first - 1 : first] + self.original[last : last + 1]
        return not any(map(str.isalnum, edges))

    def cut(self, start: int, end: int) -> str:
        first, last = self.span(start, end)
        return self.original[first:last]


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


class _Table(dict[int, str]):
    """What one code point folds to, worked out when first met; a table for `str.translate`."""

    def __init__(self) -> None:
        super().__init__()
        self.uneven: set[str] = set()  # characters that do not fold to exactly one
        self.longer: set[str] = set()  # those of them that fold to several

    def __missing__(self, point: int) -> str:
        character = chr(point)
        folded = _fold_character(character)
        if len(self) < MOST_KEPT:
            self[point] = folded
        if len(folded) != 1:
            self.uneven.add(character)
        if len(folded) > 1:
            self.longer.add(character)
        return folded


def _fold_character(character: str) -> str:
    if character in ENCLOSED:
        return ""
    compatible = unicodedata.normalize("NFKC", RADICALS.get(character, character)).casefold()
    bare = "".join(_bare(each) for each in unicodedata.normalize("NFKC", compatible))
    return "".join(_simplified(each) for each in bare if each.isalnum())


def _bare(character: str) -> str:
    base = unicodedata.normalize("NFD", character)[:1]
    return base if base.isascii() else character


def _simplified(character: str) -> str:
    if not "\u3400" <= character <= "\U0003ffff":
        return character
    simple: str = _converter().convert(character)
    return simple if len(simple) == 1 else character


_TABLE = _Table()


def fold(original: str) -> Folded:
    """The folded text of `original`, which knows its offsets."""
    return Folded(original, original.translate(_TABLE))


def tokens(folded: Folded) -> Iterator[tuple[str, int]]:
    """Index tokens with their place: Latin words and numbers whole, all else as bigrams.

    The last character of a run also stands alone, so that every single character is the
    start of some token and can be found by prefix. What was dropped parts Latin words only:
    花*牛 is still 花牛.
    """
    for run in WORD.finditer(folded.text):
        if run[0][0].isascii():
            yield from _words(folded, run.start(), run.end())
        else:
            yield from _bigrams(run[0], run.start())


def spaced(folded: Folded) -> str:
    """The folded text with a space wherever a Latin word begins or ends."""
    return " ".join(
        word
        for run in WORD.finditer(folded.text)
        for word in (
            [each for each, _ in _words(folded, run.start(), run.end())]
            if run[0][0].isascii()
            else [run[0]]
        )
    )


def _words(folded: Folded, start: int, end: int) -> Iterator[tuple[str, int]]:
    offsets = folded.offsets
    if offsets is not None:
        for place in range(start + 1, end):
            if offsets[place] - offsets[place - 1] > 1:
                yield folded.text[start:place], start
                start = place
    yield folded.text[start:end], start


def _bigrams(run: str, start: int) -> Iterator[tuple[str, int]]:
    for place in range(len(run) - 1):
        yield run[place : place + 2], start + place
    yield run[-1], start + len(run) - 1
