"""Settings as one value, read from the environment once and passed on."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import BadSetting

PREFIX = "MARKWATCH_"
FEED = "127.0.0.1:8765"
LOG = "plain"
READING = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are kept and who is told; docs/settings.md has them all."""

    data: Path
    bus: str
    index: str
    rights: Path
    mail: str | None = None
    mail_to: str | None = None
    webhook: str | None = None
    alerts_file: Path | None = None
    feed: str = FEED
    monitor: str | None = None
    log: str = LOG
    reading: float = READING

    @property
    def vault(self) -> Path:
        return self.data / "vault"


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """What `MARKWATCH_…` variables name; the rest has its embedded default."""

    def given(name: str) -> str | None:
        return environment.get(PREFIX + name) or None

    data = Path(given("DATA") or "markwatch-data").absolute()
    alerts_file = given("ALERTS_FILE")
    return Settings(
        data=data,
        bus=given("BUS") or f"sqlite:{data / 'bus.sqlite'}",
        index=given("INDEX") or f"sqlite:{data / 'index.sqlite'}",
        rights=Path(given("RIGHTS") or data / "rights" / "rights.jsonl"),
        mail=given("MAIL"),
        mail_to=given("MAIL_TO"),
        webhook=given("WEBHOOK"),
        alerts_file=Path(alerts_file) if alerts_file else None,
        feed=given("FEED") or FEED,
        monitor=given("MONITOR"),
        log=given("LOG") or LOG,
        reading=_share("READING", given("READING"), READING),
    )


def _share(name: str, text: str | None, otherwise: float) -> float:
    try:
        share = otherwise if text is None else float(text)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise BadSetting(f"{PREFIX}{name}={text!r}: write a share from 0 to 1")
    return share
