"""How the tables are written: sorted by code point, one comment first, byte for byte the same."""

from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PLACE = ROOT / "detectors" / "knowledge"
LINE_FEED = "\n"


def write(name: str, comment: str, rows: Mapping[str, str]) -> None:
    """Writes `name.tsv` with one line a key; the values may hold tabs of their own."""
    lines = [f"# {comment}", *("\t".join(filter(None, (key, rows[key]))) for key in sorted(rows))]
    PLACE.mkdir(parents=True, exist_ok=True)
    text = LINE_FEED.join(lines) + LINE_FEED
    (PLACE / f"{name}.tsv").write_bytes(text.encode())
    print(f"{name}.tsv: {len(rows)} lines, {len(text.encode()) / 1000:.0f} kB", flush=True)


def read(name: str) -> dict[str, list[str]]:
    """The table as the product sees it: key, then the columns after it."""
    lines = (PLACE / f"{name}.tsv").read_text("utf-8").splitlines()
    fields = (line.split("\t") for line in lines if not line.startswith("# "))
    return {key: columns for key, *columns in fields}
