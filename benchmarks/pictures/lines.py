"""Rights and listings of pictures alone, as lines of a labelled set."""

import json
from collections.abc import Sequence
from pathlib import Path

Line = dict[str, object]


def line_of(name: str, place: str) -> Line:
    return {"id": name, "title": "图片见详情", "images": [place]}


def right_of(name: str, subject: str, place: str) -> Line:
    return {"id": name, "name": f"图样{subject}", "kind": "trademark", "images": [place]}


def lines_to(place: Path, lines: Sequence[Line]) -> None:
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    place.write_text(text, "utf-8")
