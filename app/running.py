"""Stages at work: in threads until stopped, or once through."""

import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from functools import partial

from alerts.feed.app import Office, build
from alerts.feed.serve import bind, serve
from alerts.feed.session import Door
from app.overlay import drawn
from app.system import Parts, Say, stages
from crawlers.schedule import read_plans, ring
from pipeline.metrics import Metrics
from pipeline.stage import run_stage

GRACE_SECONDS = 8


class Running:
    """Stages in threads of this process. A thread that fails stops them all and is told of."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.metrics = Metrics()
        self.failed: BaseException | None = None
        self._threads: list[threading.Thread] = []

    def start(self, name: str, work: Callable[[], object]) -> None:
        def guarded() -> None:
            try:
                work()
            except BaseException as error:  # noqa: BLE001 - handed to the main thread, which raises it
                self.failed = error
                self.stop.set()

        thread = threading.Thread(target=guarded, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def start_stages(self, parts: Parts, names: Sequence[str], say: Say) -> None:
        for name in names:
            for stage in stages(parts, name, say, self.stop, self.metrics):
                work = partial(run_stage, parts.bus, stage, self.stop, metrics=self.metrics)
                self.start(stage.name, work)

    def start_schedule(self, parts: Parts) -> None:
        plans = read_plans(parts.settings.data / "plans.toml")
        self.start("schedule", lambda: ring(parts.bus, plans, self.stop))

    def alive(self) -> bool:
        """Whether every thread that was started still runs."""
        return all(thread.is_alive() for thread in self._threads)

    def start_feed(self, parts: Parts, host: str, port: int) -> str:
        """Starts the feed; returns the address with its one-time token."""
        listener = bind(host, port)
        door = Door()
        office = Office(
            bus=parts.bus,
            index=parts.index,
            vault=parts.vault,
            album=parts.album,
            rights={right.id: right for right in parts.rights.rights},
            rights_folder=parts.rights.folder,
            overlay=partial(drawn, parts),
        )
        ready = threading.Event()
        self.start("feed", lambda: serve(build(office, door), listener, self.stop, ready.set))
        ready.wait()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/enter?token={door.token}"

    def finish(self) -> None:
        """Stops the threads, waits for them, and raises what any of them raised."""
        self.stop.set()
        late = time.monotonic() + GRACE_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, late - time.monotonic()))
        if self.failed:
            raise self.failed


def drain(parts: Parts, names: Sequence[str], say: Say) -> int:
    """Each named stage in turn until nothing is left for it; returns how many messages."""
    stop = threading.Event()
    return sum(
        run_stage(parts.bus, stage, stop, once=True)
        for name in names
        for stage in stages(parts, name, say, stop)
    )


def stop_on_signals(stop: threading.Event) -> None:
    """TERM and Ctrl-C ask to stop; a second one ends the process at once."""

    def asked(number: int, _frame: object) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, asked)
