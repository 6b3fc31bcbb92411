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
    "observation": {"base", "instance", "plan", "execution"},
    "schedule": {"base", "instance", "plan", "certificate", "execution"},
    "bound": {"base", "instance", "plan", "certificate", "execution", "schedule"},
    "milp": {"base"},
    "assignment": {"base", "instance", "plan", "execution", "schedule", "bound"},
    "methods": PLANNING,
    "round": PLANNING | {"methods"},
    "analysis": PLANNING | {"methods"},
    "planning": PLANNING | {"methods", "round", "analysis", "profile"},
    "profile": {"base", "instance"},
    "io": {"base", "instance", "plan", "certificate", "profile"},
    "report": {"base", "instance", "plan", "execution", "schedule", "bound", "observation"},
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
            folders = [path.parent, ROOT / "apps/splitlane"]
            own = any((folder / include).is_file() for folder in folders)
            # What runs plans for real is an application too, over the rooms of training/.
            is_training = path.parent.name == "splitlane-training" and include.startswith("training/")
            assert include.startswith("splitlane/") or own or is_training, f"{path.name}: {include}"


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


# The rooms of training/, beside those of src/, of which they may use any.
TRAINING_ALLOWED = {
    "tensor": set(),
    "network": {"tensor"},
    "data": {"tensor"},
    "emulation": set(),
    "limits": set(),
    "protocol": {"tensor", "network", "emulation"},
    "admission": {"tensor", "network", "emulation", "protocol"},
    "transport": {"tensor", "network", "emulation", "protocol", "admission"},
    "measurement": {"tensor", "network", "emulation", "protocol", "admission", "transport"},
    "loop": {"tensor", "network", "emulation", "protocol"},
    "helper": {"tensor", "network", "emulation", "protocol", "admission", "transport", "loop"},
    "client": {"tensor", "network", "emulation", "protocol", "admission", "transport", "loop"},
    "aggregator": {"tensor", "network", "emulation", "protocol", "admission", "transport", "loop"},
    "session": {"tensor", "network", "data", "emulation", "limits", "protocol", "admission", "transport", "loop", "helper", "client", "aggregator"},
    "dashboard": {"tensor", "network", "emulation", "protocol", "admission", "transport", "session"},
    "simulation": {"tensor", "network", "emulation", "protocol", "helper", "client", "aggregator", "session"},
}
TORCH = re.compile(r'#\s*include\s+[<"](torch|ATen|c10)/')
INPUT_AND_OUTPUT = re.compile(r"#\s*include\s+<(asio|grpc|thread|chrono|mutex|fstream)")


def training_sources(room: str) -> list:
    return sorted((ROOT / "training" / room).glob("*.[ch]pp"))


@pytest.mark.parametrize("room", sorted(path.name for path in (ROOT / "training").iterdir() if path.is_dir()))
def test_room_of_training_includes_only_what_stands_above_it(room):
    assert room in TRAINING_ALLOWED, f"{room} is new: say here what it may include"
    for path in training_sources(room):
        for include in INCLUDE.findall(path.read_text(encoding="utf-8")):
            other = include.split("/")[1] if include.startswith("training/") and include.count("/") > 1 else room
            assert other in TRAINING_ALLOWED[room] | {room}, f"{path.relative_to(ROOT)} includes {include}"


def test_nothing_in_the_library_includes_training():
    for path in [*(ROOT / "src").rglob("*.[ch]pp"), *(ROOT / "include").rglob("*.hpp")]:
        assert not any(include.startswith("training/") for include in INCLUDE.findall(path.read_text(encoding="utf-8"))), path


def test_libtorch_stays_in_the_room_of_networks():
    for path in [*(ROOT / "training").rglob("*.[ch]pp"), *(ROOT / "apps").rglob("*.[ch]pp")]:
        if path.parent.name != "network":
            assert not TORCH.search(path.read_text(encoding="utf-8")), path.relative_to(ROOT)


def test_machines_of_the_roles_do_no_input_and_output():
    machines = [path for role in ("helper", "client", "aggregator") for path in (ROOT / "training" / role).glob("*_machine.[ch]pp")]
    assert len(machines) == 6
    for path in machines:
        assert not INPUT_AND_OUTPUT.search(path.read_text(encoding="utf-8")), path.relative_to(ROOT)
