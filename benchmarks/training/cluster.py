"""A training of many processes, for the scripts beside this file: an aggregator, helpers and clients, each to be killed and started again."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

PATIENCE = 300  # seconds until something that is waited for counts as hanging
ROLES = ("helper", "client")


def wait_for(condition, what: str, patience: float = PATIENCE):
    """What the condition comes to, once it is true."""
    end = time.monotonic() + patience
    while not (value := condition()):
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(0.02)
    return value


class Cluster:
    """`prefixes`: words before the command of a node, by its name ("helper h0", "aggregator"), such as those of a network namespace."""

    def __init__(self, program, training: Path, folder: Path, *options, listen: str = "127.0.0.1:0", prefixes: dict | None = None):
        self.program = Path(program).resolve()
        self.training = training.resolve()
        self.folder = folder.resolve()
        self.run = self.folder / "run"
        self.options = options
        self.prefixes = prefixes or {}
        self.processes: dict[str, subprocess.Popen] = {}
        self.ended: list[subprocess.Popen] = []
        self.tokens: dict[str, str] = {}
        self.address = listen
        self.start_aggregator()
        self.address = wait_for(lambda: re.search(r"listens at (\S+),", self.output_while_it_runs("aggregator")), "aggregator")[1]
        instance = json.loads((self.run / "instance.json").read_text())
        self.nodes = [f"{role} {node['id']}" for role in ROLES for node in instance[role + "s"]]
        line = re.compile(r"SPLITLANE_TOKEN=(\S+) splitlane (\w+) .* --id (\S+)\n")
        wait_for(lambda: len(line.findall(self.output("aggregator"))) == len(self.nodes), "tokens")
        self.tokens = {f"{role} {node}": token for token, role, node in line.findall(self.output("aggregator"))}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for process in self.processes.values():
            process.kill()
            process.wait()

    def log_path(self, name: str) -> Path:
        return self.folder / f"{name.replace(' ', '-')}.log"

    def output(self, name: str) -> str:
        path = self.log_path(name)
        return path.read_text() if path.exists() else ""

    def output_while_it_runs(self, name: str) -> str:
        if self.processes[name].poll() not in (None, 0):
            raise RuntimeError(f"{name}: {self.output(name)}")
        return self.output(name)

    def _start(self, name: str, *words, **environment) -> None:
        with self.log_path(name).open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [*self.prefixes.get(name, ()), str(self.program), *map(str, words)],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, env=dict(os.environ, **environment),
                preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
            )  # fmt: skip

    def start_aggregator(self, *options) -> None:
        self._start("aggregator", "aggregator", self.training, "--listen", self.address, "-o", self.run, *self.options, *options)

    def start_node(self, name: str, *options) -> None:
        role, node = name.split()
        state = self.folder / name.replace(" ", "-")
        token = {} if (state / "certificate.pem").exists() else {"SPLITLANE_TOKEN": self.tokens[name]}
        self._start(name, role, "--join", self.address, "--id", node, "--state", state, "--patience", PATIENCE, *options, **token)

    def start_nodes(self) -> None:
        for name in self.nodes:
            self.start_node(name)

    def kill(self, name: str) -> None:
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def rounds(self) -> list[dict]:
        path = self.run / "metrics.jsonl"
        return [json.loads(line) for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")] if path.exists() else []

    def wait_for_round(self, number: int) -> None:
        def reached():
            self.output_while_it_runs("aggregator")
            rounds = self.rounds()
            return rounds and rounds[-1]["round"] >= number

        wait_for(reached, f"round {number}")

    def finish(self) -> None:
        """Waits until all have ended; raises where one has failed."""
        for name, process in [*self.processes.items()]:
            if process.wait(timeout=PATIENCE) != 0:
                raise RuntimeError(f"{name}: {self.output(name)}")
            del self.processes[name]

    def usage(self, name: str) -> dict:
        """Resident bytes, open files and threads of a process that runs."""
        process = Path("/proc") / str(self.processes[name].pid)
        status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        return {
            "bytes": 1024 * int(status["VmRSS"].split()[0]),
            "files": len(os.listdir(process / "fd")),
            "threads": int(status["Threads"]),
        }


def write_instance(program, path: Path, network: str, clients: int, helpers: int, batch: int, *options) -> Path:
    subprocess.run(
        [str(program), "scenario", "--model", network, "--clients", str(clients), "--helpers", str(helpers), "--batch", str(batch),
         "--client-devices", "rpi-4", "--helper-devices", "rpi-4", "--link", "home-wifi", "--memory", "none", "--seed", "3", "--quiet",
         "-o", str(path), *options],
        check=True,
    )  # fmt: skip
    return path


def write_training(path: Path, **changes) -> Path:
    document = {
        "format": "splitlane-training",
        "version": 1,
        "network": {"name": "resnet8"},
        "data": {"kind": "synthetic", "shape": [3, 16, 16], "samples": 64, "test_samples": 20},
        "batch": 4,
        "rounds": 2,
        "batches_per_round": 2,
        "seed": 1,
        "evaluate_every": 0,
        "planning": {"replan": "never"},
        "emulation": {"off": True},
    }
    path.write_text(json.dumps({key: value for key, value in (document | changes).items() if value is not None}))
    return path
