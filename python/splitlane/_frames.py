"""pandas tables in and out; pandas is imported when the first is asked for."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from splitlane import _core
from splitlane._arguments import is_text, raise_argument_error, raise_error, shown
from splitlane._arrays import DURATIONS, instance_from_arrays, whole_numbers

if TYPE_CHECKING:
    import pandas

OPTIONAL = ("memory_mb", "local", "energy_mj", "sigma_1", "sigma_2")


def require_columns(table: str, frame: pandas.DataFrame, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    """Refuses what is no table, columns that are missing or there twice, and those that would not be read."""
    import pandas

    if not isinstance(frame, pandas.DataFrame):
        raise_argument_error(table, "not a table", shown(frame), "a pandas.DataFrame")
    for name in frame.columns[frame.columns.duplicated()]:
        raise_error("duplicate_key", table, "two columns of one name", shown(name), "one of each")
    for name in frame.columns:
        if name not in required + optional:
            near = difflib.get_close_matches(str(name), required + optional, 1)
            expected = near[0] if near else "one of " + ", ".join(required + optional)
            raise_error("unknown_key", table, "no such column", f'"{name}"', expected)
    for name in required:
        if name not in frame.columns:
            raise_error("missing_key", table, "a column is missing", "", f'"{name}"')


def whole(where: str, column: pandas.Series, missing: int | None, needed: NDArray[np.bool_] | None = None) -> NDArray[np.int64]:
    """A column as int64, `missing` where there is a gap; where that is None, or a row is needed, gaps are refused.

    pandas keeps whole numbers with gaps as floats or objects; they are taken where they are whole. Rows count from 0.
    """
    gaps = column.isna().to_numpy()
    refused = np.flatnonzero(gaps if missing is None else gaps & (False if needed is None else needed))
    if refused.size:
        row = int(refused[0])
        raise_error("wrong_type", f"{where}[{row}]", "a missing value", shown(column.iloc[row]), "a whole number")
    if not gaps.any():
        return whole_numbers(where, column.to_numpy(dtype=getattr(column.dtype, "numpy_dtype", None)))
    numbers = np.full(len(column), missing, dtype=np.int64)
    filled = column.astype(object).where(~gaps, missing)
    numbers[:] = whole_numbers(where, filled.to_numpy())
    return numbers


def positions(where: str, ids: list[str], column: pandas.Series) -> NDArray[np.int64]:
    """Where each id of a column stands; -1 where it is missing."""
    import pandas

    index = pandas.Index(ids, dtype=object)
    found = index.get_indexer(column.astype(object))
    unknown = np.flatnonzero((found < 0) & ~column.isna().to_numpy())
    if unknown.size:
        row = int(unknown[0])
        raise_error("unknown_id", f"{where}[{row}]", "no such id", shown(column.iloc[row]), f"one of {len(ids)} ids")
    return found.astype(np.int64)


def ids_of(where: str, column: pandas.Series, may_miss: bool, is_list: bool) -> list[str]:
    """The ids of a column, in order of appearance; with `is_list`, each stands there once.

    Rows count from 0. Only an option's helper may be missing, because a client that trains locally has none.
    """
    gaps = column.isna().to_numpy()
    for row, value in enumerate(column.tolist()):
        if gaps[row] and not may_miss:
            raise_error("wrong_type", f"{where}[{row}]", "a missing value", shown(value), "an id")
        if not gaps[row] and not is_text(value):
            raise_error("wrong_type", f"{where}[{row}]", "not a string", shown(value), "an id")
    twice = np.flatnonzero(column.duplicated().to_numpy())
    if is_list and twice.size:
        row = int(twice[0])
        raise_error("duplicate_id", f"{where}[{row}]", "the same id twice", shown(column.iloc[row]), "an id of its own")
    return column.dropna().drop_duplicates().tolist()


def optional_columns(options: pandas.DataFrame) -> dict[str, NDArray[np.int64]]:
    """Those of the optional columns that are there; -1 where a value is missing."""
    columns = {
        name: whole(f"options.{name}", options[name], 0 if name == "memory_mb" else -1) for name in OPTIONAL if name in options
    }
    if ("sigma_1" in columns) != ("sigma_2" in columns):
        raise_error("missing_key", "options", "sigma_1 and sigma_2 go together", "", "both")
    if "sigma_1" in columns:
        columns["cut"] = np.column_stack((columns.pop("sigma_1"), columns.pop("sigma_2")))
    return columns


def duration_columns(options: pandas.DataFrame, is_local: NDArray[np.bool_]) -> dict[str, NDArray[np.int64]]:
    """The six durations; only options that train locally may lack them."""
    return {name: whole(f"options.{name}", options[name], 0, needed=~is_local) for name in DURATIONS}


def instance_from_dataframes(
    options: pandas.DataFrame,
    helpers: pandas.DataFrame | None = None,
    clients: pandas.DataFrame | None = None,
    *,
    name: str = "",
    time_unit: str = "ms",
    slot_us: int | None = None,
    switch_model: str = "occupy",
) -> _core.Instance:
    """See Instance.from_dataframes."""
    require_columns("options", options, ("client", "helper", *DURATIONS), OPTIONAL)
    if options.empty:
        raise_error("empty", "options", "no rows", "", "an option or more")
    if helpers is not None:
        require_columns("helpers", helpers, ("id",), ("memory_mb", "switch_cost"))
    if clients is not None:
        require_columns("clients", clients, ("id",), ("options",))
    named_clients = ids_of("options.client", options["client"], may_miss=False, is_list=False)
    named_helpers = ids_of("options.helper", options["helper"], may_miss=True, is_list=False)
    client_ids = named_clients if clients is None else ids_of("clients.id", clients["id"], may_miss=False, is_list=True)
    helper_ids = named_helpers if helpers is None else ids_of("helpers.id", helpers["id"], may_miss=False, is_list=True)
    helper = positions("options.helper", helper_ids, options["helper"])
    about_helpers = {} if helpers is None else {
        f"helper_{key}": whole(f"helpers.{key}", helpers[key], -1 if key == "memory_mb" else None)
        for key in ("memory_mb", "switch_cost") if key in helpers
    }  # fmt: skip
    return instance_from_arrays(
        client=positions("options.client", client_ids, options["client"]), helper=helper,
        **duration_columns(options, helper < 0), **optional_columns(options), **about_helpers,
        client_ids=client_ids, helper_ids=helper_ids,
        name=name, time_unit=time_unit, slot_us=slot_us, switch_model=switch_model,
    )  # fmt: skip


def nullable(values: NDArray[np.int64]) -> pandas.Series:
    """Whole numbers with gaps where the library has -1."""
    import pandas

    return pandas.Series(pandas.array(values, dtype="Int64")).mask(values < 0)


def clients_dataframe(instance: _core.Instance) -> pandas.DataFrame:
    """See Instance.clients_dataframe."""
    import pandas

    return pandas.DataFrame({"id": instance.client_ids, "options": np.diff(instance.first_option.astype(np.int64))})


def helpers_dataframe(instance: _core.Instance) -> pandas.DataFrame:
    """See Instance.helpers_dataframe."""
    import pandas

    memory = nullable(instance.helper_memory_mb)
    return pandas.DataFrame({"id": instance.helper_ids, "memory_mb": memory, "switch_cost": instance.helper_switch_cost})


def ids_at(ids: list[str], where: NDArray[np.int32]) -> NDArray[np.object_]:
    """The ids at these positions; None where it is -1."""
    return np.array([*ids, None], dtype=object)[where]


def options_dataframe(instance: _core.Instance) -> pandas.DataFrame:
    """See Instance.options_dataframe."""
    import pandas

    counts = np.diff(instance.first_option.astype(np.int64))
    is_local = instance.option_helper < 0
    columns: dict[str, object] = {
        "client": np.repeat(np.array(instance.client_ids, dtype=object), counts),
        "helper": ids_at(instance.helper_ids, instance.option_helper),
    }
    columns |= {key: getattr(instance, key) for key in DURATIONS}
    columns["memory_mb"] = instance.memory_mb
    if is_local.any():
        columns["local"] = nullable(np.where(is_local, instance.local, -1))
    if instance.cut is not None:
        columns |= {f"sigma_{part + 1}": nullable(instance.cut[:, part].astype(np.int64)) for part in (0, 1)}
    if instance.energy_mj is not None:
        columns["energy_mj"] = nullable(instance.energy_mj)
    return pandas.DataFrame(columns)


def segments_dataframe(plan: _core.Plan) -> pandas.DataFrame:
    """A row a segment: helper, client, task, start, end."""
    import pandas

    segments = plan.segments
    instance = plan.instance
    return pandas.DataFrame(
        {
            "helper": np.repeat(np.array(instance.helper_ids, dtype=object), np.diff(plan.lane_start)),
            "client": ids_at(instance.client_ids, segments["client"]),
            "task": task_names(segments["task"]),
            "start": segments["start"],
            "end": segments["end"],
        }
    )


def plan_clients_dataframe(plan: _core.Plan) -> pandas.DataFrame:
    """A row a client: its option (by position among its own) and helper, and when what ends."""
    import pandas

    first = plan.instance.first_option.astype(np.int64)[:-1]
    return pandas.DataFrame(
        {
            "id": plan.instance.client_ids,
            "option": np.where(plan.option < 0, -1, plan.option - first),
            "helper": ids_at(plan.instance.helper_ids, plan.helper),
            "forward_end": plan.forward_end,
            "backward_end": plan.backward_end,
            "completion": plan.completion,
            "queuing": plan.queuing,
        }
    )


def plan_helpers_dataframe(plan: _core.Plan) -> pandas.DataFrame:
    """A row a helper: how many clients, its load (time at work), the end of its last segment, the memory it holds."""
    import pandas

    instance = plan.instance
    count = instance.helper_count
    segments = plan.segments
    lane = np.repeat(np.arange(count), np.diff(plan.lane_start))
    end = np.zeros(count, dtype=np.int64)
    np.maximum.at(end, lane, segments["end"])
    load = np.zeros(count, dtype=np.int64)
    np.add.at(load, lane, segments["end"] - segments["start"])
    served = plan.helper >= 0
    memory = np.zeros(count, dtype=np.int64)
    np.add.at(memory, plan.helper[served], instance.memory_mb[plan.option[served]])
    return pandas.DataFrame(
        {
            "id": instance.helper_ids,
            "clients": np.bincount(plan.helper[served], minlength=count),
            "load": load,
            "end": end,
            "memory_used_mb": memory,
            "memory_mb": nullable(instance.helper_memory_mb),
        }
    )


def maker_of(makers: dict[str, Callable[[Any], pandas.DataFrame]], table: str) -> Callable[[Any], pandas.DataFrame]:
    """What makes the table of this name."""
    if table not in makers:
        raise_error("usage", "table", "no such choice", f'"{table}"', "one of " + ", ".join(makers))
    return makers[table]


def plan_dataframe(plan: _core.Plan, table: str) -> pandas.DataFrame:
    """See Plan.to_dataframe."""
    makers = {"segments": segments_dataframe, "clients": plan_clients_dataframe, "helpers": plan_helpers_dataframe}
    return maker_of(makers, table)(plan)


def task_names(tasks: NDArray[np.uint8]) -> NDArray[np.str_]:
    """The tasks of segments in words."""
    return np.where(tasks == 0, "forward", "backward")


def segment_columns(instance: _core.Instance, segments: Any) -> dict[str, object]:
    """The columns of segments of batches, with ids and names in the place of numbers."""
    return {
        "helper": ids_at(instance.helper_ids, segments["helper"]),
        "client": ids_at(instance.client_ids, segments["client"]),
        "batch": segments["batch"],
        "task": task_names(segments["task"]),
        "start": segments["start"],
        "end": segments["end"],
    }


def round_segments_dataframe(made: _core.Round) -> pandas.DataFrame:
    """A row a segment: helper, client, batch, task, start, end.

    Batches with the same schedule, which only a barrier brings, are one row: it happens `batches` times, `every` so often.
    """
    import pandas

    columns = made._segments
    return pandas.DataFrame(
        segment_columns(made.instance, columns) | {key: columns[key] for key in ("batches", "every")}
    )


def round_clients_dataframe(made: _core.Round) -> pandas.DataFrame:
    """A row a client: its option (by position among its own) and helper, how many batches, when the last is complete."""
    import pandas

    instance = made.instance
    return pandas.DataFrame(
        {
            "id": instance.client_ids,
            "option": made.option - instance.first_option.astype(np.int64)[:-1],
            "helper": ids_at(instance.helper_ids, instance.option_helper[made.option]),
            "batches": made.batches,
            "completion": made.completion,
        }
    )


def ways_dataframe(made: _core.Round) -> pandas.DataFrame:
    """A row for every way that was tried: makespan, and the bound of rounds with its assignment."""
    import pandas

    rows = [(way, makespan, lower_bound) for way, (makespan, lower_bound) in made.ways.items()]
    return pandas.DataFrame(rows, columns=["way", "makespan", "lower_bound"])


def round_dataframe(made: _core.Round, table: str) -> pandas.DataFrame:
    """See Round.to_dataframe."""
    makers = {"segments": round_segments_dataframe, "clients": round_clients_dataframe, "ways": ways_dataframe}
    return maker_of(makers, table)(made)
