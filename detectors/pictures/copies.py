"""Whether two pictures are copies of one, how one was made from the other, and where to look.

Two pictures are *near-identical* if each shows more than half of the other. Two pictures side by
side cannot both be more than half of a third, so no collage joins those that it shows; nor does a
tag, a banner, a frame that many bear: these leave most of a picture's regions without an echo.
"""

from dataclasses import dataclass

import numpy as np

from detectors.pictures import edits, sketch
from detectors.pictures.alignment import EVEN, Alignment, align
from detectors.pictures.codes import WORDS, Codes
from detectors.pictures.extent import Extent, extent
from detectors.pictures.points import Grey
from detectors.pictures.view import View
from pipeline.written import Box

SHARED = 0.55  # of either picture that the other shows; a half is what a collage of two shows
ECHOED = 0.7  # of either's regions; a frame around another picture reaches two thirds
PARTS, BITS = 2, 24  # of a code: two beginnings of 24 bits are looked up


def both_ways(grey: Grey) -> tuple[View, View]:
    """As it is and mirrored, as closely as a listing's picture is read."""
    as_is, mirrored = (View.of(grey, mirrored=m, effort=sketch.LISTED) for m in (False, True))
    return as_is, mirrored


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """How a picture lies in another: `region` is where in the other, `edits` what was done to it.

    `is_same` if the two are near-identical.
    """

    region: Box
    edits: tuple[str, ...]
    support: float
    is_same: bool


def copy_in(one: View, other: View) -> Copy | None:
    """The one as it lies in the other, if either shows most of the other one."""
    laid = align(one.seen, other.seen)
    if laid is None or laid.support < EVEN:
        return None
    here = extent(laid, one.seen.places, one.size, other.size)
    back = extent(_inverse(laid), other.seen.places, other.size, one.size)
    if not (here.is_whole or back.is_whole):
        return None
    where = edits.laid(laid.map, one.size, other.size, mirrored=one.mirrored)
    return Copy(
        region=where.region,
        edits=where.edits,
        support=laid.support,
        is_same=_is_most(here) and _is_most(back),
    )


def _is_most(much: Extent) -> bool:
    return much.is_whole and much.shown >= SHARED and much.covered >= ECHOED


def _inverse(laid: Alignment) -> Alignment:
    """How the other lies in the one."""
    back = np.linalg.inv(np.vstack([laid.map, [0.0, 0.0, 1.0]]))[:2]
    return Alignment(back, laid.of_picture, laid.of_right, laid.inliers)


def words(codes: Codes) -> tuple[int, ...]:
    """By which pictures that share looks are found: how the codes begin, each once."""
    parts = codes.view(np.uint32).reshape(-1, 2 * WORDS)[:, :PARTS] >> np.uint32(32 - BITS)
    numbered = parts.astype(np.int64) + (np.arange(PARTS) << BITS)
    return tuple(np.unique(numbered).tolist())
