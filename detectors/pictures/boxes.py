"""A place in a picture as shares of its sides."""

from collections.abc import Iterable

from pipeline.written import Box

PLACES = 4  # digits: a tenth of a pixel


def box_of(corners: Iterable[tuple[float, float]], width: int, height: int) -> Box:
    """The upright box around corners in pixels, as far as it lies in the picture."""
    points = [(_share(x, width), _share(y, height)) for x, y in corners]
    left, top = (min(each) for each in zip(*points, strict=True))
    right, bottom = (max(each) for each in zip(*points, strict=True))
    return left, top, round(right - left, PLACES), round(bottom - top, PLACES)


def around(boxes: Iterable[Box]) -> Box:
    """The box around boxes, of which there is at least one."""
    corners = [corner for x, y, w, h in boxes for corner in ((x, y), (x + w, y + h))]
    return box_of(corners, 1, 1)


def _share(pixels: float, side: int) -> float:
    return round(min(max(float(pixels) / side, 0.0), 1.0), PLACES)
