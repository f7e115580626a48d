"""Pure: the check digits of 统一社会信用代码 (GB 32100), 组织机构代码 (GB 11714) and SC codes."""

import itertools
from collections.abc import Iterator

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: no I, O, S, V, Z
VALUES = {character: value for value, character in enumerate(ALPHABET)}
LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"  # GB 11714-1997
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
SIZE = 18
MOST_STRANGE = 3  # characters that cannot stand where they do: more is no code
DISTRICT = slice(2, 8)
ORGANISATION = slice(8, 17)
OFFICES, KINDS = frozenset("123456789ANY"), frozenset("123459")
LOOKS = dict(
    zip(
        "IOSVZ0DQ8B1L6G",
        ("1L", "0DQ", "5", "UY", "2", "DQ", "0", "0", "B", "8", "L", "1", "G", "6"),
        strict=True,
    )
)
"""What a character may have been before it was misread; a stranger to the alphabet must change."""


def fits_uscc(code: str) -> bool:
    """Whether the last of eighteen characters is what the others ask for, modulo 31."""
    if len(code) != SIZE or not VALUES.keys() >= set(code):
        return False
    total = sum(VALUES[each] * weight for each, weight in zip(code, WEIGHTS, strict=False))
    return VALUES[code[-1]] == -total % 31


def fits_organisation(code: str) -> bool:
    """Whether the ninth character fits the eight before it, modulo 11."""
    total = sum(
        LETTERS.index(each) * weight
        for each, weight in zip(code, ORGANISATION_WEIGHTS, strict=False)
    )
    return "0123456789X"[-total % 11] == code[-1]


def fits_mod_11_10(digits: str) -> bool:
    """Whether the last digit fits the others by GB/T 17710 (ISO 7064) MOD 11,10."""
    product = 10
    for digit in digits[:-1]:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return (product + int(digits[-1])) % 10 == 1


def mended_uscc(written: str) -> str | None:
    """The code as it is, or the only one that it can have been misread from; else `None`.

    Both check digits have to fit: its own, and that of the 组织机构代码 inside. Characters that
    cannot stand where they do are exchanged, of the others at most one.
    """
    for changes in (0, 1):
        fitting = {each for each in _readings(written, changes) if is_uscc(each)}
        if fitting:
            return fitting.pop() if len(fitting) == 1 else None
    return None


def is_uscc(code: str) -> bool:
    """Whether it is built as a code is and both its check digits fit."""
    if not fits_uscc(code) or not fits_organisation(code[ORGANISATION]):
        return False
    return code[0] in OFFICES and code[1] in KINDS and code[DISTRICT].isdigit()


def _readings(written: str, changes: int) -> Iterator[str]:
    """With every stranger exchanged, and so many of the other characters."""
    strange = {place for place, each in enumerate(written) if _is_strange(each, place)}
    if len(written) != SIZE or len(strange) > MOST_STRANGE:
        return
    for others in itertools.combinations(sorted(set(range(SIZE)) - strange), changes):
        changed = strange.union(others)
        options = (
            LOOKS.get(each, "") if place in changed else each for place, each in enumerate(written)
        )
        yield from map("".join, itertools.product(*options))


def _is_strange(character: str, place: int) -> bool:
    """A character that cannot stand there."""
    is_digit = place == 1 or DISTRICT.start <= place < DISTRICT.stop
    return not character.isdigit() if is_digit else character not in VALUES
