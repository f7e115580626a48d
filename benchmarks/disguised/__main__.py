"""Writes OUT/dev and OUT/test, each with rights.jsonl and listings.jsonl."""

import argparse
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from random import Random
from typing import cast

from benchmarks.disguised import near, negatives, sources, subjects, tables, titles
from benchmarks.disguised.disguises import HAN, LATIN, PAIRS, Disguised, disguised
from benchmarks.disguised.negatives import World
from benchmarks.disguised.sources import Sources
from benchmarks.disguised.subjects import Subject
from benchmarks.disguised.titles import Line
from pipeline.normalise import fold

PER_CLASS = 165
PER_PAIR = 45
CLEAN, NEAR, LAWFUL = 1750, 1600, 950
TRIES = 60
PLAIN = frozenset({"exact", "alias"})


def main() -> None:
    options = _options()
    tables.FOLDERS += options.words
    found = sources.read(options.data)
    everybody = subjects.subjects(options.data)
    names = tuple(sorted({fold(name).text for each in everybody for name in each.spellings}))
    for half in ("dev", "test"):
        random = Random(f"{options.seed} {half}")
        mine = tuple(each for each in everybody if tables.part(each.name) == half)
        world = World(half=half, subjects=mine, names=names)
        lines = make(world, found, options.data, random, options.clean)
        _write(options.out / half, mine, lines)
        print("\n".join(_summary(half, mine, lines)))
        print("\n".join(_look(lines, options.look, random)))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.disguised", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of other people's data")
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--words", type=Path, action="append", default=[], help="a folder with other words; several"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--clean", type=int, default=CLEAN, metavar="N", help="titles naming nobody"
    )
    parser.add_argument("--look", type=int, default=0, metavar="N", help="print N lines of a class")
    return parser.parse_args()


def make(
    world: World, found: Sources, data: Path, random: Random, clean: int = CLEAN
) -> list[Line]:
    """All listings of one half, mixed."""
    counts = dict.fromkeys((*HAN, *LATIN), PER_CLASS) | dict.fromkeys(PAIRS, PER_PAIR)
    lines = [
        line
        for kind, count in counts.items()
        for line in _of_class(kind, count, world, found, random)
    ]
    unlisted = subjects.unlisted(data)
    without = (
        *negatives.clean(world, data, clean, random),
        *near.near(world, unlisted, found, NEAR, random),
        *negatives.lawful(world, LAWFUL, random),
    )
    lines += [line | {"truth": []} for line in without]
    random.shuffle(lines)
    return titles.numbered(lines, world.half)


def _of_class(
    kind: str, count: int, world: World, found: Sources, random: Random
) -> Iterator[Line]:
    """Up to `count` listings, each name in turn, no name written twice in the same way."""
    written: set[tuple[str, str]] = set()
    turns = (
        each for _ in range(TRIES) for each in random.sample(world.subjects, len(world.subjects))
    )
    for subject in turns:
        if count == 0:
            return
        how = disguised(subject, kind, found, random)
        if how is None or _mistakable(how, subject, world.subjects):
            continue
        line, truth = titles.positive(subject, how, world.half, random)
        again = (subject.id, how.text) in written and kind not in PLAIN
        if again or (kind not in PLAIN and how.meant in _text(line, str(truth["field"]))):
            continue
        written.add((subject.id, how.text))
        count -= 1
        yield _true(line, truth, subject, how, world)


def _mistakable(how: Disguised, subject: Subject, others: Iterable[Subject]) -> bool:
    """Whether what is written is as near to another's name."""
    if how.kind in PLAIN:
        return False
    text = how.text.casefold()
    return any(
        (len(name) >= 3 and _distance(name.casefold(), text, 1) <= 1)
        or (name.casefold() in text and name not in how.meant)
        for other in others
        if other.id != subject.id
        for name in other.spellings
        if abs(len(name) - len(text)) <= 1 or len(name) < len(text)
    )


def _distance(one: str, other: str, limit: int) -> int:
    """Edits from one to the other, counted no further than just beyond the limit."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, start=1):
        last, row[0] = row[0], number
        for place, against in enumerate(other, start=1):
            last, row[place] = (
                row[place],
                min(row[place] + 1, row[place - 1] + 1, last + (letter != against)),
            )
    return row[-1]


def _true(line: Line, truth: Line, subject: Subject, how: Disguised, world: World) -> Line:
    """The line with its truth, and what is named along with it and not to be counted."""
    also = [
        {"right_id": other.id, "field": truth["field"], "optional": True}
        for other in world.subjects
        if other.id != subject.id
        and (_is_about_same(other, subject) or _is_named_with(other, line, truth, how))
    ]
    return line | {"kind": "positive", "truth": [truth, *also]}


def _is_about_same(other: Subject, subject: Subject) -> bool:
    """One name is the other and a little more: 武夷山, 武夷山大红袍."""
    return other.name in subject.name or subject.name in other.name


def _is_named_with(other: Subject, line: Line, truth: Line, how: Disguised) -> bool:
    """Whether this other name would stand there too, were the disguised one written plainly."""
    text = _text(line, str(truth["field"]))
    start, end = _span(truth)
    plain = fold(text[:start]).text + fold(how.meant).text + fold(text[end:]).text
    first = len(fold(text[:start]).text)
    last = first + len(fold(how.meant).text)
    for name in other.spellings:
        place = plain.find(fold(name).text, max(0, first - 12))
        if place >= 0 and place < last and place + len(fold(name).text) > first:
            return True
    return False


def _span(truth: Line) -> tuple[int, int]:
    start, end = cast("list[int]", truth["span"])
    return start, end


def _text(line: Line, field: str) -> str:
    if field == "shop":
        return str(line["shop"]["name"])  # type: ignore[index]  # a shop has a name
    return str(line[field])


def _write(folder: Path, mine: Sequence[Subject], lines: Sequence[Line]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    rights = (json.dumps(each.line(), ensure_ascii=False) for each in mine)
    (folder / "rights.jsonl").write_text("\n".join(rights) + "\n", "utf-8")
    rows = (json.dumps(line, ensure_ascii=False) for line in lines)
    (folder / "listings.jsonl").write_text("\n".join(rows) + "\n", "utf-8")


def _class_of(line: Line) -> str:
    truth = line["truth"]
    return str(truth[0]["disguise"]) if truth else str(line["kind"])  # type: ignore[index]  # a list


def _summary(half: str, mine: Sequence[Subject], lines: Sequence[Line]) -> Iterable[str]:
    lengths = Counter(len(each.name) for each in mine if each.han)
    yield f"{half}: {len(mine)} rights, by length {sorted(lengths.items())}; {len(lines)} listings"
    yield "  " + ", ".join(
        f"{kind} {n}" for kind, n in Counter(map(_class_of, lines)).most_common()
    )
    tags = Counter(tag for line in lines for tag in line.get("tags", ()))  # type: ignore[attr-defined]  # a list
    yield "  " + ", ".join(f"{tag} {n}" for tag, n in tags.most_common())


def _look(lines: Sequence[Line], count: int, random: Random) -> Iterable[str]:
    """Lines of every class to judge by eye."""
    by_class: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_class[_class_of(line)].append(line)
    for kind, members in sorted(by_class.items()) if count else ():
        yield f"== {kind}"
        for line in random.sample(members, min(count, len(members))):
            kept = {
                key: value
                for key, value in line.items()
                if key in {"title", "brand", "shop", "tags"}
            }
            truth = line["truth"]
            seen = [_cut(line, each) for each in truth if "span" in each]  # type: ignore[attr-defined]
            yield f"  {seen} {json.dumps(kept, ensure_ascii=False)}"


def _cut(line: Line, truth: Line) -> str:
    start, end = _span(truth)
    return f"{truth['right_id']}←{_text(line, str(truth['field']))[start:end]}"


if __name__ == "__main__":
    main()
