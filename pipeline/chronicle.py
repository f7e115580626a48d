"""The list through time: what it said on any day, and what was known of it on any day.

Beside the list in force lies its chronicle, one line a change, only ever appended to. An import
replaces the list, tells the stage that looks at stored listings again, and writes the chronicle
last: killed in between, the next import finds the same changes and does both again.
"""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from pipeline import codec
from pipeline.errors import BadInput, BadMessage
from pipeline.records import Right

CHRONICLE = "chronicle.jsonl"


class Kind(StrEnum):
    ADDED = "added"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """From `known` on the right was so, or, withdrawn, on the list no more.

    `reason` and `source` say why and by which document; `right` is as the list has it.
    """

    right_id: str
    kind: Kind
    known: datetime
    right: Right
    reason: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Why a list is changed: a reason and a document, and when that became known."""

    known: datetime
    reason: str | None = None
    source: str | None = None


def read(place: Path) -> tuple[Entry, ...]:
    """The chronicle beside the list at `place`; raises `BadInput` for a line that is none.

    A last line that was cut short by a crash counts for nothing.
    """
    path = place.with_name(CHRONICLE)
    if not path.exists():
        return ()
    *lines, _ = path.read_bytes().split(b"\n")
    try:
        return tuple(codec.decode(line, Entry) for line in lines)
    except BadMessage as error:
        raise BadInput(f"{path}: {error}") from error


def known(entries: Iterable[Entry], moment: datetime | None = None) -> Mapping[str, Entry]:
    """By id, the newest entry of each right that was known at a moment; withdrawn ones too."""
    found: dict[str, Entry] = {}
    for entry in entries:
        if moment is None or entry.known <= moment:
            found[entry.right_id] = entry
    return found


def listed(entries: Iterable[Entry], moment: datetime | None = None) -> Mapping[str, Right]:
    """The rights on the list as it was known at a moment."""
    newest = known(entries, moment)
    return {id_: each.right for id_, each in newest.items() if each.kind is not Kind.WITHDRAWN}


def changes(
    before: Mapping[str, Right], after: Mapping[str, Right], ground: Ground
) -> Iterator[Entry]:
    """What makes one list of another; a right that was removed and comes again is added."""
    for id_, right in after.items():
        old = before.get(id_)
        if old != right:
            yield _entry(right, _kind(old, right), ground)


def _kind(old: Right | None, new: Right) -> Kind:
    if new.removed_on:
        return Kind.WITHDRAWN
    return Kind.ADDED if old is None or old.removed_on else Kind.CHANGED


def gone(before: Mapping[str, Right], new: Sequence[Right], day: date) -> tuple[Right, ...]:
    """The rights of an old list that a new one has no more, as removed on a day.

    They stay on file so that listings that bear them meet them and their clues say why they end.
    """
    ids = {right.id for right in new}
    old = (right for id_, right in before.items() if id_ not in ids)
    return tuple(right if right.removed_on else withdrawn(right, day) for right in old)


def _entry(right: Right, kind: Kind, ground: Ground) -> Entry:
    return Entry(
        right_id=right.id,
        kind=kind,
        known=ground.known,
        right=right,
        reason=ground.reason,
        source=ground.source,
    )


def write(place: Path, entries: Iterable[Entry]) -> None:
    """Appends to the chronicle beside the list, durable when it returns.

    What a crash left of a line before is cut off first.
    """
    path = place.with_name(CHRONICLE)
    lines = b"".join(codec.encode(entry) + b"\n" for entry in entries)
    with path.open("a+b") as file:
        file.seek(0)
        whole = file.read().rfind(b"\n") + 1
        file.truncate(whole)
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def differing(one: Right, other: Right) -> Mapping[str, tuple[object, object]]:
    """The fields, as a rights file names them, in which two states of a right differ."""
    before, after = codec.to_line(one), codec.to_line(other)
    names = dict.fromkeys((*before, *after))
    return {
        name: (before.get(name), after.get(name))
        for name in names
        if before.get(name) != after.get(name)
    }


def withdrawn(right: Right, day: date) -> Right:
    """The right as of its removal."""
    return replace(right, removed_on=day)
