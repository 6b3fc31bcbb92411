"""Random command lines over random documents: a short run of tests/fuzz/command_line, always of the same seeds."""

import stat
import subprocess
import sys

import pytest
from conftest import ROOT, binary_path

SEEDS = 6  # of twenty commands each
# Seeds of long runs that have found something: costs of 1e26 that CLP aborts on, and integers with a range of 1e9, through
# which CBC walks in steps of 1.
ONCE_FOUND = (328, 1014)


def run_seeds(binary, folder, seeds: int, first: int = 0) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, ROOT / "tests" / "fuzz" / "command_line" / "run.py", "--binary", binary, "--seeds", str(seeds),
         "--seed", str(first), "--findings", folder / "findings"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip


def test_random_commands_end_as_the_manual_says(tmp_path):
    done = run_seeds(binary_path(), tmp_path, SEEDS)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.endswith(f"{SEEDS * 20} commands, 0 findings\n")


@pytest.mark.parametrize("seed", ONCE_FOUND)
def test_what_long_runs_found_stays_mended(tmp_path, seed):
    done = run_seeds(binary_path(), tmp_path, 1, seed)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("misbehaviour", "finding"),
    [
        ("kill -SEGV $$", "ended by signal 11"),
        ("exit 1", "exit code 1"),
        ("exit 2", "a failure without an error document"),
        ("echo 'TBB Warning: too many threads' >&2", "standard error says TBB Warning"),
        ("touch .splitlane-1-1.tmp", "a temporary file is left"),
        ("echo >> instance.json", "an input has changed: instance.json"),
        ("echo talk; echo '{}'", "standard output is not one document"),
    ],
)
def test_a_program_that_misbehaves_is_found(tmp_path, misbehaviour, finding):
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\n{misbehaviour}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    done = run_seeds(program, tmp_path, 1)
    assert done.returncode == 1
    assert finding in done.stdout
