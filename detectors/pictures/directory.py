"""The directory of a TIFF file, which is also that of EXIF data: its fields, what they ask for."""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

SHORT, LONG = 3, 4
WIDTH, HEIGHT, COMPRESSION, ORIENTATION, SAMPLES, PLANES = 256, 257, 259, 274, 277, 284
SHARED = frozenset((256, 257, 258, 259, 262, 266, 274, 277, 284, 317, 320, 338, 339, 347, 530, 532))
STRIPS, STRIP_ROWS = frozenset((273, 278, 279)), 278
TILES, TILE_WIDTH, TILE_HEIGHT = frozenset((322, 323, 324, 325)), 322, 323
RAW, JPEG = 1, 7
COMPRESSIONS = frozenset((RAW, 2, 3, 4, 5, JPEG, 8, 32773, 32946))
MAX_VALUES = 1 << 18


@dataclass(frozen=True, slots=True)
class Field:
    """One entry of 12 bytes; `value` is its first number if that stands in the entry itself."""

    tag: int
    kind: int
    count: int
    value: int | None
    entry: bytes


def order(content: bytes) -> str | None:
    """The byte order in `struct`'s terms; `None` where no directory can be."""
    return {b"II*\0": "<", b"MM\0*": ">"}.get(content[:4])


def fields(content: bytes) -> Iterator[Field]:
    """The fields of the first directory, as far as there are any; no other one is followed."""
    end = order(content)
    if end is None or len(content) < 10:
        return
    (at,) = struct.unpack_from(f"{end}I", content, 4)
    if at + 2 > len(content):
        return
    (entries,) = struct.unpack_from(f"{end}H", content, at)
    for place in range(at + 2, min(at + 2 + 12 * entries, len(content) - 11), 12):
        tag, kind, count, short = struct.unpack_from(f"{end}HHIH", content, place)
        (long,) = struct.unpack_from(f"{end}I", content, place + 8)
        value = {(SHORT, 1): short, (SHORT, 2): short, (LONG, 1): long}.get((kind, count))
        yield Field(tag, kind, count, value, content[place : place + 12])


def orientation(exif: bytes) -> int:
    """1–8 as EXIF counts them; 1 for whatever is wrong or missing."""
    named = (
        field.value
        for field in fields(exif.removeprefix(b"Exif\0\0"))
        if field.tag == ORIENTATION and field.kind == SHORT and field.count == 1
    )
    value = next(named, None)
    return value if value is not None and 1 <= value <= 8 else 1


@dataclass(frozen=True, slots=True)
class Page:
    """The first page of a TIFF file: only those of its fields that make the picture."""

    fields: Mapping[int, Field]

    def number(self, tag: int, missing: int = 0) -> int:
        field = self.fields.get(tag)
        return missing if field is None or field.value is None else field.value

    @property
    def size(self) -> tuple[int, int]:
        return self.number(WIDTH), self.number(HEIGHT)

    @property
    def compression(self) -> int:
        return self.number(COMPRESSION, RAW)

    def asks(self) -> tuple[int, int]:
        """Pixels to decode, and parts to decode them from; nothing where a size is missing."""
        width, height = self.size
        wide = self.number(TILE_WIDTH, width)
        high = self.number(TILE_HEIGHT, min(self.number(STRIP_ROWS, height), height))
        if not (width and height and wide and high):
            return 0, 0
        across, down = -(-width // wide), -(-height // high)
        planes = self.number(SAMPLES, 1) if self.number(PLANES, 1) == 2 else 1
        return across * wide * down * high, across * down * planes

    def values(self) -> tuple[int, int]:
        """The offsets of parts that are given, and the most values that any field has."""
        offsets = (self.fields[tag].count for tag in (273, 324) if tag in self.fields)
        return max(offsets, default=0), max(field.count for field in self.fields.values())


def first_page(content: bytes) -> Page:
    """Of a field that stands there twice, the first is taken, as Pillow and libtiff do."""
    found = {field.tag: field for field in reversed([*fields(content)])}
    wanted = SHARED | (STRIPS if TILES.isdisjoint(found) else TILES)
    return Page({tag: field for tag, field in found.items() if tag in wanted})


def with_only(content: bytes, page: Page) -> bytes:
    """The file with this page's fields, and no more, where its first directory stands."""
    end = order(content) or "<"
    (at,) = struct.unpack_from(f"{end}I", content, 4)
    entries = b"".join(page.fields[tag].entry for tag in sorted(page.fields))
    written = struct.pack(f"{end}H", len(page.fields)) + entries + struct.pack(f"{end}I", 0)
    return content[:at] + written + content[at + len(written) :]
