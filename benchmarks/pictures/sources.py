"""Photos that others took, split into a dev and a test half by photo, and pictures beside them."""

import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, UnidentifiedImageError

SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp"})
SMALLEST = 128
BLANK = 20.0  # deviation of grey levels


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of `subject`; two of one subject may look alike."""

    path: Path
    subject: str

    @property
    def half(self) -> str:
        return half(self.subject)

    def opened(self) -> Image.Image:
        return opened(self.path)


def half(name: str) -> str:
    """The same for every run: half of all names, by their checksum."""
    return "test" if zlib.crc32(name.encode()) % 2 else "dev"


def opened(path: Path) -> Image.Image:
    """On white where it is transparent."""
    with Image.open(path) as picture:
        layered = picture.convert("RGBA")
        paper = Image.new("RGBA", layered.size, "white")
        return Image.alpha_composite(paper, layered).convert("RGB")


def photos(data: Path) -> tuple[Photo, ...]:
    """One of each subject: a good on sale, a fruit or vegetable, a scene.

    Photos of packages show a shelf and so each other's subjects: they are left out here.
    """
    found: dict[str, Path] = {}
    for line in (data / "cn-shopxo/listings.jsonl").read_text("utf-8").splitlines():
        good = json.loads(line)
        found[good["id"]] = data / "cn-shopxo" / good["images"][0]
    for path in pictures(data / "img-grocerystore/val"):
        if "Packages" not in path.parts:
            found.setdefault(f"grocery {path.parent.name}", path)
    for path in pictures(data / "img-pdq"):
        if path.parent.name not in {"bridge-mods", "dih", "exif-rotn"} or "orig" in path.name:
            found.setdefault(f"pdq {path.stem}", path)
    return tuple(
        Photo(path, subject)
        for subject, path in sorted(found.items())
        if _is_large(path) and _shows(path)
    )


def distractors(folders: list[Path], count: int, seed: int) -> tuple[Path, ...]:
    """Up to `count` pictures of those folders, no two of the same name."""
    named = {path.name: path for folder in folders for path in pictures(folder)}
    mixed = sorted(named.values())
    Random(seed).shuffle(mixed)
    return tuple(islice((path for path in mixed if _is_large(path)), count))


def pictures(folder: Path) -> Iterator[Path]:
    """All below a folder, by their names."""
    return (path for path in sorted(folder.rglob("*")) if path.suffix.lower() in SUFFIXES)


def _shows(path: Path) -> bool:
    """Whether there is anything in its middle; one of the photos is of blue sky."""
    grey = np.asarray(opened(path).convert("L"))
    high, wide = grey.shape
    return bool(grey[high // 4 : -high // 4, wide // 4 : -wide // 4].std() > BLANK)


def _is_large(path: Path) -> bool:
    try:
        with Image.open(path) as picture:
            return min(picture.size) >= SMALLEST and max(picture.size) <= 6000
    except (Image.DecompressionBombError, UnidentifiedImageError, OSError, ValueError):
        return False
