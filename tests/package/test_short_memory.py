"""The program as users run it, where memory runs out: only it can tell, since sanitizers ask for all addresses there are."""

import json
import resource
import subprocess

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


def test_compare_keeps_all_other_rows_when_one_method_runs_out_of_memory(prefix, many_slots):
    program = prefix / "bin" / "splitlane"
    code, rows = compared(program, many_slots)
    assert code == 0 and list(rows) == METHODS
    expected = {**rows, "ilp": "out of memory"}
    for megabytes in (120, 60):  # a program of so many columns needs some 500
        assert compared(program, many_slots, megabytes) == (0, expected), f"{megabytes} MB"
