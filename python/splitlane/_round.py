"""A round of many batches."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import ArrayLike

from splitlane import _core
from splitlane._arguments import checked, documented, raise_error, require_path
from splitlane._arrays import whole_numbers
from splitlane._documents import json_text


def batches_text(instance: _core.Instance, batches: Mapping[str, int] | ArrayLike) -> str:
    """The document of these numbers, so that what is wrong with them has the message of a document."""
    if isinstance(batches, Mapping):
        numbers = dict(batches)
    else:
        values = whole_numbers("batches", batches)
        if values.ndim == 0:
            values = np.broadcast_to(values, (instance.client_count,))
        if values.shape != (instance.client_count,):
            expected = f"({instance.client_count},), a number a client"
            raise_error("usage", "batches", "another shape", str(values.shape), expected)
        numbers = dict(zip(instance.client_ids, values.tolist(), strict=True))
    clients = [{"id": identifier, "batches": number} for identifier, number in numbers.items()]
    return json_text({"format": "splitlane-batches", "version": 1, "clients": clients})


@checked
@documented(_core._round)
def round(
    instance: _core.Instance, plan: _core.Plan, batches: Mapping[str, int] | ArrayLike | str | os.PathLike[str],
    mode: str = "best", time_limit: float | None = None,
    on_progress: Callable[[_core.Progress], object] | None = None, *, threads: int | None = None,
) -> _core.Round:  # fmt: skip
    """Makes a round of many batches from the plan of one, and checks it before returning it.

    `batches` says how many each client trains: a dict by id, an array by client, one number for all, or a file.
    No round that was made and checked within `time_limit` is an error, "none_found".

    Ctrl-C and exceptions of `on_progress` are raised with the best round so far, or None, in their attribute `round`.
    """
    is_path = isinstance(batches, str | os.PathLike)
    if is_path:
        require_path("batches", batches)
    given = batches if is_path else batches_text(instance, batches)
    arguments = {"mode": mode, "time_limit": time_limit, "threads": threads}
    return _core._round(instance, plan, given, is_path, arguments, on_progress)
