"""Looks from outside at which program is at work, and at how many messages wait for a stage."""

import fcntl
from collections.abc import Callable
from pathlib import Path

from pipeline import codec
from pipeline.bus import Reader, Topic
from pipeline.bus.embedded import EmbeddedBus
from pipeline.errors import BusError
from pipeline.records import Capture
from pipeline.sqlite import connect

STAGES = {
    "fingerprint": Topic.CAPTURES,
    "screen": Topic.LISTINGS,
    "index": Topic.CLUES,
    "notify": Topic.CLUES,
}
OUTPUTS = {"crawl": Topic.CAPTURES, "intake": Topic.CAPTURES} | {
    "fingerprint": Topic.LISTINGS,
    "screen": Topic.CLUES,
}
PLATFORMS = {"crawl": "practice", "intake": "synthetic"}
WAITING = """
SELECT count(*) FROM log WHERE topic = ?1 AND offset > coalesce(
  (SELECT offset FROM commits WHERE topic = ?1 AND "group" = ?2), 0)
"""
PLACE = 'SELECT offset FROM commits WHERE topic = ? AND "group" = ?'


class Watch:
    """A stage is at work while it holds its place and messages wait, others once they publish."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._bus = EmbeddedBus(path)
        self._connection = connect(path, "", BusError)

    def waiting(self, name: str) -> int:
        """How many messages this stage has not committed."""
        return int(self._connection.execute(WAITING, (STAGES[name], name)).get)

    def at_work(self, name: str) -> Callable[[], bool]:
        """Asked before a program starts: tells from then on whether it is at work."""
        if name in STAGES:
            place = self._path.with_name(f"{self._path.name}.{STAGES[name]}.{name}.lock")
            return lambda: self.waiting(name) > 0 and _is_held(place)
        return _Published(self._bus, PLATFORMS[name])

    def step(self, name: str, *, publishes: bool) -> Callable[[], object]:
        """What changes when this program publishes, or else commits, if it does the one at all."""
        if name in OUTPUTS and (publishes or name not in STAGES):
            return lambda: self._bus.end(OUTPUTS[name])
        return lambda: self._connection.execute(PLACE, (STAGES[name], name)).get

    def close(self) -> None:
        self._connection.close()
        self._bus.close()


class _Published:
    """Whether a capture of this platform has come since the beginning."""

    def __init__(self, bus: EmbeddedBus, platform: str) -> None:
        end = bus.end(Topic.CAPTURES)
        self._reader: Reader | None = bus.follow(Topic.CAPTURES, end)
        self._platform = platform

    def __call__(self) -> bool:
        while self._reader and (messages := self._reader.poll(0)):
            captures = (codec.decode(message.body, Capture) for message in messages)
            if any(capture.platform == self._platform for capture in captures):
                self._reader.close()
                self._reader = None
        return self._reader is None


def _is_held(place: Path) -> bool:
    try:
        with place.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False
