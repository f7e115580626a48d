"""The command `search`: clues by their words, or by a picture, whatever was done to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from app import system
from app.output import PATH, show
from crawlers import intake
from detectors.fingerprint import hashed
from detectors.gather import copies, views_in
from pipeline import codec
from pipeline.album import Sighting
from pipeline.errors import BadInput
from pipeline.index import Document, Facet, Order, Query, every
from pipeline.index.base import NEAR
from pipeline.plain import plain
from pipeline.records import Clue, PerceptualHash
from pipeline.settings import read_settings

PAGE = 500
Line = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A listing's picture that shows the one searched for, what was done to it, its cluster."""

    sighting: Sighting
    edits: tuple[str, ...]
    cluster: str

    def line(self) -> Line:
        seen = self.sighting
        done = {"image": seen.image, "picture": seen.picture, "edits": self.edits}
        return {**done, "cluster": self.cluster}


@click.command(name="search")
@click.argument("words", nargs=-1)
@click.option("--image", type=PATH, help="With this picture, however edited, the surest first.")
@click.option("--json", "as_json", is_flag=True, help="The same lines as scan.")
def search_command(words: tuple[str, ...], image: Path | None, as_json: bool) -> None:
    """The clues that hold all WORDS, the surest first."""
    if not words and not image:
        raise click.UsageError("give WORDS or --image")
    with system.open_parts(read_settings()) as parts:
        if image is None:
            print_clues(parts, Query(words=words, order=Order.SCORE, limit=PAGE), as_json=as_json)
        else:
            _print_pictured(parts, image, words, as_json=as_json)


def print_clues(parts: system.Parts, query: Query, *, as_json: bool) -> None:
    """A line for each."""
    for hit in every(parts.index, query):
        _print_clue(hit.document, None, as_json=as_json)


def _print_pictured(
    parts: system.Parts, image: Path, words: tuple[str, ...], *, as_json: bool
) -> None:
    """Clues whose picture shows it, those alike by hash alone, then listings without a clue."""
    content = intake.picture(image.parent, image.name)
    seen = hashed(content)
    if seen.problem or seen.flat or seen.phash is None:
        raise BadInput(f"{image}: {seen.problem or 'too little in it to be told from another'}")
    shown: dict[str, list[Shown]] = {}
    clues: dict[str, Document] = {}
    for picture, copy in copies(parts.album, views_in(content)):
        for each in parts.album.sightings(picture.id):
            found = Shown(sighting=each, edits=copy.edits, cluster=picture.cluster)
            shown.setdefault(each.listing, []).append(found)
        if picture.phash:
            _add(clues, _with_picture(parts, words, picture.phash, 0))
    _add(clues, _with_picture(parts, words, seen.phash, NEAR))
    told = {_print_clue(each, shown, as_json=as_json) for each in clues.values()}
    for key, found_in in shown.items():
        if key not in told and not words:
            _print_listing(found_in, as_json=as_json)


def _add(clues: dict[str, Document], more: dict[str, Document]) -> None:
    """Those that are there keep their place."""
    for id_, document in more.items():
        clues.setdefault(id_, document)


def _with_picture(
    parts: system.Parts, words: tuple[str, ...], picture: PerceptualHash, within: int
) -> dict[str, Document]:
    """Clues with a picture within so many bits, the nearest first."""
    nearest = Query(words=words, picture=picture, within=within, order=Order.NEAREST, limit=PAGE)
    return {hit.document.id: hit.document for hit in every(parts.index, nearest)}


def _print_clue(
    document: Document, shown: dict[str, list[Shown]] | None, *, as_json: bool
) -> str | None:
    """Returns its listing's key."""
    clue = codec.decode(document.body, Clue)
    key = clue.listing.key if clue.listing else None
    found = (shown or {}).get(key or "", [])
    if as_json:
        copies_ = {} if shown is None else {"copies": [each.line() for each in found]}
        show(codec.to_line(clue) | copies_)
    else:
        title = plain(clue.listing.title) if clue.listing else ""
        state = document.facets[Facet.STATE]
        sure = f"{clue.tier.value:7} {clue.score:.2f} {state:8}"
        how = "" if shown is None else _how(found)
        click.echo(f"{clue.clue_id}  {sure} {plain(clue.right_name)} ← {title}{how}")
    return key


def _print_listing(found: Sequence[Shown], *, as_json: bool) -> None:
    seen = found[0].sighting
    if as_json:
        names = {"listing_id": seen.item, "platform": seen.platform, "shop": seen.shop}
        times = {"first": seen.first.isoformat(), "last": seen.last.isoformat()}
        copies_ = [each.line() for each in found]
        show({"clue_id": None, **names, "title": seen.title, **times, "copies": copies_})
    else:
        click.echo(
            f"{'no clue':32}  {plain(f'{seen.platform} {seen.shop} ← {seen.title}')}{_how(found)}"
        )


def _how(found: Sequence[Shown]) -> str:
    """Of each picture what was done to it, in brackets."""
    each = [
        f"image {one.sighting.image + 1}: {', '.join(one.edits) or 'as it is'}" for one in found
    ]
    return f"  ({'; '.join(each) or 'alike by its hash'})"
