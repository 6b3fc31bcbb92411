#!/usr/bin/env python3
"""All that is said about the exact method, measured again: Markdown tables, progress on standard error.

usage: run.py SPLITLANE --shared ../shared/instances -o OUT.md [--only real,hard,...] [--folder FOLDER]

FOLDER keeps drawn instances and outcomes: a run of the same program that was cut short goes on where it ended.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from cuts import cuts
from program import Program
from random_cases import random_cases
from scenarios import scenarios, slots
from shared import hard, real
from switches import switches

SLOT_REPETITIONS = 5
SWITCH_INSTANCES = 10
INTRODUCTION = """# The exact method, measured

[benchmarks/exact/run.py](../../benchmarks/exact/run.py) writes this page; the machine is that of
[benchmarks.md](../benchmarks.md). A bold figure is a proven optimum, a range the bound and the plan when the time was up; the
gap is that of the plan to the bound. Every plan went through `splitlane check`. `--method {method}`, {threads} threads.

"""


def sections(
    program: Program, before: Program | None, arguments: argparse.Namespace
) -> dict[str, tuple[str, Callable[[], str] | None]]:
    """Title and maker of each section; no maker where what it needs is not there."""
    shared, tests = arguments.shared, arguments.tests
    limit = arguments.time_limit
    return {
        "random": ("Against full enumeration", tests and (lambda: random_cases(tests, arguments.cases))),
        "real": ("Real instances", shared and (lambda: real(program, shared, limit))),
        "hard": ("Hard instances", shared and (lambda: hard(program, shared, limit))),
        "switches": (
            "Switch costs with preemption",
            lambda: switches(program, before, shared, limit / 6, SWITCH_INSTANCES),
        ),
        "scenarios": ("Larger scenarios", lambda: scenarios(program, (limit / 6, limit))),
        "cuts": ("Cut layers chosen with the plan", lambda: cuts(program, limit / 6, limit / 20)),
        "slots": ("Length of a slot", lambda: slots(program, limit / 2, SLOT_REPETITIONS)),
    }


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--shared", type=Path, help="folder with real/ and hard/, each *.json and optima.csv")
    parser.add_argument("--tests", type=Path, help="an optimised test_methods, for the random instances")
    parser.add_argument("--cases", type=int, default=40_000, help="random instances (default: 40000)")
    parser.add_argument("--before", help="an older program, for the switch costs")
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--only", help="sections, separated by commas")
    parser.add_argument("--time-limit", type=float, default=60, help="seconds for a hard instance; the others in proportion")
    parser.add_argument("--method", default="exact")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("build/exact"))
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    program = Program(arguments.program, arguments.folder, arguments.method, arguments.threads)
    before = Program(arguments.before, arguments.folder, arguments.method, arguments.threads) if arguments.before else None
    known = sections(program, before, arguments)
    chosen = arguments.only.split(",") if arguments.only else list(known)
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise SystemExit(f"run.py: no section {', '.join(unknown)}; there are {', '.join(known)}")
    parts = [INTRODUCTION.format(method=arguments.method, threads=arguments.threads)]
    for name in chosen:
        title, make = known[name]
        if make is None:
            print(f"{name}: skipped, needs --shared or --tests", file=sys.stderr)
            continue
        print(name, file=sys.stderr, flush=True)
        parts.append(f"## {title}\n\n{make()}")
        arguments.output.write_text(parts[0] + "\n".join(parts[1:]), encoding="utf-8")


if __name__ == "__main__":
    main()
