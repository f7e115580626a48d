"""The command line: each command reads its arguments, asks the rooms, prints, ends 0, 1 or 2."""

import os
import signal
import sys
import webbrowser
from pathlib import Path

import click
from typing_extensions import override

from alerts.notices import compose
from app import children, chronicle, logs, memory, system
from app import demo as practice
from app import doctor as health
from app import scan as scanning
from app.clue_history import clue_group
from app.clusters import clusters_command
from app.evaluation import eval_command
from app.monitor import monitored
from app.output import PATH, bar, say, show
from app.overlay import overlay_command
from app.rights import rights_group
from app.running import Running, drain, stop_on_signals
from app.search import print_clues, search_command
from app.upkeep import bus_group, deadletters_group, index_group
from app.variants import variants_command
from crawlers import intake, sites
from detectors.assess import REVIEW
from detectors.pictures import reading
from detectors.reader import PictureReader
from detectors.screen import open_screen
from detectors.wording.english import in_english
from pipeline import codec, rights
from pipeline.address import read_place
from pipeline.assessed import Tier
from pipeline.bus import Topic
from pipeline.errors import BadInput, Fault, MarkwatchError
from pipeline.index import Facet, Query
from pipeline.plain import plain
from pipeline.settings import read_settings

TOLD = (Tier.HIGH, Tier.REVIEW)
VERSION = "0.1.0"


class Commands(click.Group):
    """Turns our errors into a sentence and exit status 1; Ctrl-C into 130."""

    @override
    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except MarkwatchError as error:
            say(f"markwatch: {plain_lines(str(error))}")
            ctx.exit(1)
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(1)


def plain_lines(text: str) -> str:
    return "\n".join(plain(line) for line in text.splitlines())


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="markwatch")
def main() -> None:
    """Watch online shops for goods that misuse a protected mark."""
    logs.set_up(read_settings().log)
    memory.keep_freed()


rights_group.add_command(variants_command)
for list_command in chronicle.COMMANDS:
    rights_group.add_command(list_command)
main.add_command(rights_group)
main.add_command(index_group)
main.add_command(bus_group)
main.add_command(deadletters_group)
main.add_command(eval_command)
main.add_command(overlay_command)
main.add_command(search_command)
main.add_command(clusters_command)
main.add_command(clue_group)


@main.command()
@click.option("--once", is_flag=True, help="End when the shop has been crawled and screened.")
@click.option("--port", default=0, help="Port of the feed; any free one by default.")
@click.option("--data", type=PATH, help="Keep the data here instead of a folder that is removed.")
@click.option("--items", default=2000, show_default=True, help="Goods in the practice market.")
@click.option("--seed", default=7, show_default=True, help="Another seed is another market.")
@click.option("--browser/--no-browser", default=True, help="Open the feed in a browser.")
def demo(*, once: bool, port: int, data: Path | None, items: int, seed: int, browser: bool) -> None:
    """The main job, here and now: practice market, crawl, screen, index, feed."""
    plan = practice.Show(once=once, port=port, items=items, seed=seed)
    opened = webbrowser.open if browser and not once and _has_screen() else None
    for line in practice.run(plan, data, say, opened):
        click.echo(line)


def _has_screen() -> bool:
    if sys.platform != "linux":
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


@main.command()
@click.argument("listings", type=PATH)
@click.option("--rights", "list_", required=True, type=PATH, help="The protection list.")
@click.option("--all", "everything", is_flag=True, help="Print low and cleared clues too.")
@click.option("--pictures/--no-pictures", default=True, help="Compare pictures too.")
@click.option("--read/--no-read", default=True, help="Read the text in pictures too.")
@click.option("--english", is_flag=True, help="Reasons in English; those of gates stay Chinese.")
def scan(
    *, listings: Path, list_: Path, everything: bool, pictures: bool, read: bool, english: bool
) -> None:
    """Listings in (JSONL, CSV, XLSX or -), clues out as JSON Lines; no services."""
    screen = open_screen(rights.load(list_), least=0.0 if everything else REVIEW)
    entries = iter(bar("listings", intake.read(listings)))
    faults = 0
    folder = listings.parent if pictures else None
    live = not listings.is_file()
    if pictures and read and (lacking := reading.lacking()):
        say(f"text in pictures is not read: {lacking}")
    with bar("pictures") as progress:
        reader = PictureReader(1.0 if read else 0.0, tell=lambda _: progress.update())
        for found in scanning.scan(entries, screen, folder, live=live, reader=reader):
            if isinstance(found, Fault):
                faults += 1
                say(plain(str(found)))
            elif everything or found.tier in TOLD:
                show(codec.to_line(in_english(found) if english else found))
    _end(faults)


def _end(faults: int) -> None:
    if faults:
        say(f"markwatch: {faults} faults, reported above")
        raise SystemExit(1)


@main.command()
@click.argument("site")
@click.option("--base", help="The shop's address, for a shipped site.")
@click.option("--query", help="Ask the shop's search for this instead of crawling all of it.")
@click.option("--with-parent", is_flag=True, hidden=True)
def crawl(site: str, base: str | None, query: str | None, with_parent: bool) -> None:
    """Crawl SITE once: a shipped name (see `doctor`) or a TOML file."""
    from crawlers.crawl import crawl as run  # noqa: PLC0415 - Scrapy takes a second to load, other commands need not

    settings = read_settings()
    place = sites.load(site, base)
    place.starts(query)
    if with_parent:
        children.end_with_parent(lambda: os.kill(os.getpid(), signal.SIGTERM))
    with system.open_parts(settings) as parts, bar("pages") as progress:
        tally = run(place, parts.bus, parts.vault, query, progress.update)
    say("；".join(f"{name} {count}" for name, count in sorted(tally.items())) or "no page")
    if not tally.get("item") and not tally.get("list"):
        raise BadInput(f"nothing of {place.base} could be read; each address and why: topic crawls")


@main.command(name="intake")
@click.argument("files", nargs=-1, required=True, type=PATH)
def intake_command(files: tuple[Path, ...]) -> None:
    """Listings from files into the pipeline (same lines as scan)."""
    faults = taken = 0
    with system.open_parts(read_settings()) as parts:
        for path in files:
            for entry in bar("listings", intake.read(path)):
                if isinstance(entry, Fault):
                    faults += 1
                    say(plain(str(entry)))
                    continue
                capture = intake.kept(entry, path.parent, parts.vault)
                parts.bus.publish(Topic.CAPTURES, capture.key, codec.pack(capture))
                taken += 1
    click.echo(f"{taken} listings taken in")
    _end(faults)


@main.command()
@click.argument("stages", nargs=-1, type=click.Choice(system.STAGES))
@click.option("--once", is_flag=True, help="Handle what is there, then stop.")
@click.option("--port", type=int, help="Port of the feed, instead of MARKWATCH_FEED's.")
def run(stages: tuple[str, ...], once: bool, port: int | None) -> None:
    """Run all stages, or the named ones, until Ctrl-C; as many processes of one as you like."""
    names = stages or system.STAGES
    loops = [name for name in names if name not in {"schedule", "feed"}]
    with system.open_parts(read_settings()) as parts:
        if once:
            say(f"{drain(parts, loops, say)} messages handled")
            return
        running = Running()
        stop_on_signals(running.stop)
        running.start_stages(parts, loops, say)
        if "schedule" in names:
            running.start_schedule(parts)
        if "feed" in names:
            host, own = read_place("MARKWATCH_FEED", parts.settings.feed)
            click.echo(running.start_feed(parts, host, own if port is None else port))
        with monitored(parts.settings.monitor, running.metrics, running.alive):
            running.stop.wait()
        running.finish()


@main.command()
@click.option("--json", "as_json", is_flag=True, help="The same lines as scan.")
@click.option("--all", "everything", is_flag=True, help="Low and cleared clues too.")
def clues(as_json: bool, everything: bool) -> None:
    """The clues as they stand now, one line each."""
    with system.open_parts(read_settings()) as parts:
        tiers = tuple(Tier) if everything else TOLD
        print_clues(parts, Query(facets={Facet.TIER: tiers}, limit=500), as_json=as_json)


@main.group()
def notice() -> None:
    """Takedown notices: the system drafts, a person signs."""


@notice.command(name="draft")
@click.argument("clue")
@click.option("--to", type=PATH, default=Path(), help="Folder for the two files.")
def notice_draft(clue: str, to: Path) -> None:
    """Draft the notice for a clue as HTML and JSON, unsigned."""
    with system.open_parts(read_settings()) as parts:
        found = system.clue_of(parts, clue)
        right = next((each for each in parts.rights.rights if each.id == found.right_id), None)
    if right is None:
        raise BadInput(f"right {found.right_id!r} is no longer on the list")
    drafted = compose.compose(found, right)
    to.mkdir(parents=True, exist_ok=True)
    (to / f"notice-{clue}.json").write_bytes(codec.encode(drafted) + b"\n")
    (to / f"notice-{clue}.html").write_text(compose.html(drafted), "utf-8")
    say(f"missing: {'、'.join(drafted.missing)}")
    click.echo(f"{to / f'notice-{clue}.html'}\n{to / f'notice-{clue}.json'}")


@main.command()
def doctor() -> None:
    """What is reachable, what is missing, how to get it."""
    wrong = False
    for check in health.checks(read_settings()):
        wrong |= not check.fine
        click.echo(f"{'ok  ' if check.fine else 'FAIL'} {check.what}: {check.found}")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
