"""Pure: does this clue deserve an alert?"""

from dataclasses import dataclass

from pipeline.assessed import Tier
from pipeline.records import Clue

ALERTED = frozenset({Tier.HIGH, Tier.REVIEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Whom to tell: the sinks by name, for clues of these tiers and (if any are named) rights."""

    sinks: tuple[str, ...]
    tiers: frozenset[Tier] = ALERTED
    rights: frozenset[str] = frozenset()

    def holds(self, clue: Clue) -> bool:
        return clue.tier in self.tiers and (not self.rights or clue.right_id in self.rights)


def told_to(clue: Clue, rules: tuple[Rule, ...]) -> tuple[str, ...]:
    """The sinks that must hear of this clue, each once, in the order of the rules."""
    names = (sink for rule in rules if rule.holds(clue) for sink in rule.sinks)
    return tuple(dict.fromkeys(names))
