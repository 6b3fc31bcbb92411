"""The Debian packages: what they say, what they depend on, and that what they bring works."""

import os
import re
import shutil
from pathlib import Path

import pytest
from conftest import EXAMPLE, ROOT, VERSION, run


def field(package, name: str) -> str:
    return run("dpkg-deb", "--field", package, name).rstrip("\n")


def test_there_are_packages_of_the_program_its_training_and_the_library(packages, trains):
    assert sorted(packages) == ["libsplitlane-dev", "splitlane", *(["splitlane-training"] if trains else [])]
    for name, path in packages.items():
        assert path.name.startswith(f"{name}_{VERSION}_")
        assert field(path, "Version") == VERSION


def test_packages_say_what_they_are(packages):
    assert field(packages["splitlane"], "Section") == "science"
    assert field(packages["libsplitlane-dev"], "Section") == "libdevel"
    for path in packages.values():
        summary, *text = field(path, "Description").split("\n")
        assert summary == "planner for parallel split learning" and len(text) >= 1
        assert re.fullmatch(r"[^<>]+ <\S+@\S+>", field(path, "Maintainer"))


def test_program_depends_on_the_libraries_that_it_loads(packages):
    depends = field(packages["splitlane"], "Depends")
    for library in ("libc6", "libstdc++6", "libfmt", "libsimdjson", "libssl", "libtbb", "coinor-libcbc"):
        assert library in depends


def test_training_depends_on_the_program_and_on_a_fast_linear_algebra(packages, trains):
    if not trains:
        pytest.skip("splitlane-training was not built: a library that it needs is missing (scripts/bootstrap)")
    depends = field(packages["splitlane-training"], "Depends")
    for package in (f"splitlane (= {VERSION})", "libopenblas0-openmp", "libtorch", "libgrpc++", "libprotobuf"):
        assert package in depends


def test_training_brings_units_for_each_role(unpacked, trains):
    units = sorted(path.name for path in unpacked.glob("usr/lib/systemd/system/*"))
    assert units == ([f"splitlane-{role}@.service" for role in ("aggregator", "client", "helper")] if trains else [])


def test_installed_program_hands_training_over(unpacked, trains, tmp_path):
    program = unpacked / "usr/bin/splitlane"
    if not trains:
        pytest.skip("splitlane-training was not built: a library that it needs is missing (scripts/bootstrap)")
    said = run(program, "train", ROOT / "examples/training.json", "--dry-run")
    assert said.startswith("resnet8")


def test_dependencies_are_packages_that_apt_knows(packages):
    if not shutil.which("apt-get") or not list(Path("/var/lib/apt/lists").glob("*Packages*")):
        pytest.skip("apt has no lists of packages here; apt-get update fetches them")
    plan = run("apt-get", "install", "--simulate", "--no-install-recommends", *packages.values())
    for name in packages:
        assert f"Inst {name} " in plan


def test_installing_leaves_everything_where_debian_looks_for_it(unpacked):
    for path in (
        "bin/splitlane", "include/splitlane/version.hpp", "lib/libsplitlane.a", "lib/pkgconfig/splitlane.pc",
        "lib/cmake/splitlane/splitlaneConfig.cmake", "share/man/man1/splitlane.1",
        "share/bash-completion/completions/splitlane", "share/zsh/vendor-completions/_splitlane",
        "share/fish/vendor_completions.d/splitlane.fish", "share/doc/splitlane/copyright",
        "share/doc/libsplitlane-dev/copyright",
    ):  # fmt: skip
        assert (unpacked / "usr" / path).is_file(), path


def test_no_file_belongs_to_two_packages(packages):
    files = [line for path in packages.values() for line in run("dpkg-deb", "--contents", path).splitlines()]
    names = [line.split()[5] for line in files if not line.startswith("d")]
    assert len(names) == len(set(names)) > 50


def test_dpkg_installs_and_removes_the_program(packages, tmp_path):
    for folder in ("info", "updates", "triggers"):
        (tmp_path / "var/lib/dpkg" / folder).mkdir(parents=True)
    for name in ("status", "available"):
        (tmp_path / "var/lib/dpkg" / name).touch()
    dpkg = ("dpkg", f"--root={tmp_path}", "--force-depends", "--force-not-root", "--force-script-chrootless", "--log=/dev/null")
    # It asks for the tools of an administrator, whichever user runs it.
    environment = os.environ | {"PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    run(*dpkg, "--install", packages["splitlane"], env=environment)
    assert run("dpkg-query", f"--admindir={tmp_path}/var/lib/dpkg", "-W", "-f", "${Version} ${Status}", "splitlane") == (
        f"{VERSION} install ok installed"
    )
    run(*dpkg, "--purge", "splitlane", env=environment)
    assert not (tmp_path / "usr/bin/splitlane").exists()


def test_installed_program_plans_checks_and_says_its_version(unpacked, tmp_path):
    program = unpacked / "usr/bin/splitlane"
    assert run(program, "--version") == f"splitlane {VERSION}\n"
    run(program, "plan", EXAMPLE, "-o", tmp_path / "plan.json")
    assert run(program, "check", EXAMPLE, tmp_path / "plan.json").startswith("valid: makespan 16")


def test_man_page_renders_without_a_warning(unpacked, tmp_path):
    if not shutil.which("man"):
        pytest.skip("man is not installed")
    page = unpacked / "usr/share/man/man1/splitlane.1"
    text = run("bash", "-c", f"MANWIDTH=100 man --warnings -l '{page}' 2> '{tmp_path}/warnings'")
    assert (tmp_path / "warnings").read_text() == "" and text.startswith("SPLITLANE(1)")
    assert f"splitlane {VERSION}" in text.splitlines()[-1]


def test_completion_loads_from_where_it_is_installed(unpacked):
    script = unpacked / "usr/share/bash-completion/completions/splitlane"
    typed = "COMP_WORDS=(splitlane plan --method = eq); COMP_CWORD=4"
    assert run("bash", "-euc", f"source '{script}'; complete -p splitlane; {typed}; _splitlane; echo ${{COMPREPLY[*]}}") == (
        "complete -F _splitlane splitlane\nequid\n"
    )
