"""Readers on Kafka: a follower of all partitions, and a member of a group."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.errors import (
    CommitFailedError,
    FencedInstanceIdError,
    IllegalGenerationError,
    KafkaError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)
from kafka.structs import MemberState, OffsetAndMetadata
from typing_extensions import override

from pipeline.bus.base import Message, Reader
from pipeline.errors import BadInput, BusError

ANSWER_SECONDS = 10.0
CLOSE_SECONDS = 5.0
SETTLE_SECONDS = 60.0
PULSE_SECONDS = 3.0
PULSE_WAIT = 0.1
REBALANCED = (
    CommitFailedError,
    FencedInstanceIdError,
    IllegalGenerationError,
    RebalanceInProgressError,
    UnknownMemberIdError,
)


@contextmanager
def translated() -> Iterator[None]:
    """Kafka's own errors leave as ours."""
    try:
        yield
    except (KafkaError, OSError) as error:
        raise BusError(f"Kafka: {error!s:.200}") from error


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
        for records in polled(self._consumer, timeout).values():
            for record in records:
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
    """A member of a group. While its caller is busy a thread keeps it in the group.

    Partitions come and go with the other members; what was given of one before it went counts
    no more, since it comes again to whoever has the partition then.
    """

    def __init__(
        self, consumer: KafkaConsumer, name: str, topic: str, behind: Callable[[], int]
    ) -> None:
        self._consumer = consumer
        self._name = name
        self._topic = topic
        self._behind = behind
        self._given: dict[int, int] = {}
        self._committed: dict[int, int] = {}
        self._held: list[Message] = []
        self._lock = threading.Lock()
        self._closed = threading.Event()
        consumer.subscribe([name], listener=_Comings(self._forget))
        threading.Thread(target=self._keep_in_group, name=f"keep-{name}", daemon=True).start()

    def _forget(self, parts: Iterable[TopicPartition]) -> None:
        for part in parts:
            self._given.pop(part.partition, None)
            self._committed.pop(part.partition, None)

    @override
    def poll(self, timeout: float) -> Sequence[Message]:
        with self._lock:
            found, self._held = self._held, []
            found = [each for each in found if self._is_ours(each)]
            return found or self._taken(timeout)

    def _taken(self, timeout: float) -> list[Message]:
        found: list[Message] = []
        for part, records in polled(self._consumer, timeout).items():
            self._given[part.partition] = records[-1].offset
            found += [_message(self._topic, record) for record in records]
        return found

    def _is_ours(self, message: Message) -> bool:
        return message.offset <= self._given.get(message.partition, -1)

    @override
    def commit(self, messages: Sequence[Message]) -> None:
        late = time.monotonic() + SETTLE_SECONDS
        with self._lock:
            while places := self._places(messages):
                if self._stored(places):
                    self._committed |= places
                    return
                if time.monotonic() > late:
                    raise BusError("Kafka: the group has been rebalancing for too long")
                self._take_part(PULSE_WAIT)

    def _places(self, messages: Sequence[Message]) -> dict[int, int]:
        """Where to go on in each partition that is still ours and not committed so far."""
        last: dict[int, Message] = {}
        for message in messages:
            known = last.get(message.partition)
            if known is None or known.offset < message.offset:
                last[message.partition] = message
        return {
            number: message.offset + 1
            for number, message in last.items()
            if self._is_ours(message) and message.offset >= self._committed.get(number, 0)
        }

    def _stored(self, places: Mapping[int, int]) -> bool:
        """Whether it is; a group that is being rebalanced takes commits only afterwards."""
        offsets = {
            TopicPartition(self._name, number): OffsetAndMetadata(place, "", -1)
            for number, place in places.items()
        }
        try:
            with translated():
                self._consumer.commit(offsets, timeout_ms=int(ANSWER_SECONDS * 1000))
        except BusError as error:
            if isinstance(error.__cause__, REBALANCED):
                return False
            raise
        return True

    def _keep_in_group(self) -> None:
        while not self._closed.wait(PULSE_SECONDS):
            if self._lock.acquire(blocking=False):  # else the caller is with the bus himself
                try:
                    with suppress(BusError, KafkaError):
                        if not self._closed.is_set():
                            self._take_part(PULSE_WAIT)
                finally:
                    self._lock.release()

    def _take_part(self, timeout: float) -> None:
        """Takes part in the group without taking more of what is ours already."""
        ours = self._consumer.assignment()
        self._consumer.pause(*ours)
        try:
            self._held += self._taken(timeout)
        finally:
            self._consumer.resume(*(ours & self._consumer.assignment()))

    @override
    def behind(self) -> int:
        return self._behind()

    @override
    def close(self) -> None:
        """A member that goes in the middle of a join is waited for by all: it first joins."""
        self._closed.set()
        late = time.monotonic() + CLOSE_SECONDS
        with self._lock, suppress(KafkaError, BusError):
            while self._is_joining() and time.monotonic() < late:
                self._take_part(PULSE_WAIT)
            self._consumer.close(autocommit=False, timeout_ms=int(CLOSE_SECONDS * 1000))

    def _is_joining(self) -> bool:
        return bool(self._consumer.group_metadata().state == MemberState.REBALANCING)


class _Comings(ConsumerRebalanceListener):  # type: ignore[misc]  # the library has no types
    """Hears which partitions come and go."""

    def __init__(self, forget: Callable[[Iterable[TopicPartition]], None]) -> None:
        self._forget = forget

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        """Their place is read from the group's commits."""

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        self._forget(revoked)

    def on_partitions_lost(self, lost: Iterable[TopicPartition]) -> None:
        self._forget(lost)


def polled(consumer: KafkaConsumer, timeout: float) -> Mapping[TopicPartition, Sequence[Any]]:
    """Kafka's records by partition, none of them empty."""
    with translated():
        found: Mapping[TopicPartition, Sequence[Any]] = consumer.poll(
            timeout_ms=int(timeout * 1000)
        )
    return found


def picked(
    consumer: KafkaConsumer, topic: str, name: str, wanted: Mapping[int, Sequence[int]]
) -> Iterator[Message]:
    """The messages at these offsets of each partition, which rise; the consumer is closed then."""
    left = {TopicPartition(name, number): list(offsets) for number, offsets in wanted.items()}
    try:
        while left:
            with translated():
                consumer.assign(list(left))
                for part, offsets in left.items():
                    consumer.seek(part, offsets[0])
            found = polled(consumer, ANSWER_SECONDS)
            if not found:
                raise BusError(f"Kafka: {name} does not answer")
            for part, records in found.items():
                asked = set(left[part])
                yield from (_message(topic, each) for each in records if each.offset in asked)
                left[part] = [each for each in left[part] if each > records[-1].offset]
            left = {part: offsets for part, offsets in left.items() if offsets}
    finally:
        with suppress(KafkaError):
            consumer.close(autocommit=False, timeout_ms=int(CLOSE_SECONDS * 1000))


def _message(topic: str, record: Any, cursor: str | None = None) -> Message:  # noqa: ANN401 - Kafka's record has no public type
    return Message(
        topic,
        record.partition,
        record.offset,
        (record.key or b"").decode("utf-8", "replace"),
        record.value or b"",
        datetime.fromtimestamp(record.timestamp / 1000, UTC),
        cursor,
    )
