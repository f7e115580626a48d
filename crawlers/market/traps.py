"""What a careless crawler falls into: endless, huge, swollen, walled and dead pages."""

import zlib
from collections.abc import Iterator
from functools import cache

from crawlers.market.pages import Card

HUGE_BYTES = 60_000_000
BOMB_BYTES = 110_000_000
INSIDE = "http://10.0.0.1/"
CHALLENGED = ("80000001", "80000002", "80000003")
GONE = ("90000001", "90000002", "90000003")
GZIP = 31  # zlib's word for "wrap it as gzip"


def deals() -> tuple[Card, ...]:
    """Links to every trap, dressed as goods of the day."""
    special = ("/item/huge.html", "/item/bomb.html", "/item/inside.html", "/loop")
    numbered = tuple(f"/item/{number}.html" for number in (*CHALLENGED, *GONE))
    return tuple(
        Card(link=link, title=f"今日特价第{place}款", price="¥9.90")
        for place, link in enumerate((*special, *numbered), start=1)
    )


def dead_card() -> Card:
    """A card that leads to goods no longer there."""
    return Card(link=f"/item/{GONE[0]}.html", title="清仓尾货 售完即止", price="¥1.00")


def huge_page() -> Iterator[bytes]:
    """An HTML page that does not end for sixty megabytes."""
    yield "<!doctype html><title>超长商品页</title><ul>".encode()
    chunk = "<li>参数 参数值</li>".encode() * 2500
    for _ in range(HUGE_BYTES // len(chunk) + 1):
        yield chunk
    yield b"</ul>"


@cache
def swollen_page() -> bytes:
    """Some hundred kilobytes of gzip that unfold to more than a hundred megabytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, GZIP)
    chunk = b" " * 1_000_000
    parts = [packer.compress("<!doctype html><title>压缩页</title>".encode())]
    parts += [packer.compress(chunk) for _ in range(BOMB_BYTES // len(chunk))]
    return b"".join((*parts, packer.flush()))
