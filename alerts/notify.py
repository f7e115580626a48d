"""Stage clues → sinks; what was told is remembered on disk, so each clue is told once."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from alerts.rules import Rule, told_to
from alerts.sinks import Sink
from pipeline.bus import Topic
from pipeline.errors import BusError
from pipeline.records import Clue
from pipeline.sqlite import connect, translated
from pipeline.stage import Emit, Stage

SCHEMA = (
    "CREATE TABLE IF NOT EXISTS told (clue TEXT, sink TEXT, PRIMARY KEY (clue, sink)) WITHOUT ROWID"
)


class Told:
    """Which sink has heard of which clue. A crash between telling and noting tells it twice."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path, SCHEMA, BusError)

    def has(self, clue: str, sink: str) -> bool:
        with translated(BusError):
            found = self._connection.execute(
                "SELECT 1 FROM told WHERE clue = ? AND sink = ?", (clue, sink)
            )
            return found.get is not None

    def note(self, clue: str, sink: str) -> None:
        with translated(BusError):
            self._connection.execute("INSERT OR IGNORE INTO told VALUES (?, ?)", (clue, sink))


def notify_stage(told: Told, sinks: Sequence[Sink], rules: tuple[Rule, ...]) -> Stage[Clue]:
    """Tells each clue to the sinks its rules name."""
    by_name = {sink.name: sink for sink in sinks}

    def handle(clues: Sequence[Clue]) -> Iterator[Emit]:
        for clue in clues:
            for name in told_to(clue, rules):
                if not told.has(clue.clue_id, name):
                    by_name[name].tell(clue)
                    told.note(clue.clue_id, name)
        yield from ()

    return Stage(name="notify", topic=Topic.CLUES, kind=Clue, handle=handle)
