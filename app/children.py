"""Our own programs as child processes: they end when we do."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from crawlers.schedule import Plan
from pipeline.errors import BrokenWorld
from pipeline.settings import PREFIX, Settings

GRACE_SECONDS = 3
WATCH_SECONDS = 0.2


def run_crawl(settings: Settings, plan: Plan, stop: threading.Event) -> None:
    """One crawl as a process of its own, to its end; raises `BrokenWorld` short of it."""
    with crawl_process(settings, plan) as crawl:
        while crawl.poll() is None and not stop.wait(WATCH_SECONDS):
            pass
        if crawl.poll() != 0:
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
