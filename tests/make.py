"""Factories: a test spells out only what it is about."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from pipeline.assessed import Conduct, Tier
from pipeline.matches import Match
from pipeline.records import Capture, Clue, Listing, Right, RightKind, Shop

SEEN = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def right(name: str = "花牛苹果", **given: Any) -> Right:
    return Right(
        **{"id": f"right-{name}", "name": name, "kind": RightKind.GI, "goods": ("苹果",)} | given
    )


def capture(title: str = "正宗花牛苹果 10斤", **given: Any) -> Capture:
    shop = Shop(name=given.pop("shop", "某某水果店"))
    return Capture(
        **{"id": "1", "title": title, "platform": "practice", "shop": shop, "seen_at": SEEN} | given
    )


def listing(title: str = "正宗花牛苹果 10斤", **given: Any) -> Listing:
    return Listing(capture=capture(title, **given))


def match(**given: Any) -> Match:
    values = {
        "detector": "text",
        "field": "title",
        "score": 1.0,
        "reason": "标题第3—6字“花牛苹果”与受保护名称“花牛苹果”相同",
        "span": (2, 6),
        "seen": "花牛苹果",
        "meant": "花牛苹果",
    }
    return Match(**values | given)


def clue(clue_id: str = "clue-1", **given: Any) -> Clue:
    values = {
        "clue_id": clue_id,
        "listing_id": "1",
        "right_id": "right-花牛苹果",
        "right_name": "花牛苹果",
        "score": 0.9,
        "tier": Tier.REVIEW,
        "conduct": Conduct.GI_NAME_OUTSIDE,
        "matches": (match(),),
        "gates": (),
        "law": "商标法2019",
        "reason": "标题含受保护名称。",
        "listing": capture(),
    }
    return Clue(**values | given)


def picture(seed: int = 1, size: tuple[int, int] = (320, 320), kind: str = "JPEG") -> bytes:
    """A picture unlike that of any other seed."""
    image = Image.new("RGB", size, (250, 250, 245))
    draw = ImageDraw.Draw(image)
    for step in range(12):
        x, y = (seed * 97 + step * 53) % size[0], (seed * 31 + step * 89) % size[1]
        box = (x // 2, y // 2, x // 2 + 40 + seed % 50, y // 2 + 30 + step * 7)
        draw.ellipse(box, fill=((seed * 40 + step * 20) % 256, step * 21 % 256, seed * 70 % 256))
    return encoded(image, kind)


def photo(seed: int = 1, side: int = 480) -> Image.Image:
    """A picture full of corners, as a photo of goods is, unlike that of any other seed."""
    chance = Random(seed)
    image = Image.new("RGB", (side, side), "#cfc8bb")
    draw = ImageDraw.Draw(image)
    for _ in range(140):
        x, y = (chance.randrange(-90, side) for _ in "xy")
        paint = tuple(chance.randrange(256) for _ in "rgb")
        corners = [(x + chance.randrange(90), y + chance.randrange(90)) for _ in range(4)]
        draw.polygon(corners, fill=paint)
    return image.filter(ImageFilter.GaussianBlur(0.8))


def animation(images: Sequence[Image.Image]) -> bytes:
    out = io.BytesIO()
    images[0].save(out, "WEBP", save_all=True, append_images=list(images[1:]), quality=90)
    return out.getvalue()


def encoded(image: Image.Image, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()
