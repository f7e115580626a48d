"""The picture detector: whether a listing's pictures show a right's, whatever was done to them.

A whole copy is told by its perceptual hashes; a crop, a frame, a mirror image, a corner of a
collage by local features that agree on how the right's picture lies in the listing's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from typing_extensions import override

from detectors.base import Detector, Finder
from detectors.pictures import sketch
from detectors.pictures.alignment import Alignment, Seen
from detectors.pictures.edits import in_chinese, laid
from detectors.pictures.extent import Size, extent
from detectors.pictures.hamming import HammingIndex
from detectors.pictures.logos import Emblem
from detectors.pictures.shortlist import Shortlist
from detectors.pictures.view import View, best, in_units
from pipeline.matches import Match
from pipeline.records import HASH_BITS, Fingerprint, Listing, PerceptualHash, Right

NAME = "image"
RADIUS = 10
SECOND_OPINION = 20  # dhash may differ this much; an unrelated picture of like phash differs more
FEWEST = 6.0  # support: less is chance
EVEN, STEP = 10.5, 1.0  # support at which a match is as likely as not, and to the next e-fold
PART = 0.5  # at most, where only a part agrees: a tag, a word, a kind of package
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


class ImageDetector(Detector):
    """Compares picture by picture."""

    def __init__(self, pictures: Iterable[RightPicture]) -> None:
        self._pictures = tuple(pictures)

    @property
    @override
    def name(self) -> str:
        return NAME

    @override
    def compare(self, listing: Listing, right: Right) -> Sequence[Match]:
        mine = [each for each in self._pictures if each.right.id == right.id]
        return tuple(
            match
            for print_ in listing.fingerprints
            for picture in mine
            if (match := _match(_Shown.of(print_), picture, picture.views))
        )


class ImageFinder(Finder):
    """All pictures at once: hashes in one array, exactly; features by shortlist.

    The shortlist may miss what `ImageDetector` finds where few features are shared.
    """

    def __init__(self, pictures: Iterable[RightPicture]) -> None:
        self._pictures = tuple(pictures)
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
            for number, views in sorted(self._near(shown).items()):
                picture = self._pictures[number]
                match = _match(shown, picture, views)
                if match:
                    found.setdefault(picture.right.id, []).append(match)
        return {right: tuple(matches) for right, matches in found.items()}

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


def _match(shown: _Shown, picture: RightPicture, views: Sequence[View]) -> Match | None:
    """By features where they say as much as the hashes: they also say where."""
    distance = _distance(shown.print, picture)
    found: list[Match] = []
    laid_best = best(views, shown.seen) if shown.seen else None
    if laid_best and laid_best[0].support >= FEWEST:
        found.append(_featured(shown, picture, *laid_best, distance))
    if distance is not None:
        found.append(_same(shown.print, picture, distance))
    return max(found, key=lambda match: match.score, default=None)


def _distance(print_: Fingerprint, picture: RightPicture) -> int | None:
    """Between the hashes of two pictures that are the same on the whole."""
    if print_.flat or not (print_.phash and print_.dhash and picture.phash and picture.dhash):
        return None
    distance = print_.phash.distance(picture.phash)
    second = print_.dhash.distance(picture.dhash)
    return distance if distance <= RADIUS and second <= SECOND_OPINION else None


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
        region=(0.0, 0.0, 1.0, 1.0),
        edits=() if distance == 0 else ("altered",),
    )


def _featured(
    shown: _Shown, picture: RightPicture, found: Alignment, view: View, distance: int | None
) -> Match:
    where = laid(found.map, view.size, shown.size, mirrored=view.mirrored)
    is_whole = extent(found, view.seen.places, view.size, shown.size).is_whole
    score = float(1 / (1 + np.exp((EVEN - found.support) / STEP)))
    number = shown.print.image
    edits = where.edits or (("altered",) if distance else ())
    done = f"（{'、'.join(map(in_chinese, edits))}）" if edits else ""
    return Match(
        detector=NAME,
        field=f"image:{number}",
        score=round(score if is_whole else min(score, PART), 3),
        reason=f"第{number + 1}张图中有权利图片“{picture.image}”{'' if is_whole else '的一部分'}："
        f"{found.inliers}处特征按同一方式对应{done}",
        right_image=picture.image,
        method="features",
        distance=distance,
        inliers=found.inliers,
        region=where.region,
        edits=edits,
    )
