"""Measures durable publishing to the embedded bus and reading from it, against plain sqlite3.

Both keep WAL files with `synchronous=FULL`: a publish counts once it is on the disk. The plain
table has no index by topic, so it does less than the bus.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from statistics import median

sys.path.append(str(Path(__file__).resolve().parents[1]))

from benchmarks.rounds import Contender, alternate, table, verdict
from pipeline.bus import Entry
from pipeline.bus.embedded import BATCH, EmbeddedBus

TARGET = 20_000
TOPIC = "listings"
BODY_BYTES = 500
PLAIN = """
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
CREATE TABLE log (offset INTEGER PRIMARY KEY, topic TEXT, key TEXT, body BLOB, at REAL);
CREATE TABLE place (topic TEXT PRIMARY KEY, offset INTEGER);
"""
INSERT = "INSERT INTO log (topic, key, body, at) VALUES (?, ?, ?, ?)"
NEXT = "SELECT offset, key, body, at FROM log WHERE offset > ? ORDER BY offset LIMIT ?"
PLACE = "INSERT OR REPLACE INTO place VALUES (?, ?)"


def main() -> None:
    options = _options()
    bodies = _entries(20_000, options.seed)
    print(f"data: bodies of {BODY_BYTES} bytes, seed {options.seed}; every commit on disk")
    best = 0.0
    for size, count in ((1, 300), (10, 2_000), (100, 10_000), (1_000, 20_000)):
        done = alternate(_publishers(bodies[:count], size), options.rounds)
        print("\n".join(table(f"publishes/s in batches of {size:,}", done)) + "\n", flush=True)
        best = max(best, median(next(iter(done.values()))))
    done = alternate(_consumers(bodies), options.rounds)
    print("\n".join(table(f"reads/s, a commit every {BATCH}", done)) + "\n")
    print(verdict("design", best, TARGET, "durable publishes/s in batches"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _entries(count: int, seed: int) -> Sequence[Entry]:
    chance = Random(f"bus-{seed}")
    return [(f"{chance.getrandbits(128):032x}", chance.randbytes(BODY_BYTES)) for _ in range(count)]


def _publishers(entries: Sequence[Entry], size: int) -> Sequence[Contender]:
    batches = [entries[start : start + size] for start in range(0, len(entries), size)]
    return (
        Contender(name="embedded bus", measure=lambda: _in_folder(_bus_publishes, batches)),
        Contender(name="sqlite3, executemany", measure=lambda: _in_folder(_plain_many, batches)),
        Contender(name="sqlite3, one INSERT each", measure=lambda: _in_folder(_plain_one, batches)),
    )


def _consumers(entries: Sequence[Entry]) -> Sequence[Contender]:
    batches = [entries]
    return (
        Contender(name="embedded bus", measure=lambda: _in_folder(_bus_reads, batches)),
        Contender(name="sqlite3, SELECT", measure=lambda: _in_folder(_plain_reads, batches)),
    )


Batches = Sequence[Sequence[Entry]]


def _in_folder(measure: Callable[[Path, Batches], float], batches: Batches) -> float:
    """Entries a second, on a fresh file."""
    with tempfile.TemporaryDirectory(prefix="markwatch-bus-") as name:
        taken = measure(Path(name) / "bus.sqlite", batches)
    return sum(map(len, batches)) / taken


def _bus_publishes(path: Path, batches: Batches) -> float:
    bus = EmbeddedBus(path)
    began = time.perf_counter()
    for batch in batches:
        bus.publish_all(TOPIC, batch)
    taken = time.perf_counter() - began
    bus.close()
    return taken


def _plain_many(path: Path, batches: Batches) -> float:
    connection = _plain(path)
    began = time.perf_counter()
    for batch in batches:
        now = time.time()
        with connection:
            connection.executemany(INSERT, [(TOPIC, key, body, now) for key, body in batch])
    taken = time.perf_counter() - began
    connection.close()
    return taken


def _plain_one(path: Path, batches: Batches) -> float:
    """A commit for every entry; of large batches the first 300 entries speak for the rest."""
    entries = [entry for batch in batches for entry in batch]
    some = entries[:300]
    return _plain_many(path, [[entry] for entry in some]) * len(entries) / len(some)


def _bus_reads(path: Path, batches: Batches) -> float:
    bus = EmbeddedBus(path)
    for batch in batches:
        bus.publish_all(TOPIC, batch)
    began = time.perf_counter()
    reader = bus.reader(TOPIC, "benchmark")
    while messages := reader.poll(0):
        reader.commit(messages)
    taken = time.perf_counter() - began
    reader.close()
    bus.close()
    return taken


def _plain_reads(path: Path, batches: Batches) -> float:
    _plain_many(path, batches)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous=FULL")
    began, place = time.perf_counter(), 0
    while rows := connection.execute(NEXT, (place, BATCH)).fetchall():
        place = rows[-1][0]
        with connection:
            connection.execute(PLACE, (TOPIC, place))
    taken = time.perf_counter() - began
    connection.close()
    return taken


def _plain(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path)
    connection.executescript(PLAIN)
    return connection


if __name__ == "__main__":
    main()
