"""Stage rights → clues: a right that is new or changed meets the listings stored before it."""

from collections.abc import Iterator, Sequence, Set
from contextlib import suppress
from itertools import islice

from detectors.screen import InForce
from pipeline import codec
from pipeline.bus import Bus, Topic, history
from pipeline.errors import BadMessage
from pipeline.records import Clue, Listing
from pipeline.rights import RightChange
from pipeline.stage import Emit, Stage

BATCH = 500
MOST_CHANGES = 10_000


def rescreen_stage(bus: Bus, in_force: InForce) -> Stage[RightChange]:
    """Screens all stored listings again, for the rights that were changed and no other."""

    def handle(changes: Sequence[RightChange]) -> Iterator[Emit]:
        ids = {change.right_id for change in changes}
        found = rescreened(bus, in_force, ids)
        while some := tuple(islice(found, BATCH)):
            bus.publish_all(Topic.CLUES, [(clue.clue_id, codec.pack(clue)) for clue in some])
        yield from ()

    return Stage(
        name="rescreen", topic=Topic.RIGHTS, kind=RightChange, handle=handle, most=MOST_CHANGES
    )


def rescreened(bus: Bus, in_force: InForce, ids: Set[str]) -> Iterator[Clue]:
    """The clues of these rights in every stored listing.

    The whole list is asked only where one of them was met: a name may stand in a longer one.
    """
    few, whole = in_force.of(ids), in_force.now()
    stored = _listings(bus)
    while some := tuple(islice(stored, BATCH)):
        met = {clue.listing_id for clue in few.clues(some)}
        again = [listing for listing in some if listing.capture.id in met]
        yield from (clue for clue in whole.clues(again) if clue.right_id in ids)


def _listings(bus: Bus) -> Iterator[Listing]:
    for message in history(bus, Topic.LISTINGS):
        with suppress(BadMessage):  # it lies among the dead letters since it was first met
            yield codec.unpack(message.body, Listing)
