"""Writes OUT/dev and OUT/test: drawn brand logos as rights, photos that bear them as listings.

    python -m benchmarks.pictures.logos ICONS DATA OUT

ICONS is `icons.json` of a package of freely licensed brand logos such as `@iconify-json/logos`.
Logos on photos that are not on the list, and the bare photos, are the other pictures.
"""

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import cv2
import numpy as np
from PIL import Image, ImageOps
from tqdm import tqdm

from benchmarks.pictures import sources
from benchmarks.pictures.edits import SIDE, coded
from benchmarks.pictures.lines import Line, line_of, lines_to, right_of
from scripts.logo_net.icons import Icons

DRAWN = 600  # pixels that a logo is long
PALE = 225  # levels: what is mostly paler is meant for dark ground, and invisible on paper
SEEN, TRIES = 60.0, 20  # levels of contrast; photos and places
FAMILY = 4  # letters that begin two brands of one house
ASIDE = 0.1  # of its sides, by which a logo's corners are moved


@dataclass(frozen=True, slots=True)
class Logos:
    """The package's logos, one of each brand."""

    icons: Icons

    def names(self) -> Iterator[str]:
        """Those that are seen on paper."""
        brands = set()
        for name in self.icons.names:
            brand = name.partition("-")[0]
            if brand not in brands and self._is_seen(name):
                brands.add(brand)
                yield name

    def drawn(self, name: str, long: int = DRAWN) -> Image.Image:
        """With its transparent margins trimmed."""
        shown = self.icons.drawn(name, long)
        return shown.crop(shown.getchannel("A").point(lambda level: 255 * (level > 16)).getbbox())

    def _is_seen(self, name: str) -> bool:
        shown = np.asarray(self.drawn(name, 100))
        ink = shown[shown[..., 3] > 128][:, :3]
        return len(ink) > 100 and bool((ink.mean(axis=1) <= PALE).mean() > 0.5)


def _grey(picture: Image.Image, _: Random) -> Image.Image:
    return picture.convert("L").convert("RGB")


def _as_it_is(logo: Image.Image, _: Random) -> Image.Image:
    return logo


def _mirrored(logo: Image.Image, _: Random) -> Image.Image:
    return ImageOps.mirror(logo)


def _from_aside(logo: Image.Image, random: Random) -> Image.Image:
    corners = np.float32([[0, 0], [1, 0], [1, 1], [0, 1]]) * np.float32(logo.size)
    moved = np.float32([[random.uniform(-ASIDE, ASIDE) for _ in range(2)] for _ in range(4)])
    there = corners + moved * np.float32(logo.size)
    there -= there.min(axis=0)
    size = [int(each) + 1 for each in there.max(axis=0)]
    turned = cv2.getPerspectiveTransform(corners, there.astype(np.float32))
    return Image.fromarray(
        cv2.warpPerspective(np.asarray(logo), turned, size, flags=cv2.INTER_AREA)
    )


@dataclass(frozen=True, slots=True)
class Way:
    """How a logo is put on a photo: what is done to it before, and to the whole after."""

    share: float
    before: Callable[[Image.Image, Random], Image.Image] = _as_it_is
    after: Callable[[Image.Image, Random], Image.Image] = _as_it_is


WAYS = {
    "at 35 %": Way(0.35),
    "at 20 %": Way(0.2),
    "grey, at 35 %": Way(0.35, after=_grey),
    "mirrored, at 35 %": Way(0.35, before=_mirrored),
    "from aside, at 35 %": Way(0.35, before=_from_aside),
}


@dataclass(frozen=True, slots=True)
class Half:
    """The logos on the list, those that are not, what they are put on, and chance."""

    listed: Sequence[str]
    others: Sequence[str]
    photos: Sequence[Path]
    random: Random


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures.logos")
    parser.add_argument("icons", type=Path)
    parser.add_argument("data", type=Path, help="the folder of other people's data")
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=220, help="logos on the list, of each half")
    parser.add_argument("--skip", type=int, default=0, help="logos that were looked at before")
    options = parser.parse_args()
    logos = Logos(Icons.read(options.icons))
    names = list(logos.names())
    print(f"{len(names)} logos")
    photos = [photo.path for photo in sources.photos(options.data)]
    photos += sorted((options.data / "img-grocerystore/val").rglob("*.jpg"))
    for half in ("dev", "test"):
        mine = [name for name in names if sources.half(name.partition("-")[0]) == half]
        ground = [path for path in photos if sources.half(path.name) == half]
        random = Random(f"logos {half}")
        random.shuffle(mine)
        mine = list(_apart(mine[options.skip :] + mine[: options.skip]))
        share = Half(mine[: options.count], mine[options.count :][: options.count], ground, random)
        _write(options.out / half, logos, share)


def _apart(names: Iterable[str]) -> Iterator[str]:
    """Without those whose brand begins with another one's: visaelectron bears visa's logo."""
    known: list[str] = []
    for name in names:
        brand = name.partition("-")[0]
        long = [each for each in known if min(len(each), len(brand)) >= FAMILY]
        if not any(brand.startswith(each) or each.startswith(brand) for each in long):
            known.append(brand)
            yield name


def _write(folder: Path, logos: Logos, half: Half) -> None:
    for each in ("rights", "pictures"):
        (folder / each).mkdir(parents=True, exist_ok=True)
    rights: list[Line] = []
    lines: list[Line] = []

    def add(kind: str, name: str, picture: Image.Image, right: str | None) -> None:
        place = f"pictures/{len(lines)}.jpg"
        coded(picture.convert("RGB"), "JPEG", 88).save(folder / place, quality=95)
        truth = [{"right_id": right, "field": "image:0", "disguise": kind}] if right else []
        lines.append(line_of(f"{name} {kind}", place) | {"truth": truth})

    for name in tqdm(half.listed, desc=folder.name):
        logo = logos.drawn(name)
        place = f"rights/{name}.png"
        _on_paper(logo, 40).save(folder / place)
        rights.append(right_of(name, name, place))
        add("alone", name, _on_paper(logo, 20), name)
        for kind, way in WAYS.items():
            add(kind, name, _on_photo(logo, way, half), name)
    for name in tqdm(half.others, desc=f"{folder.name}, others"):
        add("other logo", name, _on_photo(logos.drawn(name), WAYS["at 35 %"], half), None)
    for path in half.photos:
        add("photo", path.name, _photo(path), None)
    lines_to(folder / "rights.jsonl", rights)
    lines_to(folder / "listings.jsonl", lines)


def _on_paper(logo: Image.Image, margin: int) -> Image.Image:
    page = Image.new("RGB", (logo.width + 2 * margin, logo.height + 2 * margin), "white")
    page.paste(logo, (margin, margin), logo)
    return page


def _on_photo(logo: Image.Image, way: Way, half: Half) -> Image.Image:
    """On the first photo and place of a few where it can be seen."""
    random = half.random
    shown = way.before(logo, random)
    zoom = way.share * SIDE / max(shown.size)
    size = max(1, round(shown.width * zoom)), max(1, round(shown.height * zoom))
    shown = shown.resize(size, Image.Resampling.LANCZOS)
    for _ in range(TRIES):
        page = _photo(random.choice(half.photos))
        place = tuple(random.randint(0, SIDE - each) for each in shown.size)
        if _contrast(page, shown, place) >= SEEN:
            break
    page.paste(shown, place, shown)
    return way.after(page, random)


def _contrast(page: Image.Image, logo: Image.Image, place: tuple[int, ...]) -> float:
    """Levels by which the logo differs from what it covers."""
    ground = page.crop((*place, place[0] + logo.width, place[1] + logo.height))
    ink = np.asarray(logo, np.float32)
    apart = np.abs(ink[..., :3] - np.asarray(ground, np.float32)).mean(axis=2)
    return float(apart[ink[..., 3] > 128].mean())


def _photo(path: Path) -> Image.Image:
    return ImageOps.fit(sources.opened(path), (SIDE, SIDE))


if __name__ == "__main__":
    main()
