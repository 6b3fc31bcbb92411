"""Several methods on one instance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from splitlane import _core
from splitlane._arguments import checked, documented, strings


class Comparison(NamedTuple):
    """What one method achieved, or why it did not. `gap` is to the best bound that any of the methods proved."""

    method: str
    makespan: int | None
    lower_bound: int | None
    gap: float | None
    runtime_ms: float | None
    plan: _core.Plan | None
    failure: str


def comparisons(rows: list[tuple[Any, ...]]) -> list[Comparison]:
    """The rows with names."""
    return [Comparison(*row) for row in rows]


@checked
@documented(_core._compare)
def compare(
    instance: _core.Instance, methods: Iterable[str] | None = None, time_limit: float | None = _core._COMPARE_SECONDS,
    *, seed: int = 0, threads: int | None = None,
) -> list[Comparison]:  # fmt: skip
    """Runs several methods, one after the other; the time limit holds for each, and without one (None) some may take hours.

    A row a method, in their order: `pandas.DataFrame(compare(instance))` is a table. A method that makes no plan gets its
    reason as its row; when none makes one, the first reason is raised. Ctrl-C is raised with the rows so far in its
    attribute `rows`.
    """
    names = None if methods is None else strings("methods", methods, "the name of a method")
    arguments = {"methods": names, "time_limit": time_limit, "seed": seed, "threads": threads}
    return comparisons(_core._compare(instance, arguments, comparisons))
