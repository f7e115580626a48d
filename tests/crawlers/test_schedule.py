"""What is due is a question of values; the clock only rings."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from crawlers.schedule import Plan, crawl_stage, due, last_runs, read_plans, ring, send_due
from pipeline.bus.embedded import EmbeddedBus
from pipeline.errors import BadSetting, BrokenWorld, BusError
from pipeline.stage import run_stage
from tests.contracts.bus import wait_for

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAILY = Plan(site="market", base="http://a/")
HOURLY = Plan(site="market", base="http://a/", query="花牛", every=timedelta(hours=1))


@pytest.fixture
def bus(tmp_path):
    bus = EmbeddedBus(tmp_path / "bus.sqlite")
    yield bus
    bus.close()


@pytest.mark.parametrize(
    ("hours", "plans"),
    [(0.5, ()), (1, (HOURLY,)), (23.9, (HOURLY,)), (24, (DAILY, HOURLY))],
)
def test_a_plan_is_due_when_its_time_has_passed(hours, plans):
    last = NOW - timedelta(hours=hours)

    assert due((DAILY, HOURLY), {DAILY.key: last, HOURLY.key: last}, NOW) == plans


def test_what_never_ran_comes_first():
    assert due((HOURLY, DAILY), {HOURLY.key: NOW - timedelta(days=9)}, NOW) == (DAILY, HOURLY)


def test_what_was_sent_is_not_due_again(bus):
    assert send_due(bus, (DAILY, HOURLY)) == 2
    assert send_due(bus, (DAILY, HOURLY)) == 0
    assert set(last_runs(bus)) == {DAILY.key, HOURLY.key}


def test_the_bell_rings_at_once_and_stops_when_told(bus):
    stop = threading.Event()
    bell = threading.Thread(target=ring, args=(bus, (DAILY,), stop))
    bell.start()
    reader = bus.follow("plans")
    messages = reader.poll(10)
    stop.set()
    bell.join(10)
    reader.close()

    assert len(messages) == 1
    assert not bell.is_alive()


def test_a_crawl_that_fails_is_run_again(bus):
    runs: list[Plan] = []

    def run(plan: Plan) -> None:
        runs.append(plan)
        if len(runs) == 1:
            raise BrokenWorld("killed")

    send_due(bus, (DAILY,))
    with pytest.raises(BrokenWorld):
        run_stage(bus, crawl_stage(run), threading.Event(), once=True)
    run_stage(bus, crawl_stage(run), threading.Event(), once=True)

    assert runs == [DAILY, DAILY]


class Away(EmbeddedBus):
    """A bus that is away when it is first asked."""

    asked = 0

    def follow(self, topic, after=None):
        self.asked += 1
        if self.asked <= 3:
            raise BusError("Kafka is away")
        return super().follow(topic, after)


def test_a_bus_that_is_away_is_said_once_and_the_plans_go_out_when_it_is_back(
    tmp_path, caplog, monkeypatch
):
    monkeypatch.setattr("crawlers.schedule.BELL_SECONDS", 0.1)
    bus, stop = Away(tmp_path / "bus.sqlite"), threading.Event()
    ringing = threading.Thread(target=ring, args=(bus, (DAILY,), stop))
    ringing.start()
    wait_for(EmbeddedBus(tmp_path / "bus.sqlite").follow("plans"), 1)
    stop.set()
    ringing.join(10)

    assert [record.message for record in caplog.records if record.levelname == "WARNING"] == [
        "schedule waits: Kafka is away",
        "schedule goes on",
    ]
    bus.close()


def test_plans_are_read_from_a_file_and_its_faults_named(tmp_path):
    path = tmp_path / "plans.toml"
    assert read_plans(path) == ()

    path.write_text(
        '[[plan]]\nsite = "market"\nbase = "http://a/"\nquery = "花牛"\nevery_hours = 1\n'
    )
    assert read_plans(path) == (HOURLY,)

    path.write_text('[[plan]]\nsite = "market"\nevry_hours = 1\n')
    with pytest.raises(BadSetting, match="evry_hours"):
        read_plans(path)
