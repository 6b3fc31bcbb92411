"""Fixtures of the tests of the Python package; they run with the interpreter that scripts/test installs it for."""

import json
import os
import subprocess
from pathlib import Path

import pytest

import splitlane

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"


@pytest.fixture
def three() -> splitlane.Instance:
    """The smallest example, as read from its file."""
    return splitlane.Instance.load(EXAMPLES / "three_clients.json")


@pytest.fixture
def drawn() -> splitlane.Instance:
    """Twelve clients and three helpers from a recipe."""
    return splitlane.scenario("scenario-2", clients=12, helpers=3, seed=4)


@pytest.fixture
def program(tmp_path: Path):
    """Runs the command line in an empty folder and returns what it wrote; skipped where it is not built."""
    binary = Path(os.environ.get("SPLITLANE_BINARY", ROOT / "build/debug/splitlane")).resolve()
    if not binary.is_file():
        pytest.skip(f"{binary} is not built; scripts/test builds it")

    def run(*arguments, code: int = 0) -> str:
        done = subprocess.run([binary, *map(str, arguments)], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == code, done.stderr
        return done.stdout

    return run


@pytest.fixture
def hard() -> splitlane.Instance:
    """One that no method proves optimal within a test's patience: many unlike clients, tight memory."""
    return splitlane.scenario("scenario-2", clients=400, helpers=9, memory="tight", seed=1)


def document(instance: splitlane.Instance) -> dict:
    """An instance as the plain JSON it is."""
    return json.loads(instance.to_json())
