"""Runs splitlane, each time in a process of its own, and keeps what came of it so that a run can be taken up again."""

import hashlib
import json
import resource
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

GRACE_SECONDS = 120  # beyond the time limit, for reading, writing, and a program that looks at its clock too seldom


@dataclass
class Outcome:
    """What one `splitlane plan` said, what it took, and whether the proof it wrote holds."""

    status: str  # optimal, feasible, infeasible, failed, WRONG
    makespan: int = 0
    lower_bound: int = 0
    method_seconds: float = 0.0  # the method alone
    wall_seconds: float = 0.0  # the whole command
    cpu_seconds: float = 0.0
    certificate_bytes: int = 0
    verify_seconds: float = 0.0
    verified: bool | None = None  # None: there was nothing to verify
    note: str = ""

    @property
    def optimal(self) -> bool:
        return self.status == "optimal"

    @property
    def has_plan(self) -> bool:
        return self.status in ("optimal", "feasible")

    @property
    def gap(self) -> float:
        """In percent of the bound."""
        return 100 * (self.makespan - self.lower_bound) / self.lower_bound if self.lower_bound else 0.0

    def line(self) -> str:
        times = f"{self.wall_seconds:.2f} s (processor {self.cpu_seconds:.2f} s)"
        return f"{self.status} {self.makespan} >= {self.lower_bound}, {times} {self.note}".strip()


class Program:
    def __init__(self, path: str, folder: Path, method: str, threads: int) -> None:
        self.path = path
        self.folder = folder
        self.method = method
        self.threads = threads
        self.digest = hashlib.sha256(Path(path).read_bytes()).hexdigest()[:12]
        self.can_verify = "verify" in self._help()
        self.folder.mkdir(parents=True, exist_ok=True)

    def _help(self) -> str:
        return subprocess.run([self.path, "--help"], capture_output=True, text=True, check=True).stdout

    def scenario(self, name: str, *options: str) -> Path:
        """Draws a scenario; the same options give the same file."""
        path = self.folder / "instances" / f"{name}.json"
        path.parent.mkdir(exist_ok=True)
        subprocess.run([self.path, "scenario", *options, "-q", "-o", path], check=True, stdout=subprocess.DEVNULL)
        return path

    def plan(self, instance: Path, time_limit: float, certificate: bool = False, repetition: int = 0) -> Outcome:
        """Plans, has the plan checked, and where asked for and optimal has a second run write the proof and verifies it."""
        key = (self.digest, self.method, self.threads, time_limit, certificate, repetition)
        digest = hashlib.sha256(repr(key).encode() + instance.read_bytes()).hexdigest()[:24]
        kept = self.folder / "outcomes" / f"{instance.stem}-{digest}.json"
        if kept.exists():
            return Outcome(**json.loads(kept.read_text(encoding="utf-8")))
        outcome = self._plan(instance, time_limit)
        if certificate and outcome.optimal and self.can_verify:
            self._verify(instance, time_limit, outcome)
        print(f"  {instance.stem}, limit {time_limit:g} s: {outcome.line()}", file=sys.stderr, flush=True)
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(json.dumps(asdict(outcome)), encoding="utf-8")
        return outcome

    def _command(self, instance: Path, plan: Path, time_limit: float) -> list:
        limits = ["--time-limit", f"{time_limit:g}", "--threads", str(self.threads)]
        return [self.path, "plan", instance, "--method", self.method, *limits, "-q", "-o", plan]

    def _plan(self, instance: Path, time_limit: float) -> Outcome:
        path = self.folder / "plan.json"
        begin = time.monotonic()
        cpu_begin = children_seconds()
        done = self._run(self._command(instance, path, time_limit), time_limit)
        wall, cpu = time.monotonic() - begin, children_seconds() - cpu_begin
        if done.returncode == 3:
            return Outcome("infeasible", wall_seconds=wall, cpu_seconds=cpu)
        if done.returncode:
            return Outcome("failed", wall_seconds=wall, cpu_seconds=cpu, note=done.stderr.strip()[-200:])
        document = json.loads(path.read_text(encoding="utf-8"))
        checked = self._run([self.path, "check", instance, path], 0)
        status = document["status"] if checked.returncode == 0 else "WRONG"
        return Outcome(
            status, document["makespan"], document["lower_bound"], document["runtime_ms"] / 1000, wall, cpu,
            note="" if checked.returncode == 0 else checked.stdout.strip()[-200:],
        )  # fmt: skip

    def _verify(self, instance: Path, time_limit: float, outcome: Outcome) -> None:
        plan, certificate = self.folder / "proven.json", self.folder / "certificate.json"
        certificate.unlink(missing_ok=True)
        command = [*self._command(instance, plan, time_limit), "--certificate", certificate]
        done = self._run(command, time_limit)
        if done.returncode or json.loads(plan.read_text(encoding="utf-8"))["status"] != "optimal":
            outcome.note = f"not optimal with a certificate: {done.stderr.strip()[-200:]}"
            return
        begin = time.monotonic()
        done = self._run([self.path, "verify", instance, plan, certificate], time_limit)
        outcome.verify_seconds = time.monotonic() - begin
        outcome.verified = done.returncode == 0
        outcome.certificate_bytes = certificate.stat().st_size
        if not outcome.verified:
            outcome.note = f"verify: {(done.stdout + done.stderr).strip()[-200:]}"

    @staticmethod
    def _run(command: list, time_limit: float) -> subprocess.CompletedProcess:
        try:
            return subprocess.run(command, capture_output=True, text=True, timeout=time_limit + GRACE_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return subprocess.CompletedProcess(command, 1, "", f"not back {GRACE_SECONDS} s after the time limit")


def children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
