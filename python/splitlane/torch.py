"""Measures PyTorch models layer by layer (`pip install splitlane[torch]`)."""

import platform
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import nn

from splitlane import Device, Model

BYTES_PER_MEGABYTE = 2**20


class Profile(NamedTuple):
    """What was measured: the network, and the device that ran it."""

    model: Model
    device: Device


class LayerRun:
    """One layer with its input, ready to run forward, backward and update again and again."""

    def __init__(self, name: str, layer: nn.Module, inputs: torch.Tensor, learning_rate: float) -> None:
        self.name = name
        self.layer = layer
        # The gradient of the input is part of the backward pass wherever the input can have one.
        self.inputs = inputs.detach().requires_grad_(inputs.is_floating_point())
        parameters = [parameter for parameter in layer.parameters() if parameter.requires_grad]
        self.optimizer = torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9) if parameters else None
        self.outputs = inputs

    def forward(self) -> None:
        self.outputs = self.layer(self.inputs)

    def backward(self) -> None:
        if self.outputs.requires_grad:
            self.outputs.backward(torch.ones_like(self.outputs))

    def update(self) -> None:
        if self.optimizer:
            self.optimizer.step()
            self.optimizer.zero_grad()


def layers_of(model: nn.Module) -> "OrderedDict[str, nn.Module]":
    """The parts between which one can cut, in order: the children of an nn.Sequential (nested ones opened up)."""
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for name, child in model.named_children():
        if isinstance(child, nn.Sequential):
            layers.update((f"{name}.{inner}", layer) for inner, layer in layers_of(child).items())
        else:
            layers[name] = child
    return layers


def bytes_of(tensors: Iterator[torch.Tensor]) -> int:
    """What tensors hold."""
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def milliseconds(action: Callable[[], None], device: torch.device) -> float:
    """Wall time of one action, with what it left to the GPU."""
    begin = time.perf_counter()
    action()
    if device.type == "cuda":
        torch.cuda.synchronize(device)
    return (time.perf_counter() - begin) * 1e3


def measure(run: LayerRun, device: torch.device, warmup: int, repeats: int) -> dict[str, float]:
    """The median of several runs of each of the three, the first ones left out."""
    times: dict[str, list[float]] = {"forward_ms": [], "backward_ms": [], "update_ms": []}
    for _ in range(warmup + repeats):
        for column, action in zip(times, (run.forward, run.backward, run.update), strict=True):
            times[column].append(milliseconds(action, device))
    return {column: sorted(values[warmup:])[repeats // 2] for column, values in times.items()}


def layer_document(run: LayerRun, batch: int) -> dict[str, object]:
    """One layer of a model document. FLOPs are not counted: what a layer takes here was measured."""
    return {
        "name": run.name,
        "forward_flops": 0,
        "backward_flops": 0,
        "activation_bytes": -(-bytes_of(iter([run.outputs])) // batch),
        "weight_bytes": bytes_of(run.layer.parameters()) + bytes_of(run.layer.buffers()),
    }


def profile(
    model: nn.Module,
    device: str | torch.device,
    batch: torch.Tensor,
    *,
    name: str = "model",
    device_name: str | None = None,
    ram_mb: int | None = None,
    repeats: int = 5,
    warmup: int = 2,
) -> Profile:
    """Times every layer of an nn.Sequential (or of a module whose children run one after the other) on a device.

    `batch` is one batch of inputs. Every layer runs forward, backward and update (SGD with momentum) `repeats` times after
    `warmup` runs; the medians are the profile. The model is left as it was. Returns the network and the device, for
    `splitlane.scenario(model=…, client_devices=[…])` or `Instance.from_setup`.
    """
    place = torch.device(device)
    state = {key: value.clone() for key, value in model.state_dict().items()}
    training = model.training
    model.to(place).train()
    activation = batch.to(place)
    documents: list[dict[str, object]] = []
    times: dict[str, list[float]] = {"forward_ms": [], "backward_ms": [], "update_ms": []}
    try:
        for layer_name, layer in layers_of(model).items():
            # A learning rate of 0 does the work of an update and leaves the weights.
            run = LayerRun(layer_name, layer, activation, 0.0)
            for column, value in measure(run, place, warmup, repeats).items():
                times[column].append(value)
            documents.append(layer_document(run, len(batch)))
            activation = run.outputs.detach()
    finally:
        model.load_state_dict(state)
        model.zero_grad()
        model.train(training)
    network = Model(name=name, input_bytes=-(-bytes_of(iter([batch])) // len(batch)), layers=documents)
    return Profile(network, device_profile(device_name or f"{platform.node()}-{place}", ram_mb, name, len(batch), times))


def device_profile(name: str, ram_mb: int | None, model: str, batch: int, times: dict[str, list[float]]) -> Device:
    """A device document with one measurement."""
    fields: dict[str, object] = {} if ram_mb is None else {"ram_mb": ram_mb}
    software = {"torch": torch.__version__, "machine": platform.machine()}
    return Device(name=name, **fields, measurements=[{"model": model, "batch": batch, **times, "meta": software}])
