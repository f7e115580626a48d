"""Measures a steady load: from a capture on the bus to its clue found by a search.

Kafka, Elasticsearch, every stage, whoever feeds them and whoever searches share this machine.
Each listing bears the moment it was published. The stage `index` tells how old each was when its
clue could be found; a searcher of its own looks twice a second whether that is so. Memory and open
files of every process are followed and their slopes told; --seconds 1800 makes it a soak.
"""

import argparse
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from urllib.request import urlopen

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1]))

from benchmarks import synthetic
from benchmarks.processes import Sampler, cpu_seconds, server_of
from benchmarks.programs import environment
from pipeline import codec
from pipeline.bus import Bus, Topic, open_bus
from pipeline.index import Index, Query, open_index
from pipeline.records import Capture
from tests.services import Elasticsearch, Kafka
from tests.services.program import free_ports

TICK = 0.1
LOOK_SECONDS = 0.5
GOAL_SECONDS = 2.0
READY_SECONDS = 60
WARM_SECONDS = 10
KINDS = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    rate: float
    seconds: float
    rights: int
    named: float
    processes: Sequence[str]
    seed: int


@dataclass(slots=True, kw_only=True)
class Stages:
    """The stages as processes, each with a monitor of its own."""

    processes: Mapping[str, subprocess.Popen[bytes]]
    ports: Mapping[str, int]

    def metrics(self, name: str) -> Mapping[str, float]:
        with urlopen(f"http://127.0.0.1:{self.ports[name]}/metrics", timeout=5) as answer:
            lines = answer.read().decode().splitlines()
        pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
        return {name: float(value) for name, _, value in pairs}

    def all_metrics(self) -> Mapping[str, float]:
        return {key: value for name in self.ports for key, value in self.metrics(name).items()}


@contextmanager
def stages(load: Load, settings: Mapping[str, str], said: Path) -> Iterator[Stages]:
    """Starts `markwatch run …` for each of the load's processes, and waits until all consume."""
    ports = dict(zip(load.processes, free_ports(len(load.processes)), strict=True))
    with ExitStack() as stack, said.open("wb") as log:
        processes = {}
        for name, port in ports.items():
            given = environment(**settings, monitor=f"127.0.0.1:{port}")
            command = [sys.executable, "-m", "markwatch", "run", *name.split("+")]
            process = subprocess.Popen(command, env=given, stdout=log, stderr=log)
            stack.callback(process.wait, 20)
            stack.callback(process.terminate)
            processes[name] = process
        running = Stages(processes=processes, ports=ports)
        for name in ports:
            _await(running, name)
        yield running


def _await(running: Stages, name: str) -> None:
    late = time.monotonic() + READY_SECONDS
    while True:
        try:
            if any("markwatch_lag" in key for key in running.metrics(name)):
                return
        except OSError:
            pass
        if time.monotonic() > late:
            raise TimeoutError(f"{name} did not start")
        time.sleep(0.2)


@dataclass(slots=True, kw_only=True)
class Feeder:
    """Publishes captures at a rate, each bearing the moment it was published."""

    bus: Bus
    kinds: Sequence[Capture]
    sent: int = 0

    def feed(self, rate: float, seconds: float) -> None:
        kinds, began = cycle(self.kinds), time.monotonic()
        while (passed := time.monotonic() - began) < seconds:
            due = int(min(passed + TICK, seconds) * rate) - self.sent
            now = datetime.now(UTC)
            entries = []
            for _ in range(due):
                self.sent += 1
                capture = replace(next(kinds), id=f"n{self.sent}", seen_at=now)
                entries.append((capture.key, codec.pack(capture)))
            self.bus.publish_all(Topic.CAPTURES, entries)
            time.sleep(max(0.0, began + passed + TICK - time.monotonic()))


@dataclass(slots=True, kw_only=True)
class Searcher:
    """Looks twice a second for what is new, as an officer's page does."""

    index: Index
    since: datetime = field(default_factory=lambda: datetime.now(UTC))
    ages: list[float] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    took: list[float] = field(default_factory=list)

    def look(self, stop: threading.Event) -> None:
        while not stop.wait(LOOK_SECONDS):
            began = time.monotonic()
            hits = self.index.search(Query(limit=40, since=self.since)).hits
            self.took.append(time.monotonic() - began)
            now = datetime.now(UTC)
            for hit in hits:
                if hit.document.id not in self.seen:
                    self.seen.add(hit.document.id)
                    self.ages.append((now - hit.document.at).total_seconds())

    def report(self) -> str:
        ages, took = np.array(self.ages), np.array(self.took) * 1e3
        middle, most = np.quantile(ages, (0.5, 0.99))
        return (
            f"searched twice a second, {len(ages):,} clues met on the first page: "
            f"age p50 {middle:.2f} s, p99 {most:.2f} s; a search took "
            f"p50 {np.quantile(took, 0.5):.0f} ms, p99 {np.quantile(took, 0.99):.0f} ms"
        )


def run(load: Load) -> Iterator[str]:
    """The load from begin to end; yields the lines of the report."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="markwatch-load-")))
        kafka, elastic = stack.enter_context(Kafka()), stack.enter_context(Elasticsearch())
        settings = _settings(folder, kafka, elastic, load)
        bus = stack.enter_context(closing(open_bus(settings["bus"])))
        index = stack.enter_context(closing(open_index(settings["index"])))
        running = stack.enter_context(stages(load, settings, folder / "said"))
        names = synthetic.names(load.rights, load.seed)
        lines = synthetic.listings(KINDS, load.seed, names, load.named)
        feeder = Feeder(bus=bus, kinds=[codec.from_line(line, Capture) for line in lines])
        feeder.feed(load.rate / 2, WARM_SECONDS)
        pids = {name: process.pid for name, process in running.processes.items()}
        pids |= {"kafka": kafka.process.pid, "elasticsearch": server_of(elastic.process.pid)}
        yield from _measured(load, running, feeder, Searcher(index=index), Sampler(pids=pids))
        yield f"said: {(folder / 'said').read_text('utf-8', 'replace') or 'nothing'}"


def _settings(folder: Path, kafka: Kafka, elastic: Elasticsearch, load: Load) -> Mapping[str, str]:
    list_ = synthetic.write(folder / "rights.jsonl", synthetic.rights(load.rights, load.seed))
    return {
        "data": str(folder / "data"),
        "rights": str(list_),
        "bus": f"kafka://{kafka.address}/load",
        "index": f"{elastic.address}/load",
    }


def _measured(
    load: Load, running: Stages, feeder: Feeder, searcher: Searcher, sampler: Sampler
) -> Iterator[str]:
    feeder.sent = 0
    before, used, stop = running.all_metrics(), cpu_seconds(sampler.pids), threading.Event()
    aside = [
        threading.Thread(target=each, args=(stop,)) for each in (searcher.look, sampler.sample)
    ]
    for thread in aside:
        thread.start()
    feeder.feed(load.rate, load.seconds)
    spent = {name: after - used[name] for name, after in cpu_seconds(sampler.pids).items()}
    ended = time.monotonic()
    while _left(running, before, feeder.sent):
        time.sleep(0.1)
    late = time.monotonic() - ended
    stop.set()
    for thread in aside:
        thread.join()
    yield from _report(load, feeder, late, _grown(running.all_metrics(), before), spent)
    yield searcher.report()
    yield from sampler.report()


def _grown(after: Mapping[str, float], before: Mapping[str, float]) -> Mapping[str, float]:
    return {name: value - before.get(name, 0) for name, value in after.items()}


def _left(running: Stages, before: Mapping[str, float], sent: int) -> bool:
    """Whether any stage has still to do what was sent, or what came of it."""
    grown = _grown(running.all_metrics(), before)
    screened = grown.get('markwatch_consumed_total{stage="screen"}', 0)
    clues = grown.get('markwatch_produced_total{stage="screen",topic="clues"}', 0)
    return screened < sent or grown.get('markwatch_consumed_total{stage="index"}', 0) < clues


def _report(
    load: Load, feeder: Feeder, late: float, grown: Mapping[str, float], spent: Mapping[str, float]
) -> Iterator[str]:
    clues = grown['markwatch_age_seconds_count{stage="index"}']
    bounds = sorted(
        (float(name.partition('le="')[2].partition('"')[0]), count / clues)
        for name, count in grown.items()
        if name.startswith("markwatch_age_seconds_bucket") and 'stage="index"' in name
    )
    within = dict(bounds)[GOAL_SECONDS]
    yield (
        f"{load.rate:g} listings/s for {load.seconds:g} s: {feeder.sent:,} listings, "
        f"{clues:,.0f} clues; the last clue {late:.1f} s after the last listing"
    )
    yield f"clues searchable within {GOAL_SECONDS:g} s: {within:.4%}  " + "  ".join(
        f"≤{bound:g} s {share:.2%}" for bound, share in bounds if bound <= 10
    )
    yield "cores used: " + "  ".join(
        f"{name} {seconds / load.seconds:.2f}" for name, seconds in spent.items()
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rate", type=float, default=200, help="listings a second")
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--rights", type=int, default=1_000)
    parser.add_argument("--named", type=float, default=0.1, help="share of listings with a name")
    parser.add_argument("--processes", nargs="+", default=["fingerprint", "screen", "index"])
    parser.add_argument("--seed", type=int, default=1)
    for line in run(Load(**vars(parser.parse_args()))):
        print(line, flush=True)


if __name__ == "__main__":
    main()
