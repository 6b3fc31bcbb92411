"""Profiles of PyTorch models, where PyTorch is installed."""

import json

import pytest

import splitlane

torch = pytest.importorskip("torch", reason="PyTorch is not installed (Debian: python3-torch)")

from splitlane.torch import profile  # noqa: E402

BATCH = 4


@pytest.fixture
def model():
    torch.manual_seed(0)
    return torch.nn.Sequential(
        torch.nn.Sequential(torch.nn.Conv2d(3, 8, 3, padding=1), torch.nn.BatchNorm2d(8)),
        torch.nn.ReLU(),
        torch.nn.MaxPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(8 * 8 * 8, 10),
    )


def test_sizes_are_those_of_the_tensors(model):
    measured = profile(model, "cpu", torch.rand(BATCH, 3, 16, 16), name="tiny", device_name="here", repeats=1, warmup=0)
    document = json.loads(measured.model.to_json())
    assert document["input_bytes"] == 3 * 16 * 16 * 4
    assert [layer["name"] for layer in document["layers"]] == ["0.0", "0.1", "1", "2", "3", "4"]
    # Floats of 4 bytes: 8 channels of 16 x 16, pooled to 8 x 8, then 10 classes.
    assert [layer["activation_bytes"] for layer in document["layers"]] == [8192, 8192, 8192, 2048, 2048, 40]
    # 8*3*9 + 8 of the convolution; 4 of 8 and a counter of 8 bytes of the norm; 512*10 + 10 of the classifier.
    assert [layer["weight_bytes"] for layer in document["layers"]] == [896, 136, 0, 0, 0, 20520]


def test_every_layer_is_timed_and_the_model_left_as_it_was(model):
    before = {key: value.clone() for key, value in model.state_dict().items()}
    model.eval()
    measured = profile(model, "cpu", torch.rand(BATCH, 3, 16, 16), name="tiny", device_name="here")
    times = json.loads(measured.device.to_json())["measurements"][0]
    assert (times["model"], times["batch"]) == ("tiny", BATCH)
    assert all(len(times[key]) == 6 and min(times[key]) >= 0 for key in ("forward_ms", "backward_ms", "update_ms"))
    assert all(torch.equal(before[key], value) for key, value in model.state_dict().items())
    assert not model.training and all(parameter.grad is None or not parameter.grad.any() for parameter in model.parameters())


def test_profile_leads_to_a_plan(model):
    measured = profile(model, "cpu", torch.rand(BATCH, 3, 16, 16), name="tiny", device_name="here", ram_mb=4096)
    instance = splitlane.scenario(
        model=measured.model, client_devices=[measured.device], helper_devices=[measured.device], batch=BATCH,
        clients=4, helpers=2, cuts=(1, 5), time_unit="us",
    )  # fmt: skip
    plan = splitlane.plan(instance)
    assert splitlane.check(instance, plan) and plan.makespan > 0
