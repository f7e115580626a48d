"""Which product standard the page or a picture names: another than the GI's own tells (五常)."""

import re
from collections.abc import Iterator, Sequence

from detectors.assessment.case import Case
from detectors.assessment.reference import reference
from detectors.numbers import numbers
from pipeline.assessed import Conduct, Gate, GateName, Quote, Result
from pipeline.written import Number, NumberKind

DIGIT = re.compile(r"\d")
YEAR = re.compile(r"[-—–](?:19|20)\d\d$")


def standard_gate(case: Case) -> Gate | None:
    """Is another product standard named than the GI's? Labels and residues have their own."""
    own = case.right.standard_no
    if not case.is_gi or own is None:
        return None
    named = tuple(_named(case))
    mine = next((quote for quote, number in named if number == _bare(own)), None)
    other = next((quote for quote, _ in named), None)
    if mine:
        result, finding, said = Result.FAIL, "own", f"所标“{mine.text}”即该地理标志的标准"
    elif other:
        said = f"所标产品标准“{other.text}”不是该地理标志的标准（{own}）"
        result, finding = Result.PASS, "other"
    else:
        result, finding, said = Result.UNKNOWN, None, f"页面没有产品标准号，该地理标志的标准为{own}"
    return Gate(
        gate=GateName.STANDARD,
        result=result,
        reason=said,
        finding=finding,
        evidence=tuple(filter(None, [mine or other])),
        article=case.law.articles[Conduct.GI_SUBSTANDARD],
    )


def _named(case: Case) -> Iterator[tuple[Quote, str]]:
    """Product standards with what names them, the field of the platform first."""
    for field, text, found in _read(case):
        for number in found:
            if number.kind is NumberKind.STANDARD and not _is_general(number.value):
                quote = Quote(field=field, text=text[slice(*number.span)], span=number.span)
                yield quote, _bare(number.value)


def _read(case: Case) -> Iterator[tuple[str, str, Sequence[Number]]]:
    """Fields with their numbers; those of pictures were read before."""
    capture = case.capture
    texts = {
        "standard_no": capture.standard_no,
        "title": capture.title,
        "description": capture.description,
    }
    for field, text in texts.items():
        if text and DIGIT.search(text):
            yield field, text, numbers(text)
    for print_ in case.listing.fingerprints:
        if print_.written and print_.written.numbers:
            yield f"image:{print_.image}", print_.written.text, print_.written.numbers


def _bare(standard: str) -> str:
    """Without its year: GB/T 19266-2008 is GB/T 19266."""
    return YEAR.sub("", standard).replace(" ", "").upper()


def _is_general(standard: str) -> bool:
    return _bare(standard).removeprefix("GB").removeprefix("/T").partition(".")[0] in reference(
        "general_standards"
    )
