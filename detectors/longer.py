"""A name inside something longer: a word of the dictionary, or the title of a work."""

import re
from collections.abc import Iterator

from detectors.wording import hanzi
from pipeline.matches import Context, Cue

LONGEST = 5  # characters of a word that hides a name
COMPANY = ("公司", "集团", "电子", "电器", "牌", "股份", "科技", "酒", "厂")
SOLD = re.compile(
    r"[\d一二两三四五六七八九十半]\s*(?:斤|kg|千克|公斤|克|g(?![a-z])|ml|毫升|升(?!级)|箱|袋|瓶|罐|枚"
    r"|粒|盒|颗|lbs?\b|oz\b)",
    re.IGNORECASE,
)


def longer_word(text: str, span: tuple[int, int]) -> Iterator[Context]:
    """红旗 in 五星红旗, 光明 in 光明磊落; not 海尔 in 海尔集团."""
    known, (start, end) = hanzi.words(), span
    for first in range(start, max(-1, end - LONGEST - 1), -1):
        for last in range(min(len(text), first + LONGEST), end - (first < start), -1):
            word = text[first:last]
            if word in known and not word[end - first :].startswith(COMPANY):
                yield Context(cue=Cue.OTHER_SENSE, word=word, span=(first, last))
                return


def in_title(text: str, span: tuple[int, int]) -> Iterator[Context]:
    """A name inside 《》 stands in the title of a work, unless the text sells by weight."""
    opened, closed = text.rfind("《", 0, span[0]), text.find("》", span[1])
    if opened < 0 or closed < 0 or "》" in text[opened : span[0]] or SOLD.search(text):
        return
    yield Context(cue=Cue.PUBLICATION, word="《》", span=(opened, opened + 1))
