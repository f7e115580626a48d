"""The network and how it learns: windows of the same sign alike, all others unlike."""

import itertools
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from detectors.pictures.logos import AROUND, CHANNELS, DEPTH, FIELD, GROUND, STEP
from scripts.logo_net import learning
from scripts.logo_net.scenes import ACROSS, NOBODY, Batch

LAYERS = ((3, 16, 2), (16, 32, 2), (32, 64, 1), (64, 96, 2), (96, 128, 1))  # in, out, stride
HIDDEN = 192
SETTLED = 0.4  # of the time: means and deviations of features stay as they are from then on
BESIDE = 24  # other windows of a scene, taken at random
NEAR = 3  # steps from a sign's window, within which another says nothing
UNSURE = -2
SHARPEST = 60.0
CONTRAST = 64.0  # levels


class Network(nn.Module):
    """Features for every `STEP` pixels; of a window's, a vector, and the odds of a sign."""

    def __init__(self) -> None:
        super().__init__()
        layers = [layer(*each, 3) for each in LAYERS] + [layer(LAYERS[-1][1], CHANNELS, 1, 1)]
        self.body = nn.Sequential(*layers)
        self.head = nn.Sequential(
            nn.Linear(CHANNELS * FIELD * FIELD, HIDDEN), nn.ReLU(), nn.Linear(HIDDEN, DEPTH)
        )
        self.odds = nn.Conv2d(CHANNELS, 1, FIELD)

    def forward(self, picture: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = self.body(picture)
        return features, self.odds(features)

    def vectors(self, windows: torch.Tensor) -> torch.Tensor:
        return functional.normalize(self.head(windows.flatten(1)), dim=1)


class Reading(nn.Module):
    """A network that has learnt, as pictures are read by it: N × rows × columns of `squares` to
    features of N × rows × columns × channels, and odds.

    The odds are reckoned column by column, which comes to the same with an eighth of the copying.
    """

    def __init__(self, network: Network) -> None:
        super().__init__()
        (first, *after), *rest = network.body
        self.first = nn.Conv2d(4 * first.in_channels, first.out_channels, 2, bias=False)
        self.first.weight.data = _of_squares(first.weight.data)
        self.body = nn.Sequential(*after, *rest)
        weights = network.odds.weight.data[0]
        self.columns = nn.Conv2d(CHANNELS, FIELD, (FIELD, 1), bias=False)
        self.columns.weight.data = weights.permute(2, 0, 1)[..., None].contiguous()
        self.row = nn.Conv2d(FIELD, 1, (1, FIELD))
        self.row.weight.data = torch.eye(FIELD)[None, :, None]
        self.row.bias.data = network.odds.bias.data

    def forward(self, squares: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = self.body(self.first(squares.permute(0, 3, 1, 2)))
        return features.permute(0, 2, 3, 1), self.row(self.columns(features))


def of_rows(head: nn.Sequential) -> nn.Sequential:
    """A head that takes a window's features row by row, each with all of its channels."""
    first, *rest = head
    turned = nn.Linear(first.in_features, first.out_features)
    weights = first.weight.data.unflatten(1, (CHANNELS, FIELD * FIELD))
    turned.weight.data = weights.transpose(1, 2).flatten(1).contiguous()
    turned.bias.data = first.bias.data
    return nn.Sequential(turned, *rest)


def _of_squares(weights: torch.Tensor) -> torch.Tensor:
    """Of a convolution of three by three in steps of two, what it is on squares of two by two."""
    out = torch.zeros(len(weights), 2, 2, weights.shape[1], 2, 2)
    for row, column in itertools.product(range(3), repeat=2):
        place = (row + 1) % 2, (column + 1) % 2, slice(None), min(row, 1), min(column, 1)
        out[(slice(None), *place)] = weights[..., row, column]
    return out.flatten(1, 3)


def layer(given: int, out: int, stride: int, side: int) -> nn.Module:
    convolution = nn.Conv2d(given, out, side, stride, side // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(out), nn.ReLU())


def learn(network: Network, batches: Iterator[Batch], minutes: float) -> None:
    """Changes the network in place."""
    sharpness = nn.Parameter(torch.tensor(np.log(1 / 0.07), dtype=torch.float32))

    def loss(spent: float) -> torch.Tensor:
        network.body.train(spent < SETTLED)
        return _loss(network, next(batches), sharpness.exp().clamp(max=SHARPEST))

    learning.learn([*network.parameters(), sharpness], loss, minutes)


def _loss(network: Network, batch: Batch, sharpness: torch.Tensor) -> torch.Tensor:
    alone, scenes = given(batch.alone), given(batch.scenes)
    around = slice(AROUND // STEP, AROUND // STEP + FIELD)
    with torch.autocast("cpu", torch.bfloat16):
        of_alone, of_scenes = network.body(alone)[:, :, around, around], network.body(scenes)
    signs = network.vectors(of_alone.float())
    windows, bears = in_windows(of_scenes.float(), torch.from_numpy(batch.signs))
    vectors = network.vectors(windows)
    odds = network.odds(windows)[:, 0, 0, 0]
    likeness = vectors @ signs.T * sharpness
    has = bears != NOBODY
    own = torch.zeros_like(likeness, dtype=torch.bool)
    own[has, bears[has]] = True
    others = torch.logsumexp(likeness.masked_fill(own, -1e4), dim=0)
    told = functional.cross_entropy(likeness[has], bears[has])
    alone_in_crowd = functional.softplus(others[bears[has]] - likeness[own]).mean()
    seen = functional.binary_cross_entropy_with_logits(odds, has.float())
    loss: torch.Tensor = told + alone_in_crowd + seen / 2
    return loss


def given(pictures: np.ndarray) -> torch.Tensor:
    """N×side×side×3 levels as the network takes them."""
    levels = torch.from_numpy(pictures).permute(0, 3, 1, 2).float()
    return ((levels - GROUND) / CONTRAST).contiguous(memory_format=torch.channels_last)


def in_windows(features: torch.Tensor, signs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Each scene's sixteen windows and others at random, and the sign in each, or `NOBODY`."""
    scenes, places = len(features), ACROSS * FIELD - FIELD + 1
    known = torch.arange(ACROSS) * FIELD
    rows = torch.cat([known.repeat_interleave(ACROSS).expand(scenes, -1), _any(scenes, places)], 1)
    columns = torch.cat([known.repeat(ACROSS).expand(scenes, -1), _any(scenes, places)], 1)
    off = [((each + FIELD // 2) % FIELD - FIELD // 2).abs() for each in (rows, columns)]
    far = torch.maximum(*off)[:, ACROSS**2 :] >= NEAR
    bears = torch.cat([signs, torch.where(far, NOBODY, UNSURE)], 1)
    all_ = features.unfold(2, FIELD, 1).unfold(3, FIELD, 1)
    windows = all_[torch.arange(scenes)[:, None], :, rows, columns]
    sure = bears != UNSURE
    return windows[sure], bears[sure]


def _any(scenes: int, places: int) -> torch.Tensor:
    return torch.randint(0, places, (scenes, BESIDE))
