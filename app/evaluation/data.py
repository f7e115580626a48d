"""Labelled listings: the lines that `scan` reads, each with what is true of it."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path

from crawlers import intake
from crawlers.intake import Entry
from pipeline import codec, rights
from pipeline.errors import Fault
from pipeline.records import Capture, Extra
from pipeline.rights import RightsFile

LISTINGS = "listings.jsonl"
RIGHTS = "rights.jsonl"
LABELS = frozenset({"truth", "kind", "tags"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """A right that this listing names in `field`; `span` counts its code points.

    What is `optional` is named too, but beside the point: to find it is neither right nor wrong.
    """

    right_id: str
    field: str = "title"
    span: tuple[int, int] | None = None
    disguise: str = "unnamed"
    name_kind: str | None = None
    tags: tuple[str, ...] = ()
    optional: bool = False
    extra: Extra = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A listing with its truth; `kind` and `tags` are whatever its maker sorts listings by."""

    entry: Entry
    truth: tuple[Truth, ...]
    kind: str | None = None
    tags: tuple[str, ...] = ()

    @property
    def due(self) -> tuple[Truth, ...]:
        return tuple(each for each in self.truth if not each.optional)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    listings: Path
    rights: RightsFile


def find(place: Path, given: Path | None, in_force: Path) -> Dataset:
    """The listings of a file or folder with the list they are labelled for. Raises `BadInput`."""
    listings = place / LISTINGS if place.is_dir() else place
    beside = listings.parent / RIGHTS
    if given is None and not beside.exists():
        return Dataset(listings=listings, rights=rights.in_force(in_force))
    return Dataset(listings=listings, rights=rights.load(given or beside))


def read(data: Dataset) -> Iterator[Labelled | Fault]:
    """Every labelled listing, or the fault in its place."""
    known = {right.id for right in data.rights.rights}
    for entry in intake.read(data.listings):
        yield entry if isinstance(entry, Fault) else _labelled(entry, known)


def _labelled(entry: Entry, known: Set[str]) -> Labelled | Fault:
    said = entry.capture.extra
    try:
        truth = _truth(said)
        tags = _words(said.get("tags", ()), "tags")
    except codec.Unreadable as error:
        return entry.fault(error.field, error.problem)
    strange = next((each.right_id for each in truth if each.right_id not in known), None)
    if strange is not None:
        return entry.fault("truth", f"{strange!r} is not on the list of rights")
    kind = said.get("kind")
    return Labelled(
        entry=replace(entry, capture=_unlabelled(entry)),
        truth=truth,
        kind=None if kind is None else str(kind),
        tags=tags,
    )


def _unlabelled(entry: Entry) -> Capture:
    """What detectors get to see."""
    said = {key: value for key, value in entry.capture.extra.items() if key not in LABELS}
    return replace(entry.capture, extra=said)


def _truth(said: Mapping[str, object]) -> tuple[Truth, ...]:
    if "truth" not in said:
        raise codec.Unreadable("truth", "is missing; write [] where no right is named")
    given = said["truth"]
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise codec.Unreadable("truth", "is a list of objects, each with a right_id")
    return tuple(_one(each) for each in given)


def _one(given: object) -> Truth:
    if not isinstance(given, Mapping):
        raise codec.Unreadable("truth", "is a list of objects, each with a right_id")
    try:
        return codec.from_line(given, Truth)
    except codec.Unreadable as error:
        raise codec.Unreadable(f"truth.{error.field}", error.problem) from error


def _words(given: object, name: str) -> tuple[str, ...]:
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise codec.Unreadable(name, "is a list of words")
    return tuple(str(each) for each in given)
