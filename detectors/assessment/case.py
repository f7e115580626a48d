"""All that the steps may look at: a listing, an entry of the list, matches, the day's law."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Self

from detectors.assessment.entry import Entry
from detectors.goods import GoodsWords, held, longest, named
from pipeline import law
from pipeline.assessed import Quote
from pipeline.law import Law
from pipeline.matches import Context, Cue, Match
from pipeline.normalise import Folded, fold
from pipeline.records import Capture, Listing, Right, RightKind

NO_WORD = "〇"
PROMINENT = frozenset({"title", "shop"})
Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Case:
    """`cues` holds of each kind the first; `spans` are the matches' in the title."""

    listing: Listing
    entry: Entry
    matches: tuple[Match, ...]
    best: Match
    cues: Mapping[Cue, Context]
    spans: tuple[tuple[int, int], ...]
    day: date
    law: Law

    @classmethod
    def of(cls, listing: Listing, entry: Entry, matches: Iterable[Match]) -> Self:
        found = tuple(matches)
        cues: dict[Cue, Context] = {}
        for match in found:
            for context in match.context:
                cues.setdefault(context.cue, context)
        day = law.day_of(listing.capture.seen)
        return cls(
            listing,
            entry,
            found,
            max(found, key=lambda match: match.score),
            cues,
            tuple(each.span for each in found if each.field == "title" and each.span),
            day,
            law.on(day),
        )

    @property
    def capture(self) -> Capture:
        return self.listing.capture

    @property
    def right(self) -> Right:
        return self.entry.right

    @property
    def words(self) -> GoodsWords:
        return self.entry.words

    @property
    def is_gi(self) -> bool:
        return self.entry.right.kind is RightKind.GI

    @property
    def is_prominent(self) -> bool:
        return any(match.field in PROMINENT for match in self.matches)

    @property
    def is_identical(self) -> bool:
        """Whether the very name stands somewhere in words."""
        return any(not match.disguises and match.detector == "text" for match in self.matches)

    @property
    def is_label(self) -> bool:
        """Whether tags or caps are sold that bear the name; 适用于 makes them something else."""
        if not self.has(Cue.LABEL):
            return False
        return not self.has(Cue.ACCESSORY) or self.word(Cue.LABEL) in self.word(Cue.ACCESSORY)

    def has(self, cue: Cue) -> bool:
        return cue in self.cues

    def word(self, cue: Cue) -> str:
        return self.cues[cue].word

    def quote(self, cue: Cue) -> Quote:
        said = self.cues[cue]
        return Quote(field=said.field, text=said.word, span=said.span)

    def named(self, words: frozenset[str], spans: Spans = ()) -> str | None:
        """One of these goods in title and category, the title read without `spans`."""
        return named(self._about(spans), words)

    def kindred(self, spans: Spans = ()) -> str | None:
        """Goods of the right's class; those are too many to ask for each."""
        return longest(self.words.kindred.intersection(held(self._about(spans))))

    def _about(self, spans: Spans) -> Folded:
        """Title and category say what is sold; a description also says what is not."""
        capture = self.capture
        said = (without(capture.title, spans), capture.category or capture.description)
        return _folded(" ".join(filter(None, said)))


_folded = lru_cache(maxsize=64)(fold)  # several steps ask about one listing


def without(title: str, spans: Spans) -> str:
    """The title with a sign that stands in no word in place of each span."""
    for start, end in sorted(spans, reverse=True):
        title = title[:start] + NO_WORD + title[end:]
    return title
