"""How far the tables agree with others' tables: `python -m scripts.knowledge.measure DATA`.

Others' tables are read to measure, and for the few weights in `looks`, fitted on half of them;
the half that is measured here had no part in that.
"""

import json
import random
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from opencc import OpenCC
from pypinyin import lazy_pinyin

from .__main__ import is_gb2312
from .glyphs import fonts_cover, is_strange
from .tables import read

Pair = tuple[str, str]
ALIKE = {"1": "l", "i": "l", "0": "o"}
simplify = OpenCC("t2s").convert


def is_fitted(character: str) -> bool:
    """Whether the weights of `looks` have seen the table lines of this character."""
    return random.Random(f"7{character}").random() < 0.5


def main(data: Path) -> None:
    """Prints every measure."""
    percents = {key: _percents(columns[0]) for key, columns in read("looks").items()}
    tables = dict(_look_alikes(data))
    for name, pairs in tables.items():
        _report_looks(f"looks, {name}, held out", pairs, percents)
    usual = sorted(percents)
    chance = random.Random(1)
    strangers = [(chance.choice(usual), chance.choice(usual)) for _ in range(100_000)]
    _report_looks("looks, random pairs", strangers, percents)
    typed = _typing_errors(data)
    _report_looks("looks, typing errors of another sound (SIGHAN 2015)", typed, percents)
    _report_splits(data)
    _report_glyphs(data)


def _percents(column: str) -> dict[str, int]:
    return {column[at]: int(column[at + 1 : at + 3]) for at in range(0, len(column), 3)}


def _look_alikes(data: Path) -> Iterator[tuple[str, set[Pair]]]:
    """Three tables of other people, simplified, the fitted half left out."""
    for name in ("形近字语料库", "形近字语料库（CV2）"):
        lines = _lines(data / "confusion-similarcharacter" / f"{name}.txt")
        yield name, _held_out(line.split(" ") for line in lines)
    lines = _lines(data / "confusion-pycorrector" / "same_stroke.txt")
    spread = (line.split("\t") for line in lines if not line.startswith("#"))
    yield "same_stroke", _held_out((first, "".join(others)) for first, *others in spread)


def _held_out(rows: Iterable[Iterable[str]]) -> set[Pair]:
    pairs = set()
    for character, *others in rows:
        if not is_fitted(character):
            folded = ((simplify(character), simplify(other)) for other in "".join(others).strip())
            pairs |= {(one, other) for one, other in folded if one != other}
    return pairs


def _typing_errors(data: Path) -> set[Pair]:
    """Pairs of one wrong and one right character that sound different."""
    pairs = set()
    for line in _lines(data / "confusion-pycorrector" / "sighan2015_test.tsv"):
        wrong, _, right = simplify(line).partition("\t")
        if len(wrong) == len(right):
            pairs |= {pair for pair in zip(wrong, right, strict=True) if _sound_apart(*pair)}
    return pairs


def _sound_apart(one: str, other: str) -> bool:
    return one != other and lazy_pinyin(one) != lazy_pinyin(other)


def _report_looks(name: str, pairs: Iterable[Pair], percents: dict[str, dict[str, int]]) -> None:
    found = [percents.get(one, {}).get(other, 0) for one, other in sorted(pairs)]
    share, mean = sum(map(bool, found)) / len(found), sum(found) / len(found)
    print(f"{name}: {len(found)} pairs, {share:.1%} among ours, mean percent {mean:.2f}")


def _report_splits(data: Path) -> None:
    ours = {key: columns[0].split(" ") for key, columns in read("splits").items()}
    found = []
    for line in _lines(data / "confusion-chaizi" / "chaizi-jt.txt"):
        character, *ways = line.split("\t")
        if is_gb2312(character):
            parts = [way.split() for way in ways]
            typed = ["".join(each) for each in parts if 2 <= len(each) <= 3]
            found += [way in ours.get(character, ()) for way in typed]
    print(f"splits, chaizi-jt: {len(found)} ways, {sum(found) / len(found):.1%} among ours")


def _report_glyphs(data: Path) -> None:
    ours = {key: columns[0] for key, columns in read("glyphs").items()}
    folder = data / "confusion-unicode-homoglyphs"
    listed = json.loads((folder / "confusables.json").read_text("utf-8"))
    truth = {
        character: {ALIKE.get(each, each) for each in letters}
        for character, entries in listed.items()
        if len(character) == 1 and is_strange(character)
        if (letters := {entry["c"].lower() for entry in entries if _is_latin(entry["c"])})
    }
    drawn = fonts_cover() & truth.keys()
    right = {
        each for each in drawn & ours.keys() if ALIKE.get(ours[each], ours[each]) in truth[each]
    }
    print(f"glyphs, confusables: {len(drawn)} drawn, {len(right) / len(drawn):.1%} among ours")
    print(f"glyphs, ours: {len(ours)}, of which listed there {len(right) / len(ours):.1%}")
    wrong = sorted((drawn & ours.keys()) - right)
    print("glyphs, read otherwise there:", " ".join(f"{each}{ours[each]}" for each in wrong))


def _is_latin(text: str) -> bool:
    return len(text) == 1 and text.isascii() and text.isalnum()


def _lines(path: Path) -> list[str]:
    return path.read_text("utf-8-sig").splitlines()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
