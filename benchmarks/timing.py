"""How long a call takes."""

import time
from collections.abc import Callable
from typing import TypeVar

Done = TypeVar("Done")


def timed(do: Callable[[], Done]) -> tuple[Done, float]:
    """What came of it, and its seconds."""
    began = time.perf_counter()
    done = do()
    return done, time.perf_counter() - began
