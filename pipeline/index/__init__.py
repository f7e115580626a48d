"""What can be searched: a projection of the bus, opened by URL."""

from pathlib import Path

from pipeline.errors import BadSetting
from pipeline.index.base import Document, Facet, Hit, Index, Kind, Order, Page, Query, every

__all__ = [
    "Document",
    "Facet",
    "Hit",
    "Index",
    "Kind",
    "Order",
    "Page",
    "Query",
    "every",
    "open_index",
]


def open_index(url: str) -> Index:
    """The index behind `sqlite:PATH` or `http[s]://HOST:PORT/NAME`; raises `BadSetting`."""
    scheme, _, place = url.partition(":")
    if scheme == "sqlite":
        from pipeline.index.embedded import EmbeddedIndex  # noqa: PLC0415 - an adapter's vendor loads when asked for

        return EmbeddedIndex(Path(place))
    if scheme in {"http", "https"}:
        from pipeline.index.elastic import open_elastic  # noqa: PLC0415 - as above

        return open_elastic(url)
    raise BadSetting(f"MARKWATCH_INDEX={url!r}: write sqlite:PATH or http://HOST:PORT/NAME")
