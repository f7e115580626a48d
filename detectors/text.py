"""The text detector: every name of the list, however disguised, in every field; each explained."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from detectors.base import Finder
from detectors.goods import similar
from detectors.wording import hanzi, pictured, sightings, signs
from detectors.wording.batch import Batch
from detectors.wording.goods_index import GoodsIndex
from detectors.wording.joined import BREAK, Joined
from detectors.wording.latin import LETTERS, Misspellings, seen, skeleton, suspects
from detectors.wording.names import LONGEST, Name, names_of
from detectors.wording.ordinary import Divided
from detectors.wording.patterns import Automaton, patterns
from detectors.wording.readings import Loosener, Reading, plain
from detectors.wording.search import Places, Search
from detectors.wording.sightings import Scene, Sighting
from detectors.wording.telling import FIELDS, told
from detectors.wording.weighing import Goods, least_evidence
from detectors.wording.worth import Worth
from pipeline.matches import Match
from pipeline.normalise import Folded, fold
from pipeline.records import Capture, Listing, Right

Found = TypeVar("Found")
MOST = 16  # of one name in one text
LONG_FIELDS = frozenset({"description"})  # in these only what needs no goods to be telling counts


class TextFinder(Finder):
    """All rights' names made ready once; finds them in many listings at a time."""

    def __init__(self, rights: Iterable[Right], least: float = 0.0) -> None:
        """A right none of whose names is as likely as `least` in a listing is not told there."""
        listed = tuple(rights)
        self._least = least
        names = [name for right in listed for name in names_of(right)]
        self._goods = GoodsIndex(listed)
        self._excluded = {
            right.id: tuple(fold(word).text for word in right.exclude)
            for right in listed
            if right.exclude
        }
        self._names = [name for name in names if not name.is_latin and len(name.text) <= LONGEST]
        latin = [name for name in names if name.is_latin]
        self._misspellings = {False: Misspellings(latin), True: Misspellings(latin, skeleton)}
        self._loosener = Loosener([name.text for name in self._names])
        self._needed = [self._goods.of_words(similar(name.needs)) for name in self._names]
        hints = [sorted(self._goods.of_right(name.right)) for name in self._names]
        kindred = [self._goods.kindred(name.right) for name in self._names]
        self._search = Search(self._names, hints, kindred)
        self._worth = Worth(self._names)
        self._automaton = Automaton(pattern for name in names for pattern in patterns(name))

    @override
    def find(self, listings: Sequence[Listing]) -> Sequence[Mapping[str, Sequence[Match]]]:
        if not listings:
            return []
        scenes = self._scenes(listings)
        met: list[dict[str, list[Sighting]]] = [{} for _ in listings]
        for sighting in self._sightings(scenes):
            met[sighting.scene.listing].setdefault(sighting.name.right, []).append(sighting)
        return [
            pictured.placed(told(each, self._excluded, self._least), listing)
            for each, listing in zip(met, listings, strict=True)
        ]

    def _scenes(self, listings: Sequence[Listing]) -> Sequence[Scene]:
        """Every field of every listing, as written; then those that can be read otherwise."""
        scenes = [
            scene
            for number, listing in enumerate(listings)
            for scene in self._written(number, listing)
        ]
        folded = Joined([scene.reading.text for scene in scenes])
        originals = Joined([scene.reading.original.replace(BREAK, " ") for scene in scenes])
        loose = self._loosener.suspects(folded, originals)
        return [
            *scenes,
            *_otherwise(scenes, loose, self._loosener.loose),
            *_otherwise(scenes, suspects(originals), seen),
        ]

    def _written(self, number: int, listing: Listing) -> Iterator[Scene]:
        capture = listing.capture
        texts = {field: fold(text) for field, text in _fields(listing)}
        goods = self._goods.of_texts(_about(capture, texts))
        if pictured := signs.units().keys() & capture.title:
            goods |= self._goods.of_words(word for each in pictured for word in hanzi.emoji()[each])
        return (Scene(number, field, plain(text), goods) for field, text in texts.items())

    def _state(self, scene: Scene, name: Name) -> Goods:
        return self._goods.of(name.right, scene.goods)

    def _sightings(self, scenes: Sequence[Scene]) -> Iterator[Sighting]:
        texts = Joined([scene.reading.text for scene in scenes])
        for hit in _few(self._automaton.hits(texts), lambda hit: (hit.text, hit.pattern)):
            scene, name = scenes[hit.text], hit.pattern.name
            yield from sightings.of_hit(scene, hit, self._state(scene, name))
        for number in sorted({texts.which(run.start()) for run in LETTERS.finditer(texts.text)}):
            scene = scenes[number]
            misspellings = self._misspellings[scene.reading.is_skeleton]
            for found in _few(misspellings.find(scene.reading), lambda found: found.name):
                yield from sightings.of_misspelling(scene, found, self._state(scene, found.name))
        batch = Batch([scene.reading.text for scene in scenes], LONGEST + 2)
        goods = [() if _is_long(s.field) else sorted(s.goods) for s in scenes]
        lots = self._search.places(batch, goods, *least_evidence())
        places = (place for some in lots for place in self._worth.of(*_divided(some, scenes)))
        for place in _few(places, lambda place: (place.text, place.name)):
            scene, name = scenes[place.text], self._names[place.name]
            if name.needs and self._needed[place.name].isdisjoint(scene.goods):
                continue
            yield from sightings.of_place(scene, name, place, self._state(scene, name))
        for text, number, start in _few(self._search.shuffled(batch), lambda each: each[:2]):
            scene, name = scenes[text], self._names[number]
            yield from sightings.of_shuffle(scene, name, start, self._state(scene, name))


def _divided(
    found: Places, scenes: Sequence[Scene]
) -> tuple[Places, Sequence[Divided], npt.NDArray[np.int64]]:
    """The places, the texts that hold any, and which of them holds which place."""
    numbers, which = np.unique(found.text, return_inverse=True)
    held = [scenes[number] for number in numbers.tolist()]
    is_long = np.array([_is_long(scene.field) for scene in held], np.bool_)
    found = replace(found, sold=found.sold | is_long[which])
    return found, [scene.reading.divided for scene in held], which


def _is_long(field: str) -> bool:
    """What is read off a picture weighs no more than what stands in the description."""
    return field in LONG_FIELDS or pictured.is_pictured(field)


def _otherwise(
    scenes: Sequence[Scene], numbers: Iterable[int], read: Callable[[Reading], Iterable[Reading]]
) -> Iterator[Scene]:
    for number in sorted(numbers):
        for reading in read(scenes[number].reading):
            yield replace(scenes[number], reading=reading)


def _few(found: Iterable[Found], what: Callable[[Found], Hashable]) -> Iterator[Found]:
    """Of each thing the first that were found: a name written a thousand times is told as well."""
    met: Counter[Hashable] = Counter()
    for each in found:
        key = what(each)
        met[key] += 1
        if met[key] <= MOST:
            yield each


def _about(capture: Capture, texts: Mapping[str, Folded]) -> Iterator[Folded]:
    """Title and category say what is sold; a description also says what is not."""
    if capture.title:
        yield texts["title"]
    if capture.category:
        yield fold(capture.category)
    elif capture.description:
        yield texts["description"]


def _fields(listing: Listing) -> Iterator[tuple[str, str]]:
    capture = listing.capture
    texts = (capture.title, capture.brand, capture.shop.name, capture.description)
    for field, text in zip(FIELDS, texts, strict=True):
        if text:
            yield field, text
    yield from pictured.texts(listing)
