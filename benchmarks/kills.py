"""Measures what `kill -9` at random moments loses or doubles: it must be nothing.

Each stage, the crawl and the intake is a process of its own on one data folder. They are killed
and started again until there were enough kills; then everything is brought to its end once, and
what is there is compared with what must be there.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random

sys.path.append(str(Path(__file__).resolve().parents[1]))

from benchmarks import synthetic
from benchmarks.kill_checks import Finding, Item, check
from benchmarks.nursery import KILLED, Nursery, open_nursery
from benchmarks.programs import SAMPLE, OpenMarket, practice_market
from benchmarks.watch import STAGES, Watch
from crawlers.market.catalogue import make_market
from pipeline import rights

ENOUGH = 2_000  # messages waiting for a stage: no need to crawl or take in more
EARLY = 0.2  # this share of the kills falls near the start of a process, the rest into its work
LOOK_SECONDS = 0.01
STOP_SECONDS = 20
LONGEST = {"crawl": 6.0, "intake": 3.0}  # seconds at work before the kill; stages have 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How much to kill, and in how large a market."""

    kills: int
    seed: int
    items: int = 300
    lines: int = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """One kill: of whom, and whether it fell into work."""

    name: str
    at_work: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All kills, how long they took, and what was found afterwards."""

    kills: tuple[Kill, ...]
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def fine(self) -> bool:
        return all(finding.fine for finding in self.findings)


@dataclass(slots=True, kw_only=True)
class _Life:
    """One process from its start; unless it dies early, `dies` is settled when it is at work."""

    process: BaseProcess
    is_at_work: Callable[[], bool]
    longest: float
    early: bool
    dies: float | None


@dataclass(slots=True, kw_only=True)
class _House:
    """The programs of one data folder, kept running and killed."""

    programs: Mapping[str, Sequence[str]]
    nursery: Nursery
    watch: Watch
    chance: Random
    lives: dict[str, _Life] = field(default_factory=dict)
    kills: list[Kill] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)

    def kill(self, wanted: int) -> None:
        """Keeps all programs running and kills them one by one, `wanted` times."""
        while len(self.kills) < wanted:
            self._start_missing()
            for name, life in [*self.lives.items()]:
                self._look_at(name, life)
            time.sleep(LOOK_SECONDS)

    def _start_missing(self) -> None:
        hungry = max(map(self.watch.waiting, STAGES)) < ENOUGH
        for name, arguments in self.programs.items():
            if name not in self.lives and (hungry or name in STAGES):
                is_at_work = self.watch.at_work(name)
                early = self.chance.random() < EARLY
                self.lives[name] = _Life(
                    process=self.nursery.start(name, arguments),
                    is_at_work=is_at_work,
                    longest=LONGEST.get(name, 1.5),
                    early=early,
                    dies=time.monotonic() + self.chance.uniform(0.05, 0.5) if early else None,
                )

    def _look_at(self, name: str, life: _Life) -> None:
        if life.process.exitcode is not None:
            self._ended(name, life)
        elif life.dies is None:
            if life.is_at_work():
                life.dies = time.monotonic() + self.chance.uniform(0.05, life.longest)
        elif time.monotonic() >= life.dies:
            self._kill(name, life, at_work=life.is_at_work())

    def _kill(self, name: str, life: _Life, *, at_work: bool) -> None:
        if not (at_work or life.early):
            life.dies = None  # it has nothing to do; it dies at its next work
            return
        life.process.kill()
        life.process.join()
        if life.process.exitcode == KILLED:
            self.kills.append(Kill(name=name, at_work=at_work))
            del self.lives[name]
        else:
            self._ended(name, life)

    def _ended(self, name: str, life: _Life) -> None:
        """It came to its end by itself: a crawl may, a stage must not."""
        if life.process.exitcode or name in STAGES:
            self.failed[name] += 1
        del self.lives[name]

    def stop(self) -> None:
        """Asks all that run to stop."""
        for life in self.lives.values():
            life.process.terminate()
        for life in self.lives.values():
            life.process.join(STOP_SECONDS)
            life.process.kill()
            life.process.join()
        self.lives.clear()

    def finish(self) -> None:
        """Every program once, undisturbed, to its end."""
        for name, arguments in self.programs.items():
            once = ["--once"] if name in STAGES else []
            process = self.nursery.start(name, [*arguments, *once])
            process.join()
            self.failed[name] += bool(process.exitcode)


def trial(asked: Trial) -> Outcome:
    """Kills as often as asked, then looks at what is there."""
    with (
        tempfile.TemporaryDirectory(prefix="markwatch-kills-") as name,
        practice_market(asked.items, asked.seed) as market,
    ):
        folder = Path(name)
        house = _house(asked, market, folder)
        began = time.monotonic()
        try:
            house.kill(asked.kills)
        finally:
            house.stop()
        seconds = time.monotonic() - began
        house.finish()
        house.watch.close()
        told_twice = sum(kill.name == "notify" for kill in house.kills)
        findings = check(folder, market.rights, _expected(asked), told_twice)
        failed = Finding(what="programs that failed by themselves", count=house.failed.total())
        return Outcome(kills=tuple(house.kills), seconds=seconds, findings=(*findings, failed))


def _house(asked: Trial, market: OpenMarket, folder: Path) -> _House:
    known = [right.name for right in rights.load(market.rights).rights]
    lines = synthetic.listings(asked.lines, asked.seed, known, named=0.5)
    undated = ({**line, "seen_at": None} for line in lines)  # each time a new sight
    file = synthetic.write(folder / "listings.jsonl", undated)
    data = folder / "data"
    data.mkdir()
    return _House(
        programs={
            "crawl": ["crawl", "market", "--base", market.url],
            "intake": ["intake", str(file)],
            **{name: ["run", name] for name in STAGES},
        },
        nursery=open_nursery(
            folder / "said", data=data, rights=market.rights, alerts_file=folder / "alerts.jsonl"
        ),
        watch=Watch(data / "bus.sqlite"),
        chance=Random(f"kills-{asked.seed}"),
    )


def _expected(asked: Trial) -> frozenset[Item]:
    """Everything for sale: the market as its seed makes it, and the lines of the file."""
    sample = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    items = make_market(asked.seed, sample, asked.items).items
    return frozenset(
        [("practice", item.id) for item in items]
        + [("synthetic", str(number)) for number in range(asked.lines)]
    )


def report(outcome: Outcome) -> Iterator[str]:
    """The kills by program, then every finding."""
    yield f"{len(outcome.kills)} kills in {outcome.seconds:.0f} s"
    yield f"{'killed':12} {'times':>6} {'at work':>8}"
    for name in sorted({kill.name for kill in outcome.kills}):
        kills = [kill for kill in outcome.kills if kill.name == name]
        yield f"{name:12} {len(kills):6} {sum(kill.at_work for kill in kills):8}"
    at_work = sum(kill.at_work for kill in outcome.kills)
    yield f"{'all':12} {len(outcome.kills):6} {at_work:8}"
    yield ""
    for finding in outcome.findings:
        yield str(finding)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--items", type=int, default=300, help="goods in the practice market")
    parser.add_argument("--lines", type=int, default=2_000, help="listings in the file taken in")
    outcome = trial(Trial(**vars(parser.parse_args())))
    print("\n".join(report(outcome)))
    sys.exit(0 if outcome.fine else 1)


if __name__ == "__main__":
    main()
