"""Writes detectors/knowledge/picture_looks.npz: how a look becomes bits, from how looks differ.

    python -m scripts.picture_looks FOLDER [FOLDER …]

Any few thousand photos, drawings and screenshots do; ours were Debian's packages named in
docs/decisions/015. Looks are centred and halfway whitened, then turned at random, so that each
bit splits them in halves and no two bits say the same.
"""

import sys
from pathlib import Path
from random import Random

import cv2
import numpy as np
from PIL import Image
from tqdm import tqdm

from benchmarks.pictures.sources import pictures
from detectors.pictures.codes import BITS, KNOWN
from detectors.pictures.points import LOOK, points

PICTURES = 3000
A_PICTURE = 60
SEED = 20261130


def main() -> None:
    looks = np.concatenate([_looks(path) for path in tqdm(_some(sys.argv[1:]))])
    mean, turn = learnt(looks)
    np.savez(KNOWN, mean=mean.astype(np.float16), turn=turn.astype(np.float16))
    print(f"{len(looks):,} looks")


def _some(folders: list[str]) -> list[Path]:
    found = sorted(path for folder in folders for path in pictures(Path(folder)))
    return Random(SEED).sample(found, min(PICTURES, len(found)))


def _looks(path: Path) -> np.ndarray:
    try:
        with Image.open(path) as picture:
            layered = picture.convert("RGBA")
    except (Image.DecompressionBombError, OSError, ValueError, SyntaxError):
        return np.zeros((0, LOOK), np.float32)
    layered.thumbnail((640, 640))
    paper = Image.new("RGBA", layered.size, "white")
    grey = np.asarray(Image.alpha_composite(paper, layered).convert("L"))
    found = points(cv2.copyMakeBorder(grey, 16, 16, 16, 16, cv2.BORDER_REPLICATE), 300).looks
    chosen = np.random.default_rng(SEED).permutation(len(found))[:A_PICTURE]
    return found[chosen]


def learnt(looks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The mean (LOOK) and the turn (LOOK×BITS) whose signs are the bits."""
    mean = looks.mean(0)
    spread, axes = np.linalg.eigh(np.cov(looks - mean, rowvar=False))
    halfway = axes * np.maximum(spread, 1e-6) ** -0.25
    random = np.random.default_rng(SEED)
    blocks = [np.linalg.qr(random.normal(size=(LOOK, LOOK)))[0] for _ in range(BITS // LOOK)]
    return mean, halfway @ np.concatenate(blocks, axis=1)


if __name__ == "__main__":
    main()
