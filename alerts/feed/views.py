"""Pure: clues to what a page shows. All text leaves here as text, made harmless."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline import codec, law
from pipeline.album import Sighting, Spread
from pipeline.index import Document, Facet
from pipeline.indexing import revision
from pipeline.law import CHINA
from pipeline.matches import Match
from pipeline.plain import plain
from pipeline.records import Capture, Clue, Decision, Right
from pipeline.written import Box

REASON_CODES: dict[Decision, tuple[str, ...]] = {
    Decision.CONFIRM: ("name", "picture", "origin"),
    Decision.DISMISS: ("not_alike", "other_goods", "not_mark"),
    Decision.LAWFUL: ("authorised", "fair_use"),
    Decision.NEED_MORE: ("evidence",),
    Decision.PASS_ON: ("jurisdiction",),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a title; `match` numbers the match it belongs to."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """One clue in the list."""

    id: str
    tier: str
    score: str
    state: str
    right: str
    title: tuple[Piece, ...]
    shop: str
    platform: str
    price: str
    seen: str
    reason: str
    picture: str | None


@dataclass(frozen=True, slots=True)
class PicturePair:
    """A listing's picture and a right's that it shows: `match` is its place among the clue's
    matches, `region` where the right's lies, in shares.
    """

    match: int
    listing: str | None
    right: str
    reason: str
    region: Box | None


@dataclass(frozen=True, slots=True)
class OtherView:
    """Another listing with the same picture; `clue` is its clue for the same right, if any."""

    title: str
    shop: str
    platform: str
    seen: str
    clue: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterView:
    """The listings that show a picture of the clue's, or an edited copy of it."""

    listings: int
    shops: int
    first: str
    others: tuple[OtherView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClueView:
    """One clue on its own page."""

    row: RowView
    clue: Clue
    listing: Capture
    right: Right | None
    revision: str
    pairs: tuple[PicturePair, ...]
    others: tuple[str, ...]
    right_images: tuple[str, ...]
    article: str
    also: tuple[str, ...]


def row(document: Document) -> RowView:
    """The row of an indexed clue."""
    clue = codec.decode(document.body, Clue)
    return _row(clue, document.facets.get(Facet.STATE, "open"))


def live_row(clue: Clue) -> RowView:
    """The row of a clue that has just come in."""
    return _row(clue, "open")


def _row(clue: Clue, state: str) -> RowView:
    listing = _listing(clue)
    kept = next((each.kept for each in listing.pictures if each.kept), None)
    return RowView(
        id=clue.clue_id,
        tier=clue.tier,
        score=f"{clue.score:.2f}",
        state=state,
        right=plain(clue.right_name),
        title=marked(listing.title, clue.matches, "title"),
        shop=plain(listing.shop.name or "—"),
        platform=plain(listing.platform or "—"),
        price="—" if listing.price is None else f"{listing.price:g} {listing.currency or ''}",
        seen=listing.seen.astimezone(CHINA).strftime("%m-%d %H:%M:%S"),
        reason=plain(clue.reason),
        picture=kept.sha256 if kept else None,
    )


def page(document: Document, right: Right | None) -> ClueView:
    """All of one clue."""
    clue = codec.decode(document.body, Clue)
    pairs = tuple(_pairs(clue))
    shown = {pair.listing for pair in pairs}
    matched = {pair.right for pair in pairs}
    kept = [each.kept.sha256 for each in _listing(clue).pictures if each.kept]
    articles = law.of(clue).articles
    return ClueView(
        row=row(document),
        clue=clue,
        listing=_listing(clue),
        right=right,
        revision=revision(clue),
        pairs=pairs,
        others=tuple(each for each in dict.fromkeys(kept) if each not in shown),
        right_images=tuple(each for each in right.images if each not in matched) if right else (),
        article=articles[clue.conduct],
        also=tuple(articles[conduct] for conduct in clue.also),
    )


def cluster(spread: Spread, others: Iterable[tuple[Sighting, str | None]]) -> ClusterView:
    """How far a picture has gone, and some of the others that show it, each with its clue."""
    return ClusterView(
        listings=spread.listings,
        shops=spread.shops,
        first=_day(spread.first),
        others=tuple(
            OtherView(
                title=plain(each.title),
                shop=plain(each.shop or "—"),
                platform=plain(each.platform or "—"),
                seen=_day(each.first),
                clue=clue,
            )
            for each, clue in others
        ),
    )


def _day(moment: datetime) -> str:
    return moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")


def marked(text: str, matches: tuple[Match, ...], field: str) -> tuple[Piece, ...]:
    """The text cut at the spans of its matches; overlapping spans are shown as one."""
    pieces: list[Piece] = []
    place = 0
    for start, end in _joined(sorted(m.span for m in matches if m.field == field and m.span)):
        pieces.append(Piece(plain(text[place:start]), marked=False))
        pieces.append(Piece(plain(text[start:end]), marked=True))
        place = end
    pieces.append(Piece(plain(text[place:]), marked=False))
    return tuple(piece for piece in pieces if piece.text)


def _joined(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    waiting: tuple[int, int] | None = None
    for start, end in spans:
        if waiting and start <= waiting[1]:
            waiting = waiting[0], max(end, waiting[1])
            continue
        if waiting:
            yield waiting
        waiting = start, end
    if waiting:
        yield waiting


def _pairs(clue: Clue) -> Iterator[PicturePair]:
    pictures = _listing(clue).pictures
    for place, match in enumerate(clue.matches):
        if match.detector != "image" or match.right_image is None:
            continue
        number = int(match.field.partition(":")[2])
        kept = pictures[number].kept if number < len(pictures) else None
        listing, reason = kept.sha256 if kept else None, plain(match.reason)
        yield PicturePair(place, listing, match.right_image, reason, match.region)


def _listing(clue: Clue) -> Capture:
    if clue.listing is None:
        raise ValueError(f"clue {clue.clue_id} has no listing")
    return clue.listing
