"""Writes exported_network.pt beside this file: what `splitlane.torch.export` makes of a network of PyTorch.

It was made with PyTorch 1.13.1, and is read by torchscript_network_test.cpp.
"""

from pathlib import Path

import torch
from splitlane.torch import export
from torch import nn


class Residual(nn.Module):
    """A block with a weight of each kind in it."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.path = nn.Sequential(nn.Conv2d(channels, channels, 3, padding=1), nn.BatchNorm2d(channels), nn.ReLU(inplace=True))

    def forward(self, x):
        return x + self.path(x)


torch.manual_seed(0)
network = nn.Sequential(
    nn.Sequential(nn.Conv2d(2, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(inplace=True)),
    Residual(4), nn.MaxPool2d(2), nn.Dropout2d(0.2), nn.Flatten(),
    nn.Linear(16, 8), nn.LayerNorm(8), nn.GELU(), nn.Dropout(0.5, inplace=True), nn.Linear(8, 3),
)  # fmt: skip
export(network, Path(__file__).with_name("exported_network.pt"))
