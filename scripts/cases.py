"""Writes docs/cases.md from the case book: `python -m scripts.cases`."""

from collections.abc import Iterator
from pathlib import Path

from tests.detectors.casebook import Case, cases

PLACE = Path(__file__).resolve().parents[1] / "docs" / "cases.md"
HEAD = """# The case book

What the law makes of a listing, case by case: `tests/cases/`, one TOML file each; 297 of them were
written by two who had not seen the program (`tests/detectors/test_cases.py` asks it). Made by
`python -m scripts.cases`; rights, companies, codes and prices are made up for the cases where the
law's sources name none. What is marked as a known failure the program still gets wrong.

`high`: unlawful on its face, a person can sign · `review`: a person must judge ·
`low`: kept, not told · `cleared`: lawful, with the defence.
"""
TOPICS = {
    "publication": "Books, magazines, posters about the mark",
    "recipe": "Recipes, dishes, courses",
    "accessory": "Accessories and spare parts",
    "negation": "Denials",
    "evocation": "Comparison, 平替, 同款, 风味, 仿",
    "true_origin": "True origin",
    "inside_unlisted": "Inside the area, on no list",
    "resale": "Resale and second-hand goods",
    "ingredient": "Ingredients",
    "seedling": "Saplings, seeds, varieties",
    "homograph": "Other meanings of the word",
    "other_owner": "Same mark, other goods or licence",
    "prior_use": "Prior use",
    "place_courier": "Couriers and places of dispatch",
    "courts": "Signals that courts used",
    "conduct": "Conduct codes",
    "authorisation": "Outcomes of authorisation",
    "time": "Time: the right's and the law's",
    "gi": "Rules for geographical indications",
    "shops": "Shops, prices, code words",
}


def cases_page() -> str:
    """The whole page."""
    return HEAD + "".join(_section(topic) for topic in TOPICS)


def _section(topic: str) -> str:
    mine = [case for case in cases() if case.topic == topic]
    rows = "".join(f"| {' | '.join(_cells(case))} |\n" for case in mine)
    return (
        f"\n## {TOPICS[topic]}\n\n| case | facts | by law | why |\n|---|---|---|---|\n{rows}"
        if mine
        else ""
    )


def _cells(case: Case) -> Iterator[str]:
    told, expect = case.told, case.expect
    failure = f"<br>*known failure: {told['known_failure']}*" if "known_failure" in told else ""
    yield f"{told['title']}<br>`{case.topic}/{case.name}`{failure}"
    yield "<br>".join(_facts(case))
    gates = "、".join(f"{name} {result}" for name, result in expect.get("gates", {}).items())
    keys = ("tier", "conduct", "defence", "authorisation", "law")
    yield "<br>".join(filter(None, (*(str(expect[key]) for key in keys if key in expect), gates)))
    yield told["why"]


def _facts(case: Case) -> Iterator[str]:
    yield f"“{case.told['listing']['title']}”"
    for key, value in case.told["listing"].items():
        if key != "title":
            yield f"{key}: {_said(value)}"
    for key, value in case.told.get("change", {}).items():
        yield f"list: {key} {_said(value)}"


def _said(value: object) -> str:
    if isinstance(value, dict):
        return "，".join(f"{key} {_said(each)}" for key, each in value.items())
    if isinstance(value, list):
        return "；".join(map(_said, value)) or "—"
    return str(value)


def main() -> None:
    """Writes the page."""
    PLACE.write_text(cases_page(), "utf-8")


if __name__ == "__main__":
    main()
