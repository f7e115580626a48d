"""Listings from a file to clues, without services: what `markwatch scan` does."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import TypeVar

from crawlers import intake
from crawlers.intake import Entry
from detectors.fingerprint import frames
from detectors.reader import PictureReader
from detectors.screen import Screen
from pipeline.errors import BadInput, Fault
from pipeline.records import Clue, Fingerprint, Listing

BATCH = 1024
Item = TypeVar("Item")


def scan(
    entries: Iterator[Entry | Fault],
    screen: Screen,
    folder: Path | None,
    *,
    live: bool = False,
    reader: PictureReader | None = None,
) -> Iterator[Clue | Fault]:
    """Clues in the order of the listings, faults before those of their batch.

    Pictures lie below `folder`; `reader` reads the text in them. Whoever writes `live` entries may
    let us wait for the next one.
    """
    for some in arrived(entries) if live else batches(entries):
        listings: list[Listing] = []
        for entry in some:
            if isinstance(entry, Fault):
                yield entry
                continue
            prints = tuple(_fingerprints(entry, folder, reader)) if folder else ()
            for seen in prints:
                if seen.problem and not _is_address(entry.capture.images[seen.image]):
                    yield entry.fault(f"images[{seen.image}]", seen.problem)
            listings.append(Listing(capture=entry.capture, fingerprints=prints))
        yield from screen.clues(listings)


def batches(entries: Iterator[Item]) -> Iterator[tuple[Item, ...]]:
    """`BATCH` at a time, and in the end what is left."""
    while some := tuple(islice(entries, BATCH)):
        yield some


def arrived(entries: Iterable[Item]) -> Iterator[tuple[Item, ...]]:
    """What is there already, at most `BATCH` at a time: a slow source is screened as it comes."""
    ready: Queue[Item | _End] = Queue(4 * BATCH)
    Thread(target=_read, args=(entries, ready), daemon=True).start()
    last: Item | _End | None = None
    while not isinstance(last, _End):
        taken = [ready.get(), *(ready.get() for _ in range(min(ready.qsize(), BATCH - 1)))]
        some = tuple(each for each in taken if not isinstance(each, _End))
        if some:
            yield some
        last = taken[-1]
    if last.error:
        raise last.error


@dataclass(frozen=True, slots=True)
class _End:
    """Behind the last entry: what ended the reading, if it was an error."""

    error: BaseException | None = None


def _read(entries: Iterable[Item], ready: "Queue[Item | _End]") -> None:
    try:
        for entry in entries:
            ready.put(entry)
    except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
        ready.put(_End(error))
    else:
        ready.put(_End())


def _fingerprints(
    entry: Entry, folder: Path, reader: PictureReader | None
) -> Iterator[Fingerprint]:
    for number, name in enumerate(entry.capture.images):
        if _is_address(name):
            yield Fingerprint(image=number, problem="an address; scan fetches nothing")
            continue
        try:
            content = intake.picture(folder, name)
        except BadInput as error:
            yield Fingerprint(image=number, problem=str(error))
        else:
            yield from frames(content, number, reader)


def _is_address(name: str) -> bool:
    return "://" in name or name.startswith("//")
