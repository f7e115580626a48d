"""Stage rights → clues: a right that is new or changed meets the listings stored before it.

Gists say which listings are worth it; only these are fetched from the bus, decoded and screened.
"""

import logging
import multiprocessing
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Set
from contextlib import contextmanager, suppress
from itertools import islice
from multiprocessing.connection import Connection

from detectors.base import Finder
from detectors.gists import Gists, listing_in
from detectors.image import NAME, ImageFinder
from detectors.likely import likely
from detectors.logo import METHOD, LogoFinder
from detectors.right_pictures import right_pictures
from detectors.screen import InForce
from detectors.text import TextFinder
from pipeline import codec
from pipeline.bus import Bus, Message, Place, Topic, history
from pipeline.records import Clue, Right
from pipeline.rights import RightChange
from pipeline.stage import Emit, Stage

log = logging.getLogger("markwatch.rescreen")

BATCH = 500
MANY = 64  # blocks of gists, worth a process that looks for names in them
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
    ways: dict[str, Finder] = {NAME: ImageFinder(pictures), METHOD: LogoFinder(pictures)}
    meeting = _Meeting(in_force, ids)
    if len(pictures) > MOST_PICTURES:
        finders = (*ways.values(), TextFinder(found.rights))
        yield from meeting.clues(history(bus, Topic.LISTINGS), finders)
        return
    gists.take_up(bus)
    with _beside(gists, found.rights) as named:
        for way, places in likely(gists, pictures).items():
            stored = bus.at(Topic.LISTINGS, places - meeting.met)
            yield from meeting.clues(stored, [ways[way]])
        stored = bus.at(Topic.LISTINGS, named() - meeting.met)
        yield from meeting.clues(stored, [TextFinder(found.rights)])


class _Meeting:
    """Some rights that stored listings meet, and where those stand that met one."""

    def __init__(self, in_force: InForce, ids: Set[str]) -> None:
        self._in_force = in_force
        self._ids = ids
        self.met: set[Place] = set()

    def clues(self, messages: Iterator[Message], finders: Sequence[Finder]) -> Iterator[Clue]:
        """The whole list is asked only where a finder met one of the rights: a name may stand in a
        longer one.
        """
        whole = self._in_force.now()
        stored = ((message, listing) for message in messages if (listing := listing_in(message)))
        while some := tuple(islice(stored, BATCH)):
            listings = [listing for _, listing in some]
            found = zip(*(finder.find(listings) for finder in finders), strict=True)
            met = [each for each, matches in zip(some, found, strict=True) if any(matches)]
            self.met.update((message.partition, message.offset) for message, _ in met)
            clues = whole.clues([listing for _, listing in met])
            yield from (clue for clue in clues if clue.right_id in self._ids)


@contextmanager
def _beside(gists: Gists, rights: Sequence[Right]) -> Iterator[Callable[[], set[Place]]]:
    """What `_named` finds: of many gists by another process, while this one looks at pictures."""
    if gists.count() < MANY:
        yield lambda: _named(gists, rights)
        return
    spawning = multiprocessing.get_context("spawn")
    found, ours = spawning.Pipe(duplex=False)
    process = spawning.Process(target=_tell, args=(ours, gists, rights), daemon=True)
    process.start()
    ours.close()

    def named() -> set[Place]:
        try:
            places: set[Place] = found.recv()
        except EOFError:
            log.warning("the process that looked for names ended; they are looked for here")
            return _named(gists, rights)
        return places

    try:
        yield named
    finally:
        process.kill()
        process.join()
        found.close()


def _tell(to: Connection, gists: Gists, rights: Sequence[Right]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who asked ends it
    with suppress(BrokenPipeError):
        to.send(_named(gists, rights))


def _named(gists: Gists, rights: Iterable[Right]) -> set[Place]:
    """Where the listings stand that bear one of the names, in whatever field."""
    finder = TextFinder(rights)
    return {
        block.place(number)
        for block in gists.blocks()
        for number, met in enumerate(finder.find(block.texts()))
        if met
    }
