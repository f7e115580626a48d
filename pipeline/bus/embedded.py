"""The bus in one SQLite file: Kafka-shaped, one partition a topic."""

import threading
import time
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from typing_extensions import override

from pipeline.bus.base import Bus, Entry, Message, Reader
from pipeline.errors import BusError
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
        rows = [(topic, key, body, now) for key, body in entries]
        with self._lock, translated(BusError), writing(self._connection):
            self._connection.executemany(
                "INSERT INTO log (topic, key, body, at) VALUES (?, ?, ?, ?)", rows
            )

    @override
    def reader(self, topic: str, group: str) -> Reader:
        return _GroupReader(self._path, topic, group)

    @override
    def follow(self, topic: str, after: str | None = None) -> Reader:
        return _Follower(self._path, topic, int(after or 0))

    @override
    def end(self, topic: str) -> str:
        with self._lock, translated(BusError):
            newest = "SELECT coalesce(max(offset), 0) FROM log WHERE topic = ?"
            return str(self._connection.execute(newest, (topic,)).get)

    @override
    def close(self) -> None:
        with self._lock:
            self._connection.close()


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
        return [self._message(*row) for row in rows]

    def _message(self, offset: int, key: str, body: bytes, at: float) -> Message:
        return Message(
            topic=self._topic,
            partition=0,
            offset=offset,
            key=key,
            body=body,
            at=datetime.fromtimestamp(at, UTC),
            cursor=str(offset),
        )

    @override
    def commit(self, message: Message) -> None:
        """A follower keeps no place."""

    @override
    def close(self) -> None:
        self._connection.close()


class _GroupReader(_Follower):
    """Holds its group's place by a lock that the operating system frees when a process dies."""

    def __init__(self, path: Path, topic: str, group: str) -> None:
        super().__init__(path, topic, 0)
        self._group = group
        self._place = FileLock(path.with_name(f"{path.name}.{topic}.{group}.lock"), blocking=False)

    @override
    def _next(self) -> Sequence[Message]:
        if not self._place.is_locked and not self._took_place():
            return []
        return super()._next()

    def _took_place(self) -> bool:
        try:
            self._place.acquire()
        except Timeout:
            return False
        query = 'SELECT offset FROM commits WHERE "group" = ? AND topic = ?'
        with translated(BusError):
            self._after = self._connection.execute(query, (self._group, self._topic)).get or 0
        return True

    @override
    def commit(self, message: Message) -> None:
        with translated(BusError), writing(self._connection):
            self._connection.execute(COMMIT, (self._group, self._topic, message.offset))

    @override
    def close(self) -> None:
        self._place.release()
        super().close()
