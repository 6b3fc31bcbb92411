"""--dashboard: a training that runs, in a browser and for Prometheus; readers neither slow it nor keep it from ending."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import time

import pytest
from conftest import ROOT
from test_report_page import FOLDER, node, run  # noqa: F401: fixture

pytestmark = pytest.mark.usefixtures("needs_training")
CONNECTIONS = 64  # HttpLimits


@pytest.fixture
def watched(splitlane, training):
    """Starts a training with a dashboard; returns its process, host and port."""
    running = []

    def start(*options, **changes):
        process = splitlane.start("train", training(**changes), "-o", "run", "-q", "--dashboard", "0", *options)
        running.append(process)
        for line in process.stderr:
            if match := re.match(rb"dashboard at http://(127\.0\.0\.1):(\d+)/\n", line):
                return process, match[1].decode(), int(match[2])
        raise AssertionError("no dashboard")

    yield start
    for process in running:
        process.kill()
        process.communicate()


def ask(host, port, path, method="GET"):
    connection = http.client.HTTPConnection(host, port, timeout=60)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read().decode()
    connection.close()
    return answer, body


def until_round(host, port, number) -> dict:
    while True:
        status = json.loads(ask(host, port, "/status")[1])
        if status.get("last", {}).get("round", 0) >= number:
            return status


def metrics_of(text: str) -> dict[str, float]:
    """Of each series its value; every family has its help and its type."""
    values, types = {}, {}
    for line in text.splitlines():
        if line.startswith("# TYPE"):
            types[line.split()[2]] = line.split()[3]
        elif not line.startswith("#"):
            series, value = line.rsplit(" ", 1)
            values[series] = float(value)
            family = series.split("{")[0]
            assert f"# HELP {family} " in text and re.fullmatch(r"splitlane_[a-z_]+", family)
            assert (types[family] == "counter") == family.endswith("_total")
    return values


def test_pages_state_and_metrics_of_a_training(watched, splitlane):
    process, host, port = watched(rounds=100_000)
    status = until_round(host, port, 2)
    assert status["rounds"] == 100_000
    assert {member["state"] for member in status["members"]} == {"here"}
    report, page = ask(host, port, "/report")
    assert report.getheader("Content-Type").startswith("text/html") and "<h2>Lanes of round" in page
    live, page = ask(host, port, "/")
    assert "EventSource" in page and "frame-ancestors 'self'" in live.getheader("Content-Security-Policy")
    answer, text = ask(host, port, "/metrics")
    assert answer.getheader("Content-Type") == "text/plain; version=0.0.4; charset=utf-8"
    values = metrics_of(text)
    assert values["splitlane_rounds"] == 100_000 and values["splitlane_rounds_finished_total"] >= 2
    clients = sum(member["role"] == "client" for member in status["members"])
    assert values['splitlane_members{role="client"}'] == clients == values['splitlane_members_expected{role="client"}']
    documented = set(re.findall(r"`(splitlane_\w+)`", (ROOT / "docs/dashboard.md").read_text()))
    assert {series.split("{")[0] for series in values} == documented

    for method, path, code in (("POST", "/", 405), ("DELETE", "/status", 405), ("GET", "/../etc/passwd", 404), ("HEAD", "/", 200)):
        answer, body = ask(host, port, path, method)
        assert answer.status == code and (method != "HEAD" or body == "")
    # Ctrl-C ends it at once, with a reader that goes on reading.
    events = socket.create_connection((host, port), timeout=60)
    events.sendall(b"GET /events HTTP/1.1\r\nHost: here\r\n\r\n")
    stream = events.makefile("rb")
    assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
    line = next(line for line in stream if line.startswith(b"data: "))
    assert json.loads(line[6:])["rounds"] == 100_000
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=60) == 0
    with contextlib.suppress(ConnectionError):
        stream.read()  # ends
    events.close()


def test_readers_that_take_nothing_and_too_many_do_not_keep_a_training_from_its_end(watched, splitlane, training):
    process, host, port = watched(rounds=12)
    silent = [socket.create_connection((host, port), timeout=60) for _ in range(3 * CONNECTIONS)]
    for one in silent:
        with contextlib.suppress(OSError):
            one.sendall(b"GET /events HTTP/1.1\r\nHost: here\r\n\r\n")
    assert process.wait(timeout=300) == 0
    for one in silent:
        one.close()
    assert splitlane("train", training(rounds=12), "-o", "alone", "-q").code == 0
    assert (splitlane.folder / "run/checkpoint.pt").read_bytes() == (splitlane.folder / "alone/checkpoint.pt").read_bytes()


def test_connections_beyond_the_limit_are_closed_and_places_come_free(watched):
    _, host, port = watched(rounds=100_000)
    held = [socket.create_connection((host, port), timeout=60) for _ in range(CONNECTIONS)]
    beyond = socket.create_connection((host, port), timeout=60)
    assert beyond.recv(1) == b""
    for one in (*held, beyond):
        one.close()
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(ConnectionError, http.client.HTTPException):
            assert ask(host, port, "/status")[0].status == 200
            return
    raise AssertionError("no place came free")


def test_an_address_that_cannot_be_is_refused_before_anything_starts(splitlane, training):
    path = training()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        for address, text in ((str(port), "in use"), (f"127.0.0.1:{port}", "in use"), ("192.0.2.1:0", "cannot listen"),
                              ("70000", ""), ("nowhere", ""), ("unix:/tmp/x", "a socket")):  # fmt: skip
            outcome = splitlane("train", path, "-o", "run", "--dashboard", address)
            assert outcome.code == 2 and outcome.error()["code"] == "usage" and text in outcome.err, outcome.err
    assert not (splitlane.folder / "run").exists()


@pytest.mark.optimised
def test_a_browser_follows_a_training(watched, node):  # noqa: F811
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("chromium is missing; scripts/bootstrap installs it")
    if not (FOLDER / "node_modules").is_dir():
        run("npm", "ci", "--prefer-offline", "--loglevel=error", cwd=FOLDER)
    process, host, port = watched(rounds=100_000)
    environment = dict(os.environ, ADDRESS=f"http://{host}:{port}/", CHROMIUM=chromium, PROCESS=str(process.pid))
    print(run("node", "--test", "tests/live.test.mjs", cwd=FOLDER, env=environment))
