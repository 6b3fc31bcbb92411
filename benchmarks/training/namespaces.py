"""Network namespaces with shaped links, one for each node of a training, for the scripts beside this file. Needs root, iproute2 and tbf."""

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

SUBNET = "10.201.77"


def ip(*words) -> None:
    subprocess.run(["ip", *map(str, words)], check=True, capture_output=True)


class Network:
    """Nodes at one switch, each by a link of its own."""

    def __init__(self):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that __exit__ runs
        self.prefix = f"sl{os.getpid()}"
        self.switch = f"{self.prefix}-switch"
        self.numbers = itertools.count(1)
        self.places: dict[str, int] = {}
        self.speeds: dict[str, float] = {}
        ip("netns", "add", self.switch)
        ip("-n", self.switch, "link", "add", "bridge", "type", "bridge")
        ip("-n", self.switch, "link", "set", "bridge", "up")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for name in [*(self.space(node) for node in self.places), self.switch]:
            subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)

    def space(self, node: str) -> str:
        return f"{self.prefix}-{self.places[node]}"

    def address(self, node: str) -> str:
        return f"{SUBNET}.{self.places[node]}"

    def command(self, node: str) -> tuple[str, ...]:
        """What stands before a command that runs there."""
        return ("ip", "netns", "exec", self.space(node))

    def add(self, node: str, mbit_per_s: float) -> None:
        number = self.places[node] = next(self.numbers)
        space, here = self.space(node), f"port{number}"
        ip("netns", "add", space)
        ip("-n", self.switch, "link", "add", here, "type", "veth", "peer", "name", "eth0", "netns", space)
        ip("-n", self.switch, "link", "set", here, "master", "bridge")
        ip("-n", self.switch, "link", "set", here, "up")
        ip("-n", space, "addr", "add", f"{SUBNET}.{number}/24", "dev", "eth0")
        for link in ("lo", "eth0"):
            ip("-n", space, "link", "set", link, "up")
        self.speeds[node] = mbit_per_s
        self.shape(node)

    def shape(self, node: str, factor: float = 1) -> None:
        """The link at that share of its speed, both ways."""
        speed = self.speeds[node] * factor
        # Ten milliseconds at once, at least a few frames with what the kernel joins to one.
        burst = max(int(speed * 1e6 / 8 * 0.01), 66_000)
        for space, link in ((self.space(node), "eth0"), (self.switch, f"port{self.places[node]}")):
            subprocess.run(["tc", "-n", space, "qdisc", "replace", "dev", link, "root", "tbf", "rate", f"{int(speed * 1e6)}bit", "burst",
                            str(burst), "latency", "300ms"], check=True)  # fmt: skip

    def set_up(self, node: str, up: bool = True) -> None:
        ip("-n", self.switch, "link", "set", f"port{self.places[node]}", "up" if up else "down")

    def counted(self, node: str) -> tuple[int, int]:
        """Bytes that left the node and that reached it, frames whole."""
        done = subprocess.run(
            [*self.command(node), "cat", "/sys/class/net/eth0/statistics/tx_bytes", "/sys/class/net/eth0/statistics/rx_bytes"],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        sent, received = map(int, done.stdout.split())
        return sent, received


def may_be_made() -> bool:
    return os.geteuid() == 0 and Path("/usr/sbin/tc").exists()
