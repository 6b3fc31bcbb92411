"""The rooms of the library: data flows one way, so does `#include`."""

import re

import pytest
from conftest import ROOT

# What each room may include besides itself. `base` is errors, stop conditions and names: the ground that all rooms
# stand on. check/ must not see what it checks; io/ and report/ sit at the end.
PLANNING = set("base instance plan certificate check execution schedule bound milp assignment".split())
ALLOWED = {
    "base": set(),
    "instance": {"base"},
    "plan": {"base", "instance"},
    "certificate": {"base", "instance"},
    "check": {"base", "instance", "plan", "certificate"},
    "execution": {"base", "instance", "plan"},
    "schedule": {"base", "instance", "plan", "certificate", "execution"},
    "bound": {"base", "instance", "plan", "certificate", "execution", "schedule"},
    "milp": {"base"},
    "assignment": {"base", "instance", "plan", "execution", "schedule", "bound"},
    "methods": PLANNING,
    "round": PLANNING | {"methods"},
    "analysis": PLANNING | {"methods"},
    "planning": PLANNING | {"methods", "round", "analysis"},
    "profile": {"base", "instance"},
    "io": {"base", "instance", "plan", "certificate", "profile"},
    "report": {"base", "instance", "plan", "schedule", "bound"},
}
INCLUDE = re.compile(r'^\s*#\s*include\s+"([^"]+)"', re.MULTILINE)


def rooms() -> list[str]:
    folders = {path.name for path in (ROOT / "src").iterdir() if path.is_dir()}
    return sorted(folders | {path.name for path in (ROOT / "include/splitlane").iterdir() if path.is_dir()})


def sources(room: str) -> list:
    folders = [ROOT / "src" / room, ROOT / "include/splitlane" / room]
    paths = [path for folder in folders for path in folder.rglob("*.[ch]pp")]
    if room == "base":
        paths += (ROOT / "include/splitlane").glob("*.hpp")
    return sorted(paths)


def room_of(include: str) -> str:
    """The room an include leads to: splitlane/ROOM/x.hpp and ROOM/x.hpp name it, splitlane/x.hpp is base."""
    parts = include.removeprefix("splitlane/").split("/")
    return parts[0] if len(parts) > 1 else "base"


@pytest.mark.parametrize("room", rooms())
def test_room_includes_only_what_stands_above_it(room):
    assert room in ALLOWED, f"{room} is new: say here what it may include"
    for path in sources(room):
        for include in INCLUDE.findall(path.read_text(encoding="utf-8")):
            assert room_of(include) in ALLOWED[room] | {room}, f"{path.relative_to(ROOT)} includes {include}"


def test_application_uses_public_headers_only():
    for path in (ROOT / "apps").rglob("*.[ch]pp"):
        for include in INCLUDE.findall(path.read_text(encoding="utf-8")):
            assert include.startswith("splitlane/") or (path.parent / include).is_file(), f"{path.name}: {include}"


def test_public_headers_show_no_private_ones():
    for path in (ROOT / "include").rglob("*.hpp"):
        for include in INCLUDE.findall(path.read_text(encoding="utf-8")):
            assert include.startswith("splitlane/"), f"{path.relative_to(ROOT)}: {include}"


@pytest.mark.parametrize("call", [r"std::c(out|err)\b", r"\b(std::)?(exit|abort)\(", r"\bprintf\(", r"fmt::print\("])
def test_library_never_prints_or_exits(call):
    for path in [*(ROOT / "src").rglob("*.[ch]pp"), *(ROOT / "include").rglob("*.hpp")]:
        assert not re.search(call, path.read_text(encoding="utf-8")), path.relative_to(ROOT)


def parts(folder) -> set[str]:
    """What a reader of the folder's listing sees: files by their names without endings, and folders."""
    return {path.name.split(".")[0] for path in folder.iterdir() if path.name not in {"README.md", "CMakeLists.txt"}}


def folders_of_many_files() -> list:
    folders = [path for path in (ROOT / "src").rglob("*") if path.is_dir()]
    return [folder for folder in folders if len([path for path in folder.iterdir() if path.is_file()]) > 20]


def map_of(folder):
    """Its own README, or that of the folder around it."""
    return next(page for page in (folder / "README.md", folder.parent / "README.md") if page.is_file())


@pytest.mark.parametrize("folder", folders_of_many_files(), ids=lambda folder: str(folder.relative_to(ROOT)))
def test_folder_of_many_files_has_a_map_that_names_each(folder):
    page = map_of(folder)
    words = set(re.findall(r"[\w*]+", page.read_text(encoding="utf-8")))
    endings = [word for word in words if word.startswith("_")]  # `window_relaxation`, `_columns`, `_proof`
    beginnings = tuple(word.removesuffix("*") for word in words if word.endswith("_*"))
    for name in parts(folder):
        known = {name, *(name.removesuffix(ending) for ending in endings)} & words
        assert known or beginnings and name.startswith(beginnings), f"{page.relative_to(ROOT)} does not name {name}"


def test_maps_name_only_what_is_there():
    known = set().union(*(parts(folder) for folder in (ROOT / "src").rglob("*") if folder.is_dir()))
    for page in (ROOT / "src").rglob("README.md"):
        for line in page.read_text(encoding="utf-8").splitlines():
            for name in re.findall(r"`(\w+)`", line.split("|")[1]) if line.startswith("|") else []:
                assert name in known or name.startswith("_"), f"{page.relative_to(ROOT)} names {name}"
