"""Why a place is taken for a name: its disguises, its characters pair by pair, and a sentence."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from detectors.wording import hanzi, sounds
from detectors.wording.alignment import Step
from detectors.wording.names import Name
from detectors.wording.readings import Reading
from detectors.wording.weighing import PARTICLES
from pipeline.matches import Disguise, Likeness, Pair
from pipeline.normalise import fold

OF_STEP = {
    Likeness.SOUND: Disguise.HOMOPHONE,
    Likeness.NEAR_SOUND: Disguise.NEAR_HOMOPHONE,
    Likeness.INITIAL: Disguise.INITIAL,
    Likeness.SHAPE: Disguise.LOOKALIKE,
    Likeness.SPLIT: Disguise.SPLIT,
    Likeness.EMOJI: Disguise.EMOJI,
    Likeness.OTHER: Disguise.REPLACED,
    Likeness.MISSING: Disguise.DROPPED,
    Likeness.EXTRA: Disguise.INSERTED,
}
WHOLE = {
    Disguise.PINYIN: "写成拼音",
    Disguise.INITIALS: "写成拼音首字母",
    Disguise.SHUFFLED: "各字相同，次序打乱",
    Disguise.MISSPELT: "外文拼写相差一两个字母",
    Disguise.HOMOGLYPH: "用形似的外文字母或数字写成，相差一两个字母",
}
UNDONE = {Disguise.SPLIT: Likeness.SPLIT, Disguise.EMOJI: Likeness.EMOJI}


def pairs(reading: Reading, name: str, steps: Sequence[Step]) -> tuple[Pair, ...]:
    """Each step with what was written there and what it stands for."""
    return tuple(_pair(reading, name, step) for step in steps)


def _pair(reading: Reading, name: str, step: Step) -> Pair:
    meant = "" if step.meant is None else name[step.meant]
    if step.seen is None:
        return Pair(likeness=step.likeness, meant=meant)
    span = reading.span(step.seen, step.seen + 1)
    seen = reading.original[slice(*span)]
    kind = step.likeness
    if kind is not Likeness.EXTRA:
        kind = UNDONE.get(reading.undone.get(step.seen, Disguise.SYMBOLS), kind)
    if kind is Likeness.SAME and seen != meant and len(seen) == 1:
        kind = Likeness.SCRIPT
    return Pair(likeness=kind, seen=seen, meant=meant, span=span)


def disguises(reading: Reading, found: Sequence[Pair], meant: str) -> tuple[Disguise, ...]:
    """Every disguise of a place, those of single characters first."""
    return tuple(dict.fromkeys([*_of_pairs(found), *_of_writing(reading, found, meant)]))


def _of_pairs(found: Sequence[Pair]) -> Iterator[Disguise]:
    spelt = [pair.likeness is Likeness.PINYIN for pair in found]
    for pair in found:
        if pair.likeness is Likeness.PINYIN:
            yield Disguise.PINYIN if all(spelt) else Disguise.MIXED_PINYIN
        elif pair.likeness is Likeness.EXTRA and pair.seen in PARTICLES:
            yield Disguise.TORN
        elif pair.likeness in OF_STEP:
            yield OF_STEP[pair.likeness]


def _of_writing(reading: Reading, found: Sequence[Pair], meant: str) -> Iterator[Disguise]:
    written = [pair for pair in found if pair.span]
    for one, other in pairwise(written):
        between = _between(reading.original, one, other)
        if between and between not in meant:
            yield Disguise.SYMBOLS
    for pair in written:
        if pair.likeness in {Likeness.SAME, Likeness.SCRIPT}:
            yield from _of_character(pair.seen, meant)


def _between(original: str, one: Pair, other: Pair) -> str:
    if one.span is None or other.span is None:
        return ""
    return original[one.span[1] : other.span[0]]


def _of_character(seen: str, meant: str) -> Iterator[Disguise]:
    if len(seen) > 1:
        yield Disguise.REPEATED
        seen = seen[0]
    if seen.casefold() in meant.casefold():
        return
    if unicodedata.normalize("NFKC", seen) == seen and hanzi.is_han(seen):
        yield Disguise.TRADITIONAL
    else:
        yield Disguise.STYLED if fold(seen).text in fold(meant).text else Disguise.HOMOGLYPH


@dataclass(frozen=True, slots=True)
class Sighted:
    """What a sentence tells: the name, what was seen for it, pair by pair or as a whole."""

    name: Name
    seen: str
    pairs: Sequence[Pair]
    disguise: Disguise | None


def sentence(reading: Reading, place: str, sighted: Sighted) -> str:
    """One plain Chinese sentence that shows the alignment, character by character."""
    name, seen = sighted.name, sighted.seen
    if seen.casefold() == name.meant.casefold():
        return f"{place}“{seen}”与受保护名称“{name.meant}”相同"
    shown = WHOLE[sighted.disguise] if sighted.disguise else _alignment(name, sighted.pairs)
    added = "、".join(dict.fromkeys(map(_named, noise(reading.original, sighted.pairs))))
    between = f"，字间夹有{added}" if added else ""
    torn = f"，商品“{name.needs}”另见别处" if name.needs else ""
    torn += f"，只比对了前{len(name.text)}字" if name.is_beginning else ""
    return f"{place}“{seen}”与受保护名称“{name.meant}”近似：{shown}{between}{torn}"


def _alignment(name: Name, found: Sequence[Pair]) -> str:
    """Every pair; of a Latin name only those that differ."""
    if not name.is_latin:
        return " ".join(map(_shown, found))
    other = differing(found)
    if is_restyled(other):
        return "字母相同，用全角或花式字符写成" if other else "字母相同"
    return " ".join(map(_shown, other))


def differing(found: Sequence[Pair]) -> Sequence[Pair]:
    return [pair for pair in found if pair.likeness is not Likeness.SAME]


def is_restyled(found: Sequence[Pair]) -> bool:
    """Whether they are the name's own letters, full-width or fancy."""
    return all(fold(pair.seen).text == pair.meant for pair in found)


def noise(original: str, found: Sequence[Pair]) -> Iterator[str]:
    """The characters of the field that were written between those of the name."""
    written = [pair for pair in found if pair.span]
    for one, other in pairwise(written):
        yield from _between(original, one, other)


def _named(character: str) -> str:
    if character == "\n":
        return "换行"
    if character.isspace():
        return "空格"
    return "不可见字符" if is_hidden(character) else f"“{character}”"


def is_hidden(character: str) -> bool:
    return unicodedata.category(character) in {"Cf", "Mn", "Me", "Cc"}


SHOWN = {
    Likeness.SAME: "{seen}={meant}",
    Likeness.SCRIPT: "{seen}≈{meant}({script})",
    Likeness.SOUND: "{seen}≈{meant}(同音 {heard})",
    Likeness.NEAR_SOUND: "{seen}≈{meant}(近音 {heard})",
    Likeness.PINYIN: "{seen}≈{meant}(拼音 {heard})",
    Likeness.INITIAL: "{seen}≈{meant}(首字母 {heard})",
    Likeness.SHAPE: "{seen}≈{meant}(形近)",
    Likeness.SPLIT: "{seen}≈{meant}(拆字)",
    Likeness.EMOJI: "{seen}≈{meant}(表情代字)",
    Likeness.OTHER: "{seen}换“{meant}”",
    Likeness.MISSING: "缺“{meant}”",
    Likeness.EXTRA: "多“{seen}”",
}


def _shown(pair: Pair) -> str:
    alike = "/".join(heard(pair.meant, pair.seen)) if "heard" in SHOWN[pair.likeness] else ""
    script = "繁体、异体" if hanzi.is_han(pair.seen[:1] or " ") else "形似字符"
    return SHOWN[pair.likeness].format(seen=pair.seen, meant=pair.meant, heard=alike, script=script)


def heard(meant: str, seen: str) -> tuple[str, ...]:
    """The readings that sound alike: niú, niū, or one where they are the same."""
    ours, theirs = hanzi.tones(meant), hanzi.tones(seen)
    for one in ours:
        for other in theirs:
            if sounds.is_near(*(hanzi.toneless(each) for each in (one, other))):
                return (one,) if one == other else (one, other)
    return ours[:1] + theirs[:1]
