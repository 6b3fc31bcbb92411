"""The completion of zsh, with _arguments."""

from manual.command import Command, Entry


def quoted(text: str) -> str:
    """As part of a single-quoted specification, where brackets and colons end things."""
    for mark in "\\[]:":
        text = text.replace(mark, "\\" + mark)
    return text.replace("'", "'\\''")


def action(entry: Entry) -> str:
    """What completes a value: words, paths or nothing."""
    words = " ".join(entry.values)
    paths = "_files -/" if entry.takes_folder else "_files"
    if entry.values and entry.is_list:
        return f"_sequence compadd - {words}"
    if entry.values and entry.takes_file:
        # The space in front keeps _arguments from adding arguments of its own.
        return f' _alternative "names:name:({words})" "files:file:{paths}"'
    if entry.values:
        return f"({words})"
    return paths if entry.takes_folder or entry.takes_file else " "


def option_lines(entry: Entry) -> list[str]:
    """One specification a name. Those of one option exclude each other, but what may be repeated."""
    value = f":{quoted(entry.form)}:{action(entry)}" if entry.form else ""
    text = quoted(entry.text.split(" (default")[0])
    several = "*" if entry.form.startswith("ID") else ""
    others = "" if several else f"({' '.join(entry.flags)})"
    return [
        f"'{others}{several}{flag}{'=' if value and flag.startswith('--') else '+' if value else ''}[{text}]{value}'"
        for flag in entry.flags
    ]


def name_of(command: Command) -> str:
    """The function of a command."""
    return "_".join(["_splitlane", *command.words])


def function(command: Command) -> list[str]:
    """The function that completes one command."""
    lines = [f"{name_of(command)}() {{"]
    specifications = [line for entry in command.options for line in option_lines(entry)]
    if not command.verbs:
        specifications += [f"'{'' if entry.is_required else ':'}:{entry.form}:{action(entry)}'" for entry in command.positionals]
        return [*lines, "  _arguments -s \\", *(f"    {line} \\" for line in specifications[:-1]), f"    {specifications[-1]}", "}", ""]
    lines += ["  local curcontext=\"$curcontext\" state line", "  _arguments -C \\"]
    lines += [f"    {line} \\" for line in specifications]
    lines += ["    '1: :->verb' '*:: :->rest'", "  case $state in", "    verb)", "      local -a verbs=("]
    lines += [f"        '{entry.name}:{quoted(entry.text)}'" for entry in command.verbs]
    lines += ["      )", "      _describe verb verbs", "      ;;", "    rest)", "      case $line[1] in"]
    lines += [f"        {entry.name}) {name_of(command)}_{entry.name} ;;" for entry in command.verbs]
    return [*lines, "      esac", "      ;;", "  esac", "}", ""]


def script(commands: list[Command]) -> str:
    """The whole script."""
    lines = ["#compdef splitlane", "# Completion of splitlane for zsh; made by scripts/build-manual.", ""]
    for command in commands:
        lines += function(command)
    return "\n".join([*lines, '_splitlane "$@"']) + "\n"
