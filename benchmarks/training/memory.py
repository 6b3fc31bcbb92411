#!/usr/bin/env python3
"""The memory that a training is expected to need, held against what it took.

usage: benchmarks/training/memory.py SPLITLANE

Trains instances of Scenario 1 with synthetic data, without emulation, for two rounds of two batches, and prints a table: what
`--dry-run` expects, and the largest resident set that the process had.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

# Network, samples of a batch, clients, helpers, threads.
CASES = (
    ("resnet20", 32, 4, 1, 2),
    ("resnet20", 128, 4, 1, 2),
    ("resnet20", 128, 10, 2, 1),
    ("vgg11", 32, 4, 1, 2),
)


def text_of(*command) -> str:
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=True).stdout


def expected_bytes(*command) -> float:
    for line in text_of(*command, "--dry-run").splitlines():
        if line.startswith("memory: about "):
            return 1e9 * float(line.split()[2])
    sys.exit("the dry run says nothing of memory")


def largest_resident_set(*command) -> float:
    process = os.posix_spawnp(str(command[0]), list(map(str, command)), os.environ)
    _, status, usage = os.wait4(process, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))}: status {status}")
    return 1024.0 * usage.ru_maxrss


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    program = sys.argv[1]
    print("| network | batch | clients x helpers | threads | expected | measured | expected / measured |\n|---|--:|--:|--:|--:|--:|--:|")
    for network, batch, clients, helpers, threads in CASES:
        with tempfile.TemporaryDirectory() as folder:
            instance = Path(folder) / "instance.json"
            text_of(program, "scenario", "--model", network, "--clients", clients, "--helpers", helpers, "--seed", 1, "--memory", "none",
                    "-q", "-o", instance)  # fmt: skip
            train = (program, "train", instance, "--network", network, "--batch", batch, "--batches", 2, "--rounds", 2, "--no-emulation",
                     "--threads", threads, "-o", Path(folder) / "run", "-q")  # fmt: skip
            expected, measured = expected_bytes(*train), largest_resident_set(*train)
        print(f"| {network} | {batch} | {clients} x {helpers} | {threads} | {expected / 1e6:.0f} MB | {measured / 1e6:.0f} MB "
              f"| {expected / measured:.2f} |", flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
