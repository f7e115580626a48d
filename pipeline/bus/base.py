"""What a bus promises, whoever keeps it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

Entry = tuple[str, bytes]


class Topic(StrEnum):
    PLANS = "plans"
    CAPTURES = "captures"
    LISTINGS = "listings"
    CLUES = "clues"
    VERDICTS = "verdicts"
    NOTICES = "notices"
    CRAWLS = "crawls"
    DEADLETTERS = "deadletters"


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One entry of a topic; `cursor` says where to go on after it."""

    topic: str
    partition: int
    offset: int
    key: str
    body: bytes
    at: datetime
    cursor: str


class Reader(Protocol):
    """A place in a topic. A group's place is its last commit, or the very start."""

    def poll(self, timeout: float) -> Sequence[Message]:
        """The next messages, at once if there are any, else `()` after `timeout` seconds.

        Within one key they come in the order published. A message polled and not committed
        comes again to the next reader of the group, not to this one.
        """
        ...

    def commit(self, message: Message) -> None:
        """This message and all before it in its partition are done; they come no more."""
        ...

    def close(self) -> None:
        """Gives the place up to the other readers of the group."""
        ...


class Bus(Protocol):
    """An append-only log per topic. Raises `BusError` when it cannot be reached."""

    def publish_all(self, topic: str, entries: Iterable[Entry]) -> None:
        """Appends (key, body) pairs; returns once all are durable, or raises and keeps none."""
        ...

    def publish(self, topic: str, key: str, body: bytes) -> None:
        """Appends one entry; returns once it is durable."""
        self.publish_all(topic, [(key, body)])

    def reader(self, topic: str, group: str) -> Reader:
        """A reader at the group's place. Readers of one group share the topic between them."""
        ...

    def follow(self, topic: str, after: str | None = None) -> Reader:
        """A reader of its own, from behind that cursor or the very start; it has no commits."""
        ...

    def end(self, topic: str) -> str:
        """The cursor behind the newest message there is now."""
        ...

    def close(self) -> None: ...
