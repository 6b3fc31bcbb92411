"""What is wrong with what a run of the program left behind."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from commands import Command

EXIT_CODES = (0, 2, 3)
# What no run may say: a sanitizer's report, the C++ library's last words, a library's talk.
TELLTALES = re.compile(rb"Sanitizer|runtime error:|terminate called|[Aa]ssert|TBB Warning|Cbc|Clp|Coin\d")
HIDDEN_TEMPORARY = ".splitlane-"


@dataclass
class Run:
    """A command that has ended; `code` is None when it was stopped because it took too long."""

    command: Command
    code: int | None
    out: bytes
    err: bytes


def is_document(data: bytes) -> bool:
    try:
        return isinstance(json.loads(data), dict)
    except ValueError:
        return False


def error_problem(run: Run) -> str | None:
    """The error document of a failed run; `check` and `verify` answer 3 in words."""
    if run.code == 3 and run.command.arguments[0] in ("check", "verify"):
        return None
    if not run.out and run.code == 3:
        return None
    if not is_document(run.out) or json.loads(run.out).get("format") != "splitlane-error":
        return "a failure without an error document"
    if not run.err:
        return "a failure without a word on standard error"
    return None


def output_problem(run: Run, folder: Path, before: dict[str, bytes]) -> str | None:
    """Files: only those named, whole or not at all, inputs untouched."""
    for path in folder.iterdir():
        if path.name.startswith(HIDDEN_TEMPORARY):
            return f"a temporary file is left: {path.name}"
        if path.name not in before and path.name not in run.command.outputs:
            return f"a file that the command does not name: {path.name}"
    for name, content in before.items():
        if name not in run.command.outputs and (folder / name).read_bytes() != content:
            return f"an input has changed: {name}"
    for name in run.command.outputs:
        exists = (folder / name).exists()
        if exists and run.code != 0:
            return f"a failed command wrote {name}"
        if exists and name.endswith(".json") and not name.endswith("chrome.json"):
            if not is_document((folder / name).read_bytes()):
                return f"{name} is no document"
    return None


def problem(run: Run, folder: Path, before: dict[str, bytes]) -> str | None:
    """The first thing that is wrong, or None."""
    if run.code is None:
        return "no end"
    if run.code < 0:
        return f"ended by signal {-run.code}"
    if run.code not in EXIT_CODES:
        return f"exit code {run.code}"
    telltale = TELLTALES.search(run.err)
    if telltale:
        return f"standard error says {telltale.group().decode()}"
    if run.code == 0 and run.command.prints_document and not is_document(run.out):
        return "standard output is not one document"
    if run.code != 0:
        found = error_problem(run)
        if found:
            return found
    return output_problem(run, folder, before)
