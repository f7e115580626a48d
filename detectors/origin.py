"""Where goods say they come from, held against the announced area of a right."""

import re
from enum import StrEnum

from pipeline.records import Capture, Region

PROVINCES = [
    "北京",
    "天津",
    "上海",
    "重庆",
    "河北",
    "山西",
    "辽宁",
    "吉林",
    "黑龙江",
    "江苏",
    "浙江",
    "安徽",
    "福建",
    "江西",
    "山东",
    "河南",
    "湖北",
    "湖南",
    "广东",
    "海南",
    "四川",
    "贵州",
    "云南",
    "陕西",
    "甘肃",
    "青海",
    "台湾",
    "内蒙古",
    "广西",
    "西藏",
    "宁夏",
    "新疆",
    "香港",
    "澳门",
]
SUFFIX = re.compile(r"(?:省|市|区|县|州|自治区|自治州|自治县|特别行政区)$")
PART = re.compile(r".+?(?:省|市|区|县|州)")
STATED = re.compile(r"(?:原?产地)\s*[:：]?\s*([\u4e00-\u9fff]{2,12})")


class Place(StrEnum):
    INSIDE = "inside"
    OUTSIDE = "outside"
    UNKNOWN = "unknown"


def stated_origin(capture: Capture) -> str | None:
    """The origin field, or what the description names as 产地."""
    if capture.origin:
        return capture.origin
    found = STATED.search(capture.description or "")
    return found[1] if found else None


def place_of(origin: str | None, area: Region | None) -> Place:
    """Whether an origin as written lies in the area, by names alone.

    The province alone says nothing; a township or the city or county says inside.
    """
    if not origin or area is None:
        return Place.UNKNOWN
    province, *closer = _parts(area.name)
    if any(name in origin for name in (*closer, *area.townships)):
        return Place.INSIDE
    if any(other in origin for other in PROVINCES if other != province):
        return Place.OUTSIDE
    return Place.UNKNOWN


def _parts(name: str) -> list[str]:
    """甘肃省天水市麦积区 → 甘肃, 天水, 麦积."""
    parts = PART.findall(name) or [name]
    return [SUFFIX.sub("", part) for part in parts]
