"""The man page, in the macros of man(7); CMake puts the version in."""

import re

from manual.command import Command, Entry


def escaped(text: str) -> str:
    """Text as it is: no request, no escape, a dash that can be copied."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("^", "\\(ha").replace("~", "\\(ti").replace("'", "\\(aq").replace("`", "\\(ga")
    return re.sub(r"^([.'])", r"\\&\1", text, flags=re.MULTILINE)


def definition(name: str, text: str) -> list[str]:
    """A name with what it means beside it."""
    return [".TP", f"\\fB{escaped(name)}\\fR", escaped(text)]


def entry_lines(entry: Entry) -> list[str]:
    """An option or an argument with its value in italics, and what it may be."""
    names = ", ".join(f"\\fB{escaped(flag)}\\fR" for flag in entry.flags) if entry.is_option else f"\\fI{entry.form}\\fR"
    form = f" \\fI{escaped(entry.form)}\\fR" if entry.is_option and entry.form else ""
    required = " (required)" if entry.is_required else ""
    lines = [".TP", names + form + required, escaped(entry.text.removesuffix(".") + ".")]
    if any(value not in entry.text for value in entry.values) and "below" not in entry.text:
        lines.append(escaped(f"Known are {', '.join(entry.values)}."))
    return lines


def methods(text: str) -> list[str]:
    """The list of methods, and what is said below it."""
    lines = [".SH METHODS"]
    rest = []
    for line in text.split("\n"):
        if line.startswith("  "):
            lines += definition(*line.strip().split(None, 1))
        else:
            rest.append(line)
    return [*lines, ".PP", escaped("\n".join(rest))]


def example(text: str) -> list[str]:
    """Commands, not to be filled."""
    return [".PP", "Example:", ".PP", ".EX", escaped(re.sub("^", "    ", text, flags=re.MULTILINE)), ".EE"]


def verb(command: Command) -> list[str]:
    """The section of a verb."""
    words = " ".join(command.words)
    positionals = "".join(f" \\fI{entry.form}\\fR" if entry.is_required else f" [\\fI{entry.form}\\fR]" for entry in command.positionals)
    lines = [f'.SS "splitlane {escaped(words)}"', f"\\fBsplitlane {escaped(words)}\\fR{positionals} [\\fIOPTIONS\\fR]", ".PP"]
    lines.append(escaped(command.description) + ".")
    for heading, entries in command.lists.items():
        if heading not in ("Positionals", "Options"):
            lines += [".PP", escaped(heading) + ":"]
        for entry in entries:
            if entry.flags[-1] != "--help":
                lines += entry_lines(entry)
    if command.methods:
        lines += [".PP", "The methods are those of METHODS below."]
    for paragraph in command.paragraphs:
        lines += [".PP", escaped(paragraph)]
    return lines + (example(command.example) if command.example else [])


def page(commands: list[Command], version: str) -> str:
    """The whole page."""
    program, *verbs = commands
    codes, *others = (re.split(r"\n", "\n".join(program.paragraphs), maxsplit=1))
    lines = [
        '.\\" Made by scripts/build-manual.',
        f'.TH SPLITLANE 1 "" "{version}" "User Commands"',
        ".SH NAME", "splitlane \\- planner for parallel split learning",
        ".SH SYNOPSIS", "\\fBsplitlane\\fR \\fIVERB\\fR [\\fIOPTIONS\\fR] ...",
        ".SH DESCRIPTION", escaped(program.description),
    ]  # fmt: skip
    for paragraph in others:
        lines += [".PP", escaped(paragraph)]
    lines.append(".SH OPTIONS")
    for entry in program.options:
        lines += entry_lines(entry)
    lines.append(".SH VERBS")
    for command in verbs:
        lines += verb(command)
    lines += methods(next(command.methods for command in verbs if command.methods))
    lines += [".SH EXIT STATUS", escaped(codes), ".SH EXAMPLE", ".EX", escaped("    " + program.example), ".EE"]
    return "\n".join(lines) + "\n"
