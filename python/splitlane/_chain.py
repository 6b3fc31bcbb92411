"""The layers that a PyTorch module runs one after the other: traced, not guessed from the order of its children."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple, NoReturn

import torch
from torch import nn

from splitlane._arguments import raise_error
from splitlane._errors import Error

REMEDY = "layers that run one after the other, such as an nn.Sequential; what belongs together goes into one module"

# Client, helper, client: a part for each.
FEWEST = 3


class Step(NamedTuple):
    """A call of a layer; one that is called twice is two steps."""

    name: str
    layer: nn.Module


def raise_about(name: str, layer: object, what: str, got: str, expected: str) -> NoReturn:
    """Raises an error that names a layer and its class."""
    place = f"model.{name}" if name else "model"
    raise_error("usage", f"{place} ({type(layer).__name__})", what, got, expected)


@contextmanager
def about(name: str, layer: nn.Module) -> Iterator[None]:
    """What goes wrong in a layer is told with its name."""
    try:
        yield
    except Error:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        raise_about(name, layer, "fails in training mode", reason, "a batch that every layer takes; " + REMEDY)


def is_opened(module: nn.Module) -> bool:
    """Whether a module's children are layers of their own, rather than itself being one."""
    if isinstance(module, nn.ModuleList | nn.ModuleDict):
        return True
    return isinstance(module, nn.Sequential) and type(module).forward is nn.Sequential.forward


def named_layers(model: nn.Module, prefix: str = "") -> Iterator[tuple[str, nn.Module]]:
    """The children of a module, lists and sequences of them opened up; one that has two names comes twice."""
    for name, child in model._modules.items():
        if child is None:
            continue
        if is_opened(child):
            yield from named_layers(child, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", child


def private_copy(model: nn.Module) -> nn.Module:
    """A copy to measure or write, so that weights, buffers, gradients and modes of the caller's model stay as they are."""
    try:
        copied = copy.deepcopy(model)
    except Exception as error:
        name, layer = next(((name, layer) for name, layer in named_layers(model) if not can_be_copied(layer)), ("", model))
        expected = "modules that copy.deepcopy copies; torch.nn.utils.parametrizations instead of weight_norm"
        raise_about(name, layer, "cannot be copied", f"{type(error).__name__}: {error}", expected)
    # Copies of compiled modules hold results of copying, which no optimizer takes.
    for mine, original in zip(copied.parameters(), model.parameters(), strict=True):
        if not mine.is_leaf:
            mine.detach_().requires_grad_(original.requires_grad)
    return copied


def can_be_copied(layer: nn.Module) -> bool:
    """Whether deepcopy takes it."""
    try:
        copy.deepcopy(layer)
    except Exception:  # noqa: BLE001  (a module may raise anything)
        return False
    return True


def version(tensor: torch.Tensor) -> int:
    """How often a tensor was changed in place; 0 where PyTorch does not count."""
    return 0 if tensor.is_inference() else tensor._version


def require_tensor(name: str, layer: nn.Module, value: object, verb: str) -> torch.Tensor:
    """Layers hand one tensor to each other: that is what goes over a link."""
    if not isinstance(value, torch.Tensor):
        expected = "one tensor; put the layer into a module that takes and returns what its neighbours do"
        raise_about(name, layer, f"{verb} more or other than a tensor", f"a {type(value).__name__}", expected)
    return value


class Trace:
    """Follows a batch through a model. Every layer must be given the very tensor that the one before returned, and nobody
    may have changed it in between; otherwise the model computes something else than its layers in order."""

    def __init__(self, model: nn.Module, batch: torch.Tensor) -> None:
        self.steps: list[Step] = []
        self.current = batch
        self.version = version(batch)
        self.is_inside = False
        self.names: dict[nn.Module, list[str]] = {}
        for name, layer in named_layers(model):
            self.names.setdefault(layer, []).append(name)

    def call(self, layer: nn.Module, forward: Callable[..., Any], given: tuple[Any, ...], named: Mapping[str, Any]) -> Any:
        """Runs a layer, and notes that it ran. What a layer calls inside itself is its own business."""
        if self.is_inside:
            return forward(*given, **named)
        name = self.next_name(layer)
        if len(given) != 1 or named:
            raise_about(name, layer, "is called with other than one argument", f"{len(given) + len(named)}", REMEDY)
        self.require_current(name, layer, require_tensor(name, layer, given[0], "takes"))
        self.is_inside = True
        with about(name, layer):
            result = forward(*given)
        self.is_inside = False
        self.current = require_tensor(name, layer, result, "returns")
        self.version = version(self.current)
        self.steps.append(Step(name, layer))
        return result

    def next_name(self, layer: nn.Module) -> str:
        """The name for another call of a layer: its names in turn, then numbered."""
        names = self.names[layer]
        calls = sum(step.layer is layer for step in self.steps)
        return names[calls] if calls < len(names) else f"{names[-1]} ({calls + 1})"

    def require_current(self, name: str, layer: nn.Module, value: torch.Tensor) -> None:
        """Refuses a tensor that something beside the layers made."""
        if value is not self.current or version(value) != self.version:
            raise_about(name, layer, "is not given what the layer before it returned", self.last(), REMEDY)

    def last(self) -> str:
        """Where the chain stands, in words."""
        if not self.steps:
            return "another tensor than the batch"
        name, layer = self.steps[-1]
        return f"another tensor than that of model.{name} ({type(layer).__name__})"


def traced_steps(model: nn.Module, batch: torch.Tensor) -> list[Step]:
    """The layers of a model in the order in which it calls them. Raises kUsage where they are not all that it computes.

    `model` is the profiler's own: its layers' forward is replaced while it runs.
    """
    trace = Trace(model, batch)
    replaced = [(layer, layer.__dict__.get("forward")) for layer in trace.names]
    for layer, _ in replaced:
        layer.forward = following(trace, layer)
    try:
        with torch.no_grad(), about("", model):
            result = model(batch)
    finally:
        for layer, own in replaced:
            del layer.forward
            if own is not None:
                layer.forward = own
    require_chain(model, trace, result)
    return trace.steps


def following(trace: Trace, layer: nn.Module) -> Callable[..., Any]:
    """A layer's forward that tells a trace of each call."""
    forward = layer.forward
    return lambda *given, **named: trace.call(layer, forward, given, named)


def require_chain(model: nn.Module, trace: Trace, result: object) -> None:
    """Refuses a model that has too few layers, or makes something else of what the last one returned."""
    if len(trace.steps) < FEWEST:
        raise_about("", model, "too few layers to cut twice", f"{len(trace.steps)}", f"at least {FEWEST} " + REMEDY)
    if require_tensor("", model, result, "returns") is not trace.current or version(trace.current) != trace.version:
        raise_about("", model, "does not return what its last layer returned", trace.last(), REMEDY)
