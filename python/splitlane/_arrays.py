"""NumPy arrays in and out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splitlane import _core
from splitlane._arguments import raise_error, shown, strings, whole_number

DURATIONS = ("release", "forward", "client_forward", "client_backward", "backward", "tail")
# A segment as it lies in memory; the bindings assert the same.
SEGMENT = np.dtype(
    {
        "names": ["client", "task", "start", "end"],
        "formats": [np.int32, np.uint8, np.int64, np.int64],
        "offsets": [0, 4, 8, 16],
        "itemsize": 24,
    }
)
# What a batch of a trace went through, in order.
INSTANTS = ("start", "release", "forward_end", "backward_ready", "backward_end", "completion")
# The largest of the library; all below it have a float of their own.
LARGEST = 2**53
MASKED = "a masked value"
EXPECTED = "whole numbers up to 2^53"


def whole_numbers(name: str, values: ArrayLike) -> NDArray[np.int64]:
    """The values as int64, the very same array where it is one already. Whole numbers of any type are taken."""
    array = unmasked(name, values)
    if array.dtype.kind == "f":
        refuse_where(name, array, ~np.isfinite(array) | (array != np.floor(array)), "wrong_type")
        refuse_where(name, array, np.abs(array) > LARGEST, "out_of_range")
    elif array.dtype.kind == "u":
        refuse_where(name, array, array > LARGEST, "out_of_range")
    elif array.dtype.kind == "O":
        return whole_objects(name, array)
    elif array.dtype.kind != "i":
        raise_error("wrong_type", name, "not whole numbers", f"an array of {array.dtype}", expected_of(name))
    return array.astype(np.int64, copy=False)


def unmasked(name: str, values: ArrayLike) -> NDArray:
    """An array of the values. Refuses entries that a masked array says are not there: what stands below is nobody's number."""
    if isinstance(values, list | tuple) and any(isinstance(each, np.ma.MaskedArray) for each in values):
        values = np.ma.array(values)
    if isinstance(values, np.ma.MaskedArray):
        refuse_where(name, np.ma.getmaskarray(values), np.ma.getmaskarray(values), "wrong_type", MASKED)
    try:
        return np.asarray(values)
    except ValueError:
        raise_error("wrong_type", name, "no array", shown(values), "rows of the same length")


def refuse_where(name: str, array: NDArray, wrong: NDArray[np.bool_], code: str, what: str = "") -> None:
    """Raises with the first of the entries that are wrong."""
    if wrong.any():
        place = np.unravel_index(int(np.argmax(wrong)), array.shape)
        what = what or ("number out of range" if code == "out_of_range" else "not a whole number")
        got = "" if what == MASKED else shown(array[place].item())
        raise_error(code, entry(name, place), what, got, expected_of(name))


def expected_of(name: str) -> str:
    """What belongs in an array or column; of a duration also what to do about fractions."""
    is_duration = name.split(".")[-1] in DURATIONS
    return EXPECTED + ("; round durations up, so that none is shortened" if is_duration else "")


def entry(name: str, place: Sequence[int]) -> str:
    """An entry of an array, as one would write it."""
    return f"{name}[{', '.join(str(int(each)) for each in place)}]" if place else name


def whole_objects(name: str, array: NDArray[np.object_]) -> NDArray[np.int64]:
    """Whole numbers of an array of objects, which lists of unlike numbers and gaps become."""
    numbers = np.empty(array.shape, dtype=np.int64)
    for place, value in np.ndenumerate(array):
        number = whole_number(value)
        if number is None:
            raise_error("wrong_type", entry(name, place), "not a whole number", shown(value), expected_of(name))
        if abs(number) > LARGEST:
            raise_error("out_of_range", entry(name, place), "number out of range", shown(number), expected_of(name))
        numbers[place] = number
    return numbers


def column(name: str, array: NDArray[np.int64], shape: tuple[int, ...]) -> NDArray[np.int64]:
    """One entry a row, in one piece; a copy only where the values do not lie like that."""
    try:
        spread = np.broadcast_to(array, shape)
    except ValueError:
        raise_error("unequal_columns", name, "an array of another shape", str(array.shape), f"{shape}, or what broadcasts")
    return np.ascontiguousarray(spread).reshape(-1)


def pairs(clients: int, helpers: int) -> dict[str, NDArray[np.int64]]:
    """Every client with every helper, in the order of a matrix."""
    return {
        "client": np.repeat(np.arange(clients, dtype=np.int64), helpers),
        "helper": np.tile(np.arange(helpers, dtype=np.int64), clients),
    }


def shape_of_options(arrays: Mapping[str, NDArray[np.int64]]) -> tuple[int, ...]:
    """One-dimensional where `client` and `helper` are given, else clients x helpers, to which all durations broadcast."""
    if ("client" in arrays) != ("helper" in arrays):
        missing = "helper" if "client" in arrays else "client"
        raise_error("missing_key", missing, "client and helper go together", "", "both, or matrices of clients x helpers")
    if "client" in arrays:
        return (arrays["client"].size,)
    shapes = {name: arrays[name].shape for name in DURATIONS}
    try:
        shape = np.broadcast_shapes(*shapes.values())
    except ValueError:
        expected = "matrices of clients x helpers, or what broadcasts to them"
        raise_error("unequal_columns", ", ".join(shapes), "arrays of different shapes", str([*shapes.values()]), expected)
    if len(shape) != 2:
        expected = "matrices of clients x helpers, or client and helper beside them"
        raise_error("wrong_type", ", ".join(shapes), "not matrices", f"shape {shape}", expected)
    return shape


def cut_columns(cut: ArrayLike | None, rows: int) -> dict[str, NDArray[np.int64]]:
    """sigma_1 and sigma_2, from an array of pairs."""
    if cut is None:
        return {}
    layers = whole_numbers("cut", cut)
    if layers.ndim == 0 or layers.shape[-1] != 2:
        raise_error("wrong_type", "cut", "not pairs of layers", f"shape {layers.shape}", "(sigma_1, sigma_2) an option")
    return {f"sigma_{part + 1}": np.ascontiguousarray(np.broadcast_to(layers[..., part].reshape(-1), rows)) for part in (0, 1)}


def count_of(ids: Sequence[str] | None, positions: NDArray[np.int64]) -> int:
    """As many as there are ids, or else as the largest position says."""
    if ids is not None:
        return len(ids)
    return max(int(positions.max(initial=-1)) + 1, 0)


def entries(array: NDArray[np.int64]) -> int:
    """How many there are; 0 of a number that is for all."""
    return array.size if array.ndim else 0


def instance_from_arrays(
    *,
    release: ArrayLike,
    forward: ArrayLike,
    client_forward: ArrayLike,
    client_backward: ArrayLike,
    backward: ArrayLike,
    tail: ArrayLike,
    memory_mb: ArrayLike = 0,
    client: ArrayLike | None = None,
    helper: ArrayLike | None = None,
    local: ArrayLike | None = None,
    energy_mj: ArrayLike | None = None,
    cut: ArrayLike | None = None,
    helper_memory_mb: ArrayLike = -1,
    helper_switch_cost: ArrayLike = 0,
    client_ids: Sequence[str] | None = None,
    helper_ids: Sequence[str] | None = None,
    name: str = "",
    time_unit: str = "ms",
    slot_us: int | None = None,
    switch_model: str = "occupy",
) -> _core.Instance:
    """See Instance.from_arrays."""
    given: dict[str, ArrayLike | None] = {
        "release": release, "forward": forward, "client_forward": client_forward, "client_backward": client_backward,
        "backward": backward, "tail": tail, "memory_mb": memory_mb, "local": local, "energy_mj": energy_mj,
        "client": client, "helper": helper,
    }  # fmt: skip
    arrays = {key: whole_numbers(key, values) for key, values in given.items() if values is not None or key in DURATIONS}
    shape = shape_of_options(arrays)
    options = {key: column(key, array, shape) for key, array in arrays.items()}
    if len(shape) == 2:
        options |= pairs(*shape)
    rows = options["client"].size
    options |= cut_columns(cut, rows)
    about_helpers = {
        "helper_memory_mb": whole_numbers("helper_memory_mb", helper_memory_mb),
        "helper_switch_cost": whole_numbers("helper_switch_cost", helper_switch_cost),
    }
    client_ids = None if client_ids is None else strings("client_ids", client_ids)
    helper_ids = None if helper_ids is None else strings("helper_ids", helper_ids)
    clients, helpers = shape if len(shape) == 2 else (count_of(client_ids, options["client"]), 0)
    helpers = max(helpers, count_of(helper_ids, options["helper"]), *map(entries, about_helpers.values()))
    return _core._build_instance(
        clients=clients, helpers=helpers, options=rows, option_arrays=options,
        helper_arrays={key: column(key, array, (helpers,)) for key, array in about_helpers.items()},
        client_ids=client_ids, helper_ids=helper_ids,
        name=name, time_unit=time_unit, slot_us=slot_us, switch_model=switch_model,
    )  # fmt: skip


def records(names: tuple[str, ...], numbers: NDArray[np.int64]) -> NDArray[np.void]:
    """Rows of whole numbers that lie one after the other."""
    return numbers.view(np.dtype([(name, np.int64) for name in names]))


def trace_segments(trace: _core.Trace) -> NDArray[np.void]:
    """See Trace.segments."""
    return records(("helper", "client", "batch", "task", "start", "end"), trace._segment_numbers)


def trace_batches(trace: _core.Trace) -> NDArray[np.void]:
    """See Trace.batches."""
    return records(("client", "batch", *INSTANTS), trace._batch_numbers)


def segments(plan: _core.Plan) -> NDArray[np.void]:
    """See Plan.segments."""
    return plan._segment_bytes.view(SEGMENT)
