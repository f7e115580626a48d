"""Stage listings → album: each different picture kept once, joined with those it is a copy of."""

from collections.abc import Iterator, Sequence

import cv2

from detectors.pictures import sketch, small
from detectors.pictures.copies import Copy, both_ways, copy_in, words
from detectors.pictures.decode import decoded
from detectors.pictures.shortlist import Shortlist
from detectors.pictures.view import View, in_units
from pipeline.album import Album, Pictured, Sighting
from pipeline.bus import Topic
from pipeline.index.base import EPOCH
from pipeline.records import Fingerprint, Listing
from pipeline.stage import Emit, Stage

BATCH = 50
LIKELY = 12  # pictures that a new one is laid into, and as many its mirror image
WIDELY = 400  # pictures that share words with one that is searched for
SHORT = 30  # of those, by how many looks agree, that it is laid into, and its mirror image


def gather_stage(album: Album) -> Stage[Listing]:
    """A picture is compared when it first comes; killed before that, it is when it comes again."""

    def handle(listings: Sequence[Listing]) -> Iterator[Emit]:
        gather(album, listings)
        yield from ()

    return Stage(name="gather", topic=Topic.LISTINGS, kind=Listing, handle=handle, most=BATCH)


def gather(album: Album, listings: Sequence[Listing]) -> None:
    """Puts the listings' pictures into the album; those that are new there meet the others."""
    met = [each for listing in listings for each in _told(listing)]
    prints = {seen.picture: print_ for seen, print_ in met}
    known = album.compared(prints)
    fresh = {id_: print_ for id_, print_ in prints.items() if id_ not in known}
    kept = [_kept(id_, fresh[id_]) for id_ in sorted(fresh)]
    album.put([(each, words(view_of(each).seen.codes)) for each in kept], [seen for seen, _ in met])
    for each in kept:
        album.join(each.id, _copies(album, each, fresh[each.id].small))


def _told(listing: Listing) -> Iterator[tuple[Sighting, Fingerprint]]:
    """Pictures that can be told from others; an animation's later frame has an id of its own."""
    capture = listing.capture
    frames: dict[int, int] = {}
    for print_ in listing.fingerprints:
        frame = frames[print_.image] = frames.get(print_.image, -1) + 1
        kept = capture.pictures[print_.image].kept if print_.points and not print_.flat else None
        if kept is None:
            continue
        moment = capture.seen_at or EPOCH
        yield (
            Sighting(
                picture=kept.sha256 + (f".{frame}" if frame else ""),
                listing=capture.key,
                image=print_.image,
                item=capture.id,
                platform=capture.platform or "",
                shop=capture.shop.name or capture.shop.id or "",
                title=capture.title,
                first=moment,
                last=moment,
            ),
            print_,
        )


def _kept(id_: str, print_: Fingerprint) -> Pictured:
    return Pictured(
        id=id_,
        cluster=id_,
        points=print_.points or b"",
        width=print_.width or 1,
        height=print_.height or 1,
        phash=print_.phash,
    )


def view_of(picture: Pictured) -> View:
    size = in_units(picture.width, picture.height)
    return View(sketch.unpacked(picture.points), size, mirrored=False)


def views_in(content: bytes) -> tuple[View, View]:
    """A picture's first frame as it is and mirrored. Raises `Unreadable`."""
    frame = decoded(content, sketch.SIDE).frames[0]
    return both_ways(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY))


def _copies(album: Album, picture: Pictured, reduced: bytes | None) -> list[str]:
    """Those of the likeliest that are near-identical; of one cluster one is enough."""
    both = [view_of(picture)]
    if reduced:
        both.append(both_ways(small.grey(reduced))[1])
    found: dict[str, str] = {}
    for each in both:
        for other in _likely(album, each, LIKELY):
            if other.id == picture.id or other.cluster in found:
                continue
            copy = copy_in(each, view_of(other))
            if copy and copy.is_same:
                found[other.cluster] = other.id
    return list(found.values())


def _likely(album: Album, one: View, most: int) -> list[Pictured]:
    """Pictures that share words with it, the likeliest first."""
    near = album.near(words(one.seen.codes), most)
    kept = album.pictures(near)
    return [kept[id_] for id_ in near]


def copies(album: Album, both: Sequence[View]) -> list[tuple[Pictured, Copy]]:
    """The album's pictures that show this one, or its mirror image, or that it shows; the surest
    first.
    """
    best: dict[str, tuple[Pictured, Copy]] = {}
    for one in both:
        likely = _likely(album, one, WIDELY)
        kept = [view_of(each) for each in likely]
        for number in Shortlist([each.seen for each in kept]).near(one.seen, SHORT):
            picture, copy = likely[number], copy_in(one, kept[number])
            known = best.get(picture.id)
            if copy and not (known and known[1].support >= copy.support):
                best[picture.id] = picture, copy
    return sorted(best.values(), key=lambda each: (-each[1].support, each[0].id))
