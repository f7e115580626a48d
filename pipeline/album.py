"""The album: every different picture once, where each was seen, and which are copies of one.

A projection of topic `listings` in one SQLite file of the data folder. Pictures that are copies
of one make a cluster, named by the smallest of their ids: whatever joins them, in whatever order
and however often, ends in the same clusters.
"""

import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import BusError
from pipeline.index.base import from_micros, to_micros
from pipeline.records import PerceptualHash
from pipeline.sqlite import connect, translated, writing

FULLEST = 300  # pictures; a word that more of them have says nothing
SCHEMA = """
CREATE TABLE IF NOT EXISTS pictures (
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, cluster TEXT NOT NULL,
  compared INTEGER NOT NULL DEFAULT 0, points BLOB NOT NULL, wide INTEGER NOT NULL,
  high INTEGER NOT NULL, phash TEXT);
CREATE INDEX IF NOT EXISTS pictures_by_cluster ON pictures (cluster);
CREATE TABLE IF NOT EXISTS words (
  word INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (word, number)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sightings (
  picture TEXT NOT NULL, listing TEXT NOT NULL, image INTEGER NOT NULL, item TEXT NOT NULL,
  platform TEXT NOT NULL, shop TEXT NOT NULL, title TEXT NOT NULL,
  first INTEGER NOT NULL, last INTEGER NOT NULL,
  PRIMARY KEY (picture, listing)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS sightings_by_listing ON sightings (listing);
"""
SIGHT = """
INSERT INTO sightings VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last)
"""
NEAR = f"""
WITH asked AS (
  SELECT value AS word, (SELECT count(*) FROM
    (SELECT 1 FROM words WHERE words.word = value LIMIT {FULLEST + 1})) AS held
  FROM json_each(?))
SELECT pictures.id FROM asked JOIN words USING (word) JOIN pictures USING (number)
WHERE held <= {FULLEST}
GROUP BY number ORDER BY sum(1 / sqrt(held)) DESC, pictures.id LIMIT ?
"""
KEPT = "SELECT id, cluster, points, wide, high, phash FROM pictures"
SEEN = "SELECT picture, listing, image, item, platform, shop, title, first, last FROM sightings"
BY_TIME = "ORDER BY first, listing, picture"
INSIDE = "picture IN (SELECT id FROM pictures WHERE cluster = ?)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """A picture: `id` is its evidence's SHA-256; `points` are as its fingerprint has them."""

    id: str
    cluster: str
    points: bytes
    width: int
    height: int
    phash: PerceptualHash | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """How far a cluster's pictures have gone, and when the first of them was seen."""

    listings: int
    shops: int
    first: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A listing that shows a picture, as picture number `image`; `listing` is the capture's key."""

    picture: str
    listing: str
    image: int
    item: str
    platform: str
    shop: str
    title: str
    first: datetime
    last: datetime


class Album:
    """Raises `BusError` when the file cannot be read or written. For any number of threads."""

    def __init__(self, path: Path) -> None:
        self._connection = connect(path, SCHEMA, BusError)
        self._lock = threading.Lock()

    def put(
        self,
        pictures: Iterable[tuple[Pictured, Sequence[int]]],
        sightings: Iterable[Sighting],
    ) -> None:
        """Pictures with their words, and where they were seen; what is known already stays."""
        with self._lock, translated(BusError), writing(self._connection):
            for picture, words in pictures:
                self._put(picture, words)
            self._connection.executemany(SIGHT, [_row(each) for each in sightings])

    def _put(self, picture: Pictured, words: Sequence[int]) -> None:
        number = self._connection.execute(
            "INSERT INTO pictures (id, cluster, points, wide, high, phash)"
            " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING number",
            (
                picture.id,
                picture.id,
                picture.points,
                picture.width,
                picture.height,
                None if picture.phash is None else f"{picture.phash.bits:x}",
            ),
        ).get
        if number is not None:
            self._connection.executemany(
                "INSERT INTO words VALUES (?, ?)", [(word, number) for word in words]
            )

    def near(self, words: Sequence[int], most: int) -> Sequence[str]:
        """Up to `most` ids of pictures that share words, those that share the rarest first."""
        return [id_ for (id_,) in self._rows(NEAR, (json.dumps(words), most))]

    def pictures(self, ids: Iterable[str]) -> dict[str, Pictured]:
        """Those that there are, by id."""
        rows = self._rows(f"{KEPT} WHERE id IN (SELECT value FROM json_each(?))", (_list(ids),))
        return {row[0]: _picture(row) for row in rows}

    def compared(self, ids: Iterable[str]) -> set[str]:
        """Which of them have met the others."""
        asked = "id IN (SELECT value FROM json_each(?))"
        rows = self._rows(f"SELECT id FROM pictures WHERE compared AND {asked}", (_list(ids),))
        return {id_ for (id_,) in rows}

    def join(self, picture: str, copies: Iterable[str]) -> None:
        """The picture has met the others, and these are its copies: all are one cluster now."""
        with self._lock, translated(BusError), writing(self._connection):
            self._connection.execute("UPDATE pictures SET compared = 1 WHERE id = ?", (picture,))
            clusters = (
                "SELECT cluster FROM pictures WHERE id IN (SELECT value FROM json_each(?))",
                (_list([picture, *copies]),),
            )
            found = sorted({cluster for (cluster,) in self._connection.execute(*clusters)})
            for other in found[1:]:
                self._connection.execute(
                    "UPDATE pictures SET cluster = ? WHERE cluster = ?", (found[0], other)
                )

    def shared(self, least: int) -> Sequence[str]:
        """Clusters seen in at least so many listings, those in most listings first."""
        rows = self._rows(
            "SELECT cluster FROM pictures JOIN sightings ON picture = id GROUP BY cluster"
            " HAVING count(DISTINCT listing) >= ?"
            " ORDER BY count(DISTINCT listing) DESC, cluster",
            (least,),
        )
        return [cluster for (cluster,) in rows]

    def sightings(self, picture: str) -> Sequence[Sighting]:
        """Of one picture, the first first."""
        return [
            _sighting(row) for row in self._rows(f"{SEEN} WHERE picture = ? {BY_TIME}", (picture,))
        ]

    def spread(self, cluster: str) -> Spread | None:
        """`None` for what is no cluster, or no more: it was joined with another."""
        ((listings, shops, first),) = self._rows(
            "SELECT count(DISTINCT listing), count(DISTINCT platform || char(0) || shop),"
            f" min(first) FROM sightings WHERE {INSIDE}",
            (cluster,),
        )
        if not listings:
            return None
        return Spread(listings=listings, shops=shops, first=from_micros(first))

    def of_cluster(self, cluster: str, most: int = -1) -> Sequence[Sighting]:
        """Of all the cluster's pictures, the first first; up to `most`, if that is given."""
        rows = self._rows(f"{SEEN} WHERE {INSIDE} {BY_TIME} LIMIT ?", (cluster, most))
        return [_sighting(row) for row in rows]

    def of_listing(self, listing: str) -> Sequence[Sighting]:
        """Of one listing's pictures, in their order."""
        return [
            _sighting(row)
            for row in self._rows(f"{SEEN} WHERE listing = ? ORDER BY image, picture", (listing,))
        ]

    def _rows(self, sql: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        with self._lock, translated(BusError):
            return self._connection.execute(sql, tuple(values)).fetchall()

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _list(values: Iterable[str]) -> str:
    return json.dumps(list(values))


def _picture(row: tuple[Any, ...]) -> Pictured:
    id_, cluster, points, wide, high, phash = row
    return Pictured(
        id=id_,
        cluster=cluster,
        points=points,
        width=wide,
        height=high,
        phash=None if phash is None else PerceptualHash(bits=int(phash, 16)),
    )


def _row(seen: Sighting) -> tuple[object, ...]:
    texts = (seen.item, seen.platform, seen.shop, seen.title)
    times = (to_micros(seen.first), to_micros(seen.last))
    return (seen.picture, seen.listing, seen.image, *texts, *times)


def _sighting(row: tuple[Any, ...]) -> Sighting:
    picture, listing, image, item, platform, shop, title, first, last = row
    return Sighting(
        picture=picture,
        listing=listing,
        image=image,
        item=item,
        platform=platform,
        shop=shop,
        title=title,
        first=from_micros(first),
        last=from_micros(last),
    )
