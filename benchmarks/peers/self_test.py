"""Instances whose optimum is known by hand: every solver must find and prove it."""

import json
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from problem import Problem, read_problem

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "three_clients.json"
KEYS = ("helper", "release", "forward", "client_forward", "client_backward", "backward", "tail", "memory_mb")


def instance(name: str, memory: list[int | None], clients: list[list[dict | tuple]]) -> dict:
    helpers = [{"id": f"h{i}"} | ({} if size is None else {"memory_mb": size}) for i, size in enumerate(memory)]
    rows = [[o if isinstance(o, dict) else dict(zip(KEYS, o, strict=False)) for o in options] for options in clients]
    return {
        "format": "splitlane-instance",
        "version": 1,
        "name": name,
        "time_unit": "slot",
        "helpers": helpers,
        "clients": [{"id": f"c{j}", "options": options} for j, options in enumerate(rows)],
    }


# (instance, optimum, optimum without preemption).
CASES = (
    # c0 has 7 units of work, c1 arrives at 2 and needs 2 units, then 5 more: its path, and all the work, take 9. That needs
    # c0 to pause at 2. Without: c1 first and c0 from 4 on ends at 11; c0's forward first makes c1 end at 6 + 2 + 5 = 13.
    (instance("pause", [None], [[("h0", 0, 6, 0, 0, 1, 0)], [("h0", 2, 1, 0, 0, 1, 5)]]), 9, 11),
    # h0 serves a client in 4, h1 in 10. Both on h0 would end at 8, but it holds one of them.
    (instance("memory", [100, None], [[("h0", 0, 2, 0, 0, 2, 0, 60), ("h1", 0, 5, 0, 0, 5, 0, 60)]] * 2), 10, 10),
    # c0 may go two ways on h0, one without forward (path 9), one without backward (path 6, if it starts at once); c1 then
    # ends at 5; c2 alone takes 7, less than its path of 11 on h0.
    (
        instance(
            "edges",
            [None],
            [[("h0", 1, 0, 2, 1, 4, 1), ("h0", 0, 2, 1, 1, 0, 2)], [("h0", 0, 3, 0, 0, 0, 0)], [("h0", 0, 3, 0, 0, 3, 5), {"local": 7}]],
        ),
        7,
        7,
    ),
)  # fmt: skip


def run_self_test(solvers: list[str], measure: Callable[[str, Path, Problem, tuple], dict]) -> int:
    """0 when everybody agrees with the optimum, else 1."""
    with tempfile.TemporaryDirectory() as folder:
        cases = [(EXAMPLE, 16, 16)]
        for document, optimum, without_preemption in CASES:
            path = Path(folder) / f"{document['name']}.json"
            path.write_text(json.dumps(document), encoding="utf-8")
            cases.append((path, optimum, without_preemption))
        failed = 0
        for path, optimum, without_preemption in cases:
            for solver in solvers:
                row = measure(solver, path, read_problem(path), (optimum, optimum))
                expected = without_preemption if solver == "cp-sat-intervals" else optimum
                right = not row["fault"] and row["makespan"] == expected
                right = right and (row["status"] == "optimal" or solver == "splitlane-auto")  # auto need not prove
                failed += not right
                found = f"{row['status']} {row['makespan']}, expected {expected}"
                print(f"{'ok' if right else 'FAILED'} {path.stem} {solver}: {found} {row['fault']} {row['note'] or ''}".rstrip())
    print(f"{'all agree' if not failed else f'{failed} disagree'}", file=sys.stderr)
    return 1 if failed else 0
