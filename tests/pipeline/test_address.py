"""Addresses in settings: what they may hold, and what is never shown."""

import re
from pathlib import Path

import pytest

from pipeline.address import read_address, shown
from pipeline.bus.topics import KEPT
from pipeline.errors import BadSetting

OPTIONS = {"ca", "replicas"}


def read(url: str):
    return read_address("MARKWATCH_BUS", url, OPTIONS)


def test_an_address_is_taken_apart():
    address = read("kafka://al%40ice:s%3Aecret@a:9092,b:9093/city-1?ca=/x.pem")

    assert address.hosts == ("a:9092", "b:9093")
    assert (address.user, address.password, address.name) == ("al@ice", "s:ecret", "city-1")
    assert address.options == {"ca": "/x.pem"}
    assert "s:ecret" not in repr(address)


def test_a_password_may_lie_in_a_file(tmp_path):
    (tmp_path / "secret").write_text("geheim\n")

    assert read(f"http://u@h:1?password_file={tmp_path / 'secret'}").password == "geheim"


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("kafka:///name", "write kafka://HOST:PORT"),
        ("kafka://h:1/name?colour=red", "no option 'colour'; there are ca, replicas"),
        ("kafka://h:1/Name", "must be lower-case"),
        ("kafka://h:1/a/b", "must be lower-case"),
        ("http://u@h:1?password_file=/nowhere", "password_file"),
    ],
)
def test_a_wrong_address_is_a_sentence_that_names_the_setting(url, said):
    with pytest.raises(BadSetting, match=re.escape(said)) as caught:
        read(url)
    assert "MARKWATCH_BUS" in str(caught.value)


def test_a_number_that_is_none_is_named():
    with pytest.raises(BadSetting, match="replicas='many' is not a whole number"):
        read("kafka://h:1/n?replicas=many").number("replicas", 1)


def test_a_password_is_never_shown():
    assert shown("http://elastic:geheim@h:9200/n") == "http://elastic:…@h:9200/n"
    assert shown("kafka://h:9092/n") == "kafka://h:9092/n"


def test_the_table_in_the_documents_is_how_topics_are_kept():
    text = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    rows = re.findall(
        r"^\| `(\w+)` \| [^|]+ \| (\d+) \| ([^|]+) \| (\d) MiB \|$", text, re.MULTILINE
    )
    found = {name: (int(parts), kept.strip(), int(size) << 20) for name, parts, kept, size in rows}
    kept = {
        name: (
            each.partitions,
            "the last of each key (compacted)"
            if each.compact
            else (f"{each.days} days" if each.days else "for ever"),
            each.largest,
        )
        for name, each in KEPT.items()
    }

    assert found == kept
