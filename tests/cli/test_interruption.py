"""Ctrl-C, termination and the time limit return the best plan so far."""

import json
import os
import random
import signal
import time
from pathlib import Path

import pytest

LIMIT_SECONDS = 60


@pytest.fixture
def hard(write) -> Path:
    """80 unlike clients on 12 unlike helpers with tight memory: more work than a test has time for."""
    generator = random.Random(1)
    helpers = [{"id": f"h{index}", "memory_mb": 70} for index in range(12)]
    keys = ("release", "forward", "client_forward", "client_backward", "backward", "tail")
    clients = [
        {
            "id": f"c{index}",
            "options": [
                {"helper": helper["id"], "memory_mb": memory, **{key: generator.randrange(10, 1000) for key in keys}}
                for helper in helpers
            ],
        }
        for index in range(80)
        for memory in [generator.randrange(5, 14)]
    ]
    document = {"format": "splitlane-instance", "version": 1, "time_unit": "ms", "helpers": helpers, "clients": clients}
    return write(document, "hard.json")


def wait_until_caught(process, number: int) -> None:
    """Waits until the process handles a signal itself, so that the test cannot come too early."""
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
            if line.startswith("SigCgt:") and int(line.split()[1], 16) >> (number - 1) & 1:
                return
        time.sleep(0.001)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("method", ["auto", "equid"])
def test_signal_returns_a_valid_plan(splitlane, hard, number, method):
    process = splitlane.start("plan", hard, "--method", method, "-o", "plan.json")
    wait_until_caught(process, number)
    process.send_signal(number)
    _, err = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 0, err.decode()
    assert splitlane("check", hard, "plan.json").code == 0


def test_time_limit_returns_a_valid_plan(splitlane, hard):
    outcome = splitlane("plan", hard, "--method", "equid", "--time-limit", "0.05")
    assert outcome.code == 0
    assert splitlane("check", hard, "-", stdin=outcome.out).code == 0


def test_signal_during_compare_still_prints_the_table(splitlane, hard):
    process = splitlane.start("compare", hard, "--methods", "equid,ed-fcfs,random-fcfs")
    wait_until_caught(process, signal.SIGINT)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 0, err.decode()
    assert "equid" in out.decode() and "random-fcfs" in out.decode()


def test_output_of_an_interrupted_plan_is_complete_json(splitlane, hard):
    process = splitlane.start("plan", hard, "--quiet")
    wait_until_caught(process, signal.SIGINT)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=LIMIT_SECONDS)
    assert json.loads(out)["format"] == "splitlane-plan"


def test_ctrl_c_ends_a_check_at_once_and_without_a_verdict(splitlane):
    os.mkfifo(splitlane.folder / "endless.json")
    process = splitlane.start("check", "endless.json", "plan.json")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == -signal.SIGINT and out == b""
