"""Measures `scan` end to end on one core, text only, against plain ways to look for names.

The alternatives find exact names alone; `scan` sees through disguises, assesses what it met and
writes clues. Start-up, which is taken off, is what scanning the first 2,000 listings of the same
file takes, so that everything is loaded that is loaded only when it is first needed.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import median

sys.path.append(str(Path(__file__).resolve().parents[1]))

from app.scan import scan as scan_entries
from benchmarks import synthetic
from benchmarks.plain_ways import plain_ways
from benchmarks.programs import environment, seconds
from benchmarks.rounds import Contender, alternate, table, verdict
from benchmarks.shares import shares
from crawlers import intake
from detectors.screen import open_screen
from pipeline import rights

START = 2_000
TARGET, KEPT_PERCENT = 5_000, 50
OPEN_SECONDS, OPEN_MEGABYTES = 30, 2_000
MODULES = 15
CHARACTERS = {"dense": synthetic.HANZI, "even": synthetic.LEVEL_ONE}
OPENING = """
import sys, time
from pathlib import Path
from detectors.screen import open_screen
from pipeline import rights
began = time.perf_counter()
screen = open_screen(rights.load(Path(sys.argv[1])))
print(time.perf_counter() - began)
print(Path("/proc/self/status").read_text().partition("VmHWM:")[2].split()[0])
"""


def main() -> None:
    options = _options()
    core = min(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    print(f"everything on core {core}; names: {options.names}", flush=True)
    with tempfile.TemporaryDirectory(prefix="markwatch-scan-") as name:
        scans = [_written(options, count, Path(name)) for count in options.rights]
        for scan in scans:
            _describe(options, scan)
        if options.profile:
            print("\n".join(line for scan in scans for line in _profile(scan)))
        else:
            _measure(options, scans)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--listings", type=int, default=60_000)
    parser.add_argument("--rights", type=int, action="append", help="may be given several times")
    parser.add_argument(
        "--names",
        choices=CHARACTERS,
        default="dense",
        help="of 381 characters that goods are sold with, or drawn evenly from GB 2312 level 1",
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", action="store_true", help="each module's share instead")
    options = parser.parse_args()
    if options.listings <= START:
        parser.error(f"--listings is more than {START}")
    options.rights = options.rights or [10_000, 100_000]
    return options


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scan:
    """What is scanned, and for what."""

    listings: Path
    rights: Path
    known: Sequence[str]
    count: int

    def arguments(self, listings: Path) -> Sequence[str]:
        given = ["--rights", str(self.rights), "--no-pictures"]
        return ["-m", "markwatch", "scan", str(listings), *given]

    def first(self) -> Path:
        """A file of the listings that count as start-up."""
        some = self.listings.with_name("first.jsonl")
        with self.listings.open("rb") as file:
            some.write_bytes(b"".join(islice(file, START)))
        return some

    def named(self, what: str) -> str:
        return f"{self.count:,} rights: {what}"


def _written(options: argparse.Namespace, count: int, folder: Path) -> _Scan:
    characters = CHARACTERS[options.names]
    known = synthetic.names(count, options.seed, characters)
    lines = synthetic.listings(options.listings, options.seed, known, characters=characters)
    list_ = synthetic.rights(count, options.seed, characters)
    place = folder / str(count)
    place.mkdir()
    return _Scan(
        listings=synthetic.write(place / "listings.jsonl", lines),
        rights=synthetic.write(place / "rights.jsonl", list_),
        known=known,
        count=count,
    )


def _describe(options: argparse.Namespace, scan: _Scan) -> None:
    """Says what the data are like, for speed depends on how much is met."""
    found = _said([*scan.arguments(scan.first()), "--all"])
    clues = [json.loads(line) for line in found.splitlines()]
    met = len({clue["listing_id"] for clue in clues}) / START
    told = sum(clue["tier"] in {"high", "review"} for clue in clues)
    print(
        f"data: benchmarks/synthetic.py, seed {options.seed}: {options.listings:,} listings, "
        f"{scan.count:,} rights; of the first {START:,} listings {met:.0%} meet a right: "
        f"{len(clues):,} clues, {told:,} of them high or review",
        flush=True,
    )


def _said(arguments: Sequence[str]) -> bytes:
    """What a Python program of ours prints."""
    program = [sys.executable, *arguments]
    return subprocess.run(program, env=environment(), stdout=subprocess.PIPE, check=True).stdout


def _profile(scan: _Scan) -> Iterator[str]:
    """In this process and without printing clues: after the start-up the whole file once more."""
    screen = open_screen(rights.load(scan.rights))
    for _ in scan_entries(intake.read(scan.first()), screen, None):
        pass
    work = scan_entries(intake.read(scan.listings), screen, None)
    yield f"\n{scan.named('scan')}\n"
    yield from shares(work, MODULES)


def _measure(options: argparse.Namespace, scans: Sequence[_Scan]) -> None:
    for scan in scans:
        print("\n".join(_opening(scan, options.rounds)), flush=True)
    contenders = {scan.count: tuple(_contenders(options, scan)) for scan in scans}
    done = alternate([each for some in contenders.values() for each in some], options.rounds)
    rates = [median(done[some[0].name]) for some in contenders.values()]
    for some in contenders.values():
        print("\n".join(table("listings/s", {each.name: done[each.name] for each in some})))
    print("\n".join(_verdicts(scans, rates)))


def _opening(scan: _Scan, rounds: int) -> Iterator[str]:
    """What it takes to read the list and make the screen ready, each time in a new process.

    The memory is VmHWM: ru_maxrss would count what the process was forked from.
    """
    said = [_said(["-c", OPENING, str(scan.rights)]).split() for _ in range(rounds)]
    took, held = [float(each[0]) for each in said], [int(each[1]) / 1e3 for each in said]
    seen = f"{median(took):.1f} s ({min(took):.1f}–{max(took):.1f}), at most {max(held):,.0f} MB"
    yield scan.named(f"opening the screen takes {seen}")
    yield _at_most(scan.named("opening"), median(took), OPEN_SECONDS, "s")
    yield _at_most(scan.named("memory"), max(held), OPEN_MEGABYTES, "MB")


def _at_most(what: str, reached: float, most: float, unit: str) -> str:
    word = "reached" if reached <= most else "MISSED"
    return f"target {what}: at most {most:,.0f} {unit}; {word} with {reached:,.0f}"


def _contenders(options: argparse.Namespace, scan: _Scan) -> Iterator[Contender]:
    yield _ours(options, scan)
    for way in plain_ways(scan.listings, options.listings, scan.known):
        way.warm()
        yield Contender(name=scan.named(way.name), measure=way.rate)


def _ours(options: argparse.Namespace, scan: _Scan) -> Contender:
    first, name = scan.first(), scan.named("scan")

    def without_start() -> float:
        start, whole = seconds(scan.arguments(first)), seconds(scan.arguments(scan.listings))
        print(f"{name}: {whole:.2f} s, of which start-up {start:.2f} s", flush=True)
        return float(options.listings - START) / (whole - start)

    return Contender(name=name, measure=without_start)


def _verdicts(scans: Sequence[_Scan], rates: Sequence[float]) -> Iterator[str]:
    least = scans[0]
    yield verdict(least.named("scan"), rates[0], TARGET, "listings/s on one core")
    for scan, rate in zip(scans[1:], rates[1:], strict=True):
        unit = f"% of the rate at {least.count:,}"
        yield verdict(scan.named("scan"), 100 * rate / rates[0], KEPT_PERCENT, unit)


if __name__ == "__main__":
    main()
