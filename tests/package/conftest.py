"""Fixtures of the tests of what is installed: from the build tree that SPLITLANE_TREE names, by default build/release."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "support"))
EXAMPLE = ROOT / "examples" / "three_clients.json"
VERSION = re.search(r"project\(splitlane VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]


def run(*command, **options) -> str:
    """What a command writes to standard output; it must succeed."""
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=300, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def tree() -> Path:
    """A build tree with everything in it that is installed."""
    path = Path(os.environ.get("SPLITLANE_TREE", ROOT / "build" / "release")).resolve()
    if not (path / "cmake_install.cmake").is_file():
        pytest.skip(f"{path} is not built; scripts/build builds build/release")
    return path


@pytest.fixture(scope="session")
def trains(tree) -> bool:
    """Whether splitlane-training was built."""
    return (tree / "splitlane-training").is_file()


@pytest.fixture(scope="session")
def prefix(tree, tmp_path_factory) -> Path:
    """Where `cmake --install` put everything."""
    folder = tmp_path_factory.mktemp("prefix")
    run("cmake", "--install", tree, "--prefix", folder)
    return folder


@pytest.fixture(scope="session")
def packages(tree, tmp_path_factory) -> dict[str, Path]:
    """The Debian packages, by name."""
    folder = tmp_path_factory.mktemp("packages")
    run("cpack", "--config", tree / "CPackConfig.cmake", "-B", folder)
    return {path.name.split("_")[0]: path for path in folder.glob("*.deb")}


@pytest.fixture(scope="session")
def unpacked(packages, tmp_path_factory) -> Path:
    """What the packages put below /, in a folder instead."""
    folder = tmp_path_factory.mktemp("root")
    for path in packages.values():
        run("dpkg", "-x", path, folder)
    return folder
