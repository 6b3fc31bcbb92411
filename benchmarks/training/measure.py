#!/usr/bin/env python3
"""The same ResNet-20 timed by `splitlane profile measure` and by `splitlane.torch.profile`, and what measuring costs.

usage: benchmarks/training/measure.py SPLITLANE [--batches 16,32] [--runs 15] [--times 3]

Needs the Python package with PyTorch of the version that splitlane-training was built with. Both run one thread, in turn, and the
median of `--times` runs of each counts; rows are medians of whole networks in milliseconds, forward and backward, and seconds that a
measurement took as a whole.
"""

import argparse
import json
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import torch
from torch import nn

from splitlane.torch import export, profile


class Block(nn.Module):
    """Two convolutions and a shortcut, by 1 x 1 where the shape changes: He et al.'s for CIFAR."""

    def __init__(self, before: int, channels: int) -> None:
        super().__init__()
        stride = 1 if before == channels else 2
        self.path = nn.Sequential(
            nn.Conv2d(before, channels, 3, stride=stride, padding=1, bias=False), nn.BatchNorm2d(channels), nn.ReLU(inplace=True),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels),
        )  # fmt: skip
        self.shortcut = (
            nn.Identity() if stride == 1 else nn.Sequential(nn.Conv2d(before, channels, 1, stride=2, bias=False), nn.BatchNorm2d(channels))
        )

    def forward(self, x):
        return torch.relu(self.path(x) + self.shortcut(x))


class First(nn.Module):
    """Convolution, norm and activation as one layer, as in the shipped network."""

    def __init__(self) -> None:
        super().__init__()
        self.path = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU(inplace=True))

    def forward(self, x):
        return self.path(x)


class Last(nn.Module):
    """The classifier."""

    def __init__(self) -> None:
        super().__init__()
        self.linear = nn.Linear(64, 10)

    def forward(self, x):
        return self.linear(torch.flatten(x, 1))


def resnet20() -> nn.Sequential:
    widths = [16, 16, 16, 16, 32, 32, 32, 64, 64, 64]
    blocks = [Block(before, channels) for before, channels in zip(widths, widths[1:], strict=False)]
    return nn.Sequential(First(), *blocks, nn.AdaptiveAvgPool2d(1), Last())


def total(measurement: dict) -> float:
    """Forward and backward of all layers, in milliseconds."""
    return sum(measurement["forward_ms"]) + sum(measurement["backward_ms"])


def by_program(program: str, batch: int, runs: int, *network) -> tuple[float, float]:
    """Milliseconds, and the seconds that measuring took."""
    begin = time.perf_counter()
    command = [program, "profile", "measure", *network, "--batch", batch, "--runs", runs, "-q"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True)
    return total(json.loads(done.stdout)["measurements"][0]), time.perf_counter() - begin


def by_python(network: nn.Sequential, batch: int, runs: int) -> tuple[float, float]:
    begin = time.perf_counter()
    measured = profile(network, "cpu", torch.rand(batch, 3, 32, 32), repeats=runs, warmup=3)
    return total(json.loads(measured.device.to_json())["measurements"][0]), time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--batches", default="16,32")
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--times", type=int, default=3)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    network = resnet20()
    print("| batch | by `profile measure` | by `splitlane.torch.profile` | difference | the shipped `resnet20` | seconds, program | seconds, Python |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "resnet20.pt"
        export(network, script)
        for batch in map(int, arguments.batches.split(",")):
            rows: dict[str, list[tuple[float, float]]] = {"program": [], "python": [], "shipped": []}
            for _ in range(arguments.times):
                rows["program"].append(by_program(arguments.program, batch, arguments.runs, "--torchscript", script, "--sample", "3x32x32"))
                rows["python"].append(by_python(network, batch, arguments.runs))
                rows["shipped"].append(by_program(arguments.program, batch, arguments.runs, "--network", "resnet20"))
            middle = {who: [statistics.median(values) for values in zip(*of_who, strict=True)] for who, of_who in rows.items()}
            (program, seconds), (python, python_seconds), (shipped, _) = middle.values()
            print(f"| {batch} | {program:.1f} ms | {python:.1f} ms | {100 * (program / python - 1):+.1f} % | {shipped:.1f} ms | "
                  f"{seconds:.1f} | {python_seconds:.1f} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
