"""What a monitor asks a running process: `/healthz` and Prometheus' `/metrics`."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from typing_extensions import override

from pipeline.address import read_place
from pipeline.errors import BadSetting
from pipeline.metrics import Metrics


@contextmanager
def monitored(place: str | None, metrics: Metrics, alive: Callable[[], bool]) -> Iterator[None]:
    """Answers at `HOST:PORT` while the block runs; raises `BadSetting` where it cannot."""
    if place is None:
        yield
        return
    try:
        server = ThreadingHTTPServer(
            read_place("MARKWATCH_MONITOR", place), _handler(metrics, alive)
        )
    except OSError as error:
        raise BadSetting(f"MARKWATCH_MONITOR={place!r}: {error}") from error
    threading.Thread(target=server.serve_forever, name="monitor", daemon=True).start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _handler(metrics: Metrics, alive: Callable[[], bool]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/metrics":
                self._answer(200, "text/plain; version=0.0.4; charset=utf-8", metrics.page())
            elif self.path == "/healthz":
                states = {name: reason or "works" for name, reason in metrics.states().items()}
                body = json.dumps({"alive": alive(), "stages": states}, ensure_ascii=False)
                self._answer(200 if alive() else 503, "application/json", body.encode())
            else:
                self._answer(404, "text/plain", b"/healthz or /metrics\n")

        def _answer(self, status: int, kind: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """A monitor asks every few seconds; that is no news."""

    return Handler
