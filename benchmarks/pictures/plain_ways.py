"""Other ways of telling whether one picture shows another, as their users run them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import faiss
import imagehash
import numpy as np
import pdqhash
from PIL import Image

from benchmarks.pictures.sources import opened

Features = tuple[Sequence[cv2.KeyPoint], np.ndarray | None]
Index = Callable[[Sequence[Path]], Callable[[Path], set[int]]]


@dataclass(frozen=True, slots=True)
class Way:
    """`index` takes the rights' pictures and gives what finds their numbers for a picture."""

    name: str
    index: Index


def _hashed(make: Callable[[Image.Image], imagehash.ImageHash], radius: int) -> Index:
    def index(rights: Sequence[Path]) -> Callable[[Path], set[int]]:
        known = [make(opened(path)) for path in rights]
        return lambda path: _within(make(opened(path)), known, radius)

    return index


def _within(
    seen: imagehash.ImageHash, known: Sequence[imagehash.ImageHash], radius: int
) -> set[int]:
    return {number for number, each in enumerate(known) if seen - each <= radius}


def _crop_resistant(rights: Sequence[Path]) -> Callable[[Path], set[int]]:
    known = [imagehash.crop_resistant_hash(opened(path)) for path in rights]

    def find(path: Path) -> set[int]:
        seen = imagehash.crop_resistant_hash(opened(path))
        return {number for number, each in enumerate(known) if seen.matches(each)}

    return find


def _pdq(path: Path) -> np.ndarray:
    return pdqhash.compute(np.asarray(opened(path)))[0].astype(bool)


def _pdq_index(rights: Sequence[Path]) -> Callable[[Path], set[int]]:
    known = np.stack([_pdq(path) for path in rights])
    return lambda path: set(np.flatnonzero((known != _pdq(path)).sum(axis=1) <= 31).tolist())


def _faiss(rights: Sequence[Path]) -> Callable[[Path], set[int]]:
    """PDQ with its eight symmetries' hashes in a flat binary index."""
    index = faiss.IndexBinaryFlat(256)
    index.add(np.stack([np.packbits(_pdq(path)) for path in rights]))

    def find(path: Path) -> set[int]:
        turned, _ = pdqhash.compute_dihedral(np.asarray(opened(path)))
        _, _, found = index.range_search(np.packbits(np.array(turned, bool), axis=1), 32)
        return set(found.tolist())

    return find


def _orb(rights: Sequence[Path]) -> Callable[[Path], set[int]]:
    """All features against all, ratio test, RANSAC; a map that folds or flattens is none."""
    finder, matcher = cv2.ORB_create(1000), cv2.BFMatcher(cv2.NORM_HAMMING)
    known = [finder.detectAndCompute(cv2.imread(str(path), 0), None) for path in rights]

    def agree(mine: Features, theirs: Features) -> bool:
        if mine[1] is None or theirs[1] is None or len(theirs[1]) < 2:
            return False
        pairs = matcher.knnMatch(mine[1], theirs[1], 2)
        good = [one for one, two in pairs if one.distance < 0.8 * two.distance]
        if len(good) < 15:
            return False
        here = np.float32([mine[0][each.queryIdx].pt for each in good])
        there = np.float32([theirs[0][each.trainIdx].pt for each in good])
        found, on = cv2.findHomography(here, there, cv2.RANSAC, 5)
        return found is not None and on.sum() >= 15 and 0.01 < np.linalg.det(found[:2, :2]) < 100

    def find(path: Path) -> set[int]:
        seen = finder.detectAndCompute(cv2.imread(str(path), 0), None)
        return {number for number, each in enumerate(known) if agree(each, seen)}

    return find


WAYS = (
    Way("phash ≤ 10", _hashed(imagehash.phash, 10)),
    Way("dhash ≤ 10", _hashed(imagehash.dhash, 10)),
    Way("whash ≤ 6", _hashed(imagehash.whash, 6)),
    Way("crop-resistant", _crop_resistant),
    Way("PDQ ≤ 31", _pdq_index),
    Way("PDQ, 8 symmetries, faiss", _faiss),
    Way("ORB, all against all", _orb),
)
