"""The wiring: settings → parts → stages."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from alerts.notify import Told, notify_stage
from alerts.rules import Rule
from alerts.sinks import Console, File, Mail, Sink, Webhook
from app.children import run_crawl
from crawlers.schedule import crawl_stage
from detectors.fingerprint import fingerprint_stage
from detectors.gather import gather_stage
from detectors.gists import Gists
from detectors.reader import PictureReader
from detectors.rescreen import rescreen_stage
from detectors.screen import InForce, screen_stage
from pipeline import codec, rights
from pipeline.album import Album
from pipeline.bus import Bus, open_bus
from pipeline.errors import BadInput, BadSetting
from pipeline.index import Index, Kind, open_index
from pipeline.indexing import index_stages
from pipeline.metrics import Metrics
from pipeline.records import Clue
from pipeline.rights import RightsFile
from pipeline.settings import PREFIX, Settings
from pipeline.stage import Stage
from pipeline.vault import Vault

STAGES = (
    "schedule",
    "crawl",
    "fingerprint",
    "screen",
    "rescreen",
    "gather",
    "index",
    "notify",
    "feed",
)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One of everything, opened as the settings say."""

    settings: Settings
    bus: Bus
    index: Index
    vault: Vault
    album: Album
    rights: RightsFile
    in_force: InForce


@contextmanager
def open_parts(settings: Settings) -> Iterator[Parts]:
    """Opens the parts and closes them; the sample list stands in where none is imported."""
    bus, index, vault = open_bus(settings.bus), open_index(settings.index), Vault(settings.vault)
    vault.sweep()
    album = Album(settings.data / "album.sqlite")
    try:
        yield Parts(
            settings=settings,
            bus=bus,
            index=index,
            vault=vault,
            album=album,
            rights=rights.in_force(settings.rights),
            in_force=InForce(settings.rights),
        )
    finally:
        bus.close()
        index.close()
        album.close()


def clue_of(parts: Parts, id_: str) -> Clue:
    """The clue as it stands in the index. Raises `BadInput`."""
    document = parts.index.get(Kind.CLUE, id_)
    if document is None:
        raise BadInput(f"no clue {id_!r}; `markwatch clues` lists them")
    return codec.decode(document.body, Clue)


def sinks(settings: Settings, say: Say) -> tuple[Sink, ...]:
    """The sinks that the settings name, the console always."""
    found: list[Sink] = [Console(say)]
    if settings.alerts_file:
        found.append(File(settings.alerts_file))
    if settings.mail and settings.mail_to:
        found.append(Mail(settings.mail, settings.mail_to))
    if settings.webhook:
        if not settings.webhook.startswith(("http://", "https://")):
            raise BadSetting(f"{PREFIX}WEBHOOK={settings.webhook!r}: write http://… or https://…")
        found.append(Webhook(settings.webhook))
    return tuple(found)


def stages(
    parts: Parts, name: str, say: Say, stop: threading.Event, metrics: Metrics | None = None
) -> tuple[Stage[Any], ...]:
    """The consume loops of one named stage; `stop` ends a crawl that one of them waits for."""
    makers: Mapping[str, Callable[[], tuple[Stage[Any], ...]]] = {
        "crawl": lambda: (crawl_stage(lambda plan: run_crawl(parts.settings, plan, stop)),),
        "fingerprint": lambda: (fingerprint_stage(parts.vault, _reader(parts, metrics)),),
        "screen": lambda: (screen_stage(parts.in_force),),
        "rescreen": lambda: (rescreen_stage(parts.bus, _gists(parts), parts.in_force),),
        "gather": lambda: (gather_stage(parts.album),),
        "index": lambda: index_stages(parts.index),
        "notify": lambda: (_notify_stage(parts, say),),
    }
    return makers[name]()


def _reader(parts: Parts, metrics: Metrics | None) -> PictureReader:
    return PictureReader(parts.settings.reading, tell=(metrics or Metrics()).picture)


def _gists(parts: Parts) -> Gists:
    return Gists(parts.settings.data / "gists.sqlite", parts.settings.bus)


def _notify_stage(parts: Parts, say: Say) -> Stage[Clue]:
    ready = sinks(parts.settings, say)
    told = Told(parts.settings.data / "told.sqlite")
    return notify_stage(told, ready, (Rule(sinks=tuple(sink.name for sink in ready)),))
