"""Switch costs with preemption: small random instances, and the real ones with a cost added, under both readings."""

import json
import random
import statistics
from collections.abc import Iterable
from pathlib import Path

from program import Outcome, Program
from tables import faults, table

SIZES = ((6, 2), (8, 2), (10, 3), (12, 3))
LONGEST = (10, 20)
LARGEST_COST = 3
MODELS = ("occupy", "charge")
REAL_COSTS = (1, 5)


def random_instance(seed: int, clients: int, helpers: int, longest: int, model: str) -> dict:
    """Everybody on every helper; waits no longer than tasks, so that helpers are busy and their order matters."""
    draw = random.Random(f"{seed} {clients} {helpers} {longest} {model}")

    def option(helper: int) -> dict:
        durations = {key: draw.randint(1, longest) for key in ("forward", "backward")}
        durations |= {key: draw.randint(0, longest) for key in ("release", "tail")}
        durations |= {key: draw.randint(0, longest // 2) for key in ("client_forward", "client_backward")}
        return {"helper": f"h{helper}"} | durations

    return {
        "format": "splitlane-instance",
        "version": 1,
        "time_unit": "slot",
        "switch_model": model,
        "helpers": [{"id": f"h{index}", "switch_cost": draw.randint(1, LARGEST_COST)} for index in range(helpers)],
        "clients": [
            {"id": f"c{index}", "options": [option(helper) for helper in range(helpers)]} for index in range(clients)
        ],
    }


def with_switch_cost(instance: Path, cost: int, model: str) -> dict:
    document = json.loads(instance.read_text(encoding="utf-8"))
    document["switch_model"] = model
    for helper in document["helpers"]:
        helper["switch_cost"] = cost
    return document


def written(folder: Path, name: str, document: dict) -> Path:
    path = folder / "instances" / f"{name}.json"
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def families(folder: Path, shared: Path | None, count: int) -> Iterable[tuple[tuple[str, str], list[Path]]]:
    """Name and model of each family, and its instances."""
    for clients, helpers in SIZES:
        for longest in LONGEST:
            for model in MODELS:
                name = f"{clients}×{helpers}, tasks up to {longest}"
                yield (name, model), [
                    written(
                        folder,
                        f"switch_{clients}_{helpers}_{longest}_{model}_{seed}",
                        random_instance(seed, clients, helpers, longest, model),
                    )
                    for seed in range(count)
                ]
    for cost in REAL_COSTS if shared else ():
        for model in MODELS:
            yield (f"real, switch cost {cost}", model), [
                written(folder, f"{path.stem}_{model}_{cost}", with_switch_cost(path, cost, model))
                for path in sorted((shared / "real").glob("*.json"))
            ]


def columns(outcomes: list[Outcome]) -> list[str]:
    gaps = [outcome.gap for outcome in outcomes if not outcome.optimal]
    return [f"{len(outcomes) - len(gaps)} of {len(outcomes)}", f"{statistics.median(gaps):.2f} %" if gaps else "0"]


def switches(program: Program, before: Program | None, shared: Path | None, time_limit: float, count: int) -> str:
    lines, everything = [], {}
    for names, instances in families(program.folder, shared, count):
        outcomes = {path.stem: program.plan(path, time_limit, True) for path in instances}
        everything |= outcomes
        older = [before.plan(path, time_limit) for path in instances] if before else []
        proofs = sum(outcome.verified is True for outcome in outcomes.values())
        line = [*names, *(columns(older) if before else ()), *columns(list(outcomes.values()))]
        lines.append([*line, f"{proofs}", f"{max(outcome.verify_seconds for outcome in outcomes.values()):.2f} s"])
    note = " `before` is an older program." if before else ""
    titles = ("instances", "model", *(("closed before", "median gap") if before else ()))
    titles += ("closed", "median gap", "proofs verified", "longest check")
    return (
        f"Switch costs of 1 to {LARGEST_COST} (`real`: as named, in slots) with preemption, at most {time_limit:g} s "
        f"each; the gap is the median of those not closed.{note}\n\n" + table(titles, lines, 2) + faults(everything)
    )
