"""Drawn signs to learn from: icons of freely licensed packages, and invented wordmarks."""

from collections.abc import Iterator, Set
from contextlib import suppress
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from detectors.pictures.logos import SQUEEZES, WIDE
from scripts.logo_net.icons import Icons

SIDE = 112  # pixels
DRAWN = 160
MOST = 900  # icons of one package
WORDS = 6500
INK = 250  # pixels: less is hardly seen
HAN = (
    "天水花牛苹果山东大江南北中华春秋龙凤福禄寿喜金银玉石泉清香茶酒米面油盐糖老字号同仁堂庆丰稻村"
    "全聚德海河湖洋安康宁和平美丽好味道鲜果园农家乐百年世纪王李张刘陈杨黄赵周吴徐孙胡朱高林何郭马"
)
CONSONANTS, VOWELS = "bcdfghjklmnprstvwxz", "aeiouy"
STYLES = frozenset(
    ["icon", "logo", "original", "plain", "line", "wordmark", "light", "dark", "file", "type"]
)
ENDINGS = (".io", ".js", "!", "24", "+", " Co", "®")

Sign = Image.Image


def signs(
    icons: Path, fonts: Path, without: Path | None, seed: int
) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    """N×SIDE×SIDE×4 pictures, colours times opacity and opacity, and the package that each is of.

    No brand that the package `without` has is drawn.
    """
    random = Random(seed)
    left_out = set(map(_brand, Icons.read(without).names)) if without else set()
    drawn: list[tuple[str, Sign]] = []
    for place in sorted(icons.glob("*.json")):
        drawn += ((place.stem, sign) for sign in _icons(place, left_out, random))
    pool = [sign for _, sign in drawn]
    faces = sorted(path for kind in ("ttf", "ttc", "otf") for path in fonts.rglob(f"*.{kind}"))
    drawn += (("word", _wordmark(faces, pool, random)) for _ in range(WORDS))
    fitted = ((package, _fitted(sign)) for package, sign in drawn)
    some = [(package, sign) for package, sign in fitted if (sign[..., 3] > 128).sum() >= INK]
    return np.stack([sign for _, sign in some]), np.array([package for package, _ in some])


def _brand(name: str) -> str:
    return "".join(word for word in name.split("-") if word not in STYLES)


def _icons(place: Path, left_out: Set[str], random: Random) -> Iterator[Sign]:
    package = Icons.read(place)
    names = [name for name in package.names if _brand(name) not in left_out]
    for name in random.sample(names, min(MOST, len(names))):
        with suppress(ValueError):
            yield _trimmed(package.drawn(name, DRAWN, _paint(random)))


def _paint(random: Random) -> str:
    if random.random() < 0.3:
        return random.choice(["#000000", "#111111", "#222222", "#333333"])
    hue, full, light = random.random(), random.uniform(40, 100), random.uniform(20, 60)
    return f"hsl({hue * 360:.0f},{full:.0f}%,{light:.0f}%)"


def _trimmed(sign: Sign) -> Sign:
    seen = sign.getchannel("A").point(lambda level: 255 * (level > 24)).getbbox()
    return sign.crop(seen) if seen else sign


def _wordmark(faces: list[Path], icons: list[Sign], random: Random) -> Sign:
    """A word alone, beside an icon, over one, on a plate, or over another word."""
    word, kind = _word(faces, random), random.random()
    if kind < 0.3:
        icon = random.choice(icons)
        high = round(word.height * random.uniform(1, 2.2))
        return _beside(
            icon.resize((max(2, icon.width * high // icon.height), high)), word, high // 4
        )
    if kind < 0.45:
        icon = random.choice(icons)
        wide = round(word.width * random.uniform(0.4, 1))
        return _over(
            icon.resize((wide, max(2, icon.height * wide // icon.width))), word, wide // 10
        )
    if kind < 0.6:
        room = round(word.height * random.uniform(0.2, 0.7))
        plate = Image.new("RGBA", (word.width + 2 * room, word.height + 2 * room))
        radius = random.choice([0, room, plate.height // 2])
        edge = (0, 0, plate.width - 1, plate.height - 1)
        ImageDraw.Draw(plate).rounded_rectangle(edge, radius, fill=_paint(random))
        plate.paste(
            Image.new("RGBA", word.size, random.choice(["white", "#fe8"])), (room, room), word
        )
        return plate
    if kind < 0.7:
        return _over(word, _word(faces, random).resize((word.width, word.height // 2 + 1)), 8)
    return word


def _word(faces: list[Path], random: Random) -> Sign:
    if random.random() < 0.4:
        text = "".join(random.choice(HAN) for _ in range(random.randint(1, 5)))
        face = random.choice([each for each in faces if "cjk" in str(each).lower()] or faces)
    else:
        letters = (CONSONANTS, VOWELS)
        text = "".join(random.choice(letters[n % 2]) for n in range(random.randint(2, 11)))
        text = random.choice([text, text.upper(), text.title()])
        text += random.choice(ENDINGS) if random.random() < 0.12 else ""
        face = random.choice(faces)
    font = ImageFont.truetype(face, 96)
    left, top, right, bottom = (round(each) for each in font.getbbox(text))
    page = Image.new("RGBA", (right - left + 40, bottom - top + 40))
    paint, stroke = _paint(random), random.choice([0, 0, 0, 2, 4])
    place = (20 - left, 20 - top)
    ImageDraw.Draw(page).text(
        place, text, fill=paint, font=font, stroke_width=stroke, stroke_fill=paint
    )
    return _trimmed(page)


def _beside(left: Sign, right: Sign, gap: int) -> Sign:
    high = max(left.height, right.height)
    page = Image.new("RGBA", (left.width + gap + right.width, high))
    page.paste(left, (0, (high - left.height) // 2), left)
    page.paste(right, (left.width + gap, (high - right.height) // 2), right)
    return page


def _over(upper: Sign, lower: Sign, gap: int) -> Sign:
    wide = max(upper.width, lower.width)
    page = Image.new("RGBA", (wide, upper.height + gap + lower.height))
    page.paste(upper, ((wide - upper.width) // 2, 0), upper)
    page.paste(lower, ((wide - lower.width) // 2, upper.height + gap), lower)
    return page


def _fitted(sign: Sign) -> NDArray[np.uint8]:
    """In the middle of a square, wide ones squeezed as they will be looked for."""
    wide = sign.width / SQUEEZES[sign.width > WIDE * sign.height]
    zoom = SIDE / max(wide, sign.height)
    size = max(2, round(wide * zoom)), max(2, round(sign.height * zoom))
    small = np.array(sign.resize(size, Image.Resampling.LANCZOS))
    small[..., :3] = np.rint(small[..., :3] * (small[..., 3:] / 255))
    page = np.zeros((SIDE, SIDE, 4), np.uint8)
    left, top = (SIDE - size[0]) // 2, (SIDE - size[1]) // 2
    page[top : top + size[1], left : left + size[0]] = small
    return page
