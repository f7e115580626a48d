"""Stage rights → clues: a right that is new or changed meets the listings stored before it.

Gists say which listings are worth it; only these are fetched from the bus, decoded and screened.
"""

import time
from collections.abc import Iterable, Iterator, Sequence, Set
from itertools import islice

from detectors.gists import Gists, listing_in
from detectors.likely import likely
from detectors.right_pictures import right_pictures
from detectors.screen import InForce, open_screen
from detectors.text import TextFinder
from pipeline import codec
from pipeline.bus import Bus, Message, Place, Topic, history
from pipeline.records import Clue, Right
from pipeline.rights import RightChange
from pipeline.stage import Emit, Stage

BATCH = 500
MOST_CHANGES = 10_000
MOST_PICTURES = 200  # of rights: more, one by one, take longer than to decode all listings
PAUSE_SECONDS = 10.0  # between two looks for listings that have no gist yet


def rescreen_stage(bus: Bus, gists: Gists, in_force: InForce) -> Stage[RightChange]:
    """Screens stored listings again, for the rights that were changed and no other.

    While no right changes it takes up the gists of what was stored since.
    """
    looked = 0.0

    def handle(changes: Sequence[RightChange]) -> Iterator[Emit]:
        ids = {change.right_id for change in changes}
        found = rescreened(bus, gists, in_force, ids)
        while some := tuple(islice(found, BATCH)):
            bus.publish_all(Topic.CLUES, [(clue.clue_id, codec.pack(clue)) for clue in some])
        yield from ()

    def idle() -> bool:
        nonlocal looked
        if time.monotonic() - looked < PAUSE_SECONDS:
            return False
        more = gists.take_up(bus, most=1)
        looked = 0.0 if more else time.monotonic()
        return more

    return Stage(
        name="rescreen",
        topic=Topic.RIGHTS,
        kind=RightChange,
        handle=handle,
        most=MOST_CHANGES,
        idle=idle,
    )


def rescreened(bus: Bus, gists: Gists, in_force: InForce, ids: Set[str]) -> Iterator[Clue]:
    """The clues of these rights in the stored listings: those by pictures first, then by names."""
    found = in_force.of(ids)
    pictures = right_pictures(found)
    if len(pictures) > MOST_PICTURES:
        yield from _screened(history(bus, Topic.LISTINGS), in_force, ids)
        return
    gists.take_up(bus)
    shown = likely(gists, pictures)
    yield from _screened(bus.at(Topic.LISTINGS, shown), in_force, ids)
    named = _named(gists, found.rights) - shown
    yield from _screened(bus.at(Topic.LISTINGS, named), in_force, ids)


def _screened(messages: Iterator[Message], in_force: InForce, ids: Set[str]) -> Iterator[Clue]:
    """The whole list is asked only where one of the rights was met: a name may stand in a longer
    one.
    """
    few, whole = open_screen(in_force.of(ids)), in_force.now()
    stored = (listing for message in messages if (listing := listing_in(message)))
    while some := tuple(islice(stored, BATCH)):
        met = {clue.listing_id for clue in few.clues(some)}
        again = [listing for listing in some if listing.capture.id in met]
        yield from (clue for clue in whole.clues(again) if clue.right_id in ids)


def _named(gists: Gists, rights: Iterable[Right]) -> set[Place]:
    """Where the listings stand that bear one of the names, in whatever field."""
    finder = TextFinder(rights)
    return {
        block.place(number)
        for block in gists.blocks()
        for number, met in enumerate(finder.find(block.texts()))
        if met
    }
