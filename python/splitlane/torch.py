"""Measures PyTorch models layer by layer, and writes them for training (`pip install splitlane[torch]`)."""

from __future__ import annotations

import io
import os
import platform
import time
import uuid
from collections import OrderedDict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple

import torch
from torch import nn

from splitlane import Device, Model
from splitlane._arguments import checked, integer, raise_error
from splitlane._chain import FEWEST, REMEDY, Step, about, is_opened, named_layers, private_copy, raise_about, traced_steps

COLUMNS = ("forward_ms", "backward_ms", "update_ms")
# A learning rate of 0 does the work of an update and leaves the weights.
LEARNING_RATE = 0.0


class Profile(NamedTuple):
    """What was measured: the network, and the device that ran it."""

    model: Model
    device: Device


class LayerRun:
    """One layer with its input, ready to run forward, backward and update again and again."""

    def __init__(self, step: Step, inputs: torch.Tensor) -> None:
        self.name = step.name
        self.layer = step.layer
        # The gradient of the input is part of the backward pass wherever the input can have one.
        self.inputs = inputs.detach().requires_grad_(inputs.is_floating_point() or inputs.is_complex())
        parameters = [parameter for parameter in step.layer.parameters() if parameter.requires_grad]
        self.optimizer = torch.optim.SGD(parameters, lr=LEARNING_RATE, momentum=0.9) if parameters else None
        self.fresh = self.outputs = inputs

    def prepare(self) -> None:
        """What is no part of a layer's time: an input of its own, which a layer may overwrite, as inside a network."""
        self.inputs.grad = None
        self.fresh = self.inputs.clone()

    def forward(self) -> None:
        self.outputs = self.layer(self.fresh)

    def backward(self) -> None:
        if self.outputs.requires_grad:
            self.outputs.backward(torch.ones_like(self.outputs))

    def update(self) -> None:
        if self.optimizer:
            self.optimizer.step()
            self.optimizer.zero_grad()


def bytes_of(tensors: Iterable[torch.Tensor]) -> int:
    """What tensors hold."""
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors)


def bytes_a_sample(tensor: torch.Tensor, batch: int) -> int:
    """What one sample of a batch holds, rounded up."""
    return -(-bytes_of([tensor]) // batch)


def wait_for(device: torch.device) -> None:
    """Until a GPU has done what it was told."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def milliseconds(action: Callable[[], None], device: torch.device) -> float:
    """Wall time of one action, with what it left to the GPU."""
    begin = time.perf_counter()
    action()
    wait_for(device)
    return (time.perf_counter() - begin) * 1e3


def measure(run: LayerRun, device: torch.device, warmup: int, repeats: int) -> dict[str, float]:
    """The median of several runs of each of the three, the first ones left out."""
    times: dict[str, list[float]] = {column: [] for column in COLUMNS}
    for _ in range(warmup + repeats):
        run.prepare()
        wait_for(device)
        for column, action in zip(COLUMNS, (run.forward, run.backward, run.update), strict=True):
            times[column].append(milliseconds(action, device))
    return {column: sorted(values[warmup:])[repeats // 2] for column, values in times.items()}


def layer_document(run: LayerRun, batch: int) -> dict[str, object]:
    """One layer of a model document. FLOPs are not counted: what a layer takes here was measured."""
    return {
        "name": run.name,
        "forward_flops": 0,
        "backward_flops": 0,
        "activation_bytes": bytes_a_sample(run.outputs, batch),
        "weight_bytes": bytes_of(run.layer.parameters()) + bytes_of(run.layer.buffers()),
    }


def place_of(device: str | torch.device) -> torch.device:
    """The device that a text names, if it is there."""
    try:
        place = torch.device(device)
        torch.empty(0, device=place)
    except (RuntimeError, AssertionError) as error:
        raise_error("usage", "device", "no device of this PyTorch", f'"{device}"', str(error).splitlines()[0])
    return place


@checked
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
    """Times every layer of a model on a device, forward, backward and update.

    The model runs its layers one after the other: an nn.Sequential, or a module whose `forward` does so with its children
    (sequences and lists of them are opened up). Whatever else it does is an error that names the layer. `batch` is one
    batch of inputs, a tensor. Every layer runs `repeats` times after `warmup` runs, in training mode and with SGD with
    momentum; the medians are the profile. A copy of the model runs: weights, buffers, gradients, modes and the state of
    random numbers stay as they were. Returns the network and the device, for
    `splitlane.scenario(model=…, client_devices=[…])` or `Instance.from_setup`.
    """
    repeats, warmup = integer("repeats", repeats, 1), integer("warmup", warmup, 0)
    if batch.ndim == 0 or batch.numel() == 0:
        raise_error("usage", "batch", "no samples", f"shape {tuple(batch.shape)}", "one sample or more, the first dimension")
    place = place_of(device)
    # Gradients are measured even where the caller has switched them off.
    with torch.random.fork_rng([place] if place.type == "cuda" else []), torch.inference_mode(False), torch.enable_grad():
        layers, times = measured_layers(private_copy(model).to(place).train(), batch.to(place), place, warmup, repeats)
    network = Model(name=name, input_bytes=bytes_a_sample(batch, len(batch)), layers=layers)
    return Profile(network, device_profile(device_name or f"{platform.node()}-{place}", ram_mb, name, len(batch), times))


def measured_layers(
    model: nn.Module, batch: torch.Tensor, place: torch.device, warmup: int, repeats: int
) -> tuple[list[dict[str, object]], dict[str, list[float]]]:
    """The document of every layer, and the columns of its times. `model` is the profiler's own."""
    documents: list[dict[str, object]] = []
    times: dict[str, list[float]] = {column: [] for column in COLUMNS}
    activation = batch.detach().clone()
    for step in traced_steps(model, activation.clone()):
        with about(*step):
            run = LayerRun(step, activation)
            for column, value in measure(run, place, warmup, repeats).items():
                times[column].append(value)
        documents.append(layer_document(run, len(batch)))
        activation = run.outputs.detach()
    return documents, times


def device_profile(name: str, ram_mb: int | None, model: str, batch: int, times: dict[str, list[float]]) -> Device:
    """A device document with one measurement."""
    fields: dict[str, object] = {} if ram_mb is None else {"ram_mb": ram_mb}
    software = {"torch": torch.__version__, "machine": platform.machine()}
    return Device(name=name, **fields, measurements=[{"model": model, "batch": batch, **times, "meta": software}])


@checked
def export(network: nn.Module, path: str | os.PathLike[str]) -> None:
    """Writes a network as the TorchScript file that `splitlane-training` trains, with the weights that it has.

    The network is an nn.Sequential of three layers or more; sequences in it are opened up, so that layers are numbered as
    `profile` numbers them. Every layer must be one that `torch.jit.script` compiles and take and return one tensor. It is
    written from a copy in training mode on the CPU; the file is there as a whole or not at all.
    """
    if not isinstance(network, nn.Sequential) or not is_opened(network):
        raise_about("", network, "is no sequence of layers", f"a {type(network).__name__}", "an nn.Sequential; " + REMEDY)
    layers = list(named_layers(private_copy(network).cpu().train()))
    if len(layers) < FEWEST:
        raise_about("", network, "too few layers to cut twice", f"{len(layers)}", f"at least {FEWEST} " + REMEDY)
    # A name with a dot in it is none of a module.
    scripted = OrderedDict((name.replace(".", "_"), scripted_layer(name, layer)) for name, layer in layers)
    buffer = io.BytesIO()
    torch.jit.save(torch.jit.script(nn.Sequential(scripted)), buffer)
    write_whole(Path(path), buffer.getvalue())


def scripted_layer(name: str, layer: nn.Module) -> torch.jit.ScriptModule:
    """A layer compiled, or an error that names it."""
    try:
        return torch.jit.script(layer)
    except Exception as error:  # noqa: BLE001  (the compiler raises anything)
        reason = next((line.strip() for line in str(error).splitlines() if line.strip()), "")
        raise_about(name, layer, "is nothing that torch.jit.script compiles", f"{type(error).__name__}: {reason}", "TorchScript")


def write_whole(path: Path, content: bytes) -> None:
    """Writes a file beside its place and moves it there, so that nobody sees a part of it."""
    temporary = path.with_name(f".splitlane-{uuid.uuid4().hex}.tmp")
    try:
        try:
            temporary.write_bytes(content)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise_error("file", str(path), "cannot be written", error.strerror or str(error), "")
