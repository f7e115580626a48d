"""Measures what `kill -9` at random moments loses or doubles: it must be nothing.

Each stage, the crawl and the intake is a process of its own on one data folder. They are killed
and started again until there were enough kills; then everything is brought to its end once, and
what is there is compared with what must be there.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path.append(str(Path(__file__).resolve().parents[1]))

from benchmarks import synthetic
from benchmarks.house import House, Kill
from benchmarks.kill_checks import EvidenceCheck, Finding, Item, check
from benchmarks.nursery import open_nursery
from benchmarks.programs import SAMPLE, OpenMarket, practice_market
from benchmarks.watch import STAGES, Watch
from crawlers.market.catalogue import make_market
from pipeline import rights


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """How much to kill, and in how large a market."""

    kills: int
    seed: int
    items: int = 300
    lines: int = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """All kills, how long they took, and what was found afterwards."""

    kills: tuple[Kill, ...]
    seconds: float
    findings: tuple[Finding, ...]

    @property
    def fine(self) -> bool:
        return all(finding.fine for finding in self.findings)


def trial(asked: Trial) -> Outcome:
    """Kills as often as asked, then looks at what is there."""
    with (
        tempfile.TemporaryDirectory(prefix="markwatch-kills-") as name,
        practice_market(asked.items, asked.seed) as market,
        closing(_house(asked, market, Path(name))) as house,
    ):
        began = time.monotonic()
        house.kill(asked.kills)
        seconds = time.monotonic() - began
        house.finish()
        told_twice = sum(kill.name == "notify" for kill in house.kills)
        findings = [
            *check(Path(name), market.rights, _expected(asked), told_twice),
            Finding(
                what="pieces of evidence missing after a crawl's kill", count=house.lost_evidence
            ),
            Finding(
                what=f"programs that failed by themselves: {', '.join(+house.failed) or 'none'}",
                count=house.failed.total(),
            ),
            Finding(what="kills not made: nobody worked", count=asked.kills - len(house.kills)),
        ]
    return Outcome(kills=tuple(house.kills), seconds=seconds, findings=tuple(findings))


def _house(asked: Trial, market: OpenMarket, folder: Path) -> House:
    known = [right.name for right in rights.load(market.rights).rights]
    lines = synthetic.listings(asked.lines, asked.seed, known, named=0.5)
    undated = ({**line, "seen_at": None} for line in lines)  # each time a new sight
    file = synthetic.write(folder / "listings.jsonl", undated)
    data = folder / "data"
    data.mkdir()
    return House(
        programs={
            "crawl": ["crawl", "market", "--base", market.url],
            "intake": ["intake", str(file)],
            **{name: ["run", name] for name in STAGES},
        },
        nursery=open_nursery(
            folder / "said", data=data, rights=market.rights, alerts_file=folder / "alerts.jsonl"
        ),
        watch=Watch(data / "bus.sqlite"),
        evidence=EvidenceCheck(data),
        chance=Random(f"kills-{asked.seed}"),
    )


def _expected(asked: Trial) -> frozenset[Item]:
    """Everything for sale: the market as its seed makes it, and the lines of the file."""
    sample = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    items = make_market(asked.seed, sample, asked.items).items
    return frozenset(
        [("practice", item.id) for item in items]
        + [("synthetic", str(number)) for number in range(asked.lines)]
    )


def report(outcome: Outcome) -> Iterator[str]:
    """The kills by program, then every finding."""
    yield f"{len(outcome.kills)} kills in {outcome.seconds:.0f} s"
    yield f"{'killed':12} {'times':>6} {'at work':>8} {'just behind a publish or commit':>33}"
    for name in sorted({kill.name for kill in outcome.kills}):
        yield _row(name, [kill for kill in outcome.kills if kill.name == name])
    yield _row("all", outcome.kills)
    yield ""
    for finding in outcome.findings:
        yield str(finding)


def _row(name: str, kills: Sequence[Kill]) -> str:
    at_work, at_step = sum(kill.at_work for kill in kills), sum(kill.at_step for kill in kills)
    return f"{name:12} {len(kills):6} {at_work:8} {at_step:33}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--items", type=int, default=300, help="goods in the practice market")
    parser.add_argument("--lines", type=int, default=2_000, help="listings in the file taken in")
    outcome = trial(Trial(**vars(parser.parse_args())))
    print("\n".join(report(outcome)))
    sys.exit(0 if outcome.fine else 1)


if __name__ == "__main__":
    main()
