"""The real servers, started once for all tests that ask for them."""

from collections.abc import Iterator

import pytest

from tests import needing, services


@pytest.fixture(scope="session")
def kafka() -> Iterator[str]:
    """`host:port` of a real Kafka."""
    with needing.servers(" (or set MARKWATCH_TEST_KAFKA)"), services.kafka() as address:
        yield address


@pytest.fixture(scope="session")
def elasticsearch() -> Iterator[str]:
    """The URL of a real Elasticsearch."""
    instead = " (or set MARKWATCH_TEST_ELASTICSEARCH)"
    with needing.servers(instead), services.elasticsearch() as address:
        yield address
