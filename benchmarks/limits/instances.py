"""The instances that limits are tried on: large in clients, in options a client, in cut layers, with switch costs."""

import json
import random
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

DURATIONS = ("release", "forward", "client_forward", "client_backward", "backward", "tail")
SCENARIOS = {
    "20000x50 reach 8": ["--clients", "20000", "--helpers", "50", "--reach", "8", "--memory", "none"],
    "20000x50 dense": ["--clients", "20000", "--helpers", "50", "--memory", "none"],
    "5000x50 reach 8": ["--clients", "5000", "--helpers", "50", "--reach", "8", "--memory", "none"],
    "1000x20 every cut": ["--clients", "1000", "--helpers", "20", "--every-cut", "--memory", "none"],
    "1000x100": ["--clients", "1000", "--helpers", "100", "--memory", "none"],
}


def made(
    clients: int, helpers: int, lengths: Callable[[random.Random], dict[str, int]], switch_cost: int = 0
) -> Iterator[str]:
    """Every client on every helper, as long on each: the lines of the document, which may be many."""
    engine = random.Random(1)
    places = json.dumps([f"h{helper}" for helper in range(helpers)])

    def everywhere(value: int) -> str:
        return "[" + ",".join([str(value)] * helpers) + "]"

    described = ",".join(f'{{"id":"h{helper}","switch_cost":{switch_cost}}}' for helper in range(helpers))
    yield f'{{"format":"splitlane-instance","version":1,"time_unit":"ms","helpers":[{described}],"clients":[\n'
    for client in range(clients):
        drawn = lengths(engine)
        durations = ",".join(f'"{key}":{everywhere(drawn.get(key, 0))}' for key in (*DURATIONS, "memory_mb"))
        comma = "," if client + 1 < clients else ""
        yield f'{{"id":"c{client}","options":{{"helper":{places},{durations}}}}}{comma}\n'
    yield "]}\n"


def all_durations(engine: random.Random) -> dict[str, int]:
    return {key: engine.randint(1, 500) for key in DURATIONS}


MADE = {
    "40000x10 equal": lambda: made(40_000, 10, lambda _: {"forward": 10}),
    "4000x40 switch costs": lambda: made(4_000, 40, all_durations, 7),
    "20000x200 equal": lambda: made(20_000, 200, lambda _: {"forward": 10}),
    # Some 300 MB, and 10 s to read: only when they are asked for.
    "14495x2000 equal": lambda: made(14_495, 2_000, lambda _: {"forward": 10}),
    "40000x500 unlike": lambda: made(40_000, 500, lambda engine: {"forward": engine.randint(1, 500)}),
}
ON_REQUEST = {"20000x200 equal", "14495x2000 equal", "40000x500 unlike"}
NAMES = [name for name in (*SCENARIOS, *MADE) if name not in ON_REQUEST]


def instance_file(program: Path, folder: Path, name: str) -> Path:
    """The file of an instance, drawn unless it is there."""
    path = folder / (name.replace(" ", "_") + ".json")
    if path.exists():
        return path
    folder.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    if name in MADE:
        with partial.open("w", encoding="utf-8") as file:
            file.writelines(MADE[name]())
    else:
        subprocess.run([program, "scenario", *SCENARIOS[name], "-q", "-o", partial], check=True)
    return partial.rename(path)
