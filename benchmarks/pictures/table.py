"""Recall and precision of every edit, ours beside seven other ways, on one half of the set."""

import argparse
import json
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tqdm import tqdm

from app.evaluation.count import COUNTED, Rate, wilson
from benchmarks.pictures.plain_ways import WAYS
from crawlers import intake
from detectors.assess import HIGH
from detectors.fingerprint import frames
from detectors.image import ImageFinder
from detectors.logo import LogoFinder
from detectors.reader import PictureReader
from detectors.right_pictures import right_pictures
from detectors.screen import Screen
from pipeline import rights
from pipeline.records import Capture, Clue, Listing

Find = Callable[[Path], set[int]]


@dataclass(slots=True)
class Result:
    """Of one way: truths found by edit, and what was said wrongly."""

    found: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


def main() -> None:
    options = _options()
    chosen = _chosen(options.dataset / "listings.jsonl", options.each, options.others)
    listed = rights.load(options.dataset / "rights.jsonl")
    numbers = {right.id: number for number, right in enumerate(listed.rights)}
    paths = [options.dataset / right.images[0] for right in listed.rights]
    ours = Ours(options.dataset, numbers, PictureReader(float(options.read)))
    ways: dict[str, Find] = {"markwatch": ours.find}
    if not options.ours:
        ways |= {way.name: way.index(paths) for way in WAYS}
    results = {name: Result() for name in ways}
    for line in tqdm(chosen):
        truth = {numbers[each["right_id"]] for each in line["truth"]}
        edit = line["truth"][0]["disguise"] if truth else "other picture"
        for name, find in ways.items():
            _count(results[name], find, options.dataset / line["images"][0], truth, edit)
        ours.weigh(truth)
    print("\n".join(_table(results, chosen)))
    per = 10_000 / ours.pairs
    print(f"\n{ours.pairs:,} pairs of pictures shortlisted; told wrongly by a score of {HIGH}")
    print(f"or more: {ours.wrong}, in 10,000 pairs {ours.wrong * per:.2f}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.pictures.table", description=__doc__
    )
    parser.add_argument(
        "dataset", type=Path, help="OUT/dev or OUT/test of python -m benchmarks.pictures"
    )
    parser.add_argument("--each", type=int, default=40, help="listings of each edit")
    parser.add_argument("--ours", action="store_true", help="without the other ways")
    parser.add_argument("--read", action="store_true", help="what stands in the pictures, too")
    parser.add_argument("--others", type=int, default=400, help="pictures that show no right's")
    return parser.parse_args()


def _chosen(place: Path, each: int, others: int) -> list[dict]:
    """The same for every run."""
    by_edit: dict[str, list[dict]] = defaultdict(list)
    for text in place.read_text("utf-8").splitlines():
        line = json.loads(text)
        by_edit[line["truth"][0]["disguise"] if line["truth"] else ""].append(line)
    random = Random(1)
    most = {edit: others if edit == "" else each for edit in by_edit}
    return [
        line
        for edit, lines in by_edit.items()
        for line in random.sample(lines, min(most[edit], len(lines)))
    ]


class Ours:
    """As `scan` would tell; counts what was looked at closely, and what was surely wrong."""

    def __init__(self, folder: Path, numbers: Mapping[str, int], reader: PictureReader) -> None:
        found = rights.load(folder / "rights.jsonl")
        pictures = right_pictures(found)
        self._finders = ImageFinder(pictures), LogoFinder(pictures)
        self._screen = Screen(found.rights, self._finders)
        self._numbers = numbers
        self._reader = reader
        self._listing = Listing(capture=Capture(id="", title=""))
        self._clues: Sequence[Clue] = ()
        self.pairs = self.wrong = 0

    def find(self, path: Path) -> set[int]:
        content = intake.picture(path.parent, path.name)
        capture = Capture(id=path.name, title="图片见详情")
        self._listing = Listing(capture=capture, fingerprints=frames(content, 0, self._reader))
        self._clues = list(self._screen.clues([self._listing]))
        return {self._numbers[clue.right_id] for clue in self._clues if clue.tier in COUNTED}

    def weigh(self, truth: Set[int]) -> None:
        """The listing that was looked at last."""
        self.pairs += sum(finder.shortlisted(self._listing) for finder in self._finders)
        sure = (clue for clue in self._clues if clue.score >= HIGH)
        self.wrong += sum(self._numbers[clue.right_id] not in truth for clue in sure)


def _count(result: Result, find: Find, path: Path, truth: set[int], edit: str) -> None:
    began = time.perf_counter()
    said = find(path)
    result.seconds += time.perf_counter() - began
    result.found[edit] += len(said & truth)
    result.wrong[edit] += len(said - truth)


def _table(results: Mapping[str, Result], chosen: Sequence[dict]) -> Iterable[str]:
    counts = Counter(each["truth"][0]["disguise"] for each in chosen if each["truth"])
    yield f"| edit | n | {' | '.join(results)} |"
    yield f"|---|---|{'---|' * len(results)}"
    for edit, count in counts.items():
        shares = " | ".join(share(wilson(each.found[edit], count)) for each in results.values())
        yield f"| {edit} | {count} | {shares} |"
    total = counts.total()
    for name, say in (
        ("**recall**", lambda each: wilson(each.found.total(), total)),
        ("**precision**", _precision),
    ):
        yield f"| {name} | {total} | {' | '.join(share(say(each)) for each in results.values())} |"
    speeds = (f"{each.seconds / len(chosen) * 1000:,.0f}" for each in results.values())
    yield f"| ms a picture | {len(chosen)} | {' | '.join(speeds)} |"


def _precision(result: Result) -> Rate:
    found, wrong = result.found.total(), result.wrong.total()
    return wilson(found, found + wrong)


def share(rate: Rate) -> str:
    return "–" if rate.share is None else f"{rate.share:.1%} [{rate.low:.0%}–{rate.high:.0%}]"


if __name__ == "__main__":
    main()
