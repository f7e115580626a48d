"""How fast the index of picture hashes finds all within 10 bits, beside plain scans and faiss.

Every engine owns a copy of the same hashes and is asked the same questions one at a time, on one
thread; all must give the same answers. A search is timed some times over and the quickest counts,
so that a busy machine's pauses are not taken for slow searches. `pip install faiss-cpu` first:
nothing else here needs it.
"""

import argparse
import ctypes
import gc
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

sys.path.append(str(Path(__file__).resolve().parents[1]))

from detectors.fingerprint import fingerprint
from detectors.pictures.hamming import HammingIndex

try:
    import faiss
except ImportError:
    sys.exit("faiss is what this compares with: pip install faiss-cpu")

Keys = npt.NDArray[np.uint64]
Search = Callable[[np.uint64], npt.NDArray[np.int64]]

RADIUS, ROUNDS = 10, 3
MOST_FLIPS = 12
BATCH, BLOCK = 10_000, 1 << 16
STRANDS = 24  # independent numbers behind the 64 bits of a made-up picture's hash
COLUMNS = (
    "hashes | drawn | engine | p50 ms | p99 ms | searches/s | × numpy | × faiss flat | MB | built s"
)
PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    engine: str
    p50: float
    p99: float
    rate: float
    megabytes: float
    built: float


def main() -> None:
    options = _options()
    faiss.omp_set_num_threads(1)
    random = np.random.default_rng(options.seed)
    centres = _hashes_of(options.pictures, options.most) if options.pictures else _made_up(random)
    print(f"{len(centres):,} hashes of pictures, radius {RADIUS}, {options.queries} searches,")
    print(f"each the quickest of {ROUNDS} times, seed {options.seed}\n")
    print(f"| {COLUMNS} |\n|{'---|' * 10}")
    for size in options.sizes:
        for drawn, (keys, queries) in _data(centres, size, options.queries, random):
            rows = list(_measured(keys, queries))
            for row in rows:
                print(_line(row, rows, f"{size:,} | {drawn}"), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument(
        "--pictures", type=Path, help="a folder whose pictures' hashes are drawn on"
    )
    parser.add_argument("--most", type=int, default=5_000, help="pictures to hash")
    parser.add_argument("--queries", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _hashes_of(folder: Path, most: int) -> Keys:
    """Those of pictures picked evenly from the folder; what is flat or broken has none."""
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in PICTURES)
    picked = [path for path in paths[:: max(1, len(paths) // most)] if path.is_file()]
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    prints = [fingerprint(path.read_bytes(), 0) for path in picked]
    return np.array([each.phash.bits for each in prints if each.phash and not each.flat], np.uint64)


def _made_up(random: np.random.Generator) -> Keys:
    """5,000 hashes whose bits go together, as those of real pictures do."""
    woven = random.normal(size=(5_000, STRANDS)) @ random.normal(size=(STRANDS, 64))
    return np.packbits(woven > 0, axis=1).view(np.uint64).ravel()


def _data(
    centres: Keys, size: int, asked: int, random: np.random.Generator
) -> Iterator[tuple[str, tuple[Keys, Keys]]]:
    """Hashes and questions: uniform ones, then such as lie around the pictures'."""
    uniform = random.integers(0, 2**64 - 1, size, np.uint64, endpoint=True)
    yield "uniform", (uniform, _flipped(random.choice(uniform, asked), random))
    around = _flipped(random.choice(centres, size), random)
    yield "pictures", (around, _flipped(random.choice(centres, asked), random))


def _flipped(keys: Keys, random: np.random.Generator) -> Keys:
    """Each with 0 to 12 bits changed, all numbers of them as likely."""
    flipped = keys.copy()
    left = random.integers(0, MOST_FLIPS + 1, len(keys))
    while left.any():
        at = np.flatnonzero(left)
        bits = np.uint64(1) << random.integers(0, 64, len(at), np.uint64)
        fresh = (flipped[at] ^ keys[at]) & bits == 0
        flipped[at[fresh]] ^= bits[fresh]
        left[at[fresh]] -= 1
    return flipped


def _measured(keys: Keys, queries: Keys) -> Iterator[Row]:
    engines = {
        "numpy, flat": _plain,
        "HammingIndex": _ours,
        f"HammingIndex, added {BATCH:,} at a time": _ours_grown,
        "faiss IndexBinaryFlat": _faiss_flat,
        "faiss IndexBinaryMultiHash 4×16, 2 flips": _faiss_hashed,
    }
    expected = None
    for name, build in engines.items():
        before, began = _megabytes(), time.perf_counter()
        search = build(keys)
        built, held = time.perf_counter() - began, _megabytes() - before
        answers = [np.sort(search(query)).tolist() for query in queries]
        expected = expected or answers
        if answers != expected:
            sys.exit(f"{name} answers otherwise than the plain scan")
        taken = np.min([_times(search, queries) for _ in range(ROUNDS)], axis=0)
        p50, p99 = np.quantile(taken, [0.5, 0.99])
        yield Row(
            engine=name, p50=p50, p99=p99, rate=1e3 / taken.mean(), megabytes=held, built=built
        )
        del search


def _times(search: Search, queries: Keys) -> list[float]:
    """Milliseconds of each search."""
    taken = []
    for query in queries:
        began = time.perf_counter()
        search(query)
        taken.append((time.perf_counter() - began) * 1e3)
    return taken


def _plain(keys: Keys) -> Search:
    """In blocks that stay in the cache: faster than the whole at once."""
    keys = keys.copy()

    def search(query: np.uint64) -> npt.NDArray[np.int64]:
        return np.concatenate(
            [
                np.flatnonzero(np.bitwise_count(keys[at : at + BLOCK] ^ query) <= RADIUS) + at
                for at in range(0, len(keys), BLOCK)
            ]
        )

    return search


def _ours(keys: Keys) -> Search:
    index = HammingIndex()
    index.add(keys, np.arange(len(keys)))
    return lambda query: index.search(query, RADIUS)[0]


def _ours_grown(keys: Keys) -> Search:
    index = HammingIndex()
    for at in range(0, len(keys), BATCH):
        batch = keys[at : at + BATCH]
        index.add(batch, np.arange(at, at + len(batch)))
    return lambda query: index.search(query, RADIUS)[0]


def _faiss_flat(keys: Keys) -> Search:
    return _faiss(faiss.IndexBinaryFlat(64), keys)


def _faiss_hashed(keys: Keys) -> Search:
    index = faiss.IndexBinaryMultiHash(64, 4, 16)
    index.nflip = 2
    return _faiss(index, keys)


def _faiss(index: "faiss.IndexBinary", keys: Keys) -> Search:
    index.add(_bytes(keys))
    return lambda query: index.range_search(_bytes(np.array([query])), RADIUS + 1)[2]


def _bytes(keys: Keys) -> npt.NDArray[np.uint8]:
    return keys.view(np.uint8).reshape(-1, 8)


def _megabytes() -> float:
    """What the process holds, after all that was freed went back to the system (Linux)."""
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _line(row: Row, rows: Sequence[Row], data: str) -> str:
    plain, flat = (
        next(each.rate for each in rows if part in each.engine) for part in ("numpy", "Flat")
    )
    times = f"{row.p50:.3f} | {row.p99:.3f} | {row.rate:,.0f}"
    ratios = f"{row.rate / plain:.2f} | {row.rate / flat:.2f}"
    return f"| {data} | {row.engine} | {times} | {ratios} | {row.megabytes:.0f} | {row.built:.1f} |"


if __name__ == "__main__":
    main()
