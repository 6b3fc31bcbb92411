"""Who trains: an instance from what the caller gives, or of this machine alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NamedTuple

import torch
from torch import nn

import splitlane
from splitlane import Device, Instance, Model
from splitlane._arguments import checked, raise_error
from splitlane._chain import Step
from splitlane.torch import COLUMNS, LayerRun, device_profile, measure
from splitlane.training._chain import Chain, chain_of, cloned, count, join_shared, join_untransferable, preserved
from splitlane.training._facts import facts_of, model_of
from splitlane.training._part import copy_of

# Of a machine of which nobody said what it has: enough that memory decides nothing.
USUAL_RAM_MB = 1 << 18
CLIENTS_A_HELPER = 4


class Profile(NamedTuple):
    """What was measured: the network, and this machine."""

    model: Model
    device: Device


@checked
def profile(
    network: nn.Module | Chain, batch: object, *, name: str | None = None, device_name: str = "here", ram_mb: int | None = None, repeats: int = 3
) -> Profile:  # fmt: skip
    """Times the layers of a network as `train` has them, forward, backward and update, on this machine.

    `batch` is a batch of samples, without labels. Returns the network and the device, for `splitlane.scenario` or
    `Instance.from_setup`; the network stays as it was. See `splitlane.torch.profile` for what is timed.
    """
    chain = join_untransferable(join_shared(chain_of(network)), batch)
    facts = facts_of(chain, batch)
    title = name or type(chain.module).__name__
    model = model_of(chain, facts, batch, title)
    times: dict[str, list[float]] = {column: [] for column in COLUMNS}
    value: Any = cloned(batch)
    with preserved(chain.module):
        for layer in chain.layers:
            if not isinstance(value, torch.Tensor):
                raise_error("usage", "batch", "only tensors can be timed", type(value).__name__, "one tensor, or a setup of your own")
            run = LayerRun(Step(layer.name, copy_of(layer)), value)
            for column, measured in measure(run, torch.device("cpu"), 1, repeats).items():
                times[column].append(measured)
            value = run.outputs.detach()
    return Profile(model, device_profile(device_name, ram_mb, title, count(batch), times))


def instance_of(setup: Instance | str | os.PathLike[str] | Mapping[str, object] | None, chain: Chain, samples: object, clients: int, name: str) -> Instance:  # fmt: skip
    """What the caller gives; without anything as many clients as there are data sets and a helper for some of them, all of
    them this machine, which is measured."""
    if isinstance(setup, Instance):
        return setup
    if setup is not None:
        return Instance.from_setup(setup, time_unit="us")
    measured = profile(chain, samples, name=name, ram_mb=USUAL_RAM_MB)
    return splitlane.scenario(
        model=measured.model, client_devices=[measured.device], helper_devices=[measured.device], clients=clients,
        helpers=max(1, clients // CLIENTS_A_HELPER), batch=count(samples), cuts=(1, len(chain.layers) - 1), link="gigabit-ethernet", time_unit="us",
    )  # fmt: skip
