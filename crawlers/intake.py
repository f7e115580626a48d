"""The other doors: listings from JSON Lines, CSV and XLSX files into the same captures."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from pipeline import codec, tables
from pipeline.errors import BadInput, Fault
from pipeline.media import picture_type
from pipeline.records import Capture, Picture, digest
from pipeline.sqlite import Connection, scratch
from pipeline.tables import Columns, Row
from pipeline.vault import Vault

COLUMNS = Columns(
    titles={
        "商品编号": "id",
        "编号": "id",
        "标题": "title",
        "商品标题": "title",
        "平台": "platform",
        "链接": "url",
        "描述": "description",
        "类目": "category",
        "品牌": "brand",
        "价格": "price",
        "币种": "currency",
        "销量": "sales",
        "店铺": "shop.name",
        "店铺编号": "shop.id",
        "店铺所在地": "shop.region",
        "产地": "origin",
        "标准号": "standard_no",
        "图片": "images",
        "采集时间": "seen_at",
    },
    lists=frozenset({"images"}),
    required=("id", "title"),
)
PICTURE_BYTES = 20 << 20
SEEN = "CREATE TABLE seen (key TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID"


@dataclass(frozen=True, slots=True)
class Entry:
    """A listing with the place it was read from."""

    file: str
    line: int
    capture: Capture

    def fault(self, field: str | None, problem: str) -> Fault:
        return Fault(self.file, self.line, field, problem)


def read(path: Path) -> Iterator[Entry | Fault]:
    """Every listing of the file, or the fault in its place; raises `BadInput` if it cannot be read.

    A line that repeats an earlier one's platform, id and time is a fault. Memory stays flat:
    what was seen is remembered on disk.
    """
    database = scratch(SEEN)
    try:
        database.execute("BEGIN")
        for row in tables.rows(path, COLUMNS):
            entry = row if isinstance(row, Fault) else _entry(row)
            yield entry if isinstance(entry, Fault) else _new(database, entry)
    finally:
        database.close()


def _entry(row: Row) -> Entry | Fault:
    try:
        capture = codec.from_line(row.values, Capture)
    except codec.Unreadable as error:
        return Fault(row.file, row.line, error.field, error.problem)
    if not capture.id.strip() or not capture.title.strip():
        field = "title" if capture.id.strip() else "id"
        return Fault(row.file, row.line, field, "is empty")
    return Entry(row.file, row.line, capture)


def _new(database: Connection, entry: Entry) -> Entry | Fault:
    key = digest(entry.capture.key, str(entry.capture.seen_at))
    database.execute("INSERT OR IGNORE INTO seen VALUES (?, ?)", (key, entry.line))
    if database.changes():
        return entry
    first = database.execute("SELECT line FROM seen WHERE key = ?", (key,)).get
    return entry.fault("id", f"{entry.capture.id!r} stands on line {first} already")


def picture(folder: Path, name: str) -> bytes:
    """The bytes of a listing's picture file; raises `BadInput` for what must not be read."""
    place = (folder / name).resolve()
    if not place.is_relative_to(folder.resolve()):
        raise BadInput(f"{name!r} leaves the folder of the file")
    try:
        if place.stat().st_size > PICTURE_BYTES:
            raise BadInput(f"{name!r} has more than {PICTURE_BYTES:,} bytes")
        return place.read_bytes()
    except OSError as error:
        raise BadInput(f"{name!r} cannot be read: {error.strerror or error}") from error


def kept(entry: Entry, folder: Path, vault: Vault) -> Capture:
    """The capture with its picture files in the vault; what cannot be kept says why."""
    pictures = tuple(_picture(name, folder, vault) for name in entry.capture.images)
    seen = entry.capture.seen_at or datetime.now(UTC)
    return replace(entry.capture, pictures=pictures, seen_at=seen)


def _picture(name: str, folder: Path, vault: Vault) -> Picture:
    if "://" in name or name.startswith("//"):
        return Picture(source=name, problem="an address; intake fetches nothing")
    try:
        content = picture(folder, name)
    except BadInput as error:
        return Picture(source=name, problem=str(error))
    kind = picture_type(content)
    if kind is None:
        return Picture(source=name, problem="not a picture")
    return Picture(source=name, kept=vault.put(content, kind, name))
