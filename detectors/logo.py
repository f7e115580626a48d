"""The logo detector: whether a listing's pictures bear a right's logo, on whatever ground.

Where one may lie is guessed by its likeness and by its letters; what is likest is looked at, laid
on edge by edge, looked at again and read.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np
from typing_extensions import override

from detectors.base import Detector, Finder
from detectors.image import NAME, PART, RightPicture, probability
from detectors.pictures import second_look, small
from detectors.pictures.edits import in_chinese, laid
from detectors.pictures.extent import corners
from detectors.pictures.guesses import Bank, Guess, above_crowd
from detectors.pictures.inks import unevenness
from detectors.pictures.lettering import Lettering, lettering, may_be_read
from detectors.pictures.logos import SQUEEZES, Emblem, Windows
from detectors.pictures.outline import Field, Fit, Outline, fit
from detectors.pictures.parts import WHOLE, in_part, laid_in_whole
from detectors.pictures.points import Floats
from detectors.pictures.small import Rgb
from detectors.pictures.view import in_units
from detectors.pictures.wordmarks import Wordmarks
from pipeline.matches import Match
from pipeline.records import Fingerprint, Listing, Right

METHOD = "logo"
GLANCES, LAID = 20, 5  # logos of a picture, that are looked at, and that are then laid on
NAMED = 6  # logos of a picture, that are laid on because of a line
AGREED = 8.0  # log odds that agreement is worth, of one logo laid in two ways
LEAST = -2.0  # log odds: less is no match
MANY = 8  # letters; more say no more
BLIND = -3.5  # log odds by all other signs: where they are less, nothing is read
LEGIBLE = 0.5  # from here on it was read
THIN = 16.0  # units of a picture
LIKELIER = 0.5  # log odds, by which one logo drives another from its place
WEIGHTS = np.array([-5.05, 21.9, 6.5, 0.47, 0.45, -0.63, 3.5])  # of `Sighting.signs`
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
        logos = [logo for _, logo in self._known]
        self._banks = [Bank(logos, squeeze) for squeeze in range(len(SQUEEZES))]
        self._wordmarks = Wordmarks([picture.right.names for picture, _ in self._known])

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
        picture = small.unpacked(print_.small)
        scene = Field.of(picture)
        windows = Windows.unpacked(print_.logos)
        seen = _looked_at(self.glances(windows, scene))
        named = [self._glance(guess, scene) for guess in self._named(windows, print_)]
        seen = sorted(seen, key=lambda each: -each.hope)[:LAID] + _looked_at(named)
        as_guessed = _looked_at([each.laid(each.guess.map, scene) for each in seen])
        as_seen = _looked_at([each.laid(each.moved, scene) for each in seen])
        both = zip(as_guessed, as_seen, strict=True)
        laid = [max(some, key=lambda each: each.promise) for some in both]
        return [each.read(picture) for each in laid] if may_be_read(print_) else laid

    def glances(self, windows: Windows, scene: Field) -> Sequence["Sighting"]:
        """The likest logos where the windows say, neither laid on nor looked at."""
        guesses = [guess for bank in self._banks for guess in bank.guesses(windows, GLANCES)]
        guesses.sort(key=lambda guess: -guess.above)
        return [self._glance(guess, scene) for guess in guesses[:GLANCES]]

    def _named(self, windows: Windows, print_: Fingerprint) -> Iterator[Guess]:
        """The logos of rights whose names stand in lines that were read."""
        lines = print_.written.lines if print_.written else ()
        part, size = print_.part or WHOLE, in_units(print_.width or 1, print_.height or 1)
        there = [replace(line, box=in_part(line.box, part)) for line in lines]
        for each in self._wordmarks.named(there, size, NAMED):
            picture, logo = self._known[each.number]
            if said := lettering(picture.small):
                above = above_crowd(logo, windows, mirrored=each.mirrored)
                map_ = each.map(said, logo.outlines[0].size)
                yield Guess(each.number, above, each.mirrored, map_)

    def _glance(self, guess: Guess, scene: Field) -> "Sighting":
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
class Sighting:
    """A logo, and how it lies in a picture."""

    picture: RightPicture
    logo: Emblem
    guess: Guess
    fit: Fit
    place: Rgb
    uneven: float = 0.0
    alike: float = 0.0
    shift: Floats = field(default_factory=second_look.STILL.copy)
    said: Lettering | None = None
    legible: float = 0.0

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

    def read(self, picture: Rgb) -> Self:
        """What it says read where it lies, if it says anything."""
        said = None if self.odds < BLIND else lettering(self.picture.small)
        if said is None:
            return self
        there = self.fit.map, self.outline.size
        legible = said.legible(picture, *there, mirrored=self.guess.mirrored)
        return replace(self, said=said, legible=legible)

    @property
    def signs(self) -> Floats:
        """What speaks for it and against it, for `WEIGHTS`."""
        letters = min(MANY, self.said.letters) - 1 if self.said else 0
        fit, above, read = self.fit, self.guess.above, letters * self.legible
        return np.array([1.0, above, fit.agreement, fit.covered, self.alike, self.uneven, read])

    @property
    def odds(self) -> float:
        """Log odds that it is there."""
        return float(self.signs @ WEIGHTS)

    @property
    def score(self) -> float:
        """Of one so thin that any line of print is like it, and not read, no more than `PART`."""
        zoom = np.sqrt(abs(np.linalg.det(self.fit.map[:, :2])))
        is_thin = zoom * min(self.outline.size) < THIN
        most = PART if is_thin and self.legible < LEGIBLE else 1.0
        return min(most, probability(self.odds))

    def _said(self) -> str:
        if self.said is None or self.legible < LEGIBLE:
            return ""
        return f"，该处可读出其文字“{self.said.text}”"

    def match(self, print_: Fingerprint) -> Match:
        map_, size = laid_in_whole(self.fit.map, print_)
        where = laid(map_, self.outline.size, size, mirrored=self.guess.mirrored)
        return Match(
            detector=NAME,
            field=f"image:{print_.image}",
            score=round(self.score, 3),
            reason=f"第{print_.image + 1}张图中有与权利图片“{self.picture.image}”相似的标志，"
            f"轮廓方向一致度{self.fit.agreement:.0%}{self._said()}{in_chinese(where.edits)}",
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
