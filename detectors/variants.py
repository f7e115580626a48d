"""The variant universe of a name: how sellers are likely to write it, the likeliest first.

For people to read, for crawl queries, and to try the detector: nothing here asks how it searches.
"""

import itertools
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import opencc

from detectors.wording import hanzi, sounds
from pipeline.matches import Disguise
from pipeline.normalise import RADICALS

LIKE_EACH = 6  # how many characters of like sound or look are tried for each
COMMON = 2e-6  # share of text of the rarest character that a seller would think of
ORNAMENTS = ("*", "·", " ", "-", "\u200b", "🔥")
PARTICLES = ("的", "之", "牌")
FAMILIAR = "大小新老真好"
LOOK_LATIN = str.maketrans("aceopxyABCEHKMOPTX", "асеорхуАВСЕНКМОРТХ")  # Cyrillic
LEET = str.maketrans("oeasit", "034517")


@dataclass(frozen=True, slots=True, order=True)
class Variant:
    """One way to write a name; `rank` counts from 0 within its disguise."""

    rank: int
    disguise: Disguise
    text: str
    reason: str


Made = Iterator[tuple[str, str]]  # a text and why


def variants(name: str) -> Sequence[Variant]:
    """Every likely disguise of a name, each text once, ranked within its class of disguise."""
    makers = HANZI if any(map(hanzi.is_han, name)) else LATIN
    found: dict[str, Variant] = {}
    for disguise, make in makers.items():
        every = {text: why for text, why in make(name) if text and text != name}
        for rank, (text, why) in enumerate(every.items()):
            found.setdefault(text, Variant(rank, disguise, text, why))
    return sorted(found.values())


def _traditional(name: str) -> Made:
    yield _in_traditional().convert(name), "繁体"


def _styled(name: str) -> Made:
    wide = "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in name)
    yield wide, "全角"
    yield name.translate(_radicals()), "部首字符"
    yield "".join(each + "\u0336" for each in name), "加删除线"


def _symbols(name: str) -> Made:
    for sign in ORNAMENTS:
        label = unicodedata.name(sign).lower()
        yield sign.join(name), f"逐字插入 {label}"
        yield name[: len(name) // 2] + sign + name[len(name) // 2 :], f"中间插入 {label}"


def _repeated(name: str) -> Made:
    yield "".join(each * 2 for each in name), "逐字重复"
    yield name + name[-1], "末字重复"


def _replaced_each(name: str, alike: Callable[[str], Iterable[tuple[str, str]]]) -> Made:
    """One character exchanged; the best exchange of every place first."""
    every = [[(at, *other) for other in alike(each)] for at, each in enumerate(name)]
    for row in itertools.zip_longest(*every):
        for change in filter(None, row):
            at, other, why = change
            yield name[:at] + other + name[at + 1 :], f"{other}≈{name[at]}（{why}）"


def _homophones(name: str) -> Made:
    yield from _replaced_each(name, lambda each: _alike(each, hanzi.syllables(each), "同音"))
    best = [next(_alike(each, hanzi.syllables(each), ""), (each, ""))[0] for each in name]
    yield "".join(best), "逐字同音"


def _near_homophones(name: str) -> Made:
    def near(character: str) -> Iterator[tuple[str, str]]:
        heard = {other for each in hanzi.syllables(character)[:1] for other in sounds.nearby(each)}
        return _alike(character, sorted(heard), "近音")

    yield from _replaced_each(name, near)


def _alike(character: str, syllables: Iterable[str], why: str) -> Iterator[tuple[str, str]]:
    speakers = {each for syllable in syllables for each in _speakers().get(syllable, ())}
    common = sorted(speakers - {character}, key=lambda each: (-hanzi.share(each), each))
    return ((each, f"{why} {hanzi.tones(each)[0]}") for each in common[:LIKE_EACH])


def _lookalikes(name: str) -> Made:
    def looks(character: str) -> Iterable[tuple[str, str]]:
        fitting = [each for each in hanzi.looks(character) if hanzi.share(each) > COMMON]
        return [(each, "形近") for each in fitting[:LIKE_EACH]]

    yield from _replaced_each(name, looks)


def _split(name: str) -> Made:
    yield from _replaced_each(
        name, lambda each: [(way, "拆字") for way in _ways().get(each, ())[:2]]
    )


def _pinyin(name: str) -> Made:
    plain = [hanzi.syllables(each)[:1] for each in name]
    if all(plain):
        spelt = [each[0] for each in plain]
        yield "".join(spelt), "拼音连写"
        yield " ".join(spelt), "拼音分写"
        yield "".join(hanzi.tones(each)[0] for each in name), "带调拼音"


def _mixed(name: str) -> Made:
    def spelt(character: str) -> Iterable[tuple[str, str]]:
        return [(each, "拼音") for each in hanzi.syllables(character)[:1]]

    yield from _replaced_each(name, spelt)


def _initial(name: str) -> Made:
    if len(name) > 2:
        yield from _replaced_each(
            name, lambda each: [(way[0], "首字母") for way in hanzi.syllables(each)[:1]]
        )


def _initials(name: str) -> Made:
    letters = [each[0] for character in name for each in hanzi.syllables(character)[:1]]
    if len(letters) == len(name) and len(name) > 2:
        yield "".join(letters), "拼音首字母"
        yield "".join(letters).upper(), "拼音首字母大写"


def _shuffled(name: str) -> Made:
    yield name[::-1], "倒写"
    yield name[len(name) // 2 :] + name[: len(name) // 2], "前后对调"
    yield name[1] + name[0] + name[2:], "前两字对调"


def _emoji(name: str) -> Made:
    for sign, words in hanzi.emoji().items():
        for word in words:
            if word in name and len(sign) == 1:
                yield name.replace(word, sign, 1), f"{sign} 代“{word}”"


def _dropped(name: str) -> Made:
    if len(name) > 2:
        for at, each in enumerate(name):
            yield name[:at] + name[at + 1 :], f"缺“{each}”"


def _inserted(name: str) -> Made:
    if len(name) > 2:
        for at, each in itertools.product(range(1, len(name)), FAMILIAR):
            yield name[:at] + each + name[at:], f"多“{each}”"


def _unrelated(name: str) -> Made:
    if len(name) > 2:
        for other, at in itertools.product("某X", range(len(name))):
            yield name[:at] + other + name[at + 1 :], f"“{name[at]}”换成“{other}”"


def _torn(name: str) -> Made:
    for particle in PARTICLES:
        yield name[: len(name) // 2] + particle + name[len(name) // 2 :], f"以“{particle}”隔开"


def _letters_alike(name: str) -> Made:
    yield name.translate(LOOK_LATIN), "西里尔字母"
    yield name.translate(LEET), "数字代字母"


def _misspelt(name: str) -> Made:
    for at in range(len(name)):
        if name[at].isalpha():
            yield name[:at] + name[at] + name[at:], f"第{at + 1}字母双写"
            yield name[:at] + name[at + 1 :], f"缺第{at + 1}字母"
            yield (
                name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :],
                f"第{at + 1}字母对调",
            )
    yield name + "s", "复数"


Maker = Callable[[str], Made]
HANZI: Mapping[Disguise, Maker] = {
    Disguise.TRADITIONAL: _traditional,
    Disguise.STYLED: _styled,
    Disguise.SYMBOLS: _symbols,
    Disguise.REPEATED: _repeated,
    Disguise.HOMOPHONE: _homophones,
    Disguise.NEAR_HOMOPHONE: _near_homophones,
    Disguise.PINYIN: _pinyin,
    Disguise.MIXED_PINYIN: _mixed,
    Disguise.INITIAL: _initial,
    Disguise.INITIALS: _initials,
    Disguise.LOOKALIKE: _lookalikes,
    Disguise.SPLIT: _split,
    Disguise.SHUFFLED: _shuffled,
    Disguise.EMOJI: _emoji,
    Disguise.DROPPED: _dropped,
    Disguise.INSERTED: _inserted,
    Disguise.REPLACED: _unrelated,
    Disguise.TORN: _torn,
}
LATIN: Mapping[Disguise, Maker] = {
    Disguise.STYLED: _styled,
    Disguise.SYMBOLS: _symbols,
    Disguise.HOMOGLYPH: _letters_alike,
    Disguise.MISSPELT: _misspelt,
}


@cache
def _radicals() -> Mapping[int, str]:
    return {ord(character): radical for radical, character in RADICALS.items()}


@cache
def _speakers() -> Mapping[str, Sequence[str]]:
    """Syllable → the characters commonly read so."""
    found: dict[str, list[str]] = {}
    for character in hanzi.known_characters():
        if hanzi.share(character) > hanzi.RAREST:
            for syllable in hanzi.syllables(character)[:1]:
                found.setdefault(syllable, []).append(character)
    return found


@cache
def _ways() -> Mapping[str, Sequence[str]]:
    """Character → its parts side by side."""
    found: dict[str, list[str]] = {}
    for parts, character in hanzi.splits().items():
        found.setdefault(character, []).append(parts)
    return found


@cache
def _in_traditional() -> opencc.OpenCC:
    return opencc.OpenCC("s2t")
