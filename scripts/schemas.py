"""Writes docs/schema: the lines people exchange, and the messages on the bus."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "schema"
sys.path.insert(0, str(ROOT))

from crawlers.polite import Visit  # noqa: E402 - the path comes first
from crawlers.schedule import Plan  # noqa: E402 - as above
from pipeline import codec  # noqa: E402 - as above
from pipeline.records import Capture, Clue, Listing, Right, Verdict  # noqa: E402 - as above
from pipeline.rights import RightChange  # noqa: E402 - as above
from pipeline.stage import DeadLetter  # noqa: E402 - as above

LINES = {"listing": Capture, "clue": Clue, "right": Right}
MESSAGES = (Plan, Capture, Listing, Clue, Verdict, RightChange, Visit, DeadLetter)


def schemas() -> Mapping[Path, object]:
    """Every file of docs/schema with what must be in it."""
    lines = {FOLDER / f"{name}.json": codec.schema(kind) for name, kind in LINES.items()}
    folder = FOLDER / "messages"
    messages = {
        folder / f"{kind.__name__.lower()}.json": codec.message_schema(kind) for kind in MESSAGES
    }
    return lines | messages


if __name__ == "__main__":
    for path, schema in schemas().items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", "utf-8")
