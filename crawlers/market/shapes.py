"""The things a product picture shows, each drawn into a box by a few strokes."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import cos, sin, tau
from pathlib import Path
from random import Random

from PIL import ImageDraw, ImageFont

from crawlers.market.goods import Shape

FONT = Path(__file__).parent / "font" / "PracticeMarketSans.otf"

Colour = tuple[int, int, int]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A canvas, the box the thing fills, its words and its colours."""

    draw: ImageDraw.ImageDraw
    chance: Random
    box: Box
    words: tuple[str, ...]
    main: Colour
    dark: Colour
    light: Colour

    def part(self, left: float, top: float, right: float, bottom: float) -> Box:
        """A box in shares of the thing's own box."""
        x0, y0, x1, y1 = self.box
        wide, high = x1 - x0, y1 - y0
        return x0 + left * wide, y0 + top * high, x0 + right * wide, y0 + bottom * high

    def label(self, box: Box, paper: Colour, ink: Colour) -> None:
        """Words on paper: the first large, the others small beneath it."""
        self.draw.rectangle(box, fill=paper, outline=ink, width=3)
        x0, y0, x1, y1 = box
        high = (y1 - y0) / (len(self.words) + 1.4)
        top = y0 + high * 0.2
        for number, word in enumerate(self.words):
            tall = high * (1.8 if number == 0 else 0.8)
            write(self.draw, (x0 + 6, top, x1 - 6, top + tall), word, ink)
            top += tall + high * 0.15


@cache
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def write(draw: ImageDraw.ImageDraw, box: Box, text: str, ink: Colour) -> None:
    """Text as large as the box allows, in its middle."""
    x0, y0, x1, y1 = box
    share = font(100).getlength(text) / 100 or 1
    size = max(8, int(min((y1 - y0) * 0.85, (x1 - x0) / share)))
    draw.text(((x0 + x1) / 2, (y0 + y1) / 2), text, fill=ink, font=font(size), anchor="mm")


def fruit(scene: Scene) -> None:
    for _ in range(scene.chance.randint(3, 8)):
        size = scene.chance.uniform(0.28, 0.48)
        left, top = scene.chance.uniform(0, 1 - size), scene.chance.uniform(0, 1 - size)
        skin = scene.chance.choice((scene.main, scene.dark, scene.light))
        scene.draw.ellipse(scene.part(left, top, left + size, top + size), fill=skin)
        shine = scene.part(
            left + size * 0.2, top + size * 0.15, left + size * 0.4, top + size * 0.4
        )
        scene.draw.ellipse(shine, fill=scene.light)
        x0, y0, x1, y1 = scene.part(left + size * 0.48, top - 0.05, left + size * 0.55, top + 0.08)
        scene.draw.line((x0, y1, x1, y0), fill=(80, 50, 20), width=6)


def leaf(scene: Scene) -> None:
    x0, y0, x1, y1 = scene.box
    for _ in range(scene.chance.randint(9, 18)):
        foot = scene.chance.uniform(x0 + (x1 - x0) * 0.35, x0 + (x1 - x0) * 0.65)
        tip = scene.chance.uniform(x0, x1)
        green = scene.chance.choice((scene.main, scene.dark, (60, 140, 60)))
        width = scene.chance.randint(8, 34)
        scene.draw.line((foot, y1, tip, scene.chance.uniform(y0, y0 + 90)), fill=green, width=width)
    scene.draw.rectangle(scene.part(0.3, 0.62, 0.7, 0.72), fill=scene.light)


def bag(scene: Scene) -> None:
    scene.draw.polygon(
        (*scene.part(0.06, 0.0, 0.94, 0.0), *scene.part(1.0, 1.0, 0.0, 1.0)), fill=scene.main
    )
    for notch in range(14):
        scene.draw.line(scene.part(notch / 14 + 0.03, 0, notch / 14 + 0.03, 0.06), fill=scene.dark)
    scene.draw.rectangle(scene.part(0.05, 0.72, 0.95, 0.9), fill=scene.dark)
    _spots(scene, scene.part(0.08, 0.72, 0.92, 0.9))
    scene.label(scene.part(0.15, 0.14, 0.85, 0.66), scene.light, scene.dark)


def box(scene: Scene) -> None:
    x0, y0, x1, y1 = scene.part(0.0, 0.12, 0.86, 1.0)
    side, up = (scene.box[2] - x1), (y0 - scene.box[1])
    scene.draw.rectangle((x0, y0, x1, y1), fill=scene.main)
    scene.draw.polygon((x0, y0, x0 + side, y0 - up, x1 + side, y0 - up, x1, y0), fill=scene.light)
    scene.draw.polygon((x1, y0, x1 + side, y0 - up, x1 + side, y1 - up, x1, y1), fill=scene.dark)
    for stripe in range(scene.chance.randint(2, 6)):
        low = 0.86 + stripe * 0.02
        scene.draw.line(scene.part(0, low, 0.86, low), fill=scene.dark, width=4)
    _spots(scene, scene.part(0.03, 0.15, 0.83, 0.3))
    scene.label(scene.part(0.1, 0.32, 0.76, 0.84), scene.light, scene.dark)


def bottle(scene: Scene) -> None:
    scene.draw.rectangle(scene.part(0.4, 0.0, 0.6, 0.2), fill=scene.dark)
    scene.draw.rounded_rectangle(scene.part(0.24, 0.16, 0.76, 1.0), radius=44, fill=scene.main)
    scene.draw.rectangle(scene.part(0.29, 0.2, 0.34, 0.95), fill=scene.light)
    scene.label(scene.part(0.24, 0.42, 0.76, 0.82), scene.light, scene.dark)


def jar(scene: Scene) -> None:
    scene.draw.rounded_rectangle(scene.part(0.1, 0.14, 0.9, 1.0), radius=36, fill=scene.main)
    scene.draw.rectangle(scene.part(0.16, 0.0, 0.84, 0.14), fill=scene.dark)
    for ridge in range(12):
        left = 0.18 + ridge * 0.055
        scene.draw.line(scene.part(left, 0.01, left, 0.13), fill=scene.light, width=2)
    _spots(scene, scene.part(0.14, 0.2, 0.86, 0.34))
    scene.label(scene.part(0.1, 0.38, 0.9, 0.88), scene.light, scene.dark)


def book(scene: Scene) -> None:
    scene.draw.rectangle(scene.part(0.14, 0.0, 0.92, 1.0), fill=scene.main)
    scene.draw.rectangle(scene.part(0.08, 0.0, 0.14, 1.0), fill=scene.dark)
    _spots(scene, scene.part(0.2, 0.55, 0.86, 0.94))
    scene.label(scene.part(0.2, 0.08, 0.86, 0.46), scene.light, scene.dark)


def shoe(scene: Scene) -> None:
    for shift in (0.0, 0.34):
        scene.draw.pieslice(scene.part(0.0, shift, 1.0, shift + 0.62), 180, 360, fill=scene.main)
        scene.draw.rectangle(scene.part(0.0, shift + 0.3, 1.0, shift + 0.38), fill=scene.dark)
        scene.draw.ellipse(scene.part(0.12, shift + 0.1, 0.5, shift + 0.28), fill=scene.dark)
        for lace in range(scene.chance.randint(3, 6)):
            left = 0.55 + lace * 0.06
            line = scene.part(left, shift + 0.08, left + 0.08, shift + 0.22)
            scene.draw.line(line, fill=scene.light, width=5)


def ring(scene: Scene) -> None:
    scene.draw.ellipse(scene.part(0.0, 0.0, 1.0, 1.0), fill=scene.dark)
    scene.draw.ellipse(scene.part(0.06, 0.06, 0.94, 0.94), fill=scene.light)
    balls = scene.chance.randint(7, 14)
    for ball in range(balls):
        x, y = 0.5 + 0.34 * cos(tau * ball / balls), 0.5 + 0.34 * sin(tau * ball / balls)
        scene.draw.ellipse(scene.part(x - 0.07, y - 0.07, x + 0.07, y + 0.07), fill=scene.main)
    scene.draw.ellipse(scene.part(0.26, 0.26, 0.74, 0.74), fill=scene.dark)
    scene.draw.ellipse(scene.part(0.32, 0.32, 0.68, 0.68), fill=(235, 235, 235))


def device(scene: Scene) -> None:
    scene.draw.rounded_rectangle(scene.part(0.05, 0.1, 0.95, 0.9), radius=28, fill=scene.main)
    scene.draw.rounded_rectangle(scene.part(0.12, 0.18, 0.6, 0.62), radius=12, fill=scene.dark)
    for row in range(scene.chance.randint(2, 4)):
        for column in range(2):
            left, top = 0.66 + column * 0.13, 0.2 + row * 0.13
            key = scene.part(left, top, left + 0.1, top + 0.09)
            scene.draw.ellipse(key, fill=scene.chance.choice((scene.light, scene.dark)))
    scene.label(scene.part(0.12, 0.66, 0.9, 0.86), scene.light, scene.dark)


def machine(scene: Scene) -> None:
    scene.draw.rectangle(scene.part(0.0, 0.82, 1.0, 1.0), fill=scene.dark)
    for column in range(scene.chance.randint(2, 4)):
        left = 0.08 + column * 0.24
        top = scene.chance.uniform(0.05, 0.4)
        scene.draw.rectangle(scene.part(left, top, left + 0.14, 0.84), fill=scene.main)
        wheel = scene.part(left - 0.04, top, left + 0.18, top + 0.2)
        scene.draw.ellipse(wheel, fill=scene.light, outline=scene.dark, width=8)
    scene.draw.rectangle(scene.part(0.04, 0.5, 0.96, 0.6), fill=scene.dark)
    scene.label(scene.part(0.25, 0.62, 0.75, 0.8), scene.light, scene.dark)


def garment(scene: Scene) -> None:
    low = scene.chance.uniform(0.75, 1.0)
    scene.draw.polygon(
        (*scene.part(0.3, 0.0, 0.7, 0.0), *scene.part(1.0, 0.25, 0.88, 0.42),
         *scene.part(0.74, 0.32, 0.86, low), *scene.part(0.14, low, 0.26, 0.32),
         *scene.part(0.12, 0.42, 0.0, 0.25)), fill=scene.main,
    )  # fmt: skip
    scene.draw.pieslice(scene.part(0.38, -0.1, 0.62, 0.1), 0, 180, fill=scene.light)
    _spots(scene, scene.part(0.3, 0.4, 0.7, low - 0.08))


def toy(scene: Scene) -> None:
    for left in (0.1, 0.65):
        scene.draw.ellipse(scene.part(left, 0.0, left + 0.25, 0.25), fill=scene.dark)
    scene.draw.ellipse(scene.part(0.12, 0.08, 0.88, 0.6), fill=scene.main)
    scene.draw.ellipse(scene.part(0.2, 0.5, 0.8, 1.0), fill=scene.main)
    scene.draw.ellipse(scene.part(0.32, 0.6, 0.68, 0.94), fill=scene.light)
    for left in (0.34, 0.58):
        scene.draw.ellipse(scene.part(left, 0.26, left + 0.08, 0.34), fill=(20, 20, 20))
    scene.draw.ellipse(scene.part(0.44, 0.38, 0.56, 0.46), fill=scene.dark)


def poster(scene: Scene) -> None:
    scene.draw.rectangle(scene.box, fill=scene.light)
    for _ in range(scene.chance.randint(3, 7)):
        left, top = scene.chance.uniform(0, 0.7), scene.chance.uniform(0, 0.5)
        area = scene.part(left, top, left + 0.3, top + 0.25)
        scene.draw.rectangle(area, fill=scene.chance.choice((scene.main, scene.dark)))
    scene.label(scene.part(0.08, 0.56, 0.92, 0.95), scene.main, scene.light)


def badge(scene: Scene) -> None:
    """A logo: a ring, rays whose number and length are the maker's own, and the name."""
    scene.draw.ellipse(scene.box, fill=scene.main)
    scene.draw.ellipse(scene.part(0.05, 0.05, 0.95, 0.95), outline=scene.light, width=8)
    rays, reach = scene.chance.randint(5, 13), scene.chance.uniform(0.2, 0.4)
    for ray in range(rays):
        x, y = 0.5 + reach * cos(tau * ray / rays), 0.32 + 0.24 * sin(tau * ray / rays)
        scene.draw.line(scene.part(0.5, 0.32, x, y), fill=scene.light, width=10)
    scene.draw.ellipse(scene.part(0.4, 0.22, 0.6, 0.42), fill=scene.dark)
    write(scene.draw, scene.part(0.12, 0.56, 0.88, 0.76), scene.words[0], scene.light)
    write(scene.draw, scene.part(0.3, 0.78, 0.7, 0.88), scene.words[-1], scene.light)


def _spots(scene: Scene, area: Box) -> None:
    x0, y0, x1, y1 = area
    for _ in range(scene.chance.randint(4, 16)):
        x, y = scene.chance.uniform(x0, x1), scene.chance.uniform(y0, y1)
        size = scene.chance.uniform(4, 22)
        colour = scene.chance.choice((scene.light, scene.dark, (225, 60, 40), (240, 200, 60)))
        scene.draw.ellipse((x - size, y - size, x + size, y + size), fill=colour)


PAINTERS: dict[Shape, Callable[[Scene], None]] = {
    Shape.FRUIT: fruit, Shape.LEAF: leaf, Shape.BAG: bag, Shape.BOX: box, Shape.BOTTLE: bottle,
    Shape.JAR: jar, Shape.BOOK: book, Shape.SHOE: shoe, Shape.RING: ring, Shape.DEVICE: device,
    Shape.MACHINE: machine, Shape.GARMENT: garment, Shape.TOY: toy, Shape.POSTER: poster,
    Shape.BADGE: badge,
}  # fmt: skip
