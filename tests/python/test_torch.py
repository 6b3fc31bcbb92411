"""Profiles of PyTorch models, where PyTorch is installed: right, or an error that names the layer."""

import json
import pickle
from contextlib import nullcontext

import numpy as np
import pytest

import splitlane

torch = pytest.importorskip("torch", reason="PyTorch is not installed (Debian: python3-torch)")

from torch import nn  # noqa: E402

from splitlane.torch import export, profile  # noqa: E402

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


def names(model, batch) -> list[str]:
    """The layers of a profile, each with its three times."""
    measured = profile(model, "cpu", batch, repeats=1, warmup=0)
    (times,) = json.loads(measured.device.to_json())["measurements"]
    layers = [layer["name"] for layer in json.loads(measured.model.to_json())["layers"]]
    assert all(len(times[key]) == len(layers) for key in ("forward_ms", "backward_ms", "update_ms"))
    return layers


class Network(nn.Module):
    """Children by name, and what is done with them."""

    def __init__(self, forward, **children) -> None:
        super().__init__()
        self.does = forward
        for name, child in children.items():
            self.add_module(name, child)

    def forward(self, x):
        return self.does(self, x)


def linear(features: int = 8) -> nn.Linear:
    return nn.Linear(8, features)


def three() -> nn.Sequential:
    return nn.Sequential(linear(), nn.ReLU(), linear())


def shared() -> nn.Sequential:
    act = nn.ReLU()
    return nn.Sequential(linear(), act, nn.Sequential(linear(), act), act)


def twice() -> nn.Sequential:
    block = nn.Sequential(linear(), nn.Tanh())
    return nn.Sequential(block, block)


class Reversed(nn.Sequential):
    """A sequence that runs its children backwards."""

    def forward(self, x):
        for child in reversed(self):
            x = child(x)
        return x


def listed(self, x):
    for block in self.blocks:
        x = block(x)
    return self.head(x)


RIGHT = {
    "in place": (lambda: nn.Sequential(linear(), nn.ReLU(inplace=True), nn.Hardtanh(inplace=True)), ["0", "1", "2"]),
    "in place first": (lambda: nn.Sequential(nn.LeakyReLU(inplace=True), nn.Dropout(0.5, inplace=True), linear()), ["0", "1", "2"]),
    "one module at three places": (shared, ["0", "1", "2.0", "2.1", "3"]),
    "one sequence at two places": (twice, ["0.0", "0.1", "1.0", "1.1"]),
    "one module called twice": (lambda: Network(lambda self, x: self.a(self.act(self.a(self.act(x)))), a=linear(), act=nn.ReLU()),
                                ["act", "a", "act (2)", "a (2)"]),
    "children in another order": (lambda: Network(lambda self, x: self.a(self.c(self.b(x))), a=linear(2), b=linear(), c=linear()),
                                  ["b", "c", "a"]),
    "a child that is not used": (lambda: Network(lambda self, x: self.c(self.b(self.a(x))), a=linear(), aside=linear(3), b=linear(), c=linear()),
                                 ["a", "b", "c"]),
    "sequence of its own": (lambda: Reversed(linear(2), linear(), linear()), ["2", "1", "0"]),
    "sequence of its own inside": (lambda: nn.Sequential(Reversed(linear(3), linear()), nn.Linear(3, 8), nn.ReLU()), ["0", "1", "2"]),
    "list": (lambda: Network(listed, blocks=nn.ModuleList([linear(), nn.Sequential(linear(), nn.GELU())]), head=linear(2)),
             ["blocks.0", "blocks.1.0", "blocks.1.1", "head"]),
    "dict": (lambda: Network(lambda self, x: self.parts["b"](self.a(self.parts["a"](x))), a=linear(),
                             parts=nn.ModuleDict({"a": linear(), "b": linear()})), ["parts.a", "a", "parts.b"]),
    "dropout": (lambda: nn.Sequential(linear(), nn.Dropout(0.9), linear()), ["0", "1", "2"]),
    "a layer that calls another": (lambda: Network(lambda self, x: self.c(self.b(self.a(x))), a=(inner := linear()), c=linear(),
                                                   b=Network(lambda self, x: self.inner(x) + x, inner=inner)), ["a", "b", "c"]),
    "lazy": (lambda: nn.Sequential(nn.LazyLinear(4), nn.ReLU(), nn.LazyLinear(2)), ["0", "1", "2"]),
    "scripted": (lambda: nn.Sequential(torch.jit.script(nn.Sequential(linear(), nn.ReLU())), nn.ReLU(), linear()), ["0", "1", "2"]),
    "none among the children": (lambda: Network(lambda self, x: self.c(self.b(self.a(x))), skip=None, a=linear(), b=linear(), c=linear()),
                                ["a", "b", "c"]),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore:Lazy modules")
@pytest.mark.parametrize("case", RIGHT)
def test_layers_are_those_that_the_model_runs(case):
    make, expected = RIGHT[case]
    assert names(make(), torch.rand(BATCH, 8)) == expected


def residual(self, x):
    return self.b(self.a(x) + x)


def tensor_and_more(self, x):
    return {"out": self.parts(x)}


WRONG = {
    "side by side": (lambda: Network(lambda self, x: self.b(self.a(x) + self.c(x)), a=linear(), b=linear(), c=linear()), "model.c (Linear)"),
    "residual": (lambda: Network(residual, a=linear(), b=linear()), "model.b (Linear)"),
    "residual in place": (lambda: Network(lambda self, x: self.b(self.a(x).add_(x)), a=linear(), b=linear()), "model.b (Linear)"),
    "function between": (lambda: Network(lambda self, x: self.b(torch.relu(self.a(x))), a=linear(), b=linear()), "model.b (Linear)"),
    "function that changes nothing": (lambda: Network(lambda self, x: self.b(self.a(x) * 1), a=linear(), b=linear()), "model.b (Linear)"),
    "function in place": (lambda: Network(lambda self, x: self.b(torch.relu_(self.a(x))), a=linear(), b=linear()), "model.b (Linear)"),
    "function first": (lambda: Network(lambda self, x: self.a(x * 1), a=linear()), "model.a (Linear)"),
    "function last": (lambda: Network(lambda self, x: torch.log_softmax(self.parts(x), 1), parts=three()), "model (Network)"),
    "function in place last": (lambda: Network(lambda self, x: self.parts(x).neg_(), parts=three()), "model (Network)"),
    "tuple of an LSTM": (lambda: nn.Sequential(linear(), nn.LSTM(8, 8), linear()), "model.1 (LSTM)"),
    "tuple inside": (lambda: nn.Sequential(nn.Sequential(nn.MaxPool1d(2, return_indices=True)), linear(4)), "model.0.0 (MaxPool1d)"),
    "dict at the end": (lambda: Network(tensor_and_more, parts=three()), "model (Network)"),
    "tuple at the end": (lambda: Network(lambda self, x: (self.parts(x), x), parts=three()), "model (Network)"),
    "two inputs": (lambda: Network(lambda self, x: self.mix(x, x), mix=nn.Bilinear(8, 8, 2)), "model.mix (Bilinear)"),
    "an option by name": (lambda: Network(lambda self, x: self.a(input=x), a=linear()), "model.a (Linear)"),
    "shapes that do not fit inside": (lambda: nn.Sequential(linear(), nn.Sequential(linear(3), linear())), "model.1.1 (Linear)"),
    "shapes that do not fit": (lambda: nn.Sequential(linear(3), linear()), "model.1 (Linear)"),
    "no children": (linear, "model (Linear)"),
    "too few": (lambda: nn.Sequential(linear(), linear()), "model (Sequential)"),
    "children that nobody calls": (lambda: Network(lambda self, x: x, parts=three()), "model (Network)"),
    "weights that cannot be copied": (lambda: nn.Sequential(nn.ReLU(), nn.utils.weight_norm(linear())), "model.1 (Linear)"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_chain_of_layers_is_refused_with_the_layer(case):
    make, layer = WRONG[case]
    with pytest.raises(splitlane.InputError) as caught:
        profile(make(), "cpu", torch.rand(BATCH, 8))
    assert caught.value.where == layer and caught.value.expected


def test_error_in_training_mode_names_the_layer():
    # A norm over one sample has no variance to learn.
    with pytest.raises(splitlane.InputError, match=r"model\.1 \(BatchNorm1d\): fails in training mode: got ValueError"):
        profile(nn.Sequential(linear(), nn.BatchNorm1d(8)), "cpu", torch.rand(1, 8))


@pytest.mark.parametrize("context", [torch.no_grad, torch.inference_mode, nullcontext])
@pytest.mark.parametrize("where", ["around", "made inside"])
def test_backward_is_measured_whatever_the_caller_has_switched_off(context, where):
    model, batch = nn.Sequential(linear(), linear()), torch.rand(BATCH, 8)
    calls = []
    with context():
        if where == "made inside":
            model, batch = nn.Sequential(linear(), linear()), torch.rand(BATCH, 8)
        model.append(Network(lambda self, x: Counted.apply(x, calls)))
        measured = profile(model, "cpu", batch, repeats=3, warmup=1)
    assert len(measured.model.layer_names) == 3
    # Once for each run, of which there are 3 + 1.
    assert len(calls) == 4


class Counted(torch.autograd.Function):
    """Notes each backward pass."""

    @staticmethod
    def forward(ctx, x, calls):
        ctx.calls = calls
        return x * 2

    @staticmethod
    def backward(ctx, gradient):
        ctx.calls.append(gradient.shape)
        return gradient * 2, None


def state_of(model: nn.Module) -> list:
    """Everything that a caller could notice of a model."""
    tensors = [*model.named_parameters(), *model.named_buffers()]
    gradients = [(name, None if each.grad is None else each.grad.clone()) for name, each in model.named_parameters()]
    return [
        [(name, id(each), each._version, each.detach().clone(), each.requires_grad) for name, each in tensors],
        gradients, [module.training for module in model.modules()], [sorted(vars(module)) for module in model.modules()],
    ]  # fmt: skip


def same(left, right) -> bool:
    if isinstance(left, torch.Tensor):
        return isinstance(right, torch.Tensor) and torch.equal(left, right)
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(same, left, right))
    return left == right


@pytest.mark.parametrize("fails", [False, True])
def test_model_batch_and_random_numbers_are_left_as_they_were(fails):
    model = nn.Sequential(linear(), nn.BatchNorm1d(8), nn.Dropout(0.5), nn.ReLU(inplace=True), linear(), nn.Linear(8, 2))
    model[4].requires_grad_(False)
    model[1].eval()
    batch = torch.rand(BATCH, 8, requires_grad=True)
    model(batch).sum().backward()
    if fails:
        model.append(linear())
    before, gradient, text = state_of(model), batch.grad.clone(), batch.detach().clone()
    torch.manual_seed(3)
    expected = torch.rand(5)
    torch.manual_seed(3)
    with pytest.raises(splitlane.InputError) if fails else nullcontext():
        profile(model, "cpu", batch, repeats=2, warmup=1)
    assert torch.equal(torch.rand(5), expected)
    assert same(state_of(model), before)
    assert torch.equal(batch.grad, gradient) and torch.equal(batch, text) and torch.is_grad_enabled()


def test_inputs_may_be_integers_or_results_of_something():
    text = nn.Sequential(nn.Embedding(10, 6), nn.Flatten(), nn.Linear(18, 2))
    assert names(text, torch.randint(10, (BATCH, 3))) == ["0", "1", "2"]
    assert names(nn.Sequential(nn.Identity(), nn.Embedding(10, 6), nn.ReLU()), torch.arange(3)) == ["0", "1", "2"]
    weight = torch.rand(8, 8, requires_grad=True)
    assert names(nn.Sequential(linear(), nn.ReLU(), linear()), torch.rand(BATCH, 8) @ weight) == ["0", "1", "2"]
    assert weight.grad is None


def test_frozen_layers_are_not_updated_and_have_their_sizes():
    model = nn.Sequential(linear(), nn.ReLU(), linear(2))
    model[0].requires_grad_(False)
    measured = profile(model, "cpu", torch.rand(BATCH, 8), repeats=1)
    # 8*8 + 8 and 8*2 + 2 floats.
    assert [layer["weight_bytes"] for layer in json.loads(measured.model.to_json())["layers"]] == [288, 0, 72]


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"repeats": 0}, "repeats"),
        ({"repeats": 1.5}, "repeats"),
        ({"warmup": -1}, "warmup"),
        ({"batch": torch.rand(0, 8)}, "batch"),
        ({"batch": torch.rand(2, 0)}, "batch"),
        ({"batch": torch.tensor(3.0)}, "batch"),
        ({"batch": np.zeros((4, 8))}, "batch"),
        ({"batch": [torch.rand(4, 8)]}, "batch"),
        ({"model": "resnet18"}, "model"),
        ({"model": nn.Linear}, "model"),
        ({"device": "gpu"}, "device"),
        ({"device": "cuda:77"}, "device"),
        ({"device": None}, "device"),
        ({"ram_mb": "much"}, "ram_mb"),
    ],
)
def test_argument_that_makes_no_sense_is_named(arguments, where):
    given = {"model": nn.Sequential(linear()), "device": "cpu", "batch": torch.rand(BATCH, 8)} | arguments
    with pytest.raises(splitlane.InputError) as caught:
        profile(**given)
    assert caught.value.where == where


def test_profile_survives_pickling(model):
    measured = profile(model, "cpu", torch.rand(BATCH, 3, 16, 16), name="tiny", device_name="here", repeats=1, warmup=0.0)
    assert pickle.loads(pickle.dumps(measured)) == measured


def test_an_exported_network_is_the_same_layer_by_layer(model, tmp_path):
    model.append(torch.nn.Dropout(0.5)).eval()
    export(model, tmp_path / "network.pt")
    read = torch.jit.load(tmp_path / "network.pt")
    assert read.original_name == "Sequential"
    assert [name for name, _ in read.named_children()] == ["0_0", "0_1", "1", "2", "3", "4", "5"]
    assert all(torch.equal(mine, theirs) for mine, theirs in zip(model.state_dict().values(), read.state_dict().values(), strict=True))
    assert read.training and not model.training
    batch = torch.rand(BATCH, 3, 16, 16)
    assert torch.equal(read.eval()(batch), model(batch))
    assert [path.name for path in tmp_path.iterdir()] == ["network.pt"]


class Unscriptable(nn.Module):
    """What TorchScript has no words for."""

    def forward(self, x):
        return x if any(isinstance(each, str) for each in vars(self).values()) else x + 0


@pytest.mark.parametrize(
    ("network", "words"),
    (
        (nn.Linear(2, 2), ("model (Linear)", "nn.Sequential")),
        (nn.Sequential(nn.Flatten(), nn.Linear(2, 2)), ("too few layers", "got 2")),
        (nn.Sequential(nn.Flatten(), Unscriptable(), nn.Linear(2, 2)), ("model.1 (Unscriptable)", "torch.jit.script")),
    ),
)
def test_what_cannot_be_exported_is_refused_by_name(network, words, tmp_path):
    with pytest.raises(splitlane.Error) as raised:
        export(network, tmp_path / "network.pt")
    assert all(word in str(raised.value) for word in words)
    assert not list(tmp_path.iterdir())


def test_export_into_a_folder_that_is_not_there_says_so(model, tmp_path):
    with pytest.raises(splitlane.Error, match="cannot be written"):
        export(model, tmp_path / "absent" / "network.pt")
