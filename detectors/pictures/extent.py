"""How much of a right's picture another one shows: a tag or a word in common is not the picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.pictures.alignment import Alignment
from detectors.pictures.points import Floats

Size = tuple[float, float]

RIM = 8.0  # units at the edge in which no point is found
COARSE, FINE = 1.3, 0.9  # units of scale: what would be smaller may well be lost
REGIONS = 5  # a side
FEWEST = 4  # points, for a region to be asked
SHOWN, KEPT, COVERED = 0.3, 0.15, 0.55


@dataclass(frozen=True, slots=True)
class Extent:
    """Of the right's picture: the share inside the other; of its points that should be seen there
    the share that is; of its regions the share that any such point is in.
    """

    shown: float
    kept: float
    covered: float

    @property
    def is_whole(self) -> bool:
        """Whether that is the picture and not a part that others have too."""
        return self.shown >= SHOWN and self.kept >= KEPT and self.covered >= COVERED


def extent(found: Alignment, places: Floats, of_right: Size, of_picture: Size) -> Extent:
    """`places` are the right's points, N×4; sizes are width and height in units."""
    there = places[:, :2] @ found.map[:, :2].T + found.map[:, 2]
    scale = places[:, 2] * np.sqrt(abs(np.linalg.det(found.map[:, :2])))
    inside = ((there >= RIM) & (there <= np.array(of_picture) - RIM)).all(axis=1)
    coarse = inside & (scale >= COARSE)
    region = (places[:, :2] / of_right * REGIONS).astype(int).clip(0, REGIONS - 1) @ (1, REGIONS)
    due = np.bincount(region[inside & (scale >= FINE)], minlength=REGIONS**2) >= FEWEST
    hit = np.bincount(region[found.of_right], minlength=REGIONS**2) > 0
    return Extent(
        shown=shown(found.map, of_right, of_picture),
        kept=float(coarse[found.of_right].sum() / max(1, coarse.sum())),
        covered=float(hit[due].mean()) if due.any() else 0.0,
    )


def corners(map_: NDArray[np.float64], of_right: Size) -> NDArray[np.float64]:
    """Where the right's picture has its four corners in the other, clockwise from the first."""
    wide, high = of_right
    own = np.array([[0, 0], [wide, 0], [wide, high], [0, high]])
    there: NDArray[np.float64] = own @ map_[:, :2].T + map_[:, 2]
    return there


def shown(map_: NDArray[np.float64], of_right: Size, of_picture: Size) -> float:
    """The share of the right's picture that lies inside the other."""
    own = grid(of_right, (np.arange(24) + 0.5) / 24)
    return float(is_inside(map_, own, of_picture).mean())


def grid(size: Size, line: Floats) -> Floats:
    """N×2 places, as far across and down as `line` says in shares of a size."""
    return np.stack(np.meshgrid(line * size[0], line * size[1]), -1).reshape(-1, 2)


def is_inside(map_: NDArray[np.float64], own: Floats, of_picture: Size) -> NDArray[np.bool_]:
    """Which of the right's places, N×2, come to lie inside the other picture."""
    there = own @ map_[:, :2].T + map_[:, 2]
    inside: NDArray[np.bool_] = (there >= 0) & (there <= of_picture)
    return inside[:, 0] & inside[:, 1]
