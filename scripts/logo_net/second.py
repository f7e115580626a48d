"""The network of the second look, and how it learns to tell whether a place shows a sign."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from detectors.pictures.second_look import STILL, given
from scripts.logo_net import learning
from scripts.logo_net.network import layer
from scripts.logo_net.scenes import Floats, Levels, Rng

FIRST, HUES = (2, 24, 2), 4
LAYERS = ((24 + HUES, 48, 2), (48, 96, 2), (96, 96, 1), (96, 128, 2), (128, 128, 1), (128, 128, 1))
PLACED, CELLS = 16, 6  # of the last features, kept where they are; and cells a side
LAST = 96
BATCH = 256
SETTLED = 0.5  # of the time: means and deviations of features stay as they are from then on
INVERTED, NOISY = 0.15, 0.3  # of the places
PLACING = 2.0  # what being off costs
NOISE = 0.25  # deviations, at most
PALER, TINGE = (0.5, 1.2), 0.12  # times as colourful; and a colour laid on all
GREY = 0.1  # of the places, and of the pairs


class SecondLook(nn.Module):
    """`given`, N × 2 × SIDE × SIDE and N × 4 × HALF × HALF, to N × 7: log odds and a shift less
    `STILL`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.first = layer(*FIRST, 3)
        self.body = nn.Sequential(*(layer(*each, 3) for each in LAYERS))
        wide = LAYERS[-1][1]
        self.where = layer(wide, PLACED, 1, 1)
        self.head = nn.Sequential(
            nn.Linear(2 * wide + PLACED * CELLS**2, LAST),
            nn.ReLU(),
            nn.Linear(LAST, 1 + len(STILL)),
        )

    def forward(self, levels: torch.Tensor, hues: torch.Tensor) -> torch.Tensor:
        features = torch.cat([self.first(levels), hues], 1)
        for each, (given_, out, stride) in zip(self.body, LAYERS, strict=True):
            more = each(features)
            features = features + more if (given_, stride) == (out, 1) else more
        what = features.mean((2, 3)), features.amax((2, 3)), self.where(features).flatten(1)
        found: torch.Tensor = self.head(torch.cat(what, 1))
        return found


@dataclass(frozen=True, slots=True, eq=False)
class Examples:
    """M × 2 × SIDE × SIDE levels, M × 4 × HALF × HALF hues and M × 6 shifts, not numbers where the
    sign is not there.
    """

    levels: Levels
    hues: Levels
    shifts: Floats

    def some(self, which: NDArray[np.int64]) -> "Examples":
        return Examples(self.levels[which], self.hues[which], self.shifts[which])


def learn(network: SecondLook, examples: Examples, minutes: float) -> None:
    """Changes the network in place."""
    rng = np.random.default_rng()

    def loss(spent: float) -> torch.Tensor:
        network.train(spent < SETTLED)
        which = np.sort(rng.choice(len(examples.shifts), BATCH, replace=False))
        return _loss(network, *_varied(examples.some(which), rng))

    learning.learn(network.parameters(), loss, minutes)


def _loss(network: SecondLook, shown: Sequence[torch.Tensor], shifts: torch.Tensor) -> torch.Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        found = network(*shown).float()
    is_there = shifts.isfinite().all(1)
    told = functional.binary_cross_entropy_with_logits(found[:, 0], is_there.float())
    off = functional.smooth_l1_loss(found[is_there, 1:], shifts[is_there], beta=0.1)
    return told + PLACING * off


def _varied(examples: Examples, rng: Rng) -> tuple[list[torch.Tensor], torch.Tensor]:
    """Mirrored both ways, some places inverted, some noisy, some paler, some without colours."""
    levels, hues = given(examples.levels, examples.hues)
    places, colours = levels[:, 1], hues[:, HUES // 2 :]
    places[rng.random(len(places)) < INVERTED] *= -1
    noisy = np.flatnonzero(rng.random(len(places)) < NOISY)
    deviations = rng.uniform(0, NOISE, (len(noisy), 1, 1)).astype(np.float32)
    places[noisy] += deviations * rng.standard_normal(places[noisy].shape, np.float32)
    colours *= rng.uniform(*PALER, (len(places), 1, 1, 1)).astype(np.float32)
    colours += rng.normal(0, TINGE, (len(places), HUES // 2, 1, 1)).astype(np.float32)
    colours[rng.random(len(places)) < GREY] = 0
    hues[rng.random(len(places)) < GREY] = 0
    moved = examples.shifts - STILL
    for axis, turned in ((3, (1, 2, 3)), (2, (1, 3, 5))):
        if rng.random() < 0.5:
            levels, hues = np.flip(levels, axis), np.flip(hues, axis)
            moved[:, turned] *= -1
    shown = [
        torch.from_numpy(each.copy()).contiguous(memory_format=torch.channels_last)
        for each in (levels, hues)
    ]
    return shown, torch.from_numpy(moved.astype(np.float32))
