"""How weights follow their gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn

from splitlane._arguments import raise_error

Optimize = Callable[[list[nn.Parameter]], torch.optim.Optimizer]
Schedule = Callable[[torch.optim.Optimizer], Any]


class Learning:
    """Loss, optimizer and learning rate of a training, shared by all its parts."""

    def __init__(
        self,
        loss: Callable[[Any, Any], torch.Tensor],
        optimizer: Optimize,
        scheduler: Schedule | None,
        clip_gradients: Callable[[Iterable[nn.Parameter]], object] | None,
        rounds: int,
    ) -> None:
        self.loss = loss
        self.optimizer = optimizer
        self.clip_gradients = clip_gradients
        self.example = optimizer([nn.Parameter(torch.zeros(1))])
        if not isinstance(self.example, torch.optim.Optimizer):
            expected = "a function of parameters, such as lambda parameters: torch.optim.SGD(parameters, lr=0.1)"
            raise_error("usage", "optimizer", "returns no optimizer", type(self.example).__name__, expected)
        self.rates = rates_of(self.example, scheduler, rounds)

    def rate(self, round_: int) -> float:
        """The learning rate of a round, from 1."""
        return self.rates[round_ - 1]

    def description(self) -> dict[str, object]:
        """The `optimizer` of a training document: what the planner must know to count memory."""
        group = self.example.param_groups[0]
        adam = "betas" in group
        kind = "adam" if adam else "momentum" if group.get("momentum", 0) else "sgd"
        # A rate of 0 is none of a document.
        return {"kind": kind, "learning_rate": max(float(self.rates[0]), 1e-12)}


def rates_of(example: torch.optim.Optimizer, scheduler: Schedule | None, rounds: int) -> list[float]:
    """The learning rates of all rounds: a scheduler takes a step after each."""
    following = scheduler(example) if scheduler is not None else None
    # What PyTorch looks at before it warns of a scheduler without an optimizer's steps.
    example._step_count = 1
    example._opt_called = True
    rates = []
    for _ in range(rounds):
        rates.append(float(example.param_groups[0]["lr"]))
        if following is not None:
            following.step()
    return rates
