"""What was done to a right's picture, read off the way it lies in another."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detectors.pictures.alignment import turn_of
from detectors.pictures.extent import Size, corners, shown
from pipeline.written import Box

WHOLE = 0.94  # of the picture: less is a crop
FULL = 0.9  # of the other's area: less is a frame
FRAMED = 0.5  # less is an inset
LEVEL = 2.0  # degrees
SQUEEZED = 1.08  # times longer one way
SKEWED = 0.06

MIRRORED = "mirrored"
CHINESE = {
    MIRRORED: "镜像",
    "rotated": "旋转",
    "cropped to": "裁剪为",
    "framed": "加边框",
    "inset at": "缩小嵌入，边长为",
    "squeezed": "拉伸变形",
    "seen from aside": "斜拍",
    "altered": "有改动",
    "logo covered": "标志处被遮盖",
    "logo blurred": "标志处被模糊",
}


@dataclass(frozen=True, slots=True)
class Laid:
    """Where a right's picture lies in another, and how."""

    region: Box
    edits: tuple[str, ...]


def laid(
    map_: NDArray[np.float64],
    of_right: Size,
    of_picture: Size,
    *,
    mirrored: bool,
) -> Laid:
    """Sizes are width and height in the units of the 2×3 map."""
    there = corners(map_, of_right)
    low = np.clip(there.min(0), 0, of_picture)
    span = np.clip(there.max(0), 0, of_picture) - low
    region = tuple(np.round(np.concatenate([low, span]) / np.tile(of_picture, 2), 3).tolist())
    inside = shown(map_, of_right, of_picture)
    edits = (
        *([MIRRORED] if mirrored else []),
        *_turned(map_),
        *([f"cropped to {inside:.0%}"] if inside < WHOLE else []),
        *_framed(map_, of_right, of_picture, inside),
    )
    return Laid(region, edits)


def _turned(map_: NDArray[np.float64]) -> list[str]:
    angle = np.degrees(turn_of(map_))
    long, short = np.linalg.svd(map_[:, :2], compute_uv=False)
    across, down = map_[:, 0], map_[:, 1]
    skew = abs(across @ down) / (np.linalg.norm(across) * np.linalg.norm(down))
    said = [f"rotated {abs(angle):.0f}°"] if abs(angle) >= LEVEL else []
    if skew > SKEWED:
        return [*said, "seen from aside"]
    return [*said, "squeezed"] if long > SQUEEZED * short else said


def _framed(
    map_: NDArray[np.float64],
    of_right: Size,
    of_picture: Size,
    inside: float,
) -> list[str]:
    taken = abs(np.linalg.det(map_[:, :2])) * of_right[0] * of_right[1] * inside
    share = taken / (of_picture[0] * of_picture[1])
    if share >= FULL:
        return []
    return ["framed"] if share >= FRAMED else [f"inset at {share**0.5:.0%}"]


def in_chinese(edits: Sequence[str]) -> str:
    """In brackets; nothing where nothing was done."""
    return f"（{'、'.join(map(_in_chinese, edits))}）" if edits else ""


def _in_chinese(edit: str) -> str:
    """Its number stays as it is."""
    word = next(word for word in CHINESE if edit.startswith(word))
    return CHINESE[word] + edit.removeprefix(word).strip()
