"""Other people's listings and pages, read as they are; skipped by name where they are absent."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from crawlers import sites
from crawlers.pages import Standing, read_page
from pipeline.normalise import fold

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="needs ../shared/data, which is not here")
PAGES = DATA / "html-live-shops"
BASE = "http://127.0.0.1:18081/"


def lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def run(*arguments: str):
    command = [sys.executable, "-m", "markwatch", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, check=False, timeout=100)


@pytest.fixture(scope="module")
def brands(tmp_path_factory) -> Path:
    place = tmp_path_factory.mktemp("brands") / "rights.jsonl"
    options = ("--set", "kind=trademark", "--map", "logo=images", "--to", str(place))
    done = run("rights", "import", str(DATA / "cn-shopxo" / "brands.jsonl"), *options)
    assert done.returncode == 0, done.stderr
    return place


def test_every_title_that_names_a_brand_gives_a_clue_that_cuts_the_name_out(brands):
    """And no other title gives a high one."""
    listings = lines(DATA / "cn-shopxo" / "listings.jsonl")
    file = str(DATA / "cn-shopxo" / "listings.jsonl")
    done = run("scan", file, "--rights", str(brands), "--no-read")
    clues = [json.loads(line) for line in done.stdout.splitlines()]
    cut = {
        (clue["listing_id"], match["seen"].casefold())
        for clue in clues
        for match in clue["matches"]
        if match["field"] == "title"
    }
    titles = {each["id"]: each["title"] for each in listings}
    names = [right["name"] for right in lines(brands)]
    named = {
        (listing, name.casefold())
        for listing, title in titles.items()
        for name in names
        if name.casefold() in title.casefold()
    }

    assert done.returncode == 0
    assert named
    assert named <= cut
    for clue in clues:
        for match in clue["matches"]:
            if match["field"] == "title":
                assert titles[clue["listing_id"]][slice(*match["span"])] == match["seen"]
    unnamed = set(titles) - {listing for listing, _ in named}
    assert not [c for c in clues if c["listing_id"] in unnamed and c["tier"] == "high"]


@pytest.mark.parametrize(
    ("file", "status", "faults"),
    [("cn-litemall/listings.jsonl", 0, 0), ("cn-taobao-json/listings.jsonl", 0, 0)],
)
def test_other_people_s_listings_are_read_to_the_end(brands, file, status, faults):
    done = run("scan", str(DATA / file), "--rights", str(brands))

    assert done.returncode == status
    assert len(done.stderr.splitlines()) == faults


def test_a_file_that_is_no_list_of_lines_has_every_line_reported(brands):
    raw = DATA / "cn-taobao-json" / "raw.json"
    done = run("scan", str(raw), "--rights", str(brands))
    written = [line for line in raw.read_bytes().split(b"\n") if line.strip()]

    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == len(written) + 1  # and the sentence that counts them


@pytest.mark.parametrize(
    "path", sorted(PAGES.glob("shopxo_goods_*.html")), ids=lambda path: path.stem
)
def test_a_saved_shopxo_page_says_what_its_api_says(path):
    told = json.loads(path.with_suffix("").with_suffix(".api.json").read_text("utf-8"))
    number = path.stem.rpartition("_")[2]
    url = f"{BASE}?s=goods/index/id/{number}.html"
    page = read_page(sites.load("shopxo", BASE), url, path.read_text("utf-8"))
    if told["code"] != 0:
        assert (page.standing, page.capture) == (Standing.GONE, None)
        return
    goods = told["data"]["goods"]
    found = page.capture

    assert found is not None
    assert (found.id, found.title) == (number, goods["title"].strip())
    assert (found.price, found.currency) == (float(goods["min_price"]), "CNY")
    assert set(found.images) >= {photo["images"] for photo in goods["photo"]}
    assert fold(found.sales or "").text == str(goods["sales_count"])


@pytest.mark.parametrize(
    ("name", "title", "price"),
    [("2001_19", "2001", 7.99), ("2001_20", "2001", 14.99), ("catch-22_26", "Catch-22", 0.99)],
)
def test_a_saved_oscar_page_says_what_it_shows(name, title, price):
    html = (PAGES / f"oscar_{name}.html").read_text("utf-8")
    page = read_page(sites.load("oscar", BASE), f"{BASE}en-gb/catalogue/{name}/", html)

    assert page.capture is not None
    assert (page.capture.title, page.capture.price) == (title, price)
    assert (page.capture.currency, len(page.capture.images)) == ("GBP", 1)


@pytest.mark.parametrize(
    ("site", "file", "url", "items"),
    [
        ("shopxo", "shopxo_search.html", "?s=search/index.html", 20),
        ("shopxo", "shopxo_home.html", "", 24),
        ("oscar", "oscar_catalogue.html", "en-gb/catalogue/", 20),
    ],
)
def test_a_saved_list_gives_its_items(site, file, url, items):
    page = read_page(sites.load(site, BASE), BASE + url, (PAGES / file).read_text("utf-8"))

    assert page.standing is Standing.LIST
    assert len(page.items) == items
