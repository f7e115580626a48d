"""Shop pictures of groceries as rights, phone photos taken in shops as listings.

    python -m benchmarks.pictures.packages DATA

A photo of a package is right about the brand on it; fruit and vegetables bear none. Photos are
parted by product into a dev and a test half; what is told of a photo that shows another brand's
cartons on the shelf behind, as seen by eye, is wrong by the label and counted apart as well.
"""

import argparse
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from app.evaluation.count import wilson
from benchmarks.pictures.table import share
from detectors.base import Finder
from detectors.fingerprint import frames
from detectors.image import ImageFinder, RightPicture
from detectors.logo import LogoFinder
from detectors.right_pictures import right_picture
from pipeline.records import Capture, Listing, Right, RightKind

BRANDS = ("Alpro", "Arla", "Bravo", "Garant", "God-Morgon", "Oatly", "Tropicana", "Valio", "Yoggi")
BEHIND = {
    ("Bravo-Apple-Juice_002", "God-Morgon"),
    ("Bravo-Apple-Juice_003", "God-Morgon"),
    ("Bravo-Orange-Juice_001", "God-Morgon"),
    ("Bravo-Orange-Juice_002", "God-Morgon"),
    ("Bravo-Orange-Juice_004", "God-Morgon"),
    ("Valio-Vanilla-Yoghurt_005", "Yoggi"),
}
LEVELS = (0.1, 0.3, 0.6, 0.8, 0.95)


@dataclass(frozen=True, slots=True)
class Photo:
    """A listing's picture, the brand in it, and the best score of each brand."""

    path: Path
    brand: str | None
    scores: dict[str, float]

    @property
    def half(self) -> str:
        product = self.path.stem.rsplit("_", 1)[0]
        return "test" if hashlib.sha256(product.encode()).digest()[0] % 2 else "dev"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures.packages")
    parser.add_argument("data", type=Path)
    folder = parser.parse_args().data / "img-grocerystore"
    rights = list(_rights(folder))
    finders = ImageFinder(rights), LogoFinder(rights)
    photos = [_seen(path, finders) for path in tqdm(sorted((folder / "val").rglob("*.jpg")))]
    of = sum(each.brand is not None for each in photos)
    print(
        f"{len(photos)} photos, {of} of packages\n\n| score | recall | precision |\n|---|---|---|"
    )
    for level in LEVELS:
        told = [(each.brand, brand) for each in photos for brand in _told(each, level)]
        right = sum(brand == said for brand, said in told)
        recall, precision = wilson(right, of), wilson(right, len(told))
        print(f"| ≥ {level} | {share(recall)} | {share(precision)} |")
    for half in ("dev", "test"):
        some = [each for each in photos if each.brand and each.half == half]
        met = sum(each.brand in _told(each, 0.6) for each in some)
        print(f"\n{half}: {share(wilson(met, len(some)))} of {len(some)} at 0.6", end="")
    behind = sum((each.path.stem, brand) in BEHIND for each in photos for brand in _told(each, 0.6))
    print(f"\non the shelf behind, at 0.6: {behind}")
    wrong = Counter(
        (each.brand or each.path.parent.name, brand)
        for each in photos
        for brand in _told(each, 0.6)
        if brand != each.brand
    )
    print("\nwrong at 0.6:", ", ".join(f"{a} → {b} ({n})" for (a, b), n in wrong.most_common(20)))
    missed = [
        each.path.stem for each in photos if each.brand and each.brand not in _told(each, 0.6)
    ]
    print("missed at 0.6:", ", ".join(missed))


def _rights(folder: Path) -> Iterator[RightPicture]:
    for path in sorted((folder / "iconic-images-and-descriptions").rglob("*_Iconic.jpg")):
        brand = brand_of(path)
        right = Right(id=brand or path.stem, name=path.stem, kind=RightKind.TRADEMARK)
        yield right_picture(right, path.name, path)


def brand_of(path: Path) -> str | None:
    return next((brand for brand in BRANDS if path.stem.startswith(brand)), None)


def _seen(path: Path, finders: Sequence[Finder]) -> Photo:
    listing = Listing(
        capture=Capture(id="1", title="图"), fingerprints=frames(path.read_bytes(), 0)
    )
    scores: dict[str, float] = {}
    for finder in finders:
        for right, matches in finder.find([listing])[0].items():
            scores[right] = max(scores.get(right, 0.0), *(match.score for match in matches))
    return Photo(path, brand_of(path), scores)


def _told(photo: Photo, level: float) -> list[str]:
    return [brand for brand, score in photo.scores.items() if score >= level]


if __name__ == "__main__":
    main()
