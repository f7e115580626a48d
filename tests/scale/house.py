"""A house on real engines: its own names on the shared servers, its programs as processes."""

import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

from app import system
from app.running import drain
from pipeline import codec
from pipeline.bus import Topic, history
from pipeline.index import Query, every
from pipeline.records import Clue
from pipeline.settings import read_settings

ROOT = Path(__file__).parents[2]
DEADLINE = 60


def environment(folder: Path, bus: str | None = None, index: str | None = None, **more: str):
    """Settings for that data folder; embedded where no server is named."""
    name = f"test-{uuid.uuid4().hex[:12]}"
    found = {"MARKWATCH_DATA": str(folder), **more}
    if bus and index:
        found |= {"MARKWATCH_BUS": f"kafka://{bus}/{name}"}
        found |= {"MARKWATCH_INDEX": f"{index}/{name}?refresh=100ms"}
    return found


@contextmanager
def parts(given):
    with system.open_parts(read_settings(given)) as opened:
        yield opened


def run_once(opened, *stages: str) -> int:
    return drain(opened, stages, lambda _: None)


def run(given, *arguments: str):
    """One command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "markwatch", *arguments],
        cwd=ROOT,
        env={**os.environ, **given},
        capture_output=True,
        check=False,
        timeout=100,
    )


@contextmanager
def running(given, *arguments: str):
    """A program that keeps running; ended at the end of the block.

    Where the block fails, what the program said and where each of its threads stands is printed.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "markwatch", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONFAULTHANDLER": "1", **given},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    except BaseException:
        process.send_signal(signal.SIGABRT)
        sys.stderr.buffer.write(process.communicate()[1])
        raise
    finally:
        process.kill()
        process.communicate()


def clues(opened) -> dict[str, bytes]:
    """The newest of each clue on the bus, by its id."""
    found = {}
    for message in history(opened.bus, Topic.CLUES):
        clue = codec.unpack(message.body, Clue)
        found[clue.clue_id] = codec.encode(clue)
    return found


def documents(opened):
    return {hit.document.id: hit.document for hit in every(opened.index, Query(limit=500))}


def eventually(true, seconds: float = DEADLINE) -> None:
    """Waits until it is; fails by name if it never is."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(0.1)


def never(wrong, stop: threading.Event) -> list[object]:
    """Asks again and again until `stop`; returns whatever was wrong."""
    found = []
    while not stop.is_set():
        try:
            if problem := wrong():
                found.append(problem)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what went wrong
            found.append(error)
    return found
