"""splitlane profile measure and profile link: documents that go into a setup, and what happens when something ends them."""

import contextlib
import json
import os
import pty
import re
import signal
import subprocess

import jsonschema
import pytest
from conftest import ROOT, binary_path

pytestmark = pytest.mark.optimised

QUICK = ("--batch", 2, "--runs", 1, "--warm-up", 0)


@pytest.fixture(autouse=True)
def needs_training():
    if not (binary_path().parent / "splitlane-training").is_file():
        pytest.skip("splitlane-training was not built: a library that it needs is missing (scripts/bootstrap)")


def measure(splitlane, *arguments):
    return splitlane("profile", "measure", *arguments)


@pytest.fixture
def listening(splitlane):
    """The address of a process that answers, and the process."""
    process = splitlane.start("profile", "link", "--listen", "127.0.0.1:0")
    # Its line says that it listens, and where.
    line = process.stderr.readline().decode()
    assert line.startswith("listening at 127.0.0.1:"), line
    yield line.removeprefix("listening at ").split(";")[0], process
    process.kill()
    process.communicate()


@pytest.mark.sanitized
def test_a_measured_device_goes_into_a_setup_and_a_scenario(splitlane, write):
    done = measure(splitlane, "--network", "resnet8", *QUICK, "-o", "here.json", "--name", "here", "-q")
    assert done.code == 0 and done.out == done.err == "", done.err
    device = json.loads((splitlane.folder / "here.json").read_text())
    schema = json.loads((ROOT / "schemas" / "device.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(device)
    assert device["name"] == "here" and device["ram_mb"] > 0
    (measured,) = device["measurements"]
    assert (measured["model"], measured["batch"], measured["meta"]["runs"]) == ("resnet8_cifar", 2, 1)
    network = json.loads(splitlane("profile", "model", "resnet8").out)
    assert measured["meta"]["layers"] == [layer["name"] for layer in network["layers"]]
    assert measured["activation_bytes"] == [2 * layer["activation_bytes"] for layer in network["layers"]]
    assert measured["weight_bytes"] == [layer["weight_bytes"] for layer in network["layers"]]
    setup = {
        "format": "splitlane-setup", "version": 1, "model": "resnet8", "batch": 2, "cuts": [1, 4], "local": True,
        "clients": [{"id": "c", "count": 3, "device": "here.json", "link": "lte"}], "helpers": [{"id": "h", "device": "here.json"}],
    }  # fmt: skip
    made = splitlane("instance", write(setup, "setup.json"), "--time-unit", "us", "-o", "instance.json")
    assert made.code == 0 and made.err == "", "its costs need no remark"
    assert splitlane("plan", "instance.json", "-o", "plan.json").code == 0
    drawn = splitlane("scenario", "--model", "resnet8", "--batch", 2, "--clients", 4, "--helpers", 2, "--client-devices", "./here.json",
                      "--helper-devices", "./here.json")  # fmt: skip
    assert drawn.code == 0, drawn.err


def test_layers_keep_what_they_need_for_their_backward(splitlane):
    """Of a layer at least its output: nothing is computed again."""
    meta = json.loads(measure(splitlane, "--network", "resnet8", *QUICK, "-q").out)["measurements"][0]["meta"]
    network = json.loads(splitlane("profile", "model", "resnet8").out)
    for saved, layer in zip(meta["saved_bytes"], network["layers"], strict=True):
        assert saved >= 2 * layer["activation_bytes"]
    assert meta["peak_bytes"] > sum(meta["saved_bytes"])


def test_batches_and_threads_each_have_their_place(splitlane):
    done = measure(splitlane, "--network", "resnet8", "--batch", "2,4", "--threads", "1,2", "--runs", 3, "--warm-up", 0)
    assert done.code == 0, done.err
    measurements = json.loads(done.out)["measurements"]
    assert [measured["batch"] for measured in measurements] == [2, 4]
    for measured in measurements:
        (other,) = measured["meta"]["other_threads"]
        assert {measured["meta"]["threads"], other["threads"]} == {1, 2}
        assert measured["meta"]["total_ms"] <= other["total_ms"]
        assert len(other["forward_ms"]) == len(measured["forward_ms"])
    assert done.err.count("timed passes 3, before them 0") == 4 and done.err.count("the fastest") == 2


def test_another_network_is_added_to_a_base(splitlane):
    assert measure(splitlane, "--network", "resnet8", *QUICK, "-o", "a.json", "--name", "a", "-q").code == 0
    assert measure(splitlane, "--network", "resnet20", *QUICK, "--base", "./a.json", "-o", "b.json", "-q").code == 0
    device = json.loads((splitlane.folder / "b.json").read_text())
    assert device["name"] == "a"
    assert [measured["model"] for measured in device["measurements"]] == ["resnet8_cifar", "resnet20_cifar"]


def test_a_torchscript_network_comes_with_its_own_document(splitlane, write):
    """Planned with both documents; the saved bytes are those that were seen."""
    script = ROOT / "tests/training/network/exported_network.pt"
    done = measure(splitlane, "--torchscript", script, "--sample", "2x4x4", *QUICK, "-o", "here.json", "--model-output", "network.json")
    assert done.code == 0, done.err
    network = json.loads((splitlane.folder / "network.json").read_text())
    (measured,) = json.loads((splitlane.folder / "here.json").read_text())["measurements"]
    assert measured["meta"]["layers"] == [layer["name"] for layer in network["layers"]]
    for saved, layer in zip(measured["meta"]["saved_bytes"], network["layers"], strict=True):
        assert layer.get("saved_bytes", layer["activation_bytes"]) == -(-saved // 2)
    setup = {
        "format": "splitlane-setup", "version": 1, "model": "network.json", "batch": 2, "cuts": [1, 4],
        "clients": [{"id": "c", "device": "here.json", "link": "lte"}], "helpers": [{"id": "h", "device": "here.json"}],
    }  # fmt: skip
    made = splitlane("instance", write(setup, "setup.json"), "--time-unit", "us")
    assert made.code == 0, made.err


def test_a_time_limit_that_is_too_short_writes_nothing(splitlane):
    done = measure(splitlane, "--network", "resnet20", "--time-limit", "1ms", "-o", "here.json", "--model-output", "network.json")
    assert done.code == 4
    assert "nothing is written" in done.error()["message"]
    assert list(splitlane.folder.iterdir()) == []


def test_ctrl_c_keeps_what_has_had_three_passes(splitlane):
    """The progress line on a terminal tells how many passes there were, those that warm up included."""
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [splitlane.binary, "profile", "measure", "--network", "resnet8", "--batch", "1", "--runs", "1000000", "-o", "here.json"],
        stdout=subprocess.PIPE, stderr=end, cwd=splitlane.folder, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    os.close(end)
    shown = b""
    # At most 13 passes warm up.
    while not any(int(done) > 20 for done in re.findall(rb"(\d+) of \d+ passes", shown)):
        shown += os.read(terminal, 4096)
    process.send_signal(signal.SIGINT)
    with contextlib.suppress(OSError):  # a terminal whose other end is closed
        while more := os.read(terminal, 4096):
            shown += more
    out, _ = process.communicate(timeout=60)
    os.close(terminal)
    assert process.returncode == 0 and out == b"", shown
    assert b"stopped early: what had been measured by then is written" in shown
    assert [path.name for path in splitlane.folder.iterdir()] == ["here.json"]
    assert json.loads((splitlane.folder / "here.json").read_text())["measurements"][0]["meta"]["runs"] >= 3


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "one network is needed"),
        (("--network", "resnet8", "--torchscript", "x.pt", "--sample", "1x1x1"), "one network is needed"),
        (("--network", "resnet9"), "resnet9"),
        (("--torchscript", "nowhere.pt", "--sample", "3x4x4"), "nowhere.pt"),
        (("--torchscript", "x.pt"), "--sample"),
        (("--network", "resnet8", "--sample", "3x32x32"), "--sample"),
        (("--torchscript", "x.pt", "--sample", "3x32"), "not channels, height and width"),
        (("--torchscript", "x.pt", "--sample", "3x32x0"), "not channels, height and width"),
        (("--torchscript", "x.pt", "--sample", "3x32x32x"), "not channels, height and width"),
        (("--network", "resnet8", "--batch", "0"), "--batch"),
        # Its activations alone take terabytes.
        (("--network", "resnet50_imagenet", "--batch", "2,1000000"), "--batch: too large for this machine's memory: got 1000000, which needs "),
        (("--network", "resnet8", "--threads", "1,1"), "--threads"),
        (("--network", "resnet8", "--runs", "0"), "--runs"),
        (("--network", "resnet8", "--base", "./nowhere.json"), "nowhere.json"),
        (("--network", "resnet8", "-o", "no/such/folder.json"), "folder.json"),
        (("--network", "resnet8", "-o", "same.json", "--model-output", "same.json"), "the same file"),
        (("--network", "resnet8", "--time-limit", "0"), "--time-limit"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_runs(splitlane, arguments, message):
    done = measure(splitlane, *arguments)
    assert done.code == 2, done.out + done.err
    assert message in done.error()["message"]
    assert list(splitlane.folder.iterdir()) == []


def test_a_link_is_measured_and_goes_into_a_setup(splitlane, write, listening):
    address, _ = listening
    shown = splitlane("profile", "link", address, "--repeats", 1)
    assert shown.code == 0 and shown.err == "", shown.err
    assert [line.split()[0] for line in shown.out.splitlines()] == ["up", "down", "latency"]
    done = splitlane("profile", "link", address, "--repeats", 1, "-o", "link.json")
    assert done.code == 0 and done.out == "", done.err
    link = json.loads((splitlane.folder / "link.json").read_text())
    jsonschema.Draft202012Validator(json.loads((ROOT / "schemas" / "link.schema.json").read_text())).validate(link)
    assert link["name"] == f"link to {address}" and min(link["up_mbps"], link["down_mbps"]) > 0
    setup = {
        "format": "splitlane-setup", "version": 1, "model": "resnet8",
        "clients": [{"id": "c", "device": "rpi-4", "link": "link.json"}], "helpers": [{"id": "h", "device": "vm"}], "cuts": [1, 4],
    }  # fmt: skip
    assert splitlane("instance", write(setup, "setup.json")).code == 0
    assert splitlane("profile", "link", "./link.json").out == (splitlane.folder / "link.json").read_text()


@pytest.mark.sanitized
def test_a_unix_socket_is_an_address_and_gone_afterwards(splitlane):
    process = splitlane.start("profile", "link", "--listen", "unix:socket")
    assert process.stderr.readline() == b"listening at unix:socket; Ctrl-C ends it\n"
    assert splitlane("profile", "link", "unix:socket", "--repeats", 1).code == 0
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=60) == (b"", b"") and process.returncode == 0
    assert list(splitlane.folder.iterdir()) == []


def test_a_peer_that_is_not_there_is_an_error_within_the_time_out(splitlane):
    done = splitlane("profile", "link", "unix:nobody", "--timeout", "200ms", "-o", "link.json")
    assert done.code == 2
    assert "unix:nobody was not reached within 0.2 s" in done.error()["message"]
    assert list(splitlane.folder.iterdir()) == []


def test_a_peer_that_stands_still_is_an_error_within_the_time_out(splitlane, listening):
    address, process = listening
    os.kill(process.pid, signal.SIGSTOP)
    try:
        done = splitlane("profile", "link", address, "--timeout", "500ms")
    finally:
        os.kill(process.pid, signal.SIGCONT)
    assert done.code == 2
    assert address in done.error()["message"]


@pytest.mark.parametrize("arguments", [(), ("--listen", "unix:a", "unix:b"), ("--listen", "nowhere"), ("nowhere",)])
def test_wrong_addresses_are_refused(splitlane, arguments):
    done = splitlane("profile", "link", *arguments)
    assert done.code == 2
    assert done.error()["code"] in ("usage", "unknown_id")


def test_a_device_that_was_held_to_a_share_says_so(splitlane):
    core = min(os.sched_getaffinity(0))
    done = measure(splitlane, "--network", "resnet8", *QUICK, "--share", 0.5, "--cores", core, "-o", "slow.json", "-q")
    if done.code == 2 and "control group" in done.err:
        pytest.skip(done.err)
    assert done.code == 0, done.err
    assert json.loads((splitlane.folder / "slow.json").read_text())["description"].endswith(f"; held to 0.5 of a core; on cores {core}")


def test_a_share_or_a_core_that_is_not_there_is_refused(splitlane):
    refused = measure(splitlane, "--network", "resnet8", *QUICK, "--cores", 1023)
    assert refused.code == 2 and "no core that this program may run on: got 1023" in refused.err
    assert measure(splitlane, "--network", "resnet8", *QUICK, "--share", 0).code == 2
    assert splitlane("profile", "link", "unix:none.socket", "--share", 2000).code == 2
