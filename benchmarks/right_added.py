"""Measures how soon a right that is added to the list takes effect in a stage that is running.

The stage is `screen` as `markwatch run` runs it, in this process, fed one listing after another.
"""

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from benchmarks import synthetic
from detectors.screen import InForce
from pipeline.records import Capture, Listing

LIMIT = 60
NAME = "羌塘魁罡"
ADDED = {"id": "added", "name": NAME, "kind": "trademark", "goods": ["毛毯"]}
LISTING = Listing(capture=Capture(id="1", title=f"{NAME}毛毯 200x230", platform="synthetic"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rights", type=int, nargs="+", default=[10_000, 100_000])
    for count in parser.parse_args().rights:
        with tempfile.TemporaryDirectory(prefix="markwatch-added-") as folder:
            took = _seconds(Path(folder) / "rights.jsonl", count)
        held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        said = "met" if took <= LIMIT else "missed"
        print(
            f"{count:,} rights: in effect after {took:.1f} s (limit {LIMIT} s: {said}); "
            f"at most {held:,.0f} MiB while both lists were held",
            flush=True,
        )


def _seconds(place: Path, count: int) -> float:
    synthetic.write(place, synthetic.rights(count, 1))
    in_force = InForce(place)
    if _is_met(in_force):
        raise SystemExit("the right was met before it was added")
    grown = place.with_suffix(".new")
    grown.write_text(place.read_text("utf-8") + json.dumps(ADDED) + "\n", "utf-8")
    began = time.perf_counter()
    grown.replace(place)
    while not _is_met(in_force):
        time.sleep(0.01)
    return time.perf_counter() - began


def _is_met(in_force: InForce) -> bool:
    return any(clue.right_id == ADDED["id"] for clue in in_force.now().clues([LISTING]))


if __name__ == "__main__":
    main()
