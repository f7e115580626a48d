"""What `crawl_speed` compares with: a bare Scrapy spider that fetches a list and keeps nothing.

It reads `{"base": …, "urls": […]}` from standard input, obeys the same manners as our crawl, and
prints how many answers came.
"""

import json
import logging
import sys
from collections.abc import AsyncIterator
from pathlib import Path

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure
from typing_extensions import override

sys.path.append(str(Path(__file__).resolve().parents[1]))

from crawlers import polite, sites


class PlainSpider(Spider):
    """Asks for each address; what comes back is dropped."""

    name = "plain"
    answers = 0

    def __init__(self, urls: list[str]) -> None:
        super().__init__()
        self.urls = urls

    @override
    async def start(self) -> AsyncIterator[Request]:
        for url in self.urls:
            yield Request(url, callback=self.read, errback=self.read)

    def read(self, _answer: Response | Failure) -> None:
        PlainSpider.answers += 1


def main() -> None:
    work = json.load(sys.stdin)
    settings = polite.settings(sites.load("market", work["base"]))
    process = AsyncCrawlerProcess(settings | {"LOG_INSTALL_ROOT_HANDLER": False})
    logging.getLogger("scrapy").setLevel(logging.CRITICAL)
    process.crawl(PlainSpider, urls=work["urls"])
    process.start()
    print(PlainSpider.answers)


if __name__ == "__main__":
    main()
