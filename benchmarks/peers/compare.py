#!/usr/bin/env python3
"""What other solvers do on the same instances, one after the other, each in a process of its own.

usage: compare.py SPLITLANE INSTANCES [--time-limit S] [--solvers NAME,NAME] [--only PATTERN] [--csv FILE]
       compare.py SPLITLANE --self-test

INSTANCES is a folder with *.json and, if the optima are known, optima.csv (instance, lower_bound, upper_bound). Every plan
goes through `splitlane check`, and every claim is held against the others. Results are added to the CSV as they come; what
it already has is not run again. Standard output gets a Markdown table. The exit code is 1 when anything disagrees.
"""

import argparse
import csv
import fnmatch
import json
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

from problem import Problem, read_problem
from self_test import run_self_test
from table import COLUMNS, print_tables

HERE = Path(__file__).resolve().parent
SOLVERS = ("cbc-slots", "highs-slots", "cp-sat-slots", "highs-deadlines", "cp-sat-intervals", "cp-sat-units")
GRACE_SECONDS = 300  # for building the model, and for a solver that looks at its clock too seldom


def splitlane_method(program: str) -> str:
    text = subprocess.run([program, "plan", "--help"], check=True, capture_output=True, text=True).stdout
    return "exact" if any(line.split()[:1] == ["exact"] for line in text.splitlines()) else "auto"


def run_splitlane(program: str, method: str, instance: Path, plan: Path, limit: float, threads: int) -> dict:
    command = [program, "plan", instance, "--method", method, "--threads", str(threads)]
    if method == "exact":  # the others end by themselves, unless they are told how long they may go on
        command += ["--time-limit", str(limit)]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*command, "-q", "-o", plan], capture_output=True, text=True, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        return {"status": "failed", "note": done.stderr.strip()[-200:]}
    document = json.loads(plan.read_text(encoding="utf-8"))
    claim = {"status": document["status"], "objective": document["makespan"], "lower_bound": document["lower_bound"]}
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime  # of the whole command
    return claim | {"seconds": document["runtime_ms"] / 1000, "cpu_seconds": cpu_seconds}


def run_peer(solver: str, instance: Path, plan: Path, upper_bound: int | None, arguments: argparse.Namespace) -> dict:
    python = HERE / ".venv" / "bin" / "python"
    command = [python, HERE / "peer.py", solver, instance, plan, "--time-limit", str(arguments.time_limit)]
    command += ["--threads", str(arguments.threads), "--memory-gb", str(arguments.memory_gb)]
    if upper_bound is not None:
        command += ["--upper-bound", str(upper_bound)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=arguments.time_limit + GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        return {"status": "none", "note": f"ended after {arguments.time_limit + GRACE_SECONDS:.0f} s"}
    if done.returncode:
        return {"status": "failed", "note": (done.stderr.strip() or f"exit code {done.returncode}").splitlines()[-1][:200]}
    return json.loads(done.stdout.splitlines()[-1])


def disagreement(row: dict, known: tuple[int, int | None], plan_fault: str | None) -> str:
    """Why this row cannot be right, or nothing. `known`: no plan is shorter than the first, one is as short as the second."""
    lower, upper = known
    makespan, bound = row["makespan"], row["lower_bound"]
    faults = [plan_fault] if plan_fault else []
    if row["status"] == "infeasible":
        faults.append("says that there is no plan")
    if row["status"] in ("optimal", "feasible") and makespan is None:
        faults.append("claims a solution without a plan")
    if makespan is not None and makespan < lower:
        faults.append(f"makespan {makespan} below the proven bound {lower}")
    if makespan is not None and (makespan > row["objective"] or (row["status"] == "optimal" and makespan < row["objective"])):
        faults.append(f"claims {row['objective']}, the plan has {makespan}")
    if row["preemptive"] and bound is not None and upper is not None and bound > upper:
        faults.append(f"bound {bound} above a makespan of {upper}")
    return "; ".join(faults)


def known_range(problem: Problem, optima: dict | None, rows: list[dict]) -> tuple[int, int | None]:
    bounds = [row["lower_bound"] for row in rows if row["preemptive"] and row["lower_bound"] is not None and not row["fault"]]
    lengths = [row["makespan"] for row in rows if row["makespan"] is not None and not row["fault"]]
    if optima:
        bounds.append(int(optima["lower_bound"]))
        lengths.append(int(optima["upper_bound"]))
    return max(bounds, default=problem.path_bound()), min(lengths, default=None)


def measure(solver: str, instance: Path, problem: Problem, known: tuple, arguments: argparse.Namespace) -> dict:
    """One solver on one instance: what it claims, what its plan is worth, whether that can be."""
    with tempfile.TemporaryDirectory() as folder:
        plan, fault, makespan = Path(folder) / "plan.json", None, None
        if solver.startswith("splitlane-"):
            method = solver.removeprefix("splitlane-")
            claim = run_splitlane(arguments.program, method, instance, plan, arguments.time_limit, arguments.threads)
        else:
            greedy = None
            if solver.endswith("-deadlines"):
                path = Path(folder) / "greedy.json"
                greedy = run_splitlane(arguments.program, "balanced-greedy", instance, path, 10, 1).get("objective")
            claim = run_peer(solver, instance, plan, greedy, arguments)
        if plan.exists():
            makespan = json.loads(plan.read_text(encoding="utf-8"))["makespan"]
            checked = subprocess.run([arguments.program, "check", instance, plan], capture_output=True, text=True, check=False)
            if checked.returncode:
                fault = f"check: {checked.stdout.splitlines()[-1]}"
    row = dict.fromkeys(COLUMNS) | {key: claim[key] for key in claim if key in COLUMNS}
    row |= {"instance": instance.stem, "clients": len(problem.clients), "helpers": len(problem.helpers), "solver": solver}
    row |= {"makespan": makespan, "preemptive": int(solver != "cp-sat-intervals"), "time_limit": arguments.time_limit}
    row["fault"] = disagreement(row, known, fault)
    return row


def read_rows(path: Path) -> list[dict]:
    if not path.exists():
        return []
    whole = {"clients", "helpers", "preemptive", "objective", "makespan", "lower_bound"}
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {key: int(row[key]) if row[key] else None for key in whole}
        row |= {key: float(row[key]) if row[key] else None for key in ("seconds", "cpu_seconds", "build_seconds", "time_limit")}
    return rows


def append_row(path: Path, row: dict) -> None:
    begin = not path.exists()
    shown = {key: f"{value:.4f}" if isinstance(value, float) else value for key, value in row.items()}
    with open(path, "a", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        if begin:
            writer.writeheader()
        writer.writerow(shown)


def read_optima(folder: Path) -> dict[str, dict]:
    path = folder / "optima.csv"
    if not path.exists():
        return {}
    with open(path, encoding="utf-8", newline="") as file:
        return {row["instance"]: row for row in csv.DictReader(file)}


def run_all(arguments: argparse.Namespace, solvers: list[str]) -> int:
    optima = read_optima(arguments.instances)
    files = [path for path in arguments.instances.glob("*.json") if fnmatch.fnmatch(path.stem, arguments.only)]
    problems = {path: read_problem(path) for path in files}
    # Small first, by the number of columns of the program with slots.
    files.sort(key=lambda path: (len(problems[path].all_options()) * problems[path].paper_horizon(), path.stem))
    rows = read_rows(arguments.csv)
    for path in files:
        for solver in solvers:
            own = [row for row in rows if row["instance"] == path.stem]
            if any(row["solver"] == solver for row in own):
                continue
            known = known_range(problems[path], optima.get(path.stem), own)
            row = measure(solver, path, problems[path], known, arguments)
            append_row(arguments.csv, row)
            rows.append(row)
            print(f"{path.stem} {solver}: {row['status']} {row['makespan']} {row['fault']}", file=sys.stderr, flush=True)
    names = [path.stem for path in files]
    shown = [row for row in rows if row["solver"] in solvers and row["instance"] in names]
    print_tables(shown, names, solvers, optima)
    return 1 if any(row["fault"] for row in shown) else 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("instances", type=Path, nargs="?")
    parser.add_argument("--time-limit", type=float, default=60, help="seconds for each solver and instance")
    parser.add_argument("--solvers", default=",".join(SOLVERS), help="peers, by the names that peer.py knows")
    parser.add_argument("--only", default="*", help="pattern of instance names")
    parser.add_argument("--csv", type=Path, default=Path("peers.csv"))
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--memory-gb", type=float, default=8, help="a peer's address space")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()
    method = splitlane_method(arguments.program)
    solvers = [f"splitlane-{method}", *arguments.solvers.split(",")]
    if arguments.self_test:
        return run_self_test(solvers, lambda *given: measure(*given, arguments))
    if arguments.instances is None:
        parser.error("INSTANCES is missing")
    return run_all(arguments, solvers)


if __name__ == "__main__":
    sys.exit(main())
