"""The logo detector: whether a listing's pictures bear a right's logo, on whatever ground.

Likeness is the cosine of two vectors, less what the logo reaches in a crowd of windows that bear
none of the rights' logos: a plain ring is like many things, a lion with a key is like few.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from typing_extensions import override

from detectors.base import Detector, Finder
from detectors.image import NAME, PART, RightPicture
from detectors.pictures import small
from detectors.pictures.codes import KNOWLEDGE
from detectors.pictures.edits import in_chinese, laid
from detectors.pictures.extent import corners
from detectors.pictures.logos import DEPTH, SQUEEZES, Emblem, Windows
from detectors.pictures.outline import Field, Fit, Outline, fit
from detectors.pictures.points import Floats
from detectors.pictures.view import in_units
from pipeline.matches import Match
from pipeline.records import Fingerprint, Listing, Right

METHOD = "logo"
CROWD = KNOWLEDGE / "logo_crowd.npz"
NEAREST = 15  # of the crowd, that a logo is measured by
SHORT = 12  # logos that are laid on a picture
FLOOR = -0.05  # above the crowd: less is not worth a try
TURNS = 0.1  # by which the other way round may be less like, and is tried too
LEAST = -2.0  # log odds: less is no match
THIN = 16.0  # units of a picture
LIKELIER = 0.5  # log odds, by which one logo drives another from its place
WEIGHTS = np.array([-7.42, 28.88, 3.24, 0.97, 0.26, 1.84])  # of `Sighting.signs`


class LogoDetector(Detector):
    """Compares logo by logo."""

    def __init__(self, pictures: Iterable[RightPicture]) -> None:
        self._pictures = tuple(pictures)

    @property
    @override
    def name(self) -> str:
        return NAME

    @override
    def compare(self, listing: Listing, right: Right) -> Sequence[Match]:
        mine = [each for each in self._pictures if each.right.id == right.id]
        found = (LogoFinder([each]).find([listing])[0] for each in mine)
        return tuple(match for matches in found for match in matches.get(right.id, ()))


class LogoFinder(Finder):
    """Every window of a picture against every logo of its squeeze; what is likest is laid on.

    Where several logos are found in one place, only the likest stands.
    """

    def __init__(self, pictures: Iterable[RightPicture]) -> None:
        self._known = [(each, each.emblem) for each in pictures if each.emblem is not None]
        self._banks = [_Bank(self._known, squeeze) for squeeze in range(len(SQUEEZES))]

    @override
    def find(self, listings: Sequence[Listing]) -> Sequence[Mapping[str, Sequence[Match]]]:
        return [self._find(listing) for listing in listings]

    def _find(self, listing: Listing) -> Mapping[str, Sequence[Match]]:
        found: dict[str, list[Match]] = {}
        for print_ in listing.fingerprints:
            for sighting in _likest(self.sightings(print_)):
                right = sighting.picture.right.id
                found.setdefault(right, []).append(sighting.match(print_))
        return {right: tuple(matches) for right, matches in found.items()}

    def sightings(self, print_: Fingerprint) -> Sequence["Sighting"]:
        """Of logos that may be in a picture, however unlikely."""
        if not (self._known and print_.logos and print_.small):
            return ()
        windows = Windows.unpacked(print_.logos)
        guesses = [guess for bank in self._banks for guess in bank.guesses(windows)]
        if not guesses:
            return ()
        field = Field.of(small.unpacked(print_.small))
        guesses.sort(key=lambda guess: -guess.above)
        return [self._laid(guess, field) for guess in guesses[:SHORT]]

    def _laid(self, guess: "_Guess", field: Field) -> "Sighting":
        picture, logo = self._known[guess.number]
        outline = logo.outlines[guess.mirrored]
        laid_on = fit(outline, field, guess.map)
        return Sighting(picture, outline, guess.above, guess.mirrored, laid_on)


@dataclass(frozen=True, slots=True, eq=False)
class _Guess:
    """A logo's number, its likeness above the crowd, and how it would lie."""

    number: int
    above: float
    mirrored: bool
    map: Floats


class _Bank:
    """The logos that are looked for in one squeeze, each by its number."""

    def __init__(self, known: Sequence[tuple[RightPicture, Emblem]], squeeze: int) -> None:
        mine = [(n, logo) for n, (_, logo) in enumerate(known) if logo.squeeze == squeeze]
        self._logos = tuple(mine)
        self._squeeze = squeeze
        vectors = [logo.vectors for _, logo in mine]
        self._vectors = np.concatenate([np.zeros((0, DEPTH), np.float32), *vectors])
        near = np.sort(_crowd()[squeeze] @ self._vectors.T, axis=0)[-NEAREST:].mean(axis=0)
        self._ordinary = near.reshape(-1, 2).max(axis=1)

    def guesses(self, windows: Windows) -> Iterator[_Guess]:
        """The likest logos, each by its likest window, mirrored or not or both."""
        mine = windows.of_squeeze(self._squeeze)
        if not len(mine.levels) or not self._logos:
            return
        alike = (mine.vectors @ self._vectors.T).reshape(len(mine.levels), -1, 2)
        above = alike.max(axis=0) - self._ordinary[:, None]
        for place in np.argsort(-above.max(axis=1), kind="stable")[:SHORT].tolist():
            number, logo = self._logos[place]
            for turn in (0, 1):
                if above[place, turn] >= max(FLOOR, above[place].max() - TURNS):
                    window = int(alike[:, place, turn].argmax())
                    guess = mine.map(window, logo.outlines[turn].size)
                    yield _Guess(number, float(above[place, turn]), bool(turn), guess)


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """A logo, and how it lies in a picture."""

    picture: RightPicture
    outline: Outline
    above: float
    mirrored: bool
    fit: Fit

    @property
    def signs(self) -> Floats:
        """What speaks for it and against it, for `WEIGHTS`."""
        agreed, worth = self.fit.agreement, self.outline.worth
        both = max(0.0, agreed - 0.4) * self.above
        telling = agreed * agreed * np.sqrt(worth)
        return np.array([1.0, self.above, agreed, self.fit.covered, telling, both])

    @property
    def odds(self) -> float:
        """Log odds that it is there."""
        return float(self.signs @ WEIGHTS)

    @property
    def score(self) -> float:
        """Of one so thin that any line of print is like it, no more than `PART`."""
        zoom = np.sqrt(abs(np.linalg.det(self.fit.map[:, :2])))
        most = PART if zoom * min(self.outline.size) < THIN else 1.0
        return min(most, float(1 / (1 + np.exp(-self.odds))))

    def match(self, print_: Fingerprint) -> Match:
        size = in_units(print_.width or 1, print_.height or 1)
        where = laid(self.fit.map, self.outline.size, size, mirrored=self.mirrored)
        return Match(
            detector=NAME,
            field=f"image:{print_.image}",
            score=round(self.score, 3),
            reason=f"第{print_.image + 1}张图中有与权利图片“{self.picture.image}”相似的标志，"
            f"轮廓方向一致度{self.fit.agreement:.0%}{in_chinese(where.edits)}",
            right_image=self.picture.image,
            method=METHOD,
            region=where.region,
            edits=where.edits,
        )


def _likest(sightings: Iterable[Sighting]) -> list[Sighting]:
    """Those that are likely enough, and none in the place of a likelier one of another right."""
    kept: list[Sighting] = []
    for each in sorted(sightings, key=lambda sighting: -sighting.odds):
        if each.odds < LEAST or any(other.picture == each.picture for other in kept):
            continue
        rivals = (other for other in kept if other.odds > each.odds + LIKELIER)
        if not any(_share_a_place(each, other) for other in rivals):
            kept.append(each)
    return kept


def _share_a_place(one: Sighting, other: Sighting) -> bool:
    """Whether the smaller lies for the most part in the other."""
    first, second = _box(one), _box(other)
    low, high = np.maximum(first[0], second[0]), np.minimum(first[1], second[1])
    shared = np.prod(np.maximum(high - low, 0))
    return bool(shared > 0.5 * min(np.prod(each[1] - each[0]) for each in (first, second)))


def _box(sighting: Sighting) -> Floats:
    """Its lowest and its highest corner, in units."""
    there = corners(sighting.fit.map, sighting.outline.size)
    return np.stack([there.min(axis=0), there.max(axis=0)])


@cache
def _crowd() -> tuple[Floats, ...]:
    """For each squeeze the vectors of windows in pictures without any of the rights' logos."""
    with np.load(CROWD) as known:
        vectors = known["vectors"].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return tuple(vectors[known["squeezes"] == squeeze] for squeeze in range(len(SQUEEZES)))
