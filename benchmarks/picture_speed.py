"""What pictures cost: reading one, and a listing of five against many rights' pictures, one core.

    python benchmarks/picture_speed.py FOLDER [--rights 1000 10000]

FOLDER holds different pictures; the first ones are the rights', the last ones are listed.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from typing import TypeVar

from tqdm import tqdm

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from app import memory  # noqa: E402 - the path first
from benchmarks.timing import timed  # noqa: E402 - as above
from detectors.base import Finder  # noqa: E402 - as above
from detectors.fingerprint import fingerprint  # noqa: E402 - as above
from detectors.image import ImageFinder, RightPicture  # noqa: E402 - as above
from detectors.logo import LogoFinder  # noqa: E402 - as above
from detectors.right_pictures import right_picture  # noqa: E402 - as above
from pipeline.records import Capture, Listing, Right, RightKind  # noqa: E402 - as above
from pipeline.written import Unread, Written  # noqa: E402 - as above

LISTINGS, PICTURES = 40, 5
Done = TypeVar("Done")


def main() -> None:
    memory.keep_freed()
    options = _options()
    paths = sorted(path for path in options.folder.iterdir() if path.suffix in {".jpg", ".png"})
    listed = paths[-LISTINGS * PICTURES :]
    contents = [path.read_bytes() for path in listed]
    reading = [timed(lambda content=content: fingerprint(content, 0))[1] for content in contents]
    print(f"reading: {1000 * median(reading):.1f} ms a picture, {1 / median(reading):.0f} a second")
    print("\n| rights' pictures | opened s | a listing of 5 ms, median | p90 |\n|---|---|---|---|")
    for count in options.rights:
        if count + len(listed) > len(paths):
            sys.exit(f"{options.folder}: {len(paths)} pictures, {count + len(listed)} needed")
        finders, opened = timed(lambda count=count: _finders(paths[:count]))
        lots = [contents[at : at + PICTURES] for at in range(0, len(contents), PICTURES)]
        took = [timed(lambda some=finders, lot=lot: _screened(some, lot))[1] for lot in lots]
        p90 = quantiles(took, n=10)[-1]
        print(f"| {count:,} | {opened:.0f} | {1000 * median(took):.0f} | {1000 * p90:.0f} |")


def _finders(paths: list[Path]) -> list[Finder]:
    pictures = _rights(paths)
    return [ImageFinder(pictures), LogoFinder(pictures)]


def _screened(finders: list[Finder], contents: list[bytes]) -> None:
    """Decoded and looked at by every finder, its text unread."""
    listing = _listing(contents)
    for finder in finders:
        finder.find([listing])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rights", type=int, nargs="+", default=[100, 1000])
    return parser.parse_args()


def _rights(paths: list[Path]) -> list[RightPicture]:
    found = []
    for number, path in enumerate(tqdm(paths, leave=False)):
        right = Right(id=f"right-{number}", name=path.stem, kind=RightKind.TRADEMARK)
        found.append(right_picture(right, path.name, path))
    return found


def _listing(contents: list[bytes]) -> Listing:
    unread = Written(unread=Unread.OFF)
    each = (fingerprint(content, number) for number, content in enumerate(contents))
    prints = tuple(replace(print_, written=unread) for print_ in each)
    return Listing(capture=Capture(id="1", title="图片见详情"), fingerprints=prints)


if __name__ == "__main__":
    main()
