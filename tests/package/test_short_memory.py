"""The program as users run it, where memory runs out: only it can tell, since sanitizers ask for all addresses there are."""

import json
import os
import resource
import subprocess
from pathlib import Path

import pytest

MEGABYTE = 1 << 20
METHODS = ["random-fcfs", "balanced-greedy", "ilp", "ed-fcfs", "equid"]


@pytest.fixture
def many_slots(tmp_path):
    """Small for every method, but of some 200,000 binaries for `ilp`, which makes a column and a row of each."""
    durations = {"release": 100, "forward": 700, "client_forward": 100, "client_backward": 0, "backward": 700, "tail": 100}
    options = [{"helper": f"h{helper}", **durations} for helper in range(2)]
    document = {
        "format": "splitlane-instance",
        "version": 1,
        "time_unit": "ms",
        "helpers": [{"id": "h0"}, {"id": "h1"}],
        "clients": [{"id": f"c{client}", "options": options} for client in range(6)],
    }
    path = tmp_path / "many_slots.json"
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def compared(program, instance, megabytes=None):
    """Exit code, and what the table says of each method, the times left out."""

    def limit():
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, megabytes * MEGABYTE))

    command = [program, "compare", instance, "--methods", ",".join(METHODS), "--time-limit", "1"]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=120, preexec_fn=limit if megabytes else None
    )
    rows = {}
    for line in done.stdout.splitlines():
        words = line.removeprefix("*").split()
        if words and words[0] in METHODS:
            rows[words[0]] = " ".join(words[1:]) if not words[1].isdigit() else int(words[1])
    return done.returncode, rows


def megabytes_at_start(program, folder):
    """What the program takes before it reads its input, most of it BLAS: OpenBLAS reserves 128 MB, and tries for ever if it may not."""
    waiting = folder / "waiting"
    os.mkfifo(waiting)
    with subprocess.Popen([program, "info", waiting], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        with waiting.open("w", encoding="utf-8"):  # opens once the program does
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        process.wait(timeout=120)
    peak = next(line for line in status.splitlines() if line.startswith("VmPeak"))
    return int(peak.split()[1]) // 1024


def test_compare_keeps_all_other_rows_when_one_method_runs_out_of_memory(prefix, many_slots, tmp_path):
    program = prefix / "bin" / "splitlane"
    code, rows = compared(program, many_slots)
    assert code == 0 and list(rows) == METHODS
    expected = {**rows, "ilp": "out of memory"}
    at_start = megabytes_at_start(program, tmp_path)
    for megabytes in (at_start + 90, at_start + 40):  # a program of so many columns needs some 500
        assert compared(program, many_slots, megabytes) == (0, expected), f"{megabytes} MB"
