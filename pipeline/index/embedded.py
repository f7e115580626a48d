"""The index in one SQLite file: FTS5 over our own bigrams, since `trigram` finds no short mark."""

import logging
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from typing_extensions import override

from pipeline.errors import IndexUnavailable
from pipeline.index.base import (
    Document,
    Facet,
    Hit,
    Index,
    Kind,
    Order,
    Page,
    Query,
    cursor,
    from_micros,
    place_of,
    to_micros,
)
from pipeline.index.highlight import highlights
from pipeline.normalise import fold, tokens
from pipeline.records import HASH_BITS, PerceptualHash
from pipeline.sqlite import connect, translated, writing

LAYOUT = 2
SCHEMA = f"""
CREATE TABLE house (live INTEGER NOT NULL);
INSERT INTO house VALUES (1);
CREATE TABLE documents (
  number INTEGER PRIMARY KEY, generation INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  version INTEGER NOT NULL, at INTEGER NOT NULL, score REAL NOT NULL, texts TEXT NOT NULL,
  body BLOB NOT NULL, {", ".join(f'"{facet}" TEXT' for facet in Facet)},
  UNIQUE (generation, kind, id));
CREATE INDEX documents_by_time ON documents (generation, kind, at DESC, id);
CREATE INDEX documents_by_score ON documents (generation, kind, score DESC, id);
CREATE TABLE pictures (number INTEGER NOT NULL, bits INTEGER NOT NULL);
CREATE INDEX pictures_by_number ON pictures (number);
CREATE VIRTUAL TABLE words USING fts5 (
  tokens, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 0');
PRAGMA user_version = {LAYOUT};
"""
FIELDS = ("kind", "id", "version", "at", "score", "texts", "body", *Facet)
COLUMNS = ", ".join(f'"{name}"' for name in FIELDS)
LIVE = "(SELECT live FROM house)"
PUT = f"""
INSERT INTO documents (generation, {COLUMNS})
VALUES (coalesce(?, {LIVE}), {", ".join("?" * len(FIELDS))})
ON CONFLICT (generation, kind, id) DO UPDATE
SET {", ".join(f'"{name}" = excluded."{name}"' for name in FIELDS)}
WHERE documents.version <= excluded.version RETURNING number
"""
NEAR = """
(SELECT number AS near, min(differing(bits, ?)) AS distance FROM pictures
 GROUP BY number HAVING distance <= ?) JOIN documents ON number = near
"""
HASHES = """
(SELECT group_concat(bits ORDER BY rowid) FROM pictures WHERE pictures.number = documents.number)
"""
SORTED_BY = {Order.NEWEST: "at DESC", Order.SCORE: "score DESC", Order.NEAREST: "distance"}
FURTHER = {Order.NEWEST: "at <", Order.SCORE: "score <", Order.NEAREST: "distance >"}
SIGN = 1 << HASH_BITS
log = logging.getLogger("markwatch.index")


class EmbeddedIndex(Index):
    """One connection behind a lock; other processes may read and write the same file.

    Documents belong to a generation, and one generation is live: a rebuild fills the next.
    """

    def __init__(self, path: Path, generation: int | None = None) -> None:
        self._path = path
        self._generation = generation
        self._connection = connect(path, "", IndexUnavailable)
        self._connection.create_scalar_function("differing", _differing, 2, deterministic=True)
        self._lock = threading.Lock()
        self._lay_out()

    def _lay_out(self) -> None:
        """An older layout is forgotten: the bus has it all."""
        if self._is_laid_out():
            return
        with translated(IndexUnavailable), writing(self._connection):
            if self._is_laid_out():  # by another process meanwhile
                return
            older = "SELECT name FROM sqlite_master WHERE name IN ('documents', 'words')"
            for (name,) in self._connection.execute(older).fetchall():
                self._connection.execute(f"DROP TABLE {name}")
                log.warning("%s: %s of an older markwatch dropped", self._path, name)
                log.warning("run `markwatch index rebuild` to fill the index from the bus")
            self._connection.execute(SCHEMA)

    def _is_laid_out(self) -> bool:
        with translated(IndexUnavailable):
            return bool(self._connection.execute("PRAGMA user_version").get == LAYOUT)

    @override
    def put(self, documents: Iterable[Document]) -> None:
        with self._lock, translated(IndexUnavailable), writing(self._connection):
            for document in documents:
                self._put(document)

    def _put(self, document: Document) -> None:
        number = self._connection.execute(PUT, (self._generation, *_row(document))).get
        if number is None:
            return  # a newer version stands already
        self._forget("number = ?", [number])
        self._connection.execute(
            "INSERT INTO words (rowid, tokens) VALUES (?, ?)", (number, _tokens(document.texts))
        )
        self._connection.executemany(
            "INSERT INTO pictures VALUES (?, ?)",
            [(number, _signed(picture)) for picture in document.pictures],
        )

    def _forget(self, which: str, values: list[object]) -> None:
        numbers = f"(SELECT number FROM documents WHERE {which})"
        self._connection.execute(f"DELETE FROM words WHERE rowid IN {numbers}", values)
        self._connection.execute(f"DELETE FROM pictures WHERE number IN {numbers}", values)

    @override
    def get_all(self, kind: Kind, ids: Iterable[str]) -> Mapping[str, Document]:
        asked = list(ids)
        where = f"{self._ours()} AND kind = ? AND id IN ({', '.join('?' * len(asked))})"
        rows = self._rows(
            f"SELECT {COLUMNS}, {HASHES} FROM documents WHERE {where}", [kind, *asked]
        )
        return {document.id: document for document in map(_document, rows)}

    @override
    def search(self, query: Query) -> Page:
        where, values = _condition(query)
        where = f"{self._ours()} AND {where}"
        source, near = "documents", []  # type: tuple[str, list[object]]
        if query.picture is not None:
            source, near = NEAR, [_signed(query.picture), query.within]
        distance = "distance" if near else "NULL"
        further, place = _behind(query)
        rows = self._rows(
            f"SELECT {COLUMNS}, {HASHES}, {distance} FROM {source} WHERE {where}{further} "
            f"ORDER BY {SORTED_BY[query.order]}, id LIMIT ?",
            [*near, *values, *place, query.limit + 1],
        )
        hits = tuple(_hit(row, query.words) for row in rows[: query.limit])
        whole = f"FROM {source} WHERE {where}"
        return Page(
            hits=hits,
            total=self._rows(f"SELECT count(*) {whole}", [*near, *values])[0][0],
            counts={facet: self._counts(facet, whole, [*near, *values]) for facet in query.count},
            after=cursor(hits[-1], query.order) if len(rows) > query.limit else None,
        )

    def _ours(self) -> str:
        return f"generation = {self._generation or LIVE}"

    def _counts(self, facet: Facet, whole: str, values: list[object]) -> Mapping[str, int]:
        rows = self._rows(
            f'SELECT "{facet}", count(*) {whole} AND "{facet}" IS NOT NULL '
            f"GROUP BY 1 ORDER BY 2 DESC, 1",
            values,
        )
        return dict(rows)

    def _rows(self, sql: str, values: list[object]) -> list[tuple[Any, ...]]:
        with self._lock, translated(IndexUnavailable):
            return self._connection.execute(sql, values).fetchall()

    @override
    @contextmanager
    def renewed(self) -> Iterator[Index]:
        last = "coalesce((SELECT max(generation) FROM documents), 0)"
        ((generation,),) = self._rows(f"SELECT max({last}, {LIVE}) + 1", [])
        fresh = EmbeddedIndex(self._path, generation)
        try:
            yield fresh
        except BaseException:
            self._drop(f"generation = {generation}")
            raise
        finally:
            fresh.close()
        self._rows("UPDATE house SET live = ?", [generation])
        self._drop(f"generation < {LIVE}")

    def _drop(self, which: str) -> None:
        with self._lock, translated(IndexUnavailable), writing(self._connection):
            self._forget(which, [])
            self._connection.execute(f"DELETE FROM documents WHERE {which}")

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
            values.append(to_micros(moment))
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
        to_micros(document.at),
        document.score,
        msgspec.json.encode(document.texts).decode(),
        document.body,
        *(document.facets.get(facet) for facet in Facet),
    ]


def _document(row: tuple[Any, ...]) -> Document:
    kind, name, version, at, score, texts, body, *facets, hashes = row
    return Document(
        kind=Kind(kind),
        id=name,
        version=version,
        at=from_micros(at),
        score=score,
        texts=msgspec.json.decode(texts, type=dict[str, str]),
        facets={
            facet: value for facet, value in zip(Facet, facets, strict=True) if value is not None
        },
        body=body,
        pictures=tuple(
            PerceptualHash(bits=int(each) % SIGN) for each in (hashes or "").split(",") if each
        ),
    )


def _hit(row: tuple[Any, ...], words: tuple[str, ...]) -> Hit:
    document = _document(row[:-1])
    return Hit(document=document, highlights=highlights(document.texts, words), distance=row[-1])


def _behind(query: Query) -> tuple[str, list[object]]:
    if query.after is None:
        return "", []
    place, name = place_of(query.after)
    field, _, _ = FURTHER[query.order].partition(" ")
    return f" AND ({FURTHER[query.order]} ? OR ({field} = ? AND id > ?))", [place, place, name]


def _signed(picture: PerceptualHash) -> int:
    """SQLite's integers have a sign."""
    return picture.bits - SIGN if picture.bits >= SIGN >> 1 else picture.bits


def _differing(*two: Any) -> int:  # noqa: ANN401 - what SQLite hands over
    one, other = two
    return int(((one ^ other) % SIGN).bit_count())
