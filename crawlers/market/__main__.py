"""Opens the practice market, and says on one line of JSON where it stands."""

import argparse
import json
import os
import signal
import sys
from pathlib import Path
from threading import Thread
from types import FrameType

import uvicorn

from crawlers.market.catalogue import make_market
from crawlers.market.practice import practice_rights
from crawlers.market.server import CRAWL_DELAY, address, listening, make_app, make_server
from crawlers.market.truth import write_truth


def main() -> None:
    settings = _settings()
    rights = _rights(settings.rights)
    market = make_market(settings.seed, rights, settings.items)
    path = practice_rights(market, rights, settings.practice)
    write_truth(settings.truth, market.truths)
    server, door = make_server(make_app(market, settings.crawl_delay)), listening(settings.port)
    _close_when_told(server)
    if settings.with_parent:
        Thread(target=_close_with_parent, args=(server,), daemon=True).start()
    _say(url=address(door), items=len(market.items), shops=len(market.shops), rights=str(path))
    server.run(sockets=[door])


def _settings() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="crawlers.market", description=__doc__)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--items", type=int, default=2000)
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    parser.add_argument("--rights", type=Path, required=True, help="rights to misuse, JSON Lines")
    parser.add_argument("--practice", type=Path, required=True, help="folder for the rights file")
    parser.add_argument("--truth", type=Path, required=True, help="file for the truth, JSON Lines")
    parser.add_argument("--crawl-delay", type=float, default=CRAWL_DELAY, help="seconds")
    parser.add_argument("--with-parent", action="store_true", help="end when stdin is closed")
    return parser.parse_args()


def _rights(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def _say(**facts: object) -> None:
    sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _close_when_told(server: uvicorn.Server) -> None:
    """Covers the moments around uvicorn's own handlers: before they stand, and after they fall,
    when uvicorn raises the signal again, which would make a clean end look like a failure.
    """

    def close(_number: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, close)


def _close_with_parent(server: uvicorn.Server) -> None:
    # Below Python's own stdin: a thread that waits on that one holds its lock while Python ends.
    while os.read(0, 4096):
        pass
    server.should_exit = True


if __name__ == "__main__":
    main()
