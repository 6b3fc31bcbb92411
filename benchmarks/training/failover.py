#!/usr/bin/python3
"""The time from a helper's SIGKILL to its clients' first batch with another helper.

usage: benchmarks/training/failover.py SPLITLANE [--times N] [--keep FOLDER]

Four clients and three helpers train ResNet-8 without emulation, many batches a round. In the middle of a round a helper that serves is
killed. From then on the sockets of its clients are watched (`ss`): a client has begun elsewhere when another helper has acknowledged as
many bytes as activations of a batch have. Prints median and worst of the clients, and of the last client of each kill.
"""

import argparse
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from cluster import Cluster, wait_for, write_instance, write_training

BATCH = 4
ACTIVATIONS = BATCH * 16 * 16 * 16 * 4  # bytes, of the first cut layers of ResNet-8 on images of 16 by 16; later ones have a half


def connections() -> dict[tuple[int, int, int], int]:
    """Process, port at the other end, own port: bytes that the other end has acknowledged."""
    done = subprocess.run(["ss", "-tniOHp", "state", "established"], capture_output=True, text=True, check=True)
    found = {}
    for line in done.stdout.splitlines():
        process, acked = re.search(r"pid=(\d+)", line), re.search(r"bytes_acked:(\d+)", line)
        if process and acked:
            own, other = (int(place.rsplit(":", 1)[1]) for place in line.split()[2:4])
            found[int(process[1]), other, own] = int(acked[1])
    return found


def port_of(cluster: Cluster, helper: str) -> int:
    done = subprocess.run(["ss", "-tlnpHO"], capture_output=True, text=True, check=True)
    pid = cluster.processes[helper].pid
    line = next((line for line in done.stdout.splitlines() if f"pid={pid}," in line), None)
    return int(line.split()[3].rsplit(":", 1)[1]) if line else 0


def failed_over(cluster: Cluster, helpers: list[str], clients: dict[int, str]) -> list[float]:
    """Kills a helper that serves; seconds of each of its clients."""
    ports = {wait_for(lambda helper=helper: port_of(cluster, helper), helper): helper for helper in helpers}

    def served() -> dict[int, str]:
        """A helper's clients whose first batch is on its way, at least."""
        by_port: dict[int, set] = {}
        for (pid, port, _), acked in connections().items():
            if pid in clients and port in ports and acked > ACTIVATIONS:
                by_port.setdefault(port, set()).add(pid)
        return max(by_port.items(), key=lambda item: len(item[1]), default=None)

    port, victims = wait_for(served, "a helper that serves")
    before = set(connections())
    cluster.kill(ports[port])
    killed = time.monotonic()
    times: dict[int, float] = {}
    while len(times) < len(victims):
        for key, acked in connections().items():
            pid, other, _ = key
            if pid in victims and key not in before and other in ports and other != port and acked > ACTIVATIONS // 2:
                times.setdefault(pid, time.monotonic() - killed)
        if time.monotonic() - killed > 60:
            raise TimeoutError("a client does not go on elsewhere")
    cluster.start_node(ports[port])
    return [*times.values()]


def benchmark(arguments, folder: Path) -> None:
    write_instance(arguments.program, folder / "instance.json", "resnet8", 4, 3, BATCH)
    training = write_training(folder / "training.json", instance="instance.json", rounds=100_000, batches_per_round=40, checkpoint_every=0)
    all_times, last = [], []
    with Cluster(arguments.program, training, folder) as cluster:
        cluster.start_nodes()
        helpers = [name for name in cluster.nodes if name.startswith("helper")]
        clients = {cluster.processes[name].pid: name for name in cluster.nodes if name.startswith("client")}
        while len(last) < arguments.times:
            first = cluster.rounds()[-1]["round"] if cluster.rounds() else 0
            cluster.wait_for_round(first + 1)
            time.sleep(0.5)
            times = failed_over(cluster, helpers, clients)
            all_times += times
            last.append(max(times))
            print(f"{len(last)}: " + ", ".join(f"{one:.2f} s" for one in sorted(times)), file=sys.stderr, flush=True)
            cluster.wait_for_round(cluster.rounds()[-1]["round"] + 1)
    print("| | number | median | worst |\n|---|--:|--:|--:|")
    for what, times in (("clients", all_times), ("last client of a helper", last)):
        print(f"| {what} | {len(times)} | {statistics.median(times):.2f} s | {max(times):.2f} s |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--times", type=int, default=30)
    parser.add_argument("--keep", type=Path, help="folder for all documents and logs (default: a temporary one)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        benchmark(arguments, folder)


if __name__ == "__main__":
    main()
