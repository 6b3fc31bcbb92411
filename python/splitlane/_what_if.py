"""What changes of an instance would give."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from splitlane import _core
from splitlane._arguments import checked, documented, integer, strings

if TYPE_CHECKING:
    import pandas

NO_CHANGES: Mapping[str, int] = {}


class WhatIfRow(NamedTuple):
    """A changed instance, planned. `difference` is to the makespan of the instance as it is; `changes` are as in the document."""

    text: str
    status: Literal["optimal", "feasible"]
    makespan: int
    lower_bound: int
    difference: int
    changes: list[dict[str, str | int]]


@dataclass(frozen=True)
class WhatIf:
    """What changes would give, the shortest makespan first. A sequence of rows.

    `plan` is that of the instance as it is; `left_out` counts changes that were not planned because the caller cancelled.
    """

    plan: _core.Plan
    rows: list[WhatIfRow]
    left_out: int
    document: str
    table: str

    def __iter__(self) -> Iterator[WhatIfRow]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, index: int) -> WhatIfRow:
        return self.rows[index]

    def __repr__(self) -> str:
        return f"<splitlane.WhatIf, makespan {self.plan.makespan}, {len(self.rows)} rows>"

    def summary(self) -> str:
        """The table that the program prints, below what binds the plan."""
        return self.table

    def to_json(self) -> str:
        """The document."""
        return self.document

    def to_dataframe(self) -> pandas.DataFrame:
        """A pandas table with a row a change."""
        import pandas

        return pandas.DataFrame(self.rows, columns=WhatIfRow._fields)


def numbered(name: str, changes: Mapping[str, int]) -> list[str]:
    """Ids with how much each."""
    amounts = [integer(f"{name}[{identifier!r}]", amount) for identifier, amount in changes.items()]
    return [f"{identifier}={amount}" for identifier, amount in zip(strings(name, changes), amounts, strict=True)]


def listed(name: str, ids: str | Iterable[str]) -> list[str]:
    """One id, or several."""
    return strings(name, [ids] if isinstance(ids, str) else ids)


def named_changes(
    faster_client: Mapping[str, int], faster_helper: Mapping[str, int], add_helper: str | Iterable[str] | Mapping[str, int],
    more_memory: Mapping[str, int], without_client: str | Iterable[str],
) -> dict[str, object]:  # fmt: skip
    """All changes, by the argument that names them."""
    copies = add_helper if isinstance(add_helper, Mapping) else dict.fromkeys(listed("add_helper", add_helper), 1)
    return {
        "faster_client": numbered("faster_client", faster_client), "faster_helper": numbered("faster_helper", faster_helper),
        "add_helper": numbered("add_helper", copies), "more_memory": numbered("more_memory", more_memory),
        "without_client": listed("without_client", without_client),
    }  # fmt: skip


def result(plan: _core.Plan, document: str, table: str) -> WhatIf:
    """What the program's document says, as objects."""
    parsed = json.loads(document)
    rows = [WhatIfRow(**row) for row in parsed["rows"]]
    return WhatIf(plan, rows, parsed.get("left_out", 0), document, table)


@checked
@documented(_core._whatif)
def whatif(
    instance: _core.Instance, plan: _core.Plan | None = None, *,
    faster_client: Mapping[str, int] = NO_CHANGES, faster_helper: Mapping[str, int] = NO_CHANGES,
    add_helper: str | Iterable[str] | Mapping[str, int] = (), more_memory: Mapping[str, int] = NO_CHANGES,
    without_client: str | Iterable[str] = (), faster: int = _core._FASTER_PERCENT, method: str | None = None,
    time_limit: float | None = _core._WHAT_IF_SECONDS, on_progress: Callable[[_core.Progress], object] | None = None,
    seed: int = 0, threads: int | None = None, non_preemptive: bool = False,
) -> WhatIf:  # fmt: skip
    """Says what would help first: plans the instance, then changed instances, each anew and never estimated.

    Without a change of your own, changes of what binds the plan are tried one by one. With changes there is one row, the
    instance with all of them: `faster_client` and `faster_helper` map ids to percent, `add_helper` to numbers of copies (or
    just names ids), `more_memory` to MB; `without_client` names ids. `plan` is one of the instance as it is (by default it is
    made).

    Ctrl-C and exceptions of `on_progress` are raised with the rows so far in their attribute `what_if`.
    """
    arguments = named_changes(faster_client, faster_helper, add_helper, more_memory, without_client) | {
        "faster": faster, "method": method, "time_limit": time_limit, "seed": seed, "threads": threads,
        "non_preemptive": non_preemptive,
    }  # fmt: skip
    return result(*_core._whatif(instance, plan, arguments, on_progress, result))


@checked
def changed_instance(
    instance: _core.Instance, *, faster_client: Mapping[str, int] = NO_CHANGES, faster_helper: Mapping[str, int] = NO_CHANGES,
    add_helper: str | Iterable[str] | Mapping[str, int] = (), more_memory: Mapping[str, int] = NO_CHANGES,
    without_client: str | Iterable[str] = (),
) -> _core.Instance:  # fmt: skip
    """The instance with all of these changes, as `whatif` takes them; its name tells them."""
    changes = named_changes(faster_client, faster_helper, add_helper, more_memory, without_client)
    return _core._changed_instance(instance, changes)
