"""One crawl of one site; a reactor cannot start twice, so each crawl is a process of its own."""

import logging
from collections import Counter
from collections.abc import Callable, Mapping

from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess

from crawlers import polite
from crawlers.publish import Desk, Publisher
from crawlers.sites import Site
from crawlers.spider import ShopSpider
from pipeline.bus import Bus
from pipeline.vault import Vault


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
    process = AsyncCrawlerProcess(polite.settings(site) | pipelines, install_root_handler=False)
    logging.getLogger("scrapy").setLevel(logging.ERROR)  # after Scrapy has set it to DEBUG
    crawler = process.create_crawler(ShopSpider)
    if progress:
        crawler.signals.connect(progress, signal=signals.response_received, weak=False)
    process.crawl(crawler, desk=desk, query=query)
    process.start()
    return tally
