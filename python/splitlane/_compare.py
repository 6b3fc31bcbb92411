"""Several methods on one instance."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from splitlane import _core
from splitlane._arguments import checked, strings
from splitlane._errors import Error


class Comparison(NamedTuple):
    """What one method achieved, or why it did not. `gap` is to the best bound that any of the methods proved."""

    method: str
    makespan: int | None
    lower_bound: int | None
    gap: float | None
    runtime_ms: float | None
    plan: _core.Plan | None
    failure: str


@checked
def compare(
    instance: _core.Instance, methods: Iterable[str] | None = None, time_limit: float | None = 10,
    *, seed: int = 0, threads: int | None = None,
) -> list[Comparison]:  # fmt: skip
    """Runs several methods (all, by default), one after the other; the time limit holds for each, in seconds.

    Without one (None) `exact` and `ilp` may take hours.

    A row a method, in their order: `pandas.DataFrame(compare(instance))` is a table. A method that makes no plan gets its
    reason as its row; when none makes one, the first reason is raised.
    """
    names = list(_core.methods()) if methods is None else strings("methods", methods, "the name of a method")
    results: list[tuple[str, _core.Plan | None, str]] = []
    first_failure: Error | None = None
    for name in names:
        if name not in _core.methods():
            _core.plan(instance, name)  # says which there are
        try:
            results.append((name, _core.plan(instance, name, time_limit, seed=seed, threads=threads), ""))
        except Error as error:
            if error.code == "internal":
                raise
            first_failure = first_failure or error
            results.append((name, None, str(error)))
    if first_failure and not any(plan for _, plan, _ in results):
        raise first_failure
    bound = max((plan.lower_bound for _, plan, _ in results if plan), default=0)
    return [row(name, plan, failure, bound) for name, plan, failure in results]


def row(name: str, plan: _core.Plan | None, failure: str, bound: int) -> Comparison:
    """One line of the table."""
    if plan is None:
        return Comparison(name, None, None, None, None, None, failure)
    gap = (plan.makespan - bound) / max(bound, 1)
    return Comparison(name, plan.makespan, plan.lower_bound, gap, plan.runtime_ms, plan, "")
