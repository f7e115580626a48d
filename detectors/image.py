"""The picture detector: whether a listing's pictures show a right's, whatever was done to them.

A whole copy is told by its perceptual hashes; a crop, a frame, a mirror image, a corner of a
collage by local features that agree on how the right's picture lies in the listing's.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from typing_extensions import override

from detectors.base import Detector, Finder
from detectors.pictures import edits, sketch, small
from detectors.pictures.alignment import EVEN, Alignment, Seen
from detectors.pictures.extent import Size, extent
from detectors.pictures.hamming import HammingIndex
from detectors.pictures.hidden import Mark, hidden
from detectors.pictures.lettering import lettering, may_be_read
from detectors.pictures.logos import Emblem
from detectors.pictures.part_look import UNSEEN, looked_at
from detectors.pictures.parts import WHOLE, laid_in_whole
from detectors.pictures.points import Floats
from detectors.pictures.shortlist import Shortlist
from detectors.pictures.telling import LEAST_ODDS, Lain, own_odds
from detectors.pictures.view import View, best, in_units
from pipeline.matches import Match
from pipeline.records import HASH_BITS, Fingerprint, Listing, PerceptualHash, Right

NAME = "image"
RADIUS, PLAIN_RADIUS = 10, 4  # bits; and of a logo, since plain signs are alike in the rough
SECOND_OPINION = 20  # dhash may differ this much; an unrelated picture of like phash differs more
FEWEST = 7.0  # support: less is chance
STEP = 1.0  # support beyond `EVEN`, to the next e-fold
PART = 0.5  # at most, where only a part agrees: a tag, a word, a kind of package
OWN_PART = 0.9  # at most, where that part is no other right's: a person must look
OTHERS = 8  # rights with pictures, for it to be said that no other has it
DOUBT, LETTER = 6.5, 2.0  # log odds: a part of a logo may be letters that many have, unless read
LETTERS = 45  # points that agree: more are no letters
OTHER = -1.0  # log odds by a second look: less is another logo with some letters alike
SHORT = 10  # of the rights' pictures that are laid into one of a listing's


@dataclass(frozen=True, slots=True, kw_only=True)
class RightPicture:
    """A right's picture, read when the list was; one without points is known by its hashes."""

    right: Right
    image: str
    phash: PerceptualHash | None
    dhash: PerceptualHash | None
    views: tuple[View, ...] = ()
    emblem: Emblem | None = None
    marks: tuple[Mark, ...] = ()  # the right's logos that it shows, a logo itself
    small: bytes | None = None  # as a listing's are

    @property
    def is_photo(self) -> bool:
        """It fills its frame, as neither a logo nor a thing cut out does."""
        return bool(self.views) and self.emblem is None


@dataclass(frozen=True, slots=True, eq=False)
class _Shown:
    """One of a listing's pictures, unpacked."""

    print: Fingerprint
    seen: Seen | None
    size: Size

    @classmethod
    def of(cls, print_: Fingerprint) -> Self:
        seen = sketch.unpacked(print_.points) if print_.points else None
        return cls(print_, seen, in_units(print_.width or 1, print_.height or 1))


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """A right's picture beside one of a listing's: how it lies there, if it does."""

    shown: _Shown
    picture: RightPicture
    view: View | None = None
    lain: Lain | None = None

    @classmethod
    def of(cls, shown: _Shown, picture: RightPicture, views: Sequence[View]) -> Self:
        found = best(views, shown.seen) if shown.seen else None
        lain = Lain(found[0], found[1].seen, shown.seen) if found and shown.seen else None
        return cls(shown, picture, found[1] if found else None, lain)

    def own_odds(self, beside: Sequence[Self], shown: float, map_: Floats, size: Size) -> float:
        """Log odds that what agrees is this right's own, beside the other pictures of the list."""
        if not (self.lain and beside):
            return -np.inf
        others = (each for each in beside if each.picture.right.id != self.picture.right.id)
        rivals = [each.lain for each in others if each.lain]
        found = own_odds(self.lain, rivals, shown, lambda: self._looked_at(map_, size))
        return found - DOUBT + self._letters(map_) if self.picture.emblem else found

    def _letters(self, map_: Floats) -> float:
        """What the letters of a logo are worth that can be read where they would be."""
        marks, shown = self.picture.marks, self.shown.print
        said = lettering(self.picture.small if may_be_read(shown) else None)
        if not (said and marks and shown.small):
            return 0.0
        there = marks[0].there(_unmirrored(self, map_)), marks[0].size
        return LETTER * said.letters * said.legible(small.unpacked(shown.small), *there)

    def _looked_at(self, map_: Floats, size: Size) -> tuple[float, float]:
        mine, theirs = self.picture.small, self.shown.print.small
        if not (mine and theirs):
            return UNSEEN, UNSEEN
        there = _unmirrored(self, map_), size
        return looked_at(small.unpacked(mine), small.unpacked(theirs), *there)


class ImageDetector(Detector):
    """Compares picture by picture."""

    def __init__(self, pictures: Iterable[RightPicture]) -> None:
        self._pictures = tuple(pictures)
        self._is_long = _is_long(self._pictures)

    @property
    @override
    def name(self) -> str:
        return NAME

    @override
    def compare(self, listing: Listing, right: Right) -> Sequence[Match]:
        return tuple(match for print_ in listing.fingerprints for match in self._in(print_, right))

    def _in(self, print_: Fingerprint, right: Right) -> Iterable[Match]:
        shown = _Shown.of(print_)
        laid = [_Laid.of(shown, each, each.views) for each in self._pictures]
        mine = (each for each in laid if each.picture.right.id == right.id)
        return (match for each in mine if (match := _match(each, laid if self._is_long else ())))


class ImageFinder(Finder):
    """All pictures at once: hashes in one array, exactly; features by shortlist.

    The shortlist may miss what `ImageDetector` finds where few features are shared.
    """

    def __init__(self, pictures: Iterable[RightPicture]) -> None:
        self._pictures = tuple(pictures)
        self._is_long = _is_long(self._pictures)
        hashed = [(each.phash.bits, n) for n, each in enumerate(self._pictures) if each.phash]
        self._hashes = HammingIndex()
        self._hashes.add(
            np.array([bits for bits, _ in hashed], dtype=np.uint64),
            np.array([number for _, number in hashed], dtype=np.int64),
        )
        self._views = [(n, view) for n, each in enumerate(self._pictures) for view in each.views]
        self._shortlist = Shortlist([view.seen for _, view in self._views])

    @override
    def find(self, listings: Sequence[Listing]) -> Sequence[Mapping[str, Sequence[Match]]]:
        if not self._pictures:
            return [{} for _ in listings]
        return [self._find(listing) for listing in listings]

    def _find(self, listing: Listing) -> Mapping[str, Sequence[Match]]:
        found: dict[str, list[Match]] = {}
        for print_ in listing.fingerprints:
            shown = _Shown.of(print_)
            near = sorted(self._near(shown).items())
            laid = [_Laid.of(shown, self._pictures[number], views) for number, views in near]
            for each in laid:
                match = _match(each, laid if self._is_long else ())
                if match:
                    found.setdefault(each.picture.right.id, []).append(match)
        return {right: tuple(matches) for right, matches in found.items()}

    def shortlisted(self, listing: Listing) -> int:
        """How many pairs of pictures are compared closely."""
        return sum(len(self._near(_Shown.of(print_))) for print_ in listing.fingerprints)

    def _near(self, shown: _Shown) -> Mapping[int, Sequence[View]]:
        """The pictures worth comparing, each with the views worth laying."""
        alike: list[int] = []
        if shown.print.phash and not shown.print.flat:
            alike = self._hashes.search(shown.print.phash.bits, RADIUS)[0].tolist()
        near: dict[int, list[View]] = {n: list(self._pictures[n].views) for n in alike}
        for each in self._shortlist.near(shown.seen, SHORT) if shown.seen else ():
            number, view = self._views[each]
            if number not in alike:
                near.setdefault(number, []).append(view)
        return near


def _is_long(pictures: Sequence[RightPicture]) -> bool:
    return len({each.right.id for each in pictures}) > OTHERS


def _match(laid: _Laid, beside: Sequence[_Laid]) -> Match | None:
    """By features where they say as much as the hashes: they also say where."""
    shown, picture = laid.shown, laid.picture
    distance = _distance(shown.print, picture)
    found = (
        _featured(laid, distance, beside),
        _same(shown.print, picture, distance) if distance is not None else None,
    )
    return max(filter(None, found), key=lambda match: match.score, default=None)


def _distance(print_: Fingerprint, picture: RightPicture) -> int | None:
    """Between the hashes of two pictures that are the same on the whole."""
    if print_.flat or not (print_.phash and print_.dhash and picture.phash and picture.dhash):
        return None
    distance = print_.phash.distance(picture.phash)
    second = print_.dhash.distance(picture.dhash)
    radius = PLAIN_RADIUS if picture.emblem else RADIUS
    return distance if distance <= radius and second <= SECOND_OPINION else None


def _same(print_: Fingerprint, picture: RightPicture, distance: int) -> Match:
    return Match(
        detector=NAME,
        field=f"image:{print_.image}",
        score=round(1 - distance / HASH_BITS, 3),
        reason=f"第{print_.image + 1}张图与权利图片“{picture.image}”的感知哈希"
        f"相差{distance}位（共{HASH_BITS}位，{RADIUS}位以内视为同图）",
        right_image=picture.image,
        method="phash",
        distance=distance,
        region=print_.part or WHOLE,
        edits=() if distance == 0 else ("altered",),
        photo=picture.is_photo,
    )


def _featured(laid: _Laid, distance: int | None, beside: Sequence[_Laid]) -> Match | None:
    if not (laid.lain and laid.view):
        return None
    shown, view, found = laid.shown, laid.view, laid.lain.found
    map_, size = view.upright(found.map)
    there, whole = laid_in_whole(map_, shown.print)
    where = edits.laid(there, size, whole, mirrored=view.mirrored)
    much = extent(found, view.seen.places, view.size, shown.size)
    is_whole = much.is_whole and not _is_other_logo(laid, map_)
    own = -np.inf if is_whole else laid.own_odds(beside, much.shown, map_, size)
    if own < LEAST_ODDS and found.support < FEWEST:
        return None
    number = shown.print.image
    done = where.edits or (("altered",) if distance else ())
    done += tuple(_hidden(laid, map_)) if is_whole and laid.picture.is_photo else ()
    part = "" if is_whole else "的一部分"
    alone = f"，有{laid.lain.telling}处细节为寻常图片所无" if own >= 0 else ""
    return Match(
        detector=NAME,
        field=f"image:{number}",
        score=_score(found, own, is_whole=is_whole),
        reason=f"第{number + 1}张图中有权利图片“{laid.picture.image}”{part}："
        f"{found.inliers}处特征按同一方式对应{alone}{edits.in_chinese(done)}",
        right_image=laid.picture.image,
        method="features",
        distance=distance,
        inliers=found.inliers,
        region=where.region,
        edits=done,
        photo=is_whole and laid.picture.is_photo,
    )


def _is_other_logo(laid: _Laid, map_: Floats) -> bool:
    """Letters that two logos share have the same features; looked at, they are not the same."""
    marks, reduced = laid.picture.marks, laid.shown.print.small
    is_letters = laid.lain is not None and laid.lain.found.inliers < LETTERS
    if not (is_letters and laid.picture.emblem and marks and reduced):
        return False
    return marks[0].odds_in(small.unpacked(reduced), _unmirrored(laid, map_)) < OTHER


def _hidden(laid: _Laid, map_: Floats) -> Iterator[str]:
    """How the right's logos that its photo shows are hidden in the other, where they are."""
    marks, shown = laid.picture.marks, laid.shown
    if marks and shown.print.small:
        copy = small.unpacked(shown.print.small)
        yield from hidden(marks, copy, _unmirrored(laid, map_), shown.size)


def _unmirrored(laid: _Laid, map_: Floats) -> Floats:
    """The map of the right's picture as it is, from that of its mirror image."""
    if not (laid.view and laid.view.mirrored):
        return map_
    return np.column_stack([-map_[:, 0], map_[:, 1], map_[:, 2] + map_[:, 0] * laid.view.size[0]])


def _score(found: Alignment, own: float, *, is_whole: bool) -> float:
    score = probability((found.support - EVEN) / STEP)
    return round(score if is_whole else max(min(score, PART), min(probability(own), OWN_PART)), 3)


def probability(odds: float) -> float:
    """Of log odds."""
    return float(1 / (1 + np.exp(-odds)))
