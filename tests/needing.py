"""What a test cannot do without: it is skipped by name, or fails where it is required."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.services import Unavailable

REQUIRED = os.environ.get("MARKWATCH_REQUIRE_SERVICES") == "1"


@contextmanager
def servers(instead: str = "") -> Iterator[None]:
    """Around all that starts a server; `instead` says what else would do."""
    try:
        yield
    except Unavailable as error:
        reason = f"{error}{instead}"
        if REQUIRED:
            pytest.fail(f"MARKWATCH_REQUIRE_SERVICES=1, but {reason}")
        pytest.skip(reason)
