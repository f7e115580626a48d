"""The main job in front of one's eyes: practice market → crawl → screen → index → feed."""

import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from subprocess import PIPE

from app import children, system
from app.running import Running, drain, stop_on_signals
from app.system import Parts, Say
from crawlers.market.score import score
from crawlers.market.truth import read_truth
from crawlers.schedule import Plan
from pipeline import codec
from pipeline.assessed import Tier
from pipeline.bus import Topic, history
from pipeline.errors import BrokenWorld
from pipeline.index import Kind, Query, every
from pipeline.index.base import LARGEST_PAGE
from pipeline.records import Clue
from pipeline.rights import SAMPLE
from pipeline.settings import Settings, read_settings

LOOPS = ("fingerprint", "screen", "index", "notify")
TOLD = (Tier.HIGH, Tier.REVIEW)
WATCH_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """How to give the demonstration."""

    once: bool
    port: int
    items: int
    seed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Market:
    url: str
    truth: Path


def run(
    show: Show, data: Path | None, say: Say, opened: Callable[[str], object] | None
) -> Iterator[str]:
    """Gives it; yields the lines of its result. Ends by itself with `once`, else when stopped."""
    with ExitStack() as stack:
        folder = data or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix="markwatch-demo-"))
        )
        running = Running()
        stop_on_signals(running.stop)
        say("演练市场开张（practice market opening）…")
        market = _open_market(stack, show, folder)
        parts = stack.enter_context(system.open_parts(_settings(folder)))
        stack.callback(running.finish)
        running.start_stages(parts, LOOPS, _silent if show.once else say)
        if not show.once:
            address = running.start_feed(parts, "127.0.0.1", show.port)
            yield f"线索页面（一次性链接）: {address}"
            if opened:
                opened(address)
        _crawl(parts, running, market, say)
        if show.once and not running.stop.is_set():
            running.finish()
            drain(parts, LOOPS, _silent)
            yield from _summary(parts, market)
            return
        if not running.stop.is_set():
            say("采集完毕，页面仍开着；按 Ctrl+C 结束（Ctrl+C ends it）。")
        running.stop.wait()


def _silent(text: str) -> None:
    """With --once the result is the table, not the alerts."""


def _settings(folder: Path) -> Settings:
    rights = folder / "practice" / "rights.jsonl"
    own = {"MARKWATCH_DATA": str(folder / "data"), "MARKWATCH_RIGHTS": str(rights)}
    reading = {name: os.environ[name] for name in ["MARKWATCH_READING"] if name in os.environ}
    return read_settings(own | reading)


def _open_market(stack: ExitStack, show: Show, folder: Path) -> _Market:
    """Starts the market; its truth lies in a folder of its own that only we are told of."""
    secret = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="markwatch-truth-")))
    truth = secret / "truth.jsonl"
    options = ["--seed", str(show.seed), "--items", str(show.items), "--port", "0", "--with-parent"]
    places = [
        "--rights",
        str(SAMPLE),
        "--practice",
        str(folder / "practice"),
        "--truth",
        str(truth),
    ]
    market = stack.enter_context(
        children.child(["-m", "crawlers.market", *options, *places], stdout=PIPE)
    )
    line = market.stdout.readline() if market.stdout else b""
    if not line:
        raise BrokenWorld("the practice market did not open; what it said stands above")
    return _Market(url=json.loads(line)["url"], truth=truth)


def _crawl(parts: Parts, running: Running, market: _Market, say: Say) -> None:
    plan = Plan(site="market", base=market.url)
    began = time.monotonic()
    with children.crawl_process(parts.settings, plan) as crawl:
        while crawl.poll() is None and not running.stop.wait(WATCH_SECONDS):
            pass
        if crawl.poll():
            raise BrokenWorld(f"the crawl ended with status {crawl.returncode}")
    if not running.stop.is_set():
        say(f"采集用时 {time.monotonic() - began:.0f} 秒")


def _summary(parts: Parts, market: _Market) -> Iterator[str]:
    clues = [
        codec.decode(hit.document.body, Clue)
        for hit in every(parts.index, Query(kind=Kind.CLUE, limit=LARGEST_PAGE))
    ]
    pages, listings = _counts(parts)
    tiers = {tier: sum(clue.tier is tier for clue in clues) for tier in Tier}
    yield f"pages {pages}  listings {listings}  clues " + "  ".join(
        f"{tier.value} {count}" for tier, count in tiers.items()
    )
    yield from score(read_truth(market.truth), clues)


def _counts(parts: Parts) -> tuple[int, int]:
    def length(topic: Topic) -> int:
        return sum(1 for _ in history(parts.bus, topic))

    return length(Topic.CRAWLS), length(Topic.LISTINGS)
