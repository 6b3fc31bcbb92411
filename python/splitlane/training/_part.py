"""Consecutive layers as one node holds them for one client, with a tape for each layer."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from splitlane.training._chain import Layer, named_slots
from splitlane.training._tensors import Exported, copied, exported

if TYPE_CHECKING:
    from splitlane.training._engine import Engine


def copy_of(layer: Layer) -> nn.Module:
    """A copy with weights of its own; frozen parameters, which nobody changes, are the network's."""
    mine = copy.deepcopy(layer.module)
    copies: dict[int, torch.Tensor] = {}
    for name, module in layer.module.named_modules(remove_duplicate=False):
        own = mine.get_submodule(name)
        for held, theirs in ((module._parameters, own._parameters), (module._buffers, own._buffers)):
            for key, value in held.items():
                if value is None:
                    continue
                is_frozen = held is module._parameters and not value.requires_grad
                # Copies of graphs do not keep what is shared.
                theirs[key] = value if is_frozen else copies.setdefault(id(value), theirs[key])
    return mine


class Tape:
    """One layer: forward and backward need nothing but what it kept itself, so that a node may pause between any two."""

    def __init__(self, engine: Engine, number: int) -> None:
        self.engine = engine
        self.facts = engine.facts[number - 1]
        self.layer = engine.chain.layers[number - 1]
        self.module = copy_of(self.layer)
        self.optimizer: torch.optim.Optimizer | None = None
        self.parameters = [value for value in self.module.parameters() if value.requires_grad]
        self.given: Any = None
        self.result: Any = None

    def load(self, entries: list[tuple[str, torch.Tensor]]) -> None:
        """Takes weights, and forgets what the optimizer remembered."""
        with torch.no_grad():
            for (_, mine), (_, value) in zip(named_slots(self.module), entries, strict=True):
                mine.copy_(value)
        self.optimizer = self.engine.learning.optimizer(self.parameters) if self.parameters else None
        self.forget()

    def state(self) -> list[tuple[str, Exported]]:
        return [(name, copied(value)) for name, value in named_slots(self.module)]

    def forget(self) -> None:
        self.given = self.result = None

    def forward(self, given: Any, seed: int, is_first: bool) -> Any:
        """The result, which the caller may hand on."""
        if not is_first:
            given = given.detach().requires_grad_()
        taken = given.clone() if self.facts.writes_input and isinstance(given, torch.Tensor) else given
        if self.facts.is_random:
            with self.engine.random(seed):
                result = self.module(taken)
        else:
            result = self.module(taken)
        self.given, self.result = given, result
        return result

    def differentiate(self, gradient: torch.Tensor | None, loss: torch.Tensor | None) -> torch.Tensor | None:
        """The gradient of what the layer was given; of the first layer None. Of the last layer the loss is known."""
        if loss is not None:
            loss.backward()
        elif self.result.requires_grad:
            self.result.backward(gradient)
        given = self.given
        self.forget()
        if not isinstance(given, torch.Tensor) or not given.requires_grad:
            return None
        return torch.zeros_like(given) if given.grad is None else given.grad

    def update(self, rate: float) -> None:
        if self.optimizer is None:
            return
        if self.engine.learning.clip_gradients is not None:
            self.engine.learning.clip_gradients(self.parameters)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)


class Part:
    """Layers [first, last], numbered from 1, of one client, as the engine drives them; the engine checks the order of the calls."""

    def __init__(self, engine: Engine, first: int, last: int) -> None:
        self.engine = engine
        self.first = first
        self.tapes = [Tape(engine, number) for number in range(first, last + 1)]
        self.place = (0, 0, 0)  # round, client, batch
        self.seeds: list[int] = []
        self.value: Any = None  # what goes on to the next layer, forward or backward
        self.loss: torch.Tensor | None = None
        self.done = 0

    def load(self, state: list[list[tuple[str, torch.Tensor]]]) -> None:
        for tape, entries in zip(self.tapes, state, strict=True):
            tape.load(entries)

    def state(self) -> list[list[tuple[str, Exported]]]:
        return [tape.state() for tape in self.tapes]

    def begin_forward(self, round_: int, client: int, batch: int, seeds: list[int], given: torch.Tensor) -> None:
        self.place, self.seeds = (round_, client, batch), seeds
        # Samples stay in this process, whatever they are: the engine hands on how many there are.
        self.value = self.engine.batches[client][0] if self.first == 1 else given
        self.loss, self.done = None, 0

    def forward_layer(self) -> None:
        tape = self.tapes[self.done]
        with self.engine.about(tape.layer.name, self.place):
            self.value = tape.forward(self.value, self.seeds[self.done], self.first == 1 and self.done == 0)
        self.done += 1

    def output(self) -> Exported:
        return exported(self.value)

    def score(self, _: object) -> tuple[int, float, int]:
        labels, samples = self.engine.batches[self.place[1]][1:]
        with self.engine.about("loss", self.place):
            self.loss = self.engine.learning.loss(self.value, labels)
        correct = correct_of(self.value, labels)
        value = float(self.loss.detach())
        self.engine.batch_scored(self.place, samples, value, correct)
        self.done = 0
        return samples, value, correct or 0

    def begin_backward(self, gradient: torch.Tensor) -> None:
        self.value, self.done = gradient, 0

    def differentiate_layer(self) -> None:
        tape = self.tapes[-1 - self.done]
        with self.engine.about(tape.layer.name, self.place):
            self.value = tape.differentiate(self.value, self.loss)
        self.loss = None

    def update_layer(self) -> None:
        self.tapes[-1 - self.done].update(self.engine.learning.rate(self.place[0]))
        self.done += 1

    def input_gradient(self) -> Exported:
        return exported(self.value)


def correct_of(outputs: Any, labels: Any) -> int | None:
    """Samples whose largest output is their label; None where that is no question."""
    both = isinstance(outputs, torch.Tensor) and isinstance(labels, torch.Tensor)
    if not both or outputs.ndim != 2 or labels.ndim != 1 or labels.is_floating_point() or len(labels) != len(outputs):
        return None
    return int(outputs.detach().argmax(1).eq(labels).sum())
