"""Nodes of a training in processes of their own: the bits of one process, and refusals that the right side hears."""

import contextlib
import multiprocessing
import os
import threading

import pytest

import splitlane

torch = pytest.importorskip("torch", reason="PyTorch is not installed (Debian: python3-torch)")
pytest.importorskip("splitlane._training", reason="built without gRPC")

from test_training import BATCH, problem, require_equal, sgd  # noqa: E402
from torch import nn  # noqa: E402

from splitlane import training  # noqa: E402

EXAMPLE = torch.zeros(2, 1, 8, 8)
COUNTS = [24, 35, 17]


def network():
    torch.manual_seed(0)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(inplace=True), nn.Flatten(), nn.Dropout(0.2), nn.Linear(144, 3))


def data():
    generator = torch.Generator().manual_seed(1)
    return [(torch.rand(count, 1, 8, 8, generator=generator), torch.randint(3, (count,), generator=generator)) for count in COUNTS]


def take_part(line: str, folder: str) -> None:
    os.chdir(folder)
    if " helper " in line:
        training.Helper(network(), EXAMPLE, optimizer=sgd).join(line)
    else:
        training.Client(network(), data()[int(line[-1])], optimizer=sgd).join(line)


def aggregator(**more):
    return training.Aggregator(network(), EXAMPLE, COUNTS, setup=problem(6), batch_size=BATCH, optimizer=sgd, **more)


@contextlib.contextmanager
def processes(folder):
    """Starts a process for each line, and waits for all."""
    started = []

    def start(lines):
        for line in lines:
            started.append(multiprocessing.get_context("spawn").Process(target=take_part, args=(line, str(folder))))
            started[-1].start()

    try:
        yield start, started
        for process in started:
            process.join(60)
    finally:
        for process in started:
            if process.is_alive():
                process.kill()
                process.join()


def test_processes_have_the_bits_of_one(tmp_path):
    with processes(tmp_path) as (start, started):
        got = aggregator(rounds=2, folder=tmp_path / "folder", test=data()[0]).run("127.0.0.1:0", on_listening=start)
    # Two helpers and three clients.
    assert [process.exitcode for process in started] == [0] * 5
    expected = training.train(network(), data(), setup=problem(6), rounds=2, batch_size=BATCH, optimizer=sgd)
    require_equal(got.state_dict, expected.state_dict)
    assert [row["test_samples"] for row in got.rows] == [24, 24]
    assert (tmp_path / "client-c0/certificate.pem").is_file() and (tmp_path / "folder/authority").is_dir()


def test_lines_of_another_role_and_addresses_without_an_id_are_refused():
    with pytest.raises(splitlane.Error, match="is that of another role"):
        training.Helper(network(), EXAMPLE).join("SPLITLANE_TOKEN=a.b splitlane client --join 127.0.0.1:1 --id c0")
    with pytest.raises(splitlane.Error, match="neither a line to join with"):
        training.Client(network(), data()[0]).join("127.0.0.1:1")


def test_a_client_with_other_data_than_was_said_is_refused_and_told_why(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    lines, tried, raised = [], threading.Event(), []
    listens = threading.Event()

    def listening(given):
        lines.extend(given)
        listens.set()
        tried.wait(60)
        raise KeyboardInterrupt  # no node will come

    def run():
        try:
            aggregator().run("127.0.0.1:0", on_listening=listening)
        except KeyboardInterrupt as interruption:
            raised.append(interruption)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        assert listens.wait(60)
        line = next(line for line in lines if line.endswith("c0"))
        with pytest.raises(splitlane.Error, match="another number of samples.*got 35, expected 24"):
            training.Client(network(), data()[1], optimizer=sgd).join(line)
    finally:
        tried.set()
        thread.join(60)
    assert raised[0].training.rounds == 0 and raised[0].training.ended_early
