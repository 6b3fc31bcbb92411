"""splitlane train: what it writes, that splitting changes no bit, and what it says of bad input."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from pathlib import Path

import pytest
from conftest import binary_path

pytestmark = [pytest.mark.usefixtures("needs_training"), pytest.mark.optimised]


def files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_training_leaves_plans_traces_metrics_and_a_checkpoint(splitlane, training):
    done = splitlane("train", training(), "-o", "run")
    assert done.code == 0, done.err
    assert [line.split(":")[0] for line in done.out.splitlines()] == ["round 1/2", "round 2/2"]
    expected = {"checkpoint.pt", "instance.json", "metrics.jsonl", "training.json"}
    expected |= {f"{kind}-00{number}.json" for kind in ("plan", "trace") for number in (1, 2)}
    assert expected <= set(files(splitlane.folder / "run"))
    for line in (splitlane.folder / "run/metrics.jsonl").read_text().splitlines():
        metrics = json.loads(line)
        # Four clients with two batches each.
        assert metrics["batches"] == 8 and metrics["bytes"] > 0 and metrics["test_samples"] == 20


def test_every_trace_passes_the_checker(splitlane, training):
    assert splitlane("train", training(batches_per_round=1), "-o", "run", "-q").code == 0
    for number in ("001", "002"):
        measured = f"run/instance-{number}.json"  # where the round was planned with what was measured
        instance = measured if (splitlane.folder / measured).is_file() else "run/instance.json"
        checked = splitlane("check", instance, f"run/plan-{number}.json", "--trace", f"run/trace-{number}.json")
        assert checked.code == 0, checked.out + checked.err


@pytest.mark.sanitized
def test_splitting_processes_and_threads_change_no_bit(splitlane, training):
    path = training()
    ways = {"split": (), "processes": ("--processes",), "one_thread": ("--threads", 1), "unsplit": ("--unsplit",)}
    bits = {}
    for way, options in ways.items():
        done = splitlane("train", path, "-o", way, "-q", *options)
        assert done.code == 0, done.err
        bits[way] = (splitlane.folder / way / "checkpoint.pt").read_bytes()
    assert len(set(bits.values())) == 1
    assert splitlane("train", path, "-o", "other", "-q", "--seed", 1).code == 0
    assert (splitlane.folder / "other/checkpoint.pt").read_bytes() != bits["split"]


def test_the_folders_document_trains_again_to_the_same_bits(splitlane, training):
    assert splitlane("train", training(), "-o", "run", "-q", "--rounds", 1).code == 0
    assert splitlane("train", "run/training.json", "-o", "again", "-q").code == 0
    same = [(splitlane.folder / folder / "checkpoint.pt").read_bytes() for folder in ("run", "again")]
    assert same[0] == same[1]


def test_a_resumed_training_ends_with_the_bits_of_a_whole_one(splitlane, training):
    path = training()
    assert splitlane("train", path, "-o", "whole", "-q").code == 0
    assert splitlane("train", path, "-o", "parts", "-q", "--rounds", 1).code == 0
    assert splitlane("train", path, "-o", "parts", "-q", "--resume").code == 0
    same = [(splitlane.folder / folder / "checkpoint.pt").read_bytes() for folder in ("whole", "parts")]
    assert same[0] == same[1]


def test_a_new_training_takes_the_place_of_an_earlier_one_in_its_folder(splitlane, training):
    path = training()
    assert splitlane("train", path, "-o", "run", "-q", "--rounds", 3).code == 0
    again = splitlane("train", path, "-o", "run", "-q", "--rounds", 1)
    assert again.code == 0 and "run held an earlier training of 3 rounds, which this one replaces" in again.err
    names = {file.name for file in (splitlane.folder / "run").iterdir()}
    assert {"plan-001.json", "trace-001.json"} <= names and not {"plan-002.json", "trace-002.json", "trace-003.json"} & names
    assert len((splitlane.folder / "run/metrics.jsonl").read_text().splitlines()) == 1


def test_what_a_new_training_cannot_take_away_is_named(splitlane, training):
    path = training()
    (splitlane.folder / "run/plan-001.json/kept").mkdir(parents=True)
    refused = splitlane("train", path, "-o", "run", "--rounds", 1)
    assert refused.code == 2 and "plan-001.json: cannot be written" in refused.err
    assert (splitlane.folder / "run/plan-001.json/kept").is_dir()


def test_a_training_that_is_done_says_so_when_it_is_resumed_and_another_seed_is_refused(splitlane, training):
    path = training()
    assert splitlane("train", path, "-o", "run", "-q", "--rounds", 2).code == 0
    kept = (splitlane.folder / "run/training.json").read_bytes()
    other = splitlane("train", path, "-o", "run", "--rounds", 3, "--seed", 99, "--resume")
    assert other.code == 2 and "the checkpoint of another seed" in other.err
    assert (splitlane.folder / "run/training.json").read_bytes() == kept
    done = splitlane("train", path, "-o", "run", "--rounds", 2, "--resume")
    assert (done.code, done.out) == (0, "") and "all 2 rounds are done already" in done.err


def test_a_training_does_not_overwrite_its_own_document(splitlane, training):
    path = training()
    before = path.read_bytes()
    refused = splitlane("train", path, "-o", path.parent, "--rounds", 1)
    assert refused.code == 2 and "training.json is TRAINING itself" in refused.err
    assert path.read_bytes() == before


@pytest.mark.sanitized
def test_ctrl_c_ends_after_the_batch_with_everything_kept(splitlane, training):
    process = splitlane.start("train", training(rounds=100000), "-o", "run")
    # The first round's line says that it trains.
    assert process.stdout.readline().startswith(b"round 1/100000")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert b"ended early, after" in err and b"--resume goes on" in err
    rounds = len((splitlane.folder / "run/metrics.jsonl").read_text().splitlines())
    assert rounds == 1 + len(out.splitlines())
    assert (splitlane.folder / "run/checkpoint.pt").is_file()


def test_a_terminal_sees_how_far_the_round_is_and_ctrl_c_ends_after_the_batch(splitlane, training):
    terminal, end = os.openpty()
    process = splitlane.start("train", training(rounds=1, batches_per_round=100000), "-o", "run", stderr=end)
    os.close(end)
    shown = b""
    while not re.search(rb"round 1 of 1: [1-9][0-9]* of 400000 batches; Ctrl-C ends after the batch", shown):
        shown += os.read(terminal, 4096)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    with contextlib.suppress(OSError):  # EIO: everything has been read
        while piece := os.read(terminal, 4096):
            shown += piece
    os.close(terminal)
    assert process.returncode == 0
    assert out.startswith(b"round 1/1: measured ")
    # Nothing of the line is left; notes may follow.
    assert b"batches;" not in shown.rpartition(b"\r\x1b[K")[2]


def test_without_a_terminal_nothing_shows_progress(splitlane, training):
    process = splitlane.start("train", training(rounds=100000), "-o", "run")
    assert process.stdout.readline().startswith(b"round 1/100000")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert b"ended early, after" in err and b"batches" not in err and b"\x1b" not in err


def test_a_dry_run_says_what_would_run_and_writes_nothing(splitlane, training):
    done = splitlane("train", training(emulation={"time_scale": 2}), "-o", "run", "--dry-run")
    assert done.code == 0, done.err
    for text in ("resnet8_cifar of 6 layers, 4 clients, 2 helpers", "planned makespan", "the rounds take about", "memory: about"):
        assert text in done.out
    assert not (splitlane.folder / "run").exists()


def test_a_setup_alone_trains_with_the_usual_options(splitlane, training):
    training()
    done = splitlane("train", "training.setup.json", "--batches", 1, "--batch", 4, "--no-emulation", "-o", "run")
    assert done.code == 0, done.err
    assert done.out.startswith("round 1/1: measured ")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"network": {"name": "resnet9"}}, "no such network"),
        ({"batch": 40}, "client"),
        ({"setup": "nowhere.json"}, "nowhere.json"),
        ({"data": {"kind": "numpy", "images": "no.npy", "labels": "no.npy"}}, "no.npy"),
        ({"data": {"kind": "synthetic", "shape": [3, 16, 16], "classes": 12}, "network": {"name": "resnet8", "classes": 10}},
         "more classes than the network has outputs: got 12, expected at most 10"),
        ({"network": {"name": "vgg11"}, "data": {"kind": "synthetic", "shape": [3, 32, 32]}}, "layers"),
        ({"rounds": 0}, "rounds"),
        ({"surprise": 1}, "surprise"),
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_said_before_anything_runs(splitlane, training, changes, message):
    done = splitlane("train", training(**changes), "-o", "run")
    assert done.code == 2, done.out + done.err
    assert message in done.error()["message"]
    assert not (splitlane.folder / "run").exists()


@pytest.mark.sanitized
def test_cut_layers_that_the_network_does_not_have_are_refused(splitlane, write, small):
    for client in small["clients"]:
        for option in client["options"]:
            option["cut"] = [2, 7]
    done = splitlane("train", write(small), "--network", "resnet8", "-o", "run")
    assert done.code == 2
    assert "a network of 6 layers" in done.error()["message"]


def test_an_instance_without_cut_layers_is_refused(splitlane, write, small):
    done = splitlane("train", write(small), "--network", "resnet8", "-o", "run")
    assert done.code == 2
    assert "client c0" in done.error()["message"] and "cut" in done.error()["message"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "splitlane-plan", "version": 1}'])
def test_wrong_files_are_refused_by_name(splitlane, write, content):
    done = splitlane("train", write(content, "wrong.json"), "-o", "run")
    assert done.code == 2
    assert "wrong.json" in done.error()["message"]


def test_a_file_in_the_place_of_the_folder_is_refused(splitlane, training, write):
    write("", "taken")
    done = splitlane("train", training(), "-o", "taken")
    assert done.code == 2
    assert "taken" in done.error()["message"]


def test_a_loss_that_is_no_number_ends_the_training_with_round_client_and_batch(splitlane, training):
    optimizer = {"kind": "sgd", "learning_rate": 1e6, "weight_decay": 1e6}
    done = splitlane("train", training(optimizer=optimizer, batches_per_round=4), "-o", "run")
    assert done.code == 4
    assert "round 1, client" in done.err and "the loss is not a number" in done.err


def test_resuming_without_a_checkpoint_says_so(splitlane, training):
    done = splitlane("train", training(), "-o", "run", "--resume")
    assert done.code == 2
    assert "checkpoint.pt" in done.error()["message"]


def test_without_its_second_program_train_says_how_to_get_it(tmp_path):
    shutil.copy(binary_path(), tmp_path / "splitlane")
    done = subprocess.run(
        [tmp_path / "splitlane", "train", "x.json"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "splitlane-training: cannot be run" in done.stderr and "package splitlane-training" in done.stderr


SLOWED = {
    "network": {"idle": "resnet8"},
    "data": {"kind": "synthetic"},
    "batch": 16,
    "rounds": 4,
    "batches_per_round": 2,
    "emulation": {"slowdowns": [{"client": "pi-1", "from_round": 3, "factor": 3}]},
}


def test_a_client_that_becomes_slower_is_told_and_the_next_round_planned_with_it(splitlane, training):
    done = splitlane("train", training(**SLOWED), "-o", "run")
    assert done.code == 0, done.err
    assert "note: client pi-1 is " in done.err and "times slower than its profile since round 3" in done.err
    checked = splitlane("check", "run/instance-004.json", "run/plan-004.json", "--trace", "run/trace-004.json")
    assert checked.code == 0, checked.out
    measured = splitlane("profile", "from-trace", "run/instance.json", "run/trace-003.json", "-o", "measured.json")
    assert measured.code == 0, measured.err
    assert splitlane("plan", "measured.json", "-q").code == 0


def test_a_slowdown_of_an_unknown_device_is_refused_before_anything_begins(splitlane, training):
    slowdown = {"client": "pi-9", "from_round": 1, "factor": 2}
    done = splitlane("train", training(emulation={"slowdowns": [slowdown]}), "-o", "run")
    assert done.code == 2
    assert "emulation.slowdowns" in done.error()["message"] and not (splitlane.folder / "run").exists()


def control_groups():
    return {path.name for path in Path("/sys/fs/cgroup").glob("*/splitlane-*")} | {path.name for path in Path("/sys/fs/cgroup").glob("splitlane-*")}


def test_nodes_that_are_limited_train_the_same_bits_and_leave_no_group(splitlane, training):
    limits = [{"client": "pi-1", "share": 0.9, "cores": [min(os.sched_getaffinity(0))]}, {"client": "pi-1", "from_round": 2, "share": 0.5}]
    before = control_groups()
    done = splitlane("train", training(limits=limits), "-o", "limited")
    if done.code == 2 and "control group" in done.err:
        pytest.skip(done.err)
    assert done.code == 0, done.err
    # What a plan leads to expect is known, since devices are as the setup says.
    assert done.out.count("planned") == 2
    assert splitlane("train", training(), "-o", "free", "-q").code == 0
    same = [(splitlane.folder / folder / "checkpoint.pt").read_bytes() for folder in ("limited", "free")]
    assert same[0] == same[1]
    # Other trainings may begin and end meanwhile.
    assert not [name for name in control_groups() - before if re.match(r"splitlane-\d", name) and not (Path("/proc") / name.split("-")[1]).exists()]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"limits": [{"client": "nobody", "share": 1}]}, 'limits: no such client: got "nobody"'),
        ({"limits": [{"helper": "pi-1", "share": 1}]}, 'limits: no such helper: got "pi-1"'),
        ({"limits": [{"client": "pi-1", "cores": [1023]}]}, "limits: no core that this program may run on: got 1023"),
        ({"limits": [{"client": "pi-1", "share": 1}], "emulation": {}}, "limits: devices are either emulated or limited"),
    ],
)  # fmt: skip
def test_limits_that_cannot_be_kept_are_refused(splitlane, training, changes, message):
    done = splitlane("train", training(**changes), "-o", "run")
    assert done.code == 2 and message in done.err, done.err
