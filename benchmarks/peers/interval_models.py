"""CP-SAT models without a column per slot: optional intervals on every helper, as a user of CP-SAT would write them.

- `pieces=False`: a task is one interval. The model has no preemption; its schedules are valid, its bound is not one for the
  paper's problem, where a helper may pause a task.
- `pieces=True`: a task is a chain of intervals of length 1, which is exact, for a task may pause at whole units only.
"""

import itertools
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from problem import TASKS, Option, Piece, Problem


@dataclass
class IntervalModel:
    model: cp_model.CpModel
    options: list[Option]
    chosen: list  # literal of each option
    starts: dict[tuple[int, str], list]  # start of each piece of a client's task, on whichever helper
    variables: list = field(default_factory=list)

    def schedule(self, values: list[int], pieces: bool) -> tuple[list[Option], list[Piece]]:
        by_index = dict(zip((variable.index for variable in self.variables), values, strict=True))
        selected = [option for option, literal in zip(self.options, self.chosen, strict=True) if by_index[literal.index]]
        result = []
        for option in selected:
            for task in TASKS:
                length = getattr(option, task) if option.helper is not None else 0
                if length:
                    for start in self.starts[option.client, task][: length if pieces else 1]:
                        begin = int(by_index[start.index])
                        result.append((option.client, task, begin, begin + (1 if pieces else length)))
        return selected, result


def build_intervals(problem: Problem, pieces: bool) -> IntervalModel:
    model = cp_model.CpModel()
    horizon = problem.paper_horizon()
    makespan = model.new_int_var(problem.path_bound(), horizon, "makespan")
    built = IntervalModel(model, [], [], {})
    lanes = [[] for _ in problem.helpers]
    demands = [[] for _ in problem.helpers]
    for client, options in enumerate(problem.options):
        literals = [model.new_bool_var(f"y_{client}_{option.index}") for option in options]
        model.add_exactly_one(literals)
        for task in TASKS:
            length = max(getattr(option, task) for option in options)
            count = length if pieces else min(length, 1)
            # Pieces that the chosen option does not have follow the others, possibly beyond the horizon.
            built.starts[client, task] = [
                model.new_int_var(0, horizon + length, f"{task}_{client}_{piece}") for piece in range(count)
            ]
            chain = built.starts[client, task]
            for earlier, later in itertools.pairwise(chain):
                model.add(later >= earlier + 1)
        for option, literal in zip(options, literals, strict=True):
            add_option(built, option, literal, makespan, lanes, pieces)
            if option.helper is not None:
                demands[option.helper].append((option.memory, literal))
        built.options += options
        built.chosen += literals
    for lane, demand, memory in zip(lanes, demands, problem.memory, strict=True):
        model.add_no_overlap(lane)
        if memory is not None:
            model.add(sum(size * literal for size, literal in demand) <= memory)
    model.minimize(makespan)
    built.variables = built.chosen + [start for chain in built.starts.values() for start in chain]
    return built


def add_option(built: IntervalModel, option: Option, literal, makespan, lanes: list[list], pieces: bool) -> None:
    model = built.model
    if option.helper is None:
        model.add(makespan >= option.local).only_enforce_if(literal)
        return
    ready = option.release
    for task, rest in (("forward", option.delay), ("backward", option.tail)):
        length = getattr(option, task)
        if length:
            chain = built.starts[option.client, task][: length if pieces else 1]
            size = 1 if pieces else length
            model.add(chain[0] >= ready).only_enforce_if(literal)
            lanes[option.helper] += [
                model.new_optional_fixed_size_interval_var(start, size, literal, f"{task}_{option.client}_{option.index}_{piece}")
                for piece, start in enumerate(chain)
            ]
            ready = chain[-1] + size
        ready = ready + rest
    model.add(makespan >= ready).only_enforce_if(literal)
