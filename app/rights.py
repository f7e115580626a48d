"""The commands `rights check`, `backtest` and `learn`: a list that is not in force yet."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from app import backtest, learning
from app.output import PATH, bar, say, show
from crawlers import intake
from pipeline import rights
from pipeline.errors import BadInput, Fault
from pipeline.plain import plain
from pipeline.rights import Reading, RightsFile
from pipeline.settings import read_settings


@click.group(name="rights")
def rights_group() -> None:
    """The protection list: check it, import it, show it, try it out."""


def _reading(given: tuple[str, ...], renamed: tuple[str, ...]) -> Reading:
    def pairs(texts: tuple[str, ...]) -> Mapping[str, str]:
        parts = [text.partition("=") for text in texts]
        if any(not mark for _, mark, _ in parts):
            raise click.UsageError("--set and --map take NAME=VALUE")
        return {name: value for name, _, value in parts}

    return Reading(renamed=pairs(renamed), given=pairs(given))


given_option = click.option(
    "--set", "given", multiple=True, metavar="FIELD=VALUE", help="A field for every row."
)
renamed_option = click.option(
    "--map", "renamed", multiple=True, metavar="COLUMN=FIELD", help="Rename a column."
)


def checked(path: Path, given: tuple[str, ...], renamed: tuple[str, ...]) -> RightsFile:
    found = rights.read(path, _reading(given, renamed))
    for fault in found.faults:
        say(plain(str(fault)))
    if found.faults:
        raise BadInput(
            f"{path}: {len(found.faults)} faults; nothing of it counts until they are mended"
        )
    return found


@rights_group.command(name="check")
@click.argument("file", type=PATH)
@given_option
@renamed_option
def rights_check(file: Path, given: tuple[str, ...], renamed: tuple[str, ...]) -> None:
    """Read the whole file and name every fault."""
    found = checked(file, given, renamed)
    click.echo(f"{file}: {len(found.rights)} rights, no fault")


@rights_group.command(name="backtest")
@click.argument("file", type=PATH)
@click.option("--on", required=True, type=PATH, help="Listings as `scan` reads them.")
@click.option(
    "--samples", default=5, show_default=True, type=click.IntRange(0, 100), help="Titles a right."
)
@click.option("--days", type=click.IntRange(1), help="How many days the listings stand for.")
@click.option("--json", "as_json", is_flag=True, help="One object a right, one a line.")
@given_option
@renamed_option
def rights_backtest(
    file: Path,
    *,
    on: Path,
    samples: int,
    days: int | None,
    as_json: bool,
    given: tuple[str, ...],
    renamed: tuple[str, ...],
) -> None:
    """What these rights would bring on LISTINGS, and which of their names are too ordinary."""
    found = checked(file, given, renamed)
    trial = backtest.Backtest(found.rights, samples)
    faults = _told(trial.read(bar("listings", intake.read(on))))
    basis = trial.basis(days)
    forecasts = trial.forecasts(basis, rights.in_force(read_settings().rights).rights)
    if as_json:
        for each in forecasts:
            show(each)
    else:
        click.echo("\n".join(backtest.lines(forecasts, basis)))
    _end(faults)


def _told(faults: Iterable[Fault]) -> int:
    count = 0
    for fault in faults:
        count += 1
        say(plain(str(fault)))
    return count


def _end(faults: int) -> None:
    if faults:
        raise BadInput(f"{faults} faults, reported above")


@rights_group.command(name="learn")
@click.argument("file", type=PATH)
@click.option("--on", required=True, type=PATH, help="Listings as `scan` reads them.")
@click.option("--json", "as_json", is_flag=True, help="One object a right, one a line.")
@given_option
@renamed_option
def rights_learn(
    file: Path, *, on: Path, as_json: bool, given: tuple[str, ...], renamed: tuple[str, ...]
) -> None:
    """Goods words that a right's own shops keep using on LISTINGS and FILE does not have yet.

    Changes nothing: who agrees adds them to `goods`. Of each right, 2,000 titles are read at most.
    """
    found = checked(file, given, renamed)
    lesson = learning.Learning(found.rights)
    faults = _told(lesson.read(bar("listings", intake.read(on))))
    lessons = lesson.lessons()
    if as_json:
        for each in lessons:
            show(each)
    else:
        for line in learning.lines(lessons):
            click.echo(line)
    _left_out(len(found.rights) - len(lessons), lessons)
    _end(faults)


def _left_out(untaught: int, lessons: Sequence[learning.Lesson]) -> None:
    if full := sum(each.titles >= learning.MOST for each in lessons):
        say(f"{full} rights: the first {learning.MOST:,} titles were read, no more")
    if untaught:
        say(f"{untaught} rights: no official or licensed shop, or fewer than 2 titles of theirs")
