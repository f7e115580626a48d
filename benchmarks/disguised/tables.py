"""The tables of this folder, written by hand: names, titles, places, emoji, lawful phrases."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from benchmarks.disguised.sources import lines

FOLDERS = [Path(__file__).parent / "words"]
"""Where tables are looked for, the last first: another set of words needs only what differs."""


def place(file: str) -> Path:
    """Where a table lies, in the last folder that has it."""
    return next(folder / file for folder in reversed(FOLDERS) if (folder / file).exists())


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as a table gives it: where it is sold, of what kind, for what goods."""

    name: str
    where: str
    kind: str
    goods: tuple[str, ...]
    latin: tuple[str, ...] = ()
    ordinary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lawful:
    """A lawful use in words: the row of the law's table, where it fits, and the title."""

    row: str
    where: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Emoji:
    sign: str
    meant: tuple[str, ...]
    sounded: tuple[str, ...]


def part(text: str) -> str:
    """`dev` or `test`, by the text alone, so that neither ever sees what the other has."""
    return "dev" if sha256(text.encode()).digest()[0] % 2 else "test"


def chance(text: str) -> float:
    """A number from 0 to 1 that belongs to the text."""
    return int.from_bytes(sha256(text.encode()).digest()[:4], "big") / 2**32


def names() -> Iterator[Name]:
    """The names of names.txt, with the foreign spellings of latin.txt."""
    spelt = latin()
    where = kind = ""
    goods: tuple[str, ...] = ()
    for line in lines(place("names.txt")):
        if line.startswith("["):
            head, _, words = line.strip("[]").partition(": ")
            where, kind = head.split()
            goods = tuple(words.split())
            continue
        for entry in line.split():
            name, _, own = entry.lstrip("!").partition(":")
            yield Name(
                name=name,
                where=where,
                kind=kind,
                goods=tuple(own.split(",")) if own else goods,
                latin=spelt.get(name, ()),
                ordinary=entry.startswith("!"),
            )


def brands() -> Iterator[Name]:
    """What brands.txt adds to the brands of cn-shopxo."""
    spelt = latin()
    for line in lines(place("brands.txt")):
        name, where, goods, *flag = line.split()
        yield Name(
            name=name,
            where=where,
            kind="trademark",
            goods=tuple(goods.split(",")),
            latin=spelt.get(name, ()),
            ordinary=bool(flag),
        )


@cache
def latin() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line in lines(place("latin.txt")):
        name, _, spelling = line.partition("=")
        found[name] = (*found.get(name, ()), spelling)
    return found


@cache
def titles() -> Mapping[str, tuple[str, ...]]:
    """Title patterns by where they are used."""
    return _by_first_word("titles.txt")


@cache
def goes_with() -> Mapping[str, tuple[str, ...]]:
    """By where it is sold, what is sold to go with it."""
    return {key: tuple(text[0].split()) for key, text in _by_first_word("goes_with.txt").items()}


@cache
def near() -> Mapping[str, tuple[str, ...]]:
    return {key: tuple(text[0].split()) for key, text in _by_first_word("near.txt").items()}


@cache
def other_goods() -> tuple[str, ...]:
    return _words("other_goods.txt")


@cache
def tails() -> tuple[str, ...]:
    """What titles end with, whatever is sold."""
    return _words("tails.txt")


def _words(file: str) -> tuple[str, ...]:
    return tuple(word for line in lines(place(file)) for word in line.split())


def homographs() -> Mapping[str, tuple[str, ...]]:
    """By name, titles in which the same word means another thing."""
    return _by_name("homographs.txt")


def near_words() -> Mapping[str, tuple[str, ...]]:
    """By name, titles with its goods and a word that is close to it and not it."""
    return _by_name("near_words.txt")


def _by_name(file: str) -> Mapping[str, tuple[str, ...]]:
    rows = (line.split("|") for line in lines(place(file)))
    return {name: tuple(filter(None, others)) for name, *others in rows}


def lawful() -> Iterator[Lawful]:
    for line in lines(place("lawful.txt")):
        row, where, title = line.split(" ", 2)
        yield Lawful(row=row, where=where, title=title)


@cache
def emoji() -> tuple[Emoji, ...]:
    return tuple(_emoji(line) for line in lines(place("emoji.txt")))


def _emoji(line: str) -> Emoji:
    sign, _, rest = line.partition(" ")
    meant, _, sounded = rest.partition("/")
    return Emoji(sign=sign, meant=tuple(meant.split()), sounded=tuple(sounded.split()))


def _by_first_word(file: str) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for line in lines(place(file)):
        key, _, text = line.partition(" ")
        found.setdefault(key, []).append(text)
    return {key: tuple(texts) for key, texts in found.items()}
