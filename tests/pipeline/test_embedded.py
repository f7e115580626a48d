"""The embedded bus and index keep their contracts."""

import pytest

from pipeline.bus import Bus, open_bus
from pipeline.bus.embedded import EmbeddedBus
from pipeline.errors import BadSetting, BusError, IndexUnavailable
from pipeline.index import Query, open_index
from pipeline.index.embedded import EmbeddedIndex
from pipeline.sqlite import connect
from tests.contracts.bus import BusContract
from tests.contracts.index import IndexContract


class TestEmbeddedBus(BusContract):
    examples = 60

    @pytest.fixture
    def bus(self, tmp_path):
        bus = EmbeddedBus(tmp_path / "bus.sqlite")
        self.path = tmp_path / "bus.sqlite"
        yield bus
        bus.close()

    def reopen(self, bus: Bus) -> Bus:
        bus.close()
        return EmbeddedBus(self.path)

    def test_a_file_that_is_no_database_is_an_error_of_ours(self, tmp_path):
        (tmp_path / "bad").write_bytes(b"this is not a database" * 100)

        with pytest.raises(BusError):
            EmbeddedBus(tmp_path / "bad")


class TestEmbeddedIndex(IndexContract):
    @pytest.fixture
    def index(self, tmp_path):
        index = EmbeddedIndex(tmp_path / "index.sqlite")
        yield index
        index.close()


def test_an_index_of_an_older_layout_is_emptied_and_says_how_to_fill_it(tmp_path, caplog):
    old = connect(tmp_path / "index.sqlite", "CREATE TABLE documents (number)", IndexUnavailable)
    old.close()
    index = EmbeddedIndex(tmp_path / "index.sqlite")

    assert index.search(Query()).total == 0
    assert "markwatch index rebuild" in caplog.text
    index.close()


def test_an_unknown_scheme_is_named(tmp_path):
    with pytest.raises(BadSetting, match="carrier-pigeon"):
        open_bus("carrier-pigeon:7")
    with pytest.raises(BadSetting, match="MARKWATCH_INDEX"):
        open_index("carrier-pigeon:7")
