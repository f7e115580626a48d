"""Which conduct of domain.md §2 it looks like: the first row that fits, others beside it."""

import re
from collections.abc import Iterator, Mapping, Sequence

from detectors.assessment.case import Case
from detectors.assessment.sold_goods import SAME
from pipeline.assessed import Authorisation, Conduct, Gate, GateName, Indication, Result, Sign
from pipeline.matches import Cue, Likeness

Gates = Mapping[GateName, Gate]
STORE = re.compile(r"(?:旗舰|专卖|专营|直营|直销|官方|品牌)店?")
NEAR = frozenset("镇村乡湖山")
"""What makes another place of the name's: 阳澄湖镇大闸蟹."""


def conducts(
    case: Case, gates: Gates, signs: Sequence[Indication], standing: Authorisation
) -> tuple[Conduct, ...]:
    """The likeliest first."""
    told = {each.sign for each in signs}
    rows = _of_gi(case, told, standing) if case.is_gi else _of_trademark(case, gates, told)
    return tuple(dict.fromkeys((*_common(case, gates, told), *rows)))


def _common(case: Case, gates: Gates, told: set[Sign]) -> Iterator[Conduct]:
    lawful = gates[GateName.USE_AS_MARK].result is Result.FAIL
    if lawful and Sign.CLAIM in told:
        yield Conduct.UC_FALSE_AD
    if case.has(Cue.AID):
        yield Conduct.TM_AID
    if case.has(Cue.REMARK):
        yield Conduct.TM_REMARK
    if case.is_label:
        yield Conduct.TM_LABELS
    if all(match.field == "shop" for match in case.matches):
        is_store = not case.is_gi and gates[GateName.GOODS].finding == SAME
        shop = case.capture.shop.name or ""
        is_prominent = is_store and STORE.search(shop) is not None
        yield Conduct.TM_OTHER if is_prominent else Conduct.UC_CONFUSION
    elif _is_near_place(case):
        yield Conduct.UC_CONFUSION


def _of_trademark(case: Case, gates: Gates, told: set[Sign]) -> Iterator[Conduct]:
    if Sign.CODE_WORD in told:
        yield Conduct.TM_SALE
    is_same = gates[GateName.GOODS].finding in {SAME, None}
    yield Conduct.TM_ID_SAME if case.is_identical and is_same else Conduct.TM_CONFUSING
    if Sign.CLAIM in told:
        yield Conduct.UC_FALSE_AD


def _of_gi(case: Case, told: set[Sign], standing: Authorisation) -> Iterator[Conduct]:
    if Sign.CODE_WORD in told:
        yield Conduct.GI_SALE
    if case.has(Cue.EVOCATION):
        yield Conduct.GI_EVOCATION
    if Sign.SPECIAL_MARK in told:
        yield Conduct.GI_LOGO_FAKE
    if Sign.STANDARD in told and standing is Authorisation.INSIDE_AREA_UNLISTED:
        yield Conduct.GI_SUBSTANDARD
    yield Conduct.GI_NAME_OUTSIDE if case.is_identical else Conduct.GI_SIMILAR_NAME
    if Sign.STANDARD in told:
        yield Conduct.GI_SUBSTANDARD


def _is_near_place(case: Case) -> bool:
    """One more word of a place inside the name makes another place of it."""
    extra = [
        pair.seen
        for match in case.matches
        for pair in match.pairs
        if pair.likeness is Likeness.EXTRA
    ]
    return bool(extra) and not case.is_identical and all(each in NEAR for each in extra)
