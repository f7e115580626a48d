"""Text that was read off a listing's pictures: a field of each, and where in it a match lies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from detectors.pictures.boxes import around
from detectors.pictures.edits import MIRRORED, in_chinese
from detectors.wording.joined import BREAK
from pipeline.matches import Match
from pipeline.records import Listing
from pipeline.written import Line

FIELD = "image:"
METHOD = "ocr"
Lines = Mapping[str, Sequence[Line]]


def lines_of(listing: Listing) -> Lines:
    """The lines of each picture that has any; those of an animation's frames are one field."""
    found: dict[str, list[Line]] = {}
    for each in listing.fingerprints:
        if each.written and each.written.lines:
            found.setdefault(f"{FIELD}{each.image}", []).extend(each.written.lines)
    return found


def texts(listing: Listing) -> Iterator[tuple[str, str]]:
    """Each picture's field with its lines as one text: a package breaks names where it likes."""
    for field, found in lines_of(listing).items():
        yield field, BREAK.join(line.text for line in found)


def is_pictured(field: str) -> bool:
    return field.startswith(FIELD)


def number_of(field: str) -> int:
    """Of the picture, the first is 0."""
    return int(field.removeprefix(FIELD))


def placed(met: Mapping[str, Sequence[Match]], listing: Listing) -> Mapping[str, Sequence[Match]]:
    """The matches; those in pictures say where they lie and are no surer than what was read."""
    found = lines_of(listing)
    if not found:
        return met
    return {right: tuple(_placed(each, found) for each in some) for right, some in met.items()}


def _placed(match: Match, found: Lines) -> Match:
    if match.span is None or match.field not in found:
        return match
    held = list(_held(found[match.field], *match.span))
    sure = min(line.confidence for line in held)
    edits = (MIRRORED,) if all(line.mirrored for line in held) else ()
    return replace(
        match,
        score=round(match.score * sure, 3),
        reason=f"{match.reason}{in_chinese(edits)}",
        method=METHOD,
        region=around(line.box for line in held),
        edits=edits,
    )


def _held(lines: Sequence[Line], start: int, end: int) -> Iterator[Line]:
    """The lines that the span touches."""
    begin = 0
    for line in lines:
        if begin < end and start < begin + len(line.text):
            yield line
        begin += len(line.text) + len(BREAK)
