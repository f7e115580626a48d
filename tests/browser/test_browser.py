"""The feed in a real browser: live rows, keys, no script from a title, nothing off the page."""

import os
import shutil
import threading

import pytest
from playwright.sync_api import sync_playwright

from alerts.feed.app import Office, build
from alerts.feed.serve import bind, serve
from alerts.feed.session import Door
from pipeline import codec
from pipeline.album import Album
from pipeline.assessed import Tier
from pipeline.bus import Topic
from pipeline.bus.embedded import EmbeddedBus
from pipeline.index.embedded import EmbeddedIndex
from pipeline.indexing import clue_document
from pipeline.records import Decision, Picture, Verdict
from pipeline.vault import Vault
from tests import make
from tests.contracts.bus import wait_for

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("MARKWATCH_REQUIRE_BROWSER") == "1"
if CHROMIUM is None and REQUIRED:
    raise RuntimeError("MARKWATCH_REQUIRE_BROWSER=1, but there is no chromium on the PATH")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="needs chromium on the PATH")
HOSTILE = '<img src=x onerror="document.title=1"><script>document.title=1</script>花牛苹果'


@pytest.fixture
def house(tmp_path):
    bus = EmbeddedBus(tmp_path / "bus.sqlite")
    index = EmbeddedIndex(tmp_path / "index.sqlite")
    vault = Vault(tmp_path / "vault")
    kept = vault.put(make.picture(5), "image/jpeg")
    listing = make.capture(HOSTILE, pictures=(Picture(source="x", kept=kept),))
    matches = (make.match(span=(len(HOSTILE) - 4, len(HOSTILE))),)
    first = make.clue("first", listing=listing, matches=matches, tier=Tier.HIGH)
    index.put([clue_document(first), clue_document(make.clue("second"))])
    door, listener, stop, ready = Door(), bind("127.0.0.1", 0), threading.Event(), threading.Event()
    album = Album(tmp_path / "album.sqlite")
    parts = {"bus": bus, "index": index, "vault": vault, "album": album}
    office = Office(**parts, rights={}, rights_folder=tmp_path, overlay=lambda *_: b"")
    server = threading.Thread(target=serve, args=(build(office, door), listener, stop, ready.set))
    server.start()
    ready.wait(10)
    yield bus, stop, f"http://127.0.0.1:{listener.getsockname()[1]}/enter?token={door.token}"
    stop.set()
    server.join(10)
    bus.close()
    index.close()


@pytest.fixture
def opened(house, request):
    """The feed's first page, at the width the test asks for; complaints of the page are kept."""
    *_, address = house
    with sync_playwright() as playwright:
        options = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=options)
        width = getattr(request, "param", 1440)
        page = browser.new_page(viewport={"width": width, "height": 844})
        page.complaints = []
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda said: page.complaints.append(said.text))
        page.goto(address)
        yield page
        assert page.complaints == []
        browser.close()


def test_a_new_clue_appears_by_itself_and_only_once(house, opened):
    bus, *_ = house
    for score in (0.7, 0.8):
        clue = make.clue("third", score=score, listing=make.capture("秦安花椒"))
        bus.publish(Topic.CLUES, clue.clue_id, codec.encode(clue))
    opened.get_by_text("0.80").wait_for(timeout=10_000)

    assert opened.locator("#clue-third").count() == 1
    assert opened.locator(".row").first.get_attribute("id") == "clue-third"
    assert "3" in opened.locator(".total").inner_text()


def test_a_hostile_title_runs_nothing(opened):
    opened.locator("#clue-first a").click()
    opened.locator("article.clue").wait_for()

    assert opened.title() != "1"
    assert opened.locator("h1 mark").inner_text() == "花牛苹果"
    assert "<script>" in opened.locator("h1").inner_text()


def test_a_clue_is_settled_without_touching_the_mouse(house, opened):
    bus, *_ = house
    opened.keyboard.press("j")
    opened.keyboard.press("Enter")
    opened.locator("article.clue").wait_for()
    opened.keyboard.press("3")
    opened.keyboard.press("Control+Enter")
    (message,) = wait_for(bus.follow(Topic.VERDICTS), 1)
    opened.locator("#clues").wait_for()

    assert codec.decode(message.body, Verdict).decision is Decision.LAWFUL


@pytest.mark.parametrize("opened", [1440, 390], indirect=True)
def test_nothing_stands_off_the_page_and_pictures_load(opened):
    for path in ("#clue-first a", "#back"):
        scroll = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert opened.evaluate(scroll) <= 0
        opened.locator(path).click()
        opened.wait_for_load_state()
    opened.locator("#clue-first a").click()
    opened.locator("article.clue img").first.wait_for()

    loaded = "[...document.images].every((image) => image.complete && image.naturalWidth > 0)"
    assert opened.evaluate(loaded)


def test_it_says_when_the_line_is_cut(house, opened):
    _, stop, _ = house
    stop.set()
    opened.locator("#live.lost").wait_for(timeout=15_000)
    opened.complaints.clear()

    assert "断开" in opened.locator("#live").inner_text()
