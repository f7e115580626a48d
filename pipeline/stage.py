"""The only consume loop: read, decode, handle, publish, commit; the unreadable is set aside."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Generic, TypeVar

from pipeline import codec
from pipeline.bus import Bus, Entry, Message, Reader, Topic
from pipeline.errors import BadInput, BrokenWorld

Record = TypeVar("Record")
log = logging.getLogger("markwatch.stage")

POLL_SECONDS = 0.5
PATIENCE_SECONDS = 2.0
FLUSH_SECONDS = 0.25


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Generic[Record]):
    """A step: records of one topic in, what `handle` returns out; `handle` is idempotent."""

    name: str
    topic: Topic
    kind: type[Record]
    handle: Callable[[Record], Iterable[Emit]]


def run_stage(bus: Bus, stage: Stage[Record], stop: Event, *, once: bool = False) -> int:
    """Handles messages until `stop` is set (or, with `once`, until none is left); returns how many.

    A broken world is waited out, said once; nothing is committed before its results are published.
    """
    handled = 0
    said = False
    while not stop.is_set():
        try:
            handled += _consume(bus, stage, stop, once=once)
        except BrokenWorld as error:
            if once:
                raise
            if not said:
                log.warning("%s waits: %s", stage.name, error)
            said = True
            stop.wait(PATIENCE_SECONDS)
            continue
        said = False
        if once:
            break
    return handled


def _consume(bus: Bus, stage: Stage[Record], stop: Event, *, once: bool) -> int:
    reader = bus.reader(stage.topic, stage.name)
    handled = 0
    try:
        while not stop.is_set():
            messages = reader.poll(POLL_SECONDS)
            if not messages and once:
                break
            handled += _work_off(bus, stage, reader, messages, stop)
    finally:
        reader.close()
    return handled


def _work_off(
    bus: Bus, stage: Stage[Record], reader: Reader, messages: Sequence[Message], stop: Event
) -> int:
    """Publishes and commits every so often: a disk flush costs milliseconds."""
    waiting: list[Emit] = []
    flushed = time.monotonic()
    done = 0
    for message in messages:
        waiting.extend(_handle(stage, message))
        done += 1
        if message is messages[-1] or stop.is_set() or time.monotonic() - flushed > FLUSH_SECONDS:
            _publish(bus, waiting)
            reader.commit(message)
            waiting, flushed = [], time.monotonic()
        if stop.is_set():
            break
    return done


def _handle(stage: Stage[Record], message: Message) -> tuple[Emit, ...]:
    try:
        return tuple(stage.handle(codec.decode(message.body, stage.kind)))
    except BrokenWorld:
        raise
    except BadInput as error:
        return (_dead_letter(stage.name, message, str(error)),)
    except Exception as error:  # the one place: a poison message must not stop the stage
        log.exception("%s could not handle %s %s", stage.name, message.topic, message.offset)
        return (_dead_letter(stage.name, message, f"{type(error).__name__}: {error}"),)


def _publish(bus: Bus, emits: Iterable[Emit]) -> None:
    by_topic: dict[Topic, list[Entry]] = {}
    for emit in emits:
        by_topic.setdefault(emit.topic, []).append((emit.key, codec.encode(emit.record)))
    for topic, entries in by_topic.items():
        bus.publish_all(topic, entries)


def _dead_letter(stage: str, message: Message, reason: str) -> Emit:
    letter = DeadLetter(
        stage=stage,
        topic=message.topic,
        offset=message.offset,
        key=message.key,
        reason=reason,
        body=message.body,
        at=datetime.now(UTC),
    )
    return Emit(topic=Topic.DEADLETTERS, key=message.key, record=letter)
