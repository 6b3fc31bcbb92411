"""The package itself: what the wheel holds, what the stub says, that the guide and the example run."""

import ast
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import EXAMPLES, ROOT
from pages import assert_prints, blocks

import splitlane
from splitlane import _core

WHEELS = ROOT / "build" / "wheel"
GUIDES = [path for path in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))) if blocks(path, "python")]
MOST_LINES = 25


def test_version_is_that_of_the_project():
    version = re.search(r"project\(splitlane VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
    assert splitlane.__version__ == importlib.metadata.version("splitlane") == version


def test_wheel_holds_module_stub_and_marker():
    wheels = list(WHEELS.glob("splitlane-*.whl"))
    if not wheels:
        pytest.skip(f"no wheel in {WHEELS}; scripts/test builds it")
    names = set(zipfile.ZipFile(wheels[0]).namelist())
    assert {"splitlane/__init__.py", "splitlane/py.typed", "splitlane/_core.pyi", "splitlane/plot.py"} <= names
    modules = {name.split(".")[0] for name in names if name.endswith(".so")}
    # The engine of trainings is there where gRPC is.
    assert modules - {"splitlane/_training"} == {"splitlane/_core"} and "splitlane/training/__init__.py" in names
    assert all(name.startswith(("splitlane/", "splitlane-")) for name in names)


def members(body: list[ast.stmt]) -> dict[str, list[ast.stmt]]:
    """Names that statements of a stub define, with what is inside."""
    found = {}
    for statement in body:
        if isinstance(statement, ast.ClassDef | ast.FunctionDef):
            found[statement.name] = statement.body
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            found[statement.target.id] = []
    return found


def test_stub_names_everything_that_is_there():
    folder = Path(splitlane.__file__).parent
    assert (folder / "py.typed").is_file()
    stub = members(ast.parse((folder / "_core.pyi").read_text()).body)
    for name in splitlane.__all__:
        if name.startswith("_") or not hasattr(_core, name):
            continue
        assert name in stub
        if isinstance(getattr(_core, name), type):
            public = {member for member in vars(getattr(_core, name)) if not member.startswith("_")}
            assert public == {member for member in members(stub[name]) if not member.startswith("_")}


def test_everything_public_says_what_it_is():
    for name in splitlane.__all__:
        assert name == "__version__" or getattr(splitlane, name).__doc__, name


@pytest.mark.parametrize("path", GUIDES, ids=lambda path: path.name)
def test_code_of_a_page_runs_and_prints_what_it_says(path, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    names: dict[str, object] = {"__name__": "guide"}
    for block in blocks(path, "python"):
        if "torch" in block.code and not has_torch():
            continue
        exec(compile(block.code, str(path), "exec"), names)  # noqa: S102
        assert_prints(capsys.readouterr().out, block)


def test_reference_is_what_the_package_says(tmp_path):
    """docs/python_reference.md: after a change of the package, scripts/build-python-reference writes it anew."""
    page = tmp_path / "python_reference.md"
    subprocess.run([sys.executable, ROOT / "scripts/build-python-reference", Path(splitlane.__file__).parent, page], check=True)
    assert page.read_text() == (ROOT / "docs/python_reference.md").read_text()


def has_torch() -> bool:
    """Whether PyTorch is there to be profiled."""
    return importlib.util.find_spec("torch") is not None


def test_example_leads_from_devices_to_a_figure_in_few_lines(tmp_path):
    script = EXAMPLES / "devices_to_plan.py"
    code = [line for line in script.read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(code) < MOST_LINES
    environment = dict(os.environ, MPLBACKEND="Agg")
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "plan.png").read_bytes().startswith(b"\x89PNG") and "makespan" in done.stdout


@pytest.mark.parametrize("name", ["digits_cnn", "lora_transformer", "own_network"])
def test_example_trains(name, tmp_path):
    for module in ("torch", "sklearn", "splitlane._training"):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed")
    script = EXAMPLES / "training" / f"{name}.py"
    environment = dict(os.environ, MPLBACKEND="Agg")
    done = subprocess.run(
        [sys.executable, script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr
    if name == "own_network":
        assert len([line for line in script.read_text().splitlines() if line.strip()]) < 40
        assert (tmp_path / "own_network.png").is_file()
    else:
        first, last = (float(value) for value in (re.findall(r"loss (\S+),", done.stdout)[at] for at in (0, -1)))
        assert last < first / 2
