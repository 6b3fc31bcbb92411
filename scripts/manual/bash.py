"""The completion of bash. It needs nothing of the package bash-completion, which only finds it."""

from manual.command import Command, Entry

HEAD = """# Completion of splitlane for bash; made by scripts/build-manual.

# Offers words of $1, the last of a list after a comma where $2 is "list".
_splitlane_words() {
  local before=""
  if [ "${2:-}" = list ] && [[ $cur == *,* ]]; then before="${cur%,*},"; fi
  mapfile -t COMPREPLY < <(compgen -P "$before" -W "$1" -- "${cur#"$before"}")
}

_splitlane_paths() {
  local found
  mapfile -t found < <(compgen "$1" -- "$cur")
  COMPREPLY+=("${found[@]}")
  compopt -o filenames 2>/dev/null || true  # outside of a completion there is nothing to set
}

_splitlane() {
  local cur="${COMP_WORDS[COMP_CWORD]}" prev="${COMP_WORDS[COMP_CWORD - 1]}" verb="" word index
  COMPREPLY=()
  # Bash makes three words of --method=equid.
  if [ "$cur" = = ]; then
    cur=""
  elif [ "$prev" = = ]; then
    prev="${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="${COMP_WORDS[index]}"
    case "$verb $word" in
"""


def offers(entry: Entry) -> str:
    """What completes the value of an option or an argument."""
    calls = []
    if entry.values:
        calls.append(f"_splitlane_words '{' '.join(entry.values)}'{' list' if entry.is_list else ''}")
    if entry.takes_folder:
        calls.append("_splitlane_paths -d")
    elif entry.takes_file:
        calls.append("_splitlane_paths -f")
    return "; ".join(calls)


def values_of(command: Command) -> list[str]:
    """What completes the word behind an option; options that take alike are one line."""
    flags: dict[str, list[str]] = {}
    for option in command.options:
        if option.form:
            flags.setdefault(offers(option), []).extend(option.flags)
    if not flags:
        return []
    cases = [f"        {'|'.join(names)}) {f'{calls}; ' if calls else ''}return ;;" for calls, names in flags.items()]
    return ['      case "$prev" in', *cases, "      esac"]


def words_of(command: Command) -> str:
    """What may stand where a word begins with a dash."""
    return " ".join(flag for option in command.options for flag in option.flags)


def script(commands: list[Command]) -> str:
    """The whole script."""
    lines = [HEAD.rstrip("\n")]
    for command in commands[1:]:
        verb = " ".join(command.words)
        before = " ".join(command.words[:-1])
        lines.append(f"      '{before} {command.words[-1]}') verb='{verb}' ;;")
    lines += ["    esac", "  done", '  case "$verb" in']
    for command in commands:
        lines.append(f"    '{' '.join(command.words)}')")
        lines += values_of(command)
        lines.append('      case "$cur" in')
        lines.append(f"        -*) _splitlane_words '{words_of(command)}' ;;")
        if command.verbs:
            lines.append(f"        *) _splitlane_words '{' '.join(entry.name for entry in command.verbs)}' ;;")
        else:
            others = dict.fromkeys(filter(None, map(offers, command.positionals)))
            if others:
                lines.append(f"        *) {'; '.join(others)} ;;")
        lines += ["      esac", "      ;;"]
    lines += ["  esac", "}", "", "complete -F _splitlane splitlane"]
    return "\n".join(lines) + "\n"
