"""One crawl of one site; a reactor cannot start twice, so each crawl is a process of its own."""

import logging
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess

from crawlers import polite
from crawlers.publish import Desk, Publisher
from crawlers.sites import Site
from crawlers.spider import ShopSpider
from pipeline.bus import Bus
from pipeline.vault import Vault

GRACE_SECONDS = 2.0


def crawl(
    site: Site,
    bus: Bus,
    vault: Vault,
    query: str | None = None,
    progress: Callable[[], object] | None = None,
) -> Mapping[str, int]:
    """Crawls to the end or to the first TERM or Ctrl-C; returns how many of each outcome."""
    tally: Counter[str] = Counter()
    desk = Desk(site, bus, vault, tally)
    pipelines = {"ITEM_PIPELINES": {Publisher: 0}}
    process = AsyncCrawlerProcess(polite.settings(site) | pipelines)
    logging.getLogger("scrapy").setLevel(logging.ERROR)  # after Scrapy has set it to DEBUG
    crawler = process.create_crawler(ShopSpider)
    if progress:
        crawler.signals.connect(progress, signal=signals.response_received, weak=False)
    crawler.signals.connect(_be_impatient, signal=signals.engine_started)
    process.crawl(crawler, desk=desk, query=query)
    process.start()
    return tally


def _be_impatient() -> None:
    """Scrapy ends in order at the first signal and at once at the second: we send the second."""
    for number in (signal.SIGINT, signal.SIGTERM):
        in_order = signal.getsignal(number)

        def first(number: int, frame: FrameType | None, in_order: Any = in_order) -> None:  # noqa: ANN401 - the signal module's own
            in_order(number, frame)
            again = threading.Timer(GRACE_SECONDS, os.kill, (os.getpid(), signal.SIGTERM))
            again.daemon = True
            again.start()

        signal.signal(number, first)
