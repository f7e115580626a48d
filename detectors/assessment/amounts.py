"""How much a title offers, and so what a kilogram or a piece costs."""

import re

from pipeline.records import Capture, Unit

KILOGRAMS = {
    **dict.fromkeys(("斤", "市斤"), 0.5),
    **dict.fromkeys(("公斤", "千克", "kg"), 1.0),
    **dict.fromkeys(("克", "g"), 0.001),
    "两": 0.05,
}
NUMERALS = {each: number for number, each in enumerate("零一二三四五六七八九十")} | {
    "两": 2,
    "半": 0.5,
}
NUMBER = r"(\d+(?:\.\d+)?|[一二两三四五六七八九十半])"
WEIGHT = re.compile(
    NUMBER + r"\s*(市斤|公斤|千克|斤|kg|克|g(?![a-z])|两(?!头))(?:装|整箱|/[箱袋盒])?"
    r"(?:\s*[*x×]\s*(\d+)|\s*(\d+)\s*[袋盒罐包瓶])?",
    re.IGNORECASE,
)
PIECES = re.compile(NUMBER + r"\s*[双只件台个部瓶罐条枚把套](?![装起])")
LEAST = 1.0  # yuan; a price below it stands for something else


def unit_price(capture: Capture, unit: Unit) -> float | None:
    """Yuan for a kilogram or a piece; `None` where price or amount cannot be told.

    Two weights in one title are a choice, and nobody knows which has the price.
    """
    if (
        capture.price is None
        or capture.price < LEAST
        or capture.currency not in {None, "CNY", "元"}
    ):
        return None
    amount = _kilograms(capture.title) if unit is Unit.KILOGRAM else _pieces(capture.title)
    return capture.price / amount if amount else None


def _kilograms(title: str) -> float | None:
    found = {
        _number(run[1]) * KILOGRAMS[run[2].lower()] * int(run[3] or run[4] or 1)
        for run in WEIGHT.finditer(title)
    }
    return found.pop() if len(found) == 1 else None


def _pieces(title: str) -> float | None:
    found = {_number(run[1]) for run in PIECES.finditer(title)}
    return found.pop() if len(found) == 1 else None if found else 1.0


def _number(text: str) -> float:
    return NUMERALS[text] if text in NUMERALS else float(text)
