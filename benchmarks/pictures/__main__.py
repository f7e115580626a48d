"""Writes OUT/dev and OUT/test, each with rights.jsonl, listings.jsonl and their pictures."""

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from PIL import Image
from tqdm import tqdm

from benchmarks.pictures import sources
from benchmarks.pictures.edits import EDITS, SIDE, Scene, edited
from benchmarks.pictures.lines import Line, line_of, lines_to, right_of
from benchmarks.pictures.sources import Photo

DISTRACTORS = 5000


def main() -> None:
    options = _options()
    found = sources.photos(options.data)
    beside = sources.distractors(options.distractors, options.count, options.seed)
    print(f"{len(found)} photos, {len(beside)} other pictures")
    for half in ("dev", "test"):
        mine = [photo for photo in found if photo.half == half]
        others = [path for path in beside if sources.half(path.name) == half]
        _write(options.out / half, mine, others, Random(f"{options.seed} {half}"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder of other people's data")
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--distractors",
        type=Path,
        action="append",
        default=[],
        help="a folder with other pictures; several",
    )
    parser.add_argument("--count", type=int, default=2 * DISTRACTORS, help="how many of those")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _write(folder: Path, photos: Sequence[Photo], beside: Sequence[Path], random: Random) -> None:
    """The list of rights, each with its photo; every photo through every edit; other pictures."""
    (folder / "rights").mkdir(parents=True, exist_ok=True)
    (folder / "pictures").mkdir(exist_ok=True)
    rights, backdrops = [], [shown(path) for path in random.sample(beside, min(40, len(beside)))]
    lines: list[Line] = []
    for number, photo in enumerate(tqdm(photos, desc=folder.name)):
        right = f"right-{number}"
        picture = photo.opened()
        picture.thumbnail((1200, 1200))
        picture.save(folder / f"rights/{number}.png")
        rights.append(right_of(right, photo.subject, f"rights/{number}.png"))
        lines += _edited(folder, right, picture, Scene(random, backdrops))
    for number, path in enumerate(tqdm(beside, desc=f"{folder.name}, others")):
        name = f"pictures/other-{number}.jpg"
        shown(path).save(folder / name, quality=90)
        lines.append(line_of(f"other-{number}", name) | {"truth": [], "kind": "other picture"})
    lines_to(folder / "rights.jsonl", rights)
    lines_to(folder / "listings.jsonl", lines)


def shown(path: Path) -> Image.Image:
    """As a shop shows it."""
    picture = sources.opened(path)
    picture.thumbnail((SIDE, SIDE))
    return picture


def _edited(folder: Path, right: str, picture: Image.Image, scene: Scene) -> Iterator[Line]:
    shop = picture.copy()
    shop.thumbnail((SIDE, SIDE))
    for edit, (_, strengths) in EDITS.items():
        for strength in strengths:
            name = f"{right} {edit} {strength}"
            place = f"pictures/{name.replace(' ', '-')}.jpg"
            edited(shop, edit, strength, scene).save(folder / place, quality=88)
            truth = {
                "right_id": right,
                "field": "image:0",
                "disguise": edit,
                "tags": [f"{strength}"],
            }
            yield line_of(name, place) | {"truth": [truth]}


if __name__ == "__main__":
    main()
