"""Why two pictures match, drawn: where one lies in the other, and which points say so."""

import io
from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np
from PIL import Image, ImageDraw

from detectors.pictures import sketch
from detectors.pictures.alignment import Alignment, Seen
from detectors.pictures.decode import decoded
from detectors.pictures.extent import corners
from detectors.pictures.parts import WHOLE, decoded_part, in_part, nearest
from detectors.pictures.points import Grey
from detectors.pictures.trim import shown
from detectors.pictures.view import View, best, views
from pipeline.written import Box

SIDE = sketch.SIDE
GAP = 16
LINES = 40
OUTLINE = "#e01b24"
PAINTS = ("#1a9fff", "#ffb300", "#2ec27e", "#c061cb", "#ff7800", "#00c8d7")


@dataclass(frozen=True, slots=True, eq=False)
class _Sheet:
    """A picture with its longer side of `SIDE` pixels, which are then the units of its points."""

    image: Image.Image
    grey: Grey

    @classmethod
    def of(cls, frame: Grey) -> Self:
        image = Image.fromarray(np.ascontiguousarray(frame))
        zoom = SIDE / max(image.size)
        size = max(1, round(image.width * zoom)), max(1, round(image.height * zoom))
        grey = cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY)
        return cls(image.resize(size, Image.Resampling.LANCZOS), grey)


def overlay(
    right: bytes, picture: bytes, region: Box | None = None, *, by_points: bool = True
) -> bytes:
    """A PNG of both pictures, the right's first, of a long one the part with the region.

    Lines go between points that agree; where none do, or none are asked for, as of a logo, the
    region is outlined if there is one. Raises `Unreadable`.
    """
    frame = decoded(right, 2 * SIDE).frames[0]
    mine = _Sheet.of(frame[shown(cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY))])
    found = decoded(picture, 2 * SIDE)
    part = nearest(found.width, found.height, region or WHOLE)
    is_whole = part == WHOLE
    theirs = _Sheet.of(found.frames[0] if is_whole else decoded_part(picture, part, 2 * SIDE))
    page = Image.new("RGB", (mine.image.width + GAP + theirs.image.width, SIDE), "white")
    page.paste(mine.image)
    page.paste(theirs.image, (mine.image.width + GAP, 0))
    pen = ImageDraw.Draw(page)
    there = sketch.seen(theirs.grey)
    laid = best(views(mine.grey), there) if by_points else None
    if laid:
        _draw(pen, *laid, there, mine.image)
    elif region:
        _outline(pen, in_part(region, part), mine.image, theirs.image)
    out = io.BytesIO()
    page.save(out, "PNG")
    return out.getvalue()


def _outline(
    pen: ImageDraw.ImageDraw, region: Box, right: Image.Image, picture: Image.Image
) -> None:
    left, top, wide, high = np.array(region) * np.tile(picture.size, 2)
    left += right.width + GAP
    for x, y in ((0, 0), (1, 0), (1, 1), (0, 1)):
        start = (x * (right.width - 1), y * (right.height - 1))
        pen.line([start, (left + x * wide, top + y * high)], fill=PAINTS[0], width=1)
    pen.rectangle((left, top, left + wide, top + high), outline=OUTLINE, width=3)
    pen.rectangle((0, 0, right.width - 1, right.height - 1), outline=OUTLINE, width=3)


def _draw(
    pen: ImageDraw.ImageDraw, found: Alignment, view: View, there: Seen, right: Image.Image
) -> None:
    left = right.width + GAP
    map_, _ = view.upright(found.map)
    outline = corners(map_, right.size) + np.array([left, 0])
    shrunk = np.linalg.norm(map_[:, :2], axis=0) / np.linalg.norm(found.map[:, :2], axis=0)
    some = np.linspace(0, len(found.of_right) - 1, min(LINES, len(found.of_right))).astype(int)
    for number, pair in enumerate(some):
        x, y = (view.seen.places[found.of_right[pair], :2] / shrunk).tolist()
        end = there.places[found.of_picture[pair], :2] + (left, 0)
        start = (right.width - x if view.mirrored else x, y)
        pen.line([start, tuple(end.tolist())], fill=PAINTS[number % len(PAINTS)], width=1)
    pen.polygon([tuple(corner) for corner in outline.tolist()], outline=OUTLINE, width=3)
    pen.rectangle((0, 0, right.width - 1, right.height - 1), outline=OUTLINE, width=3)
