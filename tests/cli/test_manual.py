"""The man page, the completions and the tables of docs/cli.md: they say what --help says, and bash offers it."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT, binary_path

FILES = ("splitlane.1", "splitlane.bash", "splitlane.zsh", "splitlane.fish")
LISTED = re.compile(r"^  ([a-z]+) {2,}\S", re.MULTILINE)
OPTIONS = re.compile(r"^  (?:-\w,)?(--[a-z0-9-]+)", re.MULTILINE)


@pytest.fixture(scope="module")
def helps() -> dict[tuple[str, ...], str]:
    """The help of the program and of every verb, by the words of the verb."""
    texts = {}

    def read(words: tuple[str, ...]) -> None:
        command = [binary_path(), *words, "--help"]
        texts[words] = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
        for verb in LISTED.findall(texts[words].partition("Verbs:\n")[2].partition("\n\n")[0]):
            read((*words, verb))

    read(())
    return texts


@pytest.fixture(scope="module")
def manual(tmp_path_factory) -> Path:
    """What scripts/build-manual writes."""
    folder = tmp_path_factory.mktemp("manual")
    command = [sys.executable, ROOT / "scripts/build-manual", "--program", binary_path(), "--output", folder]
    subprocess.run(command, timeout=120, check=True)
    return folder


@pytest.fixture(scope="module")
def completed(manual):
    """What bash offers for the last of some words."""
    script = (
        f"source '{manual}/splitlane.bash'; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); _splitlane; "
        'if [ "${#COMPREPLY[@]}" -gt 0 ]; then printf "%s\\n" "${COMPREPLY[@]}"; fi'
    )

    def run(*words: str) -> list[str]:
        done = subprocess.run(
            ["bash", "-euc", script, "bash", "splitlane", *words], cwd=ROOT / "examples", capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0 and done.stderr == "", done.stderr
        return done.stdout.splitlines()

    return run


def test_tables_of_the_page_are_what_the_program_says_now(manual):
    assert (manual / "cli.md").read_text() == (ROOT / "docs/cli.md").read_text(), "scripts/build-manual writes them anew"


def test_every_verb_and_option_of_the_help_stands_in_every_file(helps, manual):
    assert len(helps) > 15
    texts = {name: (manual / name).read_text().replace("\\-", "-") for name in FILES}
    for words, text in helps.items():
        for option in OPTIONS.findall(text):
            for name in ("splitlane.bash", "splitlane.zsh", "splitlane.1"):
                assert option in texts[name]
            assert f" -l {option[2:]} " in texts["splitlane.fish"]
        if words:
            assert f'.SS "splitlane {" ".join(words)}"' in texts["splitlane.1"]
            assert f"_splitlane_{'_'.join(words)}() {{" in texts["splitlane.zsh"]
            assert f" -a {words[-1]} " in texts["splitlane.fish"]


def test_bash_offers_every_verb_and_every_option_of_it(helps, completed):
    assert completed("") == LISTED.findall(helps[()].partition("Verbs:\n")[2])
    for words, text in helps.items():
        offered = completed(*words, "-")
        assert {word for word in offered if word.startswith("--")} == set(OPTIONS.findall(text))
        assert completed(*words, "--h")[0] == "--help"


def test_bash_offers_the_methods_of_the_help(helps, completed):
    methods = re.findall(r"^  ([a-z-]+) +", helps[("plan",)].partition("Methods:\n")[2], re.MULTILINE)
    assert "auto" in methods
    assert completed("plan", "--method", "") == completed("whatif", "--method", "") == methods
    assert completed("plan", "instance.json", "--method", "=", "ed") == ["ed-fcfs"]
    assert completed("compare", "--methods", "equid,ed") == ["equid,ed-fcfs"]


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("pro",), ["profile"]),
        (("profile", "im"), ["import"]),
        (("scenario", "--topology", "r"), ["random", "ring"]),
        (("round", "--mode", "="), ["barrier", "pipelined", "best"]),
        (("profile", "import", "--activations", ""), ["output", "input"]),
        (("instance", "--optimizer", ""), ["sgd", "momentum", "adam"]),
        (("scenario", "--client-devices", "vm,rpi"), ["vm,rpi-3", "vm,rpi-4"]),
        (("reproduce", "fig"), ["fig5", "fig6", "fig7", "fig8"]),
        (("plan", "--seed", ""), []),
        (("plan", "three_clients.p"), ["three_clients.plan.json"]),
        (("plan", "--from", "three_clients.p"), ["three_clients.plan.json"]),
        (("check", "-q", "three_clients.p"), ["three_clients.plan.json"]),
        (("reproduce", "all", "-o", "lib"), ["library"]),
    ],
)  # fmt: skip
def test_bash_offers(completed, words, offered):
    assert completed(*words) == offered


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_reads_its_completion(manual, shell):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, "-n", manual / f"splitlane.{shell}"], timeout=60, check=True)
