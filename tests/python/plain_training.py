"""Federated averaging as one writes it in plain PyTorch: what a split training must equal, bit for bit.

It knows nothing of parts, tapes or messages: one graph of autograd a batch, one optimizer a client.
"""

from __future__ import annotations

from copy import deepcopy

import torch

from splitlane.training import batch_order, layer_seed


def average(states: list[dict[str, torch.Tensor]], weights: list[int]) -> dict[str, torch.Tensor]:
    """The mean in doubles, in the order of the clients; counters are rounded."""
    mean = {}
    for name, first in states[0].items():
        total = torch.zeros(first.shape, dtype=torch.float64)
        for state, weight in zip(states, weights, strict=True):
            total += weight * state[name].double()
        total /= sum(weights)
        mean[name] = total.to(first.dtype) if first.is_floating_point() else total.round().to(first.dtype)
    return mean


def trained(
    network, layers_of, data, *, rounds, batch_size, optimizer, loss=torch.nn.functional.cross_entropy, seed=0, rate=None, clip=None, keep_short_batch=False
):  # fmt: skip
    """`layers_of(network)` gives what runs one after the other: random numbers are drawn anew for each."""
    network = deepcopy(network)
    torch.set_num_threads(1)
    for round_ in range(1, rounds + 1):
        states, weights = [], []
        for client, (samples, labels) in enumerate(data):
            mine = deepcopy(network)
            learned = [value for value in mine.parameters() if value.requires_grad]
            steps = optimizer(learned)
            if rate is not None:
                steps.param_groups[0]["lr"] = rate(round_)
            batches = batch_order(len(samples), batch_size, keep_short_batch, seed, round_, client)
            for number, positions in enumerate(batches):
                value = samples[positions]
                for layer, run in enumerate(layers_of(mine), start=1):
                    # As signed, for a generator takes either.
                    torch.random.default_generator.manual_seed(layer_seed(seed, round_, client, number, layer))
                    value = run(value)
                steps.zero_grad()
                loss(value, labels[positions]).backward()
                if clip is not None:
                    clip(learned)
                steps.step()
            states.append(mine.state_dict())
            weights.append(sum(len(positions) for positions in batches))
        network.load_state_dict(average(states, weights))
    return network.state_dict()
