"""What splitlane train makes of bad input, of a machine that is too small, and of TorchScript networks: a clear message,
the exit code, no half-written file, no process and no socket left."""

import json
import os
import re
import resource
import socket
import tempfile
from pathlib import Path

import pytest
from conftest import contents, refusal

pytestmark = [pytest.mark.usefixtures("needs_training", "sockets"), pytest.mark.optimised]

# The checkpoint of resnet8 has 78,042 numbers of four bytes; nothing else of a short training comes near this.
FILE_LIMIT = 200_000
ENDLESS = 100_000  # rounds, of a training that must be refused before its first one


@pytest.fixture
def script(tmp_path):
    """Writes layers as a TorchScript file, net.pt."""
    torch = pytest.importorskip("torch")

    def write_script(*layers, name: str = "net.pt") -> dict:
        torch.manual_seed(1)
        torch.jit.save(torch.jit.script(torch.nn.Sequential(*(layer(torch.nn) for layer in layers))), tmp_path / name)
        return {"torchscript": name}

    return write_script


# As many layers as the setup's network has: its devices are emulated by layer.
SIX_LAYERS = (
    lambda nn: nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU(inplace=True)),
    lambda nn: nn.MaxPool2d(4),
    lambda nn: nn.Flatten(),
    lambda nn: nn.Linear(64, 16),
    lambda nn: nn.Dropout(0.5),
    lambda nn: nn.Linear(16, 10),
)


@pytest.fixture
def arrays(tmp_path):
    """Writes images and labels as NumPy files: a sample of each class after the other."""
    numpy = pytest.importorskip("numpy")

    def write_arrays(samples: int, classes: int) -> dict:
        images = numpy.random.default_rng(1).integers(0, 256, (samples, 3, 16, 16), dtype=numpy.uint8)
        numpy.save(tmp_path / "images.npy", images)
        numpy.save(tmp_path / "labels.npy", numpy.arange(samples) % classes)
        return {"kind": "numpy", "images": "images.npy", "labels": "labels.npy"}

    return write_arrays


def require_whole_files(folder: Path) -> None:
    for path in folder.iterdir():
        if path.suffix == ".json":
            json.loads(path.read_text())
        elif path.name == "metrics.jsonl":
            assert all(json.loads(line) for line in path.read_text().splitlines())
        else:
            assert path.name in ("checkpoint.pt", "report.html")


@pytest.mark.parametrize("way", [(), ("--processes",)], ids=["threads", "processes"])
def test_a_torchscript_network_trains_split_to_the_bits_of_unsplit_training(splitlane, training, script, way):
    path = training(network=script(*SIX_LAYERS))
    assert splitlane("train", path, "-o", "split", "-q", *way).code == 0
    assert splitlane("train", path, "-o", "unsplit", "-q", "--unsplit").code == 0
    same = [(splitlane.folder / folder / "checkpoint.pt").read_bytes() for folder in ("split", "unsplit")]
    assert same[0] == same[1]
    assert splitlane("train", path, "-o", "other", "-q", "--seed", 1).code == 0
    assert (splitlane.folder / "other/checkpoint.pt").read_bytes() != same[0]


@pytest.mark.parametrize(
    ("layers", "texts"),
    [
        (SIX_LAYERS[:2], ("net.pt", "too few layers to cut twice: got 2, expected at least 3")),
        # The setup cuts after its fourth layer.
        ((*SIX_LAYERS[:3], lambda nn: nn.Linear(64, 10)), ("cut layers of a network of 4 layers", "got [1, 4]")),
        (SIX_LAYERS[:5] + (lambda nn: nn.Identity(), lambda nn: nn.Linear(16, 10)), ("another number of layers", "got 7, expected 6")),
        (SIX_LAYERS[:5] + (lambda nn: nn.Linear(16, 9),), ("more classes than the network has outputs: got 10, expected at most 9",)),
        (SIX_LAYERS[:2] + SIX_LAYERS[3:] + (lambda nn: nn.Identity(),), ("layer 2",)),
        (SIX_LAYERS[:2] + (lambda nn: nn.ReLU(),) * 4, ("is no classifier",)),
    ],
    ids=["two_layers", "cut_behind_the_end", "more_layers", "fewer_outputs", "shapes_that_do_not_meet", "no_classifier"],
)  # fmt: skip
def test_a_torchscript_network_that_does_not_fit_is_refused(splitlane, training, script, layers, texts):
    refusal(splitlane("train", training(network=script(*layers)), "-o", "run"), *texts)
    assert not (splitlane.folder / "run").exists()


def test_other_files_in_the_place_of_a_torchscript_network_are_refused_by_name(splitlane, training, script, write):
    good = script(*SIX_LAYERS)
    whole = (splitlane.folder / "net.pt").read_bytes()
    for name, content in {"empty.pt": b"", "text.pt": b"weights", "half.pt": whole[: len(whole) // 2]}.items():
        write(content, name)
        refusal(splitlane("train", training(network={"torchscript": name}), "-o", "run"), name, "no TorchScript file")
    refusal(splitlane("train", training(network={"torchscript": "nowhere.pt"}), "-o", "run"), "nowhere.pt")
    refusal(splitlane("train", training(network={"torchscript": "."}), "-o", "run"), "cannot be read")
    assert splitlane("train", training(network=good), "-o", "run", "-q", "--rounds", 1).code == 0


def test_labels_beyond_the_stated_classes_are_refused_with_the_first_of_them(splitlane, training, arrays):
    done = splitlane("train", training(data=arrays(64, classes=10) | {"classes": 5}), "-o", "run")
    # Labels go round from 0 to 9, so sample 5 has the first label that is none of 5 classes.
    refusal(done, "images.npy: sample 5: no such class: got label 5, expected a label from 0 to 4")


def test_data_of_fewer_classes_than_the_network_has_outputs_trains(splitlane, training, arrays):
    path = training(data=arrays(64, classes=3), network={"name": "resnet8", "classes": 10}, rounds=1)
    assert splitlane("train", path, "-o", "run", "-q").code == 0


def test_a_batch_larger_than_the_data_names_the_client_and_its_samples(splitlane, training, arrays):
    done = splitlane("train", training(data=arrays(20, classes=2), batch=8), "-o", "run")
    # A tenth is kept for testing; 18 samples among 4 clients leave the last of them 4.
    refusal(done, "too few samples for a batch: got 4 of 18 samples among 4 clients, expected at least 8")
    assert not (splitlane.folder / "run").exists()


@pytest.mark.parametrize("way", [(), ("--processes",), ("--unsplit",)], ids=["threads", "processes", "unsplit"])
def test_a_loss_that_is_no_number_is_named_by_round_client_and_batch(splitlane, training, way):
    optimizer = {"kind": "sgd", "learning_rate": 1e6, "weight_decay": 1e6}
    done = splitlane("train", training(optimizer=optimizer, batches_per_round=4), "-o", "run", *way)
    assert done.code == 4, done.err
    # An update multiplies the weights by 10^12: after two of them the variances of a layer's output are beyond floats.
    assert re.fullmatch(
        r"training: round 1, client [a-z0-9-]+, batch 2: the loss is not a number", done.error()["message"]
    )
    require_whole_files(splitlane.folder / "run")
    assert not (splitlane.folder / "run/checkpoint.pt").exists()


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--learning-rate", "1e300", "a number above 0, at most 1000000"),
        ("--time-scale", "1e300", "a number from 1e-06 to 1000000"),
        ("--time-scale", "1e-300", "a number from 1e-06 to 1000000"),
    ],
)
def test_numbers_beyond_what_layers_and_clocks_hold_are_refused_before_anything_is_made(
    splitlane, training, option, value, expected
):
    done = splitlane("train", training(emulation={}), "-o", "run", option, value)
    refusal(done, f'{option}: not a number in range: got "{value}", expected {expected}')
    assert not (splitlane.folder / "run").exists()


@pytest.mark.parametrize("other", ["--resume", "--processes"])
def test_unsplit_training_is_refused_beside_what_it_has_not(splitlane, training, other):
    done = splitlane("train", training(), "-o", "run", "--unsplit", other)
    refusal(done, f"--unsplit: does not go with {other}: got both, expected one of them")
    assert not (splitlane.folder / "run").exists()


def limit_file_size() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT, FILE_LIMIT))


@pytest.mark.parametrize("way", [(), ("--processes",), ("--unsplit",)], ids=["threads", "processes", "unsplit"])
def test_a_full_disk_at_the_checkpoint_leaves_the_one_before(splitlane, training, way):
    path = training()
    assert splitlane("train", path, "-o", "run", "-q", "--rounds", 1).code == 0
    before = (splitlane.folder / "run/checkpoint.pt").read_bytes()
    assert len(before) > FILE_LIMIT
    resume = () if "--unsplit" in way else ("--resume",)
    done = splitlane("train", path, "-o", "run", "-q", *resume, *way, preexec_fn=limit_file_size)
    refusal(done, "run/checkpoint.pt: cannot be written: got File too large")
    assert (splitlane.folder / "run/checkpoint.pt").read_bytes() == before
    require_whole_files(splitlane.folder / "run")
    # With room again it goes on from there.
    assert splitlane("train", path, "-o", "run", "-q", "--resume").code == 0


@pytest.mark.parametrize("way", [(), ("--processes",), ("--unsplit",)], ids=["threads", "processes", "unsplit"])
@pytest.mark.parametrize("folder", ["/proc/sys", "/proc/run"])
def test_a_folder_that_nobody_can_write_to_is_refused_before_anything_is_trained(splitlane, training, way, folder):
    refusal(splitlane("train", training(rounds=ENDLESS), "-o", folder, *way), folder)


def test_a_checkpoint_that_cannot_be_replaced_is_refused_before_anything_is_trained(splitlane, training):
    (splitlane.folder / "run/checkpoint.pt").mkdir(parents=True)
    refusal(splitlane("train", training(rounds=ENDLESS), "-o", "run"), "run/checkpoint.pt: cannot be written")
    assert [path.name for path in (splitlane.folder / "run").iterdir()] == ["checkpoint.pt"]


OUTPUTS = ("training.json", "instance.json", "metrics.jsonl", "report.html", "plan-001.json", "trace-007.json", "instance-1234.json")


@pytest.mark.parametrize("name", OUTPUTS)
def test_every_file_of_the_folder_is_tried_before_anything_is_trained_or_changed(splitlane, training, name):
    path = training(rounds=ENDLESS)
    run = splitlane.folder / "run"
    run.mkdir()
    (run / name).write_text("mine")
    (run / name).chmod(0o444)
    for way in ((), ("--dry-run",)):
        refusal(splitlane("train", path, "-o", "run", *way), f"run/{name}: cannot be written: got a file marked read-only")
        assert [(file.name, file.read_text()) for file in run.iterdir()] == [(name, "mine")]


def test_a_dry_run_tries_a_folder_that_is_missing_and_makes_none(splitlane, training, write):
    write("", "taken")
    for folder in ("taken", "taken/run", "taken/far/run"):
        refusal(splitlane("train", training(), "-o", folder, "--dry-run"), "taken/", "Not a directory")
    assert splitlane("train", training(), "-o", "far/run", "--dry-run").code == 0
    assert not (splitlane.folder / "far").exists()


def test_without_a_place_for_sockets_training_is_refused(splitlane, training, monkeypatch):
    for place, text in {"/nowhere": "TMPDIR: a folder for sockets cannot be made", "/proc": "cannot be made"}.items():
        monkeypatch.setenv("TMPDIR", place)
        refusal(splitlane("train", training(rounds=ENDLESS), "-o", "run"), text)
    long = splitlane.folder / ("x" * 100)
    long.mkdir()
    monkeypatch.setenv("TMPDIR", str(long))
    refusal(splitlane("train", training(rounds=ENDLESS), "-o", "run"), "path too long for a Unix socket", str(long))
    assert not os.listdir(long)


@pytest.fixture
def node(splitlane, training):
    """Runs a node of a training by hand, as train --processes does."""
    assert splitlane("train", training(), "-o", "run", "-q", "--rounds", 1).code == 0
    splitlane.binary = splitlane.binary.with_name("splitlane-training")
    return lambda *words: splitlane("node", "run/training.json", *words)


def test_a_helper_whose_port_is_taken_says_so(node):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = node("helper", "vm", "unix:/nowhere/aggregator", address)
        refusal(done, f"{address}: cannot listen: Address already in use")


def test_a_helper_whose_socket_is_taken_says_so(node, tmp_path):
    with tempfile.TemporaryDirectory() as folder, socket.socket(socket.AF_UNIX) as taken:
        taken.bind(f"{folder}/taken")
        taken.listen()
        refusal(node("helper", "vm", "unix:/nowhere/aggregator", f"unix:{folder}/taken"), "another process listens there")
        (tmp_path / "file").write_text("")
        refusal(node("helper", "vm", "unix:/nowhere/aggregator", "unix:file"), "a file of another kind has this name")
        assert (tmp_path / "file").exists()


def test_a_node_without_an_aggregator_ends_with_the_reason(node):
    done = node("client", "nano-1", "unix:nowhere", "none")
    assert done.code == 4, done.err
    assert "client nano-1: the aggregator is lost: " in done.error()["message"]
    refusal(node("client", "nobody", "unix:nowhere", "none"), "no such node in this training", "client nobody")
    refusal(node("cook", "vm", "unix:nowhere", "none"), "no such role")


@pytest.mark.parametrize(
    "changes",
    [
        # Activations: a batch of a million samples of 3 x 16 x 16 numbers and many times more behind the first layer.
        {"batch": 1_000_000, "data": {"kind": "synthetic", "shape": [3, 16, 16]}},
        # Samples alone: 1e9 of 768 bytes.
        {"data": {"kind": "synthetic", "shape": [3, 16, 16], "samples": 1_000_000_000}},
        # More bytes than documents can say: 1e9 of 3 * 2^24, above 2^53.
        {"data": {"kind": "synthetic", "shape": [3, 4096, 4096], "samples": 1_000_000_000}},
    ],
    ids=["activations", "samples", "beyond_numbers"],
)  # fmt: skip
@pytest.mark.parametrize("way", [(), ("--dry-run",), ("--processes",)], ids=["threads", "dry_run", "processes"])
def test_a_training_larger_than_this_machines_memory_is_refused_before_anything_is_made(splitlane, training, changes, way):
    done = splitlane("train", training(**changes), "-o", "run", *way)
    refusal(done, "this machine's memory: too small for the training: got ", " GB needed (clients ", "which are available")
    assert not (splitlane.folder / "run").exists()


# Sparse files: larger than any memory, and hardly any blocks on the disk.
TERABYTE = 1 << 40


def huge(path: Path, beginning: bytes = b"") -> None:
    path.write_bytes(beginning)
    try:
        os.truncate(path, TERABYTE)
    except OSError:
        pytest.skip("the file system takes no file of a terabyte")


@pytest.mark.parametrize("name", ["training.json", "training.setup.json"])
def test_a_huge_document_is_refused_before_it_is_read(splitlane, training, name):
    path = training()
    huge(splitlane.folder / name, (splitlane.folder / name).read_bytes())
    refusal(splitlane("train", path, "-o", "run"), f"{name}: too large: got {TERABYTE} bytes, expected at most")


@pytest.mark.sanitized
def test_huge_and_wrong_data_is_refused_by_name(splitlane, training, arrays):
    data = arrays(64, classes=2)
    for name in ("images.npy", "labels.npy"):
        path = splitlane.folder / name
        whole = path.read_bytes()
        for content, text in {b"": "empty file", b"[]": "not a NumPy file", whole[:-1]: "truncated"}.items():
            path.write_bytes(content)
            refusal(splitlane("train", training(data=data), "-o", "run"), name, text)
        huge(path, whole)
        refusal(splitlane("train", training(data=data), "-o", "run"), name, "longer than its header says")
        path.write_bytes(whole)
    huge(splitlane.folder / "net.pt")
    refusal(splitlane("train", training(network={"torchscript": "net.pt"}), "-o", "run"), "net.pt", "no TorchScript file")


def seconds_of_dry_run(done) -> float:
    """What it says that the rounds take."""
    found = re.search(r"the rounds take about ([0-9.]+) (us|ms|s)\b", done.out)
    assert found, done.out + done.err
    return float(found[1]) / {"us": 1_000_000, "ms": 1000, "s": 1}[found[2]]


def test_a_dry_run_counts_slowdowns_and_what_is_one(splitlane, training):
    slowdown = {"client": "pi-1", "from_round": 3, "factor": 3}
    usual = seconds_of_dry_run(splitlane("train", training(rounds=4, emulation={}), "--dry-run"))
    slowed = seconds_of_dry_run(splitlane("train", training(rounds=4, emulation={"slowdowns": [slowdown]}), "--dry-run"))
    # Two of four rounds take longer, and none more than three times as long: (2 + 2 * 3) / 4.
    assert 1.1 * usual < slowed <= 2.01 * usual
    one = splitlane("train", training(rounds=1, batches_per_round=1, batch=1, emulation={"time_scale": 0.001}), "--dry-run")
    assert "1 round of 4 batches of 1 sample\n" in one.out
    assert 0 < seconds_of_dry_run(one) < 0.1


def test_what_no_emulation_would_leave_out_is_refused(splitlane, training):
    slowdowns = [{"client": "pi-1", "from_round": 1, "factor": 3}]
    done = splitlane("train", training(emulation={"slowdowns": slowdowns}), "-o", "run", "--no-emulation")
    refusal(done, "--no-emulation: does not go with the document's emulation.slowdowns")
    done = splitlane("train", training(emulation={}), "-o", "run", "--no-emulation", "--time-scale", 2)
    refusal(done, "--no-emulation: does not go with --time-scale")
    assert not (splitlane.folder / "run").exists()


@pytest.mark.parametrize("way", [(), ("--dry-run",), ("--no-emulation",)], ids=["emulated", "dry_run", "not_emulated"])
def test_durations_beyond_clocks_are_refused(splitlane, write, small, way):
    small["time_unit"] = "s"
    for client in small["clients"]:
        for option in client["options"]:
            option["cut"] = [2, 4]
            option["forward"] = 1 << 50  # seconds; of microseconds 2^53 are allowed
    words = ("--network", "resnet8", "--batch", 4, "-o", "run")
    refusal(splitlane("train", write(small), *words, *way), "takes too long")
    assert not (splitlane.folder / "run/trace-001.json").exists()
