"""The real servers, started once for all tests that ask for them."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager

import pytest

from tests import services

REQUIRED = os.environ.get("MARKWATCH_REQUIRE_SERVICES") == "1"


def _running(server: Callable[[], AbstractContextManager[str]], setting: str) -> Iterator[str]:
    """Its address; where it cannot be had the test is skipped by name, or fails if required."""
    try:
        with server() as address:
            yield address
    except services.Unavailable as error:
        reason = f"{error} (or set {setting})"
        if REQUIRED:
            pytest.fail(f"MARKWATCH_REQUIRE_SERVICES=1, but {reason}")
        pytest.skip(reason)


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """`host:port` of a real Kafka."""
    yield from _running(services.kafka, "MARKWATCH_TEST_KAFKA")


@pytest.fixture(scope="session")
def elasticsearch() -> Iterator[str]:
    """The URL of a real Elasticsearch."""
    yield from _running(services.elasticsearch, "MARKWATCH_TEST_ELASTICSEARCH")
