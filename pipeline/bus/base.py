"""What a bus promises, whoever keeps it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple, Protocol

from pipeline.errors import BadInput

Entry = tuple[str, bytes]
Place = tuple[int, int]  # partition, offset
READ_SECONDS = 0.5


class Topic(StrEnum):
    PLANS = "plans"
    CAPTURES = "captures"
    LISTINGS = "listings"
    CLUES = "clues"
    VERDICTS = "verdicts"
    NOTICES = "notices"
    RIGHTS = "rights"
    CRAWLS = "crawls"
    DEADLETTERS = "deadletters"


LARGEST = 2 << 20
LARGEST_LETTER = 2 * LARGEST  # a dead letter carries a whole message, and says why


class TooLarge(BadInput):
    """A body that no bus takes: pictures live in the vault, never on the bus."""


class Message(NamedTuple):
    """One entry of a topic; a follower's has a `cursor`, which says where to go on after it.

    A tuple, since a reader makes many thousands a second.
    """

    topic: str
    partition: int
    offset: int
    key: str
    body: bytes
    at: datetime
    cursor: str | None = None


class Reader(Protocol):
    """A place in a topic. A group's place is its last commit, or the very start."""

    def poll(self, timeout: float) -> Sequence[Message]:
        """The next messages, at once if there are any, else `()` after `timeout` seconds.

        Within one key they come in the order published. A message polled and not committed
        comes again to the next reader of the group.
        """
        ...

    def commit(self, messages: Sequence[Message]) -> None:
        """These and all before them, each in its partition, are done; they come no more.

        What another reader of the group was given meanwhile is left to that reader.
        """
        ...

    def behind(self) -> int:
        """How many messages the group has still to commit; for a follower, to be given."""
        ...

    def close(self) -> None:
        """Gives the place up to the other readers of the group."""
        ...


class Bus(Protocol):
    """An append-only log per topic. Raises `BusError` when it cannot be reached."""

    def publish_all(self, topic: str, entries: Iterable[Entry]) -> None:
        """Appends (key, body) pairs; returns once all are durable.

        Raises `TooLarge` before anything is sent. After a `BusError` some may be there: whoever
        publishes them again repeats them, and every reader is idempotent.
        """
        ...

    def publish(self, topic: str, key: str, body: bytes) -> None:
        """Appends one entry; returns once it is durable."""
        self.publish_all(topic, [(key, body)])

    def reader(self, topic: str, group: str) -> Reader:
        """A reader at the group's place. Readers of one group share the topic between them."""
        ...

    def follow(self, topic: str, after: str | None = None) -> Reader:
        """A reader of its own, from behind that cursor or the very start; it has no commits.

        Raises `BadInput` for what is no cursor of this bus.
        """
        ...

    def end(self, topic: str) -> str:
        """The cursor behind the newest message there is now."""
        ...

    def at(self, topic: str, places: Iterable[Place]) -> Iterator[Message]:
        """The messages at these places, each once, in each partition by their offsets.

        A place where there is none is passed over.
        """
        ...

    def close(self) -> None: ...


def checked(topic: str, entries: Iterable[Entry]) -> Sequence[Entry]:
    """The entries, none of them too large for the topic; raises `TooLarge`."""
    found = list(entries)
    largest = LARGEST_LETTER if topic == Topic.DEADLETTERS else LARGEST
    for key, body in found:
        if len(body) > largest:
            raise TooLarge(f"{topic} {key}: {len(body):,} bytes; the bus takes {largest:,} at most")
    return found


def history(bus: Bus, topic: str, after: str | None = None) -> Iterator[Message]:
    """Every message there is, from behind `after` or the very start; then it ends."""
    reader = bus.follow(topic, after)
    try:
        while reader.behind():
            yield from reader.poll(READ_SECONDS)
    finally:
        reader.close()
