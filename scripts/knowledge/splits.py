"""How a character is typed as two or three others side by side, as 好 is 女子."""

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping

from opencc import OpenCC

from .parts import Composition, is_typed

MOST_SPLITS = 8
MOST_PARTS = 3
# How people type a part that stands only in characters, likest first.
RADICALS = {
    "卄": "艹草艸", "艹": "艹草艸", "氵": "氵水", "亻": "亻人", "扌": "扌手才", "忄": "忄心",
    "纟": "纟丝糸", "讠": "讠言", "钅": "钅金", "饣": "饣食", "犭": "犭犬", "礻": "礻示",
    "衤": "衤衣", "刂": "刂刀", "灬": "灬火", "辶": "辶走之辵", "冫": "冫冰",
    "⺮": "竹", "⻊": "足", "牜": "牛", "攵": "攵文", "⺙": "攵文", "罒": "罒四网", "⺤": "爪",
    "爫": "爫爪", "虍": "虍虎", "⺆": "冂", "𠘨": "几", "⺊": "卜", "⺈": "勹", "疒": "疒病",
    "宀": "宀", "彳": "彳", "王": "王玉", "月": "月肉", "户": "户戶", "⺁": "厂", "覀": "西",
    "囗": "囗口", "㣺": "心㣺", "夲": "本夲", "⺺": "肀⺺", "氺": "水氺", "镸": "长镸",
    "旡": "无旡", "龵": "手龵", "𠂇": "ナ𠂇", "丬": "丬爿", "飠": "饣食",
}  # fmt: skip
STROKES = {
    "㇐": "一",
    "㇑": "丨",
    "㇒": "丿",
    "㇓": "丿",
    "㇔": "丶",
    "㇟": "乚",
    "㇠": "乙",
    "㇏": "丶",
}
HILL_OR_TOWN = "阝"
FIRST_ONLY = frozenset("王月")  # only beside another part are they 玉 and 肉
BESIDE = frozenset({"a", "d", "w", "r3tr", "lock", "wt", "wb", "wtl"})


def splits(
    characters: Iterable[str], known: Mapping[str, Composition], frequencies: Mapping[str, float]
) -> dict[str, str]:
    """The ways to type each character in parts: whole parts first, the oftener met first."""
    simplify = OpenCC("t2s").convert
    rows = {}
    for character in characters:
        found: dict[str, None] = {}
        for parts in _taken_apart(character, known):
            found |= dict.fromkeys(_typed(parts, frequencies, simplify))
        found.pop(character, None)
        if found:
            rows[character] = " ".join(itertools.islice(found, MOST_SPLITS))
    return rows


def _taken_apart(character: str, known: Mapping[str, Composition]) -> Iterator[tuple[str, ...]]:
    """Its parts; then the parts with one of them taken apart once more."""
    made = known.get(character)
    if not made or not _is_split(made):
        return
    if len(made.parts) <= MOST_PARTS:
        yield made.parts
    for place, part in enumerate(made.parts):
        inner = known.get(part)
        if inner and _is_split(inner) and len(made.parts) + len(inner.parts) <= MOST_PARTS + 1:
            yield made.parts[:place] + inner.parts + made.parts[place + 1 :]


def _is_split(made: Composition) -> bool:
    way = made.way.split("/")[0]
    return len(made.parts) > 1 and (way in BESIDE or way.startswith("s"))


def _typed(
    parts: tuple[str, ...], frequencies: Mapping[str, float], simplify: Callable[[str], str]
) -> list[str]:
    """The parts as they are, where keys give them; then their substitutes, the commonest first."""
    options = [_options(part, place) for place, part in enumerate(parts)]
    choices = ["".join(choice) for choice in itertools.product(*options)]
    typed = [
        choice
        for choice in choices
        if all(is_typed(part) and simplify(part) == part for part in choice)
    ]
    literal, others = typed[:1], typed[1:]
    return literal + sorted(others, key=lambda choice: -min(frequencies.get(p, 0) for p in choice))


def _options(part: str, place: int) -> str | tuple[str, ...]:
    if part in FIRST_ONLY and place:
        return (part,)
    if part == HILL_OR_TOWN:  # one shape: the hill 阜 on the left, the town 邑 on the right
        return "阝耳邑" if place else "阝耳阜"
    return RADICALS.get(part) or (STROKES.get(part, part),)
