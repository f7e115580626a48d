"""The record of all that happened: an ordered log per topic, opened by URL."""

from pathlib import Path

from pipeline.bus.base import Bus, Entry, Message, Place, Reader, TooLarge, Topic, history
from pipeline.errors import BadSetting

__all__ = ["Bus", "Entry", "Message", "Place", "Reader", "TooLarge", "Topic", "history", "open_bus"]


def open_bus(url: str) -> Bus:
    """The bus behind `sqlite:PATH` or `kafka://HOST:PORT/NAME`; raises `BadSetting`."""
    scheme, _, place = url.partition(":")
    if scheme == "sqlite":
        from pipeline.bus.embedded import EmbeddedBus  # noqa: PLC0415 - an adapter's vendor loads when asked for

        return EmbeddedBus(Path(place))
    if scheme == "kafka":
        from pipeline.bus.kafka import open_kafka  # noqa: PLC0415 - as above

        return open_kafka(url)
    raise BadSetting(f"MARKWATCH_BUS={url!r}: write sqlite:PATH or kafka://HOST:PORT/NAME")
