"""The verbs and options of the program, read from its --help, and the values that have names, which it tells to --words."""

import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

# Where the program begins the text beside a name.
COLUMN = 28
HEADING = re.compile(r"^(\S.*):$")
PLAIN_VALUES = ("COUNT", "NUMBER", "SECONDS", "PERCENT", "TIME", "LAYERS", "ID")


@dataclass
class Entry:
    """A line of a list in the help: an option, a positional argument, a verb or a method."""

    name: str  # as the help has it, "-o,--output PLAN"
    text: str
    values: list[str] = field(default_factory=list)  # all that it may be, or that have a name

    @property
    def flags(self) -> list[str]:
        return self.name.split(" ")[0].split(",")

    @property
    def form(self) -> str:
        """What stands for the value, "PLAN"; empty for a flag."""
        words = self.name.removesuffix("(required)").split()
        return words[1] if self.is_option and len(words) > 1 else "" if self.is_option else words[0]

    @property
    def is_option(self) -> bool:
        return self.name.startswith("-")

    @property
    def is_required(self) -> bool:
        return self.name.endswith("(required)") or self.text.endswith("(required)")

    @property
    def is_list(self) -> bool:
        return self.form == "LIST" or "," in self.form

    @property
    def takes_folder(self) -> bool:
        return self.form == "FOLDER"

    @property
    def takes_file(self) -> bool:
        """Whether it may be a file. A NAME that is one of few words may not."""
        if not self.form or self.takes_folder or self.form.startswith(PLAIN_VALUES):
            return False
        return not self.values or "file" in self.text


@dataclass
class Command:
    """The program, or one of its verbs."""

    words: list[str]  # ["profile", "import"]; empty for the program
    description: str
    usage: str
    lists: dict[str, list[Entry]]  # by heading: Positionals, Options, Verbs and groups of options
    methods: str  # about the methods, where the verb has one
    paragraphs: list[str]  # below the lists
    example: str

    @property
    def options(self) -> list[Entry]:
        return [entry for entries in self.lists.values() for entry in entries if entry.is_option]

    @property
    def positionals(self) -> list[Entry]:
        return self.lists.get("Positionals", [])

    @property
    def verbs(self) -> list[Entry]:
        return self.lists.get("Verbs", [])


def read_list(lines: list[str]) -> list[Entry]:
    """The entries of a list. A name that is too long for its column has its text on the next line."""
    entries: list[Entry] = []
    for line in lines:
        name, text = (line, "") if len(line) > COLUMN and line[COLUMN - 1] != " " else (line[:COLUMN], line[COLUMN:])
        if name.strip():
            entries.append(Entry(name.strip(), text))
        else:
            entries[-1].text = f"{entries[-1].text} {text}".strip()
    return entries


def parse_help(words: list[str], text: str) -> Command:
    """Takes a help text apart: description, usage, lists with a heading, paragraphs, and the example at the end."""
    description, usage, rest = re.split(r"^(?=Usage: )|(?<=\n)\n(?=[A-Z])", text, maxsplit=2, flags=re.MULTILINE)
    command = Command(words, description.strip(), usage.removeprefix("Usage: ").strip(), {}, "", [], "")
    for block in re.split(r"\n\n+", rest.strip("\n")):
        lines = block.split("\n")
        heading = HEADING.match(lines[0])
        if heading and heading[1] == "Methods":
            command.methods = "\n".join(lines[1:])
        elif heading:
            command.lists[heading[1]] = read_list(lines[1:])
        elif block.startswith("Example: "):
            command.example = "\n".join(line[len("Example: ") :] for line in lines)
        else:
            command.paragraphs.append(block)
    return command


def run(program: Path, *arguments: str) -> str:
    """What the program prints."""
    return subprocess.run([program, *arguments], capture_output=True, text=True, timeout=60, check=True).stdout


def read(program: Path, words: list[str], known: dict[str, list[str]]) -> list[Command]:
    """A command and those below it."""
    command = parse_help(words, run(program, *words, "--help"))
    for entry in command.positionals + command.options:
        name = entry.flags[-1] if entry.is_option else entry.form
        entry.values = known.get(" ".join([*words, name]), known.get(name, []))
    return [command, *(found for verb in command.verbs for found in read(program, [*words, verb.name], known))]


def read_commands(path: Path) -> list[Command]:
    """The program first, then every verb in the order of its help, each followed by those below it."""
    return read(path, [], json.loads(run(path, "--words")))
