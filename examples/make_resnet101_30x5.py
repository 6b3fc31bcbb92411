#!/usr/bin/python3
"""Writes resnet101_30x5.json: one batch of ResNet-101 at 30 clients with 5 helpers, times in milliseconds.

The time of a whole batch on each device is Table I of "Workflow Optimization for Parallel Split Learning" (INFOCOM
2024). Everything else here is an assumption of the right order of magnitude, not a measurement: the share of the
batch in each part, the speed of the links, the size of what crosses them, the memory. Same seed, same bytes.
"""

import argparse
import json
import random
from pathlib import Path

BATCH_MS = {"rpi4": 91900, "jetson-gpu": 1200, "vm": 2000, "m1": 3500}  # Table I, ResNet101, batch of 128
PART_1_SHARE = 0.05  # of the batch, when the client keeps layers 1 to 3
PART_3_SHARE = 0.03  # and layers 34 to 37
PART_2_SHARE = 1.0 - PART_1_SHARE - PART_3_SHARE
FORWARD_SHARE = 1 / 3  # backward takes about twice as long as forward
SLOWEST_LINK, FASTEST_LINK = 5.0, 20.0  # Mbit/s
SIGMA_1_MBIT = 24.0  # activations of a batch at the first cut, and their gradients
SIGMA_2_MBIT = 12.0  # and at the second
HELPER_MEMORY_MB = 16000
CUT = [3, 33]
CLIENTS, HELPERS = 30, 5
KEYS = ("release", "forward", "client_forward", "client_backward", "backward", "tail")


def spread(generator: random.Random, value: float, share: float) -> float:
    """`value`, up to `share` more or less: no two devices of one kind are equally busy."""
    return value * (1 + share * (2 * generator.random() - 1))


def option(generator: random.Random, batch_ms: float, helper_ms: float) -> dict[str, int]:
    """The six durations of one client, whose whole batch takes `batch_ms`, on one helper."""
    mbit_per_ms = (SLOWEST_LINK + (FASTEST_LINK - SLOWEST_LINK) * generator.random()) / 1000
    sigma_1_ms, sigma_2_ms = SIGMA_1_MBIT / mbit_per_ms, SIGMA_2_MBIT / mbit_per_ms
    backward_share = 1 - FORWARD_SHARE
    durations = {
        "release": batch_ms * PART_1_SHARE * FORWARD_SHARE + sigma_1_ms,
        "forward": helper_ms * PART_2_SHARE * FORWARD_SHARE,
        "client_forward": batch_ms * PART_3_SHARE * FORWARD_SHARE + sigma_2_ms,
        "client_backward": batch_ms * PART_3_SHARE * backward_share + sigma_2_ms,
        "backward": helper_ms * PART_2_SHARE * backward_share,
        "tail": batch_ms * PART_1_SHARE * backward_share + sigma_1_ms,
    }
    return {key: round(duration) for key, duration in durations.items()}


def client_line(generator: random.Random, index: int, helpers: list[tuple[str, float]]) -> str:
    kind = "rpi4" if generator.random() < 0.5 else "jetson-gpu"
    batch_ms = spread(generator, BATCH_MS[kind], 0.1)
    memory_mb = round(spread(generator, 2200, 0.25))
    options = [option(generator, batch_ms, helper_ms) for _, helper_ms in helpers]
    columns: dict[str, list] = {"helper": [name for name, _ in helpers]}
    columns |= {key: [each[key] for each in options] for key in KEYS}
    columns |= {"memory_mb": [memory_mb] * len(helpers), "cut": [CUT] * len(helpers)}
    return json.dumps({"id": f"{kind}-{index}", "options": columns}, separators=(",", ":"))


def document(seed: int) -> str:
    generator = random.Random(seed)
    kinds = ["vm" if generator.random() < 0.5 else "m1" for _ in range(HELPERS)]
    helpers = [(f"{kind}-{index}", spread(generator, BATCH_MS[kind], 0.1)) for index, kind in enumerate(kinds)]
    helper_lines = [json.dumps({"id": name, "memory_mb": HELPER_MEMORY_MB}, separators=(",", ":")) for name, _ in helpers]
    client_lines = [client_line(generator, index, helpers) for index in range(CLIENTS)]
    return (
        '{\n"format":"splitlane-instance","version":1,"name":"resnet101_30x5","time_unit":"ms",\n'
        '"helpers":[\n' + ",\n".join(helper_lines) + "\n],\n"
        '"clients":[\n' + ",\n".join(client_lines) + "\n]\n}\n"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="seed of all random choices (default: 1)")
    default_output = Path(__file__).with_name("resnet101_30x5.json")
    parser.add_argument("-o", "--output", type=Path, default=default_output, help=f"default: {default_output.name}")
    arguments = parser.parse_args()
    arguments.output.write_text(document(arguments.seed), encoding="utf-8")


if __name__ == "__main__":
    main()
