"""Pictures with text on them, drawn with the practice market's font, so that all may be read."""

import io
from collections.abc import Sequence

import zxingcpp
from PIL import Image, ImageDraw, ImageFont

from crawlers.market.shapes import FONT

PAPER = "#f4efe2"


def sheet(
    lines: Sequence[str], pixels: int = 36, size: tuple[int, int] = (640, 440), turn: int = 0
) -> Image.Image:
    """The lines one below the other, the whole turned by so many degrees."""
    image = Image.new("RGB", size, PAPER)
    draw, font = ImageDraw.Draw(image), ImageFont.truetype(FONT, pixels)
    for number, line in enumerate(lines):
        draw.text((40, 40 + number * int(pixels * 1.8)), line, font=font, fill="#221a10")
    return image.rotate(turn, expand=True, fillcolor=PAPER)


def with_code(image: Image.Image, text: str, kind: str, place: tuple[int, int]) -> Image.Image:
    """A code pasted onto the picture, four pixels a module."""
    code = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, kind))
    image.paste(Image.fromarray(code.to_image(scale=4)).convert("RGB"), place)
    return image


def png(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()
