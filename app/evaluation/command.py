"""The command `eval`: labelled listings screened as `scan` screens them, and the result counted."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from app import scan as scanning
from app.evaluation import count, data, report
from app.evaluation.count import Outcome, Said
from app.evaluation.data import Dataset, Labelled
from app.evaluation.report import Evaluation, Other
from app.output import PATH, bar, say, show
from crawlers.intake import Entry
from detectors.reader import PictureReader
from detectors.screen import Screen, open_screen
from pipeline.assessed import Tier
from pipeline.errors import BadInput, Fault
from pipeline.plain import plain
from pipeline.records import Capture
from pipeline.settings import read_settings

if TYPE_CHECKING:
    from app.evaluation.baselines import Baseline


Key = tuple[str, datetime | None]


@click.command(name="eval")
@click.argument("dataset", type=PATH)
@click.option("--rights", "list_", type=PATH, help="The list; rights.jsonl beside the listings.")
@click.option("--against", is_flag=True, help="Run five plain ways on the same listings too.")
@click.option("--worst", default=10, show_default=True, help="How many misses and false hits.")
@click.option("--json", "as_json", is_flag=True, help="One object for machines.")
def eval_command(
    dataset: Path, list_: Path | None, against: bool, worst: int, as_json: bool
) -> None:
    """Precision and recall on labelled listings, per disguise, with 95 % intervals."""
    found = data.find(dataset, list_, read_settings().rights)
    result = _evaluated(found, worst, against=against)
    if as_json:
        show(result)
    else:
        click.echo("\n".join(report.lines(result)))
    if result.faults:
        raise BadInput(f"{result.faults} faults, reported above")


def _evaluated(found: Dataset, worst: int, *, against: bool) -> Evaluation:
    rights = found.rights.rights
    screening = _Screening(open_screen(found.rights), found.listings.parent)
    ours = _Timed(screening.look)
    others = [_plain_way(each) for each in _baselines(found)] if against else []
    faults = 0
    entries = iter(bar("listings", data.read(found)))
    for some in scanning.batches(entries):
        cases = [each for each in some if isinstance(each, Labelled)]
        for fault in (each for each in some if isinstance(each, Fault)):
            faults += 1
            say(plain(str(fault)))
        for way in (ours, *(timed for _, timed in others)):
            way.meet(cases)
    if not ours.outcomes:
        raise BadInput(f"{found.listings}: no labelled listing in it")
    return report.evaluation(
        ours.outcomes,
        rights,
        faults=faults + screening.faults,
        seconds=ours.seconds,
        worst=worst,
        against=[_other(name, timed) for name, timed in others],
    )


@dataclass(slots=True)
class _Timed:
    """A way of looking for names, what it said so far, and how long it took."""

    look: Callable[[Sequence[Labelled]], Sequence[tuple[Said, ...]]]
    outcomes: list[Outcome] = field(default_factory=list)
    seconds: float = 0.0

    def meet(self, cases: Sequence[Labelled]) -> None:
        began = time.perf_counter()
        said = self.look(cases)
        self.seconds += time.perf_counter() - began
        self.outcomes += [
            Outcome(case=case, said=each) for case, each in zip(cases, said, strict=True)
        ]


@dataclass(slots=True)
class _Screening:
    """What `scan` would say; a picture that cannot be read is a fault here as there."""

    screen: Screen
    folder: Path
    faults: int = 0
    reader: PictureReader = field(default_factory=PictureReader)

    def look(self, cases: Sequence[Labelled]) -> Sequence[tuple[Said, ...]]:
        clues: dict[Key, list[Said]] = {_key(case.entry.capture): [] for case in cases}
        entries: list[Entry | Fault] = [case.entry for case in cases]
        for found in scanning.scan(iter(entries), self.screen, self.folder, reader=self.reader):
            if isinstance(found, Fault):
                self.faults += 1
                say(plain(str(found)))
            elif found.listing:
                clues[_key(found.listing)].append(count.said(found))
        return [tuple(clues[_key(case.entry.capture)]) for case in cases]


def _key(capture: Capture) -> Key:
    """No two lines of a file have the same."""
    return capture.key, capture.seen_at


def _baselines(found: Dataset) -> Sequence["Baseline"]:
    from app.evaluation.baselines import baselines  # noqa: PLC0415 - spaCy takes a second to load

    return baselines(found.rights.rights)


def _plain_way(baseline: "Baseline") -> tuple[str, _Timed]:
    def look(cases: Sequence[Labelled]) -> Sequence[tuple[Said, ...]]:
        return [
            tuple(
                Said(right_id=each, score=1.0, tier=Tier.REVIEW)
                for each in sorted(baseline.find(case.entry.capture))
            )
            for case in cases
        ]

    return baseline.name, _Timed(look)


def _other(name: str, timed: _Timed) -> Other:
    speed = len(timed.outcomes) / timed.seconds if timed.seconds else 0.0
    return Other(
        name=name,
        listings_per_second=round(speed, 1),
        total=count.total(timed.outcomes),
        classes=count.classes(timed.outcomes),
    )
