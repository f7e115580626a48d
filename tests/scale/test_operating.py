"""What an operator meets on real engines: processes, poison, outages, a rebuild, a new right."""

import json
import re
import signal
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline import codec
from pipeline.bus import Topic, history
from pipeline.index import Query
from tests import make, needing, services
from tests.scale.house import (
    clues,
    documents,
    environment,
    eventually,
    never,
    parts,
    run,
    run_once,
    running,
)

RESTARTED = 150.0  # seconds that a server and those who wait for it may take on a busy machine
CHAIN = ("fingerprint", "screen", "index")
RIGHT = {"id": "r1", "name": "花牛苹果", "kind": "gi", "goods": ["苹果"]}


@pytest.fixture
def scaled(tmp_path, kafka, elasticsearch):
    rights(tmp_path, RIGHT)
    return environment(tmp_path, kafka, elasticsearch)


def rights(folder: Path, *given) -> Path:
    path = folder / "rights" / "rights.jsonl"
    path.parent.mkdir(exist_ok=True)
    text = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in given)
    path.write_text(text, "utf-8")
    return path


def publish(opened, count: int, title: str = "花妞苹果 10斤", start: int = 0) -> None:
    captures = (make.capture(title, id=str(start + n)) for n in range(count))
    opened.bus.publish_all(Topic.CAPTURES, [(each.key, codec.pack(each)) for each in captures])


@pytest.mark.slow
def test_each_stage_may_run_several_times(scaled):
    """Two processes of every stage share the work; each clue is there once."""
    with (
        parts(scaled) as opened,
        running(scaled, "run", *CHAIN) as one,
        running(scaled, "run", *CHAIN) as two,
    ):
        for start in range(0, 600, 100):
            publish(opened, 100, start=start)
        eventually(lambda: opened.index.search(Query(limit=1)).total == 600)
        for process in (one, two):
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            assert process.wait(10) == 0
            assert time.monotonic() - began < 10

        assert len(clues(opened)) == 600


@pytest.mark.slow
def test_a_poison_message_is_set_aside_and_sent_again(scaled):
    with parts(scaled) as opened:
        opened.bus.publish(Topic.CAPTURES, "k", b"\xff poison")
        publish(opened, 1)
        run_once(opened, *CHAIN)
        assert opened.index.search(Query(limit=1)).total == 1
    listed = run(scaled, "deadletters", "list").stdout.decode()

    assert re.search(r"fingerprint captures/\d+:\d+ not a Capture", listed)
    assert run(scaled, "deadletters", "retry").stdout == b"1 sent again\n"
    assert run(scaled, "deadletters", "retry").stdout == b"0 sent again\n"
    with parts(scaled) as opened:
        there = [each.body for each in history(opened.bus, Topic.CAPTURES)]
        assert there.count(b"\xff poison") == 2


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_servers_that_go_away_lose_nothing_and_are_mourned_in_two_lines(tmp_path):
    """Elasticsearch, then Kafka, gone for a minute in the middle of the work."""
    with needing.servers(), services.Kafka() as bus, services.Elasticsearch() as index:
        rights(tmp_path, RIGHT)
        given = environment(tmp_path, bus.address, index.address)
        with parts(given) as opened, running(given, "run", *CHAIN) as stages:
            publish(opened, 50)
            eventually(lambda: opened.index.search(Query(limit=1)).total == 50)
            index.stop()
            publish(opened, 50, start=50)
            time.sleep(60)
            index.start()
            eventually(lambda: opened.index.search(Query(limit=1)).total == 100, RESTARTED)
            bus.stop()
            time.sleep(60)
            bus.start()
            publish(opened, 50, start=100)
            eventually(lambda: opened.index.search(Query(limit=1)).total == 150, RESTARTED)
            stages.terminate()
            said = stages.communicate(timeout=20)[1].decode().splitlines()

    assert [re.sub(r"^.*(waits: \w+|goes on).*$", r"\1", line) for line in said] == [
        "waits: Elasticsearch",
        "goes on",
        "waits: Kafka",
        "goes on",
    ], said


@pytest.mark.slow
def test_a_rebuild_while_people_search_fails_no_search(scaled):
    with parts(scaled) as opened:
        publish(opened, 300)
        run_once(opened, *CHAIN)
        stop = threading.Event()

        def wrong() -> object:
            total = opened.index.search(Query(words=("花妞",), limit=20)).total
            return total if total != 300 else None

        with ThreadPoolExecutor() as pool:
            searching = [pool.submit(never, wrong, stop) for _ in range(2)]
            before = documents(opened)
            done = run(scaled, "index", "rebuild")
            stop.set()

        assert done.returncode == 0, done.stderr
        assert [each.result() for each in searching] == [[], []]
        assert documents(opened) == before


@pytest.mark.slow
def test_a_new_right_meets_the_stored_listings_and_no_other_right_is_screened_again(scaled):
    folder = Path(scaled["MARKWATCH_DATA"])
    with parts(scaled) as opened:
        publish(opened, 3)
        publish(opened, 2, "秦安蜜桃 5斤", start=10)
        run_once(opened, *CHAIN)
        assert len(clues(opened)) == 3
        before = len(list(history(opened.bus, Topic.CLUES)))
    new = {"id": "r2", "name": "秦安蜜桃", "kind": "gi", "goods": ["桃"]}
    listed = folder / "new.jsonl"
    listed.write_text("\n".join(json.dumps(each) for each in (RIGHT, new)), "utf-8")
    done = run(scaled, "rights", "import", str(listed))

    assert done.returncode == 0, done.stderr
    assert "1 new or changed" in done.stderr.decode()
    with parts(scaled) as opened:
        assert run_once(opened, "rescreen") == 1
        run_once(opened, "index")
        assert len(list(history(opened.bus, Topic.CLUES))) == before + 2
        assert len(documents(opened)) == 5


@pytest.mark.slow
def test_a_monitor_sees_what_a_process_does(scaled):
    (port,) = services.program.free_ports(1)
    given = {**scaled, "MARKWATCH_MONITOR": f"127.0.0.1:{port}", "MARKWATCH_LOG": "json"}

    def asked(path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.read().decode()

    with parts(scaled) as opened, running(given, "run", *CHAIN) as process:
        publish(opened, 10)
        eventually(lambda: opened.index.search(Query(limit=1)).total == 10)
        eventually(lambda: 'consumed_total{stage="index"} 10.0' in asked("/metrics"))
        health = json.loads(asked("/healthz"))
        opened.bus.publish(Topic.CAPTURES, "k", b"poison")
        eventually(lambda: 'failed_total{stage="fingerprint"} 1.0' in asked("/metrics"))
        process.terminate()
        process.wait(10)

    assert health["alive"]
    assert set(health["stages"].values()) == {"works"}


def test_a_kafka_that_is_not_there_is_a_sentence(tmp_path):
    given = environment(tmp_path, "127.0.0.1:1", "http://127.0.0.1:1")
    done = run(given, "doctor")

    assert done.returncode == 1
    assert b"FAIL bus: kafka://127.0.0.1:1" in done.stdout
    assert b"docker compose up -d elasticsearch" in done.stdout
