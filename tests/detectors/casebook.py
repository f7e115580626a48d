"""The case book: TOML cases that a lawyer can read, and what the assessment makes of them."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from detectors.numbers import numbers
from detectors.screen import Screen
from detectors.text import TextFinder
from pipeline import codec
from pipeline.law import CHINA
from pipeline.records import Capture, Clue, Fingerprint, Listing, Right
from pipeline.written import Line, Written

FOLDER = Path(__file__).parents[1] / "cases"
SEEN = date(2026, 11, 20)


@dataclass(frozen=True, slots=True)
class Case:
    """One file: `topic` is its folder; `expect` what the law makes of the facts."""

    topic: str
    name: str
    told: Mapping[str, Any]

    @property
    def expect(self) -> Mapping[str, Any]:
        return self.told["expect"]

    def right(self) -> Right:
        return codec.from_line(
            _plain({**_rights()[self.told["right"]], **self.told.get("change", {})}), Right
        )

    def listing(self) -> Listing:
        given = {"id": self.name, **self.told["listing"]}
        day = given.pop("seen_at", SEEN)
        said = given.pop("pictures_say", [])
        values = {
            **given,
            "seen_at": datetime(day.year, day.month, day.day, 12, tzinfo=CHINA).isoformat(),
        }
        return Listing(
            capture=codec.from_line(values, Capture),
            fingerprints=tuple(_print(number, text) for number, text in enumerate(said)),
        )

    def clue(self) -> Clue | None:
        right = self.right()
        screen = Screen([right], [TextFinder([right])])
        return next(screen.clues([self.listing()]), None)


def _print(number: int, text: str) -> Fingerprint:
    line = Line(text=text, box=(0.1, 0.1, 0.8, 0.1), confidence=0.99)
    return Fingerprint(image=number, written=Written(lines=(line,), numbers=numbers(text)))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Dates as a rights file writes them."""

    def written(value: Any) -> Any:
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, dict):
            return {key: written(each) for key, each in value.items()}
        return [written(each) for each in value] if isinstance(value, list) else value

    return {key: written(value) for key, value in values.items()}


@cache
def _rights() -> Mapping[str, Mapping[str, Any]]:
    found = tomllib.loads((FOLDER / "rights.toml").read_text("utf-8"))
    return {name: {"id": name, **values} for name, values in found.items()}


@cache
def cases() -> tuple[Case, ...]:
    return tuple(
        Case(path.parent.name, path.stem, tomllib.loads(path.read_text("utf-8")))
        for path in sorted(FOLDER.glob("*/*.toml"))
    )


def differences(case: Case, clue: Clue | None) -> list[str]:
    """What the assessment says otherwise than the case, a line each."""
    if clue is None:
        return ["no clue at all"]
    expect = case.expect
    gates = {gate.gate.value: gate.result.value for gate in clue.gates}
    signs = {each.sign.value for each in clue.indications}
    said = {
        "tier": clue.tier.value,
        "conduct": clue.conduct.value,
        "defence": clue.cleared,
        "authorisation": clue.authorisation.value,
        "law": clue.law,
        **{f"gate {name}": gates.get(name) for name in expect.get("gates", {})},
        **{
            f"sign {name}": name if name in signs else None
            for name in expect.get("indications", ())
        },
    }
    wanted = {
        **{key: value for key, value in expect.items() if key in said},
        **{f"gate {name}": result for name, result in expect.get("gates", {}).items()},
        **{f"sign {name}": name for name in expect.get("indications", ())},
    }
    return [
        f"{key}: {said[key]}, by law {value}" for key, value in wanted.items() if said[key] != value
    ]
