"""A real Kafka and a real Elasticsearch for a test, a benchmark, or a developer by hand.

Each is taken from where it can be had, in this order: a server that is named
(`MARKWATCH_TEST_KAFKA=host:port`, `MARKWATCH_TEST_ELASTICSEARCH=http://host:port`), Docker, or
Maven with a fitting JDK. `python -m tests.services` starts both and prints how to use them.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from tests.services import docker
from tests.services.elastic import Elasticsearch
from tests.services.kafka import Kafka
from tests.services.program import Server, Unavailable

__all__ = ["Elasticsearch", "Kafka", "Server", "Unavailable", "elasticsearch", "kafka"]


@contextmanager
def kafka() -> Iterator[str]:
    """The `host:port` of a running Kafka; raises `Unavailable` with what to install."""
    named = os.environ.get("MARKWATCH_TEST_KAFKA")
    if named:
        yield named.removeprefix("kafka://")
    elif docker.answers():
        with docker.service("kafka") as address:
            yield address
    else:
        with Kafka() as server:
            yield server.address


@contextmanager
def elasticsearch() -> Iterator[str]:
    """The URL of a running Elasticsearch; raises `Unavailable` with what to install."""
    named = os.environ.get("MARKWATCH_TEST_ELASTICSEARCH")
    if named:
        yield named
    elif docker.answers():
        with docker.service("elasticsearch") as address:
            yield f"http://{address}"
    else:
        with Elasticsearch() as server:
            yield server.address
