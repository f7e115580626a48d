"""Picture files put together by hand, byte for byte, right or wrong."""

import io
import struct
import zlib
from collections.abc import Callable, Iterable

import numpy as np
from PIL import Image


def saved(image: Image.Image, kind: str, **options) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def exif(value: int, kind: int = 3, count: int = 1, offset: int = 8) -> bytes:
    """EXIF data whose only field is the orientation."""
    field = struct.pack("<HHIHH", 274, kind, count, value, 0)
    return b"Exif\0\0II*\0" + struct.pack("<IH", offset, 1) + field + bytes(4)


# JPEG

FINE = {"quality": 95, "subsampling": 0}


def segment(mark: int, body: bytes) -> bytes:
    return b"\xff" + bytes([mark]) + struct.pack(">H", len(body) + 2) + body


def sof(width: int, height: int, mark: int = 0xC0, parts: int = 3, bits: int = 8) -> bytes:
    body = b"".join(bytes([part + 1, 0x11, 0]) for part in range(parts))
    return segment(mark, struct.pack(">BHHB", bits, height, width, parts) + body)


def sos(parts: Iterable[int] = (1, 2, 3), first: int = 0, last: int = 63, bits: int = 0) -> bytes:
    chosen = tuple(parts)
    body = b"".join(bytes([part, 0]) for part in chosen)
    return segment(0xDA, bytes([len(chosen)]) + body + bytes([first, last, bits]))


SOI, EOI = b"\xff\xd8", b"\xff\xd9"
DQT = segment(0xDB, b"\0" + b"\1" * 64)
DHT = b"".join(segment(0xC4, bytes([kind, 1]) + bytes(15) + b"\0") for kind in (0, 0x10))


def jpeg(*parts: bytes) -> bytes:
    return SOI + DQT + DHT + b"".join(parts) + EOI


def behind_start(content: bytes, *parts: bytes) -> bytes:
    return content[:2] + b"".join(parts) + content[2:]


# PNG

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(name: bytes, body: bytes = b"") -> bytes:
    checksum = struct.pack(">I", zlib.crc32(name + body))
    return struct.pack(">I", len(body)) + name + body + checksum


def ihdr(width: int, height: int, bits: int = 8, colour: int = 2, woven: int = 0) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, woven))


def rows(values: np.ndarray) -> bytes:
    """PNG's rows, unfiltered; values of two bytes high byte first."""
    wide = values.astype(">u2") if values.dtype == np.uint16 else values
    return b"".join(b"\0" + row.tobytes() for row in wide)


def zeros(count: int) -> bytes:
    """So many zeros, deflated without ever being held."""
    deflate, block = zlib.compressobj(1), bytes(1 << 20)
    parts = [deflate.compress(block) for _ in range(count >> 20)]
    parts.append(deflate.compress(bytes(count & 0xFFFFF)))
    return b"".join(parts) + deflate.flush()


IEND = chunk(b"IEND")


def png(*parts: bytes) -> bytes:
    return SIGNATURE + b"".join(parts)


def big_png(bits: int, colour: int, pixel_bits: int, woven: int = 0) -> Callable[[], bytes]:
    data = 8000 * (8000 * pixel_bits // 8 + 1) * (2 if woven else 1)
    head = ihdr(8000, 8000, bits, colour, woven)
    return lambda: png(head, chunk(b"IDAT", zeros(data)), IEND)


# GIF

PALETTE = bytes(value for grey in range(256) for value in (grey, grey, 255 - grey))


def gif(width: int, height: int, *parts: bytes) -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0xF7, 0, 0) + PALETTE + b"".join(parts)


def codes(count: int) -> bytes:
    """LZW data of that many pixels, in codes of nine bits that are never allowed to grow."""
    stream = []
    for number in range(count):
        stream += [256] * (number % 200 == 0) + [number % 251]
    bits = "".join(f"{code:09b}"[::-1] for code in [*stream, 257])
    return bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))


def blocks(data: bytes, size: int = 255) -> bytes:
    cut = (data[at : at + size] for at in range(0, len(data), size))
    return b"".join(bytes([len(block)]) + block for block in cut) + b"\0"


def gif_frame(box: tuple[int, int, int, int], data: bytes, size: int = 255) -> bytes:
    return b"," + struct.pack("<HHHHB", *box, 0) + b"\x08" + blocks(data, size)


def disposed(how: int) -> bytes:
    return b"!\xf9\4" + bytes([how << 2 | 1, 1, 0, 3, 0])


# WebP


def riff(*parts: bytes) -> bytes:
    body = b"WEBP" + b"".join(parts)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def part(name: bytes, body: bytes) -> bytes:
    return name + struct.pack("<I", len(body)) + body + bytes(len(body) & 1)


def three(value: int) -> bytes:
    return struct.pack("<I", value)[:3]


def canvas(width: int, height: int, flags: int = 2) -> bytes:
    return part(b"VP8X", bytes([flags, 0, 0, 0]) + three(width - 1) + three(height - 1))


def webp_frame(width: int, height: int, image: bytes) -> bytes:
    return part(b"ANMF", bytes(6) + three(width - 1) + three(height - 1) + b"\x0a\0\0\0" + image)


# BMP


def bmp(
    width: int, height: int, data: bytes, *, bits: int = 24, packed: int = 0, colours: int = 0
) -> bytes:
    palette = PALETTE[: 3 * colours]
    table = b"".join(palette[at : at + 3][::-1] + b"\0" for at in range(0, len(palette), 3))
    info = (40, width, height, 1, bits, packed, len(data), 0, 0, colours, 0)
    head = struct.pack("<IIiHHIIiiII", *info)
    start = 54 + len(table)
    return b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start) + head + table + data


# TIFF

Value = tuple[int, int, int, bytes]


def short(tag: int, *values: int) -> Value:
    return tag, 3, len(values), struct.pack(f"<{len(values)}H", *values)


def long(tag: int, *values: int) -> Value:
    return tag, 4, len(values), struct.pack(f"<{len(values)}I", *values)


def tiff(values: list[Value], body: bytes, behind: int = 0) -> bytes:
    """A directory at 8, its long values, then the body at 4096 or behind those."""
    at, entries, outside = 8 + 2 + 12 * len(values) + 4, b"", b""
    for tag, kind, count, data in sorted(values):
        inside = data.ljust(4, b"\0") if len(data) <= 4 else struct.pack("<I", at + len(outside))
        outside += b"" if len(data) <= 4 else data
        entries += struct.pack("<HHI", tag, kind, count) + inside
    head = struct.pack("<IH", 8, len(values)) + entries + struct.pack("<I", behind)
    return (b"II*\0" + head + outside).ljust(4096, b"\0") + body


def page(width: int = 120, height: int = 80, packed: int = 1, bits: int = 8) -> list[Value]:
    size = [long(256, width), long(257, height)]
    return [*size, short(258, bits), short(259, packed), short(262, 1), short(277, 1)]


def strip(count: int) -> list[Value]:
    return [long(278, 1 << 31), long(273, 4096), long(279, count)]
