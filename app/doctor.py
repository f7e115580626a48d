"""What is reachable, what is missing, and how to get it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass

from crawlers import sites
from detectors.pictures import reading
from pipeline import rights
from pipeline.address import shown
from pipeline.bus import Topic, open_bus
from pipeline.errors import BrokenWorld, MarkwatchError
from pipeline.index import Query, open_index
from pipeline.settings import Settings
from pipeline.sqlite import version

FREE_BYTES = 1 << 30
SERVERS = {"kafka": "kafka", "http": "elasticsearch", "https": "elasticsearch"}


@dataclass(frozen=True, slots=True)
class Check:
    what: str
    fine: bool
    found: str


def checks(settings: Settings) -> Iterator[Check]:
    """Each thing looked at, in the order in which one would mend them."""
    yield Check("python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield Check("sqlite", fine=True, found=version())
    yield _tried("data folder", lambda: _space(settings))
    yield _tried("bus", lambda: _bus(settings.bus))
    yield _tried("index", lambda: _index(settings.index))
    yield _tried("rights", lambda: _rights(settings))
    yield Check("text in pictures", fine=True, found=_reading(settings))
    yield Check("sites", fine=True, found=", ".join(sites.names()))


def _tried(what: str, look: Callable[[], str]) -> Check:
    try:
        return Check(what, fine=True, found=look())
    except (MarkwatchError, OSError) as error:
        return Check(what, fine=False, found=str(error))


def _bus(url: str) -> str:
    """Asks a question that only a bus that works can answer."""
    with _with_advice(url), closing(open_bus(url)) as bus:
        bus.end(Topic.CAPTURES)
    return shown(url)


def _index(url: str) -> str:
    with _with_advice(url), closing(open_index(url)) as index:
        total = index.search(Query(limit=1)).total
    return f"{shown(url)} ({total} clues)"


@contextmanager
def _with_advice(url: str) -> Iterator[None]:
    try:
        yield
    except BrokenWorld as error:
        server = SERVERS.get(url.partition(":")[0])
        advice = f"; is it up? `docker compose up -d {server}`" if server else ""
        raise BrokenWorld(f"{shown(url)}: {error}{advice}") from error


def _space(settings: Settings) -> str:
    settings.data.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.data).free
    if free < FREE_BYTES:
        raise OSError(
            f"{settings.data}: only {free >> 20} MiB free; make room or set MARKWATCH_DATA"
        )
    return f"{settings.data} ({free >> 30} GiB free)"


def _rights(settings: Settings) -> str:
    if not settings.rights.exists():
        return f"the sample list ({rights.SAMPLE}); import your own: markwatch rights import FILE"
    return f"{settings.rights}: {len(rights.load(settings.rights).rights)} rights"


def _reading(settings: Settings) -> str:
    if lacking := reading.lacking():
        return f"not read, {lacking}"
    if settings.reading == 0:
        return "not read, as MARKWATCH_READING=0 says"
    return f"read for at most {settings.reading:.0%} of the time"
