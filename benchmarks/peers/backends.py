"""Solves a SlotProgram with HiGHS, CBC or CP-SAT, each as its documentation suggests, to a proof or a time limit."""

import os
import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import highspy
import numpy as np
from ortools.sat.python import cp_model

from slot_program import SlotProgram

Result = TypeVar("Result")


@dataclass
class Outcome:
    """`values` is None without a solution. `proven`: it is optimal, or (without values) there is none. `seconds`
    (wall) and `cpu_seconds` are those of the solver itself; handing it the model is not among them."""

    seconds: float
    cpu_seconds: float
    proven: bool
    values: np.ndarray | None = None
    bound: float | None = None
    objective: int | None = None


def cpu_seconds() -> float:
    """Of this process and of those it has waited for."""
    return sum(os.times()[:4])


def timed(call: Callable[[], Result]) -> tuple[Result, tuple[float, float]]:
    """What the call returns, and its wall and CPU seconds."""
    wall, cpu = time.monotonic(), cpu_seconds()
    result = call()
    return result, (time.monotonic() - wall, cpu_seconds() - cpu)


def highs_of(program: SlotProgram) -> highspy.Highs:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.cost), len(program.row_lower)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = program.cost, program.lower, program.upper
    lp.row_lower_, lp.row_upper_ = program.row_lower, program.row_upper
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = program.start, program.column, program.value
    kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
    lp.integrality_ = [kinds[whole] for whole in program.integer.astype(int)]
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    if highs.passModel(lp) == highspy.HighsStatus.kError:
        raise RuntimeError("HiGHS refuses the program")
    return highs


def solve_with_highs(program: SlotProgram, seconds: float, threads: int) -> Outcome:
    highs = highs_of(program)
    highs.setOptionValue("threads", threads)
    highs.setOptionValue("time_limit", seconds)
    highs.setOptionValue("mip_rel_gap", 0.0)
    _, taken = timed(highs.run)
    status, info = highs.getModelStatus(), highs.getInfo()
    if status == highspy.HighsModelStatus.kInfeasible:
        return Outcome(*taken, proven=True)
    values = None
    if info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible:
        values = np.array(highs.getSolution().col_value)
    bound = info.mip_dual_bound if np.isfinite(info.mip_dual_bound) else None
    objective = None if values is None else round(info.objective_function_value)
    return Outcome(*taken, status == highspy.HighsModelStatus.kOptimal, values, bound, objective)


def solve_with_cbc(program: SlotProgram, seconds: float, threads: int) -> Outcome:
    """Through CBC's own command, with an MPS file that HiGHS writes; Debian's CBC has one thread."""
    if threads != 1:
        raise SystemExit("cbc: one thread only")
    with tempfile.TemporaryDirectory() as folder:
        model, solution = Path(folder) / "model.mps", Path(folder) / "solution.txt"
        highs_of(program).writeModel(str(model))
        command = ["cbc", model, "-timeMode", "elapsed", "-seconds", str(seconds), "-solve", "-solution", solution]
        done, taken = timed(lambda: subprocess.run(command, check=True, capture_output=True, text=True))
        log = done.stdout
        lines = solution.read_text().splitlines() if solution.exists() else []
    bounds = re.findall(r"^(?:Lower bound:|Continuous objective value is)\s+(\S+)", log, re.MULTILINE)
    bound = max(map(float, bounds), default=None)
    if re.search(r"[Ii]nfeasible", lines[0] if lines else ""):
        return Outcome(*taken, proven=True)
    if "Result - Optimal solution found" not in log and "Objective value:" not in log:
        return Outcome(*taken, proven=False, bound=bound)
    values = np.zeros(len(program.cost))
    for line in lines[1:]:
        _, name, value, _ = line.replace("**", "").split()
        values[int(name.lstrip("cC"))] = float(value)
    proven = lines[0].startswith("Optimal")
    return Outcome(*taken, proven, values, bound, round(float(program.cost @ values)))


def solve_with_cp_sat(program: SlotProgram, seconds: float, threads: int) -> Outcome:
    """The same rows as linear constraints over integers (X is whole whenever x is)."""
    model = cp_model.CpModel()
    variables = [model.new_int_var(0, int(upper), "") for upper in program.upper]
    for row in range(len(program.row_lower)):
        entries = slice(program.start[row], program.start[row + 1])
        terms = [variables[column] for column in program.column[entries]]
        expression = cp_model.LinearExpr.weighted_sum(terms, program.value[entries].astype(int).tolist())
        limits = (program.row_lower[row], program.row_upper[row])
        lower, upper = (int(limit) if np.isfinite(limit) else int(np.sign(limit)) * 2**40 for limit in limits)
        if terms:
            model.add_linear_constraint(expression, lower, upper)
    objective = np.flatnonzero(program.cost)
    if len(objective):
        model.minimize(variables[objective[0]])
    return run_cp_sat(model, variables, seconds, threads)


def run_cp_sat(model: cp_model.CpModel, variables: list, seconds: float, threads: int) -> Outcome:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = threads
    status, taken = timed(lambda: solver.solve(model))
    if status == cp_model.INFEASIBLE:
        return Outcome(*taken, proven=True)
    if status == cp_model.MODEL_INVALID:
        raise RuntimeError(model.validate())
    values = None
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        values = np.array([solver.value(variable) for variable in variables])
    objective = None if values is None else round(solver.objective_value)
    return Outcome(*taken, status == cp_model.OPTIMAL, values, solver.best_objective_bound, objective)
