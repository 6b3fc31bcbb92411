#!/usr/bin/env python3
"""All that is said about method scale, measured again: Markdown tables and a figure, progress on standard error.

usage: run.py SPLITLANE -o OUT.md [--only middle,large,...] [--folder FOLDER]

FOLDER keeps drawn instances and outcomes: a run of the same program that was cut short goes on where it ended. The figure goes
beside OUT.md and needs matplotlib (requirements.txt).
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

# Tables are written as for the exact method.
sys.path.append(str(Path(__file__).resolve().parents[1] / "exact"))

from large import against_methods, growth, sizes
from measured import Splitlane
from replanning import replanning
from small import against_exact

MIDDLE, LARGE = 100_000, 1_000_000
INTRODUCTION = """# Method scale, measured

[benchmarks/scale/run.py](../../benchmarks/scale/run.py) writes this page; the machine is that of
[benchmarks.md](../benchmarks.md). The gap is that of the plan to the proven bound. `planning` is the wall time of the method,
`command` that of the whole command with reading the instance and writing the plan, `processor` its processor time: where
`command` is more than half of it and some, other work held the cores. Plans with a figure under `verify` were made with
`--certificate` and accepted by `splitlane verify` in that time; all others went through `splitlane check`. {threads} threads.

"""


def sections(splitlane: Splitlane, arguments: argparse.Namespace) -> dict[str, tuple[str, Callable[[], str]]]:
    figure = arguments.output.with_name("scale_growth.svg")
    compared = tuple(count for count in (1_000, 10_000, MIDDLE, LARGE) if count <= arguments.most)
    return {
        "middle": ("100,000 clients, 1,000 helpers, 8 options each", lambda: sizes(splitlane, MIDDLE)),
        "large": ("1,000,000 clients, 10,000 helpers, 8 options each", lambda: sizes(splitlane, LARGE)),
        "growth": ("Growth", lambda: growth(splitlane, arguments.most, figure)),
        "methods": ("Against other methods", lambda: against_methods(splitlane, compared)),
        "exact": ("Against the exact method", lambda: against_exact(splitlane, arguments.exact_seconds)),
        "replanning": ("Planning again", lambda: replanning(splitlane, MIDDLE)),
    }


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--only", help="sections, separated by commas")
    parser.add_argument("--most", type=int, default=LARGE, help="clients in growth and methods (default: 1000000)")
    parser.add_argument("--exact-seconds", type=float, default=20, help="limit of the exact method (default: 20)")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--folder", type=Path, default=Path("build/scale"))
    return parser.parse_args()


def main() -> None:
    arguments = parse()
    splitlane = Splitlane(arguments.program, arguments.folder, arguments.threads)
    known = sections(splitlane, arguments)
    chosen = arguments.only.split(",") if arguments.only else list(known)
    unknown = [name for name in chosen if name not in known]
    if unknown:
        raise SystemExit(f"run.py: no section {', '.join(unknown)}; there are {', '.join(known)}")
    parts = [INTRODUCTION.format(threads=arguments.threads)]
    for name in chosen:
        title, make = known[name]
        print(name, file=sys.stderr, flush=True)
        parts.append(f"## {title}\n\n{make()}")
        arguments.output.write_text(parts[0] + "\n".join(parts[1:]), encoding="utf-8")


if __name__ == "__main__":
    main()
