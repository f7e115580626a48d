"""A hostile little shop on loopback, each trap at an address of its own."""

import gzip
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests import make

ROBOTS = "User-agent: *\nDisallow: /closed\nCrawl-delay: {delay}\n"


def page(title: str, pictures: str = "") -> str:
    return (
        '<html><body><h1 class="item-title">' + title + "</h1>"
        f'<p class="item-price">¥9.90</p><div class="item-gallery">{pictures}</div></body></html>'
    )


class Handler(BaseHTTPRequestHandler):
    asked: Counter[str]
    delay = "0"

    def do_GET(self) -> None:
        self.asked[self.path] += 1
        kind, _, rest = self.path.lstrip("/").partition("/")
        getattr(self, f"serve_{kind.split('.')[0].split('?')[0] or 'home'}", self.missing)(rest)

    def send(self, body: bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        self.send_response(200)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            **headers,
        }.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def missing(self, _rest: str) -> None:
        self.send_error(404)

    def redirect(self, place: str) -> None:
        self.send_response(302)
        self.send_header("Location", place)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def serve_robots(self, _rest: str) -> None:
        self.send(ROBOTS.format(delay=self.delay).encode(), "text/plain")

    def serve_home(self, _rest: str) -> None:
        names = "good huge bomb loop chain inside broken cut notpicture other twice challenge gone"
        links = "".join(f'<a href="/item/{name}.html">{name}</a>' for name in names.split())
        again = '<a href="/item/good.html?from=home">again</a><a href="/closed/item/1.html">c</a>'
        self.send(f"<html><body>{links}{again}</body></html>".encode())

    def serve_item(self, rest: str) -> None:
        getattr(self, f"item_{rest.partition('.')[0]}")()

    def item_good(self) -> None:
        self.send(page("好苹果", '<img src="/pic/1.jpg"><img src="/pic/2.jpg">').encode())

    item_twice = item_good

    def item_huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        try:
            for _ in range(60):
                self.wfile.write(b"x" * (1 << 20))
        except OSError:
            self.asked["huge was cut off"] += 1

    def item_bomb(self) -> None:
        self.send(gzip.compress(b"0" * (200 << 20), 9), Content_Encoding="gzip")

    def item_loop(self) -> None:
        self.redirect("/item/loop.html")

    def item_chain(self) -> None:
        """Each step leads to a new address."""
        self.redirect(f"/item/chain.html?step={self.asked['/item/']}{len(self.asked)}")

    def item_inside(self) -> None:
        self.redirect("http://0x7f.0.0.2:9/secret")

    def item_broken(self) -> None:
        self.send_error(500)

    def item_cut(self) -> None:
        self.send(page("截断图", '<img src="/pic/cut.jpg"><img src="/pic/none.jpg">').encode())

    def item_notpicture(self) -> None:
        self.send(page("不是图", '<img src="/pic/page.jpg">').encode())

    def item_other(self) -> None:
        self.send(page("\x1b[31m红\u202e\x07</h1><script>alert(1)</script>").encode())

    def item_challenge(self) -> None:
        self.send("<html><body><h1>请完成验证</h1></body></html>".encode())

    def item_gone(self) -> None:
        self.send("<html><body><p>商品不存在或已删除</p></body></html>".encode())

    def serve_pic(self, rest: str) -> None:
        if rest == "page.jpg":
            self.send(b"<html>no</html>", "image/jpeg")
        elif rest == "cut.jpg":
            self.send(make.picture(9)[:700], "image/jpeg")
        elif rest == "none.jpg":
            self.send_error(404)
        else:
            self.send(make.picture(int(rest[0])), "image/jpeg")

    def log_message(self, *_given: object) -> None:
        """Tests need no access log."""


@contextmanager
def hostile_shop(delay: str = "0") -> Iterator[tuple[str, Counter[str]]]:
    """The shop's address, and how often each of its paths was asked for."""
    asked: Counter[str] = Counter()
    handler = type("OneShop", (Handler,), {"asked": asked, "delay": delay})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}/", asked
        server.shutdown()
