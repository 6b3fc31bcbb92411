"""The tables of options in docs/cli.md."""

import re

from manual.command import Command, Entry

# The verbs whose tables are written; those of the others are by hand.
VERBS = ("plan", "compare", "whatif", "round", "simulate", "train")
HEAD = "| option | meaning | default |\n|---|---|---|\n"
DEFAULT = re.compile(r"(.*?) ?\(default: (.*)\)", re.DOTALL)


def row(entry: Entry) -> str:
    """An option: its names, what it means, its default."""
    names = [f"`{flag}`" for flag in entry.flags]
    if entry.form:
        names[-1] = f"`{entry.flags[-1]} {entry.form}`"
    told = DEFAULT.fullmatch(entry.text)
    text, usual = (told[1], told[2]) if told else (entry.text, "required" if entry.is_required else "none")
    text = re.sub(r"--[a-z]+(-[a-z]+)*", r"`\g<0>`", text)
    return f"| {', '.join(names)} | {text} | {usual} |\n"


def with_tables(page: str, commands: list[Command]) -> str:
    """The page with the tables of these verbs as the program describes their options now."""
    for command in commands:
        if " ".join(command.words) in VERBS:
            rows = "".join(row(entry) for entry in command.options if entry.flags[-1] != "--help")
            start = page.index("| option ", page.index(f"\n## {command.words[0]}\n"))
            end = page.index("\n\n", start)
            page = page[:start] + HEAD + rows.rstrip("\n") + page[end:]
    return page
