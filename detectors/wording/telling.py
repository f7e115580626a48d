"""Which sightings are told, and in what words: the likeliest of each place, as a match."""

from collections.abc import Iterable, Mapping, Sequence

from detectors.wording import explaining, pictured
from detectors.wording.explaining import Sighted
from detectors.wording.joined import BREAK
from detectors.wording.sightings import Sighting
from detectors.wording.weighing import DISGUISED, probability
from pipeline.matches import Disguise, Likeness, Match, Pair

NAME = "text"
FIELDS = {"title": "标题", "brand": "品牌", "shop": "店铺名", "description": "描述"}
UNSURE = frozenset({Likeness.OTHER, Likeness.MISSING})
SURE = 4.0  # odds, in nats, from which on the longer reading tells more than the likelier
FAR = 4.0  # nats by which another name must be likelier to explain a place


def told(
    met: Mapping[str, Sequence[Sighting]], excluded: Mapping[str, Sequence[str]], least: float = 0.0
) -> Mapping[str, Sequence[Match]]:
    """The matches of a listing by right; `excluded` are each right's folded words that hide it.

    A right none of whose matches is as likely as `least` is left out.
    """
    every = [sighting for some in met.values() for sighting in some]
    found = {
        right: _best(
            each
            for each in some
            if not _is_excluded(each, excluded.get(right, ())) and not _is_explained(each, every)
        )
        for right, some in met.items()
    }
    return {
        right: tuple(map(_match, best))
        for right, best in found.items()
        if any(probability(each.odds) >= least for each in best)
    }


def _is_explained(sighting: Sighting, every: Sequence[Sighting]) -> bool:
    """What is far likelier another right's name is not this one's in disguise."""
    return not sighting.is_exact and any(
        other.name.right != sighting.name.right
        and other.evidence > sighting.evidence + FAR
        and _overlap(other, sighting)
        and other.name.text not in sighting.name.text
        and sighting.name.text not in other.name.text
        for other in every
    )


def _best(found: Iterable[Sighting]) -> Sequence[Sighting]:
    """The likeliest of each place; what lies over a likelier one says nothing more."""
    taken: list[Sighting] = []
    for sighting in sorted(found, key=_likeliest):
        if not any(_overlap(sighting, other) for other in taken):
            taken.append(sighting)
    return sorted(taken, key=lambda each: (_order(each.scene.field), each.span))


def _order(field: str) -> int:
    if pictured.is_pictured(field):
        return len(FIELDS) + pictured.number_of(field)
    return list(FIELDS).index(field)


def _likeliest(sighting: Sighting) -> tuple[object, ...]:
    """The name itself first, then by odds, of like odds the longer and the plainer."""
    start, end = sighting.span
    return (
        not sighting.is_exact,
        round(-min(sighting.odds, SURE)),
        sum(step.likeness in UNSURE for step in sighting.steps),
        start - end,
        sighting.disguise is not None,
        bool(sighting.scene.reading.undone),
        start,
        sighting.name.meant,
    )


def _overlap(one: Sighting, other: Sighting) -> bool:
    if one.scene.field != other.scene.field:
        return False
    return one.span[0] < other.span[1] and other.span[0] < one.span[1]


def _is_excluded(sighting: Sighting, excluded: Sequence[str]) -> bool:
    text = sighting.scene.reading.text
    for word in excluded:
        start = text.find(word, max(0, sighting.end - len(word)))
        if word and 0 <= start <= sighting.start and sighting.end <= start + len(word):
            return True
    return False


def _match(sighting: Sighting) -> Match:
    scene, span, meant = sighting.scene, sighting.span, sighting.name.meant
    seen = scene.reading.original[slice(*span)]
    found = explaining.pairs(scene.reading, sighting.name.text, sighting.steps)
    hidden = _disguises(sighting, found)
    return Match(
        detector=NAME,
        field=scene.field,
        span=span,
        seen=seen,
        meant=meant,
        disguises=hidden,
        pairs=found,
        score=round(probability(sighting.odds) * (DISGUISED if hidden else 1.0), 3),
        reason=explaining.sentence(
            scene.reading,
            _place(scene.field, span),
            Sighted(sighting.name, seen.replace(BREAK, ""), found, sighting.disguise),
        ),
        method=hidden[0] if hidden else "exact",
    )


def _place(field: str, span: tuple[int, int]) -> str:
    if pictured.is_pictured(field):
        return f"第{pictured.number_of(field) + 1}张图中的文字"
    return f"{FIELDS[field]}第{span[0] + 1}—{span[1]}字"


def _disguises(sighting: Sighting, found: Sequence[Pair]) -> tuple[Disguise, ...]:
    """A new line on a package is no sign put between characters."""
    every = _all_disguises(sighting, found)
    if not pictured.is_pictured(sighting.scene.field):
        return every
    between = set(explaining.noise(sighting.scene.reading.original, found))
    return tuple(d for d in every if d is not Disguise.SYMBOLS or between - {BREAK})


def _all_disguises(sighting: Sighting, found: Sequence[Pair]) -> tuple[Disguise, ...]:
    if sighting.disguise:
        return (sighting.disguise,)
    name = sighting.name
    parted = (Disguise.TORN,) if name.needs else (Disguise.DROPPED,) if name.is_beginning else ()
    return (*explaining.disguises(sighting.scene.reading, found, name.meant), *parted)
