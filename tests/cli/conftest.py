"""Fixtures of the tests that run the real binary: SPLITLANE_BINARY, by default build/debug/splitlane."""

import copy
import json
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
DOCUMENTS = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("[a-z]*/README.md")})


def binary_path() -> Path:
    return Path(os.environ.get("SPLITLANE_BINARY", ROOT / "build" / "debug" / "splitlane")).resolve()


@dataclass
class Outcome:
    """What one run of the program left behind."""

    code: int
    out: str
    err: str

    def error(self) -> dict:
        """The error document on standard output; also holds it against what standard error and the exit code say."""
        document = json.loads(self.out)
        assert document["format"] == "splitlane-error" and document["version"] == 1
        assert list(document)[:5] == ["format", "version", "code", "exit_code", "message"]
        assert document["exit_code"] == self.code
        assert self.err.endswith(f"splitlane: error: {document['message']}\n")
        assert "" not in document.values()
        return document


class Splitlane:
    """Runs `splitlane` and keeps standard output and standard error apart."""

    def __init__(self, folder: Path):
        self.binary = binary_path()
        self.folder = folder

    def __call__(self, *arguments, stdin: str | bytes = "", **options) -> Outcome:
        data = stdin.encode() if isinstance(stdin, str) else stdin
        done = subprocess.run(
            [str(self.binary), *map(str, arguments)],
            input=data, capture_output=True, cwd=self.folder, timeout=120, check=False, **options,
        )  # fmt: skip
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())

    def start(self, *arguments, **options) -> subprocess.Popen:
        # A shell's background job ignores Ctrl-C and hands that down, as nohup does a hangup, which the program honours;
        # tests may run in one.
        return subprocess.Popen(
            [str(self.binary), *map(str, arguments)],
            preexec_fn=lambda: [signal.signal(number, signal.SIG_DFL) for number in (signal.SIGINT, signal.SIGHUP)],
            **{"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": self.folder, **options},
        )  # fmt: skip


@pytest.fixture
def splitlane(tmp_path: Path) -> Splitlane:
    """The program, run in an empty folder."""
    program = Splitlane(tmp_path)
    assert program.binary.is_file(), f"{program.binary} is not built; scripts/test builds it"
    return program


SMALL = {
    "format": "splitlane-instance",
    "version": 1,
    "name": "small",
    "time_unit": "ms",
    "helpers": [{"id": "h0", "memory_mb": 10}, {"id": "h1", "memory_mb": 10}],
    "clients": [
        {
            "id": f"c{index}",
            "options": [
                {
                    "helper": helper, "release": 1 + index, "forward": 2, "client_forward": 1, "client_backward": 1,
                    "backward": 3, "tail": 2, "memory_mb": 4,
                }
                for helper in ("h0", "h1")
            ],
        }
        for index in range(3)
    ],
}  # fmt: skip


@pytest.fixture
def small() -> dict:
    """Three clients, two helpers, memory for two clients on each; free to be changed by the test."""
    return copy.deepcopy(SMALL)


@pytest.fixture
def write(tmp_path: Path):
    """Writes a document (or raw text or bytes) into the test's folder and returns its path."""

    def write_file(content, name: str = "instance.json") -> Path:
        path = tmp_path / name
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
        return path

    return write_file


TRAINING = {
    "format": "splitlane-training",
    "version": 1,
    "setup": "training.setup.json",
    "network": {"name": "resnet8"},
    "data": {"kind": "synthetic", "shape": [3, 16, 16], "samples": 64, "test_samples": 20},
    "batch": 4,
    "rounds": 2,
    "batches_per_round": 2,
    "optimizer": {"kind": "momentum", "learning_rate": 0.05},
    "emulation": {"off": True},
}


@pytest.fixture
def needs_training():
    if not (binary_path().parent / "splitlane-training").is_file():
        pytest.skip("splitlane-training was not built: a library that it needs is missing (scripts/bootstrap)")


@pytest.fixture
def training(write, tmp_path: Path):
    """Writes a training of the example's setup, changed by what the caller says, and returns its path."""
    shutil.copy(EXAMPLES / "training.setup.json", tmp_path)

    def write_training(**changes) -> Path:
        return write(copy.deepcopy(TRAINING) | changes, "training.json")

    return write_training


def processes_with(text: str) -> list[str]:
    """The processes in whose environment the text stands."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if text.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:
            continue  # it has ended, or is another user's
    return found


@pytest.fixture
def sockets(monkeypatch):
    """A folder for sockets. At the end it is empty, and no process that knew it is left."""
    with tempfile.TemporaryDirectory(prefix="splitlane-") as folder:
        monkeypatch.setenv("TMPDIR", folder)
        yield Path(folder)
        assert not os.listdir(folder)
        assert not processes_with(folder)


def refusal(done, *texts: str) -> dict:
    assert done.code == 2, done.out + done.err
    error = done.error()
    for text in texts:
        assert text in error["message"]
    return error


def contents(folder: Path) -> dict:
    return {path.name: path.read_bytes() for path in folder.iterdir()}
