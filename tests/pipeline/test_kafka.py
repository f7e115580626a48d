"""A real Kafka keeps the bus's contract, and what only a cluster can show."""

import uuid

import pytest

from pipeline.bus import Bus, open_bus
from tests.contracts.bus import BusContract


@pytest.mark.timeout(300)
class TestKafkaBus(BusContract):
    examples = 6

    @pytest.fixture
    def bus(self, kafka):
        self.url = f"kafka://{kafka}/test-{uuid.uuid4().hex[:12]}"
        bus = open_bus(self.url)
        yield bus
        bus.close()

    def reopen(self, bus: Bus) -> Bus:
        bus.close()
        return open_bus(self.url)
