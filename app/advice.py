"""What makes a right dangerous to watch for, each with a sentence that says what to do."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Self

from daachorse import CharwiseDoubleArrayAhoCorasick

from detectors.goods import vocabulary
from detectors.wording import hanzi
from pipeline.normalise import fold, spaced
from pipeline.records import Right

COMMON = 1e-3  # share of a character from which on it is one of the 250 commonest
COMMON_LENGTH = 3  # a longer name is seldom made by chance, even of common characters
SHORT_LATIN = 3
FEW_GOODS = 3
HEARD = 1e-6  # share of a word from which on its sound is met by chance
HOMOPHONE_LENGTH = 4
SHOWN = 3  # of words, names and homophones, how many a sentence holds
TRIAL = "先设 matching_ratio 为 0.1 试运行"
EVERYDAY_WORDS = (
    "all and baby beauty best better big black blue box boy brand brown care city classic clean"
    " clear color colour comfort cool cute daily day deluxe dream easy eco extra family fashion"
    " first fit flower food for free fresh friend fun gift girl glass good grand great green group"
    " hand happy health heart home hot house kids king lady large life line little long love lucky"
    " luxury magic man market master max men mini model moon mother natural nature new next nice"
    " night north one online open original outdoor park party perfect pet pink plus point power"
    " premium prime pro pure queen quick quality rainbow real red rich river rose royal safe sea"
    " season set shop silver simple sky small smart soft special sport sports spring star store"
    " street strong style summer sun super sweet the time top total travel tree true ultra union"
    " vip warm way white wild wind winter with woman women wood world yellow you young your"
)
"""English words of any shop title, beside the goods words; written down by us."""


class Danger(StrEnum):
    """Why a right may bring more clues than it is worth."""

    SINGLE_CHARACTER = "single_character"
    ORDINARY_WORD = "ordinary_word"
    COMMON_CHARACTERS = "common_characters"
    SHORT_LATIN = "short_latin"
    EVERYDAY_LATIN = "everyday_latin"
    NO_GOODS = "no_goods"
    INSIDE_ANOTHER = "inside_another"
    HOMOPHONE = "homophone"
    LONGER_WORDS = "longer_words"
    MANY_CLUES = "many_clues"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """A danger and, in a Chinese sentence, what to do about it."""

    danger: Danger
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """In which other rights' names a name stands: by its key the ids with their names."""

    inside: Mapping[str, Sequence[tuple[str, str]]]

    @classmethod
    def of(cls, rights: Sequence[Right], in_force: Sequence[Right]) -> Self:
        """The rights among themselves and in the list in force; a right replaces its like there."""
        listed = {right.id: right for right in (*in_force, *rights)}.values()
        keys = sorted({key for right in rights for name in right.names if (key := _key(name))})
        machine = CharwiseDoubleArrayAhoCorasick(keys or ["\0"])
        found: dict[str, list[tuple[str, str]]] = {}
        for right in listed:
            for name in right.names:
                for number in {hit[2] for hit in machine.find_overlapping(_spaced(name))}:
                    found.setdefault(keys[number], []).append((right.id, name))
        return cls(found)

    def others(self, right: Right, name: str) -> Mapping[str, str]:
        """Of each other right the first name that holds this one, but for what is excluded."""
        text = fold(name).text
        excluded = [word for each in right.exclude if text in (word := fold(each).text)]
        found: dict[str, str] = {}
        for owner, longer in self.inside.get(_key(name), ()):
            if owner != right.id and not any(word in fold(longer).text for word in excluded):
                found.setdefault(owner, longer)
        return found


def advice(right: Right, standing: Standing) -> Iterator[Advice]:
    """What can be said of a right before any listing is seen."""
    yield from _ordinary(right)
    if not right.goods and not right.nice:
        text = "既没有 goods 也没有 class，无从判断商品是否相同：请填写 goods，至少填写 class。"
        yield Advice(danger=Danger.NO_GOODS, text=text)
    yield from _inside(right, standing)
    yield from _homophones(right)


def _ordinary(right: Right) -> Iterator[Advice]:
    """One sentence for each way in which names are ordinary, with all names that are so."""
    found: dict[Danger, list[str]] = {}
    for name in dict.fromkeys(right.names):
        danger = _danger(fold(name).text)
        if danger:
            found.setdefault(danger, []).append(name)
    for danger, names in found.items():
        yield Advice(danger=danger, text=_quoted(names) + SENTENCES[danger])


SENTENCES = {
    Danger.SINGLE_CHARACTER: f"只有一个字，到处都有：请改用完整名称，写全 goods，并{TRIAL}。",
    Danger.ORDINARY_WORD: f"是日常用词，普通标题里常见：请写全 goods，把无关的词语写进 exclude，"
    f"并{TRIAL}。",
    Danger.COMMON_CHARACTERS: f"全由极常见的字组成，容易碰巧出现：请写全 goods，并{TRIAL}。",
    Danger.SHORT_LATIN: "至多三个字母，型号和缩写里常见：请改用更长的写法，写全 goods，"
    f"并{TRIAL}。",
    Danger.EVERYDAY_LATIN: f"是常用外文词：请写全 goods，把无关的词组写进 exclude，并{TRIAL}。",
}


def _danger(text: str) -> Danger | None:
    if not any(map(hanzi.is_han, text)):
        return _latin_danger(text)
    if len(text) == 1:
        return Danger.SINGLE_CHARACTER
    if text in hanzi.words() or text in _sold():
        return Danger.ORDINARY_WORD
    if len(text) <= COMMON_LENGTH and all(hanzi.share(each) >= COMMON for each in text):
        return Danger.COMMON_CHARACTERS
    return None


def _latin_danger(text: str) -> Danger | None:
    if len(text) <= SHORT_LATIN:
        return Danger.SHORT_LATIN
    return Danger.EVERYDAY_LATIN if text in _everyday() or text in _sold() else None


def _inside(right: Right, standing: Standing) -> Iterator[Advice]:
    for name in dict.fromkeys(right.names):
        others = standing.others(right, name)
        same = {owner: other for owner, other in others.items() if _key(other) == _key(name)}
        longer = {owner: other for owner, other in others.items() if owner not in same}
        if same:
            text = f"“{name}”与{_named(same)}同名，一条商品会有两条线索：请合并，或用 goods 分清。"
            yield Advice(danger=Danger.INSIDE_ANOTHER, text=text)
        if longer:
            text = (
                f"“{name}”包含在{_named(longer)}里，那里的商品也会成为本权利的线索："
                "不归本权利管的，请写进 exclude。"
            )
            yield Advice(danger=Danger.INSIDE_ANOTHER, text=text)


def _named(others: Mapping[str, str]) -> str:
    shown = "、".join(f"“{name}”（{owner}）" for owner, name in list(others.items())[:SHOWN])
    return f"{shown}等 {len(others)} 项权利的名称" if len(others) > SHOWN else shown


def _homophones(right: Right) -> Iterator[Advice]:
    if len(right.goods) >= FEW_GOODS:
        return
    own = {fold(word).text for word in (*right.names, *right.exclude)}
    for name in dict.fromkeys(right.names):
        heard = [word for word in homophones(fold(name).text) if word not in own][:SHOWN]
        if heard:
            goods = f"只有 {len(right.goods)} 项" if right.goods else "没有填写"
            text = (
                f"“{name}”与日常用词{_quoted(heard)}同音，而 goods {goods}："
                "请补充 goods，与商品无关的词请写进 exclude。"
            )
            yield Advice(danger=Danger.HOMOPHONE, text=text)


def homophones(text: str) -> Sequence[str]:
    """The dictionary words that sound like this one, tones aside, the commonest first."""
    if not 2 <= len(text) <= HOMOPHONE_LENGTH:
        return []
    ways = itertools.product(*map(hanzi.syllables, text))
    found = {word for way in ways for word in _by_sound().get(way, ())} - {text}
    return sorted(found, key=lambda word: (-hanzi.words()[word], word))


@cache
def _by_sound() -> Mapping[tuple[str, ...], Sequence[str]]:
    """Words in their commonest reading: a rare one of a character is no sound of every word."""
    found: dict[tuple[str, ...], list[str]] = {}
    for word, share in hanzi.words().items():
        if share >= HEARD and 2 <= len(word) <= HOMOPHONE_LENGTH:
            sound = tuple(known[0] for each in word if (known := hanzi.syllables(each)))
            found.setdefault(sound, []).append(word)
    return found


def is_word(text: str) -> bool:
    """Whether this is an ordinary word or the name of some goods."""
    return text in hanzi.words() or text in _sold()


@cache
def _everyday() -> frozenset[str]:
    return frozenset(EVERYDAY_WORDS.split())


@cache
def _sold() -> frozenset[str]:
    return frozenset(vocabulary())


def of_longer_words(counts: Mapping[str, int]) -> Advice:
    """Words seen in listings that hold the name, or sound like it, and mean something else."""
    shown = "、".join(f"“{word}”（{count} 条）" for word, count in counts.items())
    text = f"商品信息里多次见到另有含义的{shown}：与本权利无关的，请写进 exclude。"
    return Advice(danger=Danger.LONGER_WORDS, text=text)


def of_many_clues(rate: float, unit: str, most: float) -> Advice:
    """A share that leaves about `most` clues for people to look at."""
    share = float(f"{min(0.5, max(0.01, most / rate)):.1g}")
    text = (
        f"预计{unit}有 {rate:.1f} 条须人看：先设 matching_ratio 为 {share} 试运行，"
        "看过抽中的，再逐步调到 1。"
    )
    return Advice(danger=Danger.MANY_CLUES, text=text)


def _quoted(words: Iterable[str]) -> str:
    return "".join(f"“{word}”" for word in words)


def _spaced(name: str) -> str:
    return f" {spaced(fold(name))} "


def _key(name: str) -> str:
    """A name as it stands in longer ones: Latin names as whole words only."""
    text = spaced(fold(name))
    return text if not text or any(map(hanzi.is_han, text)) else f" {text} "
