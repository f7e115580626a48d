"""Other people's tables of characters that sound or look alike, read as they are.

They lie outside the project and stay there. What a table holds beyond sense is left out here:
substitutes must be characters that people know, and a look-alike needs two witnesses.
"""

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from pypinyin import Style, lazy_pinyin, pinyin

Table = Mapping[str, tuple[str, ...]]
RADICALS = frozenset("艹氵亻忄扌讠纟钅饣犭宀阝彳疒礻衤刂灬冫攵⺮罒王月日木禾石虫足车火女口山土米")
NEAR_INITIALS = (("n", "l"), ("z", "zh"), ("c", "ch"), ("s", "sh"), ("f", "h"), ("r", "l"))
NEAR_FINALS = (("in", "ing"), ("en", "eng"), ("an", "ang"))
CORNERS = re.compile(r"'(.)'\s*:\s*'(\d{4})")
VOWELS = frozenset("aeiouv")
CLOSE = 1.35
UNLIKE = frozenset("丘鼎王索昌尔木步老带北壶夷亚开")
"""Characters that nobody reads out of the parts that the table gives them."""

STROKES = frozenset("丿亅丶乙丨一亠冂凵匚匸卩厶勹")
AS_SEEN_FIRST = dict(
    zip("草丝水金言人犬食手心示衣阜玉竹网", "艹纟氵钅讠亻犭饣扌忄礻衤阝王⺮罒", strict=True)
)
AS_SEEN_LAST = {"邑": "阝"}
LEET = {"o": "0", "l": "1", "i": "1", "e": "3", "s": "5", "a": "4", "g": "9", "b": "8", "z": "2"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """For a character, what others say may stand for it."""

    traditional: Table
    homophones: Table
    near_homophones: Table
    lookalikes: Table
    closest: Table
    """Look-alikes that pass at a glance, for names with nothing else to know them by."""
    parts: Table
    homoglyphs: Table
    radicals: Table
    sentences: tuple[str, ...]
    common: Mapping[str, int]
    """How often people wrote a character in those sentences."""


def read(data: Path) -> Sources:
    """All tables below the folder of the data; raises `OSError` where one is not there."""
    pairs = tuple(_pairs(data / "confusion-pycorrector" / "sighan2015_test.tsv"))
    alike = _lookalikes(data, pairs)
    return Sources(
        traditional=_traditional(data / "confusion-opencc"),
        homophones=_homophones(data / "confusion-pycorrector" / "same_pinyin.txt", pairs),
        near_homophones=_near_homophones(data / "confusion-similarcharacter" / "音近字语料库.txt"),
        lookalikes={one: _best(others, 0) for one, others in alike.items()},
        closest={one: _best(others, CLOSE) for one, others in alike.items()},
        parts=_parts(data / "confusion-chaizi" / "chaizi-jt.txt"),
        homoglyphs=_homoglyphs(data / "confusion-unicode-homoglyphs" / "confusables.json"),
        radicals=_radicals(data / "confusion-unihan" / "EquivalentUnifiedIdeograph.txt"),
        sentences=tuple(dict.fromkeys(right for _, right in pairs)),
        common=Counter("".join(right for _, right in pairs)),
    )


def lines(path: Path) -> Iterator[str]:
    """The lines of a text file that are not empty and no remark."""
    for line in path.read_text("utf-8-sig").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line


def level(character: str) -> int:
    """1 for the 3,755 commonest characters of GB 2312, 2 for its others, 3 for all else."""
    try:
        first = character.encode("gb2312")[0]
    except UnicodeEncodeError:
        return 3
    return 1 if 0xB0 <= first <= 0xD7 else 2


def syllable(character: str) -> str:
    """How a character is read most, without tone."""
    return str(lazy_pinyin(character, style=Style.NORMAL)[0])


def readings(character: str) -> frozenset[str]:
    return frozenset(pinyin(character, style=Style.NORMAL, heteronym=True)[0])


def _pairs(path: Path) -> Iterator[tuple[str, str]]:
    for line in lines(path):
        wrong, _, right = line.partition("\t")
        if right:
            yield wrong.strip(), right.strip()


def _mistakes(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The character that was meant and the one that a person wrote."""
    for wrong, right in pairs:
        if len(wrong) == len(right):
            yield from ((meant, seen) for seen, meant in zip(wrong, right, strict=True))


def _frozen(found: Mapping[str, Iterable[str]]) -> Table:
    return {key: tuple(sorted(set(values) - {key})) for key, values in found.items() if values}


def _traditional(folder: Path) -> Table:
    found: dict[str, list[str]] = defaultdict(list)
    for name in ("STCharacters", "TWVariants", "HKVariants", "TWVariantsRev", "HKVariantsRev"):
        for line in lines(folder / f"{name}.txt"):
            key, _, values = line.partition("\t")
            found[key] += [
                each for each in values.split() if each != key and "\u4e00" <= each < "\u9fff"
            ]
    return {key: tuple(dict.fromkeys(values))[:1] for key, values in found.items() if values}


def _homophones(path: Path, pairs: Iterable[tuple[str, str]]) -> Table:
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines(path):
        key, *groups = line.split("\t")
        found[key] += [each for each in "".join(groups) if _sounds_same(key, each)]
    for meant, seen in _mistakes(pairs):
        if meant != seen and level(meant) < 3 and _sounds_same(meant, seen):
            found[meant] += [seen]
    return _frozen(found)


def _sounds_same(one: str, other: str) -> bool:
    return level(other) == 1 and syllable(one) == syllable(other)


def _near_homophones(path: Path) -> Table:
    """Characters of the table whose syllable is one of the near ones; same tone preferred."""
    by_sound: dict[str, list[str]] = defaultdict(list)
    characters = [line[0] for line in lines(path)]
    for character in characters:
        if level(character) == 1:
            by_sound[syllable(character)].append(character)
    found: dict[str, list[str]] = {}
    for character in characters:
        near = [other for each in near_syllables(syllable(character)) for other in by_sound[each]]
        far = [other for other in near if not readings(other) & readings(character)]
        found[character] = [o for o in far if tone(o) == tone(character)] or far
    return _frozen(found)


def tone(character: str) -> str:
    return str(pinyin(character, style=Style.TONE3, neutral_tone_with_five=True)[0][0])[-1]


def near_syllables(sound: str) -> tuple[str, ...]:
    """The syllables that are taken for this one in one or the other part of China."""
    start = next((place for place, letter in enumerate(sound) if letter in VOWELS), len(sound))
    initial, final = sound[:start], sound[start:]
    initials = [_other(initial, pair) for pair in NEAR_INITIALS if initial in pair]
    finals = [
        final[: -len(one)] + other
        for pair in NEAR_FINALS
        for one, other in (pair, pair[::-1])
        if final.endswith(one)
    ]
    return tuple([each + final for each in initials] + [initial + each for each in finals])


def _other(one: str, pair: tuple[str, str]) -> str:
    return pair[1] if one == pair[0] else pair[0]


Scores = Mapping[str, Mapping[str, float]]


def _lookalikes(data: Path, pairs: Iterable[tuple[str, str]]) -> Scores:
    """Pairs that tables name and strokes bear out, of those that do not sound the same."""
    folder, other_folder = data / "confusion-similarcharacter", data / "confusion-pycorrector"
    corners = _corners(folder / "四角编码字典（7000字）.txt")
    strokes = dict(line.split()[:2] for line in lines(other_folder / "stroke.txt"))
    witnesses: Counter[tuple[str, str]] = Counter(_groups(other_folder / "same_stroke.txt"))
    for name in ("形近字语料库.txt", "形近字语料库（CV2）.txt"):
        witnesses.update(_listed(folder / name))
    witnesses.update(set(_mistakes(pairs)))
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for (one, other), count in witnesses.items():
        if one == other or level(other) > 2 or readings(one) & readings(other):
            continue
        written = _ratio(strokes.get(one, ""), strokes.get(other, ""))
        alike = _agree(corners.get(one, ""), corners.get(other, ""))
        if _is_alike(count, written, alike) and (count >= 2 or level(other) == 1):
            found[one][other] = min(count, 2) / 4 + written + alike / 16
    return found


def _is_alike(witnesses: int, written: float, corners: int) -> bool:
    if witnesses >= 2:
        return written >= 0.75 and corners >= 2
    return (written >= 0.85 and corners >= 2) or written >= 0.93


def _best(others: Mapping[str, float], least: float) -> tuple[str, ...]:
    good = [each for each in others if others[each] >= least]
    return tuple(sorted(good, key=lambda each: (-others[each], each))[:3])


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _agree(one: str, other: str) -> int:
    return sum(a == b for a, b in zip(one, other, strict=False))


def _corners(path: Path) -> Mapping[str, str]:
    """The file is a Python dictionary."""
    return dict(CORNERS.findall(path.read_text("utf-8-sig")))


def _listed(path: Path) -> set[tuple[str, str]]:
    found = set()
    for line in lines(path):
        for other in line[1:].strip():
            found |= {(line[0], other), (other, line[0])}
    return found


def _groups(path: Path) -> set[tuple[str, str]]:
    found = set()
    for line in lines(path):
        members = line.split()
        found |= {(one, other) for one in members for other in members if one != other}
    return found


def _parts(path: Path) -> Table:
    """Two or three parts, each a character or radical that a keyboard offers."""
    found: dict[str, list[str]] = {}
    for line in lines(path):
        key, *ways = line.split("\t")
        found[key] = [_written(way.split()) for way in ways if _readable(way.split())]
    return _frozen({key: ways for key, ways in found.items() if _is_split(key)})


def _is_split(character: str) -> bool:
    return level(character) < 3 and character not in UNLIKE


def _readable(parts: list[str]) -> bool:
    return 2 <= len(parts) <= 3 and all(
        each in RADICALS or (each not in STROKES and level(each) < 3) for each in parts
    )


def _written(parts: list[str]) -> str:
    """The table names radicals by their full characters; people type what is seen."""
    first, *others = (AS_SEEN_LAST.get(each, each) for each in parts)
    return "".join((AS_SEEN_FIRST.get(first, first), *others))


def _homoglyphs(path: Path) -> Table:
    found: dict[str, list[str]] = defaultdict(list)
    for key, others in json.loads(path.read_text("utf-8")).items():
        if key.isascii() and key.isalpha():
            found[key] += [each["c"] for each in others if _is_homoglyph(each)]
    for letter, digit in LEET.items():
        found[letter].append(digit)
    return _frozen(found)


def _is_homoglyph(each: Mapping[str, str]) -> bool:
    scripts = ("CYRILLIC", "GREEK", "ARMENIAN")
    odd = any(word in each["n"] for word in ("SYMBOL", "YPOGEGRAMMENI", "LETTER SMALL CAPITAL"))
    return len(each["c"]) == 1 and each["n"].startswith(scripts) and not odd


def _radicals(path: Path) -> Table:
    """Characters that Unicode has a second time, as radicals."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines(path):
        places, _, character = line.split("#")[0].partition(";")
        first, _, last = places.strip().partition("..")
        for place in range(max(int(first, 16), 0x2EC5), int(last or first, 16) + 1):
            found[chr(int(character.strip(), 16))].append(chr(place))
    return _frozen(found)
