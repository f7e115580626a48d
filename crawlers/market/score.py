"""What was found held against what is true, class by class."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from crawlers.market.truth import Expected, PictureDisguise, Truth
from pipeline.assessed import Tier
from pipeline.records import Clue

TOLD = frozenset({Tier.HIGH, Tier.REVIEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Items of one class: how many there are, and for how many a person would be told."""

    name: str
    items: int
    told: int


def score(truths: Sequence[Truth], clues: Sequence[Clue]) -> Iterator[str]:
    """The lines of a table: found and missed by disguise, false alarms by kind of lawful use."""
    told = {(clue.listing_id, clue.right_id) for clue in clues if clue.tier in TOLD}
    met = {listing for listing, _ in told}
    wanted = [truth for truth in truths if truth.expected is not Expected.CLEAR]
    yield "infringing or for review          items  found missed"
    yield from (_found(each) for each in _classes(wanted, told, met))
    yield "pictures, recognised as such      items  found missed"
    yield from (_found(each) for each in _pictures(truths, clues))
    clear = [truth for truth in truths if truth.expected is Expected.CLEAR]
    yield "lawful or unrelated               items  clear  false"
    yield from (_cleared(each) for each in _classes(clear, told, met))


def _found(each: Score) -> str:
    return f"  {each.name:<30} {each.items:>6} {each.told:>6} {each.items - each.told:>6}"


def _cleared(each: Score) -> str:
    return f"  {each.name:<30} {each.items:>6} {each.items - each.told:>6} {each.told:>6}"


def _classes(truths: Sequence[Truth], told: set[tuple[str, str]], met: set[str]) -> Iterator[Score]:
    names = sorted({_class(truth) for truth in truths})
    for name in names:
        members = [truth for truth in truths if _class(truth) == name]
        hits = sum(_is_told(truth, told, met) for truth in members)
        yield Score(name=name, items=len(members), told=hits)
    hits = sum(_is_told(truth, told, met) for truth in truths)
    yield Score(name="all", items=len(truths), told=hits)


def _pictures(truths: Sequence[Truth], clues: Sequence[Clue]) -> Iterator[Score]:
    """By edit, whether the picture itself was matched, whatever the title said."""
    matched = {
        (clue.listing_id, clue.right_id)
        for clue in clues
        if any(match.detector == "image" for match in clue.matches)
    }
    for edit in PictureDisguise:
        members = [truth for truth in truths if truth.picture_disguise is edit]
        hits = sum((truth.item_id, truth.right_id) in matched for truth in members)
        yield Score(name=f"edit: {edit}", items=len(members), told=hits)


def _class(truth: Truth) -> str:
    if truth.lawful_kind:
        return f"use: {truth.lawful_kind}"
    if truth.name_disguise:
        return f"name: {truth.name_disguise}"
    if truth.picture_disguise:
        return f"picture: {truth.picture_disguise}"
    return f"conduct: {truth.conduct}" if truth.conduct else "unrelated"


def _is_told(truth: Truth, told: set[tuple[str, str]], met: set[str]) -> bool:
    """An item that infringes is found if its own right is named; a lawful one must not be met."""
    if truth.expected is Expected.CLUE and truth.right_id:
        return (truth.item_id, truth.right_id) in told
    return truth.item_id in met
