#!/usr/bin/env python3
"""Whether `equid`, `ed-fcfs` and `compare` survive: over random scenarios, and with little memory.

usage: run.py SPLITLANE [--draws 500] [--compare-every 10] [--seconds 1] [--folder FOLDER]

Prints, as Markdown, how often each ended with which exit code, over draws from 100 x 10 to 2,000 x 200 under every memory rule, and
what each said with so much memory. A run is well when it ends by itself, with 0 and a document, or with another code and an error
document, and leaves no file half written; anything else is listed, and the exit code is 1.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path

MEMORY_RULES = ["none", "ram", "tight"]
METHODS = 10  # rows of compare
CAPS_MB = [50, 75, 100, 150, 200, 400, 800]
PATIENCE_S = 300


def scenario_arguments(source: random.Random) -> list[str]:
    clients = source.randint(100, 2000)
    helpers = source.randint(10, max(10, clients // 10))
    return [
        "--clients", str(clients), "--helpers", str(helpers), "--seed", str(source.randint(0, 10**6)),
        "--kind", source.choice(["scenario-1", "scenario-2"]), "--model", source.choice(["resnet101", "vgg19"]),
        "--memory", source.choice(MEMORY_RULES),
    ]  # fmt: skip


def commands(program: Path, instance: Path, output: Path, seconds: float) -> dict[str, list]:
    limit = ["--time-limit", str(seconds)]
    planned = {
        method: [program, "plan", instance, "--method", method, "-q", "-o", output, *limit] for method in ("equid", "ed-fcfs")
    }
    return planned | {"compare": [program, "compare", instance, *limit]}


def problem(done: subprocess.CompletedProcess, output: Path) -> str | None:
    """What is wrong with how a command ended."""
    if done.returncode < 0:
        return f"ended by signal {-done.returncode}"
    leftovers = list(output.parent.glob(".splitlane-*"))
    if leftovers:
        return f"leaves {leftovers[0].name}"
    if done.returncode != 0:
        last = done.stderr.decode(errors="replace").strip().splitlines()[-1:]
        documents = [line for line in done.stderr.splitlines() + done.stdout.splitlines() if b'"splitlane-error"' in line]
        return None if documents else f"exit code {done.returncode} without an error document: {last}"
    if "compare" in done.args:
        return None if done.stdout.count(b"\n") > METHODS else "fewer rows than methods"
    try:
        json.loads(output.read_bytes())
    except (OSError, ValueError):
        return "exit code 0 without a document"
    return None


def run(command: list, output: Path, cap_mb: int | None = None) -> tuple[int, str | None, str]:
    output.unlink(missing_ok=True)

    def limit_memory() -> None:
        if cap_mb is not None:
            resource.setrlimit(resource.RLIMIT_AS, (cap_mb * 2**20, cap_mb * 2**20))

    try:
        done = subprocess.run(command, capture_output=True, preexec_fn=limit_memory, timeout=PATIENCE_S, check=False)
    except subprocess.TimeoutExpired:
        return -1, "no end", ""
    said = done.stderr.decode(errors="replace").strip().splitlines()
    return done.returncode, problem(done, output), next((line for line in said if "error" in line), "")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--draws", type=int, default=500)
    parser.add_argument("--compare-every", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=1)
    parser.add_argument("--folder", type=Path, default=Path("build/survival"))
    arguments = parser.parse_args()
    program = arguments.program.resolve()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    instance, output = arguments.folder / "instance.json", arguments.folder / "plan.json"
    counts: Counter = Counter()
    problems: list[str] = []
    source = random.Random(0)
    for draw in range(arguments.draws):
        drawn = scenario_arguments(source)
        subprocess.run([program, "scenario", *drawn, "-q", "-o", instance], check=True, stderr=subprocess.DEVNULL)
        for name, command in commands(program, instance, output, arguments.seconds).items():
            if name == "compare" and draw % arguments.compare_every != 0:
                continue
            code, wrong, _ = run(command, output)
            counts[name, code] += 1
            if wrong:
                problems.append(f"{name}, {' '.join(drawn)}: {wrong}")
        if draw % 20 == 0:
            print(f"{draw} draws, {len(problems)} problems", file=sys.stderr, flush=True)
    print("| command | exit code | runs |\n|---|--:|--:|")
    for (name, code), count in sorted(counts.items()):
        print(f"| {name} | {code} | {count} |")
    largest = ["--clients", "2000", "--helpers", "200", "--memory", "none"]
    subprocess.run([program, "scenario", *largest, "-q", "-o", instance], check=True)
    print("\n| memory, MB | command | exit code | says |\n|--:|---|--:|---|")
    for cap in CAPS_MB:
        for name, command in commands(program, instance, output, arguments.seconds).items():
            code, wrong, said = run(command, output, cap)
            print(f"| {cap} | {name} | {code} | {said[:110]} |", flush=True)
            if wrong:
                problems.append(f"{name} with {cap} MB: {wrong}")
    print("\n" + "\n".join(problems or ["No problem."]))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
