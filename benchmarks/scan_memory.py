"""Measures the most memory that `scan`, text only, ever holds as its file grows.

The alternative reads the whole file into a list and remembers what it saw in a set.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))

from benchmarks import synthetic
from benchmarks.programs import environment

RIGHTS = 1_000
WHOLE = """
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1], "rb")]
seen = {row["id"] for row in rows}
"""


def main() -> None:
    options = _options()
    known = synthetic.names(RIGHTS, options.seed)
    print(f"data: benchmarks/synthetic.py, seed {options.seed}: {RIGHTS:,} rights")
    print(f"{'lines':>10}  {'file MB':>8}  {'scan MB':>8}  {'read whole MB':>14}")
    sizes = [count for count in (10_000, 100_000, 1_000_000) if count <= options.largest]
    held = [_one_size(count, options.seed, known) for count in sizes]
    growth = held[-1] - held[0]
    print(f"scan grew by {growth:+.1f} MB from {sizes[0]:,} to {sizes[-1]:,} lines")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--largest", type=int, default=1_000_000, help="at least 10000")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.largest < 10_000:
        parser.error("--largest is at least 10000")
    return options


def _one_size(count: int, seed: int, known: Sequence[str]) -> float:
    with tempfile.TemporaryDirectory(prefix="markwatch-memory-") as name:
        folder = Path(name)
        rights = synthetic.write(folder / "rights.jsonl", synthetic.rights(RIGHTS, seed))
        lines = synthetic.listings(count, seed, known)
        file = synthetic.write(folder / "listings.jsonl", lines)
        given = ["--rights", str(rights), "--no-pictures"]
        ours = _most_megabytes(["-m", "markwatch", "scan", str(file), *given])
        whole = _most_megabytes(["-c", WHOLE, str(file)])
        size = file.stat().st_size / 1e6
    print(f"{count:10,}  {size:8.1f}  {ours:8.1f}  {whole:14.1f}", flush=True)
    return ours


def _most_megabytes(arguments: Sequence[str]) -> float:
    """The largest resident size of this one child, as the system counted it when it ended."""
    process = subprocess.Popen(
        [sys.executable, *arguments], env=environment(), stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(arguments[:3])} ended with status {process.returncode}")
    unit = 1 if sys.platform == "darwin" else 1024
    return usage.ru_maxrss * unit / 1e6


if __name__ == "__main__":
    main()
