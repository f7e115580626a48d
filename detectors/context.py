"""What stands around a name and tells how it is used: fair use, negation, evocation (spaCy rules).

Only texts that hold a candidate come here; an automaton has read the rest away. The words and how
near they must stand are data, cues.toml; whole turns of phrase are phrases.toml.
"""

import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from daachorse import CharwiseDoubleArrayAhoCorasick

from detectors.longer import in_title, longer_word
from detectors.phrases import phrases
from detectors.uses import Weighed, is_weighed, weighed
from pipeline.matches import Context, Cue
from pipeline.normalise import Folded, fold

if TYPE_CHECKING:
    from spacy.matcher import PhraseMatcher
    from spacy.vocab import Vocab

DATA = Path(__file__).with_name("cues.toml")
FAR = 24  # code points between a cue and a name, at most
LATIN_NEAR = 12  # letters and spaces: "not the Huaniu apple"
SOON = 6  # folded characters behind a name
WHOLE = "whole"
STOPS = frozenset("，。；！？,;!?|｜\n\r\t/+&")
JOINERS = dict.fromkeys(map(ord, "“”\"'‘’「」『』【】[]()（）《》〈〉*·•:：~-_—、%％"))


class Side(StrEnum):
    """Where a cue stands, seen from the name."""

    BEFORE = "before"
    BEHIND = "behind"
    BESIDE = "beside"
    ANYWHERE = "anywhere"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a word bears on a name; the lists are folded words."""

    cue: Cue
    side: Side
    near: int = 0
    touching: bool = False
    but_between: tuple[str, ...] = ()
    but_behind: tuple[str, ...] = ()
    needs_behind: tuple[str, ...] = ()


def cues(text: str) -> tuple[Context, ...]:
    """Every cue in a text, wherever it stands; 高仿 is one word and not 仿."""
    folded = fold(text)
    return _whole_words(_found(folded)) if _glance().find(folded.text) else ()


def around(
    text: str,
    found: Sequence[Context],
    span: tuple[int, int] | None,
    goods: frozenset[str] | None = frozenset(),
) -> tuple[Context, ...]:
    """Of the cues of a text those that say something about the name at `span`.

    `goods` are folded words for the goods of the right; without them uses are not weighed.
    """
    undone, given = phrases(text, span)
    near = (each for each in found if each.cue not in undone and _bears(each, text, span))
    said = (*_longest(near), *given)
    if span is None:
        return said
    read = Weighed(surely_sells=False) if goods is None else weighed(text, span, goods)
    if read.surely_sells:
        said = tuple(each for each in said if not is_weighed(each.cue))
    known = {each.cue for each in said}
    learnt = (each for each in read.uses if each.cue not in known)
    return (*said, *learnt, *in_title(text, span), *longer_word(text, span))


@dataclass(frozen=True, slots=True)
class _Spoken:
    """The rules by cue and word, and what names a word of another sense belongs to."""

    rules: Mapping[tuple[Cue, str], tuple[Rule, ...]]
    holding: Mapping[str, tuple[str, ...]]
    beside: Mapping[str, tuple[str, ...]]
    symbols: Mapping[str, str]
    whole: tuple[str, ...]

    @classmethod
    def read(cls) -> Self:
        data = tomllib.loads(DATA.read_text("utf-8"))
        rules: dict[tuple[Cue, str], tuple[Rule, ...]] = {}
        symbols: dict[str, str] = {}
        for entry in data["rules"]:
            rule = _rule(entry)
            for word in entry["words"].split():
                key = rule.cue, fold(word).text
                rules[key] = (*rules.get(key, ()), rule)
                if key[1] != word:
                    symbols[key[1]] = word
        return cls(
            rules=rules,
            holding=_names_by(data["other_senses"], "words"),
            beside=_names_by(data["other_senses"], "beside"),
            symbols=symbols,
            whole=_words(data[WHOLE]),
        )

    def of(self, context: Context) -> tuple[Rule, ...]:
        return self.rules.get((context.cue, fold(context.word).text), ())

    def labelled(self) -> Iterator[tuple[str, str]]:
        yield from ((cue.value, word) for cue, word in self.rules)
        yield from ((Cue.OTHER_SENSE.value, word) for word in {*self.holding, *self.beside})
        yield from ((WHOLE, word) for word in self.whole)


@cache
def _spoken() -> _Spoken:
    return _Spoken.read()


def _rule(entry: Mapping[str, Any]) -> Rule:
    return Rule(
        cue=Cue(entry["cue"]),
        side=Side(entry["side"]),
        near=entry.get("near", 0),
        touching=entry.get("touching", False),
        but_between=_words(entry.get("but_between", "")),
        but_behind=_words(entry.get("but_behind", "")),
        needs_behind=_words(entry.get("needs_behind", "")),
    )


def _words(written: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fold(word).text for word in written.split()))


def _names_by(senses: Iterable[Mapping[str, str]], key: str) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for sense in senses:
        for word in _words(sense.get(key, "")):
            found[word] = (*found.get(word, ()), fold(sense["name"]).text)
    return found


@cache
def _glance() -> CharwiseDoubleArrayAhoCorasick:
    """Most texts hold no word that counts, and this sees it soonest."""
    return CharwiseDoubleArrayAhoCorasick(sorted({word for _, word in _spoken().labelled()}))


@cache
def _matcher() -> tuple["Vocab", "PhraseMatcher"]:
    """Each character is a token, so the vocabulary stays as small as Unicode."""
    import spacy  # noqa: PLC0415 - takes a second to load, and most commands meet no candidate
    from spacy.matcher import PhraseMatcher  # noqa: PLC0415
    from spacy.tokens import Doc  # noqa: PLC0415

    vocab = spacy.blank("zh").vocab
    matcher = PhraseMatcher(vocab)
    by_label: dict[str, list[Doc]] = {}
    for label, word in _spoken().labelled():
        by_label.setdefault(label, []).append(Doc(vocab, words=list(word)))
    for label, words in by_label.items():
        matcher.add(label, words)
    return vocab, matcher


def _found(folded: Folded) -> Iterator[tuple[str, Context | None, tuple[int, int]]]:
    """Label, cue and folded place of whatever stands in the text as a word of its own."""
    from spacy.tokens import Doc  # noqa: PLC0415

    vocab, matcher = _matcher()
    document = Doc(vocab, words=list(folded.text))
    for label, start, end in matcher(document):
        kind = vocab.strings[label]
        if kind == WHOLE:
            yield kind, None, (start, end)
        elif _stands(folded, start, end):
            span = folded.span(start, end)
            word = folded.original[span[0] : span[1]]
            yield kind, Context(cue=Cue(kind), word=word, span=span), (start, end)


def _whole_words(
    found: Iterable[tuple[str, Context | None, tuple[int, int]]],
) -> tuple[Context, ...]:
    """What stands inside a word of another kind says nothing; another sense hides no cue."""
    kept: list[Context] = []
    reach: dict[str, tuple[int, int]] = {}  # by kind, the place that ends last
    for kind, context, place in sorted(found, key=lambda each: (each[2][0], -each[2][1])):
        over = (other for each, other in reach.items() if each != kind and other != place)
        if context and (kind == Cue.OTHER_SENSE or all(other[1] < place[1] for other in over)):
            kept.append(context)
        if kind != Cue.OTHER_SENSE and place[1] > reach.get(kind, (0, 0))[1]:
            reach[kind] = place
    return tuple(kept)


def _longest(found: Iterable[Context]) -> Iterator[Context]:
    """树苗 says all that 苗 says."""
    reach: dict[Cue, int] = {}
    for each in sorted(found, key=lambda each: (each.span[0], -each.span[1])):
        if each.span[1] > reach.get(each.cue, -1):
            reach[each.cue] = each.span[1]
            yield each


def _stands(folded: Folded, start: int, end: int) -> bool:
    """MacBook is no book, 5A货真价实 no A货, and 1:1 needs its colon."""
    first, last = folded.span(start, end)
    text, word = folded.original, folded.text[start:end]
    if _is_one_word(text[first - 1 : first], word[0]) or _is_one_word(
        word[-1], text[last : last + 1]
    ):
        return False
    seen = text[first:last]
    symbols = _spoken().symbols.get(word)
    if symbols is not None and not symbols.isalnum() and not word.isalpha():
        return unicodedata.normalize("NFKC", seen).casefold() == symbols
    return len(seen) == len(word) or word.isascii() or folded.is_set_apart(start, end)


def _is_one_word(left: str, right: str) -> bool:
    pair = left + right
    return len(pair) == 2 and pair.isascii() and pair.isalnum()


def _bears(context: Context, text: str, span: tuple[int, int] | None) -> bool:
    if context.cue is Cue.OTHER_SENSE:
        return span is not None and _is_other_sense(context, text, span)
    rules = _spoken().of(context)
    if any(rule.side is Side.ANYWHERE for rule in rules):
        return span is None or not _overlap(context.span, span)
    return span is not None and any(_reaches(rule, context, text, span) for rule in rules)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_other_sense(context: Context, text: str, span: tuple[int, int]) -> bool:
    """The name begins where the longer word holds it, or stands alone beside a telling one."""
    spoken, word = _spoken(), fold(context.word).text
    if span == context.span:
        return False  # 黄山毛峰 is no other sense of its own name
    starts = (context.span[0] + word.find(name) for name in spoken.holding.get(word, ()))
    if span[0] in starts:
        return True
    return fold(text[span[0] : span[1]]).text in spoken.beside.get(word, ())


def _reaches(rule: Rule, context: Context, text: str, span: tuple[int, int]) -> bool:
    """Whether the word stands on its rule's side, near enough, and nothing undoes it."""
    if context.span[1] <= span[0] and rule.side is not Side.BEHIND:
        (start, end), name_side = (context.span[1], span[0]), -1
    elif span[1] <= context.span[0] and rule.side is not Side.BEFORE:
        (start, end), name_side = (span[1], context.span[0]), 0
    else:
        return False
    gap = text[start : min(end, start + FAR + 1)]
    if len(gap) > FAR or not STOPS.isdisjoint(gap):
        return False
    if not _is_near(rule, context.word, gap.translate(JOINERS), name_side):
        return False
    if _holds(fold(gap).text, rule.but_between):
        return False
    behind = fold(text[span[1] : span[1] + FAR]).text
    if rule.needs_behind and not _holds(behind, rule.needs_behind):
        return False
    return not _holds(behind[:SOON], rule.but_behind)


def _is_near(rule: Rule, word: str, gap: str, name_side: int) -> bool:
    """A space may follow the cue, but 非普通梨 花牛苹果 is two phrases."""
    letters = gap.strip()
    if rule.touching:
        return not gap or (word.isascii() and not letters)
    if word.isascii():
        return len(letters) <= (LATIN_NEAR if rule.near else 0)
    if not letters:
        return True
    return len(letters) <= rule.near and letters.isalnum() and not gap[name_side].isspace()


def _holds(text: str, words: Sequence[str]) -> bool:
    return any(word in text for word in words)
