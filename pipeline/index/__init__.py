"""What can be searched: a projection of the bus, opened by URL."""

from pathlib import Path

from pipeline.errors import BadSetting
from pipeline.index.base import Document, Facet, Hit, Index, Kind, Order, Page, Query

__all__ = ["Document", "Facet", "Hit", "Index", "Kind", "Order", "Page", "Query", "open_index"]


def open_index(url: str) -> Index:
    """The index behind `sqlite:PATH`; raises `BadSetting` for any other scheme."""
    scheme, _, place = url.partition(":")
    if scheme == "sqlite":
        from pipeline.index.embedded import EmbeddedIndex  # noqa: PLC0415 - an adapter's vendor loads when asked for

        return EmbeddedIndex(Path(place))
    raise BadSetting(f"MARKWATCH_INDEX={url!r}: only sqlite:PATH is known")
