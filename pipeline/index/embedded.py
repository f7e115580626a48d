"""The index in one SQLite file: FTS5 over our own bigrams, since `trigram` finds no short mark."""

import threading
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
from typing_extensions import override

from pipeline.errors import BadInput, IndexUnavailable
from pipeline.index.base import Document, Facet, Hit, Index, Kind, Order, Page, Query
from pipeline.index.highlight import highlights
from pipeline.normalise import fold, tokens
from pipeline.sqlite import connect, translated, writing

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS documents (
  number INTEGER PRIMARY KEY, kind TEXT NOT NULL, id TEXT NOT NULL, version INTEGER NOT NULL,
  at REAL NOT NULL, score REAL NOT NULL, texts TEXT NOT NULL, body BLOB NOT NULL,
  {", ".join(f'"{facet}" TEXT' for facet in Facet)}, UNIQUE (kind, id));
CREATE INDEX IF NOT EXISTS documents_by_time ON documents (kind, at DESC, id);
CREATE INDEX IF NOT EXISTS documents_by_score ON documents (kind, score DESC, id);
CREATE VIRTUAL TABLE IF NOT EXISTS words USING fts5 (
  tokens, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
"""
FIELDS = ("kind", "id", "version", "at", "score", "texts", "body", *Facet)
COLUMNS = ", ".join(f'"{name}"' for name in FIELDS)
PUT = f"""
INSERT INTO documents ({COLUMNS}) VALUES ({", ".join("?" * len(FIELDS))})
ON CONFLICT (kind, id) DO UPDATE SET {", ".join(f'"{name}" = excluded."{name}"' for name in FIELDS)}
WHERE documents.version <= excluded.version RETURNING number
"""
SORTED_BY = {Order.NEWEST: "at", Order.SCORE: "score"}


class EmbeddedIndex(Index):
    """One connection behind a lock; other processes may read and write the same file."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path, SCHEMA, IndexUnavailable)
        self._lock = threading.Lock()

    @override
    def put(self, documents: Iterable[Document]) -> None:
        with self._lock, translated(IndexUnavailable), writing(self._connection):
            for document in documents:
                self._put(document)

    def _put(self, document: Document) -> None:
        number = self._connection.execute(PUT, _row(document)).get
        if number is None:
            return  # a newer version stands already
        self._connection.execute("DELETE FROM words WHERE rowid = ?", (number,))
        self._connection.execute(
            "INSERT INTO words (rowid, tokens) VALUES (?, ?)", (number, _tokens(document.texts))
        )

    @override
    def get(self, kind: Kind, document: str) -> Document | None:
        rows = self._rows(
            f"SELECT {COLUMNS} FROM documents WHERE kind = ? AND id = ?", [kind, document]
        )
        return _document(rows[0]) if rows else None

    @override
    def search(self, query: Query) -> Page:
        where, values = _condition(query)
        sort = SORTED_BY[query.order]
        further, place = _behind(query.after, sort)
        rows = self._rows(
            f"SELECT {COLUMNS} FROM documents WHERE {where}{further} "
            f"ORDER BY {sort} DESC, id LIMIT ?",
            [*values, *place, query.limit + 1],
        )
        found = [_document(row) for row in rows[: query.limit]]
        return Page(
            hits=tuple(_hit(document, query.words) for document in found),
            total=self._rows(f"SELECT count(*) FROM documents WHERE {where}", values)[0][0],
            counts={facet: self._counts(facet, where, values) for facet in query.count},
            after=_cursor(found[-1], query.order) if len(rows) > query.limit else None,
        )

    def _counts(self, facet: Facet, where: str, values: list[object]) -> Mapping[str, int]:
        rows = self._rows(
            f'SELECT "{facet}", count(*) FROM documents WHERE {where} AND "{facet}" IS NOT NULL '
            f"GROUP BY 1 ORDER BY 2 DESC, 1",
            values,
        )
        return dict(rows)

    def _rows(self, sql: str, values: list[object]) -> list[tuple[Any, ...]]:
        with self._lock, translated(IndexUnavailable):
            return self._connection.execute(sql, values).fetchall()

    @override
    def clear(self) -> None:
        with self._lock, translated(IndexUnavailable), writing(self._connection):
            self._connection.execute("DELETE FROM documents; DELETE FROM words")

    @override
    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _condition(query: Query) -> tuple[str, list[object]]:
    parts, values = ["kind = ?"], [query.kind]  # type: tuple[list[str], list[object]]
    match = _match(query.words)
    if match:
        parts.append("number IN (SELECT rowid FROM words WHERE words MATCH ?)")
        values.append(match)
    for facet, choices in query.facets.items():
        parts.append(f'"{facet}" IN ({", ".join("?" * len(choices))})')
        values.extend(choices)
    for moment, comparison in ((query.since, "at >= ?"), (query.until, "at < ?")):
        if moment is not None:
            parts.append(comparison)
            values.append(moment.timestamp())
    return " AND ".join(parts), values


def _match(words: tuple[str, ...]) -> str:
    """Each word as a phrase of its tokens; a lone last character as the start of a token."""
    found = ([token for token, _ in tokens(fold(word))] for word in words)
    return " AND ".join(_phrase(each) for each in found if each)


def _phrase(found: list[str]) -> str:
    phrase = '"' + " ".join(found) + '"'
    return f"{phrase} *" if len(found[-1]) == 1 and not found[-1].isascii() else phrase


def _tokens(texts: Mapping[str, str]) -> str:
    """All texts as one; the break between two is a token nobody asks for."""
    return " \ue000 ".join(
        " ".join(token for token, _ in tokens(fold(text))) for text in texts.values()
    )


def _row(document: Document) -> list[object]:
    return [
        document.kind,
        document.id,
        document.version,
        document.at.timestamp(),
        document.score,
        msgspec.json.encode(document.texts).decode(),
        document.body,
        *(document.facets.get(facet) for facet in Facet),
    ]


def _document(row: tuple[Any, ...]) -> Document:
    kind, name, version, at, score, texts, body, *facets = row
    return Document(
        kind=Kind(kind),
        id=name,
        version=version,
        at=datetime.fromtimestamp(at, UTC),
        score=score,
        texts=msgspec.json.decode(texts, type=dict[str, str]),
        facets={
            facet: value for facet, value in zip(Facet, facets, strict=True) if value is not None
        },
        body=body,
    )


def _hit(document: Document, words: tuple[str, ...]) -> Hit:
    return Hit(document=document, highlights=highlights(document.texts, words))


def _cursor(document: Document, order: Order) -> str:
    place = document.at.timestamp() if order is Order.NEWEST else document.score
    return f"{place!r}|{document.id}"


def _behind(after: str | None, sort: str) -> tuple[str, list[object]]:
    if after is None:
        return "", []
    place, _, name = after.partition("|")
    try:
        value = float(place)
    except ValueError:
        raise BadInput(f"not a page cursor: {after!r}") from None
    return f" AND ({sort} < ? OR ({sort} = ? AND id > ?))", [value, value, name]
