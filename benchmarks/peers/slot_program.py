"""The paper's Problem 1 (Sec. IV, constraints (1) to (11)) as a sparse integer program with a column for every slot.

Corrections and conventions, none of which changes the optimum:
- The paper's (2) says nothing of z_ijt for t < l + l', its own index being shifted. Backward cannot start before
  r + p + l + l' at all, so z_ijt = 0 there (docs/paper.md#what-is-wrong-in-it, 4).
- (10) bounds c_j by T, so a task cannot run so late that what must follow it would end after T: those columns are left
  out, just as (1) leaves out those before the release.
- The right-hand side of (2) is a sum of x over all earlier slots. Written out, (2) has |E| T^2 / 2 entries, 3e9 for 100
  clients and 10 helpers; it is written with a column X_ijt = sum of x_ij before slot t instead, where X_ij(t+1) = X_ijt +
  x_ijt, which has the same solutions, whole or fractional.
- xi >= c_j linearises the objective (the paper, after Problem 1). A (j, i) of the paper is an option here, so that a client
  may have several on one helper; a local option adds its duration to c_j as r' does.

With `deadline` the program has no objective: it asks whether a schedule of at most that makespan exists. Then every
task's columns end at the deadline less what must follow, and (8), (9) and xi, which make the linear relaxation weak, are not
needed. The smallest deadline with a schedule is the optimum.
"""

from dataclasses import dataclass

import numpy as np

from problem import Option, Piece, Problem


@dataclass
class SlotProgram:
    """min cost x, row_lower <= A x <= row_upper, with A in compressed rows; and where each variable stands."""

    cost: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    integer: np.ndarray
    row_lower: np.ndarray
    row_upper: np.ndarray
    start: np.ndarray
    column: np.ndarray
    value: np.ndarray
    lanes: list["Lane"]

    def schedule(self, values: np.ndarray) -> tuple[list[Option], list[Piece]]:
        """The chosen option of every client and its pieces of one slot."""
        whole = np.rint(values).astype(np.int64)
        chosen = [lane for lane in self.lanes if whole[lane.assigned]]
        pieces = []
        for lane in chosen:
            for task, window in (("forward", lane.forward), ("backward", lane.backward)):
                for offset in np.flatnonzero(whole[window.first : window.first + window.count]):
                    slot = window.begin + int(offset)
                    pieces.append((lane.option.client, task, slot, slot + 1))
        return [lane.option for lane in chosen], pieces


@dataclass
class Window:
    """Columns first .. first + count - 1, one for each slot from begin on."""

    begin: int
    count: int
    first: int

    def columns(self) -> np.ndarray:
        return np.arange(self.first, self.first + self.count)

    def slots(self) -> np.ndarray:
        return np.arange(self.begin, self.begin + self.count)


@dataclass
class Lane:
    """The columns of one option: y, x, X and z."""

    option: Option
    assigned: int
    forward: Window
    done: Window  # X from slot release + 1 on; before, it is 0
    backward: Window


class Matrix:
    """Collects columns and rows."""

    def __init__(self) -> None:
        self.columns: list[tuple[int, float, bool]] = []  # count, upper bound, integer
        self.column_count = 0
        self.row_bounds: list[tuple[np.ndarray, np.ndarray]] = []
        self.row_count = 0
        self.entries: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []

    def add_columns(self, count: int, upper: float, integer: bool = True) -> int:
        self.columns.append((count, upper, integer))
        self.column_count += count
        return self.column_count - count

    def add_window(self, begin: int, end: int, upper: float, integer: bool = True) -> Window:
        count = max(0, end - begin)
        return Window(begin, count, self.add_columns(count, upper, integer))

    def add_rows(self, count: int, lower: float, upper: float) -> np.ndarray:
        self.row_bounds.append((np.full(count, lower, float), np.full(count, upper, float)))
        self.row_count += count
        return np.arange(self.row_count - count, self.row_count)

    def add_entries(self, rows: np.ndarray, columns: np.ndarray, value: float | np.ndarray) -> None:
        rows, columns, values = np.broadcast_arrays(rows, columns, value)
        self.entries.append((rows.astype(np.int32), columns.astype(np.int32), values.astype(float)))

    def finish(self, lanes: list[Lane], objective: int | None) -> SlotProgram:
        row, column, value = (np.concatenate(parts) for parts in zip(*self.entries, strict=True))
        order = np.argsort(row, kind="stable")
        counts = [count for count, _, _ in self.columns]
        cost = np.zeros(self.column_count)
        if objective is not None:
            cost[objective] = 1
        return SlotProgram(
            cost=cost,
            lower=np.zeros(self.column_count),
            upper=np.repeat([upper for _, upper, _ in self.columns], counts).astype(float),
            integer=np.repeat([integer for _, _, integer in self.columns], counts),
            row_lower=np.concatenate([lower for lower, _ in self.row_bounds]),
            row_upper=np.concatenate([upper for _, upper in self.row_bounds]),
            start=np.concatenate([[0], np.cumsum(np.bincount(row, minlength=self.row_count))]).astype(np.int32),
            column=column[order],
            value=value[order],
            lanes=lanes,
        )


def add_lane(matrix: Matrix, option: Option, horizon: int) -> Lane:
    assigned = matrix.add_columns(1, 1 if option.path <= horizon else 0)
    if option.helper is None or option.path > horizon:
        nothing = Window(0, 0, 0)
        return Lane(option, assigned, nothing, nothing, nothing)
    after_forward = option.delay + option.backward + option.tail
    forward_slots = option.release, horizon - after_forward if option.forward else option.release  # (1)
    backward_slots = option.path - option.backward - option.tail, horizon - option.tail  # (2), corrected
    forward = matrix.add_window(*forward_slots, 1)
    done = matrix.add_window(forward_slots[0] + 1, forward_slots[1] + 1, option.forward, integer=False)
    if not option.backward:
        backward_slots = (0, 0)
    return Lane(option, assigned, forward, done, matrix.add_window(*backward_slots, 1))


def add_precedence(matrix: Matrix, lane: Lane) -> None:
    """(6) and (2) by running sums: X_(t+1) = X_t + x_t, X at the end = p y, p z_t <= X_(t - l - l'); and (7)."""
    option = lane.option
    if lane.backward.count:
        row = matrix.add_rows(1, 0, 0)
        matrix.add_entries(row, lane.backward.columns(), 1)
        matrix.add_entries(row, np.array([lane.assigned]), -option.backward)
    if not lane.forward.count:  # without forward (2) is empty, and (7) alone ties z to y
        return
    rows = matrix.add_rows(lane.forward.count, 0, 0)
    matrix.add_entries(rows, lane.done.columns(), 1)
    matrix.add_entries(rows[1:], lane.done.columns()[:-1], -1)
    matrix.add_entries(rows, lane.forward.columns(), -1)
    row = matrix.add_rows(1, 0, 0)
    matrix.add_entries(row, lane.done.columns()[-1:], 1)
    matrix.add_entries(row, np.array([lane.assigned]), -option.forward)
    if lane.backward.count:
        rows = matrix.add_rows(lane.backward.count, -np.inf, 0)
        matrix.add_entries(rows, lane.backward.columns(), option.forward)
        done = np.minimum(lane.backward.slots() - option.delay - lane.done.begin, lane.done.count - 1)
        matrix.add_entries(rows, lane.done.first + done, -1)


def add_helpers(matrix: Matrix, problem: Problem, lanes: list[Lane], horizon: int) -> None:
    """(3): one task per helper and slot; (5): memory."""
    for helper, memory in enumerate(problem.memory):
        served = [lane for lane in lanes if lane.option.helper == helper]
        slots = matrix.add_rows(horizon, -np.inf, 1)
        for window in (window for lane in served for window in (lane.forward, lane.backward)):
            matrix.add_entries(slots[window.begin : window.begin + window.count], window.columns(), 1)
        if memory is not None and served:
            demands = np.array([lane.option.memory for lane in served])
            row = matrix.add_rows(1, -np.inf, memory)
            matrix.add_entries(row, np.array([lane.assigned for lane in served]), demands)


def add_completion(matrix: Matrix, lanes: list[Lane], makespan: int, horizon: int) -> None:
    """(8), (9) and xi >= c_j for the client of these lanes."""
    end, completion = matrix.add_columns(1, horizon), matrix.add_columns(1, horizon)
    balance = matrix.add_rows(1, 0, 0)  # c = phi + sum r' y
    matrix.add_entries(balance, np.array([completion, end]), np.array([1, -1]))
    for lane in lanes:
        option = lane.option
        matrix.add_entries(balance, np.array([lane.assigned]), -(option.tail + option.local))
        if lane.backward.count:
            rows = matrix.add_rows(lane.backward.count, 0, np.inf)
            matrix.add_entries(rows, np.array([end]), 1)
            matrix.add_entries(rows, lane.backward.columns(), -(lane.backward.slots() + 1))
        elif option.helper is not None:  # without backward phi is when it could have started
            add_end_without_backward(matrix, lane, end)
    matrix.add_entries(matrix.add_rows(1, 0, np.inf), np.array([makespan, completion]), np.array([1, -1]))


def add_end_without_backward(matrix: Matrix, lane: Lane, end: int) -> None:
    option = lane.option
    row = matrix.add_rows(1, 0, np.inf)
    matrix.add_entries(row, np.array([end, lane.assigned]), np.array([1, -(option.path - option.tail)]))
    if lane.forward.count:
        rows = matrix.add_rows(lane.forward.count, 0, np.inf)
        matrix.add_entries(rows, np.array([end]), 1)
        matrix.add_entries(rows, lane.forward.columns(), -(lane.forward.slots() + 1 + option.delay))


def build_program(problem: Problem, horizon: int, deadline: bool = False) -> SlotProgram:
    matrix = Matrix()
    by_client = [[add_lane(matrix, option, horizon) for option in options] for options in problem.options]
    lanes = [lane for group in by_client for lane in group]
    for group in by_client:  # (4)
        row = matrix.add_rows(1, 1, 1)
        matrix.add_entries(row, np.array([lane.assigned for lane in group]), 1)
    for lane in lanes:
        add_precedence(matrix, lane)
    add_helpers(matrix, problem, lanes, horizon)
    makespan = None
    if not deadline:
        makespan = matrix.add_columns(1, horizon)
        for group in by_client:
            add_completion(matrix, group, makespan, horizon)
    return matrix.finish(lanes, makespan)
