"""Stage listings → clues: every finder asked, every right that was met assessed."""

import gc
import itertools
import logging
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from detectors.assess import REVIEW, assess
from detectors.assessment.entry import Entry
from detectors.base import Finder
from detectors.context import around, cues
from detectors.image import ImageFinder
from detectors.logo import LogoFinder
from detectors.right_pictures import right_pictures
from detectors.text import TextFinder
from pipeline import rights
from pipeline.assessed import Tier
from pipeline.bus import Topic
from pipeline.errors import BadInput
from pipeline.matches import Context, Cue, Match
from pipeline.records import Clue, Listing, Right, digest
from pipeline.rights import RightsFile
from pipeline.stage import Emit, Stage

log = logging.getLogger("markwatch.screen")


YOUNG = 100_000  # objects; what a batch makes is gone with it, and seldom in circles


class Screen:
    """The protection list made ready to meet listings; a new list is a new screen."""

    def __init__(self, rights: Iterable[Right], finders: Sequence[Finder]) -> None:
        self._rights = {right.id: right for right in rights}
        self._entries: dict[str, Entry] = {}
        self._finders = tuple(finders)

    def clues(self, listings: Sequence[Listing]) -> Iterator[Clue]:
        """For each listing one clue for each right that any finder met, by the rights' ids."""
        found = [finder.find(listings) for finder in self._finders]
        for listing, *each in zip(listings, *found, strict=True):
            met: dict[str, list[Match]] = {}
            for right, matches in itertools.chain.from_iterable(some.items() for some in each):
                met.setdefault(right, []).extend(matches)
            if met:
                yield from self._assessed(listing, {id_: _surest(met[id_]) for id_ in met})

    def _assessed(self, listing: Listing, met: Mapping[str, Sequence[Match]]) -> Iterator[Clue]:
        said = Said.by(listing)
        found = _settled(
            assess(listing, entry, said.of(met[entry.right.id], entry))
            for entry in map(self._entry, sorted(met))
        )
        return (_sampled(clue, self._rights[clue.right_id], listing) for clue in found)

    def _entry(self, right: str) -> Entry:
        """Made ready when first met: most of a long list never is."""
        known = self._entries.get(right)
        return known or self._entries.setdefault(right, Entry.of(self._rights[right]))


def _surest(matches: Sequence[Match]) -> list[Match]:
    """All in words, and of those that see one picture in another the surest."""
    best: dict[tuple[str, str | None], Match] = {}
    for match in sorted(matches, key=lambda each: each.score):
        best[match.field, match.right_image] = match
    return [
        each
        for each in matches
        if each.right_image is None or best[each.field, each.right_image] is each
    ]


def is_chosen(right: Right, key: str) -> bool:
    """Whether the right's clues on the listing `key` are told: the same answer at every sight.

    A listing chosen at one share is chosen at every greater one.
    """
    share = right.matching_ratio
    return share is None or int(digest(right.id, key)[:13], 16) / 16**13 < share


def _sampled(clue: Clue, right: Right, listing: Listing) -> Clue:
    """A right on trial is told on its share of listings only; no clue is lost."""
    if clue.tier not in {Tier.HIGH, Tier.REVIEW} or is_chosen(right, listing.capture.key):
        return clue
    reason = f"{clue.reason}名录将该权利设为试运行，按比例抽取，本条未抽中。"
    return replace(clue, tier=Tier.LOW, reason=reason)


def _settled(clues: Iterable[Clue]) -> Iterator[Clue]:
    """A name that only stands inside a longer one, lawfully used, is lawfully used with it."""
    found = tuple(clues)
    lawful = [each for each in found if each.tier is Tier.CLEARED and _is_told(each.matches)]
    for clue in found:
        longer = next((other for other in lawful if _stands_inside(clue, other)), None)
        if longer is None or clue.tier is Tier.CLEARED:
            yield clue
        else:
            reason = f"{clue.reason}该名称是“{longer.right_name}”的一部分，而后者属合法使用。"
            yield replace(clue, tier=Tier.CLEARED, cleared=longer.cleared, reason=reason)


def _is_told(matches: Iterable[Match]) -> bool:
    return any(match.score >= REVIEW for match in matches)


def _stands_inside(clue: Clue, other: Clue) -> bool:
    return clue.right_id != other.right_id and all(
        any(_covers(outer, inner) for outer in other.matches) for inner in clue.matches
    )


def _covers(outer: Match, inner: Match) -> bool:
    if outer.span is None or inner.span is None or outer.field != inner.field:
        return False
    return outer.span[0] <= inner.span[0] and inner.span[1] <= outer.span[1]


def open_screen(found: RightsFile, least: float = 0.0) -> Screen:
    """A screen for a list that was read, its pictures hashed.

    Rights none of whose names is as likely as `least` in a listing's text are passed over, unless
    the list has pictures: beside one that is recognised every word counts.
    """
    pictures = right_pictures(found)
    text = TextFinder(found.rights, 0.0 if pictures else least)
    screen = Screen(found.rights, (text, ImageFinder(pictures), LogoFinder(pictures)))
    gc.collect()
    gc.freeze()  # it lasts: to walk a million parts for garbage takes longer than the search
    gc.set_threshold(YOUNG)
    return screen


@dataclass(frozen=True, slots=True)
class Said:
    """What a listing's words say about how names are used, read once for all its matches."""

    title: str
    cues: tuple[Context, ...]
    claims: tuple[Context, ...]

    @classmethod
    def by(cls, listing: Listing) -> Self:
        capture = listing.capture
        of_shop = cues(capture.shop.name) if capture.shop.name else ()
        claims = tuple(replace(each, field="shop") for each in of_shop if each.cue is Cue.CLAIM)
        return cls(capture.title, cues(capture.title), claims)

    def of(self, matches: Sequence[Match], entry: Entry) -> tuple[Match, ...]:
        """The matches; the plainest in the title, or else the first, bears all that was said."""
        in_title = [number for number, match in enumerate(matches) if match.field == "title"]
        plainest = min(in_title, key=lambda number: bool(matches[number].disguises), default=None)
        span = None if plainest is None else matches[plainest].span
        goods = entry.words.own if _is_told(matches) else None
        near = around(self.title, self.cues, span, goods)
        context = (*near, *self.claims)
        told = list(matches)
        told[plainest or 0] = replace(told[plainest or 0], context=context)
        return tuple(told)


class InForce:
    """The screen for the list at `place`: a changed list takes effect when next asked."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._lock = threading.Lock()
        self._read: tuple[object, RightsFile, Screen] | None = None

    def now(self) -> Screen:
        return self._newest()[1]

    def of(self, ids: Set[str]) -> RightsFile:
        """The list of these rights alone, as they are now."""
        found, _ = self._newest()
        some = tuple(right for right in found.rights if right.id in ids)
        return replace(found, rights=some)

    def _newest(self) -> tuple[RightsFile, Screen]:
        """A changed list that cannot be read leaves the one before it in force."""
        with self._lock:
            stamp = rights.stamp(self._place)
            if self._read is None or self._read[0] != stamp:
                self._read = (stamp, *self._opened())
            return self._read[1:]

    def _opened(self) -> tuple[RightsFile, Screen]:
        try:
            found = rights.in_force(self._place)
        except BadInput as error:
            if self._read is None:
                raise
            log.warning("the list before it stays in force: %s", error)
            return self._read[1:]
        return found, open_screen(found)


def screen_stage(in_force: InForce) -> Stage[Listing]:
    """Publishes every clue under its stable id, cleared ones too."""

    def handle(listings: Sequence[Listing]) -> Iterator[Emit]:
        for clue in in_force.now().clues(listings):
            yield Emit(topic=Topic.CLUES, key=clue.clue_id, record=clue)

    return Stage(
        name="screen",
        topic=Topic.LISTINGS,
        kind=Listing,
        handle=handle,
        seen=lambda listing: listing.capture.seen_at,
    )
