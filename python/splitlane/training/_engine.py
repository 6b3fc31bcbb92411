"""What the C++ engine asks of Python: parts, weights, samples. Its methods are called by threads of the engine."""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any

import torch
from torch import nn

from splitlane.training._chain import Chain, count, named_slots
from splitlane.training._data import Samples
from splitlane.training._facts import LayerFacts
from splitlane.training._learning import Learning
from splitlane.training._part import Part, correct_of
from splitlane.training._tensors import TYPES, Exported, copied, exported

EVALUATED_AT_ONCE = 100


class Engine:
    """A network and its data. Events are left in a queue for the thread that called `train`."""

    def __init__(
        self, chain: Chain, facts: list[LayerFacts], model_json: str, data: list[Samples], test: Samples | None, learning: Learning, clients: list[str]
    ) -> None:  # fmt: skip
        self.chain = chain
        self.facts = facts
        self.model_json = model_json
        self.data = data
        self.test = test
        self.learning = learning
        self.clients = clients
        self.batches: dict[int, tuple[Any, Any, int]] = {}  # of each client: samples, labels and number of those in progress
        self.events: queue.SimpleQueue[tuple[str, Any]] = queue.SimpleQueue()
        # Held by who draws from PyTorch's generator, which all threads share.
        self.drawing = threading.RLock()
        # Layer 0 is the batch itself, which stays here.
        self.activations = [(TYPES[torch.int64], []), *(found.activation for found in facts)]
        self.slots = [[(name, TYPES[value.dtype], list(value.shape)) for name, value in named_slots(layer.module)] for layer in chain.layers]
        self.samples = [len(each) for each in data]
        self.has_test = test is not None
        self.is_watched = False  # whether anybody asks for progress
        self.whole = deepcopy(chain.module).eval() if test is not None else None

    @contextmanager
    def random(self, seed: int) -> Iterator[None]:
        """What is drawn inside follows from the seed alone."""
        with self.drawing:
            torch.random.default_generator.manual_seed(seed)
            yield

    @contextmanager
    def about(self, name: str, place: tuple[int, int, int]) -> Iterator[None]:
        """What goes wrong is told with its place."""
        try:
            yield
        except Exception as error:
            round_, client, batch = place
            error.add_note(f"splitlane: {name}, round {round_}, client {self.client_id(client)}, batch {batch}")
            raise

    def client_id(self, client: int) -> str:
        """Of a client by its position; a node on another machine knows itself alone."""
        return self.clients[client if len(self.clients) > 1 else 0] if self.clients else str(client)

    def initial_state(self) -> list[list[tuple[str, Exported]]]:
        return [[(name, copied(value)) for name, value in named_slots(layer.module)] for layer in self.chain.layers]

    def make_part(self, first: int, last: int) -> Part:
        return Part(self, first, last)

    def batch(self, client: int, seed: int, positions: list[int]) -> tuple[Exported, Exported]:
        """Fetches samples; the engine is told how many there are."""
        with self.random(seed):
            samples, labels = self.data[client if len(self.data) > 1 else 0].batch(positions)
        self.batches[client] = (samples, labels, len(positions))
        counted = torch.zeros(len(positions), dtype=torch.int64)
        return exported(counted), exported(counted)

    def evaluate(self, state: list[list[tuple[str, torch.Tensor]]]) -> tuple[int, float, float]:
        """Samples, mean loss and accuracy of the test set, in evaluation mode."""
        assert self.test is not None and self.whole is not None
        load_weights(self.whole, self.chain, state)
        samples, total, correct = 0, 0.0, 0
        with torch.no_grad(), self.drawing:
            for first in range(0, len(self.test), EVALUATED_AT_ONCE):
                given, labels = self.test.batch(range(first, min(first + EVALUATED_AT_ONCE, len(self.test))))
                outputs = self.whole(given)
                number = count(given)
                samples += number
                total += float(self.learning.loss(outputs, labels)) * number
                correct += correct_of(outputs, labels) or 0
        return samples, total / samples, correct / samples

    def batch_scored(self, place: tuple[int, int, int], samples: int, loss: float, correct: int | None) -> None:
        round_, client, batch = place
        row: dict[str, object] = {"round": round_, "client": self.client_id(client), "batch": batch, "samples": samples, "loss": loss}
        if correct is not None:
            row["accuracy"] = correct / samples
        self.events.put(("batch", row))

    def round_ended(self, line: str) -> None:
        row = json.loads(line)
        row["learning_rate"] = self.learning.rate(row["round"])
        self.events.put(("round", row))

    def progressed(self, round_: int, batches: int, of: int) -> None:
        self.events.put(("progress", (round_, batches, of)))

    def listening(self, lines: list[str]) -> None:
        self.events.put(("listening", lines))

    def serve(self, handlers: dict[str, Callable[[Any], object]]) -> None:
        """Runs what events call for, on the thread that called `train`."""
        while not self.events.empty():
            kind, value = self.events.get()
            if kind in handlers:
                with self.drawing:  # a callback may draw, too
                    handlers[kind](value)


def load_weights(module: nn.Module, chain: Chain, state: list[list[tuple[str, torch.Tensor]]]) -> None:
    """Gives a copy of the chain's module the weights of its layers; frozen parameters stay."""
    names: dict[int, str] = {}
    for name, value in [*chain.module.named_parameters(), *chain.module.named_buffers()]:
        names.setdefault(id(value), name)
    targets = dict([*module.named_parameters(), *module.named_buffers()])
    with torch.no_grad():
        for layer, entries in zip(chain.layers, state, strict=True):
            for (_, mine), (_, value) in zip(named_slots(layer.module), entries, strict=True):
                targets[names[id(mine)]].copy_(value)
