"""Executions of a plan, and what they were like."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from splitlane import _core
from splitlane._arguments import PHRASES, checked, documented, integer, is_number, raise_argument_error, require_path, shown, strings
from splitlane._arrays import INSTANTS
from splitlane._frames import ids_at, maker_of, nullable, segment_columns
from splitlane._round import batches_text

if TYPE_CHECKING:
    import pandas

NOBODY: Mapping[str, float] = {}
NEVER: Mapping[str, int] = {}


class SimulationRow(NamedTuple):
    """What one rule came to, in the `time_unit` of the instance: mean makespan, what 95 % of the executions do not exceed, and
    the longest; the share of executions within the plan; mean over planned makespan; by how much the latest task of all was
    late; lost and moved clients, on average; with `regret`, mean of makespan over that of a plan that knows, less 1."""

    rule: str
    mean: float
    p95: float
    worst: float
    within: float
    ratio: float
    latest: float
    lost: float
    moved: float
    regret: float | None


def rows(simulation: _core.Simulation) -> list[SimulationRow]:
    """See Simulation.rows."""
    return [SimulationRow(*row) for row in simulation._rows]


def rules_dataframe(simulation: _core.Simulation) -> pandas.DataFrame:
    """A row a rule."""
    import pandas

    return pandas.DataFrame(rows(simulation), columns=SimulationRow._fields)


def executions_dataframe(simulation: _core.Simulation) -> pandas.DataFrame:
    """A row for each execution under each rule; times in microseconds."""
    import pandas

    fields = ("makespan", "lateness", "lost_clients", "moved_clients")
    return pandas.DataFrame(
        {
            "rule": np.repeat(simulation.rules, simulation.done.size),
            "execution": np.tile(simulation.done, len(simulation.rules)),
            **{field: getattr(simulation, field).ravel() for field in fields},
        }
    )


def simulation_dataframe(simulation: _core.Simulation, table: str) -> pandas.DataFrame:
    """See Simulation.to_dataframe."""
    return maker_of({"rules": rules_dataframe, "executions": executions_dataframe}, table)(simulation)


def trace_segments_dataframe(trace: _core.Trace) -> pandas.DataFrame:
    """A row a segment."""
    import pandas

    return pandas.DataFrame(segment_columns(trace.instance, trace.segments))


def trace_batches_dataframe(trace: _core.Trace) -> pandas.DataFrame:
    """A row a batch."""
    import pandas

    batches = trace.batches
    instants = {name: nullable(batches[name]) for name in INSTANTS}
    return pandas.DataFrame({"client": ids_at(trace.instance.client_ids, batches["client"]), "batch": batches["batch"], **instants})


def trace_clients_dataframe(trace: _core.Trace) -> pandas.DataFrame:
    """A row a client: the helper that served it last, how many batches it began, when the last was complete."""
    import pandas

    instance = trace.instance
    return pandas.DataFrame(
        {
            "id": instance.client_ids,
            "helper": ids_at(instance.helper_ids, trace.helper),
            "batches": np.bincount(trace.batches["client"], minlength=instance.client_count),
            "completion": nullable(trace.completion),
        }
    )


def events_dataframe(trace: _core.Trace) -> pandas.DataFrame:
    """A row an event."""
    import pandas

    return pandas.DataFrame(trace.events, columns=["time", "kind", "node", "text"])


def trace_dataframe(trace: _core.Trace, table: str) -> pandas.DataFrame:
    """See Trace.to_dataframe."""
    makers = {
        "segments": trace_segments_dataframe, "batches": trace_batches_dataframe,
        "clients": trace_clients_dataframe, "events": events_dataframe,
    }  # fmt: skip
    return maker_of(makers, table)(trace)


def real(name: str, value: object) -> float:
    """A number of any type."""
    if not is_number(value):
        raise_argument_error(name, "not a number", shown(value), PHRASES[float])
    return float(value)  # type: ignore[arg-type]


def count_and_factor(name: str, value: Iterable[object]) -> str:
    """Two numbers, a whole one first, as one text."""
    pair = list(value)
    if len(pair) != 2:
        raise_argument_error(name, "not a number of clients and a factor", shown(value), "two numbers, such as (3, 10)")
    return f"{integer(f'{name}[0]', pair[0])}={real(f'{name}[1]', pair[1])!r}"


def by_id(name: str, values: Mapping[str, float]) -> list[str]:
    """Ids with the number of each."""
    return [f"{each}={real(f'{name}[{each!r}]', values[each])!r}" for each in strings(name, values)]


@checked
@documented(_core._simulate)
def simulate(
    instance: _core.Instance, plan: _core.Plan, *, executions: int = _core._EXECUTIONS, rules: str | Iterable[str] = (),
    noise: float = 0.0, device_noise: float = 0.0, noisy: Mapping[str, float] = NOBODY, drift: float = 0.0, layers: int = 0,
    straggler: Mapping[str, float] = NOBODY, random_stragglers: Iterable[float] | None = None, lose: Mapping[str, int] = NEVER, replan: bool = False, replan_every: int = 0,
    max_moves: int = 0, planning_time: int = 0, batches: Mapping[str, int] | ArrayLike | str | os.PathLike[str] | None = None,
    regret: bool = False, slack: Iterable[int] = (), trace: bool = False, time_limit: float | None = None,
    on_progress: Callable[[_core.Progress], object] | None = None, seed: int = 0, threads: int | None = None,
) -> _core.Simulation:  # fmt: skip
    """Executes a plan many times under a virtual clock, with times that differ from planned ones, rules side by side.

    `trace` keeps the first execution under the first rule.

    Ctrl-C and exceptions of `on_progress` are raised with what was executed so far in their attribute `simulation`; after
    `time_limit` seconds it is returned. The `step` of a progress counts executions. Same arguments and seed: same numbers, for
    any number of threads.
    """
    is_path = isinstance(batches, str | os.PathLike)
    if is_path:
        require_path("batches", batches)
    given = None if batches is None else os.fspath(batches) if is_path else batches_text(instance, batches)
    arguments = {
        "executions": executions, "rules": strings("rules", [rules] if isinstance(rules, str) else rules, "the name of a rule"),
        "noise": noise, "device_noise": device_noise, "noisy": by_id("noisy", noisy), "drift": drift, "layers": layers,
        "straggler": by_id("straggler", straggler),
        "random_stragglers": [] if random_stragglers is None else [count_and_factor("random_stragglers", random_stragglers)],
        "lose": [f"{each}@{integer(f'lose[{each!r}]', lose[each])}" for each in strings("lose", lose)],
        "replan": replan, "replan_every": replan_every, "max_moves": max_moves, "planning_time": planning_time, "regret": regret,
        "slack": slack, "time_limit": time_limit, "seed": seed, "threads": threads,
    }  # fmt: skip
    return _core._simulate(
        instance=instance, plan=plan, given=arguments, batches=given, is_path=is_path, trace=trace, on_progress=on_progress,
    )  # fmt: skip
