#!/usr/bin/python3
"""A training whose processes are killed and stopped, and whose links are cut and slowed, one every few seconds.

usage: benchmarks/training/chaos.py SPLITLANE [--rounds N] [--seed N] [--clients-too] [--no-links] [--keep FOLDER]

Four clients and three helpers train a small network for that many rounds, each a process, with links of 100 Mbit/s in network namespaces
(root; without them, or with --no-links, processes alone suffer). A fault befalls the aggregator or a helper, with --clients-too also a
client: SIGKILL and another start, SIGSTOP for 2 to 20 s, a link that is cut for 2 to 10 s, or one at 1 % of its speed for 5 to 10 s. The
next one comes when the training has gone on for two rounds. Without --clients-too no client may be missing in an average, and the
weights must be those of `splitlane train`, to the bit. Prints faults and what they cost, and what processes held at the start and at
the end. Ends with status 1 where something is not as promised.
"""

import argparse
import collections
import contextlib
import filecmp
import json
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from cluster import Cluster, write_instance, write_training
from namespaces import Network, may_be_made

CLIENTS, HELPERS, BATCHES = 4, 3, 4
SPEED = 100  # Mbit/s
SLOWED_TO = 0.01
QUIET_ROUNDS = 6


class Chaos:
    def __init__(self, cluster: Cluster, network: Network | None, seed: int, clients_too: bool):
        self.cluster = cluster
        self.network = network
        self.chance = random.Random(seed)
        self.targets = ["aggregator", *(node for node in cluster.nodes if clients_too or node.startswith("helper"))]
        self.kinds = ["kill", "stop", *(("cut", "slow") if network else ())]
        self.costs: dict[tuple[str, str], list[float]] = collections.defaultdict(list)
        self.failed: list[str] = []
        self.usages: list[tuple[int, dict]] = []
        self.seen: list[float] = []  # when rounds were over

    def last_round(self) -> int:
        rounds = self.cluster.rounds()
        return rounds[-1]["round"] if rounds else 0

    def sample(self) -> None:
        usage = {}
        for name, process in self.cluster.processes.items():
            if process.poll() is None:
                with contextlib.suppress(OSError, KeyError):
                    usage[name] = self.cluster.usage(name)
        self.usages.append((self.last_round(), usage))

    def watch(self, done: threading.Event) -> None:
        number = 0
        while not done.wait(0.02):
            if (last := self.last_round()) > number:
                number = last
                self.seen.append(time.monotonic())

    def longest_gap(self, begin: float) -> float:
        """Between two rounds, since then."""
        instants = [max(begin, instant) for instant in self.seen[-1000:] if instant > begin - 60]
        return max((later - earlier for earlier, later in zip(instants, instants[1:], strict=False)), default=0)

    def is_over(self) -> bool:
        return self.cluster.processes["aggregator"].poll() is not None

    def restart(self, name: str) -> None:
        if name == "aggregator":
            self.cluster.start_aggregator("--resume")
        else:
            self.cluster.start_node(name)

    def bring_back_who_ended(self) -> None:
        """A node must never end by itself while its training goes on."""
        for name, process in [*self.cluster.processes.items()]:
            if name != "aggregator" and process.poll() is not None and not self.is_over():
                time.sleep(0.5)
                if self.is_over():
                    return
                self.failed.append(f"{name} ended with {process.returncode}: {self.cluster.output(name).splitlines()[-1]}")
                self.restart(name)

    def befall(self, kind: str, name: str) -> None:
        process = self.cluster.processes[name]
        if kind == "kill":
            self.cluster.kill(name)
            time.sleep(self.chance.uniform(0, 3))
            self.restart(name)
        elif kind == "stop":
            process.send_signal(signal.SIGSTOP)
            time.sleep(self.chance.choice([2, 4, 8, 20]))
            process.send_signal(signal.SIGCONT)
        elif kind == "cut":
            self.network.set_up(name, False)
            time.sleep(self.chance.uniform(2, 10))
            self.network.set_up(name)
        else:
            self.network.shape(name, SLOWED_TO)
            time.sleep(self.chance.uniform(5, 10))
            self.network.shape(name)

    def wait_for(self, number: int, patience: float = 120) -> bool:
        """Whether the round is over; the training may have ended before."""
        end = time.monotonic() + patience
        while self.last_round() < number and not self.is_over():
            self.bring_back_who_ended()
            if time.monotonic() > end:
                raise TimeoutError(f"round {number} does not come: {self.cluster.output('aggregator')[-2000:]}")
            time.sleep(0.05)
        return not self.is_over()

    def run(self, rounds: int) -> float:
        """Until the training ends. Seconds that a round takes where nothing happens."""
        done = threading.Event()
        watcher = threading.Thread(target=self.watch, args=(done,))
        watcher.start()
        try:
            return self.befall_until(rounds)
        finally:
            done.set()
            watcher.join()

    def befall_until(self, rounds: int) -> float:
        self.wait_for(1)
        begin = time.monotonic()
        self.wait_for(1 + QUIET_ROUNDS)
        quiet = (time.monotonic() - begin) / QUIET_ROUNDS
        while self.last_round() < rounds - 3 and not self.is_over():
            self.sample()
            kind = self.chance.choice(self.kinds)
            # The aggregator is one of many nodes, yet everything depends on it.
            name = self.targets[0] if self.chance.random() < 0.25 else self.chance.choice(self.targets[1:])
            begin = time.monotonic()
            self.befall(kind, name)
            if self.wait_for(self.last_round() + 2):
                self.costs[kind, name.split()[0]].append(max(0, self.longest_gap(begin) - quiet))
        while not self.is_over():
            self.sample()
            time.sleep(0.2)
        return quiet


def redone(cluster: Cluster) -> tuple[int, int]:
    """Batches that helpers began for an attempt that was given up, as traces tell, and the most that is promised."""
    done = most = 0
    for path in sorted(cluster.run.glob("trace-*.json")):
        trace = json.loads(path.read_text())
        moved = [event for event in trace.get("events", []) if event["kind"] == "planned-again"]
        if not moved:
            continue
        served = {(at, segment["client"], segment.get("batch", 0)) for at, lane in enumerate(trace["helpers"]) for segment in lane["segments"]}
        done += len(served) - len({one[1:] for one in served})
        most += BATCHES * len({one[1] for one in served}) * len(moved)
    return done, most


def print_usage(usages: list[tuple[int, dict]]) -> None:
    """Medians over the first and the last fifth of all rounds."""
    last = usages[-1][0]
    print("\n| process | resident, at first | at the end | open files | at the end | threads | at the end |\n|---|--:|--:|--:|--:|--:|--:|")
    for role in ("aggregator", "helper", "client"):
        cells = []
        for key, scale in (("bytes", 1e6), ("files", 1), ("threads", 1)):
            for begin, end in ((0, last / 5), (last * 4 / 5, last + 1)):
                values = [one[key] / scale for at, usage in usages if begin <= at < end for name, one in usage.items() if name.startswith(role)]
                cells.append(f"{statistics.median(values):.0f}" if values else "-")
        print(f"| {role} | {cells[0]} MB | {cells[1]} MB | " + " | ".join(cells[2:]) + " |")


def write_problem(program, folder: Path, rounds: int, clients_too: bool) -> Path:
    write_instance(program, folder / "instance.json", "resnet8", CLIENTS, HELPERS, 4)
    return write_training(folder / "training.json", instance="instance.json", rounds=rounds, batches_per_round=BATCHES,
                          minimum_clients=1 if clients_too else CLIENTS)  # fmt: skip


def suffer(program, folder: Path, rounds: int, seed: int, clients_too: bool, network: Network | None) -> tuple[Chaos, float]:
    names = ["aggregator", *(f"helper h{at}" for at in range(HELPERS)), *(f"client c{at}" for at in range(CLIENTS))]
    listen, prefixes = "127.0.0.1:0", {}
    if network:
        for name in names:
            network.add(name, SPEED)
        listen = f"{network.address('aggregator')}:7400"
        prefixes = {name: network.command(name) for name in names}
    training = write_problem(program, folder, rounds, clients_too)
    with Cluster(program, training, folder, listen=listen, prefixes=prefixes) as cluster:
        cluster.start_nodes()
        chaos = Chaos(cluster, network, seed, clients_too)
        quiet = chaos.run(rounds)
        if cluster.processes["aggregator"].returncode != 0:
            sys.exit(f"the training failed: {cluster.output('aggregator')[-3000:]}")
    return chaos, quiet


def same_weights(program, folder: Path) -> bool:
    subprocess.run([str(program), "train", str(folder / "training.json"), "-o", str(folder / "alone"), "-q"], check=True)
    return filecmp.cmp(folder / "alone/checkpoint.pt", folder / "run/checkpoint.pt", shallow=False)


def benchmark(arguments, folder: Path, network: Network | None) -> bool:
    begin = time.monotonic()
    chaos, quiet = suffer(arguments.program, folder, arguments.rounds, arguments.seed, arguments.clients_too, network)
    print(f"{arguments.rounds} rounds in {time.monotonic() - begin:.0f} s; a quiet one takes {quiet:.2f} s; "
          f"{sum(map(len, chaos.costs.values()))} faults\n")  # fmt: skip
    print("| fault | of | times | time lost, median | at most |\n|---|---|--:|--:|--:|")
    for (kind, role), costs in sorted(chaos.costs.items()):
        print(f"| {kind} | {role} | {len(costs)} | {statistics.median(costs):.1f} s | {max(costs):.1f} s |")
    done, most = redone(chaos.cluster)
    rounds = chaos.cluster.rounds()
    print(f"\nbatches begun for nothing: {done}, of at most {most} that are promised; rounds with losses: {sum('lost' in one for one in rounds)}")
    print_usage(chaos.usages)
    good = not chaos.failed and done <= most and len(rounds) == arguments.rounds
    for line in chaos.failed:
        print(f"ended by itself: {line}")
    if not arguments.clients_too:
        same = same_weights(arguments.program, folder)
        print("\nweights: " + ("those of `train`, to the bit" if same else "OTHER than those of `train`"))
        good = good and same
    return good


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--clients-too", action="store_true")
    parser.add_argument("--no-links", action="store_true")
    parser.add_argument("--keep", type=Path, help="folder for all documents and logs (default: a temporary one)")
    arguments = parser.parse_args()
    with contextlib.ExitStack() as held:
        folder = arguments.keep or Path(held.enter_context(tempfile.TemporaryDirectory()))
        folder.mkdir(parents=True, exist_ok=True)
        network = None if arguments.no_links or not may_be_made() else held.enter_context(Network())
        good = benchmark(arguments, folder, network)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
