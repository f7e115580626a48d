"""For a GI: where the page says its goods come from, and whether it contradicts itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from detectors.assessment.case import NO_WORD, Case
from detectors.assessment.places import Place, place_of
from pipeline.assessed import (
    Authorisation,
    Conduct,
    Defence,
    Gate,
    GateName,
    Indication,
    Quote,
    Result,
    Sign,
)

STATED = re.compile(
    r"(?:原?产地|产自|产于|出产|种植地|(?:生产|种植)(?:地址|基地)?)(?:为|是|在)?\s*[:：]?\s*([一-鿿]{2,12})"
)
TOWARDS = re.compile(r"(?:发货|发往|销往|配送|顺丰|仓|直达|专送)")
BEFORE_NAME = 8  # characters of a place that stands right before the name: 陕西花牛苹果
HAN = re.compile(r"[一-鿿]{2,}")
PICTURE = "image:"


@dataclass(frozen=True, slots=True)
class Statement:
    """A place that the page names as where its goods come from."""

    quote: Quote
    place: Place


@dataclass(frozen=True, slots=True)
class Origin:
    """What all statements together say; `against` is one that contradicts another."""

    place: Place
    stated: Statement | None = None
    against: Statement | None = None


NOWHERE = Origin(Place.UNKNOWN)


def origin(case: Case) -> Origin:
    """The field of the platform outweighs text; inside and outside at once is a contradiction."""
    if not case.is_gi or case.right.region is None:
        return NOWHERE
    said = tuple(_statements(case))
    telling = [each for each in said if each.place is not Place.UNKNOWN]
    if not telling:
        return Origin(Place.UNKNOWN, said[0] if said else None)
    first = telling[0]
    against = next((each for each in telling if each.place is not first.place), None)
    if against is None and first.place is Place.OUTSIDE:
        against = _claimed(case)
    is_firm = against is None or first.quote.field == "origin"
    return Origin(first.place if is_firm else Place.UNKNOWN, first, against)


def _statements(case: Case) -> Iterator[Statement]:
    capture = case.capture
    if capture.origin:
        yield _statement(case, Quote(field="origin", text=capture.origin))
    for field, text in (("title", capture.title), ("description", capture.description or "")):
        yield from _stated(case, field, text)
    for print_ in case.listing.fingerprints:
        if print_.written and print_.part is None:
            yield from _stated(case, f"{PICTURE}{print_.image}", print_.written.text)
    if before := _before_name(case):
        yield before


def _stated(case: Case, field: str, text: str) -> Iterator[Statement]:
    for found in STATED.finditer(text):
        each = _statement(case, Quote(field=field, text=found[1], span=found.span(1)))
        if each.place is not Place.UNKNOWN:
            yield each


def _before_name(case: Case) -> Statement | None:
    """陕西花牛苹果 says where it comes from, 西安发货 花牛苹果 does not."""
    title = case.capture.title
    for start, _ in case.spans:
        run = re.search(rf"[一-鿿]{{2,{BEFORE_NAME}}}$", title[:start])
        if run and not TOWARDS.search(run[0]):
            span = (run.start(), start)
            each = _statement(case, Quote(field="title", text=run[0], span=span))
            if each.place is Place.OUTSIDE:
                return each
    return None


def _claimed(case: Case) -> Statement | None:
    """A place inside that title or description name beside the right's name itself."""
    title, name = case.capture.title, case.right.name
    for match in case.matches:
        if match.field == "title" and match.span and match.meant == name:
            start, end = match.span
            title = title[:start] + NO_WORD * (end - start) + title[end:]
    for field, text in (("title", title), ("description", case.capture.description or "")):
        for run in HAN.finditer(text.replace(name, NO_WORD * len(name))):
            if not TOWARDS.search(run[0]):
                each = _statement(case, Quote(field=field, text=run[0], span=run.span()))
                if each.place is Place.INSIDE:
                    return each
    return None


def _statement(case: Case, quote: Quote) -> Statement:
    return Statement(quote, place_of(quote.text, case.right.region, case.entry.area))


def area_gate(case: Case, found: Origin) -> Gate | None:
    """Does the page name an origin, and does it lie in the announced area?"""
    region = case.right.region
    if not case.is_gi or region is None:
        return None
    result, said = _answered(case, found, region.name)
    return Gate(
        gate=GateName.ORIGIN,
        result=result,
        reason=said,
        finding=Defence.INSIDE_AREA if result is Result.FAIL else found.place.value,
        evidence=tuple(each.quote for each in (found.stated, found.against) if each),
        article=case.law.articles[Conduct.GI_NAME_OUTSIDE],
    )


def _answered(case: Case, found: Origin, area: str) -> tuple[Result, str]:
    said = f"所称产地“{found.stated.quote.text}”" if found.stated else ""
    if found.place is Place.OUTSIDE:
        return Result.PASS, f"{said}在保护范围（{area}）外"
    if found.place is Place.INSIDE and case.is_prominent:
        return Result.UNKNOWN, f"{said}在保护范围（{area}）内而未列名，宜引导申请用标"
    if found.place is Place.INSIDE:
        return Result.FAIL, f"{said}在保护范围（{area}）内"
    if found.against:
        return Result.UNKNOWN, f"{said}与“{found.against.quote.text}”自相矛盾，保护范围为{area}"
    return Result.UNKNOWN, f"{said + '无法判断' if said else '页面没有产地'}，保护范围为{area}"


def standing(found: Origin, *, is_authorised: bool) -> Authorisation:
    """The four outcomes of domain.md §2."""
    if is_authorised:
        return Authorisation.AUTHORISED
    if found.place is Place.OUTSIDE:
        return Authorisation.OUTSIDE
    if found.place is Place.INSIDE:
        return Authorisation.INSIDE_AREA_UNLISTED
    return Authorisation.UNKNOWN


def origin_signs(found: Origin) -> Iterator[Indication]:
    if found.place is Place.OUTSIDE and found.stated:
        yield Indication(
            sign=Sign.ORIGIN, reason="产地在保护范围外", evidence=(found.stated.quote,)
        )
    if found.stated and found.against:
        one, other = found.stated.quote, found.against.quote
        reason = f"产地自相矛盾（“{one.text}”与“{other.text}”）"
        yield Indication(sign=Sign.CONTRADICTION, reason=reason, evidence=(one, other))
