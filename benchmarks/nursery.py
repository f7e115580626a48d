"""Programs of markwatch to be killed: each a process of its own, its imports done beforehand.

A fork server loads markwatch once and every program is a copy of it, so that a program is at
work a moment after its start; killed in its start-up it would show nothing.
"""

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext
from multiprocessing.process import BaseProcess
from pathlib import Path
from threading import RLock

from tqdm import tqdm

from benchmarks.programs import environment

KILLED = -9


@dataclass(frozen=True, slots=True, kw_only=True)
class Nursery:
    """Starts programs with one set of settings; what they say on stderr is kept by name."""

    context: ForkServerContext
    settings: Mapping[str, str]
    said: Path

    def start(self, name: str, arguments: Sequence[str]) -> BaseProcess:
        place = self.said / f"{name}.txt"
        process = self.context.Process(
            target=_be, args=(tuple(arguments), dict(self.settings), str(place)), name=name
        )
        process.start()
        return process


def open_nursery(said: Path, **settings: object) -> Nursery:
    said.mkdir(parents=True, exist_ok=True)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        [
            "__main__",
            "markwatch",
            "crawlers.crawl",
            "pipeline.bus.kafka",
            "pipeline.index.elastic",
            "benchmarks.nursery",
        ]
    )
    return Nursery(context=context, settings=environment(**settings), said=said)


def _be(arguments: Sequence[str], settings: Mapping[str, str], said: str) -> None:
    """Becomes `markwatch ARGUMENTS`; the exit status is its own."""
    from markwatch import main  # noqa: PLC0415 - in the copy, not in whoever starts it

    tqdm.set_lock(RLock())  # its own is a named semaphore, which a killed process leaves behind
    os.environ.clear()
    os.environ.update(settings)
    out = os.open(said, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(out, 1)
    os.dup2(out, 2)
    sys.argv = ["markwatch", *arguments]
    main(list(arguments), prog_name="markwatch")
