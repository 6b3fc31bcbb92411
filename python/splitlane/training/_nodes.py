"""Nodes of a training on many machines: each is a process, and runs the same script or its part of it."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import nn

from splitlane import Instance, _training
from splitlane._arguments import checked, integer, raise_error
from splitlane.training._chain import Chain
from splitlane.training._data import Collate, Samples, samples_of
from splitlane.training._learning import Learning, Optimize, Schedule
from splitlane.training._result import Training
from splitlane.training._setup import instance_of
from splitlane.training._train import (
    client_ids,
    document_of,
    engine_of,
    failures_of_layers,
    place_of,
    planning_of,
    prepared,
    random_numbers_kept,
    run,
    usual_optimizer,
)

# As the aggregator prints it.
LINE = re.compile(r"SPLITLANE_TOKEN=(?P<token>\S+) splitlane (?P<role>helper|client) --join (?P<address>\S+) --id (?P<id>.+)")
EXPECTED_LINE = "SPLITLANE_TOKEN=… splitlane client --join HOST:PORT --id ID, or an address and an id"
# An admitted node looks so long for an aggregator that is lost.
PATIENCE_S = 60.0
TOKEN_LIFETIME_S = 24 * 3600
# So many samples tell of what a layer hands on.
EXAMPLE = 8


def squares(outputs: Any) -> torch.Tensor:
    """In place of a loss, where a node has no labels: a network is compared with its layers by it."""
    if isinstance(outputs, torch.Tensor):
        return outputs.float().pow(2).sum()
    values = outputs.values() if isinstance(outputs, Mapping) else outputs
    return sum((squares(value) for value in values), torch.zeros(()))


def print_lines(lines: list[str]) -> None:
    """What other machines paste."""
    print(*lines, sep="\n", file=sys.stderr, flush=True)


class Aggregator:
    """Plans and averages a training whose helpers and clients run elsewhere, in Python too.

    The arguments are those of `train`; `example` is a batch of samples, without labels, and `samples` says how many each client
    has, in the order of the instance. `loss` is only that of the test.
    """

    @checked
    def __init__(
        self,
        network: nn.Module | Chain,
        example: object,
        samples: Sequence[int],
        *,
        setup: Instance | str | os.PathLike[str] | Mapping[str, object],
        rounds: int = 1,
        batch_size: int = 32,
        seed: int = 0,
        optimizer: Optimize = usual_optimizer,
        scheduler: Schedule | None = None,
        loss: Callable[[Any, Any], torch.Tensor] = nn.functional.cross_entropy,
        test: object = None,
        collate: Collate | None = None,
        keep_short_batch: bool = False,
        method: str = "auto",
        time_limit: float | None = None,
        replan: bool = True,
        rule: str = "planned",
        minimum_clients: int = 1,
        layer_threads: int = 1,
        folder: str | os.PathLike[str] | None = None,
        resume: bool = False,
    ) -> None:
        chain = prepared(network, example, squares)
        self.instance = instance_of(setup, chain, example, len(samples), type(chain.module).__name__)
        tested = None if test is None else samples_of(test, "test", collate)
        self.engine = engine_of(chain, example, [], tested, Learning(loss, optimizer, scheduler, None), client_ids(self.instance))
        self.engine.samples = [integer(f"samples[{at}]", each, 1) for at, each in enumerate(samples)]
        self.document = {
            **document_of(self.engine, batch_size, rounds, seed), "keep_short_batch": keep_short_batch, "rule": rule,
            "partition": {"kind": "counts", "counts": self.engine.samples}, "planning": planning_of(method, time_limit, replan),
            "emulation": {"off": True}, "minimum_clients": minimum_clients, "layer_threads": layer_threads,
        }  # fmt: skip
        self.folder = folder
        self.resume = resume

    @checked
    def run(
        self,
        listen: str,
        *,
        advertise: str = "",
        token_lifetime: int = TOKEN_LIFETIME_S,
        on_listening: Callable[[list[str]], object] = print_lines,
        on_round: Callable[[dict[str, Any]], object] | None = None,
    ) -> Training:
        """Listens at `HOST:PORT` until the training is over. `on_listening` hears a line for each node, which its machine gives to
        `Client.join` or `Helper.join`; a line has a secret in it. `advertise` is the name by which others reach this machine."""
        with place_of(self.folder) as place:
            handlers: dict[str, Callable[[Any], object]] = {"listening": on_listening}
            listening = (listen, advertise, token_lifetime)
            return run(self.engine, self.document, self.instance, place, self.resume, handlers, on_round, listening)


class Node:
    """What a client and a helper have in common."""

    role = ""

    def __init__(self, chain: Chain, example: Any, data: list[Samples], learning: Learning) -> None:
        self.engine = engine_of(chain, example, data, None, learning, [])

    @checked
    def join(
        self,
        line: str,
        id: str | None = None,
        *,
        token: str = "",
        state: str | os.PathLike[str] | None = None,
        patience: float = PATIENCE_S,
        listen: str = "",
        advertise: str = "",
        on_batch: Callable[[dict[str, Any]], object] | None = None,
    ) -> None:
        """Takes part until the training is over. `line` is what the aggregator printed for this node, or its address, with `id`.

        Key and certificate are kept in the folder `state` (ROLE-ID), by which the node comes back without a token. A lost aggregator
        is looked for for `patience` seconds. A helper listens at `listen`, HOST:PORT, and is found by others at `advertise`.
        """
        found = LINE.fullmatch(line.strip())
        if found is not None:
            if found["role"] != self.role:
                raise_error("usage", "line", "is that of another role", found["role"], self.role)
            line, id, token = found["address"], found["id"].strip("'"), found["token"]
        if id is None:
            raise_error("usage", "line", "neither a line to join with nor an address with an id", "", EXPECTED_LINE)
        self.engine.clients = [id] if self.role == "client" else []
        handlers = {} if on_batch is None else {"batch": on_batch}
        folder = os.fspath(state) if state is not None else f"{self.role}-{id}"
        with failures_of_layers(), random_numbers_kept():
            interruption = _training.join(
                self.role, id, line, token, folder, patience, listen, advertise, self.engine, lambda: self.engine.serve(handlers)
            )
        self.engine.serve({} if interruption is not None else handlers)
        if interruption is not None:
            raise interruption


class Client(Node):
    """A client with its data, which stay here. The arguments are those of `train`, and must be the same on all nodes."""

    role = "client"

    @checked
    def __init__(
        self,
        network: nn.Module | Chain,
        dataset: object,
        *,
        optimizer: Optimize = usual_optimizer,
        loss: Callable[[Any, Any], torch.Tensor] = nn.functional.cross_entropy,
        scheduler: Schedule | None = None,
        clip_gradients: Callable[[Iterable[nn.Parameter]], object] | None = None,
        collate: Collate | None = None,
    ) -> None:
        data = samples_of(dataset, "dataset", collate)
        with random_numbers_kept():
            samples, labels = data.batch(range(min(EXAMPLE, len(data))))
        chain = prepared(network, samples, lambda outputs: loss(outputs, labels))
        super().__init__(chain, samples, [data], Learning(loss, optimizer, scheduler, clip_gradients))


class Helper(Node):
    """A helper, which sees neither samples nor labels. `example` is a batch of samples, such as zeros, of which sizes are found."""

    role = "helper"

    @checked
    def __init__(
        self,
        network: nn.Module | Chain,
        example: object,
        *,
        optimizer: Optimize = usual_optimizer,
        scheduler: Schedule | None = None,
        clip_gradients: Callable[[Iterable[nn.Parameter]], object] | None = None,
    ) -> None:
        chain = prepared(network, example, squares)
        super().__init__(chain, example, [], Learning(nn.functional.cross_entropy, optimizer, scheduler, clip_gradients))
