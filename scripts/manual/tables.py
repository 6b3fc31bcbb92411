"""The tables of options in docs/cli.md."""

import re

from manual.command import Command, Entry

HEAD = "| option | meaning | default |\n|---|---|---|\n"
DEFAULT = re.compile(r"(.*?) ?\(default: (.*)\)", re.DOTALL)


def row(entry: Entry) -> str:
    """An option: its names, what it means, its default."""
    names = [f"`{flag}`" for flag in entry.flags]
    if entry.form:
        names[-1] = f"`{entry.flags[-1]} {entry.form}`"
    told = DEFAULT.fullmatch(entry.text)
    text, usual = (told[1], told[2]) if told else (entry.text.removesuffix(" (required)"), "required" if entry.is_required else "none")
    text = re.sub(r"--[a-z]+(-[a-z]+)*|\*\.[a-z]+", r"`\g<0>`", text)
    return f"| {', '.join(names)} | {text} | {usual} |\n"


def with_table(section: str, command: Command) -> str:
    """The section of a verb, with the table in it written anew; as it is where it has none."""
    start = section.find("| option ")
    if start < 0:
        return section
    end = section.index("\n\n", start)
    rows = "".join(row(entry) for entry in command.options if entry.flags[-1] != "--help")
    return section[:start] + HEAD + rows.rstrip("\n") + section[end:]


def with_tables(page: str, commands: list[Command]) -> str:
    """The page with the tables of all verbs as the program describes their options now."""
    by_heading = {" ".join(command.words): command for command in commands}
    sections = re.split(r"^(?=## )", page, flags=re.MULTILINE)
    for number, section in enumerate(sections):
        command = by_heading.get(section.split("\n")[0].removeprefix("## "))
        if command:
            sections[number] = with_table(section, command)
    return "".join(sections)
