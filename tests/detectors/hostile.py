"""Broken and hostile pictures, each made by code, with what must be seen in it or said of it."""

import itertools
import random
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from tests.detectors.crafted import (
    DQT,
    EOI,
    FINE,
    IEND,
    SIGNATURE,
    SOI,
    behind_start,
    big_png,
    bmp,
    canvas,
    chunk,
    codes,
    disposed,
    exif,
    gif,
    gif_frame,
    ihdr,
    jpeg,
    long,
    page,
    part,
    png,
    riff,
    rows,
    saved,
    segment,
    short,
    sof,
    sos,
    strip,
    tiff,
    webp_frame,
    zeros,
)

KIND, CUT, DAMAGED = "of no kind that is read", "cut short", "damaged"
PARTS, UNSHOWN, AVIF = "more parts than it needs", "no browser shows", "AVIF"
MANY, SLOW, ANY = "more than 64,000,000 pixels", "more than 2,000,000 pixels", "not a readable"
WEBP_MANY, LONG = "more than 32,000,000 pixels", "a side of more than 32,767 pixels"


@dataclass(frozen=True)
class Case:
    """`shows`: the frames to be seen, no farther off than `near` on average; `says`: the refusal.

    Neither: it may be read or refused, in bounded time and memory.
    """

    content: Callable[[], bytes]
    shows: tuple[Image.Image, ...] = ()
    says: str = ""
    near: float = 1.0


Content = bytes | Callable[[], bytes]


def seen(content: Content, *shows: Image.Image, near: float = 1.0) -> Case:
    return Case(content if callable(content) else lambda: content, shows=shows, near=near)


def refused(content: Content, says: str) -> Case:
    return Case(content if callable(content) else lambda: content, says=says)


def either(content: Content) -> Case:
    return Case(content if callable(content) else lambda: content)


def _original() -> Image.Image:
    image = Image.new("RGB", (120, 80), (235, 225, 210))
    draw = ImageDraw.Draw(image)
    draw.ellipse((8, 6, 60, 50), fill=(200, 30, 40))
    draw.rectangle((70, 10, 112, 36), fill=(20, 90, 160))
    draw.polygon(((20, 76), (60, 44), (110, 74)), fill=(30, 130, 50))
    draw.line((0, 0, 119, 79), fill=(10, 10, 10), width=3)
    return image


ORIGINAL = _original()
GREY = ORIGINAL.convert("L")
BLANK = Image.new("RGB", ORIGINAL.size, "white")
VALUES = np.asarray(ORIGINAL)
GREY_VALUES = np.asarray(GREY)


def as_seen(image: Image.Image) -> Image.Image:
    return image.convert("RGB")


TURNED: dict[int, Callable[[np.ndarray], np.ndarray]] = {
    2: np.fliplr,
    3: lambda values: np.rot90(values, 2),
    4: np.flipud,
    5: lambda values: values.swapaxes(0, 1),
    6: lambda values: np.rot90(values, -1),
    7: lambda values: np.rot90(values.swapaxes(0, 1), 2),
    8: lambda values: np.rot90(values, 1),
}


def turned(number: int) -> Image.Image:
    return Image.fromarray(np.ascontiguousarray(TURNED[number](VALUES)))


def jpegs() -> dict[str, Case]:
    sound = saved(ORIGINAL, "JPEG", **FINE)
    shown = {"near": 3.0}
    restarts = saved(ORIGINAL, "JPEG", restart_marker_nothing=3, **FINE)
    cmyk = saved(ORIGINAL.convert("CMYK"), "JPEG", **FINE)
    tables = sound.index(b"\xff\xdb")
    strewn = sound[:tables] + bytes(9_000_000) + sound[tables:]
    comments = segment(0xFE, b"")
    junk = segment(0xE1, b"Exif\0\0" + random.Random(1).randbytes(60_000))
    broken_icc = segment(0xE2, b"ICC_PROFILE\0\7\2" + bytes(100))
    mpo = segment(0xE2, b"MPF\0II*\0\xff\xff\xff\xff")
    nothing = bytes(2000)
    many = b"".join((sos([1], 1, 63), nothing)) * 100
    bomb = jpeg(sof(8000, 8000, 0xC2), sos(last=0), nothing, many)
    few = b"".join((sos([1], 1, 63), nothing)) * 18
    hidden = segment(0xFE, EOI) + sos([1], 1, 63) + nothing
    slivers = {"jpeg 1 x 30000": (1, 30_000), "jpeg 30000 x 1": (30_000, 1)}
    found = {
        "jpeg": seen(sound, ORIGINAL, **shown),
        "jpeg grey": seen(saved(GREY, "JPEG", **FINE), as_seen(GREY), **shown),
        "jpeg progressive": seen(
            saved(ORIGINAL, "JPEG", progressive=True, **FINE), ORIGINAL, **shown
        ),
        "jpeg with restart markers": seen(restarts, ORIGINAL, **shown),
        "jpeg with a restart marker out of turn": either(
            restarts.replace(b"\xff\xd1", b"\xff\xd6")
        ),
        "jpeg cmyk": seen(cmyk, ORIGINAL, near=3.0),
        "jpeg ycck": seen(ycck(), ORIGINAL, near=3.0),
        "jpeg with a zip behind it": seen(sound + b"PK\3\4" + bytes(500), ORIGINAL, **shown),
        "jpeg with 0xff runs": seen(behind_start(sound, b"\xff" * 9_000_000), ORIGINAL, **shown),
        "jpeg with junk between": seen(strewn, ORIGINAL, **shown),
        "jpeg of comments": refused(lambda: behind_start(sound, comments * 4_000_000), PARTS),
        "jpeg of tables": refused(lambda: behind_start(sound, DQT * 280_000), PARTS),
        "jpeg with 60 KB of exif junk": seen(behind_start(sound, junk), ORIGINAL, **shown),
        "jpeg with a torn profile": seen(behind_start(sound, broken_icc), ORIGINAL, **shown),
        "jpeg with a torn index of more": seen(behind_start(sound, mpo), ORIGINAL, **shown),
        "jpeg of no height (DNL)": refused(
            jpeg(sof(80, 0), sos(), bytes(90), segment(0xDC, b"\0\x50")), DAMAGED
        ),
        "jpeg of no width": refused(jpeg(sof(0, 80), sos()), DAMAGED),
        "jpeg 65535 x 65535": refused(jpeg(sof(65_535, 65_535), sos()), MANY),
        "jpeg 65535 x 9": refused(jpeg(sof(65_535, 9), sos()), LONG),
        "jpeg 8000 x 8000 of nothing": either(jpeg(sof(8000, 8000), sos())),
        "jpeg arithmetic": refused(jpeg(sof(8000, 8000, 0xC9), sos(), b"\x12\x34"), UNSHOWN),
        "jpeg lossless": refused(jpeg(sof(80, 80, 0xC3), sos(first=1, last=0)), UNSHOWN),
        "jpeg of 12 bits": refused(jpeg(sof(80, 80, 0xC1, bits=12), sos()), DAMAGED),
        "jpeg of 7 layers": refused(jpeg(sof(80, 80, parts=7), sos()), DAMAGED),
        "jpeg without tables": refused(SOI + sof(80, 80) + sos() + bytes(900) + EOI, DAMAGED),
        "jpeg without scan": refused(jpeg(sof(80, 80)), DAMAGED),
        "jpeg with two frames": refused(jpeg(sof(80, 80), sof(9000, 7000), sos()), DAMAGED),
        "jpeg of 100 scans, 8000 x 8000": refused(bomb, PARTS),
        "jpeg of 19 scans, 8000 x 8000": either(jpeg(sof(8000, 8000, 0xC2), sos(last=0), few)),
        "jpeg of scans behind a false end": refused(
            jpeg(sof(8000, 8000, 0xC2), sos(last=0), nothing, hidden * 100), PARTS
        ),
        "jpeg of a million restarts": either(
            lambda: jpeg(segment(0xDD, b"\0\1"), sof(8000, 8000), sos(), b"\0\xff\xd5" * 1_000_000)
        ),
    }
    for name, size in slivers.items():
        image = Image.new("RGB", size, (200, 30, 40))
        shown_size = (max(1, size[0] * 640 // 30_000), max(1, size[1] * 640 // 30_000))
        found[name] = seen(saved(image, "JPEG"), image.resize(shown_size), near=3.0)
    return found


def ycck() -> bytes:
    """A CMYK JPEG whose inks are stored as YCbCr, as Adobe does it."""
    *inks, black = ORIGINAL.convert("CMYK").split()
    colours = Image.merge("RGB", inks).convert("YCbCr").split()
    inverted = [layer.point(lambda value: 255 - value) for layer in colours]
    content = saved(Image.merge("CMYK", [*inverted, black]), "JPEG", **FINE)
    at = content.index(b"Adobe") + 11
    return content[:at] + b"\2" + content[at + 1 :]


def orientations() -> dict[str, Case]:
    wrong = {
        "0": exif(0),
        "9": exif(9),
        "65535": exif(65_535),
        "of the wrong type": exif(6, kind=5),
        "of a byte": exif(6, kind=1),
        "twice": exif(6, count=2),
        "of a looped directory": exif(6, offset=0),
        "beyond the end": exif(6, offset=1 << 31),
        "cut short": exif(6)[:-9],
        "of no order": exif(6).replace(b"II*", b"XX*"),
        "of a big file": exif(6).replace(b"II*", b"II+"),
        "empty": b"Exif\0\0",
    }
    plain = saved(ORIGINAL, "JPEG", **FINE)
    xmp = segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + bytes(99))
    behind_xmp = xmp + segment(0xE1, exif(6))
    found = {
        "jpeg with two million ratios": seen(
            lambda: behind_start(plain, ratios(2_000_000)), ORIGINAL, near=3.0
        ),
        "jpeg turned behind its xmp": seen(behind_start(plain, behind_xmp), turned(6), near=3.0),
        "webp turned by exif": seen(
            saved(ORIGINAL, "WEBP", lossless=True, exif=exif(6)), turned(6)
        ),
        "webp with exif junk": seen(
            saved(ORIGINAL, "WEBP", lossless=True, exif=b"Exif\0\0MM"), ORIGINAL
        ),
        "png turned by exif": seen(saved(ORIGINAL, "PNG", exif=exif(8)), turned(8)),
        "tiff turned": seen(saved(ORIGINAL, "TIFF", tiffinfo={274: 6}), turned(6)),
        "tiff turned by 9": seen(saved(ORIGINAL, "TIFF", tiffinfo={274: 9}), ORIGINAL),
    }
    for number in TURNED:
        content = saved(ORIGINAL, "JPEG", **FINE, exif=exif(number))
        found[f"jpeg turned by exif {number}"] = seen(content, turned(number), near=3.0)
    for name, data in wrong.items():
        content = saved(ORIGINAL, "JPEG", **FINE, exif=data)
        found[f"jpeg with exif {name}"] = seen(content, ORIGINAL, near=3.0)
    return found


def ratios(count: int) -> bytes:
    """EXIF in many segments, whose horizontal resolution is so many ratios."""
    fields = struct.pack("<HHII", 282, 5, count, 38) + struct.pack("<HHII", 296, 3, 1, 2)
    data = b"II*\0" + struct.pack("<IH", 8, 2) + fields + bytes(4)
    data += struct.pack("<II", 7, 3) * count
    cut_up = (data[at : at + 65_000] for at in range(0, len(data), 65_000))
    return b"".join(segment(0xE1, b"Exif\0\0" + piece) for piece in cut_up)


IDAT = chunk(b"IDAT", zlib.compress(rows(VALUES)))
HEAD = ihdr(*ORIGINAL.size)


def pngs() -> dict[str, Case]:
    data = zlib.compress(rows(VALUES))
    halves = chunk(b"IDAT", data[:90]), chunk(b"tEXt", b"a\0b"), chunk(b"IDAT", data[90:])
    text = zlib.compress(bytes(9_000_000))
    texts = chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(1 << 20))) * 300
    empty = chunk(b"abCd")
    wide = GREY_VALUES.astype(np.uint16) * 257
    deep = np.dstack([VALUES.astype(np.uint16) * 257, np.full((80, 120), 65_535, np.uint16)])
    found = {
        "png": seen(png(HEAD, IDAT, IEND), ORIGINAL),
        "png without end": seen(png(HEAD, IDAT), ORIGINAL),
        "png with a page behind it": seen(png(HEAD, IDAT, IEND, b"<html><script>"), ORIGINAL),
        "png with a wrong sum of a text": seen(
            png(HEAD, chunk(b"tEXt", b"a\0b")[:-1] + b"\0", IDAT, IEND), ORIGINAL
        ),
        "png with a wrong sum of the header": refused(png(HEAD[:-1] + b"\0", IDAT, IEND), DAMAGED),
        "png with wrong pixels' sum": refused(
            png(HEAD, chunk(b"IDAT", zlib.compress(rows(VALUES))[:-4] + b"none"), IEND), DAMAGED
        ),
        "png with pixels before its header": refused(png(IDAT, HEAD, IEND), DAMAGED),
        "png with a palette behind its pixels": either(
            png(ihdr(120, 80, 8, 3), chunk(b"IDAT", zlib.compress(rows(GREY_VALUES))), IEND)
        ),
        "png with text between its pixels": seen(png(HEAD, *halves, IEND), ORIGINAL),
        "png without pixels": refused(png(HEAD, IEND), DAMAGED),
        "png of too few rows": either(
            png(HEAD, chunk(b"IDAT", zlib.compress(rows(VALUES[:40]))), IEND)
        ),
        "png of three bits": refused(png(ihdr(120, 80, 3, 3), IDAT, IEND), DAMAGED),
        "png 0 x 0": refused(png(ihdr(0, 0), IDAT, IEND), DAMAGED),
        "png 1 x 1": seen(
            png(ihdr(1, 1), chunk(b"IDAT", zlib.compress(b"\0\xc8\x1e\x28")), IEND),
            Image.new("RGB", (1, 1), (200, 30, 40)),
        ),
        "png 2**31 x 2**31": refused(png(ihdr(2**31 - 1, 2**31 - 1), IDAT, IEND), MANY),
        "png 8001 x 8000": refused(png(ihdr(8001, 8000), IDAT, IEND), MANY),
        "png 40000 x 1": refused(png(ihdr(40_000, 1), IDAT, IEND), LONG),
        "png of a chunk longer than the file": seen(
            png(HEAD, b"\xff\xff\xff\xff" + IDAT[4:]), ORIGINAL
        ),
        "png with 300 texts of a megabyte": seen(png(HEAD, texts, IDAT, IEND), ORIGINAL),
        "png of a million chunks": refused(lambda: png(HEAD, empty * 1_000_000, IDAT, IEND), PARTS),
        "png with 300 MB behind its pixels": either(
            lambda: png(ihdr(300, 300), chunk(b"IDAT", zeros(300 << 20)), IEND)
        ),
        "png bomb, 64 million pixels": either(big_png(8, 6, 32)),
        "png bomb, woven": either(big_png(8, 2, 24, 1)),
        "png bomb, one bit": either(big_png(1, 0, 1)),
        "png bomb, 16 bits grey": either(big_png(16, 0, 16)),
        "png bomb, palette": either(big_png(8, 3, 8)),
    }
    for name, body in {b"zTXt": b"a\0\0", b"iCCP": b"a\0\0", b"iTXt": b"a\0\1\0\0\0"}.items():
        bomb = chunk(name, body + text)
        found[f"png with a {name.decode()} bomb"] = seen(png(HEAD, bomb, IDAT, IEND), ORIGINAL)
        found[f"png with a late {name.decode()} bomb"] = seen(png(HEAD, IDAT, bomb, IEND), ORIGINAL)
    for name, colour, values in (
        ("grey", 0, wide),
        ("colours", 2, deep[..., :3].copy()),
        ("colours and alpha", 6, deep),
        ("grey and alpha", 4, np.dstack([wide, deep[..., 3]])),
    ):
        content = png(ihdr(120, 80, 16, colour), chunk(b"IDAT", zlib.compress(rows(values))), IEND)
        shown = as_seen(GREY) if colour in (0, 4) else ORIGINAL
        found[f"png of 16 bits, {name}"] = seen(content, shown)
    return found


def transparent() -> dict[str, Case]:
    half = Image.linear_gradient("L").resize(ORIGINAL.size)
    layered = ORIGINAL.copy()
    layered.putalpha(half)
    on_white = Image.composite(ORIGINAL, BLANK, half)
    grey = layered.convert("LA")
    few = ORIGINAL.quantize(16)
    holes = few.convert("RGB")
    pixels = np.asarray(few) == 3
    holed = np.asarray(holes).copy()
    holed[pixels] = 255
    table = bytes(0 if place == 3 else 255 for place in range(16))
    bits = ORIGINAL.convert("1")
    logo = Image.new("RGBA", ORIGINAL.size, (255, 255, 255, 0))
    ImageDraw.Draw(logo).ellipse((10, 10, 80, 70), fill=(255, 255, 255, 255))
    grey_paper = Image.new("RGB", ORIGINAL.size, (128, 128, 128))
    grey_paper.paste(logo, mask=logo)
    return {
        "png with alpha": seen(saved(layered, "PNG"), on_white),
        "webp with alpha": seen(saved(layered, "WEBP", lossless=True), on_white, near=2.0),
        "tiff with alpha": seen(saved(layered, "TIFF"), on_white),
        "png grey with alpha": seen(
            saved(grey, "PNG"), as_seen(Image.composite(GREY, BLANK.convert("L"), half))
        ),
        "png palette": seen(saved(few, "PNG"), holes),
        "png palette with a hole": seen(saved(few, "PNG", transparency=3), Image.fromarray(holed)),
        "png palette with alphas": seen(
            saved(few, "PNG", transparency=table), Image.fromarray(holed)
        ),
        "gif palette with a hole": seen(saved(few, "GIF", transparency=3), Image.fromarray(holed)),
        "png of one bit": seen(saved(bits, "PNG"), as_seen(bits)),
        "tiff of one bit": seen(saved(bits, "TIFF", compression="group4"), as_seen(bits)),
        "png white logo on nothing": seen(saved(logo, "PNG"), grey_paper),
        "png of nothing": seen(saved(Image.new("RGBA", ORIGINAL.size), "PNG"), BLANK),
    }


def apng(frames: list[np.ndarray], claimed: int) -> bytes:
    """An APNG of frames that each fill the picture."""
    numbers = itertools.count()
    parts = [HEAD, chunk(b"acTL", struct.pack(">II", claimed, 0))]
    for place, values in enumerate(frames):
        box = struct.pack(">IIIIHHBB", 120, 80, 0, 0, 1, 10, 0, 0)
        data = zlib.compress(rows(values))
        parts.append(chunk(b"fcTL", struct.pack(">I", next(numbers)) + box))
        if place:
            parts.append(chunk(b"fdAT", struct.pack(">I", next(numbers)) + data))
        else:
            parts.append(chunk(b"IDAT", data))
    return png(*parts, IEND)


def gifs() -> dict[str, Case]:
    whole = gif_frame((0, 0, 40, 40), codes(1600))
    ramp = np.fromiter((number % 251 for number in range(1600)), np.uint8).reshape(40, 40)
    shown = Image.fromarray(np.dstack([ramp, ramp, 255 - ramp]))
    script = b"GIF89a/*" + bytes(4) + b"*/=1;alert(1);//"
    none = gif_frame((0, 0, 0, 40), codes(9))
    far = gif_frame((60_000, 60_000, 9, 9), codes(81))
    small = disposed(3) + gif_frame((0, 0, 1, 1), codes(1))
    big = gif_frame((0, 0, 40, 40), codes(1600))
    return {
        "gif": seen(gif(40, 40, whole, b";"), shown),
        "gif without end": seen(gif(40, 40, whole), shown),
        "gif that is a script": either(script),
        "gif with a script behind it": seen(gif(40, 40, whole, b";*/alert(1)//"), shown),
        "gif of a giant screen": refused(gif(65_535, 65_535, whole, b";"), MANY),
        "gif of 8000 x 8000 but for a corner": either(gif(8000, 8000, whole, b";")),
        "gif of no screen": seen(gif(0, 0, whole, b";"), shown),
        "gif of no frame": refused(gif(40, 40, b";"), DAMAGED),
        "gif of an empty frame": refused(gif(40, 40, gif_frame((0, 0, 0, 0), b""), b";"), ANY),
        "gif of an empty frame later": seen(gif(40, 40, whole, none, whole, b";"), shown),
        "gif that grows": seen(gif(40, 40, whole, far, whole, b";"), shown),
        "gif of a frame off its screen": either(
            gif(40, 40, gif_frame((90, 90, 40, 40), codes(1600)), b";")
        ),
        "gif of too few pixels": refused(gif(40, 40, gif_frame((0, 0, 40, 40), codes(99))), CUT),
        "gif of codes that are none": refused(
            gif(40, 40, gif_frame((0, 0, 40, 40), b"\xff" * 900)), ANY
        ),
        "gif of 1000 frames": seen(gif(40, 40, whole * 1000, b";"), shown, shown),
        "gif of 1000 frames, 1000 x 1000": either(gif(1000, 1000, big, small * 999, b";")),
        "gif of 3 frames, 4000 x 4000": either(gif(4000, 4000, big, small * 2, b";")),
        "gif of tiny blocks": refused(
            lambda: gif(40, 40, whole, gif_frame((0, 0, 1, 1), b"\1" * 5_000_000, 1)), PARTS
        ),
        "gif of a million notes": refused(
            lambda: gif(40, 40, b"!\xfe\0" * 6_000_000, whole, b";"), PARTS
        ),
        "gif of junk": refused(lambda: gif(40, 40, b"x" * 9_000_000, whole, b";"), DAMAGED),
    }


def webps() -> dict[str, Case]:
    dot = saved(Image.new("RGB", (1, 1)), "WEBP", lossless=True)[12:]
    anim = part(b"ANIM", bytes(6))
    frame = webp_frame(1, 1, dot)
    flat = Image.new("RGB", (8000, 3900), (9, 90, 160))
    return {
        "webp": seen(saved(ORIGINAL, "WEBP", quality=95), ORIGINAL, near=5.0),
        "webp lossless": seen(saved(ORIGINAL, "WEBP", lossless=True), ORIGINAL),
        "webp of a canvas of 16384 x 10000": refused(
            riff(canvas(16_384, 10_000), anim, frame * 2), WEBP_MANY
        ),
        "webp of a canvas of 2**24 x 200": refused(
            riff(canvas(1 << 24, 200), anim, frame * 2), MANY
        ),
        "webp still of a false canvas": refused(riff(canvas(900, 900, 0), dot), ANY),
        "webp of a canvas of 8000 x 3900": either(riff(canvas(8000, 3900), anim, frame * 3)),
        "webp of 1000 frames, 1000 x 1000": either(riff(canvas(1000, 1000), anim, frame * 1000)),
        "webp of a million frames": refused(
            lambda: riff(canvas(100, 100), anim, frame * 400_000), PARTS
        ),
        "webp bomb, 31 million pixels in 40 bytes": either(
            lambda: saved(flat, "WEBP", lossless=True, method=0, quality=0)
        ),
        "webp that says it is longer": refused(saved(ORIGINAL, "WEBP")[:300], CUT),
    }


def moving() -> dict[str, Case]:
    """Animations whose first frame is blank: the picture is in the middle."""
    later = [ORIGINAL] * 3
    two = (BLANK, ORIGINAL)
    palette = ORIGINAL.quantize(64)
    gif_frames = [palette, palette.transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    lossless = {"save_all": True, "lossless": True}
    blank = np.full_like(VALUES, 255)
    torn = apng([blank, VALUES, VALUES, VALUES], 4).replace(b"fcTL\0\0\0\3", b"fcTL\0\0\0\x09")
    return {
        "gif animation": seen(
            saved(BLANK, "GIF", save_all=True, append_images=gif_frames), *two, near=6.0
        ),
        "webp animation": seen(saved(BLANK, "WEBP", append_images=later, **lossless), *two),
        "apng": seen(apng([blank, VALUES, VALUES, VALUES], 4), *two),
        "apng that claims 2**31 frames": seen(apng([blank, VALUES, VALUES], 1 << 31), *two),
        "apng that claims one": seen(apng([blank, VALUES, VALUES], 1), BLANK),
        "apng with frames out of turn": seen(torn, *two),
        "apng of a frame off the picture": seen(
            apng([blank, VALUES], 2).replace(
                b"fcTL\0\0\0\1\0\0\0\x78", b"fcTL\0\0\0\1\0\0\xff\x78"
            ),
            BLANK,
        ),
    }


def bmps() -> dict[str, Case]:
    pixels = np.ascontiguousarray(VALUES[..., ::-1]).tobytes()
    runs = {"bits": 8, "packed": 1, "colours": 256}
    row = b"\x78\x40\0\0"
    flat = Image.new("RGB", (120, 80), (0x40, 0x40, 0xBF))
    short = b"\1\5\0\0"
    jump = b"\0\2\xff\xff"
    nibbles = {"bits": 4, "packed": 2, "colours": 16}
    return {
        "bmp": seen(saved(ORIGINAL, "BMP"), ORIGINAL),
        "bmp from the top": seen(bmp(120, -80, pixels), ORIGINAL),
        "bmp of no width": refused(bmp(0, 80, pixels), DAMAGED),
        "bmp of a negative width": refused(bmp(2**32 - 120, 80, pixels), MANY),
        "bmp of the least height": refused(bmp(120, -(2**31), pixels), MANY),
        "bmp of a giant": refused(bmp(60_000, 60_000, pixels), MANY),
        "bmp of 8000 x 8000 without pixels": refused(bmp(8000, 8000, pixels), CUT),
        "bmp of 7 bits": refused(bmp(120, 80, pixels, bits=7), DAMAGED),
        "bmp packed as a jpeg": refused(bmp(120, 80, pixels, packed=4), DAMAGED),
        "bmp in runs": seen(bmp(120, 80, row * 80 + b"\0\1", **runs), flat),
        "bmp in runs, 8000 x 1000": refused(bmp(8000, 1000, short * 1000, **runs), SLOW),
        "bmp in runs, 1400 x 1400": either(bmp(1400, 1400, short * 1400 + b"\0\1", **runs)),
        "bmp in jumps": either(bmp(1400, 1400, jump * 9000, **runs)),
        "bmp of 5 MB in runs": refused(lambda: bmp(1400, 1400, b"\1\5" * 2_500_000, **runs), PARTS),
        "bmp of runs behind the row": either(
            lambda: bmp(1400, 1400, b"\xff\5" * 1_900_000, **runs)
        ),
        "bmp in runs of half bytes": either(
            bmp(1400, 1400, (b"\xff\x12" * 8 + b"\0\0") * 1400 + b"\0\1", **nibbles)
        ),
    }


def tiffs() -> dict[str, Case]:
    body = GREY_VALUES.tobytes()
    shown = as_seen(GREY)
    wide = Image.fromarray(GREY_VALUES.astype(np.uint16) * 257)
    holes = GREY_VALUES.astype(np.float32)
    holes[0, :9], holes[1, :9], holes[2, :9] = np.nan, np.inf, -np.inf
    whole = Image.fromarray(GREY_VALUES.astype(np.int32))
    over = [long(278, 7999), long(273, *range(9000, 11_000)), long(279, 8_000_000)]
    offsets = (273, 4, 2_000_000, bytes(8_000_000))
    fractions = (282, 5, 2_000_000, struct.pack("<II", 7, 3) * 2_000_000)
    moved = 8 + 2 + 12 * 9 + 4 + 16_000_000
    unknown = [long(tag, 7) for tag in range(40_000, 42_000)]
    tile = [short(322, 20_000), short(323, 20_000), long(324, 4096), long(325, 400_000)]
    many = [long(278, 1), long(273, *[70_000] * 8000), long(279, *[9_000_000] * 8000)]
    found = {
        "tiff": seen(tiff([*page(), *strip(9600)], body), shown),
        "tiff in colours": seen(saved(ORIGINAL, "TIFF"), ORIGINAL),
        "tiff jpeg": seen(saved(ORIGINAL, "TIFF", compression="jpeg"), ORIGINAL, near=8.0),
        "tiff cmyk": seen(saved(ORIGINAL.convert("CMYK"), "TIFF"), ORIGINAL),
        "tiff of 16 bits": seen(saved(wide, "TIFF"), shown),
        "tiff of 16 bits, deflated": seen(saved(wide, "TIFF", compression="tiff_deflate"), shown),
        "tiff of floats that are none": either(saved(Image.fromarray(holes), "TIFF")),
        "tiff of 32 bits": seen(saved(whole, "TIFF"), shown),
        "tiff of a looped directory": seen(tiff([*page(), *strip(9600)], body, behind=8), shown),
        "tiff of a directory beyond the end": refused(b"II*\0\xff\xff\xff\x7f" + body, CUT),
        "tiff of no fields": refused(b"II*\0\x08\0\0\0" + bytes(99), CUT),
        "tiff of no size": refused(tiff([*page(0, 0), *strip(9600)], body), ANY),
        "tiff 100000 x 100000": refused(tiff([*page(100_000, 100_000), *strip(9)], body), MANY),
        "tiff 33000 x 9": refused(tiff([*page(33_000, 9), *strip(9)], body), LONG),
        "tiff of no pixels": refused(tiff([*page(), long(273, 1 << 30)], body), ANY),
        "tiff of 5000 samples": refused(
            tiff([*page()[:-1], short(277, 5000), *strip(9600)], body), DAMAGED
        ),
        "tiff of garbage, deflated": refused(tiff([*page(packed=8), *strip(900)], body), DAMAGED),
        "tiff of garbage, lzw": refused(tiff([*page(packed=5), *strip(900)], body), DAMAGED),
        "tiff of garbage, jpeg": refused(tiff([*page(packed=7), *strip(900)], body), DAMAGED),
        "tiff in an old jpeg": refused(tiff([*page(packed=6), *strip(900)], body), KIND),
        "tiff in lzma": refused(tiff([*page(packed=34_925), *strip(900)], body), KIND),
        "tiff in jpeg, 5000 x 5000": refused(
            tiff([*page(5000, 5000, 7), *strip(900)], body), "more than 16,000,000 pixels"
        ),
        "tiff of strips over one another": refused(
            lambda: tiff([*page(8000, 8000, bits=1), *over], bytes(8_100_000)), PARTS
        ),
        "tiff of two million strips": refused(
            lambda: tiff([*page(), long(278, 1), offsets], body), PARTS
        ),
        "tiff of two million ratios": seen(
            lambda: tiff([*page(), fractions, long(273, moved), long(279, 9600)], body), shown
        ),
        "tiff of 2000 unknown fields": either(tiff([*page(packed=8), *unknown], body)),
        "tiff of a giant tile": refused(
            lambda: tiff([*page(packed=8), *tile], zeros(400_000_000)), PARTS
        ),
        "tiff of 8000 strips of one place": either(
            lambda: tiff(
                [*page(8000, 8000, 8), *many], zlib.compress(bytes(8000)).ljust(10_000_000)
            )
        ),
    }
    for packing in ("tiff_deflate", "tiff_lzw", "packbits"):
        found[f"tiff {packing}"] = seen(saved(ORIGINAL, "TIFF", compression=packing), ORIGINAL)
    for name, scale in {"1": 1 / 255, "255": 1.0, "65535": 257.0}.items():
        image = Image.fromarray(GREY_VALUES.astype(np.float32) * scale)
        found[f"tiff of floats up to {name}"] = seen(saved(image, "TIFF"), shown, near=3.0)
    return found


def others() -> dict[str, Case]:
    svg = b'<svg xmlns="http://www.w3.org/2000/svg">'
    entity = b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    plain = {
        "a page": b"<!DOCTYPE html><html>404</html>",
        "json": b'{"error": 404}',
        "a zip": b"PK\3\4" + bytes(90),
        "a program": b"MZ\x90\0" + bytes(90),
        "a film": b"\0\0\0\x20ftypisom" + bytes(90),
        "a pdf": b"%PDF-1.7\n" + bytes(90),
        "an eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
        "an icon": b"\0\0\1\0\1\0\x10\x10\0\0\1\0\x20\0" + bytes(90),
        "a photoshop file": b"8BPS\0\1" + bytes(90),
        "a jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(90),
        "a big tiff": b"II+\0\x08\0\0\0\x10\0\0\0\0\0\0\0" + bytes(90),
        "an svg with a script": svg + b"<script>alert(1)</script></svg>",
        "an svg with entities": entity + svg + b"<text>&x;</text></svg>",
    }
    found = {
        "nothing": refused(b"", KIND),
        "one byte": refused(b"\xff", KIND),
        "avif": refused(b"\0\0\0\x20ftypavif" + bytes(90), AVIF),
        "21 MB": refused(lambda: saved(ORIGINAL, "JPEG") + bytes(21 << 20), "20,971,520 bytes"),
        "a bitmap's first letters": refused(b"BM", CUT),
    }
    for name, content in plain.items():
        found[name] = refused(content, KIND)
    for magic in (b"\xff\xd8\xff", SIGNATURE, b"GIF89a", b"RIFF\0\0\0\0WEBP", b"II*\0", b"MM\0*"):
        found[f"no more than {magic!r}"] = refused(magic, ANY)
        junk = random.Random(2).randbytes(5000)
        found[f"junk behind {magic!r}"] = refused(magic + junk, "")
    return found


@cache
def sound() -> dict[str, bytes]:
    """One whole file of every kind and coding, for cutting and flipping."""
    frames = [ORIGINAL.rotate(turn) for turn in (0, 90, 180)]
    moving_ = {"save_all": True, "append_images": frames}
    few, layered = ORIGINAL.quantize(16), ORIGINAL.convert("LA")
    wide = Image.fromarray(GREY_VALUES.astype(np.uint16) * 257)
    return {
        "jpeg": saved(ORIGINAL, "JPEG", exif=exif(6)),
        "progressive jpeg": saved(ORIGINAL, "JPEG", progressive=True),
        "cmyk jpeg": saved(ORIGINAL.convert("CMYK"), "JPEG"),
        "png": saved(ORIGINAL, "PNG"),
        "grey png with alpha": saved(layered, "PNG"),
        "palette png": saved(few, "PNG", transparency=bytes(range(16))),
        "png of 16 bits": saved(wide, "PNG"),
        "moving png": saved(BLANK, "PNG", **moving_),
        "gif": saved(few, "GIF"),
        "moving gif": saved(BLANK, "GIF", **moving_, disposal=2),
        "webp": saved(ORIGINAL, "WEBP"),
        "lossless webp": saved(ORIGINAL, "WEBP", lossless=True),
        "moving webp": saved(BLANK, "WEBP", **moving_),
        "bmp": saved(ORIGINAL, "BMP"),
        "palette bmp": saved(few, "BMP"),
        "tiff": saved(ORIGINAL, "TIFF"),
        "deflated tiff": saved(ORIGINAL, "TIFF", compression="tiff_deflate"),
        "jpeg tiff": saved(ORIGINAL, "TIFF", compression="jpeg"),
        "tiff of one bit": saved(ORIGINAL.convert("1"), "TIFF", compression="group4"),
    }


def cut() -> dict[str, Case]:
    found = {}
    for name, content in sound().items():
        for part_ in (0.02, 0.5, 0.9):
            cut_off = content[: int(len(content) * part_)]
            if "moving" not in name or part_ < 0.1:
                found[f"{name} cut at {part_:.0%}"] = refused(cut_off, ANY)
            else:
                found[f"{name} cut at {part_:.0%}"] = either(cut_off)
    return found


GROUPS = (jpegs, orientations, pngs, transparent, gifs, webps, moving, bmps, tiffs, others, cut)


@cache
def cases() -> dict[str, Case]:
    return {name: case for group in GROUPS for name, case in group().items()}
