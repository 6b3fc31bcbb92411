"""Trainings of PyTorch networks: the bits of plain PyTorch, whatever the plan; and errors that say where."""

import math
import os
import signal
import subprocess
import sys
import threading

import pytest

import splitlane

torch = pytest.importorskip("torch", reason="PyTorch is not installed (Debian: python3-torch)")
pytest.importorskip("splitlane._training", reason="built without gRPC")

from plain_training import trained  # noqa: E402
from torch import nn  # noqa: E402

from splitlane import training  # noqa: E402

BATCH = 8


@pytest.fixture
def network():
    """Dropout, batch norm, a layer that writes to its input, and a sequence in a sequence."""
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(inplace=True)),
        nn.MaxPool2d(2),
        nn.Dropout(0.25),
        nn.Flatten(),
        nn.Linear(4 * 4 * 4, 16),
        nn.ReLU(),
        nn.Linear(16, 3),
    )


@pytest.fixture
def data():
    """Three clients with different numbers of samples."""
    generator = torch.Generator().manual_seed(1)
    return [
        (torch.rand(count, 1, 8, 8, generator=generator), torch.randint(3, (count,), generator=generator)) for count in (24, 35, 17)
    ]


def problem(layers: int, cuts=None, helpers: int = 2) -> splitlane.Instance:
    """Three clients, any of them with any of these cuts on any helper."""
    model = splitlane.Model(
        name="any", input_bytes=256,
        layers=[{"name": f"l{at}", "forward_flops": 1000000, "backward_flops": 2000000, "activation_bytes": 1000, "weight_bytes": 1000} for at in range(layers)],
    )  # fmt: skip
    return splitlane.scenario(
        model=model, clients=3, helpers=helpers, batch=BATCH, cuts=cuts or (1, layers - 1), client_devices=["rpi-4"], helper_devices=["vm"], time_unit="us"
    )  # fmt: skip


def sgd(parameters):
    return torch.optim.SGD(parameters, lr=0.1, momentum=0.9, weight_decay=1e-3)


def adam(parameters):
    return torch.optim.Adam(parameters, lr=0.01)


def opened(network):
    return [layer for each in network for layer in (each if isinstance(each, nn.Sequential) else [each])]


def require_equal(got, expected):
    assert list(got) == list(expected)
    different = [name for name in expected if not torch.equal(got[name], expected[name])]
    assert not different


@pytest.mark.parametrize("optimizer", [sgd, adam])
@pytest.mark.parametrize("cuts", [(1, 8), (3, 5)])
def test_split_training_has_the_bits_of_plain_pytorch(network, data, optimizer, cuts):
    got = training.train(network, data, setup=problem(9, cuts), rounds=2, batch_size=BATCH, optimizer=optimizer, seed=5)
    expected = trained(network, opened, data, rounds=2, batch_size=BATCH, optimizer=optimizer, seed=5)
    require_equal(got.state_dict, expected)
    assert any(not torch.equal(got.state_dict[name], value) for name, value in network.state_dict().items())


def rate_of(round_: int) -> float:
    return 0.1 * 0.5 ** (round_ - 1)


def clip_values(parameters):
    torch.nn.utils.clip_grad_value_(parameters, 0.01)


def test_schedulers_step_a_round_and_gradients_are_clipped_and_short_batches_kept(network, data):
    got = training.train(
        network, data, setup=problem(9), rounds=3, batch_size=BATCH, optimizer=sgd, keep_short_batch=True, clip_gradients=clip_values,
        scheduler=lambda optimizer: torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5),
    )  # fmt: skip
    expected = trained(
        network, opened, data, rounds=3, batch_size=BATCH, optimizer=sgd, rate=rate_of, clip=clip_values, keep_short_batch=True
    )  # fmt: skip
    require_equal(got.state_dict, expected)
    assert [row["learning_rate"] for row in got.rows] == pytest.approx([0.1, 0.05, 0.025])
    # 24, 35 and 17 samples in batches of 8, the last ones with 3 and 1.
    assert [row["batches"] for row in got.rows] == [3 + 5 + 3] * 3


def test_any_samples_labels_and_loss(data):
    """A dict goes in, a tuple comes out, and labels are floats: none of them leaves the process."""

    class Scale(nn.Module):
        def forward(self, given):
            return given["image"].flatten(1) * given["scale"][:, None]

    class Both(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.other = nn.Linear(8, 1), nn.Linear(8, 1)

        def forward(self, value):
            return self.one(value), self.other(value)

    def loss(outputs, labels):
        return nn.functional.mse_loss(outputs[0], labels) + nn.functional.l1_loss(outputs[1], labels)

    torch.manual_seed(2)
    network = nn.Sequential(Scale(), nn.Linear(64, 8), nn.Tanh(), Both())
    sets = [[({"image": image, "scale": torch.tensor(0.5)}, torch.tensor([0.5], dtype=torch.float64).float()) for image in images] for images, _ in data]
    got = training.train(network, sets, setup=problem(4), rounds=2, batch_size=BATCH, loss=loss, test=sets[0])
    assert got.rows[1]["loss"] < got.rows[0]["loss"] and got.rows[1]["test_loss"] > 0


def test_frozen_parameters_are_neither_sent_nor_averaged_and_modes_stay(network, data):
    network[4].requires_grad_(False)
    network[0][1].eval()
    got = training.train(network, data, setup=problem(9, (2, 8)), rounds=2, batch_size=BATCH, optimizer=sgd)
    expected = trained(network, opened, data, rounds=2, batch_size=BATCH, optimizer=sgd)
    require_equal(got.state_dict, expected)
    before = network.state_dict()
    assert torch.equal(got.state_dict["4.weight"], before["4.weight"])
    assert torch.equal(got.state_dict["0.1.running_mean"], before["0.1.running_mean"])
    assert [name for name, _ in training._chain.named_slots(network[4])] == []
    assert network.training and not network[0][1].training


def test_layers_with_shared_weights_are_one(data):
    torch.manual_seed(4)
    shared = nn.Linear(16, 16)
    network = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), shared, nn.Tanh(), shared, nn.ReLU(), nn.Linear(16, 3))
    got = training.train(network, data, setup=problem(5), rounds=2, batch_size=BATCH, optimizer=sgd)
    require_equal(got.state_dict, trained(network, opened, data, rounds=2, batch_size=BATCH, optimizer=sgd))
    assert "2+4" in training._chain.join_shared(training._chain.chain_of(network)).names


def test_layers_that_hand_on_more_than_a_tensor_are_one(data):
    class Twice(nn.Module):
        def forward(self, value):
            return value, value * 2

    class Sum(nn.Module):
        def forward(self, pair):
            return pair[0] + pair[1]

    torch.manual_seed(4)
    network = nn.Sequential(nn.Flatten(), nn.Linear(64, 16), Twice(), Sum(), nn.Linear(16, 3))
    got = training.train(network, data, setup=problem(4, (2, 3)), rounds=2, batch_size=BATCH, optimizer=sgd)
    require_equal(got.state_dict, trained(network, opened, data, rounds=2, batch_size=BATCH, optimizer=sgd))


def test_what_a_layer_raises_is_raised_with_its_place(network, data):
    class Fragile(nn.Module):
        calls = 0

        def forward(self, value):
            Fragile.calls += 1
            if Fragile.calls > 9:
                raise RuntimeError("too hot")
            return value

    network.insert(5, Fragile())
    with pytest.raises(RuntimeError, match="too hot") as raised:
        training.train(network, data, setup=problem(10), rounds=2, batch_size=BATCH)
    assert any("5, round 1, client" in note for note in raised.value.__notes__)


def test_a_loss_that_is_no_number_ends_the_training(network, data):
    with pytest.raises(splitlane.Error, match="round 1.*client"):
        training.train(network, data, setup=problem(9), batch_size=BATCH, loss=lambda outputs, labels: outputs.sum() * math.nan)


def test_callbacks_hear_of_every_batch_and_round_on_the_calling_thread(network, data):
    batches, rounds, threads = [], [], set()

    def heard(into):
        return lambda row: (into.append(row), threads.add(threading.get_ident()))

    got = training.train(network, data, setup=problem(9), rounds=2, batch_size=BATCH, on_batch=heard(batches), on_round=heard(rounds), test=data[0])
    assert threads == {threading.get_ident()}
    # 24, 35 and 17 samples are 3, 4 and 2 whole batches.
    assert len(batches) == 2 * (3 + 4 + 2) and {row["client"] for row in batches} == {"c0", "c1", "c2"}
    assert rounds == got.rows and [row["round"] for row in rounds] == [1, 2]
    samples = sum(row["samples"] for row in batches if row["round"] == 2)
    assert sum(row["loss"] * row["samples"] for row in batches if row["round"] == 2) / samples == pytest.approx(rounds[1]["loss"])
    assert rounds[0]["test_samples"] == 24


def test_an_interruption_keeps_what_was_trained(network, data, tmp_path):
    def interrupt(row):
        if row["round"] == 2:
            raise KeyboardInterrupt

    arguments = {"setup": problem(9), "rounds": 50, "batch_size": BATCH, "optimizer": sgd, "folder": tmp_path}
    with pytest.raises(KeyboardInterrupt) as raised:
        training.train(network, data, on_round=interrupt, **arguments)
    kept = raised.value.training
    # The round in progress ends with the batches that are being computed.
    assert 2 <= kept.rounds < 50 and kept.ended_early and len(kept.rows) == kept.rounds
    checkpoint = torch.load(tmp_path / "checkpoint.pt")
    assert torch.equal(checkpoint["6.weight"], kept.state_dict["6.weight"])
    resumed = training.train(network, data, resume=True, **{**arguments, "rounds": kept.rounds + 1})
    assert [row["round"] for row in resumed.rows] == list(range(1, kept.rounds + 2)) == sorted(resumed.traces)


def test_a_resumed_training_has_the_bits_of_one_at_a_stretch(network, data, tmp_path):
    def train(rounds, **more):
        return training.train(network, data, setup=problem(9), rounds=rounds, batch_size=BATCH, optimizer=sgd, **more)

    train(2, folder=tmp_path)
    resumed = train(4, folder=tmp_path, resume=True)
    require_equal(resumed.state_dict, train(4).state_dict)
    with pytest.raises(splitlane.Error, match="checkpoint of another"):
        training.train(network, data[:2] + data[:1], setup=problem(9), rounds=9, batch_size=4, folder=tmp_path, resume=True)


def test_emulated_devices_follow_the_plan_to_the_same_bits(network, data):
    instance = problem(9)
    got = training.train(network, data, setup=instance, rounds=2, batch_size=BATCH, optimizer=sgd, emulate=True, time_scale=0.01)
    require_equal(got.state_dict, training.train(network, data, setup=instance, rounds=2, batch_size=BATCH, optimizer=sgd).state_dict)
    assert all(row["planned_us"] > 0 and row["pace_kept"] is not None for row in got.rows)
    assert got.history["round"].tolist() == [1, 2]


def test_random_numbers_threads_and_network_are_left_as_they_were(network, data):
    torch.manual_seed(9)
    torch.set_num_threads(2)
    before, weights = torch.random.get_rng_state(), {name: value.clone() for name, value in network.state_dict().items()}
    training.train(network, [Noisy(*each) for each in data], setup=problem(9), batch_size=BATCH)
    assert torch.equal(before, torch.random.get_rng_state()) and torch.get_num_threads() == 2
    require_equal(network.state_dict(), weights)
    assert all(value.grad is None for value in network.parameters())


def test_without_a_setup_this_machine_is_measured(network, data):
    got = training.train(network, data, batch_size=BATCH)
    assert len(got.instance.clients_dataframe()) == 3
    assert list(got.plans) == [1] and list(got.traces) == [1]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"datasets": []}, "datasets: no samples"),
        ({"network": nn.Linear(2, 2)}, "is no sequence of layers"),
        ({"network": nn.Sequential(nn.Flatten(), nn.Linear(64, 3))}, "too few layers to cut twice"),
        ({"batch_size": 30}, "too few samples for a batch"),
        ({"optimizer": lambda parameters: None}, "returns no optimizer"),
        ({"setup": "nowhere.json"}, "nowhere.json"),
        ({"method": "magic"}, "planning.method"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_named_before_anything_is_trained(network, data, change, message):
    arguments = {"network": network, "datasets": data, "setup": problem(9), "batch_size": BATCH, **change}
    with pytest.raises((splitlane.Error, TypeError), match=message):
        training.train(arguments.pop("network"), arguments.pop("datasets"), **arguments)


def test_a_network_in_evaluation_mode_is_refused(network, data):
    with pytest.raises(splitlane.Error, match="evaluation mode"):
        training.train(network.eval(), data, setup=problem(9), batch_size=BATCH)


def test_the_document_of_a_training_is_read_and_refused_by_the_program(network, data, tmp_path, program):
    training.train(network, data, setup=problem(9), batch_size=BATCH, folder=tmp_path / "folder")
    # The program says where such a network is trained, or that its part that trains is not built.
    program("train", tmp_path / "folder/training.json", "-o", tmp_path / "other", code=2)


def test_without_the_engine_the_import_says_what_to_install():
    code = (
        "import importlib.util as util, splitlane\nfound = util.find_spec\n"
        "util.find_spec = lambda name, *rest: None if name == 'splitlane._training' else found(name, *rest)\n"
        "try:\n    import splitlane.training\nexcept splitlane.Error as error:\n    print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert "libgrpc++-dev" in done.stdout


def test_a_signal_ends_a_training_that_would_last_for_days(network, data):
    def send(row):
        if row["round"] == 1:
            threading.Thread(target=os.kill, args=(os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt) as raised:
        training.train(network, data, setup=problem(9), rounds=1_000_000, batch_size=BATCH, on_round=send)
    assert raised.value.training.rounds >= 1


class Noisy(torch.utils.data.Dataset):
    """Samples that are changed at random each time they are asked for."""

    def __init__(self, samples, labels):
        self.samples, self.labels = samples, labels

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, position):
        return self.samples[position] + 0.1 * torch.randn(1, 8, 8), self.labels[position]


def test_what_data_sets_draw_does_not_depend_on_who_computes_what_and_when(network, data):
    sets = [Noisy(*each) for each in data]
    one = training.train(network, sets, setup=problem(9, (1, 8)), rounds=2, batch_size=BATCH, threads=1)
    loaders = [torch.utils.data.DataLoader(each, batch_size=1) for each in sets]
    other = training.train(network, loaders, setup=problem(9, (3, 5), helpers=1), rounds=2, batch_size=BATCH, threads=3)
    require_equal(one.state_dict, other.state_dict)
    different = training.train(network, sets, setup=problem(9, (1, 8)), rounds=2, batch_size=BATCH, seed=1)
    assert not torch.equal(one.state_dict["6.weight"], different.state_dict["6.weight"])
