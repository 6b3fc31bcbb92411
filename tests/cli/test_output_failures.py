"""Outputs that cannot be written: exit code 2, found before planning where possible, and nothing left behind."""

import json
import os
import resource
import subprocess

import pytest
from test_verbs import EXAMPLE

PLAN_BYTES = 2048  # far less than the example's plan needs


def limit_file_size() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (PLAN_BYTES, PLAN_BYTES))


@pytest.mark.parametrize("output", ["missing/plan.json", "."])
def test_unwritable_output_is_found_before_the_instance_is_read(splitlane, tmp_path, output):
    outcome = splitlane("plan", "nowhere.json", "-o", output)
    assert outcome.code == 2
    error = outcome.error()
    assert error["code"] == "file" and "nowhere" not in error["message"]
    assert not list(tmp_path.iterdir())


def test_full_disk_at_the_output_file(splitlane):
    outcome = splitlane("plan", EXAMPLE, "-o", "/dev/full")
    assert outcome.code == 2
    error = outcome.error()
    assert error["code"] == "file" and "No space left" in error["message"]


def test_full_disk_at_standard_output(splitlane):
    with open("/dev/full", "wb") as full:
        done = subprocess.run([splitlane.binary, "plan", EXAMPLE], stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert b"standard output" in done.stderr and b"No space left" in done.stderr


def test_file_size_limit_leaves_no_output_behind(splitlane, tmp_path):
    outcome = splitlane("plan", EXAMPLE, "-o", "plan.json", preexec_fn=limit_file_size)
    assert outcome.code == 2
    assert outcome.error()["code"] == "file"
    assert not list(tmp_path.iterdir())


def test_failed_write_leaves_the_older_output_as_it_was(splitlane, write, tmp_path):
    write("old", "plan.json")
    assert splitlane("plan", EXAMPLE, "-o", "plan.json", preexec_fn=limit_file_size).code == 2
    assert (tmp_path / "plan.json").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_closed_pipe_is_an_error_and_not_a_silent_death(splitlane):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([splitlane.binary, "plan", EXAMPLE], stdout=writer, stderr=subprocess.PIPE, check=False)
    os.close(writer)
    assert done.returncode == 2
    assert b"Broken pipe" in done.stderr


def test_report_checks_its_output_too(splitlane, write):
    write(json.dumps({}), "plan.json")
    outcome = splitlane("report", EXAMPLE, "plan.json", "-o", "missing/gantt.svg")
    assert outcome.code == 2
    assert outcome.error()["code"] == "file"
