"""Which site and query are due: `due` is pure, the clock only rings the bell."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event

import msgspec
from apscheduler.schedulers.background import BackgroundScheduler

from pipeline import codec
from pipeline.bus import Bus, Topic, history
from pipeline.errors import BadSetting, BrokenWorld
from pipeline.stage import Emit, Stage

BELL_SECONDS = 30
log = logging.getLogger("markwatch.schedule")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A site, and what to ask it (all of it, without a query), every so often."""

    site: str
    base: str | None = None
    query: str | None = None
    every: timedelta = timedelta(hours=24)

    @property
    def key(self) -> str:
        return "|".join((self.site, self.base or "", self.query or ""))


def due(
    plans: Sequence[Plan], last_runs: Mapping[str, datetime], now: datetime
) -> tuple[Plan, ...]:
    """The plans whose time has come, the longest overdue first; one never run comes before all.

    `last_runs` holds the start of the last run by `Plan.key`.
    """
    never = datetime.min.replace(tzinfo=now.tzinfo)
    waiting = [
        (last, plan)
        for plan in plans
        if (last := last_runs.get(plan.key, never)) == never or now - last >= plan.every
    ]
    return tuple(plan for _, plan in sorted(waiting, key=lambda each: each[0]))


def read_plans(path: Path) -> tuple[Plan, ...]:
    """The `[[plan]]` tables of a TOML file; raises `BadSetting`. No file, no plans."""
    if not path.exists():
        return ()
    try:
        tables = msgspec.toml.decode(path.read_bytes(), type=dict[str, list[_Table]])
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadSetting(f"{path}: {error}") from error
    return tuple(table.plan() for table in tables.get("plan", []))


class _Table(msgspec.Struct, forbid_unknown_fields=True):
    site: str
    base: str | None = None
    query: str | None = None
    every_hours: float = 24.0

    def plan(self) -> Plan:
        every = timedelta(hours=self.every_hours)
        return Plan(site=self.site, base=self.base, query=self.query, every=every)


def last_runs(bus: Bus) -> Mapping[str, datetime]:
    """When each plan was last sent out, as the bus has it."""
    return {message.key: message.at for message in history(bus, Topic.PLANS)}


def send_due(bus: Bus, plans: Sequence[Plan]) -> int:
    """Puts every plan that is due on the bus; returns how many."""
    ready = due(plans, last_runs(bus), datetime.now(UTC))
    for plan in ready:
        bus.publish(Topic.PLANS, plan.key, codec.pack(plan))
    return len(ready)


def ring(bus: Bus, plans: Sequence[Plan], stop: Event) -> None:
    """Looks for due plans every half minute until `stop`; the clock itself decides nothing."""
    clock = BackgroundScheduler(timezone=UTC)
    clock.add_job(
        _Bell(bus, plans).ring,
        "interval",
        seconds=BELL_SECONDS,
        next_run_time=datetime.now(UTC),
        coalesce=True,
        max_instances=1,
        misfire_grace_time=None,
    )
    clock.start()
    stop.wait()
    clock.shutdown(wait=True)


class _Bell:
    """A bus that is away is waited out, said once when it goes and once when it is back."""

    def __init__(self, bus: Bus, plans: Sequence[Plan]) -> None:
        self._bus = bus
        self._plans = plans
        self._waits = False

    def ring(self) -> None:
        try:
            send_due(self._bus, self._plans)
        except BrokenWorld as error:
            if not self._waits:
                log.warning("schedule waits: %s", error)
            self._waits = True
        else:
            if self._waits:
                log.warning("schedule goes on")
            self._waits = False


def crawl_stage(run: Callable[[Plan], None]) -> Stage[Plan]:
    """Runs each plan that was sent out; a crawl that was killed is run again."""

    def handle(plans: Sequence[Plan]) -> Iterator[Emit]:
        for plan in plans:
            run(plan)
        yield from ()

    return Stage(name="crawl", topic=Topic.PLANS, kind=Plan, handle=handle)
