"""The bus in one SQLite file: Kafka-shaped, one partition a topic."""

import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from typing_extensions import override

from pipeline.bus.base import Bus, Entry, Message, Place, Reader, checked
from pipeline.errors import BadInput, BusError
from pipeline.sqlite import Connection, connect, translated, writing

SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
  offset INTEGER PRIMARY KEY AUTOINCREMENT,
  topic TEXT NOT NULL, key TEXT NOT NULL, body BLOB NOT NULL, at REAL NOT NULL);
CREATE INDEX IF NOT EXISTS log_by_topic ON log (topic, offset);
CREATE TABLE IF NOT EXISTS commits (
  "group" TEXT NOT NULL, topic TEXT NOT NULL, offset INTEGER NOT NULL,
  PRIMARY KEY ("group", topic)) WITHOUT ROWID;
"""
NEXT = (
    "SELECT offset, key, body, at FROM log WHERE topic = ? AND offset > ? ORDER BY offset LIMIT ?"
)
LEFT = "SELECT count(*) FROM log WHERE topic = ? AND offset > ?"
AT = "SELECT offset, key, body, at FROM log WHERE offset = ? AND topic = ?"
PLACE = 'SELECT offset FROM commits WHERE "group" = ? AND topic = ?'
COMMIT = """
INSERT INTO commits ("group", topic, offset) VALUES (?, ?, ?)
ON CONFLICT DO UPDATE SET offset = max(offset, excluded.offset)
"""
PAUSE = 0.02
BATCH = 256


class EmbeddedBus(Bus):
    """Many threads and processes may share the file; each reader has its own connection."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection = connect(path, SCHEMA, BusError)
        self._lock = threading.Lock()

    @override
    def publish_all(self, topic: str, entries: Iterable[Entry]) -> None:
        now = time.time()
        rows = [(topic, key, body, now) for key, body in checked(topic, entries)]
        with self._lock, translated(BusError), writing(self._connection):
            self._connection.executemany(
                "INSERT INTO log (topic, key, body, at) VALUES (?, ?, ?, ?)", rows
            )

    @override
    def reader(self, topic: str, group: str) -> Reader:
        return _GroupReader(self._path, topic, group)

    @override
    def follow(self, topic: str, after: str | None = None) -> Reader:
        if after and not after.isdecimal():
            raise BadInput(f"not a place in a topic: {after!r}")
        return _Follower(self._path, topic, int(after or 0))

    @override
    def end(self, topic: str) -> str:
        with self._lock, translated(BusError):
            newest = "SELECT coalesce(max(offset), 0) FROM log WHERE topic = ?"
            return str(self._connection.execute(newest, (topic,)).get)

    @override
    def at(self, topic: str, places: Iterable[Place]) -> Iterator[Message]:
        for offset in sorted({offset for partition, offset in places if partition == 0}):
            with self._lock, translated(BusError):
                rows: list[Any] = self._connection.execute(AT, (offset, topic)).fetchall()
            yield from (_message(topic, *row) for row in rows)

    @override
    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _message(topic: str, offset: int, key: str, body: bytes, at: float) -> Message:
    moment, cursor = datetime.fromtimestamp(at, UTC), str(offset)
    return Message(topic, 0, offset, key, body, moment, cursor)


class _Follower(Reader):
    def __init__(self, path: Path, topic: str, after: int) -> None:
        self._connection: Connection = connect(path, SCHEMA, BusError)
        self._topic = topic
        self._after = after

    @override
    def poll(self, timeout: float) -> Sequence[Message]:
        deadline = time.monotonic() + timeout
        while True:
            messages = self._next()
            if messages or time.monotonic() >= deadline:
                return messages
            time.sleep(min(PAUSE, max(0.0, deadline - time.monotonic())))

    def _next(self) -> Sequence[Message]:
        with translated(BusError):
            rows: list[Any] = self._connection.execute(
                NEXT, (self._topic, self._after, BATCH)
            ).fetchall()
        if rows:
            self._after = rows[-1][0]
        return [_message(self._topic, *row) for row in rows]

    @override
    def commit(self, messages: Sequence[Message]) -> None:
        """A follower keeps no place."""

    @override
    def behind(self) -> int:
        with translated(BusError):
            return int(self._connection.execute(LEFT, (self._topic, self._place())).get)

    def _place(self) -> int:
        return self._after

    @override
    def close(self) -> None:
        self._connection.close()


class _GroupReader(_Follower):
    """Holds its group's place by a lock that the operating system frees when a process dies."""

    def __init__(self, path: Path, topic: str, group: str) -> None:
        super().__init__(path, topic, 0)
        self._group = group
        self._lock = FileLock(path.with_name(f"{path.name}.{topic}.{group}.lock"), blocking=False)

    @override
    def _next(self) -> Sequence[Message]:
        if not self._lock.is_locked and not self._took_turn():
            return []
        return super()._next()

    def _took_turn(self) -> bool:
        try:
            self._lock.acquire()
        except Timeout:
            return False
        with translated(BusError):
            self._after = self._place()
        return True

    @override
    def _place(self) -> int:
        return self._connection.execute(PLACE, (self._group, self._topic)).get or 0

    @override
    def commit(self, messages: Sequence[Message]) -> None:
        if messages:
            last = max(message.offset for message in messages)
            with translated(BusError), writing(self._connection):
                self._connection.execute(COMMIT, (self._group, self._topic, last))

    @override
    def close(self) -> None:
        self._lock.release()
        super().close()
