"""Runs splitlane, each time in a process of its own, and keeps what came of it so that a run can be taken up again."""

import hashlib
import json
import re
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

# A plan document begins with its summary; the rest of a large one is not worth reading here.
SUMMARY_BYTES = 4096
USAGE = Path(__file__).with_name("usage.py")


@dataclass
class Measured:
    """What one `splitlane plan` said and took."""

    makespan: int = 0
    lower_bound: int = 0
    method_seconds: float = 0.0  # the method alone
    wall_seconds: float = 0.0  # the whole command
    cpu_seconds: float = 0.0
    peak_bytes: int = 0
    verify_seconds: float | None = None  # None: no certificate was asked for
    moves: int | None = None  # clients on another helper than before, when there is a before
    note: str = ""

    @property
    def gap(self) -> float:
        """In percent of the bound."""
        return 100 * (self.makespan / self.lower_bound - 1) if self.lower_bound else 0.0


class Splitlane:
    def __init__(self, path: Path, folder: Path, threads: int) -> None:
        self.path = path
        self.folder = folder
        self.threads = threads
        self.digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        (folder / "instances").mkdir(parents=True, exist_ok=True)
        (folder / "outcomes").mkdir(exist_ok=True)

    def scenario(self, name: str, *options: str) -> Path:
        """Draws a scenario unless it is there."""
        path = self.folder / "instances" / f"{name}.json"
        if not path.exists():
            subprocess.run([self.path, "scenario", *options, "-q", "-o", path], check=True)
        return path

    def plan(
        self, instance: Path, *options: str, certificate: bool = False, before: dict[str, str] | None = None
    ) -> Measured:
        """Plans and has the plan checked, or with a certificate verified. `before`: helper of each client in a plan that
        moves are counted from."""
        key = (self.digest, self.threads, instance.name, instance.stat().st_size, certificate, *map(str, options))
        kept = self.folder / "outcomes" / f"{instance.stem}-{hashlib.sha256(repr(key).encode()).hexdigest()[:16]}.json"
        if kept.exists():
            return Measured(**json.loads(kept.read_text(encoding="utf-8")))
        plan, proof = self.folder / "plan.json", self.folder / "certificate.json"
        command = [self.path, "plan", instance, *options, "--threads", str(self.threads), "-q", "-o", plan]
        outcome = self._run([*command, "--certificate", proof] if certificate else command, plan)
        if not outcome.note:
            judge = ["verify", instance, plan, proof] if certificate else ["check", instance, plan]
            begin = time.monotonic()
            judged = subprocess.run([self.path, *judge], capture_output=True, text=True, check=False)
            if certificate:
                outcome.verify_seconds = time.monotonic() - begin
            if judged.returncode:
                outcome.note = f"REFUSED: {judged.stdout.strip()[-200:]}"
            if before is not None:
                outcome.moves = sum(before.get(name, helper) != helper for name, helper in helpers_of(plan).items())
        print(f"  {instance.stem} {' '.join(map(str, options))}: {outcome}", file=sys.stderr, flush=True)
        kept.write_text(json.dumps(asdict(outcome)), encoding="utf-8")
        return outcome

    def _run(self, command: list, plan: Path) -> Measured:
        errors = self.folder / "errors.txt"
        took = self.folder / "usage.json"
        with errors.open("wb") as file:
            done = subprocess.run([sys.executable, USAGE, took, *command], stderr=file, check=False)
        outcome = Measured(**json.loads(took.read_text(encoding="utf-8")))
        if done.returncode:
            outcome.note = errors.read_text(encoding="utf-8").strip()[-200:] or f"exit code {done.returncode}"
            return outcome
        with plan.open(encoding="utf-8") as file:
            head = file.read(SUMMARY_BYTES)
        outcome.makespan = int(summary_number(head, "makespan"))
        outcome.lower_bound = int(summary_number(head, "lower_bound"))
        outcome.method_seconds = summary_number(head, "runtime_ms") / 1000
        return outcome


def helpers_of(plan: Path) -> dict[str, str]:
    clients = json.loads(plan.read_text(encoding="utf-8"))["clients"]
    return {client["id"]: client.get("helper", "") for client in clients}


def summary_number(head: str, key: str) -> float:
    found = re.search(rf'"{key}":\s*([0-9.]+)', head)
    if not found:
        raise SystemExit(f"run.py: no {key} at the start of the plan")
    return float(found.group(1))
