"""Where a written place lies, by GB/T 2260 codes, held against the announced area of a right."""

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import cache, lru_cache

from daachorse import MATCH_KIND_LEFTMOST_LONGEST, CharwiseDoubleArrayAhoCorasick

from detectors.assessment.reference import reference
from detectors.wording import hanzi
from pipeline.records import Region

PROVINCE, CITY = 2, 4  # digits of a code
ABROAD = "00"
SUFFIX = re.compile(r"(?:地区|自治[州县区]|[省市区县州])$")


class Place(StrEnum):
    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


def codes_of(area: Region) -> tuple[str, ...]:
    """The codes of an area: those listed, or else what its name says."""
    return tuple(map(_shortened, area.codes)) or located(area.name)


@lru_cache(maxsize=1 << 14)
def located(text: str) -> tuple[str, ...]:
    """The codes of the closest place that a text names; several where it is not clear which.

    甘肃省天水市麦积区 is 620503; 朝阳 alone may be four.
    """
    named = [_codes()[value] for _, _, value in _machine().find(text)]
    fitting = [tuple(code for code in codes if _fits_all(code, named)) for codes in named]
    if not any(fitting):
        return tuple(sorted({code for codes in named for code in codes}))
    return max(fitting, key=lambda codes: max(map(len, codes), default=0))


def place_of(text: str | None, area: Region | None, codes: tuple[str, ...] | None = None) -> Place:
    """Whether a place as written lies in the area.

    The province alone says nothing, the city of the area says inside, another county outside.
    """
    if not text or area is None:
        return Place.UNKNOWN
    found = located(text)
    places = {_against(code, codes_of(area) if codes is None else codes) for code in found}
    if len(places) == 1 and Place.UNKNOWN not in places:
        return places.pop()
    if Place.OUTSIDE not in places or Place.INSIDE in places:
        closer = (*area.townships, *area.aliases)
        if Place.INSIDE in places or any(_plain(name) in text for name in closer):
            return Place.INSIDE
    return Place.UNKNOWN


def _plain(name: str) -> str:
    stem = SUFFIX.sub("", name)
    return stem if len(stem) > 1 else name


def _against(code: str, area: tuple[str, ...]) -> Place:
    if any(code.startswith(each) for each in area):
        return Place.INSIDE
    if any(each.startswith(code) for each in area):
        return Place.INSIDE if len(code) >= CITY else Place.UNKNOWN
    return Place.OUTSIDE


def _fits_all(code: str, named: Sequence[tuple[str, ...]]) -> bool:
    return all(
        any(code.startswith(other) or other.startswith(code) for other in others)
        for others in named
    )


def _shortened(code: str) -> str:
    """620500 is the city 6205."""
    return code[:PROVINCE] if code.endswith("0000") else code.removesuffix("00")


@cache
def _codes() -> tuple[tuple[str, ...], ...]:
    return (
        *(codes for _, codes in hanzi.place_codes()),
        *((ABROAD,) for _ in reference("countries")),
    )


@cache
def _machine() -> CharwiseDoubleArrayAhoCorasick:
    names = [*(name for name, _ in hanzi.place_codes()), *reference("countries")]
    return CharwiseDoubleArrayAhoCorasick(names, MATCH_KIND_LEFTMOST_LONGEST)
