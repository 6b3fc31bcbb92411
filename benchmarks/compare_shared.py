#!/usr/bin/env python3
"""A Markdown table of every method's makespan on the shared problems against their proven optima.

usage: compare_shared.py SPLITLANE INSTANCES [--time-limit S]   (INSTANCES: a folder with *.json and optima.csv)
"""

import argparse
import csv
import json
import subprocess
from pathlib import Path

METHODS = ("auto", "balanced-greedy", "equid", "ed-fcfs", "random-fcfs")


def plan(program: str, instance: Path, method: str, time_limit: str | None) -> dict:
    command = [program, "plan", instance, "--method", method, "-q"]
    if time_limit:
        command += ["--time-limit", time_limit]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("instances", type=Path)
    parser.add_argument("--time-limit")
    arguments = parser.parse_args()

    print("| instance | optimum | bound | " + " | ".join(METHODS) + " |")
    print("|---|" + "--:|" * (2 + len(METHODS)))
    ratios = {method: [] for method in METHODS}
    times = {method: 0.0 for method in METHODS}
    with open(arguments.instances / "optima.csv", encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["instance"])
    for row in rows:
        optimum = int(row["upper_bound"])
        plans = {
            method: plan(arguments.program, arguments.instances / f"{row['instance']}.json", method, arguments.time_limit)
            for method in METHODS
        }
        bound = max(result["lower_bound"] for result in plans.values())
        for method, result in plans.items():
            ratios[method].append(result["makespan"] / optimum)
            times[method] += result["runtime_ms"]
        proven = str(optimum) if row["lower_bound"] == row["upper_bound"] else f"{row['lower_bound']}–{optimum}"
        cells = " | ".join(str(plans[method]["makespan"]) for method in METHODS)
        print(f"| {row['instance']} | {proven} | {bound} | {cells} |")
    mean = " | ".join(f"{sum(ratios[method]) / len(rows):.3f}" for method in METHODS)
    print(f"| mean ratio to the optimum | 1 | | {mean} |")
    print(f"| mean time, ms | | | {' | '.join(f'{times[method] / len(rows):.1f}' for method in METHODS)} |")


if __name__ == "__main__":
    main()
