"""Other forms of a character, 异体字, from Unihan: 菓 for 果, 峯 for 峰."""

import re
from collections.abc import Collection, Iterator, Mapping

from opencc import OpenCC

LINE = re.compile(r"^U\+([0-9A-F]{4})\t(?:kSemanticVariant|kZVariant)\t(.*)$", re.MULTILINE)
TARGET = re.compile(r"U\+([0-9A-F]{4})(?![0-9A-F])")
PERCENT = 96


def variants(unihan: str, usual: Collection[str]) -> Mapping[str, Collection[str]]:
    """Usual characters with the unusual ones that dictionaries call forms of them."""
    found: dict[str, dict[str, None]] = {}
    for form, character in _pairs(unihan):
        if character in usual and form not in usual and form != character and form < "\U00010000":
            found.setdefault(character, {})[form] = None
    return found


def _pairs(unihan: str) -> Iterator[tuple[str, str]]:
    simplify = OpenCC("t2s").convert
    for line in LINE.finditer(unihan):
        for target in TARGET.finditer(line[2]):
            yield simplify(chr(int(line[1], 16))), simplify(chr(int(target[1], 16)))
