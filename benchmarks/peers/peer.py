#!/usr/bin/env python3
"""One solver on one instance, in a process of its own: writes a plan, prints what the solver claims as JSON.

usage: peer.py SOLVER INSTANCE PLAN --time-limit S [--upper-bound C] [--threads N] [--memory-gb G]

SOLVER is cbc, highs or cp-sat, followed by -slots (the paper's program), -deadlines (the same slots, the smallest feasible
deadline by bisection below C); or cp-sat-intervals (no preemption), cp-sat-units (preemption, a task as pieces of length 1).
The time limit is the solver's alone: building its model is counted apart.
"""

import argparse
import json
import math
import resource
import time
from collections.abc import Callable
from pathlib import Path

from backends import Outcome, run_cp_sat, solve_with_cbc, solve_with_cp_sat, solve_with_highs
from interval_models import build_intervals
from problem import Option, Piece, Problem, plan_document, read_problem
from slot_program import SlotProgram, build_program

BACKENDS = {"cbc": solve_with_cbc, "highs": solve_with_highs, "cp-sat": solve_with_cp_sat}
Backend = Callable[[SlotProgram, float, int], Outcome]
Schedule = tuple[list[Option], list[Piece]]


def claim(outcome: Outcome) -> dict:
    """What the solver says of the optimum; a bound is rounded up, for the optimum is whole."""
    status = "optimal" if outcome.proven and outcome.values is not None else "feasible"
    if outcome.values is None:
        status = "infeasible" if outcome.proven else "none"
    bound = None if outcome.bound is None else max(0, math.ceil(outcome.bound - 1e-6))
    bound = outcome.objective if status == "optimal" else bound
    claimed = {"status": status, "objective": outcome.objective, "lower_bound": bound}
    return claimed | {"seconds": outcome.seconds, "cpu_seconds": outcome.cpu_seconds}


def size_of(program: SlotProgram) -> dict:
    return {"columns": len(program.cost), "rows": len(program.row_lower), "entries": len(program.value)}


def solve_slots(problem: Problem, solve: Backend, arguments: argparse.Namespace) -> tuple[dict, Schedule | None]:
    program = build_program(problem, problem.paper_horizon())
    outcome = solve(program, arguments.time_limit, arguments.threads)
    schedule = None if outcome.values is None else program.schedule(outcome.values)
    return claim(outcome) | size_of(program), schedule


def solve_deadlines(problem: Problem, solve: Backend, arguments: argparse.Namespace) -> tuple[dict, Schedule | None]:
    """Bisection: a deadline without a schedule raises the bound, a schedule lowers the other end to its makespan."""
    low, high = problem.path_bound(), arguments.upper_bound or problem.paper_horizon()
    schedule, seconds, cpu_seconds, size = None, 0.0, 0.0, {}
    while (low < high or (low == high and schedule is None)) and seconds < arguments.time_limit:
        deadline = (low + high) // 2
        program = build_program(problem, deadline, deadline=True)
        outcome = solve(program, arguments.time_limit - seconds, arguments.threads)
        seconds, cpu_seconds = seconds + outcome.seconds, cpu_seconds + outcome.cpu_seconds
        size = size_of(program)
        if outcome.values is not None:
            schedule = program.schedule(outcome.values)
            high = plan_document(problem, *schedule, low, arguments.solver)["makespan"]
        elif outcome.proven:
            low = deadline + 1
        else:
            break
    status = "none" if schedule is None else "optimal" if low == high else "feasible"
    if low > high:  # the given upper bound was none, or the solver is wrong
        status = "infeasible"
    result = {"status": status, "objective": None if schedule is None else high, "lower_bound": low}
    return result | {"seconds": seconds, "cpu_seconds": cpu_seconds} | size, schedule


def solve_intervals(problem: Problem, pieces: bool, arguments: argparse.Namespace) -> tuple[dict, Schedule | None]:
    built = build_intervals(problem, pieces)
    outcome = run_cp_sat(built.model, built.variables, arguments.time_limit, arguments.threads)
    size = {"columns": len(built.model.proto.variables), "rows": len(built.model.proto.constraints)}
    schedule = None if outcome.values is None else built.schedule(outcome.values, pieces)
    return claim(outcome) | size, schedule


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("solver")
    parser.add_argument("instance", type=Path)
    parser.add_argument("plan", type=Path)
    parser.add_argument("--time-limit", type=float, required=True)
    parser.add_argument("--upper-bound", type=int)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--memory-gb", type=float, default=8)
    arguments = parser.parse_args()
    memory = int(arguments.memory_gb * 2**30)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    problem = read_problem(arguments.instance)
    began = time.monotonic()
    backend, _, formulation = arguments.solver.rpartition("-")
    if formulation == "slots":
        result, schedule = solve_slots(problem, BACKENDS[backend], arguments)
    elif formulation == "deadlines":
        result, schedule = solve_deadlines(problem, BACKENDS[backend], arguments)
    elif arguments.solver in ("cp-sat-intervals", "cp-sat-units"):
        result, schedule = solve_intervals(problem, formulation == "units", arguments)
    else:
        parser.error(f"no such solver: {arguments.solver}")
    result["build_seconds"] = time.monotonic() - began - result["seconds"]
    if schedule is not None:
        # The model without preemption proves nothing about the plan's own problem but what holds for any client alone.
        proven = problem.path_bound() if formulation == "intervals" else result["lower_bound"]
        document = plan_document(problem, *schedule, proven or 0, arguments.solver)
        arguments.plan.write_text(json.dumps(document), encoding="utf-8")
    print(json.dumps(result))


if __name__ == "__main__":
    main()
