#!/usr/bin/python3
"""Planned against measured over real links: six clients and three helpers in network namespaces, whose links are shaped.

usage: benchmarks/training/shaped.py SPLITLANE [--rounds N] [--network NAME] [--batch N] [--keep FOLDER]

Needs root, iproute2 and tbf. Nothing is emulated, and the network computes nothing (`--idle`), so a round takes what its messages take on
links of 10 to 1000 Mbit/s. Prints planned and measured makespans, and the bytes at the network interfaces beside those of the tensors
that the plan sends.
"""

import argparse
import json
import statistics
import tempfile
from pathlib import Path

from cluster import Cluster, write_training
from namespaces import Network

CLIENTS = {"c0": 10, "c1": 20, "c2": 50, "c3": 100, "c4": 300, "c5": 1000}  # Mbit/s
HELPERS = {"h0": 1000, "h1": 1000, "h2": 1000}


def write_setup(folder: Path, network: str, batch: int) -> None:
    device = {"format": "splitlane-device", "version": 1, "name": "instant",
              "rates": [{"forward_flops_per_s": 10**15, "backward_flops_per_s": 10**15}]}  # fmt: skip
    (folder / "instant.json").write_text(json.dumps(device))
    for client, speed in CLIENTS.items():
        link = {"format": "splitlane-link", "version": 1, "name": client, "up_mbps": speed, "down_mbps": speed, "latency_ms": 0.2}
        (folder / f"{client}.json").write_text(json.dumps(link))
    setup = {
        "format": "splitlane-setup",
        "version": 1,
        "model": network,
        "batch": batch,
        "cuts": {"sigma_1": [1, 3], "sigma_2": [8, 10]},
        "clients": [{"id": client, "device": "./instant.json", "link": f"./{client}.json"} for client in CLIENTS],
        "helpers": [{"id": helper, "device": "./instant.json", "memory_mb": 100} for helper in HELPERS],  # for two clients each
    }
    (folder / "setup.json").write_text(json.dumps(setup))


def print_table(run: Path, rounds: list[dict]) -> None:
    """Of the whole and of each client, over all rounds."""
    planned: dict[str, list] = {}
    measured: dict[str, list] = {}
    for one in rounds:
        plan = json.loads((run / f"plan-{one['round']:03}.json").read_text())
        trace = json.loads((run / f"trace-{one['round']:03}.json").read_text())
        planned.setdefault("the round", []).append(plan["makespan"])
        measured.setdefault("the round", []).append(one["measured_us"])
        for client in plan["clients"]:
            planned.setdefault(client["id"], []).append(client["completion"])
        for client in trace["clients"]:
            measured.setdefault(client["id"], []).append(client["batches"][-1]["completion"])
    print("| | link | planned | measured, median | difference | least | most |\n|---|--:|--:|--:|--:|--:|--:|")
    for name, times in measured.items():
        differences = [100 * (time / expected - 1) for time, expected in zip(times, planned[name], strict=True)]
        speed = f"{CLIENTS[name]} Mbit/s" if name in CLIENTS else ""
        print(f"| {name} | {speed} | {statistics.median(planned[name]) / 1e6:.3f} s | {statistics.median(times) / 1e6:.3f} s "
              f"| {statistics.median(differences):+.1f} % | {min(differences):+.1f} % | {max(differences):+.1f} % |")  # fmt: skip


def benchmark(arguments, folder: Path, network: Network) -> None:
    write_setup(folder, arguments.network, arguments.batch)
    training = write_training(folder / "training.json", setup="setup.json", network={"idle": arguments.network},
                              data={"kind": "synthetic", "shape": [3, 32, 32], "samples": 8 * arguments.batch, "test_samples": 10},
                              rounds=arguments.rounds, batches_per_round=1, batch=arguments.batch)  # fmt: skip
    names = {"aggregator": 1000, **{f"helper {name}": speed for name, speed in HELPERS.items()},
             **{f"client {name}": speed for name, speed in CLIENTS.items()}}  # fmt: skip
    for name, speed in names.items():
        network.add(name, speed)
    prefixes = {name: (*network.command(name), *arguments.before) for name in names}
    with Cluster(arguments.program, training, folder, listen=f"{network.address('aggregator')}:7400", prefixes=prefixes) as cluster:
        cluster.start_nodes()
        cluster.finish()
        sent = {name: sum(network.counted(name)) for name in names}
        rounds = cluster.rounds()
    print_table(cluster.run, rounds)
    planned = sum(one["bytes"] for one in rounds)
    # A tensor crosses the interfaces of a client and of a helper; weights those of the aggregator and of a node.
    at_clients = sum(count for name, count in sent.items() if name.startswith("client"))
    at_helpers = sum(count for name, count in sent.items() if name.startswith("helper"))
    weights = sent["aggregator"]
    tensors = (at_clients + at_helpers - weights) / 2
    print(f"\nactivations and gradients of {len(rounds)} rounds: planned {planned / 1e6:.2f} MB, between clients and helpers "
          f"{tensors / 1e6:.2f} MB on the wire ({100 * (tensors / planned - 1):+.1f} %); with the aggregator {weights / 1e6:.2f} MB")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--network", default="resnet20")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--before", type=str.split, default=[], help="words before the program's, such as 'chrt -f 10'")
    parser.add_argument("--keep", type=Path, help="folder for all documents and logs (default: a temporary one)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, Network() as network:
        folder = arguments.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        benchmark(arguments, folder, network)


if __name__ == "__main__":
    main()
