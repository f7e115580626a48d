"""Pure: matches, listing, right and the day's law to a clue; every step leaves its sentence."""

from collections.abc import Sequence

from detectors import gates
from detectors.gates import Case
from detectors.goods import goods_words
from detectors.wording import pictured
from pipeline import law
from pipeline.matches import Cue, Disguise, Match
from pipeline.normalise import fold
from pipeline.records import (
    Clue,
    Conduct,
    Gate,
    GateName,
    Listing,
    Result,
    Right,
    RightKind,
    Tier,
    clue_id,
)

HIGH = 0.95
REVIEW = 0.6
FOREIGN_GOODS = 0.5  # what is left of a plain name's score where the goods are not the right's
MISTAKES = frozenset(
    {Disguise.DROPPED, Disguise.INSERTED, Disguise.REPLACED, Disguise.INITIALS, Disguise.MISSPELT}
)
"""Disguises that may as well be another name: they hide nothing for certain."""
UNSURE = MISTAKES | {Disguise.TORN}
ALIKE = frozenset(
    {Disguise.HOMOPHONE, Disguise.NEAR_HOMOPHONE, Disguise.LOOKALIKE, Disguise.SHUFFLED}
)
SHORT = 3  # characters; ordinary words look and sound like names as short
CLEARS = {
    GateName.RIGHT_IN_FORCE: "right_not_in_force",
    GateName.USE_AS_MARK: "fair_use",
    GateName.AUTHORISATION: "authorised",
    GateName.ORIGIN: "inside_area",
}


def assess(listing: Listing, right: Right, matches: Sequence[Match]) -> Clue:
    """The clue for this listing and right. `matches` must not be empty."""
    capture = listing.capture
    case = Case(
        capture=capture,
        right=right,
        matches=tuple(matches),
        contexts=tuple(each for match in matches for each in match.context),
        words=goods_words(right),
        day=law.day_of(capture.seen),
    )
    passed = _gates(case)
    signs = _signs(case, passed)
    cleared = _cleared(case, passed)
    score = _score(case, passed)
    return Clue(
        clue_id=clue_id(capture.key, right.id),
        listing_id=capture.id,
        right_id=right.id,
        right_name=right.name,
        score=score,
        tier=Tier.CLEARED if cleared else _tier(score, passed, signs),
        conduct=_conduct(case),
        matches=case.matches,
        gates=passed,
        law=law.on(case.day).name,
        cleared=cleared,
        reason=_sentence(case, passed, signs),
        listing=capture,
        pictures=tuple(seen.phash for seen in listing.fingerprints if seen.phash and not seen.flat),
    )


def _gates(case: Case) -> tuple[Gate, ...]:
    asked = (
        gates.right_in_force(case),
        gates.use_as_mark(case),
        gates.authorisation(case),
        gates.origin(case),
        gates.goods(case),
        gates.sign(case),
    )
    return tuple(gate for gate in asked if gate is not None)


def _result(passed: Sequence[Gate], name: GateName) -> Result | None:
    return next((gate.result for gate in passed if gate.gate is name), None)


def _signs(case: Case, passed: Sequence[Gate]) -> tuple[str, ...]:
    """What speaks of unlawfulness beside the name itself: only these lift a clue above review."""
    found = []
    if any(_hiding(match) - _doubtful(match) for match in case.matches):
        found.append("名称经过变形")
    if _result(passed, GateName.ORIGIN) is Result.PASS:
        found.append("产地在保护范围外")
    if case.has(Cue.CODE_WORD):
        found.append(f"暗语“{case.word(Cue.CODE_WORD)}”")
    is_known = _result(passed, GateName.AUTHORISATION) is Result.FAIL
    if case.has(Cue.CLAIM) and case.right.official_shops and not is_known:
        found.append(f"自称“{case.word(Cue.CLAIM)}”而不在名单")
    return tuple(found)


def _cleared(case: Case, passed: Sequence[Gate]) -> str | None:
    """The first failed gate that makes the use lawful.

    A disguise or a code word undoes fair use, never a licence; a foreign origin undoes neither:
    who says 非秦安花椒 may well sell pepper from elsewhere.
    """
    for gate in passed:
        if gate.result is Result.FAIL and gate.gate in CLEARS:
            if gate.gate is GateName.USE_AS_MARK and _is_hidden(case):
                continue
            return CLEARS[gate.gate]
    return None


def _is_hidden(case: Case) -> bool:
    """What may be a mere mistake hides no place and no other word: 花牛镇 is no 花牛苹果."""
    is_plain = any(not match.disguises for match in case.matches)
    is_other = any(case.has(cue) for cue in (Cue.PLACE, Cue.OTHER_SENSE)) or gates.is_place(case)
    excused = UNSURE if is_plain or is_other else frozenset[str]()
    return case.has(Cue.CODE_WORD) or any(_hiding(match) - excused for match in case.matches)


def _hiding(match: Match) -> frozenset[str]:
    """The disguises of a match; 花牛 苹果 with one space is a title, not a name in hiding.

    What was read off a picture may as well have been misread.
    """
    if match.method == pictured.METHOD:
        return frozenset()
    parts = (match.seen or "").split()
    is_spaced = len(parts) == 2 and all(map(str.isalnum, parts))
    return frozenset(match.disguises) - ({Disguise.SYMBOLS} if is_spaced else set())


def _doubtful(match: Match) -> frozenset[str]:
    """Disguises that prove no intent: of two or three characters 烫够 is as likely as 汤沟."""
    compared = len(match.pairs) or len(fold(match.meant or "").text)
    return UNSURE | (ALIKE if compared <= SHORT else frozenset[str]())


def _score(case: Case, passed: Sequence[Gate]) -> float:
    best = max(case.matches, key=lambda match: match.score)
    is_foreign = _result(passed, GateName.GOODS) is Result.FAIL and not best.disguises
    return round(min(1.0, best.score * (FOREIGN_GOODS if is_foreign else 1.0)), 3)


def _tier(score: float, passed: Sequence[Gate], signs: Sequence[str]) -> Tier:
    if score < REVIEW:
        return Tier.LOW
    sure = (GateName.GOODS, GateName.USE_AS_MARK, GateName.SIGN)
    if score >= HIGH and signs and all(_result(passed, name) is Result.PASS for name in sure):
        return Tier.HIGH
    return Tier.REVIEW


def _conduct(case: Case) -> Conduct:
    if all(match.field == "shop" for match in case.matches):
        return Conduct.UC_CONFUSION
    identical = any(not match.disguises and match.detector == "text" for match in case.matches)
    if case.right.kind is RightKind.GI:
        if case.has(Cue.EVOCATION):
            return Conduct.GI_EVOCATION
        return Conduct.GI_NAME_OUTSIDE if identical else Conduct.GI_SIMILAR_NAME
    return Conduct.TM_ID_SAME if identical else Conduct.TM_CONFUSING


def stolen_photo(matches: Sequence[Match], shop: str | None, passed: Sequence[Gate]) -> str | None:
    """A photo of the right's own in a shop that is on no list, by its name on the list of rights.

    A cue of its own: who sells the genuine goods may have taken the photo as well, so it lifts
    no clue.
    """
    is_listed = _result(passed, GateName.AUTHORISATION) is Result.FAIL
    if not shop or is_listed:
        return None
    return next((each.right_image for each in matches if each.photo and each.score >= REVIEW), None)


def _sentence(case: Case, passed: Sequence[Gate], signs: Sequence[str]) -> str:
    best = max(case.matches, key=lambda match: match.score)
    stops = [gate.reason for gate in passed if gate.result is Result.FAIL]
    parts = [best.reason]
    if photo := stolen_photo(case.matches, case.capture.shop.name, passed):
        parts.append(
            f"该图是权利人名下的照片“{photo}”，而店铺不在已知名单上，疑似盗图；仅此不能说明商品是假的"
        )
    if signs:
        parts.append("另有：" + "、".join(signs))
    if stops:
        parts.append("但" + "；".join(stops))
    return "。".join(parts) + "。"
