"""Text in pictures: what finding and reading it cost, what the finder keeps, how much is right.

    python benchmarks/reading.py FOLDER [FOLDER ...] [--drawn 300] [--every 1] [--font FILE ...]

Pictures of the folders are read whether or not they seem to bear text; "legible" is what then
has a line of two characters. Drawn ones show names of the sample list, in fonts that are given
or the practice market's, small and large, on paper and on photos of the folders, re-encoded.
"""

import argparse
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from statistics import mean

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont
from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.pictures.sources import pictures  # noqa: E402 - the path first
from benchmarks.timing import timed  # noqa: E402 - as above
from crawlers.market.shapes import FONT  # noqa: E402 - as above
from detectors.fingerprint import fingerprint  # noqa: E402 - as above
from detectors.pictures import reading, sketch  # noqa: E402 - as above
from detectors.pictures.decode import Unreadable, decoded  # noqa: E402 - as above
from detectors.pictures.symbols import EVERY, symbols  # noqa: E402 - as above
from pipeline import rights  # noqa: E402 - as above

BANDS = (0.0, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95, 1.01)
CHARACTERS = 2  # a line that could be part of a name


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds for each step of one picture, and what came of it."""

    fingerprint: float
    finding: float
    reading: float
    common: float
    every: float
    seems: bool
    legible: bool


def main() -> None:
    options = _options()
    paths = {folder: list(pictures(folder))[:: options.every] for folder in options.folder}
    print("| pictures | legible | kept of these | skipped of others | ms: fingerprint | finding |"
          " reading | codes, common | every |")  # fmt: skip
    print("|" + "---|" * 9)
    every: list[Cost] = []
    for folder, some in paths.items():
        found = list(_costs(some))
        every += found
        print(_row(f"{folder.name}, {len(found)}", found))
    if len(paths) > 1:
        print(_row(f"all, {len(every)}", every))
    grounds = [path for some in paths.values() for path in some]
    _drawn(options.drawn, options.font or [FONT], grounds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="+")
    parser.add_argument("--drawn", type=int, default=300)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--font", type=Path, nargs="*")
    return parser.parse_args()


def _costs(paths: Sequence[Path]) -> Iterator[Cost]:
    for path in tqdm(paths, leave=False):
        content = path.read_bytes()
        try:
            small = decoded(content, sketch.SIDE).frames[0]
            large = decoded(content, reading.SIDE).frames[0]
        except Unreadable:
            continue
        seems, finding = timed(lambda small=small: reading.seems_written(small))
        lines, read = timed(lambda large=large: reading.lines(large))
        yield Cost(
            fingerprint=timed(lambda content=content: fingerprint(content, 0))[1],
            finding=finding,
            reading=read,
            common=timed(lambda small=small: symbols(small))[1],
            every=timed(lambda large=large: symbols(large, EVERY))[1],
            seems=seems,
            legible=any(len(line.text.replace(" ", "")) >= CHARACTERS for line in lines),
        )


def _row(name: str, costs: Sequence[Cost]) -> str:
    legible = [each.seems for each in costs if each.legible]
    others = [not each.seems for each in costs if not each.legible]
    steps = ("fingerprint", "finding", "reading", "common", "every")
    took = " | ".join(f"{1000 * mean(getattr(each, step) for each in costs):.0f}" for step in steps)
    shares = " | ".join(f"{sum(each)} ({_share(each)})" for each in (legible, others))
    return f"| {name} | {len(legible)} | {shares} | {took} |"


def _share(each: Sequence[bool]) -> str:
    return f"{100 * mean(each):.1f} %" if each else "–"


def _drawn(count: int, fonts: Sequence[Path], grounds: Sequence[Path]) -> None:
    """Each picture bears one name; on paper every line that is not the name is wrong."""
    chance, names = Random(1), [right.name for right in rights.load(rights.SAMPLE).rights]
    said: list[tuple[float, bool]] = []
    kept: list[bool] = []
    met: list[bool] = []
    for number in tqdm(range(count), leave=False):
        name, is_paper = chance.choice(names), number % 2 == 0
        picture = _picture(name, chance, fonts, _ground(chance, [] if is_paper else grounds))
        found = reading._asked(picture, read=True) or ()
        told = [(sure, text.strip() == name) for text, sure, _ in found]
        met.append(any(right and sure >= reading.LEAST for sure, right in told))
        said += told if is_paper else []
        if met[-1]:
            small = cv2.resize(picture, (512, 384), interpolation=cv2.INTER_AREA)
            kept.append(reading.seems_written(small))
    shares = f"{_share(met)} read without a fault; {_share(kept)} of these seem written"
    print(f"\n{count} drawn names: {shares}\n")
    print("| confidence | lines | right |\n|---|---|---|")
    for low, high in pairwise(BANDS):
        some = [right for sure, right in said if low <= sure < high]
        print(f"| {low:.2f}–{min(high, 1.0):.2f} | {len(some)} | {_share(some)} |")


def _ground(chance: Random, grounds: Sequence[Path]) -> Image.Image:
    """Paper of any colour, or a corner of a photo, which may have words of its own."""
    if not grounds:
        return Image.new("RGB", (640, 480), tuple(chance.randrange(256) for _ in "rgb"))
    photo = Image.fromarray(decoded(chance.choice(grounds).read_bytes(), 640).frames[0])
    return photo.resize((640, 480))


def _picture(
    name: str, chance: Random, fonts: Sequence[Path], ground: Image.Image
) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The name in any size and colour, turned a little, re-encoded and perhaps blurred."""
    pixels = chance.choice((12, 14, 18, 24, 36, 60, 90))
    font = ImageFont.truetype(str(chance.choice(fonts)), pixels)
    layer = Image.new("RGBA", ground.size)
    place = chance.randrange(10, 60), chance.randrange(10, 300)
    paint = tuple(chance.randrange(256) for _ in "rgb")
    edge = tuple(255 - each for each in paint)
    ImageDraw.Draw(layer).text(
        place, name, font=font, fill=paint, stroke_width=pixels // 18, stroke_fill=edge
    )
    turned = layer.rotate(chance.uniform(-8, 8), center=place)
    ground.paste(turned, (0, 0), turned)
    return _worn(ground, chance)


def _worn(image: Image.Image, chance: Random) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=chance.choice((40, 60, 80, 95)))
    values = np.asarray(Image.open(out).convert("RGB"), dtype=np.uint8)
    blurred = cv2.GaussianBlur(values, (0, 0), chance.uniform(0.6, 1.6))
    return blurred if chance.random() < 0.3 else values


if __name__ == "__main__":
    main()
