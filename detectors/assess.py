"""Pure: matches, listing, right and the day's law to a clue; every step leaves its sentence."""

from collections.abc import Sequence

from detectors.assessment import area
from detectors.assessment.case import Case
from detectors.assessment.conduct import conducts
from detectors.assessment.entry import Entry
from detectors.assessment.likeness import confusion, sign
from detectors.assessment.missing import missing
from detectors.assessment.signs import is_hidden, signs
from detectors.assessment.sold_goods import goods
from detectors.assessment.standards import standard_gate
from detectors.assessment.standing import authorisation, right_in_force
from detectors.assessment.use import use_as_mark
from pipeline.assessed import (
    Conduct,
    Defence,
    Gate,
    GateName,
    Indication,
    Result,
    Tier,
)
from pipeline.matches import Match
from pipeline.records import Clue, Listing, clue_id

HIGH = 0.95
REVIEW = 0.6
FOREIGN_GOODS = 0.5  # what is left of a plain name's score where the goods are not the right's
SURE = (GateName.GOODS, GateName.USE_AS_MARK, GateName.SIGN)
DEFENCES = frozenset(Defence)
UNDOING = frozenset({Conduct.TM_AID, Conduct.TM_REMARK, Conduct.TM_LABELS, Conduct.UC_FALSE_AD})
"""Conducts that no fair use of the name excuses."""


def assess(listing: Listing, entry: Entry, matches: Sequence[Match]) -> Clue:
    """The clue for this listing and right. `matches` must not be empty."""
    capture = listing.capture
    case = Case.of(listing, entry, matches)
    origin = area.origin(case)
    gates = _gates(case, origin)
    by_name = {gate.gate: gate for gate in gates}
    found = signs(case, by_name, origin)
    score = _score(case, by_name[GateName.GOODS])
    is_authorised = by_name[GateName.AUTHORISATION].result is Result.FAIL
    standing = area.standing(origin, is_authorised=is_authorised)
    first, *also = conducts(case, by_name, found, standing)
    cleared = _cleared(gates, is_undone=first in UNDOING or is_hidden(case))
    return Clue(
        clue_id=clue_id(capture.key, entry.right.id),
        listing_id=capture.id,
        right_id=entry.right.id,
        right_name=entry.right.name,
        score=score,
        tier=Tier.CLEARED if cleared else _tier(score, by_name, found),
        conduct=first,
        matches=case.matches,
        gates=gates,
        law=case.law.name,
        cleared=cleared,
        reason=_sentence(case, gates, found),
        authorisation=standing,
        indications=found,
        also=tuple(also),
        missing=() if cleared else missing(case, gates),
        listing=capture,
        pictures=tuple(seen.phash for seen in listing.fingerprints if seen.phash and not seen.flat),
    )


def _gates(case: Case, origin: area.Origin) -> tuple[Gate, ...]:
    """In the order in which an examiner asks."""
    use, sold = use_as_mark(case), goods(case)
    asked = (
        right_in_force(case),
        use,
        authorisation(case),
        area.area_gate(case, origin),
        standard_gate(case),
        sold,
        sign(case),
        confusion(case, use, sold),
    )
    return tuple(gate for gate in asked if gate is not None)


def _cleared(gates: Sequence[Gate], *, is_undone: bool) -> str | None:
    """The first failed gate that makes the use lawful.

    A disguise, a code word, or tags and service for infringers undo fair use, never a licence; a
    foreign origin undoes neither: who says 非秦安花椒 may well sell pepper from elsewhere.
    """
    for gate in gates:
        if gate.result is Result.FAIL and gate.finding in DEFENCES:
            if is_undone and gate.gate in {GateName.USE_AS_MARK, GateName.GOODS}:
                continue
            return gate.finding
    return None


def _score(case: Case, sold: Gate) -> float:
    is_foreign = sold.result is Result.FAIL and not case.best.disguises
    share = FOREIGN_GOODS if is_foreign else 1.0
    return round(min(1.0, case.best.score * share), 3)


def _tier(score: float, gates: dict[GateName, Gate], found: Sequence[Indication]) -> Tier:
    if score < REVIEW:
        return Tier.LOW
    is_sure = all(gates[name].result is Result.PASS for name in SURE)
    return Tier.HIGH if score >= HIGH and found and is_sure else Tier.REVIEW


def stolen_photo(matches: Sequence[Match], shop: str | None, passed: Sequence[Gate]) -> str | None:
    """A photo of the right's own in a shop that is on no list, by its name on the list of rights.

    A cue of its own: who sells the genuine goods may have taken the photo as well, so it lifts
    no clue.
    """
    is_listed = any(
        gate.gate is GateName.AUTHORISATION and gate.result is Result.FAIL for gate in passed
    )
    if not shop or is_listed:
        return None
    return next((each.right_image for each in matches if each.photo and each.score >= REVIEW), None)


def _sentence(case: Case, gates: Sequence[Gate], found: Sequence[Indication]) -> str:
    stops = [gate.reason for gate in gates if gate.result is Result.FAIL and _counts(gate)]
    parts = [case.best.reason]
    if photo := stolen_photo(case.matches, case.capture.shop.name, gates):
        parts.append(
            f"该图是权利人名下的照片“{photo}”，而店铺不在已知名单上，疑似盗图；仅此不能说明商品是假的"
        )
    if found:
        parts.append("另有：" + "、".join(each.reason for each in found))
    if stops:
        parts.append("但" + "；".join(stops))
    return "。".join(parts) + "。"


def _counts(gate: Gate) -> bool:
    """What confusion follows from is said already; the GI's own standard stops nothing."""
    return gate.gate not in {GateName.CONFUSION, GateName.STANDARD}
