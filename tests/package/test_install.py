"""`cmake --install`: the library is found and linked by other projects, from wherever it was installed."""

import os
import re
import shlex

import pytest
from conftest import EXAMPLE, ROOT, VERSION, run

CONSUMER = ROOT / "examples" / "library"


def plans(program) -> None:
    out = run(program, EXAMPLE)
    assert out.startswith(f"splitlane {VERSION}\n")
    # The optimum of the example, which its README derives.
    assert re.search(r"^makespan +16 s", out, re.MULTILINE), out


@pytest.fixture(scope="session")
def pkg_config(prefix):
    """Asks pkg-config with the installed file in its path."""
    environment = os.environ | {"PKG_CONFIG_PATH": str(next(prefix.rglob("splitlane.pc")).parent)}
    return lambda *arguments: run("pkg-config", *arguments, "splitlane", env=environment)


def test_project_with_find_package_compiles_links_and_plans(prefix, tmp_path):
    run("cmake", "-S", CONSUMER, "-B", tmp_path, "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", tmp_path)
    plans(tmp_path / "consumer")


def test_pkg_config_tells_what_compiling_and_linking_need(prefix, pkg_config, tmp_path):
    flags = shlex.split(pkg_config("--cflags", "--libs"))
    run("g++", "-std=c++20", CONSUMER / "consumer.cpp", "-o", tmp_path / "consumer", *flags)
    plans(tmp_path / "consumer")


def test_all_say_the_version_of_the_project(prefix, pkg_config):
    assert run(prefix / "bin/splitlane", "--version") == f"splitlane {VERSION}\n"
    assert pkg_config("--modversion") == f"{VERSION}\n"
    said = next(prefix.rglob("splitlaneConfigVersion.cmake")).read_text()
    assert f'set(PACKAGE_VERSION "{VERSION}")' in said
    assert f'"splitlane {VERSION}"' in (prefix / "share/man/man1/splitlane.1").read_text()


@pytest.mark.parametrize("wanted", ["0.2", "1.0", "0.0"])
def test_another_minor_version_is_not_taken_for_this_one(prefix, tmp_path, wanted):
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.25)\nproject(other LANGUAGES CXX)\n"
        f'find_package(splitlane {wanted} QUIET)\nmessage("found: ${{splitlane_FOUND}}")\n'
    )
    command = f"cmake -S . -B build -DCMAKE_PREFIX_PATH={prefix} 2>&1"
    assert "found: 0\n" in run("bash", "-c", command, cwd=tmp_path)


def test_installed_headers_are_those_of_the_project_and_compile_alone(prefix, tmp_path):
    installed = {path.relative_to(prefix / "include") for path in (prefix / "include").rglob("*.*")}
    headers = {path.relative_to(ROOT / "include") for path in (ROOT / "include").rglob("*.hpp")}
    assert installed == headers | {path for path in installed if path.name == "version.hpp"} and len(installed) == len(headers) + 1
    source = tmp_path / "all.cpp"
    source.write_text("".join(f'#include "{path}"\n' for path in sorted(installed)))
    run("g++", "-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", f"-I{prefix / 'include'}", source)


def test_nothing_that_is_installed_names_the_build(prefix, tree):
    for path in prefix.rglob("*"):
        if path.is_file() and path.suffix in (".cmake", ".pc", ".hpp", ".1"):
            assert str(tree) not in path.read_text() and str(ROOT) not in path.read_text(), path
