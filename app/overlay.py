"""The command `overlay`: a clue's picture match drawn, for who wants to see why."""

from pathlib import Path

import click

from app import system
from app.output import PATH, say
from detectors.logo import METHOD
from detectors.pictures.decode import Unreadable
from detectors.pictures.overlay import overlay
from pipeline.errors import BadInput
from pipeline.matches import Match
from pipeline.records import Clue
from pipeline.settings import read_settings


@click.command(name="overlay")
@click.argument("clue")
@click.option("--to", type=PATH, default=Path(), help="Folder for the pictures.")
def overlay_command(clue: str, to: Path) -> None:
    """Draw how the right's picture lies in each picture of a clue that shows it."""
    with system.open_parts(read_settings()) as parts:
        found = system.clue_of(parts, clue)
        seen = [match for match in found.matches if match.right_image]
        pages = [drawn(parts, found, match) for match in seen]
    if not pages:
        raise BadInput(f"clue {clue!r} rests on no picture")
    to.mkdir(parents=True, exist_ok=True)
    for number, (match, page) in enumerate(zip(seen, pages, strict=True), start=1):
        place = to / f"overlay-{clue}-{number}.png"
        place.write_bytes(page)
        say(match.reason)
        click.echo(place)


def drawn(parts: system.Parts, clue: Clue, match: Match) -> bytes:
    """A match by picture as a PNG. Raises `BadInput` where one of the pictures is not to be had."""
    if match.right_image is None or clue.listing is None:
        raise BadInput(f"a match of clue {clue.clue_id!r} rests on no picture")
    number = int(match.field.removeprefix("image:"))
    kept = clue.listing.pictures[number].kept
    if kept is None:
        raise BadInput(f"picture {number + 1} of the listing was not kept")
    try:
        right = (parts.rights.folder / match.right_image).read_bytes()
        picture, is_logo = parts.vault.get(kept.sha256), match.method == METHOD
        return overlay(right, picture, match.region, by_points=not is_logo)
    except OSError as error:
        raise BadInput(f"the right's picture {match.right_image}: {error.strerror}") from error
    except Unreadable as error:
        raise BadInput(str(error)) from error
