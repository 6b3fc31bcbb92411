"""The problems with known optima: the real ones, and those made to be hard."""

import csv
from pathlib import Path

from program import Outcome, Program
from tables import core_share, faults, gap, proof, result, seconds, table

SMALL_SIZES = {("12", "3"), ("20", "5")}


def read_optima(folder: Path) -> list[dict]:
    with open(folder / "optima.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def known_range(row: dict) -> str:
    lower, upper = row["lower_bound"], row["upper_bound"]
    return upper if lower == upper else f"{lower}–{upper}"


def verdict(row: dict, outcome: Outcome) -> str:
    """How the outcome stands to what is known."""
    lower, upper = int(row["lower_bound"]), int(row["upper_bound"])
    if not outcome.has_plan or outcome.makespan < lower or outcome.lower_bound > upper:
        return "WRONG"
    better = [f"bound {lower} → {outcome.lower_bound}"] if outcome.lower_bound > lower else []
    better += [f"plan {upper} → {outcome.makespan}"] if outcome.makespan < upper else []
    return ", ".join(better)


def real(program: Program, shared: Path, time_limit: float) -> str:
    folder = shared / "real"
    rows = read_optima(folder)
    outcomes = {row["instance"]: program.plan(folder / f"{row['instance']}.json", time_limit, True) for row in rows}
    lines = []
    for row in rows:
        outcome = outcomes[row["instance"]]
        times = [seconds(value) for value in (outcome.wall_seconds, outcome.cpu_seconds, outcome.method_seconds)]
        note = verdict(row, outcome)
        lines.append([row["instance"], known_range(row), result(outcome), *times, proof(outcome), note])
    walls = [outcome.wall_seconds for outcome in outcomes.values()]
    processor = [outcome.cpu_seconds for outcome in outcomes.values()]
    equal = sum(
        outcome.optimal and outcome.makespan == int(row["upper_bound"])
        for row, outcome in zip(rows, outcomes.values(), strict=True)
    )
    return (
        f"{equal} of {len(rows)} optimal and equal to the known optimum; {verified(outcomes)}; one process each, "
        f"{seconds(sum(walls))} in total (processor {seconds(sum(processor))}), at most {seconds(max(walls))} "
        f"(processor {seconds(max(processor))}).\n\n"
        + table(("instance", "known", "found", "wall", "processor", "method alone", "certificate, verify", "note"), lines)
        + faults(outcomes)
    )


def verified(outcomes: dict[str, Outcome]) -> str:
    optimal = [outcome for outcome in outcomes.values() if outcome.optimal]
    accepted = sum(outcome.verified is True for outcome in optimal)
    return f"{accepted} of {len(optimal)} proofs verified"


def hard(program: Program, shared: Path, time_limit: float) -> str:
    folder = shared / "hard"
    rows = sorted(read_optima(folder), key=lambda row: (int(row["clients"]), int(row["helpers"]), row["instance"]))
    outcomes = {row["instance"]: program.plan(folder / f"{row['instance']}.json", time_limit, True) for row in rows}
    lines = []
    for row in rows:
        outcome = outcomes[row["instance"]]
        times = [seconds(outcome.method_seconds), seconds(outcome.cpu_seconds)]
        name = row["instance"]
        lines.append([name, known_range(row), result(outcome), gap(outcome), *times, proof(outcome), verdict(row, outcome)])
    small = {row["instance"] for row in rows if (row["clients"], row["helpers"]) in SMALL_SIZES}
    return (
        f"At most {time_limit:g} s each. 12×3 and 20×5: {counts(outcomes, small)}. 40×20 to 200×20: "
        f"{counts(outcomes, outcomes.keys() - small)}. {verified(outcomes).capitalize()}.\n\n"
        + table(("instance", "known", "found", "gap", "time", "processor", "certificate, verify", "note"), lines)
        + core_share(outcomes)
        + faults(outcomes)
    )


def counts(outcomes: dict[str, Outcome], names: set[str]) -> str:
    chosen = [outcomes[name] for name in names]
    proven = [outcome.method_seconds for outcome in chosen if outcome.optimal]
    text = f"{len(proven)} of {len(chosen)} proven"
    if proven:
        text += f", the slowest in {seconds(max(proven))}"
    open_gaps = [outcome.gap for outcome in chosen if not outcome.optimal]
    return text + (f", the largest gap {max(open_gaps):.2f} %" if open_gaps else "")
