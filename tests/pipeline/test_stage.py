"""The consume loop: poison is set aside, a broken world waited out, results precede commits."""

import threading

import pytest

from pipeline import codec, deadletters
from pipeline.bus import Topic
from pipeline.bus.embedded import EmbeddedBus
from pipeline.errors import BadInput, BrokenWorld, BusError
from pipeline.metrics import Metrics
from pipeline.records import Capture
from pipeline.stage import Emit, Stage, run_stage
from tests import make
from tests.contracts.bus import wait_for


@pytest.fixture
def bus(tmp_path):
    bus = EmbeddedBus(tmp_path / "bus.sqlite")
    yield bus
    bus.close()


def stage(handle, most: int = 1) -> Stage[Capture]:
    """A stage whose handler takes one record; `most` are handed to it together."""

    def each(captures):
        return [emit for capture in captures for emit in handle(capture)]

    return Stage(name="test", topic=Topic.CAPTURES, kind=Capture, handle=each, most=most)


def forward(capture):
    yield Emit(topic=Topic.LISTINGS, key=capture.id, record=capture)


def once(bus, handle, most: int = 1) -> int:
    return run_stage(bus, stage(handle, most), threading.Event(), once=True)


def put(bus, *names: str) -> None:
    for name in names:
        bus.publish(Topic.CAPTURES, name, codec.pack(make.capture(id=name)))


def ids(messages) -> list[str]:
    return [codec.decode(message.body, Capture).id for message in messages]


def test_what_a_handler_returns_is_published(bus):
    put(bus, "1", "2")

    assert once(bus, forward) == 2
    assert ids(wait_for(bus.follow(Topic.LISTINGS), 2)) == ["1", "2"]


def test_a_poison_message_is_set_aside_with_its_reason_and_bytes(bus):
    bus.publish(Topic.CAPTURES, "k", b"\xff not json")
    put(bus, "good")
    once(bus, forward)
    (letter,) = deadletters.letters(bus)

    assert letter.body == b"\xff not json"
    assert "not a Capture" in letter.reason
    assert ids(wait_for(bus.follow(Topic.LISTINGS), 1)) == ["good"]


@pytest.mark.parametrize("most", [1, 100])
@pytest.mark.parametrize("error", [BadInput("no such shop"), ZeroDivisionError("a bug of ours")])
def test_a_handler_that_fails_on_one_message_goes_on_with_the_next(bus, error, most):
    def handle(capture):
        if capture.id == "bad":
            raise error
        yield from forward(capture)

    put(bus, "bad", "good")
    once(bus, handle, most)
    (letter,) = deadletters.letters(bus)

    assert str(error) in letter.reason
    assert codec.unpack(letter.body, Capture).id == "bad"
    assert ids(wait_for(bus.follow(Topic.LISTINGS), 1)) == ["good"]


def test_a_dead_letter_is_sent_again_once(bus):
    def refuse(_capture):
        raise BadInput("not today")

    put(bus, "1")
    once(bus, refuse)

    assert deadletters.retry(bus) == 1
    assert deadletters.retry(bus) == 0
    assert once(bus, forward) == 1
    assert ids(wait_for(bus.follow(Topic.LISTINGS), 1)) == ["1"]


def test_nothing_is_committed_before_its_results_are_published(bus):
    """A crash between the two repeats the work; the other order would lose it."""

    def handle(_capture):
        raise BrokenWorld("the vault is away")

    put(bus, "1")
    with pytest.raises(BrokenWorld):
        once(bus, handle)

    assert once(bus, forward) == 1


class Forgetful(EmbeddedBus):
    """A bus that cannot publish results the first time it is asked to."""

    failed = False

    def publish_all(self, topic, entries):
        if topic == Topic.LISTINGS and not self.failed:
            self.failed = True
            raise BusError("the disk is full")
        super().publish_all(topic, entries)


def test_results_that_could_not_be_published_are_made_again(tmp_path):
    bus = Forgetful(tmp_path / "bus.sqlite")
    put(bus, "1")
    with pytest.raises(BusError):
        once(bus, forward)

    assert once(bus, forward) == 1
    assert ids(wait_for(bus.follow(Topic.LISTINGS), 1)) == ["1"]
    bus.close()


def test_a_broken_world_is_waited_out_and_said_once(bus, caplog, monkeypatch):
    monkeypatch.setattr("pipeline.stage.PATIENCE_SECONDS", 0.05)
    tries = []
    stop = threading.Event()

    def handle(capture):
        tries.append(capture.id)
        if len(tries) < 4:
            raise BrokenWorld("the vault is away")
        stop.set()
        yield from forward(capture)

    put(bus, "1")
    run_stage(bus, stage(handle), stop)

    assert tries == ["1"] * 4
    assert [record.message for record in caplog.records] == [
        "test waits: the vault is away",
        "test goes on after 0 s",
    ]
    assert ids(wait_for(bus.follow(Topic.LISTINGS), 1)) == ["1"]


def test_a_stop_leaves_the_rest_for_the_next_start(bus):
    stop = threading.Event()

    def handle(capture):
        stop.set()
        yield from forward(capture)

    put(bus, "1", "2")

    assert run_stage(bus, stage(handle), stop) == 1
    assert once(bus, forward) == 1


def test_a_result_too_large_for_the_bus_is_its_message_s_own_fault(bus):
    def swell(capture):
        yield Emit(topic=Topic.LISTINGS, key="k", record={"much": "x" * (3 << 20)})

    put(bus, "1")
    once(bus, swell)
    (letter,) = deadletters.letters(bus)

    assert "the bus takes 2,097,152 at most" in letter.reason


def test_a_stage_counts_what_it_does(bus):
    metrics = Metrics()
    bus.publish(Topic.CAPTURES, "k", b"\xff not json")
    put(bus, "1", "2")
    run_stage(bus, stage(forward), threading.Event(), once=True, metrics=metrics)
    page = metrics.page().decode()

    assert 'markwatch_consumed_total{stage="test"} 3.0' in page
    assert 'markwatch_produced_total{stage="test",topic="listings"} 2.0' in page
    assert 'markwatch_failed_total{stage="test"} 1.0' in page
    assert 'markwatch_lag{stage="test"} 0.0' in page
    assert metrics.states() == {"test": None}
