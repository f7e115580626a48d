"""The only consume loop: read, decode, handle, publish, commit; the unreadable is set aside."""

import logging
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Generic, TypeVar

from pipeline import codec
from pipeline.bus import Bus, Entry, Message, Reader, Topic
from pipeline.bus.base import checked
from pipeline.errors import BadInput, BrokenWorld
from pipeline.metrics import Metrics

Record = TypeVar("Record")
log = logging.getLogger("markwatch.stage")

POLL_SECONDS = 0.5
PATIENCE_SECONDS = 2.0
FLUSH_SECONDS = 0.25
LOOK_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Emit:
    """Something a handler wants published: the topic, the key that orders it, and the record."""

    topic: Topic
    key: str
    record: object


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """A message that could not be handled: where it stood, why, and its bytes as they were."""

    stage: str
    topic: str
    offset: int
    key: str
    reason: str
    body: bytes
    at: datetime
    partition: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Generic[Record]):
    """A step: records of one topic in, what `handle` returns out; `handle` is idempotent.

    It is given up to `most` records at once. `seen` says when a record's subject was first seen:
    how long ago that is when the step is done is measured. While nothing comes `idle` is called:
    what it does takes a second or two at most, and it says whether there is more of it.
    """

    name: str
    topic: Topic
    kind: type[Record]
    handle: Callable[[Sequence[Record]], Iterable[Emit]]
    most: int = 1
    seen: Callable[[Record], datetime | None] | None = None
    idle: Callable[[], bool] = lambda: False


def run_stage(
    bus: Bus,
    stage: Stage[Record],
    stop: Event,
    *,
    once: bool = False,
    metrics: Metrics | None = None,
) -> int:
    """Handles messages until `stop` is set (or, with `once`, until none is left); returns how many.

    A broken world is waited out, said once when it breaks and once when it is whole again;
    nothing is committed before its results are published.
    """
    step = _Step(bus, stage, stop, metrics or Metrics())
    while not stop.is_set():
        try:
            step.consume(once=once)
        except BrokenWorld as error:
            if once:
                raise
            step.broken(error)
            stop.wait(PATIENCE_SECONDS)
            continue
        if once:
            break
    return step.handled


class _Step(Generic[Record]):
    """One stage at work on one reader after another."""

    def __init__(self, bus: Bus, stage: Stage[Record], stop: Event, metrics: Metrics) -> None:
        self._bus = bus
        self._stage = stage
        self._stop = stop
        self._metrics = metrics
        self._broken_since: float | None = None
        self.handled = 0
        metrics.works(stage.name)

    def broken(self, error: BrokenWorld) -> None:
        """Said by the first stage of the process that meets it; the others wait in silence."""
        if self._broken_since is None and not self._stop.is_set():
            self._broken_since = time.monotonic()
            if self._metrics.waits(self._stage.name, error):
                log.warning("%s waits: %s", self._stage.name, error)

    def _whole(self) -> None:
        if self._broken_since is not None:
            seconds = time.monotonic() - self._broken_since
            self._broken_since = None
            if self._metrics.works(self._stage.name):
                log.warning("%s goes on after %.0f s", self._stage.name, seconds)

    def consume(self, *, once: bool) -> None:
        reader = self._bus.reader(self._stage.topic, self._stage.name)
        looked, more = 0.0, False
        try:
            while not self._stop.is_set():
                messages = reader.poll(0.0 if more else POLL_SECONDS)
                self._work_off(reader, messages)
                more = not messages and self._stage.idle()
                if time.monotonic() - looked > LOOK_SECONDS or (once and not messages):
                    looked = time.monotonic()
                    if self._nothing_left(reader) and once and not more:
                        break
        finally:
            reader.close()

    def _nothing_left(self, reader: Reader) -> bool:
        """Asks the bus, which may find it away: a poll alone is silent then."""
        behind = reader.behind()
        self._metrics.lag(self._stage.name, behind)
        if behind == 0:
            self._whole()
        return behind == 0

    def _work_off(self, reader: Reader, messages: Sequence[Message]) -> None:
        """Publishes and commits every so often: a disk flush costs milliseconds."""
        entries: list[tuple[Topic, Entry]] = []
        done: list[Message] = []
        began = time.monotonic()
        for some in _chunks(messages, self._stage.most):
            entries.extend(self._handle(some))
            done.extend(some)
            last = some[-1] is messages[-1] or self._stop.is_set()
            if last or time.monotonic() - began > FLUSH_SECONDS:
                self._publish(entries)
                reader.commit(done)
                self._done(done, time.monotonic() - began)
                entries, done, began = [], [], time.monotonic()
            if self._stop.is_set():
                break

    def _done(self, messages: Sequence[Message], seconds: float) -> None:
        self._whole()
        self.handled += len(messages)
        self._metrics.handled(self._stage.name, len(messages), seconds)

    def _handle(self, messages: Sequence[Message]) -> Sequence[tuple[Topic, Entry]]:
        """What the records lead to; where together they fail, each is tried alone."""
        try:
            records = [codec.unpack(message.body, self._stage.kind) for message in messages]
            found = [_packed(emit) for emit in self._stage.handle(records)]
        except BrokenWorld:
            raise
        except Exception as error:  # noqa: BLE001 - the one place: a poison message must not stop the stage
            if len(messages) > 1:
                return [each for message in messages for each in self._handle([message])]
            return [self._set_aside(messages[0], error)]
        self._measure(records)
        return found

    def _set_aside(self, message: Message, error: Exception) -> tuple[Topic, Entry]:
        reason = str(error)
        if not isinstance(error, BadInput):
            reason = f"{type(error).__name__}: {error}"
            place = {"topic": message.topic, "partition": message.partition}
            place |= {"offset": message.offset, "key": message.key}
            log.error("%s failed: %s", self._stage.name, reason, exc_info=error, extra=place)
        self._metrics.failed(self._stage.name)
        return _packed(_dead_letter(self._stage.name, message, reason))

    def _measure(self, records: Sequence[Record]) -> None:
        if self._stage.seen is not None:
            now = datetime.now(UTC)
            for seen in map(self._stage.seen, records):
                if seen is not None:
                    self._metrics.age(self._stage.name, (now - seen).total_seconds())

    def _publish(self, entries: Sequence[tuple[Topic, Entry]]) -> None:
        by_topic: dict[Topic, list[Entry]] = {}
        for topic, entry in entries:
            by_topic.setdefault(topic, []).append(entry)
        for topic, some in by_topic.items():
            self._bus.publish_all(topic, some)
            self._metrics.produced(self._stage.name, topic, len(some))


def _chunks(messages: Sequence[Message], most: int) -> Iterator[Sequence[Message]]:
    return (messages[start : start + most] for start in range(0, len(messages), most))


def _packed(emit: Emit) -> tuple[Topic, Entry]:
    """Ready for the bus; raises `TooLarge` while it is still known whose fault it is."""
    entry = (emit.key, codec.pack(emit.record))
    checked(emit.topic, [entry])
    return emit.topic, entry


def _dead_letter(stage: str, message: Message, reason: str) -> Emit:
    letter = DeadLetter(
        stage=stage,
        topic=message.topic,
        partition=message.partition,
        offset=message.offset,
        key=message.key,
        reason=reason[:2000],
        body=message.body,
        at=datetime.now(UTC),
    )
    return Emit(topic=Topic.DEADLETTERS, key=message.key, record=letter)
