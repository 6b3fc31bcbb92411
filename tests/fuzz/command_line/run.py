#!/usr/bin/env python3
"""Runs random command lines over random documents until a time or a number is up, and keeps what it finds.

Each seed stands for one folder of documents and twenty commands over them, so a finding is run again by its seed.
Exit code 1 when something was found.
"""

import argparse
import json
import multiprocessing
import os
import random
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import documents
from commands import Command, random_command
from judgement import Run, problem

COMMANDS_A_SEED = 20
# Far above any limit that a command is given, on any machine and under sanitizers: only an end that never comes counts.
PATIENCE_S = 60


def execute(binary: Path, command: Command, folder: Path) -> Run:
    try:
        done = subprocess.run(
            [binary, *command.arguments], cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE_S, check=False
        )  # fmt: skip
    except subprocess.TimeoutExpired as expired:
        return Run(command, None, expired.stdout or b"", expired.stderr or b"")
    except ValueError:  # an argument that no operating system passes on, such as one with NUL
        return Run(command, 2, b'{"format":"splitlane-error"}', b"not started")
    return Run(command, done.returncode, done.stdout, done.stderr)


def make_documents(binary: Path, source: random.Random, folder: Path) -> None:
    """An instance, a plan and its certificate where there is one, batches and a setup; some of them mutated."""
    instance = documents.random_instance(source)
    (folder / "instance.json").write_text(json.dumps(instance))
    (folder / "batches.json").write_text(json.dumps(documents.random_batches(source, instance)))
    (folder / "setup.json").write_text(json.dumps(documents.random_setup(source)))
    plan = ["plan", "instance.json", "-q", "--time-limit", "1", "-o", "plan.json"]
    made = execute(binary, Command([*plan, "--method", "exact", "--certificate", "certificate.json"]), folder)
    if made.code != 0:  # the instance has no plan: documents of another kind stand in
        for name in ("plan.json", "certificate.json"):
            shutil.copy(folder / "batches.json", folder / name)
    for name in ("instance.json", "plan.json", "certificate.json", "batches.json", "setup.json"):
        if source.random() < 0.2:
            path = folder / name
            path.write_bytes(documents.mutated(source, path.read_bytes()))


def checked(binary: Path, run: Run, folder: Path) -> str | None:
    """A plan that was written must be one, as `check` says by code apart."""
    if run.code != 0 or run.command.arguments[0] != "plan" or "out.json" not in run.command.outputs:
        return None
    check = execute(binary, Command(["check", "instance.json", "out.json"]), folder)
    return None if check.code == 0 else "the plan does not pass check"


def keep(findings: Path, folder: Path, before: dict[str, bytes], seed: int, number: int, run: Run, what: str) -> None:
    kept = findings / f"{seed}-{number}"
    shutil.copytree(folder, kept, dirs_exist_ok=True)
    for name, content in before.items():
        (kept / name).write_bytes(content)
    line = "splitlane " + shlex.join(run.command.arguments)
    (kept / "finding.txt").write_bytes(
        f"{what}\n{line}\nexit code {run.code}\n--- standard output\n".encode() + run.out[:4000] + b"\n--- standard error\n" + run.err[:4000]
    )
    print(f"seed {seed}, command {number}: {what}: {line[:300]}", flush=True)


def run_seed(binary: Path, findings: Path, seed: int) -> tuple[int, int]:
    """Returns the number of commands run and of findings."""
    source = random.Random(seed)
    found = 0
    with tempfile.TemporaryDirectory(prefix="splitlane-fuzz-") as name:
        folder = Path(name)
        make_documents(binary, source, folder)
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        for number in range(COMMANDS_A_SEED):
            command = random_command(source)
            run = execute(binary, command, folder)
            what = problem(run, folder, before) or checked(binary, run, folder)
            if what:
                found += 1
                keep(findings, folder, before, seed, number, run, what)
            for path in folder.iterdir():
                if path.name not in before:
                    path.unlink()
            for kept, content in before.items():
                (folder / kept).write_bytes(content)
    return COMMANDS_A_SEED, found


def work(task: tuple[Path, Path, int]) -> tuple[int, int]:
    return run_seed(*task)


def parse_arguments() -> argparse.Namespace:
    root = Path(__file__).resolve().parents[3]
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--binary", type=Path, default=root / "build" / "release" / "splitlane", help="the program")
    parser.add_argument("--seconds", type=float, help="stop after so many seconds")
    parser.add_argument("--seeds", type=int, help="stop after so many seeds, of twenty commands each")
    parser.add_argument("--seed", type=int, default=0, help="the first seed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="how many seeds are worked on at a time")
    parser.add_argument("--findings", type=Path, default=Path("findings"), help="folder to keep findings in")
    arguments = parser.parse_args()
    if arguments.seconds is None and arguments.seeds is None:
        parser.error("one of --seconds and --seeds is needed")
    return arguments


def main() -> int:
    arguments = parse_arguments()
    binary = arguments.binary.resolve()
    end = time.monotonic() + arguments.seconds if arguments.seconds is not None else None
    commands = findings = 0

    def seeds():
        seed = arguments.seed
        while (end is None or time.monotonic() < end) and (arguments.seeds is None or seed < arguments.seed + arguments.seeds):
            yield binary, arguments.findings, seed
            seed += 1

    with multiprocessing.Pool(arguments.jobs) as pool:
        # One batch of seeds at a time: a pool would otherwise draw from an endless supply at once.
        supply = seeds()
        while batch := [task for _, task in zip(range(arguments.jobs * 4), supply, strict=False)]:
            for ran, found in pool.imap_unordered(work, batch):
                commands += ran
                findings += found
    print(f"{commands} commands, {findings} findings")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
