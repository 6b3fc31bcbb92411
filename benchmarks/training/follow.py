#!/usr/bin/env python3
"""Planned against measured: trainings on emulated devices, by the plan, first come first served, and by the paper's baseline.

usage: benchmarks/training/follow.py SPLITLANE [--seed N] [--real] [--idle] [--real-batch N] [--time-scale X]
       [--networks NAME...]

Draws Scenarios 1 and 2 with ResNet-101 and VGG-19, trains one batch a client with each of the three, and prints a table: the makespan
that the plan (or, for the other two, a simulation of their rule) leads to expect, the one that was measured, the share of layers that
kept the pace of their devices, and by how much the plan is shorter than each. --real: 10 clients, 2 helpers and real tensors. --idle:
30 x 5 and 50 x 10 with a network that computes nothing but takes the devices' time and sends messages of the real size. Real tensors
are trained without momentum, since ten copies of VGG-19 with it need more memory than small machines have.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

WAYS = {"planned": (), "first come": ("--rule", "first-come"), "baseline": ("--rule", "first-come", "--assignment", "random")}


def run(*command) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr}")
    return done.stdout


def trained(program, instance: Path, model: str, way: str, folder: Path, *options) -> dict:
    """The line of metrics of one round."""
    run(program, "train", instance, "--network", model, "--batches", 1, "--rounds", 1, "-o", folder, "-q", *WAYS[way], *options)
    return json.loads((folder / "metrics.jsonl").read_text())


def row(program, scenario: str, model: str, clients: int, helpers: int, seed: int, options) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        instance = folder / "instance.json"
        run(program, "scenario", "--kind", scenario, "--model", model, "--clients", clients, "--helpers", helpers, "--seed", seed,
            "-q", "-o", instance)  # fmt: skip
        rounds = {way: trained(program, instance, model, way, folder / way.replace(" ", "-"), *options) for way in WAYS}
    cells = [scenario, model, f"{clients} x {helpers}"]
    for metrics in rounds.values():
        planned, measured = metrics["planned_us"] / 1e6, metrics["measured_us"] / 1e6
        cells += [f"{planned:.2f}", f"{measured:.2f}", f"{100 * (measured / planned - 1):+.2f} %", f"{100 * metrics['pace_kept']:.1f} %"]
    for way in ("first come", "baseline"):
        for key in ("planned_us", "measured_us"):
            cells.append(f"{100 * (1 - rounds['planned'][key] / rounds[way][key]):.1f} %")
    print("| " + " | ".join(cells) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--real", action="store_true")
    parser.add_argument("--idle", action="store_true")
    parser.add_argument("--real-batch", type=int, default=16, help="samples of a batch with real tensors")
    parser.add_argument("--networks", nargs="+", default=["resnet101", "vgg19"])
    parser.add_argument("--time-scale", type=float, default=1)
    arguments = parser.parse_args()
    head = ["scenario", "network", "size"]
    for way in WAYS:
        head += [f"{way}: expected, s", "measured, s", "difference", "pace kept"]
    head += ["against first come: expected", "measured", "against the baseline: expected", "measured"]
    print("| " + " | ".join(head) + " |\n|" + "---|" * 3 + "--:|" * (len(head) - 3), flush=True)
    scale = ("--time-scale", arguments.time_scale)
    for scenario in ("scenario-1", "scenario-2"):
        for model in arguments.networks:
            if arguments.real:
                shape = ("--data", "synthetic", "--optimizer", "sgd", "--batch", arguments.real_batch, *scale)
                row(arguments.program, scenario, model, 10, 2, arguments.seed, shape)
            if arguments.idle:
                for clients, helpers in ((30, 5), (50, 10)):
                    row(arguments.program, scenario, model, clients, helpers, arguments.seed, ("--idle", "--batch", 128, *scale))


if __name__ == "__main__":
    main()
