"""What may be written for single characters of a name, class by class."""

from collections.abc import Callable, Mapping, Sequence
from random import Random

from pypinyin import Style, lazy_pinyin

from benchmarks.disguised import tables
from benchmarks.disguised.sources import Sources

Ways = Mapping[int, tuple[str, ...]]
"""By place in the name, what may stand there."""

Writing = Callable[[str, Sources], Ways]
COMBINING = ("\u0336", "\u0332", "\u0338", "\u0305", "\u20dd")


def _table(name: str) -> Writing:
    def ways(text: str, sources: Sources) -> Ways:
        table: Mapping[str, tuple[str, ...]] = getattr(sources, name)
        return {place: table[each] for place, each in enumerate(text) if table.get(each)}

    return ways


def _radicals(text: str, sources: Sources) -> Ways:
    found = dict(_table("radicals")(text, sources))
    marked = {place: tuple(each + mark for mark in COMBINING) for place, each in enumerate(text)}
    return {place: found.get(place, ()) or marked[place] for place in marked}


def _syllables(text: str, _: Sources) -> Ways:
    plain, toned = lazy_pinyin(text), lazy_pinyin(text, style=Style.TONE)
    return {
        place: (one, one, one.capitalize(), other)
        for place, (one, other) in enumerate(zip(plain, toned, strict=True))
        if one != text[place]
    }


def _initials(text: str, _: Sources) -> Ways:
    firsts = [each[0] for each in lazy_pinyin(text)]
    return {place: (one, one.upper()) for place, one in enumerate(firsts) if one != text[place]}


def _emoji(text: str, _: Sources) -> Ways:
    found: dict[int, tuple[str, ...]] = {}
    for place, character in enumerate(text):
        signs = [each.sign for each in tables.emoji() if character in each.meant + each.sounded]
        if signs:
            found[place] = tuple(signs)
    return found


SINGLE: Mapping[str, Writing] = {
    "traditional": _table("traditional"),
    "styled": _radicals,
    "homophone": _table("homophones"),
    "near_homophone": _table("near_homophones"),
    "mixed_pinyin": _syllables,
    "initial": _initials,
    "lookalike": _table("lookalikes"),
    "split": _table("parts"),
    "emoji": _emoji,
}
MANY = {
    "traditional": 0.7,
    "styled": 0.7,
    "homophone": 0.25,
    "near_homophone": 0.12,
    "mixed_pinyin": 0.3,
    "initial": 0.0,
    "lookalike": 0.15,
    "split": 0.08,
    "emoji": 0.15,
}
"""How often more than one character is written otherwise, where more than one can be."""


def rewritten(name: str, kind: str, sources: Sources, random: Random) -> str | None:
    """The name with one or more characters written in this way, or `None` where none can be."""
    if kind == "emoji":
        word = _word_as_emoji(name, random)
        if word:
            return word
    writing = _table("closest") if kind == "lookalike" and len(name) < 3 else SINGLE[kind]
    ways = writing(name, sources)
    if not ways:
        return None
    places = sorted(ways)
    chosen = random.sample(places, _how_many(len(places), len(name), kind, random))
    if kind == "mixed_pinyin" and len(chosen) == len(name):
        chosen = chosen[1:]
    return "".join(
        picked(ways[place], sources, random) if place in chosen else each
        for place, each in enumerate(name)
    )


def picked(options: Sequence[str], sources: Sources, random: Random) -> str:
    """One of them, what people write often before what they hardly know."""
    weights = [1 + sources.common.get(each, 0) for each in options]
    return random.choices(options, weights)[0]


def _how_many(possible: int, length: int, kind: str, random: Random) -> int:
    if possible == 1 or random.random() >= MANY[kind]:
        return 1
    if kind in {"traditional", "styled"}:
        return possible
    if length < 4:
        return min(2, possible) if kind == "homophone" and (length == 3 or _coin(random)) else 1
    return 2 if random.random() < 0.8 else min(possible, 3)


def _coin(random: Random) -> bool:
    return random.random() < 0.5


def both(name: str, kinds: Sequence[str], sources: Sources, random: Random) -> str | None:
    """The name with one character written in the first way and another in the second."""
    ways = [SINGLE[kind](name, sources) for kind in kinds]
    pairs = [(one, other) for one in ways[0] for other in ways[1] if one != other]
    if not pairs:
        return None
    one, other = random.choice(sorted(pairs))
    texts = list(name)
    texts[one], texts[other] = (
        picked(ways[0][one], sources, random),
        picked(ways[1][other], sources, random),
    )
    return "".join(texts)


def _word_as_emoji(name: str, random: Random) -> str | None:
    found = [
        name.replace(word, each.sign, 1)
        for each in tables.emoji()
        for word in each.meant
        if len(word) > 1 and word in name
    ]
    return random.choice(found) if found and random.random() < 0.7 else None


def spoken(name: str, random: Random) -> str:
    """The whole name in pinyin, as people type it."""
    style = Style.TONE if random.random() < 0.25 else Style.NORMAL
    syllables = lazy_pinyin(name, style=style)
    joint = random.choice(("", "", " ", "-"))
    shape = random.choice((str.lower, str.lower, str.title, str.upper))
    return (
        joint.join(shape(each) if joint else each for each in syllables)
        if joint
        else shape("".join(syllables))
    )
