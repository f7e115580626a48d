"""Measures a whole crawl of the practice market in pages a second, against a bare Scrapy spider.

A page is a record on topic `crawls`. Ours reads each page, fetches its pictures, keeps all of it
in the vault and publishes; the bare spider fetches the same addresses, found for it beforehand,
and drops them. The market draws its pictures in the first crawl, which is not counted.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

sys.path.append(str(Path(__file__).resolve().parents[1]))

from benchmarks.programs import ROOT, OpenMarket, environment, practice_market, seconds
from benchmarks.rounds import Contender, alternate, table, verdict
from crawlers.polite import Visit
from pipeline import codec
from pipeline.bus import Reader, Topic, open_bus
from pipeline.records import Capture

Kind = TypeVar("Kind")

TARGET = 60
TWO_PAGES = 'like = "market"\nitem = ["no such address"]\nfollow = ["/category/0$"]\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crawled:
    """What a crawl left behind."""

    pages: Sequence[str]
    pictures: Sequence[str]
    files: int
    megabytes: float


def main() -> None:
    options = _options()
    with practice_market(options.items, options.seed) as market:
        _, crawled = _crawl(market, "market")
        print(
            f"data: practice market, seed {options.seed}, {options.items:,} items: "
            f"{len(crawled.pages):,} pages, {len(crawled.pictures):,} pictures; "
            f"{crawled.files:,} files in the vault, {crawled.megabytes:.1f} MB"
        )
        done = alternate((_ours(market), _plain(market, crawled)), options.rounds)
    print("\n".join(table("pages/s", done)))
    print(verdict("design", median(done["markwatch crawl"]), TARGET, "pages/s"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=600)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def _ours(market: OpenMarket) -> Contender:
    def measure() -> float:
        start, first = _two_pages(market)
        taken, crawled = _crawl(market, "market")
        pages = len(crawled.pages) - len(first.pages)
        print(f"ours: {taken:.2f} s, of which start-up and two pages {start:.2f} s", flush=True)
        return pages / (taken - start)

    return Contender(name="markwatch crawl", measure=measure)


def _two_pages(market: OpenMarket) -> tuple[float, _Crawled]:
    with tempfile.TemporaryDirectory(prefix="markwatch-site-") as folder:
        site = Path(folder) / "two.toml"
        site.write_text(TWO_PAGES, "utf-8")
        return _crawl(market, str(site))


def _crawl(market: OpenMarket, site: str) -> tuple[float, _Crawled]:
    """Seconds, and what was crawled, in a fresh data folder."""
    with tempfile.TemporaryDirectory(prefix="markwatch-crawl-") as data:
        arguments = ["-m", "markwatch", "crawl", site, "--base", market.url]
        taken = seconds(arguments, data=data, rights=market.rights)
        return taken, _left(Path(data))


def _left(data: Path) -> _Crawled:
    bus = open_bus(f"sqlite:{data / 'bus.sqlite'}")
    records = _all(bus.follow(Topic.CRAWLS), Visit)
    captures = _all(bus.follow(Topic.CAPTURES), Capture)
    bus.close()
    pictures = {picture.source for capture in captures for picture in capture.pictures}
    kept = [path for path in (data / "vault").rglob("*") if path.is_file()]
    return _Crawled(
        pages=[record.url for record in records],
        pictures=sorted(pictures),
        files=len(kept),
        megabytes=sum(path.stat().st_size for path in kept) / 1e6,
    )


def _all(reader: Reader, kind: type[Kind]) -> Sequence[Kind]:
    found: list[Kind] = []
    while messages := reader.poll(0):
        found.extend(codec.decode(message.body, kind) for message in messages)
    reader.close()
    return found


def _plain(market: OpenMarket, crawled: _Crawled) -> Contender:
    urls = [*crawled.pages, *crawled.pictures]

    def measure() -> float:
        start, _ = _fetch(market, crawled.pages[:2])
        taken, answers = _fetch(market, urls)
        print(f"bare: {taken:.2f} s, {answers:,} answers, start-up {start:.2f} s", flush=True)
        return (len(crawled.pages) - 2) / (taken - start)

    return Contender(name="bare spider, same addresses", measure=measure)


def _fetch(market: OpenMarket, urls: Sequence[str]) -> tuple[float, int]:
    work = json.dumps({"base": market.url, "urls": list(urls)}).encode()
    began = time.perf_counter()
    found = subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "plain_spider.py")],
        input=work,
        env=environment(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return time.perf_counter() - began, int(found.stdout)


if __name__ == "__main__":
    main()
