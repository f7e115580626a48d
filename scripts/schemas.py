"""Writes the JSON Schemas of the listing, clue and rights lines into docs/schema."""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from pipeline import codec  # noqa: E402 - the path comes first
from pipeline.records import Capture, Clue, Right  # noqa: E402

if __name__ == "__main__":
    for name, kind in (("listing", Capture), ("clue", Clue), ("right", Right)):
        text = json.dumps(codec.schema(kind), ensure_ascii=False, indent=2)
        (ROOT / "docs" / "schema" / f"{name}.json").write_text(text + "\n", "utf-8")
