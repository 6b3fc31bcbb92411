"""The documentation says what the program does: its commands run, its option lists are complete, its links lead on."""

import os
import re
import shutil
import subprocess

import pytest
from conftest import EXAMPLES, ROOT, binary_path

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "docs/reproduction").glob("*.md"), *ROOT.glob("[a-z]*/README.md")])
FENCE = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)#:]+)(#[^)]*)?\)")
# Commands that build, install or test the whole project: running them here would run this test in itself.
NOT_RUN_HERE = re.compile(r"^(scripts/|apt|pip |python3 -m venv|sudo|git clone|cmake|ctest|/usr/bin/python3 -m pytest|build/)", re.MULTILINE)
VERBS = ("plan", "check", "verify", "compare", "report", "whatif", "round", "info", "scenario", "reproduce", "instance", "profile import")


def commands() -> list:
    blocks = []
    for path in DOCUMENTS:
        if path.name == "install.md":  # tests/package runs them
            continue
        for number, block in enumerate(FENCE.findall(path.read_text(encoding="utf-8"))):
            if not NOT_RUN_HERE.search(block):
                blocks.append(pytest.param(block, id=f"{path.relative_to(ROOT)}-{number}"))
    return blocks


@pytest.mark.parametrize("block", commands())
def test_commands_of_the_documentation_run(block, tmp_path):
    shutil.copytree(EXAMPLES, tmp_path / "examples")
    environment = dict(os.environ, PATH=f"{binary_path().parent}:{os.environ['PATH']}")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", block],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


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


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(path):
    for target, _ in LINK.findall(path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{path.relative_to(ROOT)} links to {target}"


@pytest.mark.parametrize("folder", sorted(path for path in ROOT.iterdir() if path.is_dir()), ids=lambda path: path.name)
def test_top_level_folder_says_what_it_is(folder):
    if folder.name.startswith(".") or folder.name == "build":
        return
    lines = (folder / "README.md").read_text(encoding="utf-8").splitlines()
    assert 3 <= len(lines)
