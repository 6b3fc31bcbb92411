"""splitlane train --processes: whatever dies, the training goes on."""

import json
import os
import signal
import subprocess
from pathlib import Path

import pytest

pytestmark = [pytest.mark.usefixtures("needs_training"), pytest.mark.optimised]

ROUNDS = 6


def node_process(folder: Path, role: str, node: str) -> int | None:
    """The process of a node of the training in this folder."""
    words = f"\0node\0{folder / 'training.json'}\0{role}\0{node}\0".encode()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if words in (process / "cmdline").read_bytes():
                return int(process.name)
        except OSError:
            continue  # it has ended
    return None


def killed_in_round(splitlane, document: str, folder: str, role: str, node: str, after_round: int):
    """The training, a node of which is killed once a round is over; its exit code, standard error, and folder."""
    run = splitlane.folder / folder
    words = [splitlane.binary, "train", document, "-o", run, "--processes", "--rounds", str(ROUNDS)]
    with subprocess.Popen(words, cwd=splitlane.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as trains:
        assert trains.stdout is not None
        for line in trains.stdout:
            if line.startswith(f"round {after_round}/"):
                break
        process = node_process(run, role, node)
        assert process is not None
        os.kill(process, signal.SIGKILL)
        _, err = trains.communicate(timeout=300)
        return trains.returncode, err, run


def metrics(run: Path) -> list[dict]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def require_valid_traces(splitlane, folder: str) -> None:
    for number in range(1, ROUNDS + 1):
        measured = f"{folder}/instance-{number:03}.json"
        instance = measured if (splitlane.folder / measured).is_file() else f"{folder}/instance.json"
        checked = splitlane("check", instance, f"{folder}/plan-{number:03}.json", "--trace", f"{folder}/trace-{number:03}.json")
        assert checked.code == 0, checked.out + checked.err


@pytest.mark.parametrize("helper", ["vm", "mac"])
def test_a_helper_that_is_killed_changes_no_bit(splitlane, training, helper):
    document = training()
    code, err, run = killed_in_round(splitlane, document, "killed", "helper", helper, 2)
    assert code == 0, err
    assert f"lost: helper {helper}" in err
    assert any(line.get("lost") for line in metrics(run)) and len(metrics(run)) == ROUNDS
    # Every client is in every round: 4 with 2 batches.
    assert [line["batches"] for line in metrics(run)] == [8] * ROUNDS
    undisturbed = splitlane("train", document, "-o", "undisturbed", "-q", "--rounds", ROUNDS)
    assert undisturbed.code == 0, undisturbed.err
    bits = [(splitlane.folder / folder / "checkpoint.pt").read_bytes() for folder in ("killed", "undisturbed")]
    assert bits[0] == bits[1]
    require_valid_traces(splitlane, "killed")


def test_a_client_that_is_killed_is_out_and_the_others_go_on(splitlane, training):
    code, err, run = killed_in_round(splitlane, training(), "killed", "client", "nano-1", 2)
    assert code == 0, err
    assert "lost: client nano-1" in err
    # 3 clients with 2 batches are left.
    assert len(metrics(run)) == ROUNDS and metrics(run)[-1]["batches"] == 6
    require_valid_traces(splitlane, "killed")
