"""How each topic is kept where the bus is a cluster: partitions, retention, compaction."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.bus.base import LARGEST, LARGEST_LETTER, Topic

DAY_MS = 86_400_000
ROOM = 64 << 10  # what a log adds to a body


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """`days` is `None` where messages are the record and stay; `compact` keeps each key's last."""

    partitions: int
    days: int | None = None
    compact: bool = False
    largest: int = LARGEST

    def settings(self) -> Mapping[str, str]:
        """The topic's settings in Kafka's words."""
        return {
            "cleanup.policy": "compact" if self.compact else "delete",
            "retention.ms": str(self.days * DAY_MS if self.days else -1),
            "max.message.bytes": str(self.largest + ROOM),
        }


KEPT: Mapping[str, Keeping] = {
    Topic.PLANS: Keeping(partitions=4, compact=True),
    Topic.CAPTURES: Keeping(partitions=8, days=90),
    Topic.LISTINGS: Keeping(partitions=8),
    Topic.CLUES: Keeping(partitions=8),
    Topic.VERDICTS: Keeping(partitions=4),
    Topic.NOTICES: Keeping(partitions=4),
    Topic.RIGHTS: Keeping(partitions=1),
    Topic.CRAWLS: Keeping(partitions=4, days=365),
    Topic.DEADLETTERS: Keeping(partitions=1, largest=LARGEST_LETTER),
}
OTHERS = Keeping(partitions=4)
