"""What is reachable, what is missing, and how to get it."""

import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from crawlers import sites
from pipeline import rights
from pipeline.bus import open_bus
from pipeline.errors import MarkwatchError
from pipeline.index import open_index
from pipeline.settings import Settings
from pipeline.sqlite import version

FREE_BYTES = 1 << 30


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
    yield _tried("bus", lambda: _opened(settings.bus, lambda: open_bus(settings.bus).close()))
    yield _tried(
        "index", lambda: _opened(settings.index, lambda: open_index(settings.index).close())
    )
    yield _tried("rights", lambda: _rights(settings))
    yield Check("sites", fine=True, found=", ".join(sites.names()))


def _tried(what: str, look: Callable[[], str]) -> Check:
    try:
        return Check(what, fine=True, found=look())
    except (MarkwatchError, OSError) as error:
        return Check(what, fine=False, found=str(error))


def _opened(url: str, opened: Callable[[], None]) -> str:
    opened()
    return url


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
