"""The commands `index`, `bus` and `deadletters`: what an operator mends and moves."""

from contextlib import closing
from itertools import islice

import click

from app import system
from app.output import bar, say
from pipeline import deadletters, indexing
from pipeline.address import shown
from pipeline.bus import Topic, history, open_bus
from pipeline.errors import BadInput
from pipeline.plain import plain
from pipeline.settings import read_settings

BATCH = 500


@click.group(name="index")
def index_group() -> None:
    """What can be searched: a projection of the bus."""


@index_group.command(name="rebuild")
def index_rebuild() -> None:
    """Fill a new index from the bus and put it in the old one's place; searches go on meanwhile."""
    with system.open_parts(read_settings()) as parts, bar("messages") as progress:
        count = indexing.rebuild(parts.bus, parts.index, progress.update)
    say(f"{count} messages read; the new index is in place")


@click.group(name="bus")
def bus_group() -> None:
    """The record of all that happened."""


@bus_group.command(name="copy")
@click.argument("source")
def bus_copy(source: str) -> None:
    """Publish what the bus at the address SOURCE holds on the bus in force, topic by topic."""
    target = read_settings().bus
    if source == target:
        raise BadInput(f"{shown(source)} is the bus in force; copy from another")
    count = 0
    with (
        closing(open_bus(source)) as old,
        closing(open_bus(target)) as new,
        bar("messages") as progress,
    ):
        for topic in Topic:
            messages = history(old, topic)
            while some := tuple(islice(messages, BATCH)):
                new.publish_all(topic, [(message.key, message.body) for message in some])
                progress.update(len(some))
                count += len(some)
    say(f"{count} messages copied; now `markwatch index rebuild`")


@click.group(name="deadletters")
def deadletters_group() -> None:
    """What could not be handled, with its reason."""


@deadletters_group.command(name="list")
def deadletters_list() -> None:
    """One line each: stage, topic, partition, offset, reason."""
    with system.open_parts(read_settings()) as parts:
        for letter in deadletters.letters(parts.bus):
            place = f"{letter.topic}/{letter.partition}:{letter.offset}"
            click.echo(plain(f"{letter.at:%F %T} {letter.stage} {place} {letter.reason}"))


@deadletters_group.command(name="retry")
def deadletters_retry() -> None:
    """Send each one again to where it came from."""
    with system.open_parts(read_settings()) as parts:
        click.echo(f"{deadletters.retry(parts.bus)} sent again")
