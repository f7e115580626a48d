"""The one door to SQLite, through apsw: it bundles a SQLite without the WAL-reset bug.

SQLite 3.7.0 to 3.51.2 can corrupt a file that two connections write at one instant.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw

OLDEST = (3, 51, 3)
BUSY_MS = 30_000

Connection = apsw.Connection
Failure = apsw.Error


def connect(path: Path, schema: str, broken: Callable[[str], Exception]) -> Connection:
    """A connection in WAL mode with every commit on disk; `broken` makes the caller's error."""
    if tuple(int(part) for part in version().split(".")) < OLDEST:
        raise broken(f"SQLite {version()} can lose data; install apsw>=3.51.3")
    with translated(broken):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = apsw.Connection(str(path))
        connection.set_busy_timeout(BUSY_MS)
        connection.execute(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON"
        )
        connection.execute(schema)
        return connection


def version() -> str:
    """The version of SQLite in use."""
    return apsw.sqlite_lib_version()


def scratch(schema: str) -> Connection:
    """A database of this connection's own, on disk without a name: gone with the process."""
    connection = apsw.Connection("")
    connection.execute(schema)
    return connection


@contextmanager
def translated(broken: Callable[[str], Exception]) -> Iterator[None]:
    """SQLite's own errors leave as ours."""
    try:
        yield
    except (apsw.Error, OSError) as error:
        raise broken(str(error)) from error


@contextmanager
def writing(connection: Connection) -> Iterator[None]:
    """One transaction that holds the write lock from its start."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")
