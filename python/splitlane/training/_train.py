"""Trains a PyTorch network by plans, with all roles in this process."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch
from torch import nn

from splitlane import Error, Instance, _training
from splitlane._arguments import checked, integer, raise_error
from splitlane._chain import raise_about
from splitlane.training._chain import Chain, chain_of, join_shared, join_untransferable, named_slots, require_same
from splitlane.training._data import Collate, Samples, samples_of
from splitlane.training._engine import Engine, load_weights
from splitlane.training._facts import facts_of, model_of
from splitlane.training._learning import Learning, Optimize, Schedule
from splitlane.training._result import Training, read_rounds
from splitlane.training._setup import instance_of
from splitlane.training._tensors import TYPES


def usual_optimizer(parameters: list[nn.Parameter]) -> torch.optim.Optimizer:
    """SGD with momentum."""
    return torch.optim.SGD(parameters, lr=0.01, momentum=0.9)


@checked
def train(
    network: nn.Module | Chain,
    datasets: Sequence[object],
    *,
    setup: Instance | str | os.PathLike[str] | Mapping[str, object] | None = None,
    rounds: int = 1,
    optimizer: Optimize = usual_optimizer,
    loss: Callable[[Any, Any], torch.Tensor] = nn.functional.cross_entropy,
    batch_size: int = 32,
    seed: int = 0,
    test: object = None,
    scheduler: Schedule | None = None,
    clip_gradients: Callable[[Iterable[nn.Parameter]], object] | None = None,
    collate: Collate | None = None,
    keep_short_batch: bool = False,
    emulate: bool = False,
    time_scale: float = 1.0,
    method: str = "auto",
    time_limit: float | None = None,
    replan: bool | None = None,
    rule: str = "planned",
    minimum_clients: int = 1,
    folder: str | os.PathLike[str] | None = None,
    resume: bool = False,
    threads: int | None = None,
    layer_threads: int = 1,
    on_batch: Callable[[dict[str, Any]], object] | None = None,
    on_round: Callable[[dict[str, Any]], object] | None = None,
    progress: bool | None = None,
) -> Training:
    """Trains a network, split between clients and helpers that follow a plan, and averages it after each round (FedAvg).

    `network` is an nn.Sequential or what `split_points` gives; it stays as it was. `datasets` has one data set a client: a
    torch Dataset, a DataLoader of one (of which data set and collate_fn are used), or a pair of tensors. `setup` is an
    Instance, or a setup as `Instance.from_setup` takes it; without it this machine is measured and all nodes are like it.

    `optimizer` makes an optimizer of some parameters; each layer has its own, new in every round. `scheduler` makes a
    scheduler of an optimizer, which takes a step a round. `clip_gradients` is given the parameters of one layer before its
    update: what clips by a norm clips by that of the layer. Frozen parameters are neither sent nor averaged, and modules in
    evaluation mode stay in it. What PyTorch draws follows from the seed, round, client, batch and layer.

    With `emulate` devices and links take the time that the setup says, times `time_scale`. `method` and `time_limit` are those
    of `splitlane.plan`. With `replan` a round is planned anew where earlier ones took noticeably longer or shorter than planned;
    left alone, where devices are emulated. Plans, traces, metrics, report and checkpoint are written to `folder`, from which
    `resume` goes on; without it they are kept in memory alone.

    `on_batch` and `on_round` are called on this thread with a dict. Ctrl-C, or what they raise, ends the training after the
    batches in progress; the exception has what was trained until then, a Training, as its attribute `training`. What a
    layer, the loss or a data set raises is raised here.
    """  # fmt: skip
    data = [samples_of(each, f"datasets[{position}]", collate) for position, each in enumerate(datasets)]
    if not data or any(len(each) == 0 for each in data):
        raise_error("empty", "datasets", "no samples", f"{len(data)} data sets", "one a client, each with samples")
    with random_numbers_kept():
        samples, labels = data[0].batch(range(min(integer("batch_size", batch_size, 1), len(data[0]))))
    learning = Learning(loss, optimizer, scheduler, clip_gradients)
    chain = prepared(network, samples, lambda outputs: loss(outputs, labels))
    instance = instance_of(setup, chain, samples, len(data), type(chain.module).__name__)
    engine = engine_of(chain, samples, data, None if test is None else samples_of(test, "test", collate), learning, client_ids(instance))
    document = {
        **document_of(engine, batch_size, rounds, seed), "keep_short_batch": keep_short_batch, "rule": rule,
        "planning": planning_of(method, time_limit, emulate if replan is None else replan),
        "emulation": {"time_scale": time_scale} if emulate else {"off": True}, "minimum_clients": minimum_clients,
        "layer_threads": layer_threads, "checkpoint_every": 0 if folder is None else 1, **({} if threads is None else {"threads": threads}),
    }  # fmt: skip
    handlers: dict[str, Callable[[Any], object]] = {}
    if on_batch is not None:
        handlers["batch"] = on_batch
    if progress or (progress is None and is_watched()):
        handlers["progress"] = ProgressLine(rounds).show
        engine.is_watched = True
    with place_of(folder) as place, closed(handlers):
        return run(engine, document, instance, place, resume, handlers, on_round)


def engine_of(chain: Chain, samples: Any, data: list[Samples], test: Samples | None, learning: Learning, clients: list[str]) -> Engine:
    """What the C++ engine is given of a network and its data."""
    facts = facts_of(chain, samples)
    model = model_of(chain, facts, samples, type(chain.module).__name__)
    return Engine(chain, facts, model.to_json(), data, test, learning, clients)


def document_of(engine: Engine, batch_size: int, rounds: int, seed: int) -> dict[str, object]:
    """What every training document has."""
    name = type(engine.chain.module).__name__
    return {
        "format": "splitlane-training", "version": 1, "name": name, "instance": "instance.json", "network": {"python": name},
        "data": {"kind": "python"}, "batch": integer("batch_size", batch_size, 1), "rounds": integer("rounds", rounds, 1),
        "optimizer": engine.learning.description(), "seed": integer("seed", seed, 0),
    }  # fmt: skip


def run(
    engine: Engine, document: dict[str, object], instance: Instance, place: Path, resume: bool,
    handlers: dict[str, Callable[[Any], object]], on_round: Callable[[dict[str, Any]], object] | None,
    listening: tuple[str, str, int] = ("", "", 0),
) -> Training:  # fmt: skip
    """The training itself, in its folder. With an address, a name and the life of tokens its nodes are on other machines."""
    rows = rows_before(place) if resume else []

    def round_ended(row: dict[str, Any]) -> None:
        rows.append(row)
        if on_round is not None:
            on_round(row)

    served = {**handlers, "round": round_ended}
    with failures_of_layers(), random_numbers_kept():
        rounds, state, early, interruption = _training.run(
            json.dumps(document), instance.to_json(), engine, str(place), resume, lambda: engine.serve(served), *listening
        )
    # A callback that failed is asked nothing any more, and what it did not hear of is kept.
    engine.serve({"round": rows.append} if interruption is not None else served)
    trained = deepcopy(engine.chain.module)
    load_weights(trained, engine.chain, state)
    plans, traces = read_rounds(place, instance)
    training = Training(rounds, early, trained.state_dict(), instance, rows, plans, traces)
    if interruption is not None:
        interruption.training = training
        raise interruption
    return training


@contextlib.contextmanager
def failures_of_layers() -> Iterator[None]:
    """Where the engine ends because Python raised something, that is raised."""
    _training.take_failure()
    try:
        yield
    except Error:
        failure = _training.take_failure()
        if failure is None:
            raise
        raise failure from None


def planning_of(method: str, time_limit: float | None, replan: bool) -> dict[str, object]:
    """The `planning` of a training document."""
    limit = {} if time_limit is None else {"time_limit_s": time_limit}
    return {"method": method, "replan": "measured" if replan else "never", **limit}


def prepared(network: nn.Module | Chain, samples: Any, loss_of: Callable[[Any], torch.Tensor]) -> Chain:
    """The layers of a network, compared with the network itself."""
    chain = chain_of(network)
    if not any(module.training for module in chain.module.modules()):
        raise_about("", chain.module, "is in evaluation mode as a whole", ".eval()", ".train(); modules of it may be in evaluation mode")
    for layer in chain.layers:
        for name, value in named_slots(layer.module):
            if value.dtype not in TYPES:
                expected = ", ".join(str(each) for each in TYPES) + "; parameters of other types must be frozen"
                raise_about(f"{layer.name}.{name}", layer.module, "a weight of a type that cannot be averaged", str(value.dtype), expected)
    chain = join_untransferable(join_shared(chain), samples)
    require_same(chain, samples, loss_of)
    return chain


def client_ids(instance: Instance) -> list[str]:
    """In the order of the instance."""
    return [client["id"] for client in json.loads(instance.to_json())["clients"]]


def rows_before(place: Path) -> list[dict[str, object]]:
    """Of the rounds up to the checkpoint's, which every round writes."""
    metrics = place / "metrics.jsonl"
    return [json.loads(line) for line in metrics.read_text(encoding="utf-8").splitlines()] if metrics.exists() else []


@contextlib.contextmanager
def place_of(folder: str | os.PathLike[str] | None) -> Iterator[Path]:
    """The training's folder."""
    if folder is not None:
        path = Path(folder)
        path.mkdir(parents=True, exist_ok=True)
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="splitlane-") as temporary:
        yield Path(temporary)


@contextlib.contextmanager
def random_numbers_kept() -> Iterator[None]:
    """PyTorch's generator and threads are afterwards as they were."""
    threads = torch.get_num_threads()
    try:
        with torch.random.fork_rng([]):
            yield
    finally:
        torch.set_num_threads(threads)


def is_watched() -> bool:
    """Whether a person looks at stderr: a terminal, or a notebook."""
    return sys.stderr.isatty() or "ipykernel" in sys.modules


class ProgressLine:
    """One line of stderr that says how far a training is."""

    def __init__(self, rounds: int) -> None:
        self.rounds = rounds

    def show(self, value: tuple[int, int, int]) -> None:
        round_, batches, of = value
        print(f"\rround {round_} of {self.rounds}, batch {batches} of {of} ", end="", file=sys.stderr, flush=True)


@contextlib.contextmanager
def closed(handlers: dict[str, Callable[[Any], object]]) -> Iterator[None]:
    """Ends the line of progress, however the training ends."""
    try:
        yield
    finally:
        if "progress" in handlers:
            print(file=sys.stderr)
