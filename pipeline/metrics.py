"""What stages do, counted for Prometheus; the only module that names it."""

import threading
from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 3600)


class Metrics:
    """The counts of one process. Names and labels are a contract: docs/operate.md has them."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._lock = threading.Lock()
        self._waiting: dict[str, Exception | None] = {}
        self._consumed = Counter(
            "markwatch_consumed", "Messages handled and committed", ["stage"], registry=registry
        )
        self._produced = Counter(
            "markwatch_produced", "Messages published", ["stage", "topic"], registry=registry
        )
        self._failed = Counter(
            "markwatch_failed", "Messages set aside as dead letters", ["stage"], registry=registry
        )
        self._lag = Gauge(
            "markwatch_lag", "Messages waiting for the stage", ["stage"], registry=registry
        )
        self._working = Gauge(
            "markwatch_working",
            "0 while the stage waits for a server",
            ["stage"],
            registry=registry,
        )
        self._handling = Histogram(
            "markwatch_handling_seconds",
            "From a batch's first message handled to its commit",
            ["stage"],
            buckets=SECONDS,
            registry=registry,
        )
        self._pictures = Counter(
            "markwatch_pictures",
            "Pictures by whether their text was read, or why not",
            ["reading"],
            registry=registry,
        )
        self._age = Histogram(
            "markwatch_age_seconds",
            "From a listing seen to the stage being done with it",
            ["stage"],
            buckets=SECONDS,
            registry=registry,
        )

    def handled(self, stage: str, count: int, seconds: float) -> None:
        self._consumed.labels(stage).inc(count)
        self._handling.labels(stage).observe(seconds)

    def produced(self, stage: str, topic: str, count: int) -> None:
        self._produced.labels(stage, topic).inc(count)

    def failed(self, stage: str) -> None:
        self._failed.labels(stage).inc()

    def lag(self, stage: str, count: int) -> None:
        self._lag.labels(stage).set(count)

    def picture(self, reading: str) -> None:
        self._pictures.labels(reading).inc()

    def age(self, stage: str, seconds: float) -> None:
        self._age.labels(stage).observe(seconds)

    def waits(self, stage: str, error: Exception) -> bool:
        """Whether no other stage of the process waits for such a thing already."""
        return self._settle(stage, error, type(error))

    def works(self, stage: str) -> bool:
        """Whether no other stage still waits for what this one waited for."""
        return self._settle(stage, None, type(self._waiting.get(stage)))

    def _settle(self, stage: str, error: Exception | None, kind: type) -> bool:
        self._working.labels(stage).set(error is None)
        with self._lock:
            self._waiting[stage] = error
            others = (each for name, each in self._waiting.items() if name != stage)
            return all(type(each) is not kind for each in others)

    def states(self) -> Mapping[str, str | None]:
        """Each stage with what it waits for, `None` while it works."""
        with self._lock:
            return {
                name: None if each is None else str(each) for name, each in self._waiting.items()
            }

    def page(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)
