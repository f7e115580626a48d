"""What everybody may look up: countries, standards of every food, akin classes (reference.toml)."""

import tomllib
from functools import cache
from pathlib import Path

DATA = Path(__file__).with_name("reference.toml")


@cache
def reference(name: str) -> tuple[str, ...]:
    """The entries of one list."""
    written: dict[str, str] = tomllib.loads(DATA.read_text("utf-8"))
    return tuple(written[name].split())


@cache
def akin(classes: frozenset[int]) -> frozenset[int]:
    """All classes whose goods may be similar to goods of these."""
    groups = (frozenset(map(int, each.split(","))) for each in reference("akin"))
    return classes.union(*(group for group in groups if group & classes))
