"""What is done to a right holder's picture before a seller uses it."""

from collections.abc import Callable
from random import Random

from PIL import Image, ImageDraw, ImageOps

from crawlers.market.shapes import font, write
from crawlers.market.truth import PictureDisguise

WATERMARKS = ("优选小铺 盗图必究", "实拍图片", "厂家直供", "好货集市")
BANNERS = ("限时特价 包邮", "第二件半价", "今日抢购", "工厂价 ¥19.9")


def re_encoded(picture: Image.Image, chance: Random) -> Image.Image:
    side = chance.randint(320, 480)
    return picture.resize((side, side), Image.Resampling.BILINEAR)


def watermark(picture: Image.Image, chance: Random) -> Image.Image:
    """The same grey words across the whole picture, a third as strong as what they cover."""
    veil = Image.new("L", picture.size, 0)
    draw, words = ImageDraw.Draw(veil), chance.choice(WATERMARKS)
    for top in range(20, picture.height, 110):
        draw.text((chance.randint(-60, 120), top), f"{words}  {words}", fill=90, font=font(34))
    white = Image.new("RGB", picture.size, (250, 250, 250))
    return Image.composite(white, picture, veil)


def border(picture: Image.Image, chance: Random) -> Image.Image:
    colour = chance.choice(((200, 30, 40), (240, 180, 20), (20, 90, 160), (250, 250, 250)))
    return ImageOps.expand(picture, chance.randint(20, 55), colour)


def banner(picture: Image.Image, chance: Random) -> Image.Image:
    """A price strip over the foot of the picture."""
    wide, high = picture.size
    top = high * chance.uniform(0.8, 0.87)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, top, wide, high), fill=(220, 30, 40))
    write(draw, (0, top, wide, high), chance.choice(BANNERS), (255, 240, 120))
    return picture


def crop(picture: Image.Image, chance: Random) -> Image.Image:
    """At most 30 per cent of each side goes."""
    wide, high = picture.size
    across, down = chance.uniform(0.08, 0.28), chance.uniform(0.08, 0.28)
    left, top = across * chance.random() * wide, down * chance.random() * high
    area = (left, top, left + wide * (1 - across), top + high * (1 - down))
    return picture.crop((round(area[0]), round(area[1]), round(area[2]), round(area[3])))


def inset(picture: Image.Image, scene: Image.Image, chance: Random) -> Image.Image:
    """The picture as a part of another one."""
    side = round(scene.width * chance.uniform(0.48, 0.62))
    room = scene.width - side
    small = picture.resize((side, side), Image.Resampling.BILINEAR)
    scene.paste(small, (chance.randint(0, room), chance.randint(0, room)))
    return scene


EDITS: dict[PictureDisguise, Callable[[Image.Image, Random], Image.Image]] = {
    PictureDisguise.COPIED: lambda picture, _: picture,
    PictureDisguise.RE_ENCODED: re_encoded,
    PictureDisguise.WATERMARK: watermark,
    PictureDisguise.BORDER: border,
    PictureDisguise.BANNER: banner,
    PictureDisguise.CROP: crop,
    PictureDisguise.MIRROR: lambda picture, _: ImageOps.mirror(picture),
}
