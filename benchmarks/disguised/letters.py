"""Latin names written with letters of other alphabets, in other styles, or with a slip."""

import unicodedata
from random import Random

from benchmarks.disguised.sources import Sources

VOWELS = "aeiou"


def homoglyphs(text: str, sources: Sources, random: Random) -> str | None:
    """One or more letters from another alphabet, or digits."""
    places = [place for place, each in enumerate(text) if sources.homoglyphs.get(each)]
    if not places:
        return None
    chosen = set(random.sample(places, min(len(places), random.choice((1, 1, 2, 3)))))
    return "".join(
        random.choice(sources.homoglyphs[each]) if place in chosen else each
        for place, each in enumerate(text)
    )


def misspelt(text: str, random: Random) -> str | None:
    """A slip of the hand inside the longest word, its first letter left alone."""
    word = max(text.split(), key=len)
    if len(word) < 5:
        return None
    place = random.randrange(1, len(word) - 1)
    left, letter, right = word[:place], word[place], word[place + 1 :]
    slips = [left + letter * 2 + right, left + right, left + right[0] + letter + right[1:]]
    if letter in VOWELS:
        slips.append(left + random.choice(VOWELS.replace(letter, "")) + right)
    if word[-1] != "s":
        slips.append(word + "s")
    return text.replace(word, random.choice(slips), 1)


def styled(text: str, random: Random) -> str:
    """Full-width, bold, circled and such letters."""
    name = random.choice(
        (
            "FULLWIDTH LATIN {} LETTER {}",
            "MATHEMATICAL BOLD {} {}",
            "MATHEMATICAL SANS-SERIF BOLD {} {}",
            "CIRCLED LATIN {} LETTER {}",
            "MATHEMATICAL BOLD SCRIPT {} {}",
        )
    )
    return "".join(_letter(each, name) for each in text)


def _letter(letter: str, name: str) -> str:
    if not letter.isascii() or not letter.isalpha():
        return letter
    size = "CAPITAL" if letter.isupper() else "SMALL"
    return unicodedata.lookup(name.format(size, letter.upper()))
