"""Listings from a file to clues, without services: what `markwatch scan` does."""

from collections.abc import Iterator
from pathlib import Path

from crawlers import intake
from crawlers.intake import Entry
from detectors.fingerprint import fingerprint
from detectors.screen import Screen
from pipeline.errors import BadInput, Fault
from pipeline.records import Clue, Fingerprint, Listing


def scan(
    entries: Iterator[Entry | Fault], screen: Screen, folder: Path | None
) -> Iterator[Clue | Fault]:
    """Clues in the order of the listings, faults in their place; pictures lie below `folder`."""
    for entry in entries:
        if isinstance(entry, Fault):
            yield entry
            continue
        prints = tuple(_fingerprints(entry, folder)) if folder else ()
        for seen in prints:
            if seen.problem and not _is_address(entry.capture.images[seen.image]):
                yield entry.fault(f"images[{seen.image}]", seen.problem)
        yield from screen.clues(Listing(capture=entry.capture, fingerprints=prints))


def _fingerprints(entry: Entry, folder: Path) -> Iterator[Fingerprint]:
    for number, name in enumerate(entry.capture.images):
        if _is_address(name):
            yield Fingerprint(image=number, problem="an address; scan fetches nothing")
            continue
        try:
            content = intake.picture(folder, name)
        except BadInput as error:
            yield Fingerprint(image=number, problem=str(error))
        else:
            yield fingerprint(content, number)


def _is_address(name: str) -> bool:
    return "://" in name or name.startswith("//")
