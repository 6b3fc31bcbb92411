#!/usr/bin/env python3
"""How well limits of time and Ctrl-C hold: a row for each method or verb and instance, as Markdown, progress on standard error.

usage: run.py SPLITLANE [-o OUT.md] [--seconds 2] [--methods exact,auto,...] [--verbs round,verify,...]
              [--instances "20000x50 dense,..."] [--folder FOLDER]

`planning` is what the plan says it took, `command` the whole command with reading and writing; `over` is planning beyond the limit.
With --interrupt the limit is a SIGINT so long after the start instead, and `over` is what the command went on for after it.
"""

import argparse
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

from instances import NAMES, instance_file

METHODS = ["exact", "auto", "scale", "admm", "paper-strategy", "ilp", "balanced-greedy", "equid", "ed-fcfs", "random-fcfs"]
VERBS = ["round", "verify", "whatif", "compare", "info"]
UNLIMITED = {"compare", "whatif", "info"}  # verbs whose limit is one of each plan, or that have none: only interrupted
LONGEST = 600  # seconds, after which a command is ended


def plan_file(program: Path, instance: Path, folder: Path) -> Path:
    """A quick plan with its certificate, for the verbs that read one."""
    path = folder / (instance.stem + ".plan.json")
    if not path.exists():
        command = [program, "plan", instance, "--method", "scale", "--time-limit", "5", "-q", "-o", path]
        subprocess.run([*command, "--certificate", path.with_suffix(".certificate.json")], check=True)
    return path


def batches_file(instance: Path, plan: Path) -> Path:
    """Four batches for every client."""
    path = plan.with_name(instance.stem + ".batches.json")
    if not path.exists():
        names = re.findall(r'\{\s*"id"\s*:\s*"([^"]+)"\s*,\s*"option', instance.read_text(encoding="utf-8"))
        clients = [{"id": name, "batches": 4} for name in names]
        path.write_text(json.dumps({"format": "splitlane-batches", "version": 1, "clients": clients}), encoding="utf-8")
    return path


def command_of(what: str, program: Path, instance: Path, folder: Path, output: Path) -> list:
    if what in METHODS:
        return [program, "plan", instance, "--method", what, "-q", "-o", output]
    if what == "info":
        return [program, "info", instance]
    if what in ("compare", "whatif"):
        return [program, what, instance]
    plan = plan_file(program, instance, folder)
    if what == "round":
        return [program, "round", instance, plan, "--batches", batches_file(instance, plan), "-q", "-o", output]
    return [program, "verify", instance, plan, plan.with_suffix(".certificate.json")]


def outcome(output: Path) -> tuple[float | None, str]:
    """Seconds of planning and what came of it."""
    try:
        plan = json.loads(output.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None, ""
    runtime = plan.get("runtime_ms")
    found = f"{plan.get('makespan', '')} / {plan.get('lower_bound', '')}"
    return (None if runtime is None else runtime / 1000), found


def measure(what: str, arguments: argparse.Namespace, instance: Path) -> list[str]:
    output = arguments.folder / "outcome.json"
    output.unlink(missing_ok=True)
    command = command_of(what, arguments.program, instance, arguments.folder, output)
    if not arguments.interrupt and what not in UNLIMITED:
        command += ["--time-limit", str(arguments.seconds)]
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as process:
        ended_in = None
        if arguments.interrupt:
            try:
                process.wait(arguments.seconds)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
                ended_in = time.monotonic()
        try:
            _, complaint = process.communicate(timeout=LONGEST)
        except subprocess.TimeoutExpired:
            process.kill()
            _, complaint = process.communicate()
    end = time.monotonic()
    planning, found = outcome(output)
    if arguments.interrupt:
        over = "ended before" if ended_in is None else f"{end - ended_in:.2f}"
    else:
        over = "" if planning is None else f"{max(0.0, planning - arguments.seconds):.2f}"
    if process.returncode != 0:
        found = f"exit {process.returncode}: {complaint.strip().splitlines()[-1][:80] if complaint.strip() else ''}"
    return [f"{arguments.seconds:g}", "" if planning is None else f"{planning:.2f}", f"{end - start:.2f}", over, found]


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("-o", "--output", type=Path)
    parser.add_argument("--seconds", type=float, default=2)
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--verbs", default=",".join(VERBS))
    parser.add_argument("--instances", default=",".join(NAMES))
    parser.add_argument("--interrupt", action="store_true")
    parser.add_argument("--folder", type=Path, default=Path("build/limits"))
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    rows = ["| what | instance | limit | planning | command | over | makespan / bound |", "|---|---|---|---|---|---|---|"]
    for name in arguments.instances.split(","):
        instance = instance_file(arguments.program, arguments.folder, name)
        for what in [entry for entry in (arguments.methods + "," + arguments.verbs).split(",") if entry]:
            if what in UNLIMITED and not arguments.interrupt:
                continue
            rows.append("| " + " | ".join([what, name, *measure(what, arguments, instance)]) + " |")
            print(rows[-1], file=sys.stderr, flush=True)
    text = "\n".join(rows) + "\n"
    if arguments.output:
        arguments.output.write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
