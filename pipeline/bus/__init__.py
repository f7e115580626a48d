"""The record of all that happened: an ordered log per topic, opened by URL."""

from pathlib import Path

from pipeline.bus.base import Bus, Entry, Message, Reader, Topic
from pipeline.errors import BadSetting

__all__ = ["Bus", "Entry", "Message", "Reader", "Topic", "open_bus"]


def open_bus(url: str) -> Bus:
    """The bus behind `sqlite:PATH`; raises `BadSetting` for any other scheme."""
    scheme, _, place = url.partition(":")
    if scheme == "sqlite":
        from pipeline.bus.embedded import EmbeddedBus  # noqa: PLC0415 - an adapter's vendor loads when asked for

        return EmbeddedBus(Path(place))
    raise BadSetting(f"MARKWATCH_BUS={url!r}: only sqlite:PATH is known")
