"""What a monitor hears, and how log lines look."""

import json
import logging
import urllib.error
import urllib.request

import pytest

from app.logs import Json, Plain, set_up
from app.monitor import monitored
from pipeline.address import read_place
from pipeline.errors import BadSetting, BusError
from pipeline.metrics import Metrics
from tests.services.program import free_ports


def asked(port: int, path: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=5) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


@pytest.mark.parametrize(("alive", "status"), [(True, 200), (False, 503)])
def test_health_names_each_stage_and_what_it_waits_for(alive, status):
    metrics, (port,) = Metrics(), free_ports(1)
    metrics.works("index")
    metrics.waits("screen", BusError("Kafka is away"))
    with monitored(f"127.0.0.1:{port}", metrics, lambda: alive):
        code, body = asked(port, "/healthz")
        page = asked(port, "/metrics")[1]
        assert asked(port, "/else")[0] == 404

    assert code == status
    assert json.loads(body) == {
        "alive": alive,
        "stages": {"index": "works", "screen": "Kafka is away"},
    }
    assert 'markwatch_working{stage="screen"} 0.0' in page


@pytest.mark.parametrize("place", ["9108", "127.0.0.1:", "h:99999", ":1"])
def test_a_place_that_is_none_names_the_setting(place):
    with pytest.raises(BadSetting, match="MARKWATCH_MONITOR"):
        read_place("MARKWATCH_MONITOR", place)


def record(message: str, **ids) -> logging.LogRecord:
    found = logging.makeLogRecord({"name": "markwatch.stage", "levelname": "ERROR", "msg": message})
    found.__dict__.update(ids)
    return found


def test_a_json_line_bears_the_ids_of_its_message():
    line = json.loads(Json().format(record("第一行\n第二行", topic="clues", offset=7, partition=1)))

    assert line["message"] == "第一行\n第二行"
    assert (line["topic"], line["partition"], line["offset"]) == ("clues", 1, 7)
    assert line["level"] == "error"


def test_a_plain_line_is_one_line_whatever_a_shop_put_into_it():
    assert "\x1b" not in Plain().format(record("\x1b[2J\nforged: line"))
    assert "\n" not in Plain().format(record("a\nb"))


def test_an_unknown_form_of_log_is_a_sentence():
    with pytest.raises(BadSetting, match="plain or json"):
        set_up("yaml")
