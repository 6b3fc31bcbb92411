"""What a training came to, read from its folder."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from splitlane import Instance, Plan, Round, Trace

if TYPE_CHECKING:
    import pandas


@dataclass(frozen=True)
class Training:
    """A training that has ended. Plans and traces are by round, from 1."""

    rounds: int
    ended_early: bool
    state_dict: dict[str, torch.Tensor] = field(repr=False)
    instance: Instance
    rows: list[dict[str, object]] = field(repr=False)
    plans: dict[int, Plan | Round] = field(repr=False)
    traces: dict[int, Trace] = field(repr=False)

    @property
    def history(self) -> pandas.DataFrame:
        """A row a round; `rows` are the same without pandas. Times are microseconds unless they say otherwise."""
        import pandas

        return pandas.DataFrame(self.rows)


def read_rounds(folder: Path, instance: Instance) -> tuple[dict[int, Plan | Round], dict[int, Trace]]:
    """Plans and traces of all rounds that are there."""
    plans: dict[int, Plan | Round] = {}
    traces: dict[int, Trace] = {}
    for path in sorted(folder.glob("plan-*.json")):
        number = int(path.stem.removeprefix("plan-"))
        replanned = folder / path.name.replace("plan", "instance")
        problem = Instance.load(replanned) if replanned.exists() else instance
        is_round = json.loads(path.read_text(encoding="utf-8"))["format"] == "splitlane-round"
        plans[number] = Round.load(path, problem) if is_round else Plan.load(path, problem)
        trace = folder / path.name.replace("plan", "trace")
        if trace.exists():
            traces[number] = Trace.load(trace, problem)
    return plans, traces
