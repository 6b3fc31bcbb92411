"""How weights follow their gradients."""

from __future__ import annotations

import threading
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
    ) -> None:
        self.loss = loss
        self.optimizer = optimizer
        self.clip_gradients = clip_gradients
        self.example = optimizer([nn.Parameter(torch.zeros(1))])
        if not isinstance(self.example, torch.optim.Optimizer):
            expected = "a function of parameters, such as lambda parameters: torch.optim.SGD(parameters, lr=0.1)"
            raise_error("usage", "optimizer", "returns no optimizer", type(self.example).__name__, expected)
        self.following = scheduler(self.example) if scheduler is not None else None
        # What PyTorch looks at before it warns of a scheduler without an optimizer's steps.
        self.example._step_count = 1
        self.example._opt_called = True
        self.rates = [float(self.example.param_groups[0]["lr"])]
        self.lock = threading.Lock()

    def rate(self, round_: int) -> float:
        """The learning rate of a round, from 1: a scheduler takes a step after each."""
        with self.lock:
            while len(self.rates) < round_:
                if self.following is not None:
                    self.following.step()
                self.rates.append(float(self.example.param_groups[0]["lr"]))
            return self.rates[round_ - 1]

    def description(self) -> dict[str, object]:
        """The `optimizer` of a training document: what the planner must know to count memory."""
        group = self.example.param_groups[0]
        adam = "betas" in group
        kind = "adam" if adam else "momentum" if group.get("momentum", 0) else "sgd"
        # A rate of 0 is none of a document.
        return {"kind": kind, "learning_rate": max(float(self.rates[0]), 1e-12)}
