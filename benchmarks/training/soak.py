#!/usr/bin/python3
"""A training of many processes at full speed for minutes: does what its processes hold grow?

usage: benchmarks/training/soak.py SPLITLANE [--minutes N] [--keep FOLDER]

Four clients and two helpers train ResNet-8 without emulation, in rounds of 8 batches. Prints, for each process, resident memory at a tenth,
at half and at the end, the slope over the second half (least squares), and the open files and threads at half and at the end.
"""

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from cluster import Cluster, write_instance, write_training

PERIOD = 2  # seconds between two looks


def slope(samples: list[tuple[float, float]]) -> float:
    """Of the line through (x, y) with the least squares."""
    x_mean, y_mean = (statistics.fmean(values) for values in zip(*samples, strict=True))
    return sum((x - x_mean) * (y - y_mean) for x, y in samples) / sum((x - x_mean) ** 2 for x, _ in samples)


def benchmark(arguments, folder: Path) -> None:
    write_instance(arguments.program, folder / "instance.json", "resnet8", 4, 2, 4)
    training = write_training(folder / "training.json", instance="instance.json", rounds=1_000_000, batches_per_round=8)
    samples: dict[str, list] = {}
    with Cluster(arguments.program, training, folder) as cluster:
        cluster.start_nodes()
        cluster.wait_for_round(1)
        begin = time.monotonic()
        while (now := time.monotonic() - begin) < 60 * arguments.minutes:
            for name in cluster.processes:
                samples.setdefault(name, []).append((now / 60, cluster.usage(name)))
            time.sleep(PERIOD)
        rounds = len(cluster.rounds())
    print(f"{rounds} rounds in {arguments.minutes:g} minutes\n")
    print("| process | at a tenth | at half | at the end | slope, second half | files, half and end | threads, half and end |\n"
          "|---|--:|--:|--:|--:|--:|--:|")  # fmt: skip
    for name, all_of_it in samples.items():
        tenth, half = len(all_of_it) // 10, len(all_of_it) // 2
        megabytes = [(minute, usage["bytes"] / 1e6) for minute, usage in all_of_it]
        at_half, at_end = all_of_it[half][1], all_of_it[-1][1]
        print(f"| {name} | {megabytes[tenth][1]:.1f} MB | {megabytes[half][1]:.1f} MB | {megabytes[-1][1]:.1f} MB "
              f"| {slope(megabytes[half:]):+.3f} MB a minute | {at_half['files']}, {at_end['files']} "
              f"| {at_half['threads']}, {at_end['threads']} |")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--keep", type=Path, help="folder for all documents and logs (default: a temporary one)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        benchmark(arguments, folder)


if __name__ == "__main__":
    main()
