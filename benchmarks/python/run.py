#!/usr/bin/env python3
"""What Python costs beside the command line: whole runs, reading and writing included, as a Markdown table.

usage: run.py SPLITLANE -o OUT.md [--repeats N] [--folder FOLDER]

Runs with the interpreter that the package is installed for. Every plan of Python must have the bytes of the program's.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

import splitlane

PLAN_IN_PYTHON = """
import sys
import splitlane
source, target, method = sys.argv[1:]
instance = splitlane.Instance.load(source)
splitlane.plan(instance, method, threads=2).save(target, reproducible=True)
"""
DURATIONS = ("release", "forward", "client_forward", "client_backward", "backward", "tail")
SIZES = {
    "100×10": ["--clients", "100", "--helpers", "10"],
    "100,000×1,000": ["--clients", "100000", "--helpers", "1000", "--reach", "8", "--memory", "none"],
}
METHODS = ("balanced-greedy", "auto")
INTRODUCTION = """# Python beside the command line

[benchmarks/python/run.py](../../benchmarks/python/run.py) writes this page; the machine is that of
[benchmarks.md](../benchmarks.md): 2 shared cores. Both read the instance, plan with two threads, and write the plan; the bytes
are compared and are the same. Times are those of whole processes: the least of {repeats} runs of each, taken in turns, because
other work on the machine only ever adds to them. `start` is what Python takes to start and to import the package, once a session;
the second ratio is without it, and no better than the machine is steady at times of milliseconds.

"""


def seconds(command: list) -> float:
    """Wall time of one process."""
    begin = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begin


def shown(value: float) -> str:
    """A time as one reads it."""
    return f"{value:.2f} s" if value >= 1 else f"{value * 1e3:.0f} ms"


def row(program: Path, folder: Path, size: str, method: str, repeats: int) -> str:
    """One line: the same plan both ways."""
    instance, theirs, ours = folder / f"{size}.json", folder / "program.json", folder / "python.json"
    if not instance.exists():
        subprocess.run([program, "scenario", *SIZES[size], "-q", "-o", instance], check=True)
    command = [program, "plan", instance, "-o", theirs, "--method", method, "--threads", "2", "--reproducible", "-q"]
    script = [sys.executable, "-c", PLAN_IN_PYTHON, instance, ours, method]
    start = [sys.executable, "-c", "import splitlane"]
    runs = [(seconds(command), seconds(script), seconds(start)) for _ in range(repeats)]
    if theirs.read_bytes() != ours.read_bytes():
        raise SystemExit(f"run.py: {size} {method}: the plans differ")
    direct, python, starting = (min(column) for column in zip(*runs, strict=True))
    ratios = f"{python / direct:.2f} | {(python - starting) / direct:.2f}"
    return f"| {size} | `{method}` | {shown(direct)} | {shown(python)} | {shown(starting)} | {ratios} |\n"


def least(action, repeats: int) -> float:
    """The least time of several runs in this process."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        action()
        times.append(time.perf_counter() - begin)
    return min(times)


def arrays(folder: Path, repeats: int) -> str:
    """An instance of 800,000 options from columns, against the same from its document."""
    instance = splitlane.Instance.load(folder / "100,000×1,000.json")
    columns = {name: np.array(getattr(instance, name)) for name in DURATIONS}
    columns["client"] = np.repeat(np.arange(instance.client_count), np.diff(instance.first_option.astype(np.int64)))
    columns["helper"] = np.array(instance.option_helper, dtype=np.int64)
    text = instance.to_json()
    from_arrays = least(lambda: splitlane.Instance.from_arrays(**columns), repeats)
    from_json = least(lambda: splitlane.Instance.from_json(text), repeats)
    views = least(lambda: [getattr(instance, name) for name in DURATIONS], repeats)
    return (
        "\n## Arrays\n\n"
        f"{instance.option_count:,} options of {instance.client_count:,} clients, in this process:\n\n"
        "| | time |\n|---|--:|\n"
        f"| `Instance.from_arrays`, eight columns of int64 | {shown(from_arrays)} |\n"
        f"| `Instance.from_json`, {len(text) / 1e6:.0f} MB | {shown(from_json)} |\n"
        f"| the six arrays of durations of an instance, together | {views * 1e6:.0f} µs |\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument("--folder", type=Path, default=Path("build/python-benchmark"))
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    text = INTRODUCTION.format(repeats=arguments.repeats)
    text += "| instance | method | command line | Python | start | ratio | without start |\n|---|---|--:|--:|--:|--:|--:|\n"
    for size in SIZES:
        for method in METHODS:
            text += row(arguments.program.resolve(), arguments.folder, size, method, arguments.repeats)
    arguments.output.write_text(text + arrays(arguments.folder, arguments.repeats), encoding="utf-8")


if __name__ == "__main__":
    main()
