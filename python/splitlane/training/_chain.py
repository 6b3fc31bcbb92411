"""A network as layers that run one after the other: the places between them are where it may be cut."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from splitlane._chain import REMEDY, about, is_opened, named_layers, raise_about
from splitlane.training._split import split_module


class Joined(nn.Module):
    """Layers that cannot be cut apart, as one. Each keeps its mode."""

    def __init__(self, parts: list[nn.Module]) -> None:
        super().__init__()
        self.parts = nn.ModuleList(parts)

    def forward(self, value: Any) -> Any:
        for part in self.parts:
            value = part(value)
        return value


@dataclass(frozen=True)
class Layer:
    """Consecutive operations of a network; never cut."""

    name: str
    module: nn.Module


@dataclass(frozen=True)
class Chain:
    """A network and its layers, which share its parameters and buffers. `split_points` makes one."""

    module: nn.Module
    layers: tuple[Layer, ...]

    @property
    def names(self) -> list[str]:
        """Of the layers, numbered from 1 as cut layers are."""
        return [layer.name for layer in self.layers]

    def joined(self, first: int, last: int) -> Chain:
        """The same with layers [first, last], from 0, as one."""
        parts = self.layers[first : last + 1]
        name = f"{parts[0].name}+{parts[-1].name}"
        together = Layer(name, Joined([part.module for part in parts]))
        return Chain(self.module, (*self.layers[:first], together, *self.layers[last + 1 :]))


def split_points(module: nn.Module, names: list[str] | tuple[str, ...]) -> Chain:
    """The layers of a module that is no plain sequence, by the names of the submodules behind which one may cut.

    `names` are as in `module.named_modules()`, in the order in which they run; a `*` stands for one part of a name, as in
    `"layer*.*"`. A layer ends with each of them; what runs before the first one belongs to its layer, and what runs behind
    the last one is a layer of its own. Only what calls these submodules is traced (torch.fx), not what they compute. One
    tensor goes over each cut: a value that is needed again further behind is an error that names it. `train` compares the
    layers' output and gradients with the module's before it begins.
    """
    return Chain(module, tuple(Layer(name, part) for name, part in split_module(module, names)))


def chain_of(network: nn.Module | Chain) -> Chain:
    """A network as it comes: sequences in an nn.Sequential are opened up."""
    if isinstance(network, Chain):
        return network
    if not isinstance(network, nn.Sequential) or not is_opened(network):
        expected = "an nn.Sequential, or splitlane.training.split_points(module, names); " + REMEDY
        raise_about("", network, "is no sequence of layers", f"a {type(network).__name__}", expected)
    return Chain(network, tuple(Layer(name, layer) for name, layer in named_layers(network)))


def own_tensors(layer: nn.Module) -> dict[int, torch.Tensor]:
    """What of a layer changes in training: parameters that are not frozen, and buffers."""
    return {id(tensor): tensor for _, tensor in named_slots(layer)}


def named_slots(layer: nn.Module) -> list[tuple[str, torch.Tensor]]:
    """Parameters that are not frozen, and buffers that belong to the state, by their names in the layer."""
    saved = layer.state_dict(keep_vars=True)
    parameters = [(name, value) for name, value in layer.named_parameters() if value.requires_grad]
    return parameters + [(name, value) for name, value in layer.named_buffers() if name in saved]


def join_shared(chain: Chain) -> Chain:
    """Layers that share weights, with all between them, become one: a part has weights of its own."""
    first = 0
    while first < len(chain.layers):
        mine = own_tensors(chain.layers[first].module)
        sharing = [at for at, layer in enumerate(chain.layers) if mine.keys() & own_tensors(layer.module).keys()]
        last = max([first, *sharing])
        if last > first:
            chain = chain.joined(first, last)
        else:
            first += 1
    return chain


def join_untransferable(chain: Chain, samples: Any) -> Chain:
    """Layers between which goes anything but one tensor of float32 with a sample a row become one."""
    value, kept = cloned(samples), [0]
    with preserved(chain.module), torch.no_grad():
        for at, layer in enumerate(chain.layers):
            if at > 0 and travels(value, samples):
                kept.append(at)
            with about(layer.name, layer.module):
                value = layer.module(value)
    ends = [*kept[1:], len(chain.layers)]
    for first, end in reversed(list(zip(kept, ends, strict=True))):
        if end - first > 1:
            chain = chain.joined(first, end - 1)
    return chain


def travels(value: Any, samples: Any) -> bool:
    """Whether a value can go over a link."""
    return isinstance(value, torch.Tensor) and value.dtype == torch.float32 and value.ndim > 0 and len(value) == count(samples)


def count(samples: Any) -> int:
    """How many samples a batch has, whatever it is made of."""
    if isinstance(samples, torch.Tensor):
        return len(samples)
    values = samples.values() if isinstance(samples, dict) else samples
    return count(next(iter(values)))


def cloned(samples: Any) -> Any:
    """A batch that a layer may write to."""
    if isinstance(samples, torch.Tensor):
        return samples.clone()
    if isinstance(samples, dict):
        return {key: cloned(value) for key, value in samples.items()}
    return type(samples)(cloned(value) for value in samples) if isinstance(samples, list | tuple) else samples


@contextmanager
def preserved(module: nn.Module) -> Iterator[None]:
    """Whatever runs inside, buffers, gradients and the state of random numbers are afterwards what they were."""
    buffers = [(value, value.detach().clone()) for value in module.buffers()]
    gradients = [(value, value.grad) for value in module.parameters()]
    for value, _ in gradients:
        value.grad = None
    try:
        with torch.random.fork_rng([]), torch.inference_mode(False), torch.enable_grad():
            yield
    finally:
        with torch.no_grad():
            for value, before in buffers:
                value.copy_(before)
        for value, before in gradients:
            value.grad = before


def require_same(chain: Chain, samples: Any, loss_of: Callable[[Any], torch.Tensor]) -> None:
    """Raises unless the layers, one after the other, compute what the module does: the loss and all gradients."""

    def chained(value: Any) -> Any:
        for layer in chain.layers:
            value = layer.module(value)
        return value

    parameters = [(name, value) for name, value in chain.module.named_parameters() if value.requires_grad]
    results = []
    for run in (chain.module, chained):
        with preserved(chain.module):
            torch.random.default_generator.manual_seed(0)
            loss = loss_of(run(cloned(samples)))
            loss.backward()
            results.append((loss.detach(), [value.grad for _, value in parameters]))
    (expected, gradients), (got, chained_gradients) = results
    if not close(expected, got):
        raise_about("", chain.module, "computes another loss than its layers one after the other", str(got.item()), str(expected.item()))
    for (name, _), right, mine in zip(parameters, gradients, chained_gradients, strict=True):
        if not close(right, mine):
            raise_about(name, chain.module, "has another gradient than in its layers one after the other", "", "the same")


def close(left: torch.Tensor | None, right: torch.Tensor | None) -> bool:
    """The same but for rounding; both may be missing."""
    if left is None or right is None:
        return left is right
    return torch.allclose(left, right, rtol=1e-4, atol=1e-6, equal_nan=True)
