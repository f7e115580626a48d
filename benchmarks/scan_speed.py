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
from collections.abc import Sequence
from pathlib import Path
from statistics import median

sys.path.append(str(Path(__file__).resolve().parents[1]))

from benchmarks import synthetic
from benchmarks.programs import environment, seconds
from benchmarks.rounds import Contender, alternate, table, verdict

TARGET = 5_000
LEAST = 3_000
SAMPLE_REGEX, SAMPLE_LOOP = 500, 200


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="markwatch-scan-") as name:
        folder = Path(name)
        known = synthetic.names(options.rights, options.seed)
        listings = synthetic.listings(options.listings, options.seed, known)
        lines = synthetic.write(folder / "listings.jsonl", listings)
        rights = synthetic.write(
            folder / "rights.jsonl", synthetic.rights(options.rights, options.seed)
        )
        _describe(options, lines, rights)
        done = alternate(_contenders(options, lines, rights, known), options.rounds)
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


def _scan(lines: Path, rights: Path) -> Sequence[str]:
    return ["-m", "markwatch", "scan", str(lines), "--rights", str(rights), "--no-pictures"]


def _describe(options: argparse.Namespace, lines: Path, rights: Path) -> None:
    """Says what the data are like, for speed depends on how much is met."""
    found = subprocess.run(
        [sys.executable, *_scan(_first(lines, 2_000), rights), "--all"],
        env=environment(),
        capture_output=True,
        check=True,
    )
    clues = [json.loads(line) for line in found.stdout.splitlines()]
    met = len({clue["listing_id"] for clue in clues}) / min(2_000, options.listings)
    told = sum(clue["tier"] in {"high", "review"} for clue in clues)
    print(
        f"data: benchmarks/synthetic.py, seed {options.seed}: {options.listings:,} listings, "
        f"{options.rights:,} rights; {met:.0%} of the listings meet a right, "
        f"{len(clues):,} clues (high and review: {told:,}) in the first 2,000"
    )


def _first(lines: Path, count: int) -> Path:
    some = lines.with_name(f"first-{count}.jsonl")
    with lines.open(encoding="utf-8") as file, some.open("w", encoding="utf-8") as out:
        out.writelines(line for line, _ in zip(file, range(count), strict=False))
    return some


def _contenders(
    options: argparse.Namespace, lines: Path, rights: Path, known: Sequence[str]
) -> Sequence[Contender]:
    one = _first(lines, 1)
    with lines.open(encoding="utf-8") as file:
        titles = [json.loads(line)["title"] for line, _ in zip(file, range(2_000), strict=False)]
    pattern = re.compile("|".join(map(re.escape, sorted(known, key=len, reverse=True))))

    def whole() -> float:
        return options.listings / seconds(_scan(lines, rights))

    def without_start() -> float:
        return (options.listings - 1) / (
            seconds(_scan(lines, rights)) - seconds(_scan(one, rights))
        )

    def expression() -> float:
        return _rate(titles[:SAMPLE_REGEX], lambda title: pattern.findall(title))

    def loop() -> float:
        return _rate(titles[:SAMPLE_LOOP], lambda title: [name for name in known if name in title])

    return (
        Contender(name="scan, start-up taken off", measure=without_start),
        Contender(name="scan, start-up and all", measure=whole),
        Contender(name=f"one regular expression, {SAMPLE_REGEX} titles", measure=expression),
        Contender(name=f"name in title, {SAMPLE_LOOP} titles", measure=loop),
    )


def _rate(titles, look) -> float:
    began = time.perf_counter()
    for title in titles:
        look(title)
    return len(titles) / (time.perf_counter() - began)


if __name__ == "__main__":
    main()
