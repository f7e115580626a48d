"""The picture detector: Hamming distance from a listing's pictures to those of the rights."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from typing_extensions import override

from detectors.base import Detector, Finder
from pipeline.matches import Match
from pipeline.records import HASH_BITS, Fingerprint, Listing, PerceptualHash, Right

NAME = "image"
RADIUS = 10
SECOND_OPINION = 20  # dhash may differ this much; an unrelated picture of like phash differs more


@dataclass(frozen=True, slots=True, kw_only=True)
class RightPicture:
    """A right's picture, hashed when the list was read."""

    right: Right
    image: str
    phash: PerceptualHash
    dhash: PerceptualHash


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
        return tuple(
            match
            for print_ in listing.fingerprints
            for picture in self._pictures
            if picture.right.id == right.id and (match := _match(print_, picture))
        )


class ImageFinder(Finder):
    """All pictures' hashes in one array, searched flat; exact."""

    def __init__(self, pictures: Iterable[RightPicture]) -> None:
        self._pictures = tuple(pictures)
        self._hashes = np.array([each.phash.bits for each in self._pictures], dtype=np.uint64)

    @override
    def find(self, listings: Sequence[Listing]) -> Sequence[Mapping[str, Sequence[Match]]]:
        return [self._find(listing) for listing in listings]

    def _find(self, listing: Listing) -> Mapping[str, Sequence[Match]]:
        found: dict[str, list[Match]] = {}
        for print_ in listing.fingerprints:
            for picture in self._near(print_):
                match = _match(print_, picture)
                if match:
                    found.setdefault(picture.right.id, []).append(match)
        return {right: tuple(matches) for right, matches in found.items()}

    def _near(self, print_: Fingerprint) -> list[RightPicture]:
        if print_.phash is None or print_.flat:
            return []
        distances = np.bitwise_count(self._hashes ^ np.uint64(print_.phash.bits))
        return [self._pictures[number] for number in np.flatnonzero(distances <= RADIUS)]


def _match(print_: Fingerprint, picture: RightPicture) -> Match | None:
    if print_.phash is None or print_.dhash is None or print_.flat:
        return None
    distance = print_.phash.distance(picture.phash)
    if distance > RADIUS or print_.dhash.distance(picture.dhash) > SECOND_OPINION:
        return None
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
