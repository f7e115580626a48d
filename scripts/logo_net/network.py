"""The network and how it learns: windows of the same sign alike, all others unlike."""

import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from tqdm import tqdm

from detectors.pictures.logos import AROUND, CONTRAST, DEPTH, FIELD, GROUND, STEP, WINDOW
from scripts.logo_net.scenes import ACROSS, NOBODY, Batch

CHANNELS = ((3, 16, 2), (16, 32, 2), (32, 48, 1), (48, 64, 2), (64, 96, 1))  # in, out, stride
LAST = 32
QUICK, SLOW = 2e-3, 1e-5
BESIDE = 24  # other windows of a scene, taken at random
NEAR = 3  # steps from a sign's window, within which another says nothing
UNSURE = -2
SHARPEST = 60.0


class Network(nn.Module):
    """Features for every `STEP` pixels; of a window's, a vector, and the odds of a sign."""

    def __init__(self) -> None:
        super().__init__()
        layers = [_layer(*each, 3) for each in CHANNELS] + [_layer(CHANNELS[-1][1], LAST, 1, 1)]
        self.body = nn.Sequential(*layers)
        self.head = nn.Conv2d(LAST, DEPTH, FIELD)
        self.odds = nn.Conv2d(LAST, 1, FIELD)

    def forward(self, picture: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = self.body(picture)
        return features, self.odds(features)

    def vectors(self, windows: torch.Tensor) -> torch.Tensor:
        return functional.normalize(self.head(windows)[:, :, 0, 0], dim=1)


def _layer(given: int, out: int, stride: int, side: int) -> nn.Module:
    convolution = nn.Conv2d(given, out, side, stride, side // 2, bias=False)
    return nn.Sequential(convolution, nn.BatchNorm2d(out), nn.ReLU())


def learn(network: Network, batches: Iterator[Batch], minutes: float) -> None:
    """Changes the network in place; AdamW under a cosine of the time that is left."""
    sharpness = nn.Parameter(torch.tensor(np.log(1 / 0.07), dtype=torch.float32))
    steps = torch.optim.AdamW([*network.parameters(), sharpness], QUICK, weight_decay=1e-2)
    began, losses = time.monotonic(), []
    with tqdm(count(), desc="learning") as bar:
        for step in bar:
            spent = (time.monotonic() - began) / 60 / minutes
            if spent >= 1:
                return
            warm = min(1.0, 0.05 + step / 100)
            for group in steps.param_groups:
                group["lr"] = QUICK * warm * (1 + np.cos(np.pi * spent)) / 2 + SLOW
            loss = _loss(network, next(batches), sharpness.exp().clamp(max=SHARPEST))
            steps.zero_grad()
            loss.backward()
            steps.step()
            losses.append(loss.item())
            bar.set_postfix(loss=f"{np.mean(losses[-50:]):.3f}", spent=f"{spent:.0%}")


def _loss(network: Network, batch: Batch, sharpness: torch.Tensor) -> torch.Tensor:
    alone, scenes = _given(batch.alone), _given(batch.scenes)
    around = slice(AROUND // STEP, AROUND // STEP + FIELD)
    with torch.autocast("cpu", torch.bfloat16):
        of_alone, of_scenes = network.body(alone)[:, :, around, around], network.body(scenes)
    signs = network.vectors(of_alone.float())
    windows, bears = _windows(of_scenes.float(), torch.from_numpy(batch.signs))
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


def _given(pictures: np.ndarray) -> torch.Tensor:
    """N×side×side×3 levels as the network takes them."""
    levels = torch.from_numpy(pictures).permute(0, 3, 1, 2).float()
    return ((levels - GROUND) / CONTRAST).contiguous(memory_format=torch.channels_last)


def _windows(features: torch.Tensor, signs: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
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


def write(network: Network, place: Path) -> None:
    """The body and the odds as ONNX, the head as arrays beside it."""
    network.eval()
    side = WINDOW + 2 * AROUND
    shape: dict[str, Any] = {"picture": {2: "high", 3: "wide"}}
    torch.onnx.export(
        network,
        (torch.zeros(1, 3, side, side),),
        str(place),
        input_names=["picture"],
        output_names=["features", "odds"],
        dynamic_axes=shape,
        opset_version=13,
        dynamo=False,
    )
    weight = network.head.weight.detach().numpy().reshape(DEPTH, -1).T
    bias = network.head.bias.detach().numpy()
    np.savez(place.with_suffix(".npz"), weight=weight.astype(np.float16), bias=bias)
