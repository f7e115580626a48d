"""A whole name made hard to find, class by class; what no person would recognise is left out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from pypinyin import lazy_pinyin
from pypinyin.phrases_dict import phrases_dict

from benchmarks.disguised import characters, letters
from benchmarks.disguised.sources import Sources
from benchmarks.disguised.subjects import Subject

SYMBOLS = (
    "*",
    "·",
    "-",
    "_",
    ".",
    " ",
    "～",
    "|",
    "/",
    "\u200b",
    "\u2060",
    "✨",
    "🔥",
    "★",
    "、",
    "'",
    "^",
    "+",
)
PLACEHOLDERS = ("*", "X", "某", "口", "○", "x", "〇", "#")
BETWEEN = ("之", "の", "的", "牌")
EXTRA = "小大新红金真好老美正"
UNRELATED = "天丰佳顺宝乐元安福龙华春海明山"
NEEDS_GOODS = frozenset({"initials", "shuffled", "dropped", "inserted", "replaced"})
FAR = frozenset({"homophone+lookalike", "split+homophone", "emoji+homophone"})
"""Two characters are then no longer what they were: a name of three is not known by one."""

LONGER = frozenset({"dropped", "inserted", "replaced", "torn", "initial", "initials"})
SPELT = frozenset({"homoglyph", "misspelt", "symbols+homoglyph"})
BY_CHARACTER = frozenset({"homophone", "near_homophone", "lookalike", "homophone+lookalike"})
WRITING = frozenset({"exact", "alias", "traditional", "styled", "symbols"})
"""What leaves a name of two characters plain even where the list names no goods."""

HAN = (
    "exact", "alias", "traditional", "styled", "symbols", "repeated", "homophone", "near_homophone",
    "pinyin", "mixed_pinyin", "initial", "initials", "lookalike", "split", "shuffled", "emoji",
    "dropped", "inserted", "replaced", "torn",
)  # fmt: skip
LATIN = ("exact", "styled", "symbols", "homoglyph", "misspelt")
PAIRS = (
    "homophone+lookalike", "homophone+traditional", "symbols+homophone", "mixed_pinyin+homophone",
    "symbols+lookalike", "symbols+traditional", "split+homophone", "emoji+homophone",
    "symbols+near_homophone", "symbols+split", "symbols+homoglyph", "styled+homophone",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Disguised:
    """What is written for a name; `head` is its part that stands in another field, if any."""

    text: str
    kind: str
    meant: str
    head: str | None = None


def disguised(subject: Subject, kind: str, sources: Sources, random: Random) -> Disguised | None:
    """The subject's name in this disguise, or `None` where it does not lend itself to it."""
    if not _suits(subject, kind):
        return None
    if kind == "torn" and len(subject.name) >= 4 and random.random() < 0.4:
        cut = len(subject.head) if 2 <= len(subject.head) < len(subject.name) else 2
        head, text = subject.name[:cut], subject.name[cut:]
        return Disguised(text=text, kind=kind, meant=subject.name, head=head)
    meant = _spelling(subject, kind, random)
    written = _written(meant, subject, kind, sources, random)
    if written is None or not _is_sound(written, meant, kind):
        return None
    return Disguised(text=written, kind=kind, meant=meant)


def _suits(subject: Subject, kind: str) -> bool:
    if subject.bare and needs_goods(subject, kind):
        return False
    if kind in SPELT:
        return any(len(each) >= 4 for each in _latin(subject))
    if kind == "alias":
        return any(each != subject.name for each in subject.spellings)
    return (subject.han and len(subject.name) >= _least(kind)) or (
        kind in LATIN and not subject.han
    )


def _least(kind: str) -> int:
    """How many characters a name must have to be known in this disguise."""
    if kind in FAR:
        return 4
    return 3 if kind in LONGER or "+" in kind else 2


def needs_goods(subject: Subject, kind: str) -> bool:
    """Whether a person needs to see the goods beside it to recognise the name."""
    short = len(subject.name) == 2 and subject.han
    return kind in NEEDS_GOODS or (short and kind not in WRITING)


def _latin(subject: Subject) -> tuple[str, ...]:
    """The foreign spellings, the name too if it is one."""
    own = () if subject.han else (subject.name,)
    return tuple(dict.fromkeys(own + tuple(each for each in subject.latin if each[0] < "\u4e00")))


def _spelling(subject: Subject, kind: str, random: Random) -> str:
    if kind == "alias":
        return random.choice([each for each in subject.spellings if each != subject.name])
    if kind in SPELT:
        return random.choice([each for each in _latin(subject) if len(each) >= 4])
    return subject.name


def _written(
    meant: str, subject: Subject, kind: str, sources: Sources, random: Random
) -> str | None:
    if kind in {"exact", "alias"}:
        return meant
    if "+" in kind:
        return _two(meant, kind, sources, random)
    if kind in WHOLE:
        return WHOLE[kind](meant, subject, sources, random)
    if kind == "styled" and meant.isascii():
        return letters.styled(meant, random)
    return characters.rewritten(meant, kind, sources, random)


def _two(meant: str, kind: str, sources: Sources, random: Random) -> str | None:
    first, second = kind.split("+")
    if first != "symbols":
        return characters.both(meant, (first, second), sources, random)
    if second == "homoglyph":
        text = letters.homoglyphs(meant, sources, random)
    else:
        text = characters.rewritten(meant, second, sources, random)
    return symbols(text, random) if text else None


def _is_sound(text: str, meant: str, kind: str) -> bool:
    """Not the name again, no common word, and no part of it that was changed into one."""
    if kind in {"exact", "alias"}:
        return True
    if text.casefold() == meant.casefold() or text in phrases_dict:
        return False
    if kind not in BY_CHARACTER:
        return True
    words = zip(pairwise(text), pairwise(meant), strict=False)
    return not any(seen != told and "".join(seen) in phrases_dict for seen, told in words)


def symbols(text: str, random: Random) -> str:
    """Signs between all characters or two of them, or brackets about each."""
    if random.random() < 0.1:
        return "".join(f"【{each}】" for each in text)
    sign = random.choice(SYMBOLS)
    if random.random() < 0.5:
        return sign.join(text)
    cut = random.randrange(1, len(text))
    return text[:cut] + sign * random.choice((1, 1, 2)) + text[cut:]


def _repeated(text: str, random: Random) -> str:
    if random.random() < 0.25:
        return "".join(each * 2 for each in text)
    place = random.randrange(len(text))
    return text[:place] + text[place] * random.choice((2, 2, 3)) + text[place + 1 :]


def _initials(text: str, subject: Subject, random: Random) -> str:
    """Of the whole name, or of what tells it from others with the goods written out."""
    head = subject.head if len(subject.head) < len(text) else text
    shown = head if random.random() < 0.7 else text
    letters = "".join(each[0] for each in lazy_pinyin(shown))
    shape = str.lower if random.random() < 0.25 else str.upper
    return shape(letters) + text.removeprefix(shown)


def _shuffled(text: str, subject: Subject, random: Random) -> str:
    ways = [text[::-1]]
    if len(text) >= 4:
        cut = len(subject.head) if len(subject.head) < len(text) else len(text) // 2
        ways = [text[cut:] + text[:cut]] * 2 + ways
    if len(text) >= 3:
        place = random.randrange(len(text) - 1)
        ways.append(text[:place] + text[place + 1] + text[place] + text[place + 2 :])
    return random.choice(ways)


def _free(subject: Subject) -> range:
    """Places whose character may be missing or wrong with the name still recognised."""
    head = len(subject.head)
    if head <= 2 and len(subject.name) > head:
        return range(head, len(subject.name))
    return range(len(subject.name))


def _dropped(text: str, subject: Subject, random: Random) -> str | None:
    """A place alone is no longer the name, nor is what is left of an ordinary word."""
    if len(text) == 3 and (subject.ordinary or subject.kind == "gi"):
        return None
    left = [text[:place] + text[place + 1 :] for place in _free(subject)]
    fine = [each for each in left if each != subject.head]
    return random.choice(fine) if fine else None


def _replaced(text: str, subject: Subject, random: Random) -> str:
    place = random.choice(_free(subject))
    sure = len(text) == 3 or random.random() < 0.6
    other = random.choice(PLACEHOLDERS if sure else UNRELATED)
    return text[:place] + other + text[place + 1 :]


def _inserted(text: str, random: Random) -> str:
    place = random.randrange(1, len(text))
    return text[:place] + random.choice(EXTRA) + text[place:]


def _torn(text: str, subject: Subject, random: Random) -> str:
    head = len(subject.head)
    cut = head if 1 < head < len(text) else len(text) - 1 if len(text) == 3 else len(text) // 2
    return text[:cut] + random.choice(BETWEEN) + text[cut:]


Maker = Callable[[str, Subject, Sources, Random], str | None]
WHOLE: Mapping[str, Maker] = {
    "symbols": lambda text, _subject, _sources, random: symbols(text, random),
    "repeated": lambda text, _subject, _sources, random: _repeated(text, random),
    "pinyin": lambda text, _subject, _sources, random: characters.spoken(text, random),
    "initials": lambda text, subject, _sources, random: _initials(text, subject, random),
    "shuffled": lambda text, subject, _sources, random: _shuffled(text, subject, random),
    "dropped": lambda text, subject, _sources, random: _dropped(text, subject, random),
    "inserted": lambda text, _subject, _sources, random: _inserted(text, random),
    "replaced": lambda text, subject, _sources, random: _replaced(text, subject, random),
    "torn": lambda text, subject, _sources, random: _torn(text, subject, random),
    "homoglyph": lambda text, _subject, sources, random: letters.homoglyphs(text, sources, random),
    "misspelt": lambda text, _subject, _sources, random: letters.misspelt(text, random),
}
