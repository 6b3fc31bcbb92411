"""Trains PyTorch networks split between clients and helpers, by plans (docs/pytorch.md).

    trained = splitlane.training.train(network, datasets, rounds=5)
    network.load_state_dict(trained.state_dict)
"""

import importlib.util

from splitlane._arguments import raise_error

if importlib.util.find_spec("splitlane._training") is None:
    raise_error(
        "usage", "splitlane.training", "the package was built without the engine", "",
        "libgrpc++-dev, protobuf-compiler-grpc, libasio-dev and zlib1g-dev installed, and splitlane installed again",
    )  # fmt: skip

from splitlane._training import batch_order, layer_seed
from splitlane.training._chain import Chain, Layer, split_points
from splitlane.training._nodes import Aggregator, Client, Helper
from splitlane.training._result import Training
from splitlane.training._setup import Profile, profile
from splitlane.training._train import train

__all__ = [
    "Aggregator",
    "Chain",
    "Client",
    "Helper",
    "Layer",
    "Profile",
    "Training",
    "batch_order",
    "layer_seed",
    "profile",
    "split_points",
    "train",
]
