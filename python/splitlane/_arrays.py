"""NumPy arrays in and out."""

from collections.abc import Mapping, Sequence
from typing import NoReturn

import numpy as np
from numpy.typing import ArrayLike, NDArray

from splitlane import _core

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
LARGEST = np.iinfo(np.int64).max


def raise_error(code: str, where: str, what: str, got: str, expected: str) -> NoReturn:
    """Raises as the library does."""
    _core._raise_error(code, where, what, got, expected)
    raise AssertionError(code)


def whole_numbers(name: str, values: ArrayLike) -> NDArray[np.int64]:
    """The values as int64, the very same array where it is one already."""
    array = np.asarray(values)
    if array.dtype.kind not in "iu":
        expected = "whole numbers, such as an array of int64; round durations up, so that none is shortened"
        raise_error("wrong_type", name, "not whole numbers", f"an array of {array.dtype}", expected)
    if array.dtype.kind == "u" and array.size and int(array.max()) > LARGEST:
        raise_error("out_of_range", name, "number out of range", str(array.max()), "at most 2^53")
    return array.astype(np.int64, copy=False)


def column(name: str, values: ArrayLike, shape: tuple[int, ...]) -> NDArray[np.int64]:
    """One entry a row, in one piece; a copy only where the values do not lie like that."""
    array = whole_numbers(name, values)
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


def shape_of_options(
    durations: Mapping[str, ArrayLike], client: ArrayLike | None, helper: ArrayLike | None
) -> tuple[int, ...]:
    """One-dimensional where `client` and `helper` are given, else clients x helpers, to which all durations broadcast."""
    if (client is None) != (helper is None):
        missing = "client" if client is None else "helper"
        raise_error("missing_key", missing, "client and helper go together", "", "both, or matrices of clients x helpers")
    if client is not None:
        return (np.asarray(client).size,)
    shapes = {name: np.shape(values) for name, values in durations.items()}
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


def entries(values: ArrayLike) -> int:
    """How many there are; 0 of a number that is for all."""
    return np.size(values) if np.ndim(values) else 0


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
    durations = dict(zip(DURATIONS, (release, forward, client_forward, client_backward, backward, tail), strict=True))
    shape = shape_of_options(durations, client, helper)
    given: dict[str, ArrayLike | None] = {
        **durations, "memory_mb": memory_mb, "local": local, "energy_mj": energy_mj, "client": client, "helper": helper,
    }  # fmt: skip
    options = {key: column(key, values, shape) for key, values in given.items() if values is not None}
    if len(shape) == 2:
        options |= pairs(*shape)
    rows = options["client"].size
    options |= cut_columns(cut, rows)
    clients, helpers = shape if len(shape) == 2 else (count_of(client_ids, options["client"]), 0)
    helpers = max(helpers, count_of(helper_ids, options["helper"]), *map(entries, (helper_memory_mb, helper_switch_cost)))
    return _core._build_instance(
        clients=clients, helpers=helpers, options=rows, option_arrays=options,
        helper_arrays={
            "helper_memory_mb": column("helper_memory_mb", helper_memory_mb, (helpers,)),
            "helper_switch_cost": column("helper_switch_cost", helper_switch_cost, (helpers,)),
        },
        client_ids=None if client_ids is None else list(client_ids),
        helper_ids=None if helper_ids is None else list(helper_ids),
        name=name, time_unit=time_unit, slot_us=slot_us, switch_model=switch_model,
    )  # fmt: skip


def segments(plan: _core.Plan) -> NDArray[np.void]:
    """See Plan.segments."""
    return plan._segment_bytes.view(SEGMENT)
