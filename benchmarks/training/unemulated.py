#!/usr/bin/env python3
"""Planned against measured without emulation: unlike devices are processes of this machine that control groups limit.

usage: benchmarks/training/unemulated.py SPLITLANE [--rounds N] [--batches N] [--batch N] [--seed N] [--keep FOLDER]

Four clients and two helpers, each held to a share of a core. Every device and every link is profiled under its limit, all of it at once,
as it will run; then a training is planned and run, in which from round 3 on one client has a third of its share. Prints a table of
rounds: what was planned, what was measured, and the best that can be planned with the truth known: profiles of the devices as they are in
that round. Needs the right to make control groups (root). What else runs on the machine is given less of it where control groups of
version 1 are there.
"""

import argparse
import contextlib
import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

# Shares of a core; the cores are those of a machine of two. Together they stay below what a core has, so none waits for another.
CLIENTS = {"c1": (0.12, 0), "c2": (0.10, 1), "c3": (0.08, 0), "c4": (0.06, 1)}
HELPERS = {"h1": (0.20, 0), "h2": (0.14, 1)}
SLOWED = "c2"
SLOWED_FROM = 3
FACTOR = 3
NETWORK = "resnet20"
CUTS = {"sigma_1": [1, 3], "sigma_2": [8, 10]}  # ranges


def run(*command) -> str:
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}: {done.stderr}")
    return done.stdout


def run_all(commands: list) -> None:
    with contextlib.ExitStack() as running:
        processes = [running.enter_context(subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True)) for command in commands]
        errors = [process.communicate()[1] for process in processes]
    for process, command, error in zip(processes, commands, errors, strict=True):
        if process.returncode != 0:
            sys.exit(f"{' '.join(map(str, command))}: {error}")


@contextlib.contextmanager
def before_others():
    """This program and what it starts in a control group that gets processor time before others."""
    above = Path("/sys/fs/cgroup/cpu")
    group = above / f"splitlane-benchmark-{os.getpid()}"
    try:
        group.mkdir()
    except OSError:
        yield
        return
    (group / "cpu.shares").write_text("262144")
    (group / "cgroup.procs").write_text(str(os.getpid()))
    try:
        yield
    finally:
        (above / "cgroup.procs").write_text(str(os.getpid()))
        group.rmdir()


def measured_devices(program, folder: Path, batch: int) -> None:
    limits = {**CLIENTS, **HELPERS, "slowed": (CLIENTS[SLOWED][0] / FACTOR, CLIENTS[SLOWED][1])}
    run_all([
        [program, "profile", "measure", "--network", NETWORK, "--batch", batch, "--share", f"{share:.4f}", "--cores", core, "--runs", 5,
         "--warm-up", 1, "--name", name, "-q", "-o", folder / f"{name}.json"]
        for name, (share, core) in limits.items()
    ])  # fmt: skip


def measured_links(program, folder: Path) -> None:
    share, core = HELPERS["h1"]
    for name, (own_share, own_core) in CLIENTS.items():
        socket = folder / f"{name}.socket"
        with subprocess.Popen([program, "profile", "link", "--listen", f"unix:{socket}", "--share", str(share), "--cores", str(core)],
                              stderr=subprocess.PIPE, text=True) as listener:  # fmt: skip
            listener.stderr.readline()
            run(program, "profile", "link", f"unix:{socket}", "--share", own_share, "--cores", own_core, "--repeats", 3, "--timeout", 60, "-o",
                folder / f"{name}-link.json")  # fmt: skip
            listener.terminate()


def written_setup(folder: Path, name: str, devices: dict, batch: int) -> Path:
    setup = {
        "format": "splitlane-setup",
        "version": 1,
        "model": NETWORK,
        "batch": batch,
        "cuts": CUTS,
        "clients": [{"id": client, "device": f"./{devices.get(client, client)}.json", "link": f"./{client}-link.json"} for client in CLIENTS],
        "helpers": [{"id": helper, "device": f"./{helper}.json", "memory_mb": 4096} for helper in HELPERS],
    }
    path = folder / name
    path.write_text(json.dumps(setup))
    return path


def written_training(folder: Path, setup: Path, arguments) -> Path:
    limits = [{"client": name, "share": share, "cores": [core]} for name, (share, core) in CLIENTS.items()]
    limits += [{"helper": name, "share": share, "cores": [core]} for name, (share, core) in HELPERS.items()]
    limits.append({"client": SLOWED, "from_round": SLOWED_FROM, "share": round(CLIENTS[SLOWED][0] / FACTOR, 4)})
    training = {
        "format": "splitlane-training",
        "version": 1,
        "setup": setup.name,
        "network": {"name": NETWORK},
        "data": {"kind": "synthetic", "shape": [3, 32, 32], "samples": 4 * arguments.batch * arguments.batches, "test_samples": 10},
        "batch": arguments.batch,
        "rounds": arguments.rounds,
        "batches_per_round": arguments.batches,
        "seed": arguments.seed,
        "emulation": {"off": True},
        "limits": limits,
        "evaluate_every": 0,
        "checkpoint_every": 0,
    }
    path = folder / setup.name.replace("setup", "training")
    path.write_text(json.dumps(training))
    return path


def best_planned(program, training: Path) -> float:
    return float(re.search(r"planned makespan of a round: ([0-9.]+) s", run(program, "train", training, "--dry-run")).group(1))


def benchmark(arguments, folder: Path) -> None:
    program = arguments.program
    measured_devices(program, folder, arguments.batch)
    measured_links(program, folder)
    training = written_training(folder, written_setup(folder, "setup.json", {}, arguments.batch), arguments)
    later = written_training(folder, written_setup(folder, "setup-later.json", {SLOWED: "slowed"}, arguments.batch), arguments)
    best = {False: best_planned(program, training), True: best_planned(program, later)}
    run(program, "train", training, "-q", "-o", folder / "run")
    print("| round | planned | measured | difference | planned with the truth known | measured above that |")
    print("|--:|--:|--:|--:|--:|--:|")
    for line in (folder / "run" / "metrics.jsonl").read_text().splitlines():
        metrics = json.loads(line)
        planned, measured = metrics["planned_us"] / 1e6, metrics["measured_us"] / 1e6
        truth = best[metrics["round"] >= SLOWED_FROM]
        print(f"| {metrics['round']} | {planned:.2f} s | {measured:.2f} s | {100 * (measured / planned - 1):+.1f} % | {truth:.2f} s "
              f"| {100 * (measured / truth - 1):+.1f} % |")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--batches", type=int, default=3, help="of each client in a round")
    parser.add_argument("--batch", type=int, default=32, help="samples")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for all documents (default: a temporary one)")
    arguments = parser.parse_args()
    arguments.program = Path(arguments.program).resolve()
    with before_others(), tempfile.TemporaryDirectory() as name:
        folder = arguments.keep or Path(name)
        folder.mkdir(exist_ok=True)
        benchmark(arguments, folder)


if __name__ == "__main__":
    main()
