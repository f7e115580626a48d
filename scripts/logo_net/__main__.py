"""Teaches the networks of detectors/pictures/logos.py and second_look.py, and writes them.

    python -m scripts.logo_net ICONS FONTS PHOTOS [--minutes 60] [--second 20]

ICONS holds `icons.json` files of freely licensed icon packages, each under its package's name,
FONTS fonts, PHOTOS pictures without brands; ours are named in docs/decisions/017. `--without` is
the package of brand logos that a benchmark uses: none of its brands is learnt. The second network
learns from what the first one takes for logos. Needs torch, onnx and resvg-py.
"""

import argparse
from collections.abc import Iterator
from itertools import chain, islice
from multiprocessing import Process, Queue
from pathlib import Path

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.pictures.sources import pictures
from detectors.pictures import second_look
from detectors.pictures.guesses import CROWD
from detectors.pictures.logos import (
    BODY,
    CHANNELS,
    FIELD,
    GROUND,
    HEAD,
    SQUEEZES,
    Windows,
    read,
    squares,
    vectors,
    windows_of,
)
from detectors.pictures.networks import file_of
from scripts.logo_net import packages, second
from scripts.logo_net.network import CONTRAST, Network, Reading, given, in_windows, learn, of_rows
from scripts.logo_net.pairs import pairs
from scripts.logo_net.scenes import ACROSS, PHOTO, Batch, Source
from scripts.logo_net.second import Examples, SecondLook
from scripts.logo_net.signs import signs
from scripts.logo_net.written import take_levels, write

SEED = 20261130
BATCH = 256  # signs
CROPS = 4  # of a photo
SMALLEST, DULLEST = 200, 10.0  # pixels; deviation
A_PHOTO = 4  # windows of each squeeze
CROWDED = 1600  # windows with a sign, and as many of photos, of each squeeze
AHEAD = 8  # batches
PAIRS, PACKAGES = 60_000, 7_000
BATCHES = 4  # that say in what range features are


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m scripts.logo_net", description=__doc__)
    for name in ("icons", "fonts", "photos"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--minutes", type=float, default=60.0, help="for the first network")
    parser.add_argument("--second", type=float, default=20.0, help="minutes for the second")
    parser.add_argument("--without", type=Path, help="icons.json of brands to leave out")
    parser.add_argument("--state", type=Path, help="a network to go on with, and to keep")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    rng = np.random.default_rng(SEED)
    photos = _photos(options.photos, rng)
    drawn, tags = signs(options.icons, options.fonts, options.without, SEED)
    print(f"{len(drawn):,} signs, {len(photos):,} parts of photos")
    network = Network().to(memory_format=torch.channels_last)
    if options.state and options.state.exists():
        network.load_state_dict(torch.load(options.state))
    source = Source(drawn, tags, photos)
    learn(network, _drawn_ahead(source), options.minutes)
    if options.state:
        torch.save(network.state_dict(), options.state)
    _write(network, source, rng)
    _write_crowd(source, rng)
    _second_look(source, options.second, rng)


def _photos(folder: Path, rng: np.random.Generator) -> NDArray[np.uint8]:
    paths = tqdm(list(pictures(folder)), desc="photos")
    parts = [part for path in paths for part in _parts(path, rng)]
    return np.stack(parts)


def _parts(path: Path, rng: np.random.Generator) -> Iterator[NDArray[np.uint8]]:
    picture = cv2.imread(str(path))
    if picture is None or min(picture.shape[:2]) < SMALLEST:
        return
    for _ in range(CROPS):
        side = int(min(picture.shape[:2]) * rng.uniform(0.45, 1))
        top, left = (int(rng.integers(0, each + 1 - side)) for each in picture.shape[:2])
        part = picture[top : top + side, left : left + side, ::-1]
        small = cv2.resize(part, (PHOTO, PHOTO), interpolation=cv2.INTER_AREA)
        if small.std() > DULLEST:
            yield small.astype(np.uint8)


def _drawn_ahead(source: Source) -> Iterator[Batch]:
    """Batches from a process of their own."""
    ready: Queue[Batch] = Queue(AHEAD)
    Process(target=_draw, args=(source, ready), daemon=True).start()
    while True:
        yield ready.get()


def _draw(source: Source, ready: "Queue[Batch]") -> None:
    cv2.setNumThreads(1)
    for batch in source.batches(BATCH, np.random.default_rng()):
        ready.put(batch)


def _write(network: Network, source: Source, rng: np.random.Generator) -> None:
    """Both networks, as batches of scenes have them."""
    some = [next(source.batches(BATCH, rng)) for _ in range(BATCHES)]
    network.eval()
    with torch.no_grad():
        fields = [
            in_windows(network.body(given(each.scenes)), torch.from_numpy(each.signs))[0]
            for each in some
        ]
    shown = [
        (np.stack([squares(scene) for scene in each.scenes]).astype(np.float32) - GROUND) / CONTRAST
        for each in some
    ]
    write(
        Reading(network),
        file_of(BODY),
        [(each,) for each in shown],
        {0: "pictures", 1: "high", 2: "wide"},
    )
    take_levels(file_of(BODY), GROUND, CONTRAST)
    rows = [each.permute(0, 2, 3, 1).flatten(1).numpy() for each in fields]
    write(of_rows(network.head), file_of(HEAD), [(each,) for each in rows], {0: "windows"})


def _second_look(source: Source, minutes: float, rng: np.random.Generator) -> None:
    lots = islice(pairs(source, rng), PAIRS), islice(packages.examples(source, rng), PACKAGES)
    some = list(tqdm(chain(*lots), desc="pairs", total=PAIRS + PACKAGES))
    nowhere = np.full_like(second_look.STILL, np.nan)
    examples = Examples(
        np.stack([each.pair.levels for each in some]),
        np.stack([each.pair.hues for each in some]),
        np.stack([nowhere if each.shift is None else each.shift for each in some]),
    )
    network = SecondLook().to(memory_format=torch.channels_last)
    second.learn(network, examples, minutes)
    samples = [second_look.given(examples.levels[:BATCH], examples.hues[:BATCH])]
    write(network, file_of(second_look.NETWORK), samples, {0: "pairs"})


def _write_crowd(source: Source, rng: np.random.Generator) -> None:
    """What no right's logo is like: windows of photos that look most as if they bore a sign, and
    windows with the signs that were learnt.
    """
    found: list[list[NDArray[np.float32]]] = [[] for _ in SQUEEZES]
    for photo in tqdm(rng.permutation(source.photos)[: CROWDED // A_PHOTO], desc="crowd"):
        windows = Windows.of(photo)
        for squeeze, some in enumerate(found):
            some.extend(windows.of_squeeze(squeeze).vectors[:A_PHOTO])
    batch = next(source.batches(CROWDED, rng))
    drawn = [_vectors(scene) for scene in batch.scenes[: CROWDED // ACROSS**2]]
    kept = [np.concatenate([np.stack(some), *drawn]) for some in found]
    np.savez_compressed(
        CROWD,
        vectors=np.rint(np.concatenate(kept) * 127).astype(np.int8),
        squeezes=np.repeat(np.arange(len(kept)), [len(some) for some in kept]).astype(np.uint8),
    )


def _vectors(scene: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Of its sixteen windows."""
    features, _ = read(scene)
    windows = windows_of(features)[::FIELD, ::FIELD]
    return vectors(windows.reshape(ACROSS**2, FIELD, FIELD, CHANNELS))


if __name__ == "__main__":
    main()
