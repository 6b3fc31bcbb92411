"""Outputs are whole or absent: no file is another one's, none is left half, and what is open is written where it stands."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from conftest import EXAMPLES
from test_profile import table

EXACT = ("--quiet", "--method", "exact")
LIMIT_SECONDS = 60
SETUP = {
    "format": "splitlane-setup", "version": 1, "model": "resnet18", "cuts": [2, 9],
    "clients": [{"id": "c", "device": "./own.json", "link": "lte"}], "helpers": [{"id": "h", "device": "vm"}],
}  # fmt: skip


@pytest.fixture
def folder(splitlane, tmp_path) -> Path:
    """A folder with one document of each kind, and other names of some."""
    for path in EXAMPLES.glob("three_clients*.json"):
        shutil.copy(path, tmp_path / path.name.replace("three_clients", "a"))
    (tmp_path / "times.csv").write_text(table("mine"))
    (tmp_path / "setup.json").write_text(json.dumps(SETUP))
    assert splitlane("profile", "device", "rpi-4", "-o", "own.json").code == 0
    (tmp_path / "link.json").symlink_to("a.json")
    os.link(tmp_path / "a.plan.json", tmp_path / "hard.json")
    return tmp_path


def contents(folder: Path) -> dict:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


CLASHES = [
    ("plan", "a.json", "-o", "new.json", "--certificate", "./new.json"),
    ("plan", "a.json", "-o", "new.json", "--certificate", "{folder}/new.json"),
    ("plan", "a.json", "-o", "a.plan.json", "--certificate", "hard.json"),
    ("plan", "a.json", "--certificate", "/dev/stdout"),
    ("plan", "a.json", "-o", "link.json"),
    ("plan", "a.json", "-o", "../{name}/a.json"),
    ("plan", "a.json", "--from", "a.plan.json", "-o", "hard.json"),
    ("plan", "a.json", "--from", "a.plan.json", "--certificate", "{folder}/a.plan.json"),
    ("round", "a.json", "a.plan.json", "--batches", "a.batches.json", "-o", "./a.batches.json"),
    ("round", "a.json", "a.plan.json", "--batches", "a.batches.json", "-o", "hard.json"),
    ("whatif", "a.json", "a.plan.json", "--add-helper", "h0", "-o", "hard.json"),
    ("whatif", "link.json", "--add-helper", "h0", "-o", "a.json"),
    ("report", "a.json", "a.plan.json", "-o", "link.json"),
    ("instance", "setup.json", "-o", "./setup.json"),
    ("instance", "setup.json", "-o", "own.json"),
    ("instance", "setup.json", "--model", "./m.json", "-o", "m.json"),
    ("scenario", "--clients", "2", "--client-devices", "./own.json", "-o", "own.json"),
    ("profile", "device", "./own.json", "-o", "{folder}/own.json"),
    ("profile", "import", "--times", "times.csv", "--model", "resnet18", "-o", "./times.csv"),
    ("profile", "import", "--times", "times.csv", "--model", "resnet18", "--base", "./own.json", "-o", "own.json"),
]  # fmt: skip


@pytest.mark.parametrize("arguments", CLASHES, ids=" ".join)
def test_outputs_that_are_another_file_are_refused_and_nothing_is_written(splitlane, folder, arguments):
    before = contents(folder)
    outcome = splitlane(*(part.format(folder=folder, name=folder.name) for part in arguments))
    assert outcome.code == 2
    error = outcome.error()
    assert error["code"] == "usage" and ("overwrite" in error["message"] or "same file" in error["message"])
    assert contents(folder) == before


def test_standard_input_counts_as_the_file_it_is(splitlane, folder):
    with open(folder / "a.json", "rb") as instance:
        done = subprocess.run([splitlane.binary, "plan", "-", "-o", "a.json"], stdin=instance, cwd=folder, capture_output=True)
    assert done.returncode == 2 and b"would overwrite INSTANCE" in done.stderr


def test_names_that_are_no_files_do_not_clash(splitlane, folder):
    assert splitlane("profile", "device", "rpi-4", "-o", "rpi-4").code == 0
    assert splitlane("profile", "device", "rpi-4", "-o", "rpi-4").code == 0
    assert splitlane("plan", "a.json", *EXACT, "-o", "/dev/null", "--certificate", "/dev/null").code == 0


def test_read_only_file_is_respected(splitlane, folder):
    (folder / "a.plan.json").chmod(0o444)
    before = contents(folder)
    for arguments in (["-o", "hard.json"], ["--certificate", "a.plan.json"]):
        error = splitlane("plan", "a.json", *EXACT, *arguments).error()
        assert error["code"] == "file" and "read-only" in error["message"]
    assert contents(folder) == before


def test_standard_output_and_descriptors_are_written_through(splitlane, folder):
    plan = splitlane("plan", "a.json", *EXACT, "--reproducible").out
    for output in ("/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"):
        assert splitlane("plan", "a.json", *EXACT, "--reproducible", "-o", output).out == plan
    log = folder / "log"
    script = (
        'printf "first\\n" > log; "$0" plan a.json -q --method exact --reproducible -o /dev/stdout >> log; '
        '{ printf "second\\n"; "$0" plan a.json -q --method exact --reproducible -o /dev/fd/3 3>&1; } >> log; '
        '"$0" plan a.json -q --method exact --reproducible -o >(cat > piped; : > done)'
    )
    subprocess.run(["bash", "-c", script, splitlane.binary], cwd=folder, check=True)
    assert log.read_text() == f"first\n{plan}second\n{plan}"
    deadline = time.monotonic() + LIMIT_SECONDS
    while not (folder / "done").exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert (folder / "piped").read_text() == plan


def test_named_pipe_is_written_through(splitlane, folder):
    os.mkfifo(folder / "pipe")
    with subprocess.Popen(["cat", folder / "pipe"], stdout=subprocess.PIPE) as reader:
        assert splitlane("plan", "a.json", *EXACT, "-o", "pipe").code == 0
        assert json.loads(reader.communicate(timeout=LIMIT_SECONDS)[0])["format"] == "splitlane-plan"
    assert (folder / "pipe").is_fifo()


def test_certificate_of_a_plan_that_cannot_be_written_is_not_left(splitlane, folder):
    before = contents(folder)
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [splitlane.binary, "plan", "a.json", *EXACT, "--certificate", "new.json"],
            stdout=full, stderr=subprocess.PIPE, cwd=folder, check=False,
        )  # fmt: skip
    assert done.returncode == 2 and contents(folder) == before
    assert splitlane("plan", "a.json", *EXACT, "--certificate", "a.certificate.json", "-o", "/dev/full").code == 2
    assert contents(folder) == before


def in_small_disk(folder: Path, script: str, *arguments) -> subprocess.CompletedProcess:
    """Runs a script with a disk of 16 KB mounted on `disk`, which nobody else sees; skips where that is not allowed."""
    (folder / "disk").mkdir()
    script = "mount -t tmpfs -o size=16k none disk || exit 77\n" + script
    done = subprocess.run(["unshare", "-rm", "bash", "-c", script, *map(str, arguments)], cwd=folder, capture_output=True, text=True)
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip(f"no disk can be mounted here: {done.stderr.strip()}")
    return done


def test_plan_that_does_not_fit_the_disk_leaves_no_new_certificate(splitlane, folder):
    # Two pages of four are taken; the plan alone needs more than the other two, the certificate fits.
    script = """
      head -c 8192 /dev/zero > disk/filling; echo old > disk/certificate.json
      "$0" plan "$1" -q --method auto -o disk/plan.json --certificate disk/certificate.json; echo code $?
      cat disk/certificate.json; ls -A disk"""
    done = in_small_disk(folder, script, splitlane.binary, EXAMPLES / "resnet101_30x5.json")
    assert "No space left" in done.stderr
    assert done.stdout.endswith("code 2\nold\ncertificate.json\nfilling\n"), done.stdout


def test_folder_on_a_read_only_disk_is_refused_before_any_work(splitlane, folder):
    script = """
      mount -o remount,ro none disk || exit 77
      "$0" plan nowhere.json -o disk/plan.json"""
    done = in_small_disk(folder, script, splitlane.binary)
    assert done.returncode == 2 and "Read-only file system" in done.stderr


@pytest.mark.parametrize("signals", [[signal.SIGTERM], [signal.SIGINT], [signal.SIGHUP], [signal.SIGTERM] * 2], ids=str)
def test_signal_while_writing_leaves_nothing(splitlane, folder, signals):
    before = contents(folder)
    process = splitlane.start("plan", EXAMPLES / "resnet101_30x5.json", "-q", "--certificate", "new.json")
    # Nobody reads the plan, so the certificate waits for it in its temporary file.
    fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
    deadline = time.monotonic() + LIMIT_SECONDS
    while len(contents(folder)) == len(before) and time.monotonic() < deadline:
        time.sleep(0.001)
    assert len(contents(folder)) == len(before) + 1
    for number in signals:
        process.send_signal(number)
    assert process.wait(LIMIT_SECONDS) == -signals[0]
    process.communicate()
    assert contents(folder) == before


def test_what_a_killed_writer_left_is_removed_by_the_next(splitlane, folder):
    before = set(contents(folder))
    process = splitlane.start("plan", EXAMPLES / "resnet101_30x5.json", "-q", "--certificate", "new.json")
    fcntl.fcntl(process.stdout, fcntl.F_SETPIPE_SZ, 4096)
    deadline = time.monotonic() + LIMIT_SECONDS
    while set(contents(folder)) == before and time.monotonic() < deadline:
        time.sleep(0.001)
    assert splitlane("plan", "a.json", *EXACT, "-o", "other.json").code == 0
    assert len(contents(folder)) == len(before) + 2, "the first process is still writing"
    process.kill()
    process.communicate()
    assert splitlane("plan", "a.json", *EXACT, "-o", "other.json").code == 0
    assert set(contents(folder)) == before | {"other.json"}


@pytest.mark.parametrize(
    "content, reason",
    [
        (b"", "nothing"), (b"\0" * 1000, "\\x00"), (b"[" * 5_000_000, "an array"), (b"x" * 5_000_000, "…"),
        (b"\x1f\x8b\x08\0", "gzip"), ("{}".encode("utf-16"), "UTF-16"), (b"\xef\xbb\xbf{}", "a byte-order mark"),
    ],
    ids=("empty", "zeros", "brackets", "line", "gzip", "utf-16", "mark"),
)  # fmt: skip
def test_inputs_that_are_no_text_are_named(splitlane, folder, content, reason):
    (folder / "input").write_bytes(content)
    error = splitlane("plan", "input").error()
    assert error["exit_code"] == 2 and reason in error["got"] and len(error["message"]) < 400
    error = splitlane("profile", "import", "--times", "input", "--model", "resnet18").error()
    assert error["exit_code"] == 2 and len(error["message"]) < 400
    assert splitlane("plan", "/dev/null").error()["exit_code"] == 2
    assert splitlane("plan", ".").error()["code"] == "file"


def test_check_says_that_bytes_count_where_an_instance_was_only_reformatted(splitlane, folder):
    assert splitlane("plan", "a.json", *EXACT, "-o", "plan.json").code == 0
    (folder / "b.json").write_text(json.dumps(json.loads((folder / "a.json").read_text()), indent=7))
    outcome = splitlane("check", "b.json", "plan.json")
    assert outcome.code == 3 and "every byte counts" in outcome.out


def test_scenario_without_a_plan_warns_once_and_before_it_is_drawn(splitlane):
    arguments = ("scenario", "--clients", "300", "--helpers", "3", "-o", "a.json")
    outcome = splitlane(*arguments)
    assert outcome.code == 0 and outcome.err.startswith("warning: no plan exists: the clients need ")
    assert outcome.err.count("no plan exists") == 1
    assert splitlane(*arguments, "--quiet").err == ""
