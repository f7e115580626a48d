"""Runs the feed on loopback until told to stop."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp
from typing_extensions import override

from pipeline.errors import BadSetting


def bind(host: str, port: int) -> socket.socket:
    """A listening socket (port 0: any free one); raises `BadSetting` if it cannot be had."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(128)  # from here on a browser may come, even before the server is up
    except OSError as error:
        listener.close()
        raise BadSetting(
            f"{host}:{port} cannot be had ({error.strerror}); choose another port with --port"
        ) from error
    return listener


class _Quiet(uvicorn.Server):
    """Leaves signals to the one who started the process."""

    @override
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(
    app: ASGIApp, listener: socket.socket, stop: threading.Event, ready: Callable[[], None]
) -> None:
    """Serves until `stop`; open event streams are cut after a second."""
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, timeout_graceful_shutdown=1, lifespan="off"
    )
    server = _Quiet(config)
    worker = threading.Thread(target=server.run, args=([listener],), name="feed", daemon=True)
    worker.start()
    ready()
    stop.wait()
    server.should_exit = True
    worker.join(timeout=3)
