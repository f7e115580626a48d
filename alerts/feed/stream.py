"""Server-sent events: each new clue once, its id the place in the log, so a browser resumes."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence

from alerts.feed.views import RowView, live_row
from pipeline import codec
from pipeline.bus import Bus, Message, Reader, Topic
from pipeline.errors import BadMessage, BrokenWorld
from pipeline.records import Clue, Tier

SHOWN = frozenset({Tier.HIGH, Tier.REVIEW})
POLL_SECONDS = 0.5
KEEP_ALIVE = ": still here\n\n"


async def events(
    bus: Bus, after: str | None, render: Callable[[RowView], str]
) -> AsyncIterator[str]:
    """Events from behind `after` for ever; a comment now and then keeps the line open."""
    reader = await asyncio.to_thread(bus.follow, Topic.CLUES, after)
    try:
        while True:
            for event in _events(await _poll(reader), render):
                yield event
    finally:
        reader.close()


async def _poll(reader: Reader) -> Sequence[Message]:
    try:
        return await asyncio.to_thread(reader.poll, POLL_SECONDS)
    except BrokenWorld:
        await asyncio.sleep(POLL_SECONDS)
        return ()


def _events(messages: Sequence[Message], render: Callable[[RowView], str]) -> list[str]:
    rendered = [event for message in messages if (event := _event(message, render))]
    return rendered or [KEEP_ALIVE]


def _event(message: Message, render: Callable[[RowView], str]) -> str | None:
    try:
        clue = codec.decode(message.body, Clue)
    except BadMessage:
        return None  # the index stage sets it aside with its reason
    if clue.tier not in SHOWN:
        return None
    data = "\n".join(f"data: {line}" for line in render(live_row(clue)).splitlines())
    return f"id: {message.cursor}\nevent: clue\n{data}\n\n"
