"""How long a new right with a picture takes to meet a million stored listings.

    python benchmarks/rescreen.py PICTURES [--listings 1000000] [--stored 5000]

Gists are made up around those of real pictures: each of a block's pictures is one of them with
points, windows and hashes disturbed. The bus holds `--stored` whole listings of the same pictures,
and each gist points at one of these, so that what is fetched and screened has its true size.
"""

import argparse
import json
import os
import sys
import tempfile
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).resolve().parents[1]))

from app import memory
from benchmarks import synthetic
from detectors import gists as stored_gists
from detectors.fingerprint import fingerprint
from detectors.gists import BLOCK, PLACE, PRINT, Gists, gist
from detectors.likely import likely
from detectors.pictures.glimpses import BYTES
from detectors.pictures.runs import ranges
from detectors.rescreen import rescreened
from detectors.right_pictures import right_pictures
from detectors.screen import InForce
from pipeline import codec
from pipeline.bus import Topic, history
from pipeline.bus.embedded import EmbeddedBus
from pipeline.errors import IndexUnavailable
from pipeline.records import Capture, Listing
from pipeline.rights import in_force
from pipeline.sqlite import connect, writing

SUFFIXES = {".jpg", ".jpeg", ".png", ".webp"}
TEXTS = 20  # blocks of titles that are different
FLIPS = 4  # bits of a point's 48, and of a hash's 64
ASKED, COPIED = 2, 0.001  # pictures that rights are made of, and the share that are copies of each
DISTURBED = 0.1  # of the bytes of a window


def _noise() -> np.ndarray:
    random = np.random.default_rng(2)
    flips = random.integers(0, 48, (FLIPS, 1 << 21), np.uint64)
    return np.bitwise_xor.reduce(np.uint64(1) << flips)


NOISE = _noise()
CHANCE = np.random.default_rng(3).random(1 << 22, np.float32)


def main() -> None:
    memory.keep_freed()
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--listings", type=int, default=1_000_000)
    parser.add_argument("--pool", type=int, default=500, help="real pictures, at most 1024")
    parser.add_argument("--stored", type=int, default=5_000)
    parser.add_argument("--rights", type=Path, nargs="*", default=[], help="their pictures")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="markwatch-rescreen-", dir=options.pictures) as folder:
        _measured(Path(folder), options)


def _measured(folder: Path, options: argparse.Namespace) -> None:
    found = sorted(p for p in options.pictures.iterdir() if p.suffix.lower() in SUFFIXES)
    pool = found[:: max(1, len(found) // options.pool)][: options.pool]
    prints = [fingerprint(path.read_bytes(), 0) for path in pool]
    texts = [codec.from_line(dict(each), Capture) for each in _lines(TEXTS * BLOCK)]
    bus = EmbeddedBus(folder / "bus.sqlite")
    for start in range(0, options.stored, BLOCK):
        numbers = range(start, min(start + BLOCK, options.stored))
        some = [
            Listing(capture=texts[n % len(texts)], fingerprints=(prints[n % len(pool)],))
            for n in numbers
        ]
        bus.publish_all(Topic.LISTINGS, [(each.capture.key, codec.pack(each)) for each in some])
    messages = list(history(bus, Topic.LISTINGS))
    body = np.mean([len(each.body) for each in messages])
    print(f"{len(pool)} pictures, a listing on the bus: {body:,.0f} bytes")
    began = time.process_time()
    pooled = gist(messages[: len(pool)])
    print(f"a gist takes {(time.process_time() - began) / len(pool) * 1e3:.2f} ms of one core")
    gists = Gists(folder / "gists.sqlite", "benchmark")
    began = time.perf_counter()
    gists.take_up(bus)  # from now on it is up to date, and only what stands in it is exchanged
    _fill(folder / "gists.sqlite", dict(pooled), texts, options)
    size = (folder / "gists.sqlite").stat().st_size / options.listings
    seconds = time.perf_counter() - began
    print(f"{options.listings:,} gists of {size:,.0f} bytes, made in {seconds:.0f} s", flush=True)
    for path in options.rights or pool[:ASKED]:
        _asked(folder, path, bus, gists, options.listings)


def _asked(folder: Path, path: Path, bus: EmbeddedBus, gists: Gists, listings: int) -> None:
    (folder / path.name).write_bytes(path.read_bytes())
    right = {"id": "new", "name": "羌塘魁罡", "kind": "trademark", "images": [path.name]}
    place = folder / "rights.jsonl"
    place.write_text(json.dumps(right) + "\n", "utf-8")
    listed = InForce(place)
    listed.now()
    pictures = right_pictures(in_force(place))
    began, cpu = time.perf_counter(), _cpu()
    shown = likely(gists, pictures)
    first = time.perf_counter() - began, _cpu() - cpu
    found = sum(1 for _ in rescreened(bus, gists, listed, {"new"}))
    if gists.count() * BLOCK < listings:
        sys.exit("the gists were made anew meanwhile")
    whole = time.perf_counter() - began - first[0], _cpu() - cpu - first[1]
    counts = ", ".join(f"{way} {len(places):,}" for way, places in shown.items())
    print(
        f"{path.name}: likely {counts} in {first[0]:.0f} s ({first[1]:.0f} s CPU); "
        f"all of it, names too: {found:,} clues in {whole[0]:.0f} s ({whole[1]:.0f} s CPU)",
        flush=True,
    )


def _cpu() -> float:
    """Seconds, of the processes that ended beside this one too."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _lines(count: int) -> list[synthetic.Line]:
    return list(synthetic.listings(count, 1, list(synthetic.names(1_000, 1))))


def _fill(
    path: Path, pooled: dict[str, bytes], texts: Sequence[Capture], options: argparse.Namespace
) -> None:
    random = np.random.default_rng(1)
    lots = [texts[at : at + BLOCK] for at in range(0, len(texts), BLOCK)]
    packed = [
        zlib.compress(b"\n".join(codec.pack(Listing(capture=each)) for each in lot), 1)
        for lot in lots
    ]
    connection = connect(path, stored_gists.SCHEMA, IndexUnavailable)
    connection.execute("DELETE FROM parts")
    for number, start in enumerate(range(0, options.listings, BLOCK)):
        places = np.zeros(BLOCK, PLACE)
        places["offset"] = 1 + np.arange(start, start + BLOCK) % options.stored
        parts = _disturbed(pooled, random) | {
            "places": places.tobytes(),
            "texts": packed[number % TEXTS],
        }
        with writing(connection):
            for n, (name, body) in enumerate(parts.items()):
                connection.execute(stored_gists.ADD, (0 if n else 1, name, body))
    connection.close()


def _disturbed(pooled: dict[str, bytes], random: np.random.Generator) -> dict[str, bytes]:
    """A block of pictures drawn from the pool."""
    known = np.frombuffer(pooled["prints"], PRINT)
    drawn = random.integers(ASKED, len(known), BLOCK)
    copies = random.random(BLOCK) < ASKED * COPIED
    drawn[copies] = random.integers(0, ASKED, copies.sum())
    prints = known[drawn].copy()
    prints["listing"] = np.arange(BLOCK)
    points = _drawn(np.frombuffer(pooled["traces"], "<u8"), known["traces"], drawn)
    at = random.integers(0, len(NOISE) - len(points))
    points = points ^ NOISE[at : at + len(points)]
    prints["phash"] ^= NOISE[at : at + BLOCK]
    parts = {"prints": prints.tobytes(), "traces": points.tobytes()}
    for squeeze in (0, 1):
        name = f"glimpses {squeeze}"
        rows = np.frombuffer(pooled[name], np.uint8).reshape(-1, BYTES)
        seen = _drawn(rows, known["glimpses"][:, squeeze], drawn)
        at = random.integers(0, len(CHANCE) - seen.size)
        other = CHANCE[at : at + seen.size].reshape(seen.shape) < DISTURBED
        parts[name] = np.where(other, np.roll(seen, BYTES + 1), seen).tobytes()
    return parts


def _drawn(rows: np.ndarray, counts: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """The rows of some owners, one after the other."""
    counts = counts.astype(np.int64)
    return rows[ranges((np.cumsum(counts) - counts)[drawn], counts[drawn])]


if __name__ == "__main__":
    main()
