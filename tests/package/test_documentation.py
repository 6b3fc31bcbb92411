"""docs/install.md: its commands run one after the other, in a home of their own."""

import os
import re
import shutil

from conftest import EXAMPLE, ROOT, run
from pages import blocks

PAGE = ROOT / "docs" / "install.md"
# They build the whole project, or change the machine.
NOT_RUN_HERE = re.compile(r"^(scripts/|apt-get |python3 -m venv|pip )", re.MULTILINE)


def test_commands_run(tree, tmp_path):
    for folder in ("examples", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "build").mkdir()
    (tmp_path / "build/release").symlink_to(tree)
    commands = [block.code for block in blocks(PAGE, "sh") if not NOT_RUN_HERE.search(block.code)]
    assert len(commands) >= 5
    environment = os.environ | {"HOME": str(tmp_path), "MANPAGER": "cat"}
    out = run("bash", "-euo", "pipefail", "-c", "\n".join(commands), cwd=tmp_path, env=environment)
    assert out.count("makespan     16 s") == 2, f"both programs plan {EXAMPLE.name}"


def test_project_of_the_page_is_the_example():
    (block,) = blocks(PAGE, "cmake")
    lines = (ROOT / "examples/library/CMakeLists.txt").read_text().splitlines()
    assert all(line in lines for line in block.code.splitlines())
