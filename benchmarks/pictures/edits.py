"""What sellers do to a stolen photo, each at two strengths or three."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageEnhance, ImageFilter, ImageFont, ImageOps

SIDE = 800
FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
WORDS = ("爆款直降", "顺丰包邮", "限时特惠", "第二件半价", "产地直发", "正品保证", "买一送一")
PAINTS = ("#d8232a", "#ff7a00", "#0b6e4f", "#1f4e9e", "#f2c300", "#7b1fa2")


@dataclass(frozen=True, slots=True)
class Scene:
    """What an edit may draw on: chance, and other pictures to put beside or behind."""

    random: Random
    others: Sequence[Image.Image]

    def other(self) -> Image.Image:
        return self.random.choice(self.others).copy()

    def between(self, low: float, high: float) -> float:
        return self.random.uniform(low, high)


Edit = Callable[[Image.Image, Scene, float], Image.Image]


def coded(picture: Image.Image, kind: str, quality: int) -> Image.Image:
    """Through an encoder and back."""
    out = io.BytesIO()
    picture.save(out, kind, quality=quality)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


def _jpeg(picture: Image.Image, _: Scene, quality: float) -> Image.Image:
    return coded(picture, "JPEG", int(quality))


def _webp(picture: Image.Image, _: Scene, quality: float) -> Image.Image:
    return coded(picture, "WEBP", int(quality))


def _resize(picture: Image.Image, _: Scene, share: float) -> Image.Image:
    return picture.resize((int(picture.width * share), int(picture.height * share)))


def _blur(picture: Image.Image, _: Scene, radius: float) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(radius))


def _noise(picture: Image.Image, scene: Scene, deviation: float) -> Image.Image:
    grains = np.random.default_rng(scene.random.randrange(1 << 32))
    seen = np.asarray(picture, dtype=np.float32)
    noisy = seen + grains.normal(0, deviation, seen.shape)
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


def _brightness(picture: Image.Image, scene: Scene, by: float) -> Image.Image:
    return ImageEnhance.Brightness(picture).enhance(1 + scene.random.choice((-by, by)))


def _contrast(picture: Image.Image, scene: Scene, by: float) -> Image.Image:
    return ImageEnhance.Contrast(picture).enhance(1 + scene.random.choice((-by, by)))


def _hue(picture: Image.Image, scene: Scene, by: float) -> Image.Image:
    hue, saturation, value = picture.convert("HSV").split()
    turn = int(by * 255) * scene.random.choice((-1, 1))
    turned = hue.point([(level + turn) % 256 for level in range(256)])
    return Image.merge("HSV", (turned, saturation, value)).convert("RGB")


def _grey(picture: Image.Image, _: Scene, contrast: float) -> Image.Image:
    return ImageEnhance.Contrast(picture.convert("L").convert("RGB")).enhance(contrast)


def _written(text: str, size: int, paint: str, alpha: float) -> Image.Image:
    font = ImageFont.truetype(FONT, max(8, size))
    left, top, right, bottom = font.getbbox(text)
    sheet = Image.new("RGBA", (int(right - left) + 4, int(bottom - top) + 4))
    fill = (*ImageColor.getrgb(paint)[:3], int(255 * alpha))
    ImageDraw.Draw(sheet).text((2 - left, 2 - top), text, font=font, fill=fill)
    return sheet


def _tiled(picture: Image.Image, scene: Scene, alpha: float) -> Image.Image:
    mark = _written(scene.random.choice(WORDS), picture.width // 14, "white", alpha)
    mark = mark.rotate(30, expand=True)
    whole = picture.convert("RGBA")
    for y in range(-mark.height // 2, picture.height, int(mark.height * 1.5)):
        for x in range(-mark.width // 2, picture.width, int(mark.width * 1.3)):
            whole.alpha_composite(mark, (max(0, x), max(0, y)))
    return whole.convert("RGB")


def _corner(picture: Image.Image, scene: Scene, share: float) -> Image.Image:
    mark = _written(scene.random.choice(WORDS), int(picture.width * share / 4), "#e02020", 0.9)
    whole = picture.convert("RGBA")
    x = scene.random.choice((8, max(8, picture.width - mark.width - 8)))
    y = scene.random.choice((8, max(8, picture.height - mark.height - 8)))
    whole.alpha_composite(mark, (x, y))
    return whole.convert("RGB")


def _banner(picture: Image.Image, scene: Scene, share: float) -> Image.Image:
    whole = picture.convert("RGBA")
    height = int(picture.height * share)
    y = scene.random.choice((0, picture.height - height))
    paint = scene.random.choice(PAINTS)
    ImageDraw.Draw(whole).rectangle((0, y, picture.width, y + height), fill=paint)
    text = _written(scene.random.choice(WORDS), int(height * 0.6), "white", 1)
    whole.alpha_composite(text, (12, y + height // 6))
    return whole.convert("RGB")


def _border(picture: Image.Image, scene: Scene, share: float) -> Image.Image:
    paint = scene.random.choice((*PAINTS, "white", "black"))
    return ImageOps.expand(picture, int(picture.width * share), paint)


def _crop(picture: Image.Image, _: Scene, share: float) -> Image.Image:
    """`share` of each side's length is lost, evenly."""
    x, y = int(picture.width * share / 2), int(picture.height * share / 2)
    return picture.crop((x, y, picture.width - x, picture.height - y))


def _off_centre(picture: Image.Image, scene: Scene, share: float) -> Image.Image:
    wide, high = int(picture.width * (1 - share)), int(picture.height * (1 - share))
    x = scene.random.choice((0, picture.width - wide))
    y = scene.random.choice((0, picture.height - high))
    return picture.crop((x, y, x + wide, y + high))


def _mirror(picture: Image.Image, _: Scene, quality: float) -> Image.Image:
    return coded(ImageOps.mirror(picture), "JPEG", int(quality))


def _rotate(picture: Image.Image, scene: Scene, degrees: float) -> Image.Image:
    if degrees == 90:
        return picture.transpose(
            scene.random.choice((Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270))
        )
    turned = degrees * scene.random.choice((-1, 1))
    return picture.rotate(turned, Image.Resampling.BICUBIC, fillcolor="white")


def _aspect(picture: Image.Image, _: Scene, by: float) -> Image.Image:
    return picture.resize((int(picture.width * (1 + by)), picture.height))


def warped(picture: Image.Image, scene: Scene, by: float) -> tuple[Image.Image, Image.Image]:
    """Seen from aside, and the mask of where it is."""
    wide, high = picture.size
    near = np.float32([[0, 0], [wide, 0], [wide, high], [0, high]])
    moved = [(x * scene.between(0, by), y * scene.between(0, by)) for x, y in [(wide, high)] * 4]
    signs = np.float32([[1, 1], [-1, 1], [-1, -1], [1, -1]])
    far = near + signs * np.float32(moved)
    turn = cv2.getPerspectiveTransform(near, far.astype(np.float32))
    seen = cv2.warpPerspective(np.asarray(picture), turn, (wide, high), flags=cv2.INTER_AREA)
    mask = cv2.warpPerspective(np.full((high, wide), 255, np.uint8), turn, (wide, high))
    return Image.fromarray(seen), Image.fromarray(mask)


def _perspective(picture: Image.Image, scene: Scene, by: float) -> Image.Image:
    seen, mask = warped(picture, scene, by)
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(seen, mask=mask)
    return paper


def _inset(picture: Image.Image, scene: Scene, share: float) -> Image.Image:
    page = scene.other().resize((SIDE, SIDE))
    small = picture.resize((int(SIDE * share), int(SIDE * share * picture.height / picture.width)))
    x, y = (int(scene.between(0, SIDE - side)) for side in (small.width, min(SIDE, small.height)))
    page.paste(small, (x, y))
    return page


def _collage(picture: Image.Image, scene: Scene, count: float) -> Image.Image:
    many = int(count)
    cell = SIDE // many
    page = Image.new("RGB", (SIDE, SIDE), "white")
    mine = scene.random.randrange(many * many)
    for number in range(many * many):
        shown = picture if number == mine else scene.other()
        place = (number % many * cell, number // many * cell)
        page.paste(ImageOps.fit(shown, (cell - 6, cell - 6)), place)
    return page


def _sticker(picture: Image.Image, scene: Scene, share: float) -> Image.Image:
    """A round sticker over `share` of the picture's area."""
    whole = picture.copy()
    side = int((share * picture.width * picture.height / 0.785) ** 0.5)
    x = int(scene.between(0, max(1, picture.width - side)))
    y = int(scene.between(0, max(1, picture.height - side)))
    draw = ImageDraw.Draw(whole)
    draw.ellipse((x, y, x + side, y + side), fill=scene.random.choice(PAINTS))
    font = ImageFont.truetype(FONT, max(10, side // 5))
    draw.text((x + side // 9, y + side // 3), scene.random.choice(WORDS), font=font, fill="white")
    return whole


def _screenshot(picture: Image.Image, scene: Scene, share: float) -> Image.Image:
    """A shop's page on a phone (`share` of the page is the photo's) or, smaller, on a desk."""
    phone = share > 0.5
    page = Image.new("RGB", (750, 1334) if phone else (1440, 900), "#f4f4f4")
    draw = ImageDraw.Draw(page)
    wide = page.width if phone else int(page.width * share)
    shown = picture.resize((wide, int(wide * picture.height / picture.width)))
    x, y = (0, 88) if phone else (120, 160)
    page.paste(shown, (x, y))
    font = ImageFont.truetype(FONT, 30)
    draw.rectangle((0, 0, page.width, 80), fill=scene.random.choice(PAINTS))
    draw.text((24, 20), "< 商品详情   搜索", font=font, fill="white")
    at = (24, y + shown.height + 20) if phone else (x + wide + 40, 170)
    for line, text in enumerate(("￥39.90 包邮", *scene.random.sample(WORDS, 3), "月销 2000+")):
        draw.text((at[0], at[1] + 46 * line), text, font=font, fill="#222222")
    draw.rectangle((0, page.height - 90, page.width, page.height), fill="white")
    draw.text((page.width - 300, page.height - 70), "立即购买", font=font, fill="#d8232a")
    return page


def _taken_again(picture: Image.Image, scene: Scene, by: float) -> Image.Image:
    """The photo, printed on a box, photographed: from aside, in uneven light, a little soft."""
    seen, mask = warped(picture, scene, by)
    table = scene.other().resize((int(picture.width / 0.8), int(picture.height / 0.8)))
    x, y = (table.width - seen.width) // 2, (table.height - seen.height) // 2
    table.paste(seen, (x, y), mask)
    table = table.rotate(scene.between(-8, 8), Image.Resampling.BICUBIC).filter(
        ImageFilter.GaussianBlur(1)
    )
    light = np.linspace(scene.between(0.6, 0.8), scene.between(1.0, 1.2), table.width)
    lit = np.asarray(table, dtype=np.float32) * light[None, :, None]
    return _noise(Image.fromarray(np.clip(lit, 0, 255).astype(np.uint8)), scene, 5)


EDITS: dict[str, tuple[Edit, tuple[float, ...]]] = {
    "jpeg": (_jpeg, (60, 30)),
    "resize": (_resize, (0.5, 0.25)),
    "webp": (_webp, (60, 25)),
    "blur": (_blur, (1.5, 3)),
    "noise": (_noise, (8, 18)),
    "brightness": (_brightness, (0.2, 0.4)),
    "contrast": (_contrast, (0.2, 0.4)),
    "hue": (_hue, (0.05, 0.15)),
    "grey": (_grey, (1, 1.3)),
    "watermark tiled": (_tiled, (0.3, 0.55)),
    "watermark corner": (_corner, (0.25, 0.4)),
    "banner": (_banner, (0.12, 0.2)),
    "border": (_border, (0.05, 0.15)),
    "crop": (_crop, (0.1, 0.2, 0.3)),
    "crop off centre": (_off_centre, (0.15, 0.3)),
    "mirror": (_mirror, (85, 50)),
    "rotate": (_rotate, (3, 10, 90)),
    "aspect": (_aspect, (-0.2, 0.2)),
    "perspective": (_perspective, (0.1, 0.2)),
    "inset": (_inset, (0.45, 0.3)),
    "collage": (_collage, (2, 3)),
    "sticker": (_sticker, (0.08, 0.15)),
    "screenshot": (_screenshot, (1.0, 0.4)),
    "taken again": (_taken_again, (0.1, 0.2)),
}


def edited(picture: Image.Image, name: str, strength: float, scene: Scene) -> Image.Image:
    edit, _ = EDITS[name]
    return edit(picture.convert("RGB"), scene, strength)
