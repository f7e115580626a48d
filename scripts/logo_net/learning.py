"""The loop that both networks learn in: AdamW, its steps a cosine of the time that is left."""

import time
from collections.abc import Callable, Iterable
from itertools import count

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

QUICK, SLOW = 2e-3, 1e-5
WARM = 100  # steps
DECAY = 1e-2


def learn(
    parameters: Iterable[nn.Parameter], loss: Callable[[float], torch.Tensor], minutes: float
) -> None:
    """Changes the parameters in place; `loss` is told the share of the time that is spent."""
    steps = torch.optim.AdamW(list(parameters), QUICK, weight_decay=DECAY)
    began, losses = time.monotonic(), list[float]()
    with tqdm(count(), desc="learning") as bar:
        for step in bar:
            spent = (time.monotonic() - began) / 60 / minutes
            if spent >= 1:
                return
            warm = min(1.0, 0.05 + step / WARM)
            for group in steps.param_groups:
                group["lr"] = QUICK * warm * (1 + np.cos(np.pi * spent)) / 2 + SLOW
            reached = loss(spent)
            steps.zero_grad()
            reached.backward()
            steps.step()
            losses.append(reached.item())
            bar.set_postfix(loss=f"{np.mean(losses[-100:]):.4f}", spent=f"{spent:.0%}")
