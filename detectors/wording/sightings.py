"""A place in a listing taken for a name: weighed, and kept with what explains it."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from detectors.wording import channel, hanzi, weighing
from detectors.wording.alignment import Step, Way, spots, steps
from detectors.wording.latin import Misspelling
from detectors.wording.names import Name
from detectors.wording.ordinary import Divided
from detectors.wording.patterns import Hit, Pattern, Spelling
from detectors.wording.readings import Reading
from detectors.wording.search import Place
from detectors.wording.weighing import LEAST, PRIOR, Goods
from pipeline.matches import Disguise, Likeness

UNLIKE = frozenset({Likeness.OTHER, Likeness.MISSING, Likeness.SHAPE})
AREAS = frozenset("省市区县镇乡村")
ORIGIN = re.compile("(?:产自|产地|来自|发自|原产|出自|发货)地?\\w*$")
PLACE = 2  # characters before the goods that may name another place
FAR = 10  # characters before a core that may say it is a place


@dataclass(frozen=True, slots=True)
class Scene:
    """One reading of one field of a listing, and the goods the listing is about."""

    listing: int
    field: str
    reading: Reading
    goods: frozenset[int]


@dataclass(frozen=True, slots=True)
class Sighting:
    """A name at `start` to `end` of a scene's text; `disguise` where the steps do not show it."""

    scene: Scene
    name: Name
    start: int
    end: int
    odds: float  # that the place means the name, in nats
    evidence: float  # of the writing alone
    steps: tuple[Step, ...] = ()
    disguise: Disguise | None = None

    @property
    def span(self) -> tuple[int, int]:
        """The code points of the field that hold it."""
        return self.scene.reading.span(self.start, self.end)

    @property
    def is_exact(self) -> bool:
        """Whether the whole name stands there, with nothing undone but folding."""
        return (
            self.disguise is None
            and self.name.is_whole
            and not self.scene.reading.undone
            and all(step.likeness is Likeness.SAME for step in self.steps)
        )


def of_place(scene: Scene, name: Name, place: Place, goods: Goods) -> Iterator[Sighting]:
    """A name met by its seeds: laid over the text, and weighed against ordinary words."""
    odds = (place.damped if goods is Goods.OWN else place.evidence) + PRIOR[goods]
    text, start, way = scene.reading.text, place.start, Way(place.cut, place.shift)
    if odds < LEAST or (name.is_whole and text.startswith(name.text, start)):
        return  # the name itself is found as a pattern
    laid = [(at, meant) for at, meant in spots(len(name.text), start, way) if at is not None]
    told = [at for at, meant in laid if meant is not None and meant not in name.goods]
    if not told:
        return
    where = laid[0][0], laid[-1][0] + 1
    weighed = (min(told), max(told) + 1) if goods is Goods.OWN else where
    if _is_address(text, name, *where):
        return
    against = scene.reading.divided.ordinariness(*weighed)
    against -= _gaps(scene.reading, *where) + _in_shop(scene)
    if way.shift == 1 and text[start + way.cut] in weighing.PARTICLES:
        against -= weighing.PARTICLE
    against += _torn(scene.reading, *where)
    if odds - against >= LEAST:
        each = tuple(steps(text, name.text, start, way))
        against += _elsewhere(text, name, each)
    if odds - against >= LEAST:
        yield Sighting(scene, name, *where, odds - against, place.evidence - against, each)


def of_hit(scene: Scene, hit: Hit, goods: Goods) -> Iterator[Sighting]:
    """A spelling that stands there as it is; the name itself is told however unlikely."""
    pattern = hit.pattern
    if is_cut_from_word(scene.reading, hit.start, hit.end) or not _fits(scene, pattern, goods):
        return
    evidence = _EVIDENCE[pattern.spelling](scene.reading, hit)
    if not pattern.name.is_latin:
        evidence += _gaps(scene.reading, hit.start, hit.end)
    odds = evidence + PRIOR[goods]
    if odds >= LEAST or pattern.spelling is Spelling.NAME:
        disguise = DISGUISES.get(pattern.spelling)
        each = () if disguise else tuple(_steps(scene.reading.text, hit))
        yield Sighting(scene, pattern.name, hit.start, hit.end, odds, evidence, each, disguise)


def _fits(scene: Scene, pattern: Pattern, goods: Goods) -> bool:
    """Initials tell nothing without the goods, and a skeleton only where letters were disguised."""
    if pattern.spelling is Spelling.INITIALS:
        return goods is Goods.OWN
    return scene.reading.is_skeleton == (pattern.spelling is Spelling.SKELETON)


def _steps(text: str, hit: Hit) -> Iterator[Step]:
    """A spelling of one character for each of the name's."""
    is_initial = hit.pattern.spelling is Spelling.INITIAL
    for place, meant in enumerate(hit.pattern.name.text):
        is_same = not is_initial or text[hit.start + place] == meant
        likeness = Likeness.SAME if is_same else Likeness.INITIAL
        yield Step(likeness, hit.start + place, place)


def of_shuffle(scene: Scene, name: Name, start: int, goods: Goods) -> Iterator[Sighting]:
    """All characters of a name side by side in another order."""
    text, end = scene.reading.text, start + len(name.text)
    seen = text[start:end]
    if seen == name.text or sorted(seen) != sorted(name.text):
        return
    if len(seen) == 2 and goods is not Goods.OWN:
        return
    damped = {name.text[at] for at in name.goods} if goods is Goods.OWN else set()
    evidence = sum(0 if each in damped else channel.says(each, each) for each in seen)
    told = "".join(each for each in seen if each not in damped)
    evidence += weighing.SHUFFLED - Divided.of(told).ordinariness(0, len(told))
    evidence += (
        _gaps(scene.reading, start, end) + _in_shop(scene) - _torn(scene.reading, start, end)
    )
    odds = evidence + PRIOR[goods]
    if odds >= LEAST:
        yield Sighting(scene, name, start, end, odds, evidence, (), Disguise.SHUFFLED)


def of_misspelling(scene: Scene, found: Misspelling, goods: Goods) -> Iterator[Sighting]:
    """A Latin name with letters wrong."""
    right = len(found.name.text) - found.edits
    evidence = right * weighing.LETTER + found.edits * weighing.EDIT
    evidence += weighing.SLIP if found.is_slip else 0
    disguise = Disguise.MISSPELT
    if scene.reading.is_skeleton:
        evidence, disguise = evidence + weighing.FOREIGN, Disguise.HOMOGLYPH
    odds = evidence + PRIOR[goods]
    if odds >= LEAST:
        where = found.start, found.end
        yield Sighting(scene, found.name, *where, odds, evidence, (), disguise)


def _elsewhere(text: str, name: Name, each: Sequence[Step]) -> float:
    """What speaks for an address, or for the goods of another place.

    合阳大米 is not 射阳大米 with a character exchanged, nor 麦积区花牛 麦积花椒.
    """
    areas = {s.likeness for s in each if s.seen is not None and text[s.seen] in AREAS}
    if Likeness.OTHER in areas:
        return 2 * weighing.AREA
    if Likeness.EXTRA in areas:
        return weighing.AREA
    if _is_elsewhere(text, name, each):
        return 2 * weighing.OTHER_PLACE
    mistaken = any(
        step.likeness in {Likeness.OTHER, Likeness.MISSING}
        and step.meant is not None
        and step.meant < name.bare
        for step in each
    )
    goods = next((s.seen for s in each if s.seen is not None and s.meant in name.goods), 0)
    place = text[max(0, goods - PLACE) : goods]
    is_other = place != name.text[name.bare - PLACE : name.bare] and place in hanzi.words()
    return weighing.OTHER_PLACE if mistaken and is_other else 0.0


def _is_elsewhere(text: str, name: Name, each: Sequence[Step]) -> bool:
    """赤水青砖茶 is from another county than 赤壁青砖茶, whatever they look like."""
    place, begin = name.place, next(step.seen for step in each if step.seen is not None)
    written = text[begin : begin + len(place)]
    unlike = any(
        step.likeness in UNLIKE and step.meant is not None and step.meant < len(place)
        for step in each
    )
    return unlike and written != place and written in hanzi.places()


def _is_address(text: str, name: Name, start: int, end: int) -> bool:
    """A core is often a place; 产自甘谷县 says where the goods are from."""
    before = text[max(0, start - FAR) : start]
    return bool(name.needs) and (text[end : end + 1] in AREAS or ORIGIN.search(before) is not None)


def _torn(reading: Reading, *edges: int) -> float:
    """What tells against a disguise whose edges lie inside of words."""
    return sum(min(weighing.TORN, reading.divided.torn(edge)) for edge in edges)


def _in_shop(scene: Scene) -> float:
    return weighing.SHOP if scene.field == "shop" else 0.0


def _gaps(reading: Reading, start: int, end: int) -> float:
    """What it costs that something was left out between characters; once if between all."""
    places = range(start, end - 1)
    gaps = sum(reading.span(at, at + 1)[1] < reading.span(at + 1, at + 2)[0] for at in places)
    if gaps == len(places):
        gaps = min(gaps, 1)
    return weighing.GAP * min(gaps, weighing.GAPS)


def _of_name(reading: Reading, hit: Hit) -> float:
    name = hit.pattern.name
    if name.is_latin:
        return len(name.text) * weighing.LETTER + weighing.EXACT
    evidence = sum(channel.says(each, each) for each in name.text)
    return evidence - reading.divided.ordinariness(hit.start, hit.end) + weighing.EXACT


def _of_initial(reading: Reading, hit: Hit) -> float:
    seen = reading.text[hit.start : hit.end]
    return sum(map(channel.says, seen, hit.pattern.name.text))


_EVIDENCE: Mapping[Spelling, Callable[[Reading, Hit], float]] = {
    Spelling.NAME: _of_name,
    Spelling.PINYIN: lambda _, hit: hit.pattern.told * weighing.SYLLABLE,
    Spelling.INITIAL: _of_initial,
    Spelling.INITIALS: lambda _, hit: hit.pattern.told * weighing.INITIAL + weighing.INITIALS,
    Spelling.SKELETON: lambda _, hit: hit.pattern.told * weighing.LETTER + weighing.FOREIGN,
}
DISGUISES = {Spelling.PINYIN: Disguise.PINYIN, Spelling.INITIALS: Disguise.INITIALS}


def is_cut_from_word(reading: Reading, start: int, end: int) -> bool:
    """A Latin name inside a longer Latin word is another word."""
    first, last = reading.span(start, end)
    original, text = reading.original, reading.text
    return _is_one_word(original[first - 1 : first], text[start]) or _is_one_word(
        text[end - 1], original[last : last + 1]
    )


def _is_one_word(left: str, right: str) -> bool:
    """Two Latin letters or two digits side by side; a letter beside a digit may end a name."""
    pair = left + right
    return len(pair) == 2 and pair.isascii() and (pair.isalpha() or pair.isdigit())
