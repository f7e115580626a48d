"""Readers on Kafka: a follower of all partitions, and a member of a group."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from kafka import KafkaConsumer, TopicPartition
from kafka.errors import (
    CommitFailedError,
    FencedInstanceIdError,
    IllegalGenerationError,
    KafkaError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.structs import OffsetAndMetadata
from typing_extensions import override

from pipeline.bus.base import Message, Reader
from pipeline.errors import BadInput, BusError

ANSWER_SECONDS = 10.0
CLOSE_SECONDS = 5.0
LOST = (CommitFailedError, FencedInstanceIdError, IllegalGenerationError, UnknownMemberIdError)


@contextmanager
def translated() -> Iterator[None]:
    """Kafka's own errors leave as ours."""
    try:
        yield
    except (KafkaError, OSError) as error:
        raise BusError(f"Kafka: {type(error).__name__}: {error}".rstrip(": ")) from error


def places_of(cursor: str | None) -> dict[int, int]:
    try:
        pairs = (each.split(":") for each in cursor.split(".")) if cursor else ()
        return {int(number): int(place) for number, place in pairs}
    except ValueError:
        raise BadInput(f"not a place in a topic: {cursor!r}") from None


def cursor_of(places: Mapping[int, int]) -> str:
    return ".".join(f"{number}:{place}" for number, place in sorted(places.items()))


class Follower(Reader):
    """Reads every partition; its cursor is a place in each."""

    def __init__(
        self,
        consumer: KafkaConsumer,
        topic: str,
        places: dict[int, int],
        ends: Callable[[], Mapping[int, int]],
    ) -> None:
        self._consumer = consumer
        self._topic = topic
        self._places = places
        self._ends = ends

    @override
    def poll(self, timeout: float) -> Sequence[Message]:
        found = []
        for record in _records(self._consumer, timeout):
            self._places[record.partition] = record.offset + 1
            found.append(_message(self._topic, record, cursor_of(self._places)))
        return found

    @override
    def commit(self, messages: Sequence[Message]) -> None:
        """A follower keeps no place."""

    @override
    def behind(self) -> int:
        return sum(max(0, end - self._places.get(n, 0)) for n, end in self._ends().items())

    @override
    def close(self) -> None:
        with suppress(KafkaError):
            self._consumer.close(autocommit=False, timeout_ms=int(CLOSE_SECONDS * 1000))


class GroupReader(Reader):
    def __init__(self, consumer: KafkaConsumer, topic: str, behind: Callable[[], int]) -> None:
        self._consumer = consumer
        self._topic = topic
        self._behind = behind
        self._committed: dict[TopicPartition, int] = {}
        self._held: list[Message] = []

    @override
    def poll(self, timeout: float) -> Sequence[Message]:
        held, self._held = self._held, []
        return held or [_message(self._topic, each) for each in _records(self._consumer, timeout)]

    @override
    def commit(self, messages: Sequence[Message]) -> None:
        places: dict[TopicPartition, int] = {}
        for message in messages:
            part = TopicPartition(self._name(), message.partition)
            places[part] = max(message.offset + 1, places.get(part, 0))
        later = {p: at for p, at in places.items() if at > self._committed.get(p, 0)}
        late = time.monotonic() + ANSWER_SECONDS
        while later and time.monotonic() < late:
            ours = self._consumer.assignment()
            later = {part: place for part, place in later.items() if part in ours}
            if self._stored(later):
                return
            self._held.extend(self._rebalanced())
        if later:
            raise BusError("Kafka: the group was being rebalanced for too long")

    def _name(self) -> str:
        (name,) = self._consumer.subscription()
        return str(name)

    def _stored(self, places: Mapping[TopicPartition, int]) -> bool:
        """Whether it is settled: stored, or lost to another reader, to whom it comes again."""
        if not places:
            return True
        offsets = {part: OffsetAndMetadata(place, "", -1) for part, place in places.items()}
        try:
            with translated():
                self._consumer.commit(offsets, timeout_ms=int(ANSWER_SECONDS * 1000))
        except BusError as error:
            if isinstance(error.__cause__, RebalanceInProgressError):
                return False
            if not isinstance(error.__cause__, LOST):
                raise
        else:
            self._committed |= places
        return True

    def _rebalanced(self) -> Iterator[Message]:
        """Takes part in the group's rebalance without taking more of what is ours already."""
        ours = self._consumer.assignment()
        self._consumer.pause(*ours)
        try:
            for record in _records(self._consumer, 0.1):
                yield _message(self._topic, record)
        finally:
            self._consumer.resume(*(ours & self._consumer.assignment()))

    @override
    def behind(self) -> int:
        return self._behind()

    @override
    def close(self) -> None:
        with suppress(KafkaError):
            self._consumer.close(autocommit=False, timeout_ms=int(CLOSE_SECONDS * 1000))


def _records(consumer: KafkaConsumer, timeout: float) -> Iterator[Any]:
    with translated():
        found = consumer.poll(timeout_ms=int(timeout * 1000))
    for records in found.values():
        yield from records


def _message(topic: str, record: Any, cursor: str | None = None) -> Message:  # noqa: ANN401 - Kafka's record has no public type
    return Message(
        topic=topic,
        partition=record.partition,
        offset=record.offset,
        key=(record.key or b"").decode("utf-8", "replace"),
        body=record.value or b"",
        at=datetime.fromtimestamp(record.timestamp / 1000, UTC),
        cursor=cursor,
    )
