"""Writes the small labelled set beside this file: every hand-made spelling in a title in turn."""

import json
import tomllib
from collections.abc import Iterator
from itertools import cycle
from pathlib import Path

HERE = Path(__file__).parent
OF_A_RIGHT = ("id", "name", "kind", "goods", "aliases")
Line = dict[str, object]


def rights(table: dict) -> Iterator[Line]:
    for each in table["name"]:
        yield {key: each[key] for key in OF_A_RIGHT if key in each}


def listings(table: dict) -> Iterator[Line]:
    titles = cycle(table["titles"]["goods"])
    lines = [*_positives(table, titles), *_others(table)]
    for number, line in enumerate(lines, start=1):
        yield {"id": f"small-{number}", "platform": "practice"} | line


def _positives(table: dict, titles: Iterator[str]) -> Iterator[Line]:
    for each in table["name"]:
        spellings = {"exact": [each["name"]], "alias": each.get("aliases", [])}
        spellings |= {key: value for key, value in each.items() if key not in {*OF_A_RIGHT, "tags"}}
        for disguise, texts in spellings.items():
            for text in texts:
                before, after = _around(next(titles), text, each["goods"][0])
                span = [len(before), len(before) + len(text)]
                truth = {"right_id": each["id"], "field": "title", "span": span}
                truth |= {"disguise": disguise} | ({"tags": each["tags"]} if "tags" in each else {})
                yield {"title": before + text + after, "kind": "positive", "truth": [truth]}


def _around(title: str, name: str, goods: str) -> list[str]:
    """Two Latin words are written apart."""
    apart = " " if name[-1].isascii() and goods.isascii() else ""
    return title.replace("{n}{g}", "{n}" + apart + "{g}").replace("{g}", goods).split("{n}")


def _others(table: dict) -> Iterator[Line]:
    seen: set[str] = set()
    for kind, titles in table["without"].items():
        for each in table["name"]:
            for title in titles:
                text = title.replace("{n}", each["name"]).replace("{g}", each["goods"][0])
                if text not in seen:
                    seen.add(text)
                    yield {"title": text, "kind": kind, "truth": []}


def text(lines: Iterator[Line]) -> str:
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def main() -> None:
    table = tomllib.loads((HERE / "substitutions.toml").read_text("utf-8"))
    (HERE / "rights.jsonl").write_text(text(rights(table)), "utf-8")
    (HERE / "listings.jsonl").write_text(text(listings(table)), "utf-8")


if __name__ == "__main__":
    main()
