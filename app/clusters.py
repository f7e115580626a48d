"""The command `clusters`: pictures that several listings show, since when, and how edited."""

import click

from app import system
from detectors.gather import view_of, views_in
from detectors.pictures.copies import Copy, copy_in
from detectors.pictures.view import View
from pipeline.album import Album, Sighting
from pipeline.errors import BadInput, EvidenceLost
from pipeline.plain import plain
from pipeline.settings import read_settings
from pipeline.vault import Vault

SHARED = 2  # listings


@click.command(name="clusters")
@click.argument("cluster", required=False)
def clusters_command(cluster: str | None) -> None:
    """Pictures that several listings show; with CLUSTER, who shows it and how it was edited."""
    with system.open_parts(read_settings()) as parts:
        if cluster is None:
            _print_all(parts.album)
        else:
            _print_one(parts.album, parts.vault, cluster)


def _print_all(album: Album) -> None:
    for name in album.shared(SHARED):
        if far := album.spread(name):
            count = f"{far.listings} listings  {far.shops} shops"
            click.echo(f"{name}  {count}  first seen {far.first:%F %T}")


def _print_one(album: Album, vault: Vault, cluster: str) -> None:
    """A line a listing, beside it what was done to the picture that was seen first."""
    seen = album.of_cluster(cluster)
    if not seen:
        raise BadInput(f"no cluster {cluster!r}; `markwatch clusters` lists them")
    kept = album.pictures(each.picture for each in seen)
    first = _views(vault, seen[0].picture, view_of(kept[seen[0].picture]))
    said = {name: _said(first, view_of(picture)) for name, picture in kept.items()}
    for each in seen:
        click.echo(_line(each, said[each.picture]))


def _views(vault: Vault, picture: str, known: View) -> tuple[View, ...]:
    """With its mirror image, if its bytes are still there."""
    try:
        return views_in(vault.get(picture.partition(".")[0]))
    except EvidenceLost:
        return (known,)


def _said(first: tuple[View, ...], other: View) -> str:
    laid: list[Copy] = [copy for one in first if (copy := copy_in(one, other))]
    if not laid:
        return "through other copies"
    return ", ".join(max(laid, key=lambda copy: copy.support).edits) or "as it is"


def _line(seen: Sighting, said: str) -> str:
    place = plain(f"{seen.platform} {seen.shop} ← {seen.title}")
    return f"{seen.first:%F %T}  {seen.picture[:12]}  {place}  ({said})"
