#!/usr/bin/env python3
"""What layers in Python cost under the engine of trainings, beside one graph of plain PyTorch, as a Markdown table.

usage: python_layers.py -o OUT.md [--batches N]

Runs with the interpreter that the package is installed for; takes about a minute.
"""

import argparse
import time
from copy import deepcopy
from pathlib import Path

import torch
from torch import nn

import splitlane
from splitlane import _training, training

BATCH = 16
ROUNDS = 12
INTRODUCTION = """# Layers in Python

[benchmarks/training/python_layers.py](../../benchmarks/training/python_layers.py) writes this page; the machine is that of
[benchmarks.md](../benchmarks.md): 2 shared cores, PyTorch {torch}, one thread a layer, batches of {batch}. One client and one helper, which
holds all but the first and the last layer, train {rounds} rounds of {batches} batches. `plain` is one graph of autograd and one optimizer.
Both are processor time a batch, of all threads, from the end of the first round to that of the last, because other work on the
machine decides what a clock shows. In the engine a batch also goes to the helper and back, twice, over a socket, each layer has a tape and
an optimizer of its own, and rounds are averaged. The other columns are by the clock, of the quickest round: `in layers` is how long threads of the
engine hold the GIL, or have let go of it within PyTorch; `outside` is what is left of the batch: messages, and threads that wake each
other. `waiting` is for the GIL. Repeated on a busy machine, ratios differ by a tenth either way: one below 1 says so, not that layers in
Python are faster.

| network | layers | plain | engine | ratio | in layers | outside | waiting |
|---|--:|--:|--:|--:|--:|--:|--:|
"""


class Block(nn.Module):
    """A block of ResNet-20 (He et al., 2016); a strided slice with zeros goes past one that changes shape."""

    def __init__(self, given: int, channels: int) -> None:
        super().__init__()
        stride = 1 if given == channels else 2
        self.conv1, self.norm1 = nn.Conv2d(given, channels, 3, stride, 1, bias=False), nn.BatchNorm2d(channels)
        self.conv2, self.norm2 = nn.Conv2d(channels, channels, 3, 1, 1, bias=False), nn.BatchNorm2d(channels)
        self.grows = stride == 2
        self.padding = (channels - given) // 2

    def forward(self, value):
        inner = self.norm2(self.conv2(torch.relu(self.norm1(self.conv1(value)))))
        if self.grows:
            value = nn.functional.pad(value[:, :, ::2, ::2], (0, 0, 0, 0, self.padding, self.padding))
        return torch.relu(inner + value)


class ResNet20(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(3, 16, 3, padding=1, bias=False), nn.BatchNorm2d(16), nn.ReLU())
        sizes = [16, 16, 16, 16, 32, 32, 32, 64, 64, 64]
        self.blocks = nn.Sequential(*(Block(given, channels) for given, channels in zip(sizes, sizes[1:], strict=False)))
        self.head = nn.Linear(64, 10)

    def forward(self, value):
        return self.head(self.blocks(self.stem(value)).mean((2, 3)))


class Transformer(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Linear(32, 128)
        self.blocks = nn.Sequential(*(nn.TransformerEncoderLayer(128, 4, 512, dropout=0.1, batch_first=True) for _ in range(4)))
        self.head = nn.Linear(128, 10)

    def forward(self, value):
        return self.head(self.blocks(self.embed(value)).mean(1))


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=0.01, momentum=0.9)


def plain_seconds(network: nn.Module, samples: torch.Tensor, labels: torch.Tensor) -> float:
    """Processor time of a batch of plain PyTorch."""
    mine = deepcopy(network)
    optimizer = sgd(mine.parameters())
    for round_ in range(ROUNDS):
        if round_ == 1:
            begin = time.process_time()
        for first in range(0, len(samples), BATCH):
            optimizer.zero_grad()
            nn.functional.cross_entropy(mine(samples[first : first + BATCH]), labels[first : first + BATCH]).backward()
            optimizer.step()
    return (time.process_time() - begin) / (ROUNDS - 1) * BATCH / len(samples)


def row(name: str, network: nn.Module, names: list[str], shape: tuple[int, ...], batches: int) -> str:
    """A row of the table."""
    torch.manual_seed(0)
    samples, labels = torch.randn(batches * BATCH, *shape), torch.randint(10, (batches * BATCH,))
    torch.set_num_threads(1)
    plain = plain_seconds(network, samples, labels)
    chain = training.split_points(network, names)
    instance = one_of_each(chain, samples[:BATCH])
    marks = [_training.gil_times()]
    seconds = []

    def mark(_: object) -> None:
        marks.append(_training.gil_times())
        seconds.append(time.process_time())

    trained = training.train(
        chain, [(samples, labels)], setup=instance, rounds=ROUNDS, batch_size=BATCH, optimizer=sgd,
        on_round=mark,
    )  # fmt: skip
    quickest = min(range(ROUNDS), key=lambda at: trained.rows[at]["measured_us"])
    clock = trained.rows[quickest]["measured_us"] / batches / 1e6
    waiting, held = ((marks[quickest + 1][at] - marks[quickest][at]) / batches for at in (0, 1))
    engine = (seconds[-1] - seconds[0]) / (ROUNDS - 1) / batches
    times = [plain, engine, engine / plain, held, clock - held, waiting]
    texts = [f"{value:.2f}" if at == 2 else f"{value * 1e3:.1f} ms" for at, value in enumerate(times)]
    return f"| {name} | {len(chain.layers)} | " + " | ".join(texts) + " |\n"


def one_of_each(chain: training.Chain, samples: torch.Tensor) -> splitlane.Instance:
    """One client and one helper, both this machine."""
    model, here = training.profile(chain, samples, ram_mb=1 << 18, repeats=1)
    return splitlane.scenario(
        model=model, client_devices=[here], helper_devices=[here], clients=1, helpers=1, batch=BATCH, cuts=(1, len(chain.layers) - 1),
        link="gigabit-ethernet", time_unit="us",
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description="Layers in Python, beside plain PyTorch.")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--batches", type=int, default=6)
    arguments = parser.parse_args()
    text = INTRODUCTION.format(torch=torch.__version__, batch=BATCH, batches=arguments.batches, rounds=ROUNDS)
    text += row("ResNet-20, 32x32", ResNet20(), ["stem", "blocks.*"], (3, 32, 32), arguments.batches)
    text += row("transformer, 4 blocks of width 128, 64 tokens", Transformer(), ["embed", "blocks.*"], (64, 32), arguments.batches)
    arguments.output.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
