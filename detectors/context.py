"""What stands around a name and tells how it is used: fair use, negation, evocation (spaCy rules).

Only texts that hold a candidate come here; an automaton has read the rest away.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.matcher import PhraseMatcher

NEAR = 4


class Cue(StrEnum):
    """What words around a name say about its use; the rows of domain.md §2."""

    PUBLICATION = "publication"
    RECIPE = "recipe"
    ACCESSORY = "accessory"
    NEGATION = "negation"
    EVOCATION = "evocation"
    INGREDIENT = "ingredient"
    SEEDLING = "seedling"
    RESALE = "resale"
    PLACE = "place"
    CODE_WORD = "code_word"
    CLAIM = "claim"


BEFORE = frozenset({Cue.NEGATION, Cue.ACCESSORY, Cue.INGREDIENT, Cue.PLACE})
WORDS: dict[Cue, str] = {
    Cue.PUBLICATION: (
        "图书 书籍 杂志 期刊 邮票 海报 明信片 画册 ISBN 二手书 旧书 连环画 平装 精装 出版社 教材 "
        "book paperback hardcover handbook"
    ),
    Cue.RECIPE: "做法 教程 食谱 菜谱 课程 网课 教学 怎么做 家常菜 培训 recipe course",
    Cue.ACCESSORY: "适用于 适用 适合 用于 适配 兼容 通用 配套 for fits compatible",
    Cue.NEGATION: "非 不是 并非 不含 区别于 绝非 有别于 not",
    Cue.EVOCATION: "平替 同款 风味 仿 类似 媲美 堪比 替代 口感 style type",
    Cue.INGREDIENT: "含 添加 选用 采用 内含 精选",
    Cue.SEEDLING: "苗 树苗 种苗 种子 嫁接 接穗 苗木 sapling seeds",
    Cue.RESALE: "二手 闲置 转让 自用 转卖 secondhand",
    Cue.PLACE: "产地 发货地 发货 原产地 快递 来自",
    Cue.CODE_WORD: "高仿 原单 A货 复刻 1:1 精仿 超A 尾单 replica",
    Cue.CLAIM: "官方旗舰店 旗舰店 专卖店 官方正品 官方授权",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A cue, the word that gave it, and where the word stands in code points."""

    cue: Cue
    word: str
    span: tuple[int, int]


def cues(text: str) -> tuple[Context, ...]:
    """Every cue in a text, wherever it stands; 高仿 is one word and not 仿."""
    pipeline, matcher = _rules()
    found = tuple(_found(pipeline, matcher, text))
    return tuple(each for each in found if not _is_part(each, found))


def around(
    text: str, found: Sequence[Context], span: tuple[int, int] | None
) -> tuple[Context, ...]:
    """Of the cues of a text those that say something about the name at `span`."""
    near = tuple(each for each in found if _counts(each, span))
    return (*near, *_titles(text, span))


def _found(pipeline: "Language", matcher: "PhraseMatcher", text: str) -> Iterator[Context]:
    document = pipeline.make_doc(text)
    for found in matcher(document, as_spans=True):
        span = found.start_char, found.end_char
        if not _is_cut_from_word(text, span):
            yield Context(cue=Cue(found.label_), word=found.text, span=span)


def _titles(text: str, span: tuple[int, int] | None) -> Iterator[Context]:
    """A name inside 《》 stands in the title of a work."""
    if span is None:
        return
    opened, closed = text.rfind("《", 0, span[0]), text.find("》", span[1])
    if opened >= 0 and closed >= 0 and "》" not in text[opened : span[0]]:
        yield Context(cue=Cue.PUBLICATION, word="《》", span=(opened, opened + 1))


def _is_cut_from_word(text: str, span: tuple[int, int]) -> bool:
    """The pipeline splits Latin into letters too, and MacBook is no book."""
    edges = (text[span[0] - 1 : span[0] + 1], text[span[1] - 1 : span[1] + 1])
    return any(len(pair) == 2 and pair.isascii() and pair.isalpha() for pair in edges)


def _is_part(context: Context, found: tuple[Context, ...]) -> bool:
    start, end = context.span
    return any(
        other.span[0] <= start and end <= other.span[1] and other.span != context.span
        for other in found
    )


def _counts(context: Context, span: tuple[int, int] | None) -> bool:
    if span is None:
        return context.cue not in BEFORE
    start, end = span
    if start < context.span[1] and context.span[0] < end:
        return False  # a cue inside the name is the name
    before, behind = start - context.span[1], context.span[0] - end
    if context.cue in BEFORE:
        return 0 <= before <= NEAR
    return context.cue is not Cue.EVOCATION or max(before, behind) <= NEAR


@cache
def _rules() -> tuple["Language", "PhraseMatcher"]:
    """Each character is a token, so the vocabulary stays as small as Unicode."""
    import spacy  # noqa: PLC0415 - takes a second to load, and most commands meet no candidate
    from spacy.matcher import PhraseMatcher  # noqa: PLC0415

    pipeline = spacy.blank("zh")
    matcher = PhraseMatcher(pipeline.vocab, attr="LOWER")
    for cue, words in WORDS.items():
        matcher.add(cue.value, [pipeline.make_doc(word) for word in words.split()])
    return pipeline, matcher
