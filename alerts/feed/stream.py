"""Server-sent events: each new clue once, its id the place in the log, so a browser resumes."""

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Sequence

from alerts.feed.views import RowView, live_row
from pipeline import codec
from pipeline.assessed import Tier
from pipeline.bus import Message, Reader
from pipeline.errors import BadMessage, BrokenWorld
from pipeline.records import Clue

SHOWN = frozenset({Tier.HIGH, Tier.REVIEW})
POLL_SECONDS = 0.5
KEEP_ALIVE = ": still here\n\n"


async def events(reader: Reader, render: Callable[[RowView], str]) -> AsyncIterator[str]:
    """Events from where the reader stands, for ever; a comment now and then keeps the line open."""
    turn = threading.Lock()  # a poll that was cancelled goes on in its thread
    try:
        while True:
            for event in _events(await asyncio.to_thread(_poll, reader, turn), render):
                yield event
    finally:
        asyncio.get_running_loop().run_in_executor(None, _close, reader, turn)


def _poll(reader: Reader, turn: threading.Lock) -> Sequence[Message]:
    try:
        with turn:
            return reader.poll(POLL_SECONDS)
    except BrokenWorld:
        time.sleep(POLL_SECONDS)
        return ()


def _close(reader: Reader, turn: threading.Lock) -> None:
    with turn:
        reader.close()


def _events(messages: Sequence[Message], render: Callable[[RowView], str]) -> list[str]:
    rendered = [event for message in messages if (event := _event(message, render))]
    return rendered or [KEEP_ALIVE]


def _event(message: Message, render: Callable[[RowView], str]) -> str | None:
    try:
        clue = codec.unpack(message.body, Clue)
    except BadMessage:
        return None  # the index stage sets it aside with its reason
    if clue.tier not in SHOWN:
        return None
    data = "\n".join(f"data: {line}" for line in render(live_row(clue)).splitlines())
    return f"id: {message.cursor}\nevent: clue\n{data}\n\n"
