"""A house whose programs are kept running and killed, one by one, at random moments."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from random import Random

from benchmarks.kill_checks import EvidenceCheck
from benchmarks.nursery import KILLED, Nursery
from benchmarks.watch import STAGES, Watch

ENOUGH = 2_000  # messages waiting for a stage: no need to crawl or take in more
EARLY = 0.2  # this share of the kills falls near the start of a process, the rest into its work
STEPS = 0.5  # this share waits for the next publish or commit and falls right behind it
STEP_SECONDS = 2.0
LOOK_SECONDS = 0.01
STOP_SECONDS = 20
STALL_SECONDS = 60
LONGEST = {"crawl": 6.0, "intake": 3.0}  # seconds at work before the kill; stages have 1.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Kill:
    """One kill: of whom, whether it fell into work, and whether right behind a step of it."""

    name: str
    at_work: bool
    at_step: bool


@dataclass(slots=True, kw_only=True)
class _Life:
    """One process from its start; unless it dies early, `dies` is settled when it is at work."""

    process: BaseProcess
    is_at_work: Callable[[], bool]
    longest: float
    early: bool
    dies: float | None


@dataclass(slots=True, kw_only=True)
class House:
    """The programs of one data folder, kept running and killed."""

    programs: Mapping[str, Sequence[str]]
    nursery: Nursery
    watch: Watch
    evidence: EvidenceCheck
    chance: Random
    lives: dict[str, _Life] = field(default_factory=dict)
    kills: list[Kill] = field(default_factory=list)
    failed: Counter[str] = field(default_factory=Counter)
    lost_evidence: int = 0
    most_each: int = 0
    last: float = 0.0

    def kill(self, wanted: int) -> None:
        """Keeps all programs running and kills them one by one, `wanted` times.

        Gives up when nobody could be killed for a minute: then nobody works any more.
        """
        self.most_each = max(2, wanted // 4)
        self.last = time.monotonic()
        while len(self.kills) < wanted and time.monotonic() - self.last < STALL_SECONDS:
            self._start_missing()
            for name, life in [*self.lives.items()]:
                if len(self.kills) < wanted:
                    self._look_at(name, life)
            time.sleep(LOOK_SECONDS)

    def _start_missing(self) -> None:
        hungry = max(map(self.watch.waiting, STAGES)) < ENOUGH
        for name, arguments in self.programs.items():
            if name not in self.lives and (hungry or name in STAGES):
                is_at_work = self.watch.at_work(name)
                early = self._may_die(name) and self.chance.random() < EARLY
                self.lives[name] = _Life(
                    process=self.nursery.start(name, arguments),
                    is_at_work=is_at_work,
                    longest=LONGEST.get(name, 1.5),
                    early=early,
                    dies=time.monotonic() + self.chance.uniform(0.05, 0.5) if early else None,
                )

    def _may_die(self, name: str) -> bool:
        """No program takes more than its share, or the busiest one would take nearly all."""
        return sum(kill.name == name for kill in self.kills) < self.most_each

    def _look_at(self, name: str, life: _Life) -> None:
        if life.process.exitcode is not None:
            self._ended(name, life)
        elif life.dies is None:
            if self._may_die(name) and life.is_at_work():
                life.dies = time.monotonic() + self.chance.uniform(0.05, life.longest)
        elif time.monotonic() >= life.dies:
            if life.early or life.is_at_work():
                self._kill(name, life)
            else:
                life.dies = None  # it has nothing to do; it dies at its next work

    def _kill(self, name: str, life: _Life) -> None:
        at_work = life.is_at_work()
        at_step = at_work and self.chance.random() < STEPS and self._await_step(name)
        life.process.kill()
        life.process.join()
        if life.process.exitcode != KILLED:
            self._ended(name, life)
            return
        self.last = time.monotonic()
        self.kills.append(Kill(name=name, at_work=at_work, at_step=at_step))
        self.lost_evidence += self.evidence.look() if name == "crawl" else 0
        del self.lives[name]

    def _await_step(self, name: str) -> bool:
        """Waits for what it next publishes or commits: a kill there falls between the two."""
        step = self.watch.step(name, publishes=self.chance.random() < 0.5)
        before, late = step(), time.monotonic() + STEP_SECONDS
        while time.monotonic() < late:
            if step() != before:
                return True
        return False

    def _ended(self, name: str, life: _Life) -> None:
        """It came to its end by itself: a crawl may, a stage must not."""
        if life.process.exitcode or name in STAGES:
            self.failed[name] += 1
        del self.lives[name]

    def finish(self) -> None:
        """Stops what runs, then every program once, undisturbed, to its end."""
        self._stop()
        for name, arguments in self.programs.items():
            once = ["--once"] if name in STAGES else []
            process = self.nursery.start(name, [*arguments, *once])
            process.join()
            self.failed[name] += bool(process.exitcode)

    def _stop(self) -> None:
        for life in self.lives.values():
            life.process.terminate()
        for life in self.lives.values():
            life.process.join(STOP_SECONDS)
            life.process.kill()
            life.process.join()
        self.lives.clear()

    def close(self) -> None:
        self._stop()
        self.evidence.close()
        self.watch.close()
