"""What Chinese words an emoji stands for, from the short names and keywords of Unicode's CLDR."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from opencc import OpenCC

from .words import Word

MOST_WORDS = 6
SHARED = 11  # a keyword of more emoji than this names a category, a colour or a mood, not a thing
COMMON = 3000  # of jieba's counts: beyond it more makes no word likelier
HEADS = 1000  # a single character counts as a word of its own from here
HAN = re.compile("[\u3400-\u9fff]{1,4}")
PICTURED = re.compile("(?:头|脸|的脸|图标|符号|按钮|表情)$")
SMALL = "子"  # 兔子 is 兔
SELECTOR = "\ufe0f"
JOINER = "\u200d"
SKINS = re.compile("[\U0001f3fb-\U0001f3ff]")
Annotations = Mapping[str, Mapping[str, list[str]]]
Known = Mapping[str, Word]


def emoji(annotations: Annotations, known: Known) -> dict[str, str]:
    """The words of every emoji, likeliest first; `known` is the dictionary of ordinary words."""
    simplify = OpenCC("t2s").convert
    keywords = {}
    for picture, note in annotations.items():
        if _is_plain(picture):
            said = [*note.get("tts", ()), *note.get("default", ())]
            words = [simplify(word) for word in said]
            keywords[picture.replace(SELECTOR, "")] = _with_bare(words)
    shared = Counter(word for words in keywords.values() for word in set(words))
    rows = {}
    for picture, words in keywords.items():
        ranked = _ranked(words, shared, known)
        if ranked:
            rows[picture] = " ".join(ranked[:MOST_WORDS])
    return rows


def _is_plain(picture: str) -> bool:
    bare = picture.replace(SELECTOR, "")
    is_picture = all(ord(character) >= 0x203C for character in bare)
    return is_picture and JOINER not in bare and not SKINS.search(bare)


def _with_bare(words: list[str]) -> list[str]:
    """The short name stays first; 老虎头 stands for 老虎 too."""
    return list(dict.fromkeys(PICTURED.sub("", word) or word for word in words)) + words


def _ranked(keywords: list[str], shared: Counter[str], known: Known) -> list[str]:
    name = keywords[0]
    words = [
        word
        for word in dict.fromkeys(keywords)
        if HAN.fullmatch(word) and shared[word] <= SHARED and not _says_little(word, known)
    ]
    ranked = sorted(words, key=lambda word: -_likelihood(word, name, words, known))
    found: dict[str, None] = {}
    for place, word in enumerate(ranked):
        found[word] = None
        if place == 0 or word == name:
            found |= dict.fromkeys(_heads(word, known))
    return list(found)


def _says_little(word: str, known: Known) -> bool:
    """An adjective, or a mere 头."""
    return PICTURED.fullmatch(word) is not None or (
        word in known and known[word].kind.startswith("a")
    )


def _likelihood(word: str, name: str, words: Iterable[str], known: Known) -> float:
    """The end of the name, the end of other keywords, and a thing that people speak of."""
    entry = known.get(word)
    ends_others = sum(other.endswith(word) for other in words)
    is_thing = entry is not None and not entry.kind.startswith("v")
    commonness = min(entry.count, COMMON) / COMMON if entry else -1
    ends_name = 2.5 * name.endswith(word) + (word in name)
    return ends_name + ends_others + 1.5 * is_thing + 1.5 * commonness


def _heads(word: str, known: Known) -> Iterator[str]:
    """山羊 is a 羊 and 兔子 a 兔, where the one character is a word of its own."""
    if len(word) == 2:
        head = word[0] if word.endswith(SMALL) else word[-1]
        entry = known.get(head)
        is_word = entry is not None and entry.kind == "n" and entry.count >= HEADS
        if is_word or word.endswith(SMALL):
            yield head
