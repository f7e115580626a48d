"""A crawl over real HTTP: polite, unafraid of traps, evidence first, every decision recorded."""

import os
import subprocess
import sys
import time
from collections import Counter

import pytest

from crawlers.polite import AddressGuard, Outcome, PrivateAddress, Visit, _literal, is_public
from pipeline import codec
from pipeline.bus import open_bus
from pipeline.records import Capture
from pipeline.vault import Vault
from tests.contracts.bus import wait_for
from tests.crawlers.server import hostile_shop

SITE = """
like = "market"
platform = "hostile"
base = "{base}"
allow_private = {private}
[polite]
delay = 0.0
at_once = 4
"""


def crawl(folder, base: str, *options: str, private: bool = True, **environment: str):
    site = folder / "site.toml"
    site.write_text(SITE.format(base=base, private=str(private).lower()))
    return subprocess.run(
        [sys.executable, "-m", "markwatch", "crawl", str(site), *options],
        env=os.environ | {"MARKWATCH_DATA": str(folder / "data")} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )


def read(folder, topic: str, kind):
    bus = open_bus(f"sqlite:{folder / 'data' / 'bus.sqlite'}")
    found = []
    reader = bus.follow(topic)
    while messages := reader.poll(0.1):
        found += [codec.decode(message.body, kind) for message in messages]
    reader.close()
    bus.close()
    return found


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("crawl")
    with hostile_shop() as (base, asked):
        began = time.monotonic()
        done = crawl(folder, base)
        yield folder, base, asked, done, time.monotonic() - began


def outcomes(folder) -> dict[str, Outcome]:
    return {
        record.url.rsplit("/", 1)[-1]: record.outcome for record in read(folder, "crawls", Visit)
    }


def test_a_crawl_ends_well(crawled):
    _, _, _, done, _ = crawled

    assert done.returncode == 0, done.stderr
    assert "captures 5" in done.stderr


def test_every_trap_is_known_for_what_it_is(crawled):
    folder, _, _, _, seconds = crawled
    found = outcomes(folder)

    assert found["huge.html"] is Outcome.TOO_LARGE
    assert found["bomb.html"] is Outcome.TOO_LARGE
    assert found["loop.html"] is Outcome.REDIRECTS
    assert Outcome.REDIRECTS in {what for url, what in found.items() if url.startswith("chain")}
    assert found["secret"] is Outcome.PRIVATE
    assert found["broken.html"] is Outcome.HTTP
    assert found["challenge.html"] is Outcome.CHALLENGE
    assert found["gone.html"] is Outcome.GONE
    assert seconds < 60


def test_a_page_too_large_is_cut_off_on_the_way(crawled):
    _, _, asked, _, _ = crawled

    assert asked["huge was cut off"] >= 1


def test_an_item_reached_by_two_addresses_is_one_listing(crawled):
    folder, _, _, _, _ = crawled
    ids = Counter(capture.id for capture in read(folder, "captures", Capture))

    assert ids["good"] == 1
    assert set(ids) == {"good", "twice", "cut", "notpicture", "other"}


def test_evidence_is_in_the_vault_before_it_is_told_of(crawled):
    folder, _, _, _, _ = crawled
    vault = Vault(folder / "data" / "vault")
    for capture in read(folder, "captures", Capture):
        kept = [capture.page, *(picture.kept for picture in capture.pictures)]
        for evidence in filter(None, kept):
            assert len(vault.get(evidence.sha256)) == evidence.size
        assert capture.page is not None


def test_a_picture_shown_twice_is_fetched_once(crawled):
    _, _, asked, _, _ = crawled

    assert asked["/pic/1.jpg"] == 1


def test_pictures_that_are_none_say_why(crawled):
    folder, _, _, _, _ = crawled
    by_id = {capture.id: capture for capture in read(folder, "captures", Capture)}
    cut, missing = by_id["cut"].pictures

    assert (
        cut.kept is not None
    )  # cut off bytes are still what was seen; fingerprint says they are broken
    assert missing.problem == "HTTP 404, not a picture"
    assert by_id["notpicture"].pictures[0].problem == "HTTP 200, not a picture"


def test_a_hostile_title_is_kept_as_it_was(crawled):
    folder, _, _, _, _ = crawled
    by_id = {capture.id: capture for capture in read(folder, "captures", Capture)}

    assert by_id["other"].title == "\x1b[31m红\u202e\x07"


def test_robots_txt_is_asked_first_and_obeyed(tmp_path):
    with hostile_shop(delay="0.3") as (base, asked):
        began = time.monotonic()
        crawl(tmp_path, base)
        seconds = time.monotonic() - began
        requests = sum(asked.values())

    assert asked["/closed/item/1.html"] == 0
    assert outcomes(tmp_path)["1.html"] is Outcome.ROBOTS
    assert seconds > 0.3 * (requests - 3)


def test_a_private_address_is_refused_unless_the_site_allows_it(tmp_path):
    with hostile_shop() as (base, asked):
        crawl(tmp_path, base, private=False)

    assert not asked
    assert set(outcomes(tmp_path).values()) == {Outcome.PRIVATE}


def test_a_name_that_leads_inside_is_refused_where_it_is_resolved(tmp_path):
    """localhost by another name: /etc/hosts of this machine maps it to a private address."""
    name = os.uname().nodename
    with hostile_shop() as (base, asked):
        crawl(tmp_path, base.replace("127.0.0.1", name), private=False)

    assert not asked
    assert set(outcomes(tmp_path).values()) == {Outcome.PRIVATE}


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "10.0.0.1", "169.254.169.254", "0x7f.1", "2130706433", "[::1]"],
)
def test_every_spelling_of_an_inside_address_is_refused(host):
    from scrapy import Request  # noqa: PLC0415 - Scrapy loads a reactor only where it is needed

    with pytest.raises(PrivateAddress):
        AddressGuard([]).process_request(Request(f"http://{host}/"))


def test_public_addresses_are_not_refused():
    assert is_public("8.8.8.8")
    assert _literal("shop.example") is None


@pytest.mark.parametrize(
    ("options", "told"),
    [(("--query", "苹果"), "nothing of"), (("--base", "nonsense"), "address")],
)
def test_odd_options_end_in_a_sentence(tmp_path, options, told):
    with hostile_shop() as (base, _):
        done = crawl(tmp_path, base, *options)

    assert "Traceback" not in done.stderr
    assert told in done.stderr


def test_ctrl_c_ends_a_crawl_in_order(tmp_path):
    with hostile_shop(delay="1") as (base, _):
        site = tmp_path / "site.toml"
        site.write_text(SITE.format(base=base, private="true"))
        process = subprocess.Popen(
            [sys.executable, "-m", "markwatch", "crawl", str(site)],
            env=os.environ | {"MARKWATCH_DATA": str(tmp_path / "data")},
            stderr=subprocess.PIPE,
        )
        bus = open_bus(f"sqlite:{tmp_path / 'data' / 'bus.sqlite'}")
        wait_for(bus.follow("crawls"), 1)
        process.send_signal(2)
        began = time.monotonic()
        _, stderr = process.communicate(timeout=20)
        bus.close()

    assert time.monotonic() - began < 8
    assert b"Traceback" not in stderr
