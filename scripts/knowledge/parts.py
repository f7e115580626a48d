"""How characters are put together, after cjk-decomp: which parts, and how they stand."""

import re
from dataclasses import dataclass

LINE = re.compile(r"(.+?):([\w/]+)\((.*)\)")
SAME_SHAPE = frozenset({"me", "mt", "ml", "mtl", "mtr", "mo", "mb", "mr", "m", "msp"})
REPEATED = {
    "ra": ("a", 2),
    "rd": ("d", 2),
    "r3tr": ("r3tr", 3),
    "r3a": ("a", 3),
    "r3d": ("d", 3),
    "ra/m": ("a", 2),
    "ra/t": ("a", 2),
    "rd/m": ("d", 2),
    "rrefl": ("a", 2),
    "rrefr": ("a", 2),
    "rstl": ("stl", 2),
    "rs": ("s", 2),
    "r4sq": ("r4sq", 4),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Composition:
    """Parts and the way they stand: a across, d down, s* around, w within, as cjk-decomp says."""

    way: str
    parts: tuple[str, ...]


def compositions(text: str) -> dict[str, Composition]:
    """What each name is put together from; a number names a shape without a code point.

    A shape that is another one slightly bent takes the other's name; strokes have no entry.
    """
    read = {
        match[1]: (match[2], match[3].split(","))
        for match in map(LINE.match, text.split())
        if match and match[3]
    }
    plain = {name: parts[0] for name, (way, parts) in read.items() if way in SAME_SHAPE}
    found = {}
    for name, (way, parts) in read.items():
        if name in plain and not is_typed(name):
            continue
        straight, times = REPEATED.get(way, (way, 1))
        named = tuple(_straight(part, plain) for part in parts * times)
        found[name] = Composition(way=straight, parts=named)
    return found


def is_typed(name: str) -> bool:
    """Whether a person can type it: a radical or a character of the basic plane, no stroke."""
    return len(name) == 1 and ("\u2e80" <= name <= "\u2fdf" or "\u3400" <= name <= "\u9fff")


def is_stroke(name: str) -> bool:
    """Whether it is a single stroke."""
    return len(name) == 1 and "\u31c0" <= name <= "\u31ef"


def _straight(name: str, plain: dict[str, str]) -> str:
    while name in plain and not is_typed(name):
        name = plain[name]
    return name
