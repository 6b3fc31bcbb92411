"""The folder of a training: one training at a time, sockets that do not stay, and what a resumed training may change."""

import json
import os
import signal
import time
from pathlib import Path

import pytest
from conftest import contents, refusal

pytestmark = [pytest.mark.usefixtures("needs_training", "sockets"), pytest.mark.optimised]

# A batch takes days, so that a training is in the midst of its first one until it is ended.
ENDLESS_BATCH = {"emulation": {"time_scale": 1e6}, "rounds": 1}


def start_endless(splitlane, path: Path, *options):
    """A training whose first batch is in progress."""
    process = splitlane.start("train", path, "-o", "run", *options)
    while not (splitlane.folder / "run/plan-001.json").exists():
        assert process.poll() is None
    return process


def interrupt_until_it_ends(process) -> None:
    """The first Ctrl-C asks for an early end, which does not come; the next one that is not taken for the same ends it."""
    while process.poll() is None:
        process.send_signal(signal.SIGINT)
        time.sleep(0.05)
    process.communicate()


@pytest.mark.parametrize("way", [("--resume",), ("--processes",), ("--unsplit",)], ids=["resume", "processes", "unsplit"])
def test_a_second_training_in_the_folder_of_one_that_runs_is_refused_before_it_changes_anything(splitlane, training, way):
    path = training(**ENDLESS_BATCH)
    first = start_endless(splitlane, path)
    try:
        before = contents(splitlane.folder / "run")
        refusal(splitlane("train", path, "-o", "run", "--no-emulation", *way), "run: another training writes here at this moment")
        assert contents(splitlane.folder / "run") == before
    finally:
        first.kill()
        first.communicate()
    # A training that was killed keeps nobody out.
    assert splitlane("train", path, "-o", "run", "-q", "--no-emulation").code == 0


@pytest.mark.parametrize("way", [(), ("--processes",)], ids=["threads", "processes"])
def test_a_second_ctrl_c_leaves_no_sockets(splitlane, training, sockets, way):
    process = start_endless(splitlane, training(**ENDLESS_BATCH), *way)
    assert os.listdir(sockets)
    interrupt_until_it_ends(process)
    assert process.returncode == -signal.SIGINT
    assert not os.listdir(sockets)


def test_sockets_of_a_killed_training_are_removed_by_the_next_one(splitlane, training, sockets):
    path = training(**ENDLESS_BATCH)
    process = start_endless(splitlane, path)
    process.kill()
    process.communicate()
    left = os.listdir(sockets)
    assert len(left) == 1 and os.listdir(sockets / left[0])
    # What is no socket is not ours to remove, nor is a folder of another name.
    other = [sockets / "splitlane-sockets-other", sockets / "splitlane-abcdef"]
    for folder in other:
        folder.mkdir()
        (folder / "kept").write_text("")
    assert splitlane("train", path, "-o", "run", "-q", "--no-emulation").code == 0
    assert sorted(os.listdir(sockets)) == sorted(folder.name for folder in other)
    for folder in other:
        (folder / "kept").unlink()
        folder.rmdir()


def test_sockets_of_a_training_that_runs_are_left_alone(splitlane, training, sockets):
    path = training(**ENDLESS_BATCH)
    process = start_endless(splitlane, path)
    try:
        left = os.listdir(sockets)
        assert splitlane("train", path, "-o", "other", "-q", "--no-emulation").code == 0
        assert os.listdir(sockets) == left and os.listdir(sockets / left[0])
    finally:
        interrupt_until_it_ends(process)


@pytest.fixture
def resumable(splitlane, training):
    """A folder with a training of one round, which ran by this document."""
    path = training()
    assert splitlane("train", path, "-o", "run", "-q", "--rounds", 1).code == 0
    return path


def test_what_changes_the_weights_is_refused_by_name_when_a_training_is_resumed(splitlane, training, resumable):
    before = contents(splitlane.folder / "run")
    changes = {
        "seed": (("--seed", 4), "4 now", "0, as it was"),
        "batch": (("--batch", 8), "8 now", "4, as it was"),
        "batches_per_round": (("--batches", 1), "1 now", "2, as it was"),
        "optimizer.kind": (("--optimizer", "sgd"), '"sgd" now', '"momentum", as it was'),
        "optimizer.learning_rate": (("--learning-rate", 0.5), "0.5 now", "0.05, as it was"),
        "partition": (("--dirichlet", 1), '{"kind":"dirichlet","alpha":1} now', "the default, as it was"),
    }
    for key, (options, now, was) in changes.items():
        done = splitlane("train", resumable, "-o", "run", "--resume", *options)
        refusal(done, f"run/checkpoint.pt: the checkpoint of another {key}: got {now}, expected {was}")
    data = {"kind": "synthetic", "shape": [3, 16, 16], "samples": 65, "test_samples": 20}
    refusal(splitlane("train", training(data=data), "-o", "run", "--resume"), "another data.samples: got 65 now, expected 64")
    assert contents(splitlane.folder / "run") == before


def test_what_only_changes_when_things_are_computed_may_differ_when_a_training_is_resumed(splitlane, training, resumable):
    assert splitlane("train", resumable, "-o", "whole", "-q").code == 0
    planning = {"method": "balanced-greedy", "replan": "never"}
    emulation = {"time_scale": 0.01}
    other = training(rule="first-come", assignment="random", planning=planning, emulation=emulation, threads=1, evaluate_every=0)
    done = splitlane("train", other, "-o", "run", "-q", "--resume")
    assert done.code == 0, done.err
    same = [(splitlane.folder / folder / "checkpoint.pt").read_bytes() for folder in ("whole", "run")]
    assert same[0] == same[1]


def test_a_line_of_metrics_that_is_none_is_named_when_a_training_is_resumed(splitlane, resumable):
    metrics = splitlane.folder / "run/metrics.jsonl"
    good = metrics.read_text()
    for line in ("garbage", "{}", good.replace("measured_us", "measured_s").strip()):
        metrics.write_text(good + line + "\n")
        before = contents(splitlane.folder / "run")
        refusal(splitlane("train", resumable, "-o", "run", "--resume"), "run/metrics.jsonl: line 2")
        assert contents(splitlane.folder / "run") == before
    # A line without its end is what a crash has left.
    metrics.write_text(good + "garbage")
    assert splitlane("train", resumable, "-o", "run", "--resume", "-q").code == 0
    assert [json.loads(line)["round"] for line in metrics.read_text().splitlines()] == [1, 2]
