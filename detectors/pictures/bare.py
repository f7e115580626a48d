"""Picture files laid bare before any decoding: headers checked, what makes no picture left out.

Time and memory are decided here. A file of 20 MB can keep a decoder busy for an hour; counting
tells: the scans of a JPEG, the chunks of a PNG, the blocks of a GIF, the strips of a TIFF.
"""

import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from detectors.pictures import directory

MAX_BYTES = 20 << 20  # as much as is ever fetched
MAX_PIXELS = 64_000_000
MAX_SIDE = 32_767  # no browser paints a longer one
MAX_PARTS = 100_000  # PNG and WebP chunks
MAX_SEGMENTS = 2_000
MAX_BLOCKS = 400_000  # of a GIF, mostly of 255 bytes
SCAN_PIXELS = 20 * MAX_PIXELS
WEBP_PIXELS = 32_000_000  # libwebp takes 16 bytes a pixel
SLOW_PIXELS = 2_000_000  # BMP's runs are read in Python
TIFF_JPEG_PIXELS = 16_000_000  # libtiff lets a hundred scans pass

KIND = "not a readable picture: of no kind that is read"
CUT = "not a readable picture: cut short"
DAMAGED = "not a readable picture: damaged"
PARTS = "not a readable picture: made of more parts than it needs"
AVIF = "not a readable picture: AVIF, which is not read safely here"
UNSHOWN = "not a readable picture: coded in a way that no browser shows"


class Unreadable(ValueError):
    """A picture cannot be read; says why in one sentence that holds nothing of the file."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Bare:
    """A file that is safe to open: its kind in Pillow's words, its turn, the frames it claims."""

    kind: str
    content: bytes
    orientation: int = 1
    frames: int = 1


def bare(content: bytes) -> Bare:
    """Told by its first bytes. Raises `Unreadable`."""
    if len(content) > MAX_BYTES:
        raise Unreadable(f"more than {MAX_BYTES:,} bytes")
    read = next((read for magic, read in READERS if magic.match(content)), None)
    if read is None:
        raise Unreadable(KIND)
    return read(content)


def check_size(width: int, height: int, most: int = MAX_PIXELS) -> None:
    """Raises `Unreadable` for more pixels than are read, or a longer side."""
    if width * height > most:
        raise Unreadable(f"more than {most:,} pixels")
    if max(width, height) > MAX_SIDE:
        raise Unreadable(f"a side of more than {MAX_SIDE:,} pixels")


MARK = re.compile(rb"\xff[\xc0-\xcf\xd8-\xfe]")
END, SCAN, EXIF = 0xD9, 0xDA, 0xE1
SHOWN_FRAMES = frozenset((0xC0, 0xC1, 0xC2))
HIDDEN_FRAMES = frozenset(range(0xC3, 0xD0)) - {0xC4, 0xC8, 0xCC}
JPEG_KEPT = SHOWN_FRAMES | {0xC4, SCAN, 0xDB, 0xDD, 0xE0, 0xEE}


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Each marker with all of its segment, a scan's data with it, up to the end of the picture."""
    found = MARK.search(content, 2)
    while found is not None and content[found.start() + 1] != END:
        mark, at = content[found.start() + 1], found.start()
        ends = at + 2 + int.from_bytes(content[at + 2 : at + 4])
        found = MARK.search(content, ends)
        if mark == SCAN:
            ends = found.start() if found else len(content)
        yield mark, content[at:ends]
    if found is not None:
        yield END, b"\xff\xd9"


def _jpeg(content: bytes) -> Bare:
    """The scans together cost what their number and the pixels make."""
    kept, exif, pixels, scans = [content[:2]], b"", 0, 0
    for number, (mark, segment) in enumerate(_segments(content)):
        if number > MAX_SEGMENTS:
            raise Unreadable(PARTS)
        if mark in HIDDEN_FRAMES:
            raise Unreadable(UNSHOWN)
        if mark in SHOWN_FRAMES:
            height, width = (int.from_bytes(segment[at : at + 2]) for at in (5, 7))
            pixels = max(pixels, width * height)
        if mark == EXIF and not exif and segment[4:10] == b"Exif\0\0":
            exif = segment[4:]
        scans += mark == SCAN
        if mark in JPEG_KEPT or mark == END:
            kept.append(segment)
    if scans * min(pixels, MAX_PIXELS) > SCAN_PIXELS:
        raise Unreadable(PARTS)
    return Bare("JPEG", b"".join(kept), directory.orientation(exif))


PNG_KEPT = frozenset((b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"))
APNG_KEPT = PNG_KEPT | {b"acTL", b"fcTL", b"fdAT"}


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Each chunk's name and all of it, up to the end of the picture; the last may be cut short."""
    at = 8
    for _ in range(MAX_PARTS):
        name = content[at + 4 : at + 8]
        if len(name) < 4:
            return
        ends = at + 12 + int.from_bytes(content[at : at + 4])
        yield name, content[at:ends]
        if name == b"IEND":
            return
        at = ends
    raise Unreadable(PARTS)


def _png(content: bytes) -> Bare:
    """Texts and profiles go unread, so that none can keep the picture from being seen."""
    chunks = [*_png_chunks(content)]
    names = [name for name, _ in chunks]
    moving = b"acTL" in names[: names.index(b"IDAT")] if b"IDAT" in names else False
    wanted = APNG_KEPT if moving else PNG_KEPT
    exif = next((chunk[8:-4] for name, chunk in chunks if name == b"eXIf"), b"")
    return Bare(
        "PNG",
        content[:8] + b"".join(chunk for name, chunk in chunks if name in wanted),
        directory.orientation(exif),
        names.count(b"fcTL") if moving else 1,
    )


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 12
    for _ in range(MAX_PARTS):
        name, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if len(name) < 4:
            return
        yield name, content[at + 8 : at + 8 + length]
        at += 8 + length + (length & 1)
    raise Unreadable(PARTS)


def _webp(content: bytes) -> Bare:
    if 8 + int.from_bytes(content[4:8], "little") > len(content):
        raise Unreadable(CUT)
    chunks = [*_webp_chunks(content)]
    exif = next((body for name, body in chunks if name == b"EXIF"), b"")
    frames = sum(name == b"ANMF" for name, _ in chunks)
    return Bare("WEBP", content, directory.orientation(exif), max(1, frames))


def _gif(content: bytes) -> Bare:
    """What stands behind the last frame is left out; every frame must be whole."""
    try:
        ends, frames = _gif_frames(content)
    except IndexError:
        raise Unreadable(CUT) from None
    return Bare("GIF", content[:ends] + b";", frames=frames)


def _gif_frames(content: bytes) -> tuple[int, int]:
    at, frames, blocks = 13 + _table(content[10]), 0, 0
    while content[at : at + 1] in (b"!", b","):
        if content[at : at + 1] == b",":
            frames += 1
            at += 9 + _table(content[at + 9])
        at, blocks = _behind(content, at + 2, blocks)
    return at, frames


def _table(flags: int) -> int:
    """Bytes of the palette that stands behind these flags."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _behind(content: bytes, at: int, blocks: int) -> tuple[int, int]:
    """Where the blocks that begin here end, and the count of all blocks so far."""
    size = content[at]
    while size and blocks < MAX_BLOCKS:
        at += size + 1
        blocks += 1
        size = content[at]
    if blocks >= MAX_BLOCKS:
        raise Unreadable(PARTS)
    return at + 1, blocks + 1


def _bmp(content: bytes) -> Bare:
    head = struct.Struct("<IIiHHI")
    if len(content) < 14 + head.size:
        raise Unreadable(CUT)
    size, width, height, _, _, compression = head.unpack_from(content, 14)
    if size >= 40 and compression in (1, 2):
        check_size(width, abs(height), SLOW_PIXELS)
        if len(content) > 2 * SLOW_PIXELS:
            raise Unreadable(PARTS)
    return Bare("BMP", content)


def _tiff(content: bytes) -> Bare:
    """The first page only. Strips may lie over one another: 400 of a million took 2.5 seconds."""
    page = directory.first_page(content)
    if not page.fields:
        raise Unreadable(CUT)
    check_size(*page.size)
    if page.compression not in directory.COMPRESSIONS:
        raise Unreadable(KIND)
    if page.compression == directory.JPEG:
        check_size(*page.size, TIFF_JPEG_PIXELS)
    pixels, parts = page.asks()
    offsets, values = page.values()
    if pixels > 2 * MAX_PIXELS or offsets > parts or values > directory.MAX_VALUES:
        raise Unreadable(PARTS)
    return Bare("TIFF", directory.with_only(content, page))


def _avif(_: bytes) -> Bare:
    """Its sizes may be lies that no decoder minds: 6 KB took 21 seconds and 1.8 GB."""
    raise Unreadable(AVIF)


READERS: tuple[tuple[re.Pattern[bytes], Callable[[bytes], Bare]], ...] = (
    (re.compile(rb"\xff\xd8\xff"), _jpeg),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), _png),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), _webp),
    (re.compile(rb"GIF8[79]a"), _gif),
    (re.compile(rb"BM"), _bmp),
    (re.compile(rb".{4}ftyp(avi[fs]|m[is]f1)", re.DOTALL), _avif),
    (re.compile(rb"II\*\0|MM\0\*"), _tiff),
)
