"""What share of a scan's time each of our modules takes, as a Markdown table."""

import cProfile
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import CodeType

from benchmarks.programs import ROOT

ROOMS = ("app", "crawlers", "detectors", "pipeline", "alerts")
OUTSIDE = "outside, called from outside"


def shares(work: Iterable[object], most: int) -> Iterator[str]:
    """The `most` largest, work done to its end under cProfile, which makes small calls look dear.

    What a module calls outside ours (built-ins, packages) counts as its own time.
    """
    profiler = cProfile.Profile()
    profiler.enable()
    deque(work, maxlen=0)
    profiler.disable()
    spent = _spent(profiler)
    whole = sum(spent.values())
    by_share = sorted(spent.items(), key=lambda each: each[1], reverse=True)
    largest, others = by_share[:most], by_share[most:]
    rest = sum(seconds for _, seconds in others)
    yield "| module | share of the time |"
    yield "|---|---|"
    yield from (f"| {name} | {seconds / whole:.1%} |" for name, seconds in largest)
    yield f"| {len(others)} others | {rest / whole:.1%} |"


def _spent(profiler: cProfile.Profile) -> Mapping[str, float]:
    """Seconds by module; a call from one place outside ours to another has a row of its own."""
    spent: dict[str, float] = defaultdict(float)
    for entry in profiler.getstats():
        module = _module(entry.code)
        spent[module] += entry.inlinetime
        if module == OUTSIDE:
            continue
        for call in entry.calls or ():
            if _module(call.code) == OUTSIDE:
                spent[module] += call.inlinetime
                spent[OUTSIDE] -= call.inlinetime
    return spent


def _module(code: CodeType | str) -> str:
    """The file of ours that the code stands in, as a path from the root, or `OUTSIDE`."""
    if isinstance(code, str) or not (place := Path(code.co_filename)).is_relative_to(ROOT):
        return OUTSIDE
    inside = place.relative_to(ROOT)
    return str(inside) if inside.parts[0] in ROOMS else OUTSIDE
