"""What is found out of every layer by one batch: what it hands on, what it keeps, what it draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch

from splitlane import Model
from splitlane._chain import FEWEST, about, raise_about
from splitlane.training._chain import Chain, Layer, cloned, count, named_slots, preserved
from splitlane.training._tensors import TYPES


@dataclass(frozen=True)
class LayerFacts:
    """Of one layer. Bytes are those of the whole batch."""

    activation: tuple[int, list[int]]  # type and sizes of what it hands on, without the batch
    activation_bytes: int
    saved_bytes: int
    is_random: bool  # draws from PyTorch's generator
    writes_input: bool


def facts_of(chain: Chain, samples: Any) -> list[LayerFacts]:
    """Runs the layers forward in the modes that they have; the network stays as it was."""
    facts, value = [], cloned(samples)
    with preserved(chain.module):
        for layer in chain.layers:
            with about(layer.name, layer.module):
                found, value = facts_of_layer(layer, value)
            facts.append(found)
    return facts


def facts_of_layer(layer: Layer, value: Any) -> tuple[LayerFacts, Any]:
    """The facts, and what goes to the next layer."""
    saved: dict[int, int] = {}
    own = {parameter.data_ptr() for parameter in layer.module.parameters()}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        if tensor.data_ptr() not in own:
            saved[tensor.data_ptr()] = tensor.numel() * tensor.element_size()
        return tensor

    taken = value
    if isinstance(value, torch.Tensor):
        given = value.detach().requires_grad_(value.is_floating_point())
        taken = given.clone()  # a leaf may not be written to
    before = torch.random.get_rng_state()
    version = taken._version if isinstance(taken, torch.Tensor) else 0
    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        result = layer.module(taken)
    is_random = not torch.equal(before, torch.random.get_rng_state())
    writes_input = isinstance(taken, torch.Tensor) and taken._version != version
    if not isinstance(result, torch.Tensor):  # of the last layer, for the loss alone
        return LayerFacts((0, []), 0, sum(saved.values()), is_random, writes_input), result
    result = result.detach()
    activation = (TYPES.get(result.dtype, 0), list(result.shape[1:]))
    size = result.numel() * result.element_size()
    return LayerFacts(activation, size, sum(saved.values()), is_random, writes_input), result


def model_of(chain: Chain, facts: list[LayerFacts], samples: Any, name: str) -> Model:
    """The network as the planner knows it."""
    if len(chain.layers) < FEWEST:
        got = f"{len(chain.layers)}: {', '.join(chain.names)}"
        expected = f"at least {FEWEST}; layers that share weights, or between which goes more than one tensor of float32, are one"
        raise_about("", chain.module, "too few layers to cut twice", got, expected)
    batch = count(samples)
    layers = [
        {
            "name": layer.name,
            "forward_flops": 0,
            "backward_flops": 0,
            "activation_bytes": -(-found.activation_bytes // batch),
            "weight_bytes": sum(value.numel() * value.element_size() for _, value in named_slots(layer.module)),
            "saved_bytes": -(-found.saved_bytes // batch),
        }
        for layer, found in zip(chain.layers, facts, strict=True)
    ]
    return Model(name=name, input_bytes=input_bytes(samples) // batch, layers=layers)


def input_bytes(samples: Any) -> int:
    """What a batch holds."""
    if isinstance(samples, torch.Tensor):
        return samples.numel() * samples.element_size()
    values = samples.values() if isinstance(samples, dict) else samples
    return sum(input_bytes(value) for value in values)
