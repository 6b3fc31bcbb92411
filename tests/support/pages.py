"""The code in pages of documentation, and what they say that it prints; for tests that run it.

A block of code that an `output` block follows prints that: `…` stands for anything within a line, or for any lines when
it is a line of its own. Spaces at the end of lines, and around `…`, do not count.
"""

import re
from pathlib import Path
from typing import NamedTuple

BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$(?:\n\n```output\n(.*?)^```$)?", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """Code, and what it prints, if the page says so."""

    code: str
    output: str | None


def blocks(path: Path, language: str) -> list[Block]:
    """The blocks of a page in one language, in order."""
    found = BLOCK.findall(path.read_text(encoding="utf-8"))
    return [Block(code, output or None) for name, code, output in found if name == language]


def pattern(line: str) -> str:
    """What matches one line of an `output` block."""
    if line.strip() == "…":
        return r"(?:.*\n)*?"
    return r" *.*? *".join(re.escape(part) for part in re.split(" *… *", line.rstrip())) + r" *\n"


def assert_prints(printed: str, block: Block) -> None:
    """Holds what a block printed against what its page says."""
    if block.output is not None:
        expected = "".join(map(pattern, block.output.splitlines()))
        assert re.fullmatch(expected, printed), f"{block.code}printed:\n{printed}\nand not:\n{block.output}"
