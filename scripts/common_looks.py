"""Writes detectors/knowledge/common_looks.npz: looks of pictures that show nothing protected.

    python -m scripts.common_looks FOLDER [FOLDER …]

A few from each picture; ours were those that `scripts.picture_looks` names.
"""

import sys
from pathlib import Path
from random import Random

import cv2
import numpy as np
from PIL import Image, UnidentifiedImageError
from tqdm import tqdm

from benchmarks.pictures.sources import distractors, half, opened
from detectors.pictures import sketch
from detectors.pictures.codes import COMMON, WORDS, Codes

PICTURES = 3000
A_PICTURE = 8
LOOKS = 4096
SEED = 20261130


def main() -> None:
    folders = [Path(each) for each in sys.argv[1:]]
    some = [path for path in distractors(folders, PICTURES, SEED) if half(path.name) == "dev"]
    found = np.concatenate([_codes(path) for path in tqdm(some)])
    chosen = np.random.default_rng(SEED).permutation(len(found))[:LOOKS]
    np.savez(COMMON, codes=found[chosen])
    print(f"{len(chosen):,} of {len(found):,} looks")


def _codes(path: Path) -> Codes:
    try:
        picture = opened(path)
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, ValueError):
        return np.zeros((0, WORDS), np.uint64)
    picture.thumbnail((1024, 1024))
    found = sketch.seen(cv2.cvtColor(np.asarray(picture), cv2.COLOR_RGB2GRAY)).codes
    return found[Random(path.name).sample(range(len(found)), min(A_PICTURE, len(found)))]


if __name__ == "__main__":
    main()
