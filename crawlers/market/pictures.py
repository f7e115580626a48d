"""Draws product pictures on demand: a background, a thing, its label; or an edit of a taken one."""

from functools import lru_cache
from io import BytesIO
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from crawlers.market.edits import BANNERS, EDITS, WATERMARKS, inset
from crawlers.market.goods import Market, PictureSpec, Shape
from crawlers.market.shapes import PAINTERS, Box, Colour, Scene, write
from crawlers.market.truth import PictureDisguise

SIDE = 600
GROWN: dict[Shape, tuple[Colour, ...]] = {
    Shape.FRUIT: ((200, 30, 40), (215, 150, 40), (110, 160, 50), (140, 30, 90)),
    Shape.LEAF: ((60, 140, 50), (90, 160, 60), (40, 110, 70)),
}
TAGS = ("新品", "热卖", "包邮", "推荐", "精选")


@lru_cache(maxsize=1024)
def jpeg(spec: PictureSpec) -> bytes:
    """The picture's file; a plain copy is the original's file, byte for byte."""
    if spec.original and spec.edit is PictureDisguise.COPIED:
        return jpeg(spec.original)
    file = BytesIO()
    quality = 58 if spec.edit is PictureDisguise.RE_ENCODED else 85
    draw(spec).save(file, "JPEG", quality=quality)
    return file.getvalue()


def draw(spec: PictureSpec) -> Image.Image:
    if spec.original is None or spec.edit is None:
        return _scene(spec)
    chance, taken = _chance(spec), _original(spec.original).copy()
    if spec.edit is PictureDisguise.INSET:
        return inset(taken, _scene(spec), chance)
    return EDITS[spec.edit](taken, chance)


def drawn_text(market: Market) -> str:
    """All that is ever written in the market's pictures."""
    specs = [spec for item in (*market.items, *market.hidden) for spec in item.pictures]
    specs += [reference.spec for reference in market.references]
    labels = "".join(word for spec in specs for word in spec.words)
    return labels + "".join((*TAGS, *WATERMARKS, *BANNERS))


@lru_cache(maxsize=64)
def _original(spec: PictureSpec) -> Image.Image:
    return _scene(spec)


def _scene(spec: PictureSpec) -> Image.Image:
    chance = _chance(spec)
    picture = _background(spec.seed)
    canvas = ImageDraw.Draw(picture)
    _pattern(canvas, chance)
    hue = _hue(spec.shape, chance)
    scene = Scene(
        draw=canvas,
        chance=chance,
        box=_place(chance),
        words=spec.words,
        main=hue,
        dark=_shade(hue, 0.4),
        light=_shade(hue, 0.4, towards=255),
    )
    PAINTERS[spec.shape](scene)
    if chance.random() < 0.35:
        _tag(canvas, chance)
    return picture


def _chance(spec: PictureSpec) -> Random:
    return Random(spec.seed)  # noqa: S311 - the same spec draws the same picture


def _background(seed: int) -> Image.Image:
    """One hue in a few random shades, blown up: cheap, and no two alike to a perceptual hash."""
    dice = np.random.default_rng(seed)
    hue = dice.integers(110, 200, (1, 1, 3))
    shades = hue + dice.integers(-90, 91, (6, 6, 1)) + dice.integers(-12, 13, (6, 6, 3))
    small = Image.fromarray(shades.clip(0, 255).astype(np.uint8))
    return small.resize((SIDE, SIDE), Image.Resampling.BICUBIC)


def _pattern(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
    colour, step = _colour(chance, 90, 255), chance.randint(40, 120)
    choice = chance.randrange(4)
    if choice == 0:
        for at in range(0, SIDE * 2, step):
            canvas.line((at, 0, at - SIDE * chance.uniform(0.9, 1), SIDE), fill=colour, width=8)
    elif choice == 1:
        canvas.rectangle((0, chance.randint(350, 500), SIDE, SIDE), fill=colour)
    elif choice == 2:
        for at in range(0, SIDE, step):
            canvas.rectangle((at, 0, at + step / 3, SIDE), fill=colour)


def _place(chance: Random) -> Box:
    wide, high = chance.uniform(0.5, 0.8) * SIDE, chance.uniform(0.5, 0.8) * SIDE
    left, top = chance.uniform(10, SIDE - wide - 10), chance.uniform(10, SIDE - high - 10)
    return left, top, left + wide, top + high


def _tag(canvas: ImageDraw.ImageDraw, chance: Random) -> None:
    left, top = chance.choice((0, SIDE - 120)), chance.choice((0, SIDE - 60))
    canvas.rectangle((left, top, left + 120, top + 60), fill=(210, 40, 50))
    write(canvas, (left, top, left + 120, top + 60), chance.choice(TAGS), (255, 255, 255))


def _hue(shape: Shape, chance: Random) -> Colour:
    """Produce grows in its own colours; what is made comes in any."""
    red, green, blue = chance.choice(GROWN.get(shape, (_colour(chance, 60, 200),)))
    return red + chance.randint(0, 30), green + chance.randint(0, 30), blue + chance.randint(0, 30)


def _colour(chance: Random, low: int, high: int) -> Colour:
    return chance.randint(low, high), chance.randint(low, high), chance.randint(low, high)


def _shade(colour: Colour, share: float, towards: int = 0) -> Colour:
    red, green, blue = (round(part * share + towards * (1 - share)) for part in colour)
    return red, green, blue
