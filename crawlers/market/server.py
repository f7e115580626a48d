"""Serves a market over HTTP on loopback."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Thread

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from crawlers.market import pages, traps
from crawlers.market.goods import Item, Market, Oddity, Shop
from crawlers.market.pictures import jpeg
from crawlers.market.shelves import Shelves, in_round, page_of
from crawlers.market.tables import FOLDER

CRAWL_DELAY = 0.002
SLOW_SECONDS = 2.0


@dataclass(slots=True, kw_only=True)
class Counter:
    """The market as it is open to visitors: its shelves, its rules, and which round it is."""

    shelves: Shelves
    crawl_delay: float
    round: int = 1

    async def home(self, _request: Request) -> Response:
        shelves = self.shelves
        first = page_of(tuple(shelves.items.values()), 1).items
        return HTMLResponse(
            pages.home_page(shelves.categories, tuple(shelves.shops.values()), first)
        )

    async def category(self, request: Request) -> Response:
        number = int(request.path_params["number"])
        if number >= len(self.shelves.categories):
            return _missing()
        path = self.shelves.categories[number]
        page = page_of(self.shelves.by_category[path], _page_number(request))
        extra = (traps.dead_card(),) if page.number == 1 else ()
        heading = " / ".join(path)
        return HTMLResponse(pages.list_page(heading, page, link=request.url.path, extra=extra))

    async def shop(self, request: Request) -> Response:
        shop: Shop | None = self.shelves.shops.get(request.path_params["shop_id"])
        if shop is None:
            return _missing()
        page = page_of(self.shelves.by_shop[shop.id], _page_number(request))
        return HTMLResponse(pages.list_page(shop.name, page, link=request.url.path, shop=shop))

    async def search(self, request: Request) -> Response:
        words = request.query_params.get("q", "").strip()[:100]
        page = page_of(self.shelves.search(words), _page_number(request))
        return HTMLResponse(
            pages.list_page(f"搜索 {words}", page, link="/search", query={"q": words})
        )

    async def deals(self, _request: Request) -> Response:
        page = page_of(tuple(self.shelves.items.values())[-20:], 1)
        return HTMLResponse(pages.list_page("今日特价", page, link="/deals", extra=traps.deals()))

    async def item(self, request: Request) -> Response:
        number = request.path_params["item_id"]
        if number in traps.CHALLENGED:
            return HTMLResponse(pages.challenge_page())
        found = self.shelves.items.get(number)
        item = found and in_round(found, self.round)
        if item is None:
            return _missing()
        if item.oddity is Oddity.SLOW:
            await asyncio.sleep(SLOW_SECONDS)
        return self._item_page(item, request)

    async def picture(self, request: Request) -> Response:
        number, place = request.path_params["item_id"], request.path_params["place"]
        item = self.shelves.items.get(number) or self.shelves.hidden.get(number)
        if item is None or not 1 <= place <= len(item.pictures):
            return PlainTextResponse("no such picture", status_code=404)
        file = await run_in_threadpool(jpeg, item.pictures[place - 1])
        if item.oddity is Oddity.CUT_PICTURE:
            file = file[: len(file) // 2]
        return Response(file, media_type="image/jpeg")

    async def go(self, request: Request) -> Response:
        """Three hops to the item, each with another status."""
        number, hop = request.path_params["item_id"], request.path_params.get("hop")
        hops = {None: (f"/go/{number}/a", 302), "a": (f"/go/{number}/b", 301)}
        target, status = hops.get(hop, (f"/item/{number}.html", 307))
        return RedirectResponse(target, status_code=status)

    async def robots(self, _request: Request) -> Response:
        rules = f"User-agent: *\nCrawl-delay: {self.crawl_delay:g}\nDisallow: /private/\n"
        return PlainTextResponse(rules)

    async def private(self, _request: Request) -> Response:
        return HTMLResponse(pages.private_page(self.shelves.hidden.values()))

    async def private_item(self, request: Request) -> Response:
        item = self.shelves.hidden.get(request.path_params["item_id"])
        return self._item_page(item, request) if item else _missing()

    async def next_round(self, _request: Request) -> Response:
        self.round += 1
        return PlainTextResponse(str(self.round))

    def _item_page(self, item: Item, request: Request) -> Response:
        trail = (item.category[:length] for length in range(1, len(item.category) + 1))
        crumbs = [(path[-1], f"/category/{self.shelves.categories.index(path)}") for path in trail]
        site = str(request.base_url).rstrip("/")
        related = self.shelves.related(item)
        return HTMLResponse(pages.item_page(item, crumbs, related, site))


async def loop(request: Request) -> Response:
    turn = request.query_params.get("turn", "0")
    after = int(turn) + 1 if turn.isdecimal() and len(turn) < 9 else 1
    return RedirectResponse(f"/loop?turn={after}")


async def huge(_request: Request) -> Response:
    return StreamingResponse(traps.huge_page(), media_type="text/html; charset=utf-8")


async def bomb(_request: Request) -> Response:
    page = await run_in_threadpool(traps.swollen_page)
    return HTMLResponse(page, headers={"Content-Encoding": "gzip"})


async def inside(_request: Request) -> Response:
    return RedirectResponse(traps.INSIDE)


async def style(_request: Request) -> Response:
    return FileResponse(FOLDER / "style.css")


def make_app(market: Market, crawl_delay: float = CRAWL_DELAY) -> Starlette:
    counter = Counter(shelves=Shelves(market), crawl_delay=crawl_delay)
    return Starlette(
        routes=[
            Route("/", counter.home),
            Route("/category/{number:int}", counter.category),
            Route("/shop/{shop_id}", counter.shop),
            Route("/search", counter.search),
            Route("/deals", counter.deals),
            Route("/item/huge.html", huge),
            Route("/item/bomb.html", bomb),
            Route("/item/inside.html", inside),
            Route("/item/{item_id}.html", counter.item),
            Route("/pic/{item_id}-{place:int}.jpg", counter.picture),
            Route("/go/{item_id}", counter.go),
            Route("/go/{item_id}/{hop}", counter.go),
            Route("/robots.txt", counter.robots),
            Route("/private/", counter.private),
            Route("/private/item/{item_id}.html", counter.private_item),
            Route("/private/next-round", counter.next_round, methods=["POST"]),
            Route("/loop", loop),
            Route("/huge", huge),
            Route("/style.css", style),
        ]
    )


def listening(port: int = 0) -> socket.socket:
    """A socket on loopback that already accepts; port 0 takes any free one."""
    # asyncio sets no-delay only where the protocol is named; without it each answer waits 40 ms.
    door = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind(("127.0.0.1", port))
    door.listen(256)
    return door


def address(door: socket.socket) -> str:
    return f"http://127.0.0.1:{door.getsockname()[1]}/"


def make_server(app: Starlette) -> uvicorn.Server:
    """A quiet server that on closing waits for nobody."""
    config = uvicorn.Config(
        app,
        log_level="critical",
        access_log=False,
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=0,
    )
    return uvicorn.Server(config)


@contextmanager
def serving(market: Market, crawl_delay: float = CRAWL_DELAY) -> Iterator[str]:
    """The market's address while a thread serves it."""
    server, door = make_server(make_app(market, crawl_delay)), listening()
    thread = Thread(target=server.run, kwargs={"sockets": [door]}, daemon=True)
    thread.start()
    try:
        yield address(door)
    finally:
        server.should_exit = True
        thread.join(timeout=5)
        door.close()


def _page_number(request: Request) -> int:
    wanted = request.query_params.get("page", "1")
    return int(wanted) if wanted.isdecimal() and len(wanted) < 6 else 1


def _missing() -> HTMLResponse:
    """A soft 404: the words say it, the status does not."""
    return HTMLResponse(pages.missing_page())
