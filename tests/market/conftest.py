"""One market for all tests of this room, and one server that shows it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from crawlers.market.catalogue import make_market
from crawlers.market.goods import Market
from crawlers.market.server import serving

SAMPLE = Path(__file__).parents[2] / "pipeline" / "samples" / "tianshui.jsonl"


@pytest.fixture(scope="session")
def rights() -> Sequence[Mapping[str, object]]:
    return [json.loads(line) for line in SAMPLE.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="session")
def market(rights: Sequence[Mapping[str, object]]) -> Market:
    return make_market(7, rights)


@pytest.fixture(scope="session")
def site(market: Market) -> Iterator[str]:
    with serving(market) as url:
        yield url
