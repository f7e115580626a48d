"""Turns what `markwatch eval DATASET --against --json` says (a file) into a table for people."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

Row = Mapping[str, Any]
KEPT = frozenset({"2 characters", "ordinary", "no_goods", "Latin name"})


def main() -> None:
    said = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    others = {each["name"]: _recalls(each) for each in said["against"]}
    print("| class | n | recall | precision | " + " | ".join(others) + " |")
    print("|---|---|---|---|" + "---|" * len(others))
    rows = (*said["classes"], *_named(said["lengths"]), *_named(said["tags"]), said["total"])
    for row in rows:
        cells = (row["name"], str(row["n"]), _share(row["recall"]), _share(row["precision"]))
        plain = (_percent(recalls.get(row["name"])) for recalls in others.values())
        print("| " + " | ".join((*cells, *plain)) + " |")
    print("\n| names nobody | n | told | high |\n|---|---|---|---|")
    for kind in said["kinds"]:
        told, high = _share(kind["flagged"]), _share(kind["high"])
        print(f"| {kind['name']} | {kind['n']:,} | {told} | {high} |")


def _named(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if row["name"] in KEPT)


def _recalls(against: Row) -> Mapping[str, float]:
    every = (*against["classes"], against["total"])
    return {row["name"]: row["recall"]["share"] for row in every}


def _share(found: Row) -> str:
    return f"{100 * found['share']:.1f} [{100 * found['low']:.1f}–{100 * found['high']:.1f}]"


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.0f}"


if __name__ == "__main__":
    main()
