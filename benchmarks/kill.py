"""Measures what `kill -9` at random loses or doubles on a real Kafka and a real Elasticsearch.

An undisturbed and a killed run over the same captures: stages in consumer groups, each process
killed and started again at random, and the two servers too. Afterwards the clues on the bus, the
documents in the index and the alerts told must be the same in both runs, and each there once.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

sys.path.append(str(Path(__file__).resolve().parents[1]))

from benchmarks import synthetic
from benchmarks.kill_checks import Finding
from benchmarks.kill_sets import Seen, compared, seen
from benchmarks.nursery import Nursery, open_nursery
from pipeline import codec
from pipeline.bus import Bus, Topic, open_bus
from pipeline.errors import BusError
from pipeline.records import Capture
from tests.services import Elasticsearch, Kafka

STAGES = ("fingerprint", "fingerprint", "screen", "screen", "index", "index", "notify")
GROUPS = {
    "fingerprint": Topic.CAPTURES,
    "screen": Topic.LISTINGS,
    "index": Topic.CLUES,
    "notify": Topic.CLUES,
}
OUTPUTS = {"fingerprint": Topic.LISTINGS, "screen": Topic.CLUES}
SERVERS = ("kafka", "elasticsearch")
SERVER_SHARE = 0.1  # of the kills; each costs the whole house some ten seconds
PAUSE = (0.1, 1.2)
STEPS = 0.6  # this share of a stage's kills waits for its next publish or commit
STEP_SECONDS = 3.0
DRAIN_SECONDS = 900
STOP_SECONDS = 20
RIGHTS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    kills: int
    captures: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    kills: Mapping[str, int]
    at_work: int
    at_step: int
    seconds: float
    findings: Sequence[Finding]

    @property
    def fine(self) -> bool:
        return all(finding.fine for finding in self.findings)


@dataclass(slots=True, kw_only=True)
class House:
    """All stages as processes over the two servers."""

    nursery: Nursery
    servers: Mapping[str, Kafka | Elasticsearch]
    bus: Bus
    chance: Random
    lives: dict[str, BaseProcess] = field(default_factory=dict)
    kills: Counter[str] = field(default_factory=Counter)
    at_work: int = 0
    at_step: int = 0

    def start(self) -> None:
        for number, stage in enumerate(STAGES):
            name = f"{stage}-{number}"
            if name not in self.lives or not self.lives[name].is_alive():
                self.lives[name] = self.nursery.start(name, ["run", stage])

    def publish(self, captures: Sequence[Capture]) -> None:
        """Until Kafka has them all; what it got twice is the same capture again."""
        entries = [(capture.key, codec.pack(capture)) for capture in captures]
        while True:
            try:
                self.bus.publish_all(Topic.CAPTURES, entries)
            except BusError:
                time.sleep(1)
            else:
                return

    def kill(self, victim: str | None = None) -> None:
        """Kills one process or server at random, or the one named, and starts it again."""
        chosen = victim or self._victim()
        self.at_work += self.left() > 0
        self.kills[chosen.partition("-")[0]] += 1
        if chosen in self.servers:
            self.servers[chosen].kill()
            self.servers[chosen].start()
        else:
            self.at_step += self.chance.random() < STEPS and self._await_step(chosen)
            self.lives[chosen].kill()
            self.lives[chosen].join()
            self.start()

    def _await_step(self, name: str) -> bool:
        """Waits until its stage publishes or commits: a kill there falls between the two."""
        stage = name.partition("-")[0]
        late = time.monotonic() + STEP_SECONDS
        try:
            before = self._step(stage)
            while time.monotonic() < late:
                if self._step(stage) != before:
                    return True
        except BusError:
            pass
        return False

    def _step(self, stage: str) -> object:
        return self.bus.end(OUTPUTS[stage]) if stage in OUTPUTS else self._behind(stage)

    def _victim(self) -> str:
        servers = self.chance.random() < SERVER_SHARE
        return self.chance.choice(SERVERS if servers else sorted(self.lives))

    def left(self) -> int:
        """Messages that some stage has still to commit; more than none while Kafka is away."""
        try:
            return sum(self._behind(stage) for stage in GROUPS)
        except BusError:
            return 1

    def _behind(self, stage: str) -> int:
        with closing(self.bus.reader(GROUPS[stage], stage)) as reader:
            return reader.behind()

    def drain(self) -> None:
        """Waits until every stage has committed everything."""
        late = time.monotonic() + DRAIN_SECONDS
        while self.left():
            self.start()
            if time.monotonic() > late:
                raise TimeoutError(f"{self.left()} messages left after {DRAIN_SECONDS} s")
            time.sleep(1)

    def stop(self) -> None:
        for life in self.lives.values():
            life.terminate()
        for life in self.lives.values():
            life.join(STOP_SECONDS)
            life.kill()


def captures(asked: Trial, names: Sequence[str]) -> Sequence[Capture]:
    """Listings half of which hold a name; every fifth is seen again, an hour later and dearer."""
    lines = [*synthetic.listings(asked.captures * 5 // 6, asked.seed, names, named=0.5)]
    again = [
        {**line, "price": 999.0, "seen_at": "2026-11-20T09:00:00+08:00"} for line in lines[::5]
    ]
    return [codec.from_line(line, Capture) for line in [*lines, *again]]


def trial(asked: Trial) -> Outcome:
    """The undisturbed run, the killed run, and all that differs."""
    known = synthetic.names(RIGHTS, asked.seed)
    batches = list(_batches(captures(asked, known), asked.kills))
    with (
        tempfile.TemporaryDirectory(prefix="markwatch-kill-") as name,
        Kafka() as kafka,
        Elasticsearch() as elasticsearch,
    ):
        folder = Path(name)
        synthetic.write(folder / "rights.jsonl", synthetic.rights(RIGHTS, asked.seed))
        servers = {"kafka": kafka, "elasticsearch": elasticsearch}
        calm, _ = _run(folder, "calm", servers, batches, Random(0), kills=0)
        began = time.monotonic()
        chance = Random(f"kill-{asked.seed}")
        killed, house = _run(folder, "killed", servers, batches, chance, kills=asked.kills)
        return Outcome(
            kills=house.kills,
            at_work=house.at_work,
            at_step=house.at_step,
            seconds=time.monotonic() - began,
            findings=[*compared(calm, killed)],
        )


def _batches(all_: Sequence[Capture], count: int) -> Iterator[Sequence[Capture]]:
    size = -(-len(all_) // max(1, count))
    return (all_[start : start + size] for start in range(0, len(all_), size))


def _run(
    folder: Path,
    name: str,
    servers: Mapping[str, Kafka | Elasticsearch],
    batches: Sequence[Sequence[Capture]],
    chance: Random,
    *,
    kills: int,
) -> tuple[Seen, House]:
    """Publishes batch after batch, one kill behind each, and waits for the end of all work."""
    data = folder / name
    bus_url = f"kafka://{servers['kafka'].address}/{name}"
    index_url = f"{servers['elasticsearch'].address}/{name}"
    settings = {"bus": bus_url, "index": index_url, "rights": folder / "rights.jsonl"}
    nursery = open_nursery(data / "said", data=data, alerts_file=data / "alerts", **settings)
    with closing(open_bus(bus_url)) as bus:
        house = House(nursery=nursery, servers=servers, bus=bus, chance=chance)
        house.start()
        try:
            for number, batch in enumerate(batches):
                house.publish(batch)
                if number < kills:
                    time.sleep(chance.uniform(*PAUSE))
                    house.kill(_each_once(number, kills))
            house.drain()
        finally:
            house.stop()
        return seen(bus, index_url, data / "alerts"), house


def _each_once(number: int, kills: int) -> str | None:
    """A short trial kills both servers too."""
    return {kills // 3: "kafka", 2 * kills // 3: "elasticsearch"}.get(number)


def report(outcome: Outcome) -> Iterator[str]:
    each = ", ".join(f"{name} {count}" for name, count in sorted(outcome.kills.items()))
    total = sum(outcome.kills.values())
    yield f"{total} kills in {outcome.seconds:.0f} s ({each})"
    yield f"{outcome.at_work} of them at work, {outcome.at_step} right behind a publish or commit"
    yield from map(str, outcome.findings)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--captures", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    outcome = trial(Trial(**vars(parser.parse_args())))
    print("\n".join(report(outcome)))
    sys.exit(0 if outcome.fine else 1)


if __name__ == "__main__":
    main()
