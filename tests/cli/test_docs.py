"""The documentation says what the program does: its commands run and print that, its option lists are complete."""

import contextlib
import os
import re
import shutil
import signal
import subprocess

import pytest
from conftest import DOCUMENTS, EXAMPLES, ROOT, binary_path
from pages import Block, assert_prints, blocks

# Commands that build, install or test the whole project: running them here would run this test in itself.
NOT_RUN_HERE = re.compile(r"^(scripts/(?!digits)|apt|pip |python3 -m venv|sudo|git clone|cmake|ctest|/usr/bin/python3 -m pytest|build/)", re.MULTILINE)
NEEDS_TRAINING = re.compile(r"splitlane (train|aggregator|profile measure|profile link --listen)\b")
VERBS = ("plan", "check", "verify", "compare", "report", "whatif", "round", "info", "scenario", "reproduce", "instance", "profile import", "profile measure", "profile link", "train", "aggregator", "helper", "client")


def commands(path) -> list[Block]:
    """The blocks of shell commands of a page that run here; tests/package runs those of install.md."""
    if path.name == "install.md":
        return []
    return [block for block in blocks(path, "sh") if not NOT_RUN_HERE.search(block.code)]


@pytest.mark.optimised
@pytest.mark.parametrize("path", filter(commands, DOCUMENTS), ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_of_a_page_run_one_after_the_other(path, tmp_path):
    """In a folder of their own, as a reader who follows the page would; pages that speak of examples/ have it there."""
    if "examples/" in path.read_text(encoding="utf-8"):
        shutil.copytree(EXAMPLES, tmp_path / "examples")
    if NEEDS_TRAINING.search("\n".join(block.code for block in commands(path))):
        if not (binary_path().parent / "splitlane-training").is_file():
            pytest.skip("splitlane-training was not built: a library that it needs is missing (scripts/bootstrap)")
    if "scripts/digits" in path.read_text(encoding="utf-8"):
        (tmp_path / "scripts").mkdir()
        shutil.copy(ROOT / "scripts/digits", tmp_path / "scripts")
    environment = dict(os.environ, PATH=f"{binary_path().parent}:{os.environ['PATH']}")
    groups = []  # a block may leave a program in the background for the next one
    try:
        for block in commands(path):
            shell = subprocess.Popen(
                ["bash", "-euo", "pipefail", "-c", block.code], cwd=tmp_path, env=environment, text=True,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
            groups.append(shell.pid)
            printed, _ = shell.communicate(timeout=120)
            assert shell.returncode == 0, block.code + printed
            assert_prints(printed, block)
    finally:
        for group in groups:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)


def test_picture_of_the_start_page_is_that_of_the_example(splitlane):
    files = EXAMPLES / "resnet101_30x5.json", EXAMPLES / "resnet101_30x5.plan.json"
    assert splitlane("report", *files, "-o", "gantt.svg").code == 0
    assert splitlane.folder.joinpath("gantt.svg").read_bytes() == (ROOT / "docs/images/gantt.svg").read_bytes()


def test_picture_of_an_execution_is_that_of_the_commands_beside_it(splitlane):
    commands_beside = section((ROOT / "docs/cli.md").read_text(), "report")
    code = re.search(r"^```sh\n(.*?)^```", commands_beside, re.MULTILINE | re.DOTALL)[1]
    shutil.copytree(EXAMPLES, splitlane.folder / "examples")
    environment = dict(os.environ, PATH=f"{binary_path().parent}:{os.environ['PATH']}")
    subprocess.run(["bash", "-euo", "pipefail", "-c", code], cwd=splitlane.folder, env=environment, check=True, capture_output=True)
    assert splitlane.folder.joinpath("execution.svg").read_bytes() == (ROOT / "docs/images/execution.svg").read_bytes()


def section(text: str, verb: str) -> str:
    """The part of cli.md about one verb."""
    match = re.search(rf"^## {verb}$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert match, f"docs/cli.md has no section {verb}"
    return match[1]


@pytest.mark.parametrize("verb", VERBS)
def test_cli_page_lists_exactly_the_options_of_the_help(splitlane, verb):
    option = re.compile(r"(?<![\w-])--[a-z][a-z-]*")
    in_help = set(option.findall(splitlane(*verb.split(), "--help").out.split("Methods:")[0])) - {"--help"}
    in_page = set(option.findall("\n".join(re.findall(r"^\| .*", section((ROOT / "docs/cli.md").read_text(), verb), re.M))))
    assert in_page == in_help


@pytest.mark.parametrize("folder", sorted(path for path in ROOT.iterdir() if path.is_dir()), ids=lambda path: path.name)
def test_top_level_folder_says_what_it_is(folder):
    if folder.name.startswith(".") or folder.name == "build":
        return
    lines = (folder / "README.md").read_text(encoding="utf-8").splitlines()
    assert 3 <= len(lines)
