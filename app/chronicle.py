"""The commands `rights import`, `withdraw`, `show`, `diff`, `history`: the list through time."""

import json
from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import click

from app.output import PATH, say, show
from app.rights import checked, given_option, renamed_option
from pipeline import chronicle, codec, law, rights
from pipeline.bus import Topic, open_bus
from pipeline.chronicle import Entry, Ground, Kind
from pipeline.errors import BadInput
from pipeline.plain import plain
from pipeline.records import Right
from pipeline.rights import RightChange, RightsFile
from pipeline.settings import Settings, read_settings

KINDS = {Kind.ADDED: "列入", Kind.CHANGED: "变更", Kind.WITHDRAWN: "移出"}


DAY = click.DateTime(["%Y-%m-%d"])
reason_option = click.option("--reason", help="Why the list changes; kept in its chronicle.")
source_option = click.option("--source", help="The document it rests on; kept as well.")


@click.command(name="import")
@click.argument("file", type=PATH)
@click.option("--to", type=PATH, help="Write the list here instead of into the data folder.")
@reason_option
@source_option
@given_option
@renamed_option
def rights_import(
    file: Path,
    *,
    to: Path | None,
    reason: str | None,
    source: str | None,
    given: tuple[str, ...],
    renamed: tuple[str, ...],
) -> None:
    """Make this file the list in force, if it has no fault."""
    found = checked(file, given, renamed)
    settings = read_settings()
    place = to or settings.rights
    _install(settings, place, found, Ground(known=datetime.now(UTC), reason=reason, source=source))
    counts = "，".join(f"{kind} {count}" for kind, count in rights.counts(found.rights).items())
    click.echo(f"{place}: {len(found.rights)} rights ({counts})")


@click.command(name="withdraw")
@click.argument("right")
@click.option("--on", "day", type=DAY, metavar="DATE", help="Since when; today if not said.")
@click.option("--reason", required=True, help="Why; kept in the chronicle.")
@source_option
def rights_withdraw(right: str, day: datetime | None, reason: str, source: str | None) -> None:
    """Take the right with the id RIGHT off the list from a day on; its clues then say so."""
    settings = read_settings()
    ground = Ground(known=datetime.now(UTC), reason=reason, source=source)
    found = rights.in_force(settings.rights)
    if right not in {each.id for each in found.rights}:
        raise BadInput(f"no right {right!r} on the list; `markwatch rights show` lists them")
    since = day.date() if day else law.day_of(ground.known)
    changed = (
        chronicle.withdrawn(each, since) if each.id == right else each for each in found.rights
    )
    _install(settings, settings.rights, replace(found, rights=tuple(changed)), ground)
    click.echo(f"{right}: off the list from {since}")


def _install(settings: Settings, place: Path, found: RightsFile, ground: Ground) -> None:
    """List, word to the stage `rescreen`, chronicle, in this order: see `pipeline.chronicle`."""
    place.parent.mkdir(parents=True, exist_ok=True)
    had, old, entries = place.exists(), rights.in_force(place), chronicle.read(place)
    before = {right.id: right for right in old.rights} if had else {}
    if had and not entries:
        since = datetime.fromtimestamp(place.stat().st_mtime, UTC)
        entries = tuple(chronicle.changes({}, before, Ground(known=since)))
        chronicle.write(place, entries)
    states = rights.states(old)
    rights.install(found, place, chronicle.gone(before, found.rights, law.day_of(ground.known)))
    known = {id_: each.right for id_, each in chronicle.known(entries).items()}
    after = {right.id: right for right in rights.load(place).rights}
    changed = tuple(chronicle.changes(known, after, ground))
    if place == settings.rights:
        _announce(settings, states, {entry.right_id for entry in changed} if known else set())
    chronicle.write(place, changed)


def _announce(settings: Settings, before: Mapping[str, str], changed: Set[str]) -> None:
    """Tells the stage `rescreen` which rights the stored listings have not met as they are."""
    after = rights.states(rights.in_force(settings.rights))
    now = datetime.now(UTC)
    changes = [
        RightChange(right_id=each, at=now)
        for each in after
        if each in changed or after[each] != before.get(each)
    ]
    with closing(open_bus(settings.bus)) as bus:
        bus.publish_all(Topic.RIGHTS, [(each.right_id, codec.pack(each)) for each in changes])
    say(f"{len(changes)} new or changed; `markwatch run rescreen` looks at the stored listings")


@click.command(name="show")
@click.argument("words", nargs=-1)
@click.option("--at", "day", type=DAY, metavar="DATE", help="Only rights in force on that day.")
@click.option("--known", type=DAY, metavar="DATE", help="As known at the end of that day.")
def rights_show(words: tuple[str, ...], day: datetime | None, known: datetime | None) -> None:
    """The list, one right a line; with WORDS only those that hold them all."""
    for right in _listed(read_settings(), known):
        line = codec.to_line(right)
        is_asked = day is None or right.stood(day.date())
        if is_asked and all(word in json.dumps(line, ensure_ascii=False) for word in words):
            show(line)


def _listed(settings: Settings, known: datetime | None) -> Sequence[Right]:
    if known is None:
        found = rights.in_force(settings.rights).rights
        return [right for right in found if not right.removed_on]
    entries = chronicle.read(settings.rights)
    if not entries:
        raise BadInput("no list was imported yet, so nothing is known of earlier days")
    return tuple(chronicle.listed(entries, _end_of(known)).values())


def _end_of(day: datetime) -> datetime:
    return datetime.combine(day, time.max, tzinfo=law.CHINA)


@click.command(name="diff")
@click.argument("file", type=PATH, required=False)
@click.option("--from", "since", type=DAY, metavar="DATE", help="The list as known on that day …")
@click.option("--to", "until", type=DAY, metavar="DATE", help="… and on this, today if not said.")
@given_option
@renamed_option
def rights_diff(
    file: Path | None,
    *,
    since: datetime | None,
    until: datetime | None,
    given: tuple[str, ...],
    renamed: tuple[str, ...],
) -> None:
    """What FILE would change of the list in force; or what changed between two days."""
    settings = read_settings()
    if (file is None) == (since is None):
        raise click.UsageError("give FILE, or --from DATE")
    if file is not None:
        old = rights.in_force(settings.rights).rights if settings.rights.exists() else ()
        before = {right.id: right for right in old if not right.removed_on}
        after = {right.id: right for right in checked(file, given, renamed).rights}
    else:
        entries = chronicle.read(settings.rights)
        before = dict(chronicle.listed(entries, _end_of(since) if since else None))
        after = dict(chronicle.listed(entries, _end_of(until) if until else None))
    for line in differences(before, after):
        click.echo(line)


def differences(before: Mapping[str, Right], after: Mapping[str, Right]) -> Iterable[str]:
    """A line for each right that came, went or is not as it was, and one for each field."""
    for id_ in dict.fromkeys((*before, *after)):
        old, new = before.get(id_), after.get(id_)
        if old == new:
            continue
        right = new or old
        mark = "+" if old is None else "-" if new is None else "~"
        yield plain(f"{mark} {id_} {right.name if right else ''}")
        if old and new:
            yield from _fields(old, new)


def _fields(old: Right, new: Right) -> Iterable[str]:
    for field, (was, is_) in chronicle.differing(old, new).items():
        yield plain(f"    {field}: {_said(was)} → {_said(is_)}")


@click.command(name="history")
@click.argument("right")
def rights_history(right: str) -> None:
    """Every change of the right with the id RIGHT: when it became known, why, by which document."""
    entries = [each for each in chronicle.read(read_settings().rights) if each.right_id == right]
    if not entries:
        raise BadInput(f"nothing is known of a right {right!r}")
    before: Right | None = None
    for entry in entries:
        click.echo(plain(_line(entry)))
        if before and entry.kind is not Kind.ADDED:
            for line in _fields(before, entry.right):
                click.echo(line)
        before = entry.right


def _line(entry: Entry) -> str:
    moment = entry.known.astimezone(law.CHINA).strftime("%Y-%m-%d %H:%M")
    why = "；".join(filter(None, (entry.reason, entry.source)))
    return f"{moment} {KINDS[entry.kind]} {entry.right.name}" + (f"（{why}）" if why else "")


def _said(value: object) -> str:
    return "—" if value in (None, (), [], "") else json.dumps(value, ensure_ascii=False)


COMMANDS = (rights_import, rights_withdraw, rights_show, rights_diff, rights_history)
