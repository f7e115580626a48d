"""Numbers that buckets are made of: ranges laid end to end, and each number once."""

from typing import TypeVar

import numpy as np
import numpy.typing as npt

Some = TypeVar("Some", bound=np.integer)
Numbers = npt.NDArray[np.int64]


def once(numbers: npt.NDArray[Some]) -> npt.NDArray[Some]:
    """In order, each once; of many, np.unique takes ten times as long."""
    ordered = np.sort(numbers)
    first = np.ones(len(ordered), np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=first[1:])
    return ordered[first]


def ranges(begins: Numbers, counts: Numbers) -> Numbers:
    """For each a range from where it begins, as long as its count, laid end to end."""
    before = np.cumsum(counts) - counts
    laid = np.repeat(begins - before, counts)
    laid += np.arange(len(laid))
    return laid
