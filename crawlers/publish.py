"""Scrapy item pipeline: page and pictures → vault, then Capture → bus; never the reverse."""

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawlers.polite import PICTURE_BYTES, Outcome, Visit, outcome_of
from crawlers.sites import Site
from pipeline import codec
from pipeline.bus import Bus, Topic
from pipeline.media import picture_type
from pipeline.records import Capture, Evidence, Picture
from pipeline.vault import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An item as the spider met it: what it says, and the bytes that said so."""

    capture: Capture
    body: bytes
    media_type: str
    seen: datetime


@dataclass(frozen=True, slots=True)
class Desk:
    """What the pipeline writes to."""

    site: Site
    bus: Bus
    vault: Vault
    tally: Counter[str]


class Publisher:
    """Keeps evidence first and tells of it second: a crash between leaves evidence, no ghost."""

    def __init__(self, crawler: Crawler, desk: Desk) -> None:
        self._crawler = crawler
        self._desk = desk
        self._pictures: dict[str, asyncio.Task[Picture]] = {}

        crawler.signals.connect(self._dropped, signal=signals.request_dropped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.spider.desk)  # type: ignore[union-attr]  # our one spider has a desk

    async def process_item(self, item: Any) -> Any:  # noqa: ANN401 - Scrapy's own
        if isinstance(item, Visit):
            await self._note(item)
        elif isinstance(item, Found):
            await self._publish(item)
        return item

    def _dropped(self, request: Request) -> None:
        """A redirect to an address asked before is dropped before any callback hears of it."""
        passed = request.meta.get("redirect_urls")
        if passed:
            outcome = Outcome.REDIRECTS if request.url in passed else Outcome.SEEN
            record = Visit(url=request.url, outcome=outcome, at=datetime.now(UTC))
            asyncio.get_running_loop().create_task(self._note(record))

    async def _note(self, record: Visit) -> None:
        self._desk.tally[record.outcome] += 1
        signed = replace(record, site=self._desk.site.name)
        await self._tell(Topic.CRAWLS, signed.url, codec.pack(signed))

    async def _publish(self, found: Found) -> None:
        page = await asyncio.to_thread(
            self._desk.vault.put, found.body, found.media_type, found.capture.url
        )
        wanted = found.capture.images[: self._desk.site.polite.pictures]
        pictures = await asyncio.gather(*(self._picture(url) for url in wanted))
        capture = replace(found.capture, page=page, pictures=tuple(pictures), seen_at=found.seen)
        self._desk.tally["pictures"] += sum(picture.kept is not None for picture in pictures)
        await self._tell(Topic.CAPTURES, capture.key, codec.pack(capture))
        self._desk.tally["captures"] += 1

    async def _tell(self, topic: Topic, key: str, body: bytes) -> None:
        await asyncio.to_thread(self._desk.bus.publish, topic, key, body)

    async def _picture(self, url: str) -> Picture:
        """Fetched once a crawl, however many items show it."""
        if url not in self._pictures:
            self._pictures[url] = asyncio.ensure_future(self._fetch(url))
        return await self._pictures[url]

    async def _fetch(self, url: str) -> Picture:
        request = Request(url, callback=NO_CALLBACK, meta={"download_maxsize": PICTURE_BYTES})
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:  # noqa: BLE001 - Scrapy's downloader raises Twisted's whole zoo
            problem = str(error)[:200] or type(error).__name__
            why = outcome_of(error, url)
            await self._note(Visit(url=url, outcome=why, detail=problem, at=datetime.now(UTC)))
            return Picture(source=url, problem=problem)
        return await self._kept(url, response)

    async def _kept(self, url: str, response: Response) -> Picture:
        media_type = picture_type(response.body)
        if response.status != 200 or media_type is None:
            return Picture(source=url, problem=f"HTTP {response.status}, not a picture")
        kept: Evidence = await asyncio.to_thread(
            self._desk.vault.put, response.body, media_type, url
        )
        return Picture(source=url, kept=kept)
