"""Which odd letters and symbols are read as a Latin letter or digit, by their looks or names.

Every glyph of the fonts is cut out, brought to one size and compared with the Latin ones of the
same family: by the directions of its edges, its ink, its height, width and place on the line.
"""

import re
import string
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # ships no types
from PIL import Image, ImageDraw, ImageFont

from .render import SIZE, Floats, directions, shades
from .sources import FONTS, font

LATIN = string.ascii_lowercase + string.ascii_uppercase + string.digits
DRAWN_AT = 80
BORDER = 4
SHADED = 12
ENOUGH = {"L": 0.84, "S": 0.92}  # by Unicode's category: letters, symbols
MISPLACED = 0.8  # what a difference of the whole height costs
SCRIPTS = frozenset({"LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU"})
NAMED = re.compile(
    r"(?:LATIN (?:SMALL|CAPITAL) LETTER|LATIN LETTER SMALL CAPITAL"
    r"|(?:CROSSED )?NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER"
    r"|(?:LATIN|GREEK) SMALL LETTER(?: SCRIPT| DOTLESS)?|REGIONAL INDICATOR SYMBOL LETTER)"
    r" ([A-Z]|ALPHA|IOTA|UPSILON)(?: WITH .*)?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Glyphs of one face: unit vectors of shape (n, k) and boxes (n, 3) in heights of the face."""

    shapes: Floats
    boxes: Floats


def glyphs() -> dict[str, str]:
    """Every such character with the small letter or the digit that people read in it.

    In whichever face it is most like one.
    """
    found: dict[str, tuple[float, str]] = {}
    for path in _fonts():
        strangers = _strangers(path)
        if strangers:
            for character, match in zip(strangers, _matches(path, strangers), strict=True):
                found[character] = max(match, found.get(character, match))
    rows = {
        each: letter
        for each, (alike, letter) in found.items()
        if alike >= ENOUGH[unicodedata.category(each)[0]]
    }
    return rows | dict(_named())


def is_strange(character: str) -> bool:
    """Whether it is a letter people meet, or a symbol, that Unicode's own folding leaves alone."""
    category = unicodedata.category(character)[0]
    if character.isascii() or category not in ENOUGH:
        return False
    script = unicodedata.name(character, "").split(" ")[0]
    is_known = category == "S" or script in SCRIPTS
    return is_known and unicodedata.normalize("NFKD", character) == character


def fonts_cover() -> set[str]:
    """All odd characters that the fonts can draw."""
    return {character for path in _fonts() for character in _strangers(path)}


def _fonts() -> list[Path]:
    first = font("DejaVuSans.ttf", "fonts-dejavu")
    font("NotoSansLisu-Regular.ttf", "fonts-noto-core")
    others = sorted(FONTS.rglob("NotoSans*-Regular.ttf"))  # the face of all scripts comes first
    return [first, *(path for path in others if not re.search("Mono|CJK|UI-", path.name))]


def _strangers(path: Path) -> list[str]:
    with TTFont(path, lazy=True) as opened:
        codes = sorted(opened.getBestCmap())
    return [chr(code) for code in codes if is_strange(chr(code))]


def _matches(path: Path, strangers: list[str]) -> list[tuple[float, str]]:
    """For each the greatest likeness and its letter."""
    own = path if path.name.startswith("DejaVu") else path.with_name("NotoSans-Regular.ttf")
    latin, strange = _drawn(own, LATIN), _drawn(path, strangers)
    shapes = strange.shapes @ latin.shapes.T
    apart = np.abs(strange.boxes[:, None] - latin.boxes).max(axis=2)
    alike = shapes - MISPLACED * apart
    best = alike.argmax(axis=1)
    return [
        (float(row[place]), LATIN[place].lower()) for row, place in zip(alike, best, strict=True)
    ]


def _drawn(path: Path, characters: str | list[str]) -> Drawn:
    face = ImageFont.truetype(str(path), DRAWN_AT)
    boxes = np.array([face.getbbox(each, anchor="ls") for each in characters], np.float32)
    boxes[:, 2] -= boxes[:, 0]
    cut = np.stack([_cut(face, each) for each in characters])
    shapes = np.concatenate([_unit(directions(cut)), _unit(shades(cut, SHADED))], axis=1)
    return Drawn(shapes=_unit(shapes), boxes=boxes[:, 1:] / np.float32(DRAWN_AT))


def _cut(face: ImageFont.FreeTypeFont, character: str) -> Floats:
    """The glyph alone, its longer side filling the square."""
    left, top, right, bottom = face.getbbox(character, anchor="ls")
    width, height = max(1, round(right - left)), max(1, round(bottom - top))
    image = Image.new("L", (width, height))
    ImageDraw.Draw(image).text((-left, -top), character, 255, face, anchor="ls")
    inner = SIZE - 2 * BORDER
    longest = max(width, height)
    size = (max(2, inner * width // longest), max(2, inner * height // longest))
    square = Image.new("L", (SIZE, SIZE))
    square.paste(image.resize(size), ((SIZE - size[0]) // 2, (SIZE - size[1]) // 2))
    return np.asarray(square, np.float32) / np.float32(255)


def _unit(rows: Floats) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: Floats = rows / np.maximum(lengths, 1e-6)
    return unit


def _named() -> Iterator[tuple[str, str]]:
    """ø, ʟ and 🅰 say in their names which letter they are."""
    for code in range(0x80, 0x20000):
        match = NAMED.fullmatch(unicodedata.name(chr(code), ""))
        if match and is_strange(chr(code)):
            yield chr(code), match[1][0].lower()
