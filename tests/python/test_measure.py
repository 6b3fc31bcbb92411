"""The Python profiler and `splitlane profile measure` speak of the same layers; times are compared by benchmarks/training/measure.py."""

import json
import os
from pathlib import Path

import pytest

from splitlane import Model

torch = pytest.importorskip("torch", reason="PyTorch is not installed (Debian: python3-torch)")

from torch import nn  # noqa: E402

from splitlane.torch import export, profile  # noqa: E402

BATCH = 4


class Block(nn.Module):
    """Counts as one layer."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(4, 4, 3, padding=1)

    def forward(self, x):
        return x + self.convolution(x).relu()


@pytest.fixture
def network():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4)), nn.ReLU(inplace=True),
        Block(), nn.MaxPool2d(2), nn.Flatten(), nn.Dropout(0.1), nn.Linear(4 * 4 * 4, 10),
    )  # fmt: skip


def test_both_number_name_and_size_layers_alike(network, program, tmp_path):
    binary = Path(os.environ.get("SPLITLANE_BINARY", Path(__file__).parents[2] / "build/debug/splitlane"))
    if not (binary.parent / "splitlane-training").is_file():
        pytest.skip("splitlane-training was not built: a library that it needs is missing (scripts/bootstrap)")
    in_python = profile(network, "cpu", torch.rand(BATCH, 3, 8, 8), name="small", device_name="here", repeats=1, warmup=0)
    export(network, tmp_path / "small.pt")
    program("profile", "measure", "--torchscript", "small.pt", "--sample", "3x8x8", "--batch", BATCH, "--runs", 1, "--warm-up", 0,
            "-o", "here.json", "--model-output", "network.json", "-q")  # fmt: skip
    expected = json.loads(in_python.model.to_json())["layers"]
    layers = json.loads(Model.load(tmp_path / "network.json").to_json())["layers"]
    # A TorchScript module has no dots in its name.
    assert [layer["name"] for layer in layers] == [layer["name"].replace(".", "_") for layer in expected]
    for key in ("activation_bytes", "weight_bytes"):
        assert [layer[key] for layer in layers] == [layer[key] for layer in expected]
    (there,) = json.loads((tmp_path / "here.json").read_text())["measurements"]
    (here,) = json.loads(in_python.device.to_json())["measurements"]
    assert (there["model"], there["batch"]) == (here["model"], here["batch"])
    assert there["activation_bytes"] == [BATCH * layer["activation_bytes"] for layer in expected]
    for key in ("forward_ms", "backward_ms", "update_ms"):
        assert len(there[key]) == len(here[key]) == len(layers)
