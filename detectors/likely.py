"""Which stored listings may show some rights' pictures, by their gists; the rest stay undecoded."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from typing_extensions import override

from detectors import image, logo
from detectors.gists import PLACE, Block, Gists
from detectors.image import RADIUS, RightPicture
from detectors.pictures.glimpses import Likeness
from detectors.pictures.guesses import ordinary
from detectors.pictures.logos import Emblem
from detectors.pictures.points import Floats
from detectors.pictures.runs import Numbers
from detectors.pictures.traces import Sought, Traces
from pipeline.bus import Place
from pipeline.records import PerceptualHash

AT_ONCE = 4  # pictures that are looked for together: each takes some memory
SAMPLED = 8  # blocks, in which it is counted how rare a point is

Sample = Sequence[tuple[Traces, Numbers, int]]


class Sign(Protocol):
    """What speaks for a right's picture in a gist.

    Pictures from `likely` on are looked at, and of those from `hopeless` on the best `most`, in
    the `way` that would tell what the sign says.
    """

    way: str
    likely: float
    hopeless: float
    most: int

    def of(self, block: Block) -> Floats:
        """How much, for each picture of a block."""
        ...


class Hashed(Sign):
    """Perceptual hashes within the radius, none missed."""

    way = image.NAME
    likely, hopeless, most = 0.5, 0.5, 0

    def __init__(self, phash: PerceptualHash) -> None:
        self._bits = np.uint64(phash.bits)

    @override
    def of(self, block: Block) -> Floats:
        near = np.bitwise_count(block.prints["phash"] ^ self._bits) <= RADIUS
        found: Floats = (near & block.prints["hashed"]).astype(np.float32)
        return found


class Pointed(Sign):
    """Points that agree on a turn and a scale."""

    way = image.NAME
    likely, hopeless, most = 32.0, 12.0, 1000

    def __init__(self, picture: RightPicture, sample: Sample) -> None:
        self._sought = Sought([view.seen for view in picture.views])
        self._sought.weigh(sample)

    @override
    def of(self, block: Block) -> Floats:
        votes: Floats = self._sought.votes(*_stored(block)).astype(np.float32)
        return votes


class Drawn(Sign):
    """The window that is likest to a logo, above what it reaches in a crowd."""

    way = logo.METHOD
    likely, hopeless, most = 0.2, 0.05, 3000

    def __init__(self, emblem: Emblem) -> None:
        self._squeeze = emblem.squeeze
        self._likeness = Likeness(emblem.vectors)
        self._ordinary = np.float32(ordinary(emblem))

    @override
    def of(self, block: Block) -> Floats:
        stored, owners = block.glimpses(self._squeeze)
        most = np.full(len(block.prints), -1.0, np.float32)
        firsts = np.flatnonzero(np.diff(owners, prepend=-1))
        if len(firsts):
            most[owners[firsts]] = np.maximum.reduceat(self._likeness.of(stored), firsts)
        return most - self._ordinary


def likely(gists: Gists, pictures: Sequence[RightPicture]) -> Mapping[str, set[Place]]:
    """Where the listings stand that may show one of the pictures, by the way to look at them."""
    sample = _sample(gists)
    found: dict[str, set[Place]] = {image.NAME: set(), logo.METHOD: set()}
    for start in range(0, len(pictures), AT_ONCE):
        signs = [
            sign for each in pictures[start : start + AT_ONCE] for sign in _signs(each, sample)
        ]
        for sign, places in zip(signs, _places(gists.blocks(), signs), strict=True):
            found[sign.way].update(places)
    return found


def _signs(picture: RightPicture, sample: Sample) -> Iterator[Sign]:
    if picture.phash:
        yield Hashed(picture.phash)
    if picture.views:
        yield Pointed(picture, sample)
    if picture.emblem:
        yield Drawn(picture.emblem)


def _places(blocks: Iterable[Block], signs: Sequence[Sign]) -> Iterator[list[Place]]:
    """For each sign, of the listings that it speaks for."""
    places: list[NDArray[Any]] = [np.zeros(0, PLACE)]
    worth: list[list[Floats]] = [[np.zeros(0, np.float32)] for _ in signs]
    ids: list[list[Numbers]] = [[np.zeros(0, np.int64)] for _ in signs]
    before = 0
    for block in blocks:
        for number, sign in enumerate(signs):
            found = sign.of(block)
            some = np.flatnonzero(found >= sign.hopeless)
            worth[number].append(found[some])
            ids[number].append(before + block.prints["listing"][some].astype(np.int64))
        places.append(block.places)
        before += len(block.places)
    all_ = np.concatenate(places)
    for sign, *each in zip(signs, worth, ids, strict=True):
        yield all_[_chosen(sign, *map(np.concatenate, each))].tolist()


def _chosen(sign: Sign, worth: Floats, ids: Numbers) -> Numbers:
    """Listings that are likely, and the likeliest of the others."""
    sure = int((worth >= sign.likely).sum())
    return ids[np.argsort(-worth, kind="stable")[: sure + sign.most]]


def _sample(gists: Gists) -> Sample:
    """Blocks here and there."""
    every = max(1, gists.count() // SAMPLED)
    return [_stored(block) for block in islice(gists.blocks(every), SAMPLED)]


def _stored(block: Block) -> tuple[Traces, Numbers, int]:
    return (*block.traces(), len(block.prints))
