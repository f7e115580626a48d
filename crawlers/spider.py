"""The one spider: where to go next. What a page says is for `pages`, how to behave for `polite`."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure
from typing_extensions import override

from crawlers.pages import Page, Standing, read_page
from crawlers.polite import Outcome, Visit, refusal
from crawlers.publish import Desk, Found

ITEM_FIRST = 10


class ShopSpider(Spider):
    """Crawls one site from its start, or from the answer to one query."""

    name = "shop"

    def __init__(self, desk: Desk, query: str | None = None) -> None:
        super().__init__()
        self.desk = desk
        self.site = replace(desk.site, follow=desk.site.answers) if query else desk.site
        self._searching = query is not None
        self.starts = desk.site.starts(query)
        self._found: set[str] = set()

    @override
    async def start(self) -> AsyncIterator[Any]:
        for url in self.starts:
            yield self._ask(url)

    def read(self, response: Response) -> Iterator[Request | Found | Visit]:
        """One answer: its record, its item if it is a new one, and the pages it leads to."""
        if not isinstance(response, TextResponse):
            yield _record(response, Outcome.NOT_A_PAGE, response.headers.get("Content-Type"))
            return
        page = read_page(self.site, response.url, response.text)
        yield _record(response, _OUTCOMES[page.standing])
        yield from self._items(page, response)
        if not (self._searching and page.capture):
            yield from self._onward(page)

    def _items(self, page: Page, response: TextResponse) -> Iterator[Found]:
        capture = page.capture
        if capture is None or capture.id in self._found:
            return
        self._found.add(capture.id)
        seen = datetime.now(UTC)
        media_type = (response.headers.get("Content-Type") or b"text/html").decode("latin-1")
        yield Found(capture=capture, body=response.body, media_type=media_type, seen=seen)

    def _onward(self, page: Page) -> Iterator[Request]:
        for url in page.items:
            if self.site.item_of(url) not in self._found:
                yield self._ask(url, ITEM_FIRST)
        for url in page.follow:
            yield self._ask(url)

    def _ask(self, url: str, priority: int = 0) -> Request:
        return Request(url, callback=self.read, errback=self.refused, priority=priority)

    def refused(self, failure: Failure) -> Iterator[Visit]:
        """A page that was not read: by whose decision, and why."""
        yield refusal(failure)


_OUTCOMES = {
    Standing.ITEM: Outcome.ITEM,
    Standing.LIST: Outcome.LIST,
    Standing.GONE: Outcome.GONE,
    Standing.CHALLENGE: Outcome.CHALLENGE,
}


def _record(response: Response, outcome: Outcome, detail: bytes | None = None) -> Visit:
    return Visit(
        url=response.url,
        outcome=outcome,
        status=response.status,
        detail=detail.decode("latin-1") if detail else None,
        at=datetime.now(UTC),
    )
