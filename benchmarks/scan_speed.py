"""Measures `scan` end to end, text only, in one process, against plain ways to look for names.

The alternatives look at titles alone and find exact names alone; `scan` reads four fields, sees
through disguises, assesses what it met and writes clues.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median

sys.path.append(str(Path(__file__).resolve().parents[1]))

from benchmarks import synthetic
from benchmarks.programs import environment, seconds
from benchmarks.rounds import Contender, alternate, table, verdict

TARGET = 5_000
LEAST = 3_000
LOOKED_AT, EXPRESSION_TITLES, LOOP_TITLES = 2_000, 2_000, 200


def main() -> None:
    options = _options()
    known = synthetic.names(options.rights, options.seed)
    with tempfile.TemporaryDirectory(prefix="markwatch-scan-") as name:
        scan = _written(options, known, Path(name))
        _describe(options, scan)
        done = alternate((_ours(options, scan), *_others(scan, known)), options.rounds)
    print("\n".join(table("listings/s", done)))
    reached = median(next(iter(done.values())))
    print(verdict("first step", reached, LEAST, "listings/s on one core"))
    print(verdict("design", reached, TARGET, "listings/s on one core"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=20_000)
    parser.add_argument("--rights", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scan:
    """What is scanned, and for what."""

    listings: Path
    rights: Path

    def arguments(self, listings: Path) -> Sequence[str]:
        given = ["--rights", str(self.rights), "--no-pictures"]
        return ["-m", "markwatch", "scan", str(listings), *given]

    def first(self, count: int) -> Path:
        """A file of the first listings only."""
        some = self.listings.with_name(f"first-{count}.jsonl")
        with self.listings.open("rb") as file:
            some.write_bytes(b"".join(islice(file, count)))
        return some


def _written(options: argparse.Namespace, known: Sequence[str], folder: Path) -> _Scan:
    listings = synthetic.listings(options.listings, options.seed, known)
    rights = synthetic.rights(options.rights, options.seed)
    return _Scan(
        listings=synthetic.write(folder / "listings.jsonl", listings),
        rights=synthetic.write(folder / "rights.jsonl", rights),
    )


def _describe(options: argparse.Namespace, scan: _Scan) -> None:
    """Says what the data are like, for speed depends on how much is met."""
    looked = min(LOOKED_AT, options.listings)
    found = subprocess.run(
        [sys.executable, *scan.arguments(scan.first(looked)), "--all"],
        env=environment(),
        stdout=subprocess.PIPE,
        check=True,
    )
    clues = [json.loads(line) for line in found.stdout.splitlines()]
    met = len({clue["listing_id"] for clue in clues}) / looked
    told = sum(clue["tier"] in {"high", "review"} for clue in clues)
    print(
        f"data: benchmarks/synthetic.py, seed {options.seed}: {options.listings:,} listings, "
        f"{options.rights:,} rights; of the first {looked:,} listings {met:.0%} meet a right: "
        f"{len(clues):,} clues, {told:,} of them high or review"
    )


def _ours(options: argparse.Namespace, scan: _Scan) -> Contender:
    one = scan.first(1)

    def without_start() -> float:
        start, whole = seconds(scan.arguments(one)), seconds(scan.arguments(scan.listings))
        print(f"scan: {whole:.2f} s, of which start-up {start:.2f} s", flush=True)
        return float(options.listings - 1) / (whole - start)

    return Contender(name="scan, start-up taken off", measure=without_start)


def _others(scan: _Scan, known: Sequence[str]) -> Sequence[Contender]:
    lines = scan.first(EXPRESSION_TITLES).read_bytes().splitlines()
    titles = [str(json.loads(line)["title"]) for line in lines]
    few = titles[:LOOP_TITLES]
    pattern = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))))
    return (
        _plain("one regular expression", titles, pattern.findall),
        _plain("name in title", few, lambda title: [name for name in known if name in title]),
    )


def _plain(name: str, titles: Sequence[str], look: Callable[[str], object]) -> Contender:
    def rate() -> float:
        began = time.perf_counter()
        for title in titles:
            look(title)
        return len(titles) / (time.perf_counter() - began)

    return Contender(name=f"{name}, {len(titles):,} titles", measure=rate)


if __name__ == "__main__":
    main()
