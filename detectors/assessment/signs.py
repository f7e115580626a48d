"""What speaks of unlawfulness beside the name itself: only these lift a clue above review."""

import re
from collections.abc import Iterator, Mapping

from detectors.assessment.amounts import unit_price
from detectors.assessment.area import Origin, origin_signs
from detectors.assessment.case import Case
from detectors.assessment.places import Place
from detectors.assessment.standing import EXPIRED
from detectors.assessment.use import is_place
from detectors.wording import pictured
from pipeline.assessed import Gate, GateName, Indication, Quote, Result, Sign
from pipeline.matches import Cue, Disguise, Match
from pipeline.normalise import fold

MISTAKES = frozenset(
    {Disguise.DROPPED, Disguise.INSERTED, Disguise.REPLACED, Disguise.INITIALS, Disguise.MISSPELT}
)
"""Disguises that may as well be another name: they hide nothing for certain."""
UNSURE = MISTAKES | {Disguise.TORN}
ALIKE = frozenset(
    {Disguise.HOMOPHONE, Disguise.NEAR_HOMOPHONE, Disguise.LOOKALIKE, Disguise.SHUFFLED}
)
SHORT = 3  # characters; ordinary words look and sound like names as short
CHEAP = 0.5  # of the lowest price on the list
FRESH = re.compile(r"现摘|现采|采摘|新果|头茬|当季|应季|新货上市|刚摘|树上熟")
STORED = re.compile(r"冷库|气调|库存|储藏|贮藏|窖藏|反季|大棚|往年|陈年|预售|预定|预订")
SEASON = re.compile(r"(\d{1,2})月?\s*[-—–~～至到]\s*(\d{1,2})")
SPECIAL = re.compile(
    r"地理标志(?:产品)?专用标志|地理标志(?:保护)?(?:产品|认证|商标)|国家地理标志|地标(?:产品|认证)"
)
UNITS = {"kg": "公斤", "piece": "件"}


def signs(case: Case, gates: Mapping[GateName, Gate], origin: Origin) -> tuple[Indication, ...]:
    """In the order in which the reason names them."""
    authorisation = gates[GateName.AUTHORISATION]
    return (
        *_disguise(case),
        *origin_signs(origin),
        *_of_gates(gates.get(GateName.STANDARD), authorisation),
        *_words(case, authorisation),
        *_season(case),
        *_price(case),
        *_special_mark(case, origin),
    )


def hiding(match: Match) -> frozenset[str]:
    """The disguises of a match; 花牛 苹果 with one space is a title, not a name in hiding.

    What was read off a picture may as well have been misread.
    """
    if match.method == pictured.METHOD or not match.disguises:
        return frozenset()
    parts = (match.seen or "").split()
    is_spaced = len(parts) == 2 and all(map(str.isalnum, parts))
    return frozenset(match.disguises) - ({Disguise.SYMBOLS} if is_spaced else set())


def is_hidden(case: Case) -> bool:
    """What may be a mere mistake hides no place and no other word: 花牛镇 is no 花牛苹果."""
    if case.has(Cue.CODE_WORD):
        return True
    hidden = [each for match in case.matches if (each := hiding(match))]
    if not hidden:
        return False
    is_plain = any(not match.disguises for match in case.matches)
    is_other = case.has(Cue.PLACE) or case.has(Cue.OTHER_SENSE) or is_place(case)
    excused = UNSURE if is_plain or is_other else frozenset[str]()
    return any(each - excused for each in hidden)


def _disguise(case: Case) -> Iterator[Indication]:
    for match in case.matches:
        if hiding(match) - _doubtful(match):
            quote = Quote(field=match.field, text=match.seen or "", span=match.span)
            yield Indication(sign=Sign.DISGUISE, reason="名称经过变形", evidence=(quote,))
            return


def _doubtful(match: Match) -> frozenset[str]:
    """Disguises that prove no intent: of two or three characters 烫够 is as likely as 汤沟."""
    compared = len(match.pairs) or len(fold(match.meant or "").text)
    return UNSURE | (ALIKE if compared <= SHORT else frozenset[str]())


def _of_gates(standard: Gate | None, authorisation: Gate) -> Iterator[Indication]:
    if standard and standard.result is Result.PASS:
        yield Indication(sign=Sign.STANDARD, reason=standard.reason, evidence=standard.evidence)
    if authorisation.finding == EXPIRED:
        yield Indication(
            sign=Sign.EXPIRED_LICENCE, reason=authorisation.reason, evidence=authorisation.evidence
        )


def _words(case: Case, authorisation: Gate) -> Iterator[Indication]:
    if case.has(Cue.CODE_WORD):
        said = f"暗语“{case.word(Cue.CODE_WORD)}”"
        yield Indication(sign=Sign.CODE_WORD, reason=said, evidence=(case.quote(Cue.CODE_WORD),))
    is_known = authorisation.result is Result.FAIL
    if case.has(Cue.CLAIM) and case.right.official_shops and not is_known:
        said = f"自称“{case.word(Cue.CLAIM)}”而不在名单"
        yield Indication(sign=Sign.CLAIM, reason=said, evidence=(case.quote(Cue.CLAIM),))


def _season(case: Case) -> Iterator[Indication]:
    """Fresh from the tree in a month in which nothing is picked."""
    months = SEASON.search(case.right.season or "")
    fresh = FRESH.search(case.capture.title) if months else None
    if not months or not fresh or STORED.search(case.capture.title):
        return
    first, last = int(months[1]), int(months[2])
    month = case.day.month
    is_in = first <= month <= last if first <= last else month >= first or month <= last
    if not is_in:
        said = f"自称“{fresh[0]}”，而采收期为{first}—{last}月，所见为{month}月"
        quote = Quote(field="title", text=fresh[0], span=fresh.span())
        yield Indication(sign=Sign.CONTRADICTION, reason=said, evidence=(quote,))


def _price(case: Case) -> Iterator[Indication]:
    usual = case.right.price
    asked = unit_price(case.capture, usual.per) if usual else None
    if usual and asked is not None and asked < usual.low * CHEAP:
        said = f"单价{asked:.2f}元/{UNITS[usual.per]}，不到名录最低价{usual.low:g}元的一半"
        yield Indication(sign=Sign.PRICE, reason=said)


def _special_mark(case: Case, origin: Origin) -> Iterator[Indication]:
    if origin.place is not Place.OUTSIDE:
        return
    for field, text in _texts(case):
        if found := SPECIAL.search(text):
            quote = Quote(field=field, text=found[0], span=found.span())
            said = f"自称“{found[0]}”而产地在保护范围外"
            yield Indication(sign=Sign.SPECIAL_MARK, reason=said, evidence=(quote,))
            return


def _texts(case: Case) -> Iterator[tuple[str, str]]:
    yield "title", case.capture.title
    if case.capture.description:
        yield "description", case.capture.description
    for print_ in case.listing.fingerprints:
        if print_.written:
            yield f"image:{print_.image}", print_.written.text
