"""The wiring: settings → parts → stages, and the threads and processes they run in."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from alerts.feed.app import Office, build
from alerts.feed.serve import bind, serve
from alerts.feed.session import Door
from alerts.notify import Told, notify_stage
from alerts.rules import Rule
from alerts.sinks import Console, File, Mail, Sink, Webhook
from crawlers.schedule import Plan, crawl_stage, read_plans, ring
from detectors.fingerprint import fingerprint_stage
from detectors.screen import open_screen, screen_stage
from pipeline import rights
from pipeline.bus import Bus, open_bus
from pipeline.errors import BadSetting, BrokenWorld
from pipeline.index import Index, open_index
from pipeline.indexing import index_stages
from pipeline.rights import RightsFile
from pipeline.settings import PREFIX, Settings
from pipeline.stage import Stage, run_stage
from pipeline.vault import Vault

STAGES = ("schedule", "crawl", "fingerprint", "screen", "index", "notify", "feed")
GRACE_SECONDS = 3
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One of everything, opened as the settings say."""

    settings: Settings
    bus: Bus
    index: Index
    vault: Vault
    rights: RightsFile


@contextmanager
def open_parts(settings: Settings) -> Iterator[Parts]:
    """Opens the parts and closes them; the sample list stands in where none is imported."""
    bus, index, vault = open_bus(settings.bus), open_index(settings.index), Vault(settings.vault)
    vault.sweep()
    try:
        yield Parts(
            settings=settings,
            bus=bus,
            index=index,
            vault=vault,
            rights=rights.in_force(settings.rights),
        )
    finally:
        bus.close()
        index.close()


def sinks(settings: Settings, say: Say) -> tuple[Sink, ...]:
    """The sinks that the settings name, the console always."""
    found: list[Sink] = [Console(say)]
    if settings.alerts_file:
        found.append(File(settings.alerts_file))
    if settings.mail and settings.mail_to:
        found.append(Mail(settings.mail, settings.mail_to))
    if settings.webhook:
        if not settings.webhook.startswith(("http://", "https://")):
            raise BadSetting(f"{PREFIX}WEBHOOK={settings.webhook!r}: write http://… or https://…")
        found.append(Webhook(settings.webhook))
    return tuple(found)


def stages(parts: Parts, name: str, say: Say) -> tuple[Stage[Any], ...]:
    """The consume loops of one named stage."""
    if name == "crawl":
        return (crawl_stage(lambda plan: run_crawl(parts.settings, plan)),)
    if name == "fingerprint":
        return (fingerprint_stage(parts.vault),)
    if name == "screen":
        return (screen_stage(open_screen(parts.rights)),)
    if name == "index":
        return index_stages(parts.index)
    if name == "notify":
        ready = sinks(parts.settings, say)
        told = Told(parts.settings.data / "told.sqlite")
        return (notify_stage(told, ready, (Rule(sinks=tuple(sink.name for sink in ready)),)),)
    raise BadSetting(f"no stage {name!r}; there are {', '.join(STAGES)}")


def run_crawl(settings: Settings, plan: Plan) -> None:
    """One crawl as a process of its own, to its end; raises `BrokenWorld` when it fails."""
    with crawl_process(settings, plan) as crawl:
        if crawl.wait():
            raise BrokenWorld(f"the crawl of {plan.site} ended with status {crawl.returncode}")


@contextmanager
def crawl_process(settings: Settings, plan: Plan) -> Iterator[subprocess.Popen[bytes]]:
    """A running crawl; leaving the block ends it."""
    options = [("--base", plan.base), ("--query", plan.query)]
    given = [part for name, value in options if value for part in (name, value)]
    with child(["-m", "markwatch", "crawl", plan.site, *given, "--with-parent"], settings) as crawl:
        yield crawl


@contextmanager
def child(
    arguments: Sequence[str],
    settings: Settings | None = None,
    **options: Any,  # noqa: ANN401 - Popen's own
) -> Iterator[subprocess.Popen[bytes]]:
    """A Python process of ours: ends with this block, and if we die, since its stdin closes."""
    home = str(Path(__file__).parents[1])
    search = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": search, **(_exported(settings) if settings else {})}
    process = subprocess.Popen(  # noqa: S603 - our own interpreter and our own modules
        [sys.executable, *arguments],
        stdin=subprocess.PIPE,
        env=environment,
        start_new_session=True,  # Ctrl-C reaches us alone; we end our children in order
        **options,
    )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.stdin:
        process.stdin.close()
    process.terminate()
    try:
        process.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _exported(settings: Settings) -> Mapping[str, str]:
    return {
        f"{PREFIX}DATA": str(settings.data),
        f"{PREFIX}BUS": settings.bus,
        f"{PREFIX}INDEX": settings.index,
        f"{PREFIX}RIGHTS": str(settings.rights),
    }


def end_with_parent(stop: Callable[[], None]) -> None:
    """Calls `stop` when our standard input closes, which it does when our parent is gone."""

    def watch() -> None:
        while os.read(0, 1024):
            pass
        stop()

    threading.Thread(target=watch, name="parent", daemon=True).start()


class Running:
    """Stages in threads of this process. A thread that fails stops them all and is told of."""

    def __init__(self) -> None:
        self.stop = threading.Event()
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
            for stage in stages(parts, name, say):
                self.start(stage.name, partial(run_stage, parts.bus, stage, self.stop))

    def start_schedule(self, parts: Parts) -> None:
        plans = read_plans(parts.settings.data / "plans.toml")
        self.start("schedule", lambda: ring(parts.bus, plans, self.stop))

    def start_feed(self, parts: Parts, port: int) -> str:
        """Starts the feed; returns the address with its one-time token."""
        listener = bind(port)
        door = Door()
        office = Office(
            bus=parts.bus,
            index=parts.index,
            vault=parts.vault,
            rights={right.id: right for right in parts.rights.rights},
            rights_folder=parts.rights.folder,
        )
        ready = threading.Event()
        self.start("feed", lambda: serve(build(office, door), listener, self.stop, ready.set))
        ready.wait()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/enter?token={door.token}"

    def finish(self) -> None:
        """Stops the threads, waits for them, and raises what any of them raised."""
        self.stop.set()
        for thread in self._threads:
            thread.join(GRACE_SECONDS)
        if self.failed:
            raise self.failed


def drain(parts: Parts, names: Sequence[str], say: Say) -> int:
    """Each named stage in turn until nothing is left for it; returns how many messages."""
    return sum(
        run_stage(parts.bus, stage, threading.Event(), once=True)
        for name in names
        for stage in stages(parts, name, say)
    )


def stop_on_signals(stop: threading.Event) -> None:
    """TERM and Ctrl-C ask to stop; a second one ends the process at once."""

    def asked(number: int, _frame: object) -> None:
        if stop.is_set():
            os._exit(128 + number)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, asked)
