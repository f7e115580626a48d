"""What a detector promises."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from pipeline.matches import Match
from pipeline.records import Listing, Right


class Detector(Protocol):
    """The plain truth about one listing and one right; slow, and the oracle of any index."""

    @property
    def name(self) -> str: ...

    def compare(self, listing: Listing, right: Right) -> Sequence[Match]: ...


class Finder(Protocol):
    """A detector's fast form: all rights at once. Finds what `compare` finds, no more, no less."""

    def find(self, listings: Sequence[Listing]) -> Sequence[Mapping[str, Sequence[Match]]]:
        """For each listing its matches by right id, for those rights that have any."""
        ...
