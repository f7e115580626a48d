"""Rows out of JSON Lines, CSV and XLSX files; an unreadable one becomes a fault in its place."""

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from pipeline import codec
from pipeline.errors import BadInput, Fault

MAX_CELL = 1 << 20
MAX_SHEET_BYTES = 512 << 20
LIST_BREAKS = "；;、|"


@dataclass(frozen=True, slots=True)
class Row:
    """The fields of line number `line`, as the file writes them."""

    file: str
    line: int
    values: Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """How a table's flat columns become a line's fields.

    `titles` gives other words for a column (重点商标 lists have Chinese heads), `lists` the
    fields that hold several values in one cell.
    """

    titles: Mapping[str, str]
    lists: frozenset[str]
    required: tuple[str, ...]


def rows(path: Path, columns: Columns) -> Iterator[Row | Fault]:
    """Every row of the file, or the fault in its place; `-` is standard input as JSON Lines.

    Raises `BadInput` when the file itself cannot be opened.
    """
    if str(path) == "-":
        yield from _json_lines("-", sys.stdin.buffer)
        return
    try:
        yield from _by_ending(path, columns)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read: {error.strerror or error}") from error


def _by_ending(path: Path, columns: Columns) -> Iterator[Row | Fault]:
    ending = path.suffix.lower()
    if ending == ".csv":
        yield from _csv(path, columns)
    elif ending in {".xlsx", ".xlsm"}:
        yield from _xlsx(path, columns)
    elif ending in {".xls", ".et", ".ods", ".docx", ".pdf", ".zip"}:
        raise BadInput(f"{path}: save it as .xlsx, .csv or .jsonl first")
    else:
        with path.open("rb") as file:
            yield from _json_lines(str(path), file)


def _json_lines(name: str, file: BinaryIO) -> Iterator[Row | Fault]:
    for number, line in enumerate(_lines(file), start=1):
        text = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        if not text.strip():
            continue
        try:
            yield Row(name, number, codec.loads(text))
        except codec.Unreadable as error:
            yield Fault(name, number, error.field, error.problem)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines, of which an over-long one is cut a byte behind the limit, never held whole."""
    while line := file.readline(codec.MAX_LINE_BYTES + 1):
        end = line
        while not end.endswith(b"\n") and len(end) > codec.MAX_LINE_BYTES:
            end = file.readline(codec.MAX_LINE_BYTES + 1)
        yield line


def _csv(path: Path, columns: Columns) -> Iterator[Row | Fault]:
    encoding = _encoding(path)
    if encoding is None:
        yield Fault(str(path), None, None, "neither UTF-8 nor GB18030; save it as UTF-8")
        return
    csv.field_size_limit(MAX_CELL)
    with path.open(encoding=encoding, newline="") as file:
        table = csv.reader(file, strict=True)
        try:
            lines = ((table.line_num, cells) for cells in table)
            yield from _csv_rows(str(path), lines, columns)
        except csv.Error as error:
            yield Fault(str(path), table.line_num, None, f"not CSV from here on: {error}")


def _csv_rows(
    name: str, lines: Iterator[tuple[int, list[str]]], columns: Columns
) -> Iterator[Row | Fault]:
    _, first = next(lines, (0, []))
    head = [cell.strip() for cell in first]
    faults = list(_head_faults(name, 1, head, columns))
    yield from faults
    if faults:
        return
    for number, cells in lines:
        if any(cell.strip() for cell in cells):
            yield _row(name, number, head, cells, columns)


def _encoding(path: Path) -> str | None:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            with path.open(encoding=encoding) as file:
                while file.read(1 << 20):
                    pass
        except UnicodeDecodeError:
            continue
        return encoding
    return None


def _xlsx(path: Path, columns: Columns) -> Iterator[Row | Fault]:
    try:
        sheet = _first_sheet(path)
    except (CalamineError, BadZipFile, OSError) as error:
        yield Fault(str(path), None, None, f"not an XLSX workbook: {error}")
        return
    lines = iter(sheet.to_python(skip_empty_area=False))
    head = [str(cell).strip() for cell in next(lines, [])]
    merged = [area for area in sheet.merged_cell_ranges or [] if area[0][0] == 0]
    if merged:
        yield Fault(
            str(path), 1, None, "the head row has merged cells; give each column its own name"
        )
        return
    faults = list(_head_faults(str(path), 1, head, columns))
    yield from faults
    if faults:
        return
    for number, cells in enumerate(lines, start=2):
        texts = [_plain(cell) for cell in cells]
        if any(texts):
            yield _row(str(path), number, head, texts, columns)


def _first_sheet(path: Path) -> CalamineSheet:
    with ZipFile(path) as parts:
        size = sum(part.file_size for part in parts.infolist())
    if size > MAX_SHEET_BYTES:
        raise BadZipFile(f"it unpacks to {size:,} bytes; at most {MAX_SHEET_BYTES:,} are read")
    return CalamineWorkbook.from_path(path).get_sheet_by_index(0)


def _plain(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)


def _head_faults(name: str, line: int, head: list[str], columns: Columns) -> Iterator[Fault]:
    known = {columns.titles.get(title, title) for title in head}
    for field in columns.required:
        if field not in known:
            other = next((title for title, to in columns.titles.items() if to == field), field)
            yield Fault(name, line, field, f"the head row has no column {field!r} (or {other!r})")


def _row(
    name: str, line: int, head: list[str], cells: Iterable[str], columns: Columns
) -> Row | Fault:
    values: dict[str, object] = {}
    for title, cell in zip(head, cells, strict=False):
        field = columns.titles.get(title, title)
        text = cell.strip()
        if not field or not text:
            continue
        try:
            _place(values, field, _value(field, text, columns))
        except ValueError as error:
            return Fault(name, line, field, f"not JSON: {error}")
    return Row(name, line, values)


def _value(field: str, text: str, columns: Columns) -> object:
    if text[0] in "[{":
        return json.loads(text)
    if field in columns.lists:
        for mark in LIST_BREAKS[1:]:
            text = text.replace(mark, LIST_BREAKS[0])
        return [part.strip() for part in text.split(LIST_BREAKS[0]) if part.strip()]
    return text


def _place(values: dict[str, object], field: str, value: object) -> None:
    """`shop.name` is the field `name` of `shop`."""
    outer, dot, inner = field.partition(".")
    if not dot:
        values[field] = value
        return
    nested = values.setdefault(outer, {})
    if isinstance(nested, dict):
        nested[inner] = value
