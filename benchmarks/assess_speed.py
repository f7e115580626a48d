"""Measures the assessment alone: matches in, clues out, one core, a list of 10,000 rights.

Every listing has words of its own and is met by the text detector first, which is not timed; the
rights have ten users each, half with 统一社会信用代码. The comparison is what any assessment must
do at least: make the record of a clue with the same matches and gates that are given.
"""

import argparse
import gc
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from itertools import starmap
from pathlib import Path
from statistics import median
from typing import Any

sys.path.append(str(Path(__file__).resolve().parents[1]))

from benchmarks import synthetic
from benchmarks.timing import timed
from detectors.assess import assess
from detectors.assessment.entry import Entry
from detectors.screen import YOUNG, Said
from detectors.text import TextFinder
from pipeline import codec
from pipeline.assessed import Gate
from pipeline.matches import Match
from pipeline.records import Capture, Clue, Listing, Right, clue_id

RIGHTS, LISTINGS, ROUNDS, USERS = 10_000, 20_000, 5, 10
GOAL = 20_000
Given = Mapping[str, Any]
Work = Sequence[tuple[Listing, Entry, tuple[Match, ...]]]


def main() -> None:
    options = _options()
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    work = _work(options.rights, options.listings)
    clues, warm = timed(lambda: [assess(*each) for each in work])
    print(f"{len(work):,} matched listings of {options.listings:,}; first round {warm:.2f} s")
    gc.freeze()
    gc.set_threshold(YOUNG)  # as a screen does
    took = [timed(lambda: _all(assess(*each) for each in work))[1] for _ in range(ROUNDS)]
    parts = [(_given(clue), [_given(gate) for gate in clue.gates]) for clue in clues]
    bare = [timed(lambda: _all(starmap(_bare, parts)))[1] for _ in range(ROUNDS)]
    rate = len(work) / median(took)
    print(
        f"assess {rate:,.0f}/s (goal {GOAL:,}); {median(took) / median(bare):.1f} × a bare record"
    )


def _all(made: Iterable[Clue]) -> None:
    for _ in made:
        pass


def _bare(given: Given, gates: Sequence[Given]) -> Clue:
    """The records alone."""
    made = {"gates": tuple(Gate(**each) for each in gates)}
    return Clue(**{**given, **made, "clue_id": clue_id(given["listing_id"], given["right_id"])})


def _given(record: Clue | Gate) -> Given:
    return {each.name: getattr(record, each.name) for each in fields(record)}


def _work(rights: int, listings: int) -> Work:
    lines = [
        _with_users(dict(line), number) for number, line in enumerate(synthetic.rights(rights, 1))
    ]
    listed = [codec.from_line(line, Right) for line in lines]
    entries = {right.id: Entry.of(right) for right in listed}
    finder = TextFinder(listed)
    names = synthetic.names(rights, 1)
    made = [
        Listing(capture=codec.from_line({**line, "origin": "陕西省西安市"}, Capture))
        for line in synthetic.listings(listings, 2, names, named=1.0)
    ]
    return [
        (listing, entries[right], Said.by(listing).of(matches, entries[right]))
        for listing, met in zip(made, finder.find(made), strict=True)
        for right, matches in met.items()
    ]


def _with_users(line: dict[str, object], number: int) -> dict[str, object]:
    users = [
        {
            "name": f"某某{number}号{user}有限公司",
            "shops": [f"{number}号{user}店"],
            "uscc": f"91620500MA{number:05d}{user}X" if user % 2 else None,
        }
        for user in range(USERS)
    ]
    return {**line, "users": users, "valid_from": "2015-01-01", "valid_to": "2035-01-01"}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rights", type=int, default=RIGHTS)
    parser.add_argument("--listings", type=int, default=LISTINGS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
