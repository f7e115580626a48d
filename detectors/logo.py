"""The logo detector: whether a listing's pictures bear a right's logo, on whatever ground.

Likeness is the cosine of two vectors, less what the logo reaches in a crowd of windows that bear
none of the rights' logos: a plain ring is like many things, a lion with a key is like few.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Self

import numpy as np
from typing_extensions import override

from detectors.base import Detector, Finder
from detectors.image import NAME, PART, RightPicture, probability
from detectors.pictures import second_look, small
from detectors.pictures.codes import KNOWLEDGE
from detectors.pictures.edits import in_chinese, laid
from detectors.pictures.extent import corners
from detectors.pictures.inks import unevenness
from detectors.pictures.logos import DEPTH, SQUEEZES, WAYS, Emblem, Windows
from detectors.pictures.outline import Field, Fit, Outline, fit
from detectors.pictures.parts import laid_in_whole
from detectors.pictures.points import Floats
from detectors.pictures.small import Rgb
from pipeline.matches import Match
from pipeline.records import Fingerprint, Listing, Right

METHOD = "logo"
CROWD = KNOWLEDGE / "logo_crowd.npz"
NEAREST = 15  # of the crowd, that a logo is measured by
GLANCES, LAID = 20, 4  # logos of a picture, that are looked at, and that are then laid on
AGREED = 8.0  # log odds that agreement is worth, of one logo laid in two ways
FLOOR = -0.05  # above the crowd: less is not worth a try
TURNS = 0.1  # by which the other way round may be less like, and is tried too
LEAST = -2.0  # log odds: less is no match
THIN = 16.0  # units of a picture
LIKELIER = 0.5  # log odds, by which one logo drives another from its place
WEIGHTS = np.array([-5.4, 27.33, 4.89, 1.34, 0.71, -1.03])  # of `Sighting.signs`
HOPE = 55.0  # log odds by a look that likeness above the crowd is worth, before a logo is laid on


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

    def shortlisted(self, listing: Listing) -> int:
        """How many logos are laid on pictures."""
        return sum(len(self.sightings(print_)) for print_ in listing.fingerprints)

    def sightings(self, print_: Fingerprint) -> Sequence["Sighting"]:
        """Of logos that may be in a picture, however unlikely."""
        if not (self._known and print_.logos and print_.small):
            return ()
        scene = Field.of(small.unpacked(print_.small))
        seen = _looked_at(self.glances(Windows.unpacked(print_.logos), scene))
        seen = sorted(seen, key=lambda each: -each.hope)[:LAID]
        as_guessed = _looked_at([each.laid(each.guess.map, scene) for each in seen])
        as_seen = _looked_at([each.laid(each.moved, scene) for each in seen])
        both = zip(as_guessed, as_seen, strict=True)
        return [max(some, key=lambda each: each.promise) for some in both]

    def glances(self, windows: Windows, scene: Field) -> Sequence["Sighting"]:
        """The likest logos where the windows say, neither laid on nor looked at."""
        guesses = [guess for bank in self._banks for guess in bank.guesses(windows)]
        guesses.sort(key=lambda guess: -guess.above)
        return [self._glance(guess, scene) for guess in guesses[:GLANCES]]

    def _glance(self, guess: "_Guess", scene: Field) -> "Sighting":
        picture, logo = self._known[guess.number]
        place = scene.place(guess.map, logo.outlines[0].size)
        return Sighting(picture, logo, guess, Fit(guess.map, 0.0, 0.0), place)


def _looked_at(some: Sequence["Sighting"]) -> list["Sighting"]:
    if not some:
        return []
    odds, shifts = second_look.look([each.face for each in some], [each.place for each in some])
    found = zip(some, odds.tolist(), shifts, strict=True)
    return [replace(each, alike=alike, shift=shift) for each, alike, shift in found]


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
        self._ordinary = np.array([ordinary(logo) for _, logo in mine], np.float32)

    def guesses(self, windows: Windows) -> Iterator[_Guess]:
        """The likest logos, each by its likest window, mirrored or not or both."""
        mine = windows.of_squeeze(self._squeeze)
        if not len(mine.levels) or not self._logos:
            return
        alike = (mine.vectors @ self._vectors.T).reshape(len(mine.levels), -1, 2, WAYS // 2)
        alike = alike.max(axis=3)  # in colours or grey
        above = alike.max(axis=0) - self._ordinary[:, None]
        for each in np.argsort(-above.max(axis=1), kind="stable")[:GLANCES].tolist():
            number, logo = self._logos[each]
            for turn in (0, 1):
                if above[each, turn] >= max(FLOOR, above[each].max() - TURNS):
                    window = int(alike[:, each, turn].argmax())
                    guess = mine.map(window, logo.outlines[turn].size)
                    yield _Guess(number, float(above[each, turn]), bool(turn), guess)


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """A logo, and how it lies in a picture."""

    picture: RightPicture
    logo: Emblem
    guess: _Guess
    fit: Fit
    place: Rgb
    uneven: float = 0.0
    alike: float = 0.0
    shift: Floats = field(default_factory=second_look.STILL.copy)

    @property
    def outline(self) -> Outline:
        return self.logo.outlines[self.guess.mirrored]

    @property
    def face(self) -> Rgb:
        return self.logo.faces[self.guess.mirrored]

    @property
    def hope(self) -> float:
        """What speaks for it before it is laid on."""
        return self.alike + HOPE * self.guess.above

    @property
    def promise(self) -> float:
        """Of the same logo laid in two ways, the one with more of it is taken."""
        return self.alike + AGREED * self.fit.agreement

    @property
    def moved(self) -> Floats:
        """A map to where the last look saw it."""
        return second_look.shifted(self.fit.map, self.shift, self.outline.size)

    def laid(self, map_: Floats, scene: Field) -> Self:
        """Laid on edge by edge from a map on, not looked at yet."""
        found = fit(self.outline, scene, map_)
        place = scene.place(found.map, self.outline.size)
        uneven = unevenness(self.logo.inks[self.guess.mirrored], place)
        return replace(self, fit=found, place=place, uneven=uneven)

    @property
    def signs(self) -> Floats:
        """What speaks for it and against it, for `WEIGHTS`."""
        fit, above = self.fit, self.guess.above
        return np.array([1.0, above, fit.agreement, fit.covered, self.alike, self.uneven])

    @property
    def odds(self) -> float:
        """Log odds that it is there."""
        return float(self.signs @ WEIGHTS)

    @property
    def score(self) -> float:
        """Of one so thin that any line of print is like it, no more than `PART`."""
        zoom = np.sqrt(abs(np.linalg.det(self.fit.map[:, :2])))
        most = PART if zoom * min(self.outline.size) < THIN else 1.0
        return min(most, probability(self.odds))

    def match(self, print_: Fingerprint) -> Match:
        map_, size = laid_in_whole(self.fit.map, print_)
        where = laid(map_, self.outline.size, size, mirrored=self.guess.mirrored)
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


def ordinary(logo: Emblem) -> float:
    """How alike windows are that do not bear a logo."""
    near = np.sort(_crowd()[logo.squeeze] @ logo.vectors.T, axis=0)[-NEAREST:]
    return float(near.mean(axis=0).max())


@cache
def _crowd() -> tuple[Floats, ...]:
    """For each squeeze the vectors of windows in pictures without any of the rights' logos."""
    with np.load(CROWD) as known:
        vectors = known["vectors"].astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return tuple(vectors[known["squeezes"] == squeeze] for squeeze in range(len(SQUEEZES)))
