"""Checkpoints, as the engine has them written and read: `torch.load` gives a dict from "LAYER.PARAMETER" to a tensor."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import torch

from splitlane.torch import write_whole
from splitlane.training._tensors import Exported, exported

# Beside the weights: what a training needs to go on, as JSON.
INDEX = "splitlane"


def write(path: str, layers: list[str], state: list[list[tuple[str, torch.Tensor]]], metadata: str) -> None:
    """The file is there as a whole or not at all."""
    named = list(zip(layers, state, strict=True))
    content: dict[str, Any] = {f"{layer}.{name}": tensor for layer, entries in named for name, tensor in entries}
    content[INDEX] = json.dumps(
        {"layers": [[layer, [name for name, _ in entries]] for layer, entries in named], "metadata": metadata}
    )
    buffer = io.BytesIO()
    torch.save(content, buffer)
    write_whole(Path(path), buffer.getvalue())


def read(path: str | os.PathLike[str]) -> tuple[list[str], list[list[tuple[str, Exported]]], str]:
    """What `write` was given. Nothing in the file is executed."""
    content = torch.load(path, map_location="cpu", weights_only=True)
    index = json.loads(content[INDEX])
    layers = [layer for layer, _ in index["layers"]]
    state = [[(name, exported(content[f"{layer}.{name}"])) for name in names] for layer, names in index["layers"]]
    return layers, state, index["metadata"]
