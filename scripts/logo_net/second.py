"""The network of the second look, and how it learns to tell whether a place shows a sign."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from detectors.pictures.second_look import STILL, given
from scripts.logo_net import learning
from scripts.logo_net.network import layer
from scripts.logo_net.scenes import Floats, Levels, Rng

LAYERS = ((2, 24, 2), (24, 48, 2), (48, 96, 2), (96, 128, 2), (128, 128, 1))
PLACED, CELLS = 16, 6  # of the last features, kept where they are; and cells a side
LAST = 96
BATCH = 256
SETTLED = 0.5  # of the time: means and deviations of features stay as they are from then on
INVERTED, NOISY = 0.15, 0.3  # of the places
PLACING = 2.0  # what being off costs
NOISE = 0.25  # deviations, at most


class SecondLook(nn.Module):
    """N × 2 × SIDE × SIDE, a sign and a place, to N × 7: log odds and a shift less `STILL`."""

    def __init__(self) -> None:
        super().__init__()
        self.body = nn.Sequential(*(layer(*each, 3) for each in LAYERS))
        wide = LAYERS[-1][1]
        self.where = layer(wide, PLACED, 1, 1)
        self.head = nn.Sequential(
            nn.Linear(2 * wide + PLACED * CELLS**2, LAST),
            nn.ReLU(),
            nn.Linear(LAST, 1 + len(STILL)),
        )

    def forward(self, pairs: torch.Tensor) -> torch.Tensor:
        features = self.body(pairs)
        what = features.mean((2, 3)), features.amax((2, 3)), self.where(features).flatten(1)
        found: torch.Tensor = self.head(torch.cat(what, 1))
        return found


def learn(network: SecondLook, pairs: Levels, shifts: Floats, minutes: float) -> None:
    """From M × 2 × SIDE × SIDE levels and M × 6 shifts, not numbers where the sign is not there;
    changes the network in place.
    """
    rng = np.random.default_rng()

    def loss(spent: float) -> torch.Tensor:
        network.train(spent < SETTLED)
        some = np.sort(rng.choice(len(pairs), BATCH, replace=False))
        return _loss(network, *_varied(pairs[some], shifts[some], rng))

    learning.learn(network.parameters(), loss, minutes)


def _loss(network: SecondLook, pairs: torch.Tensor, shifts: torch.Tensor) -> torch.Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        found = network(pairs).float()
    is_there = shifts.isfinite().all(1)
    told = functional.binary_cross_entropy_with_logits(found[:, 0], is_there.float())
    off = functional.smooth_l1_loss(found[is_there, 1:], shifts[is_there], beta=0.1)
    return told + PLACING * off


def _varied(levels: Levels, shifts: Floats, rng: Rng) -> tuple[torch.Tensor, torch.Tensor]:
    """Mirrored both ways, some places inverted, some noisy."""
    pairs = given(levels)
    places = pairs[:, 1]
    places[rng.random(len(places)) < INVERTED] *= -1
    noisy = np.flatnonzero(rng.random(len(places)) < NOISY)
    deviations = rng.uniform(0, NOISE, (len(noisy), 1, 1)).astype(np.float32)
    places[noisy] += deviations * rng.standard_normal(places[noisy].shape, np.float32)
    moved = shifts - STILL
    for axis, turned in ((3, (1, 2, 3)), (2, (1, 3, 5))):
        if rng.random() < 0.5:
            pairs = np.flip(pairs, axis)
            moved[:, turned] *= -1
    shown = torch.from_numpy(pairs.copy()).contiguous(memory_format=torch.channels_last)
    return shown, torch.from_numpy(moved.astype(np.float32))
