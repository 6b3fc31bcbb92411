#!/usr/bin/env python3
"""Rounds of many batches on the paper's measurements: what is gained without a barrier, and how far the bound is.

usage: run.py SPLITLANE INSTANCES -o OUT.md [--batches 20] [--fewest 5] [--seed 0]   (INSTANCES: a folder with *.json)

Every instance is planned by `exact`; then `splitlane round` makes a round of BATCHES batches of every client, and one with
numbers drawn from FEWEST to BATCHES. The program checks each round from its segments before it writes it.
"""

import argparse
import json
import random
import subprocess
import tempfile
import time
from pathlib import Path

WAYS = ("barrier", "order", "priority", "reassigned")
INTRODUCTION = """# Rounds of many batches, measured

[benchmarks/round/run.py](../../benchmarks/round/run.py) writes this page; the machine is that of
[benchmarks.md](../benchmarks.md). `plan` is the makespan of one batch, planned by `exact`; the columns behind it are makespans of
the round under each way of [`splitlane round`](../cli.md#round), a bold one is the best. `gain` is that of the best against the
barrier, the paper's way (with equal numbers of batches the plan repeated); `gap` that of the best to the bound, a lower bound for
every assignment; `barrier's gap` what is unknown without the other ways. `time` is that of the whole command. Slots.

"""


def run(program: str, *arguments) -> None:
    subprocess.run([program, *map(str, arguments)], check=True, capture_output=True)


def measured_round(program: str, folder: Path, instance: Path, counts: dict[str, int]) -> dict:
    clients = [{"id": name, "batches": count} for name, count in counts.items()]
    batches = folder / "batches.json"
    batches.write_text(json.dumps({"format": "splitlane-batches", "version": 1, "clients": clients}), encoding="utf-8")
    start = time.monotonic()
    run(program, "round", instance, folder / "plan.json", "--batches", batches, "-q", "-o", folder / "round.json")
    document = json.loads((folder / "round.json").read_text(encoding="utf-8"))
    document["seconds"] = time.monotonic() - start
    return document


def row(name: str, plan: int, document: dict) -> str:
    makespans = {way["way"]: way["makespan"] for way in document["ways"]}
    best = document["makespan"]
    cells = [f"**{makespans[way]}**" if way == document["way"] else str(makespans.get(way, "")) for way in WAYS]
    gain = 100 * (makespans["barrier"] - best) / makespans["barrier"]
    gaps = [100 * (value - document["lower_bound"]) / document["lower_bound"] for value in (best, makespans["barrier"])]
    return (
        f"| {name} | {plan} | {' | '.join(cells)} | {document['lower_bound']} | {gain:.2f} % | {gaps[0]:.2f} % | "
        f"{gaps[1]:.2f} % | {1000 * document['seconds']:.0f} ms |"
    )


def summary(documents: list[dict]) -> str:
    gains, gaps, won = [], [], dict.fromkeys(WAYS, 0)
    for document in documents:
        barrier = document["ways"][0]["makespan"]
        gains.append(100 * (barrier - document["makespan"]) / barrier)
        gaps.append(100 * (document["makespan"] - document["lower_bound"]) / document["lower_bound"])
        won[document["way"]] += 1
    optimal = sum(document["status"] == "optimal" for document in documents)
    ways = ", ".join(f"{way} {count}" for way, count in won.items())
    return (
        f"Gain over the barrier: mean {sum(gains) / len(gains):.2f} %, at most {max(gains):.2f} %; shorter than it on "
        f"{sum(gain > 0 for gain in gains)} of {len(gains)}. Gap to the bound: mean {sum(gaps) / len(gaps):.2f} %, at most "
        f"{max(gaps):.2f} %; {optimal} of {len(documents)} proven optimal. Best way: {ways} (ties go to the first).\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("instances", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--batches", type=int, default=20)
    parser.add_argument("--fewest", type=int, default=5)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()

    generator = random.Random(arguments.seed)
    titles = {
        f"{arguments.batches} batches of every client": [],
        f"{arguments.fewest} to {arguments.batches} batches, drawn for each client": [],
    }
    rows = {title: [] for title in titles}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for instance in sorted(arguments.instances.glob("*.json")):
            run(arguments.program, "plan", instance, "--method", "exact", "--time-limit", 30, "-q", "-o", folder / "plan.json")
            plan = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
            ids = [client["id"] for client in plan["clients"]]
            equal = dict.fromkeys(ids, arguments.batches)
            drawn = {client: generator.randint(arguments.fewest, arguments.batches) for client in ids}
            for title, counts in zip(titles, (equal, drawn)):
                document = measured_round(arguments.program, folder, instance, counts)
                titles[title].append(document)
                rows[title].append(row(instance.stem, plan["makespan"], document))
    text = INTRODUCTION
    header = f"| instance | plan | {' | '.join(WAYS)} | bound | gain | gap | barrier's gap | time |\n|---|" + "--:|" * 10 + "\n"
    text += "\n".join(
        f"## {title}\n\n{summary(documents)}\n{header}" + "\n".join(rows[title]) + "\n" for title, documents in titles.items()
    )
    arguments.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
