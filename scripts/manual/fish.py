"""The completion of fish: one line an option, a verb or an argument."""

from manual.command import Command, Entry


def quoted(text: str) -> str:
    """As a single-quoted word."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def value(entry: Entry) -> str:
    """How the value of an option is completed: files too (-r), or only words (-x)."""
    words = " ".join(entry.values)
    if entry.takes_folder:
        return " -x -a '(__fish_complete_directories)'"
    only = "-r -F" if entry.takes_file else "-x"
    return f" {only}" + (f" -a {quoted(words)}" if words else "")


def condition(command: Command) -> str:
    """When the words before are those of the command, and none of a verb below it."""
    parts = [f"__fish_seen_subcommand_from {word}" for word in command.words]
    if command.verbs:
        parts.append("not __fish_seen_subcommand_from " + " ".join(entry.name for entry in command.verbs))
    return quoted("; and ".join(parts))


def script(commands: list[Command]) -> str:
    """The whole script."""
    lines = ["# Completion of splitlane for fish; made by scripts/build-manual."]
    for command in commands:
        start = f"complete -c splitlane -n {condition(command)}"
        for entry in command.verbs:
            lines.append(f"{start} -f -a {entry.name} -d {quoted(entry.text)}")
        for entry in command.positionals:
            if entry.values:
                lines.append(f"{start}{'' if entry.takes_file else ' -f'} -a {quoted(' '.join(entry.values))}")
        for entry in command.options:
            names = "".join(f" -l {flag[2:]}" if flag.startswith("--") else f" -s {flag[1:]}" for flag in entry.flags)
            text = quoted(entry.text.split(" (default")[0])
            lines.append(f"{start}{names}{value(entry) if entry.form else ''} -d {text}")
    return "\n".join(lines) + "\n"
