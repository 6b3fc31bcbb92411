"""splitlane aggregator, helper and client: one training in many processes over encrypted streams gives the bits of
`splitlane train`, and who has no business in it is refused by name while it goes on."""

import json
import os
import random
import re
import signal
import socket
import ssl
import stat
from pathlib import Path

import pytest

pytestmark = [pytest.mark.usefixtures("needs_training"), pytest.mark.optimised]

PATIENCE = 300  # seconds; no test comes near it, unless something hangs


class Cluster:
    """An aggregator and what it printed."""

    def __init__(self, program, training: Path, *options, folder: str = "many"):
        self.program = program
        self.running = []
        self.aggregator = self.start("aggregator", training, "--listen", "127.0.0.1:0", "-o", folder, *options)
        first = self.aggregator.stdout.readline().decode()
        self.address = re.match(r"listens at (\S+), for \d+ nodes\n", first)[1]
        self.tokens = {}

    def start(self, *arguments, **environment):
        process = self.program.start(*arguments, env=dict(os.environ, **environment))
        self.running.append(process)
        return process

    def node(self, role: str, node: str, *options, token: str | None = None):
        environment = {} if token == "" else {"SPLITLANE_TOKEN": token or self.tokens[role, node]}
        return self.start(role, "--join", self.address, "--id", node, *options, **environment)

    def finish(self, process, code: int = 0) -> tuple[str, str]:
        out, err = process.communicate(timeout=PATIENCE)
        self.running.remove(process)
        assert process.returncode == code, (out + err).decode()
        return out.decode(), err.decode()

    def close(self) -> None:
        for process in self.running:
            process.kill()
            process.communicate()


@pytest.fixture
def cluster(splitlane):
    started = []

    def start(*arguments, **options):
        started.append(Cluster(splitlane, *arguments, **options))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def small_training(splitlane, small, training):
    """Three clients with odd names, two helpers."""
    for client in small["clients"]:
        for option in client["options"]:
            option["cut"] = [1, 4]
    small["clients"][1]["id"] = "C0"
    small["clients"][2]["id"] = "c 2/ü'*"
    (splitlane.folder / "small.json").write_text(json.dumps(small))

    def write_training(**changes):
        path = training(**changes)
        document = json.loads(path.read_text())
        del document["setup"]
        path.write_text(json.dumps(document | {"instance": "small.json"}))
        return path

    return write_training


NODES = [("helper", "h0"), ("helper", "h1"), ("client", "c0"), ("client", "C0"), ("client", "c 2/ü'*")]


def start_nodes(cluster: Cluster, nodes=NODES) -> list:
    return [cluster.node(role, node, "--state", f"state-{at}") for at, (role, node) in enumerate(nodes)]


def read_tokens(cluster: Cluster) -> None:
    for at, (role, node) in enumerate(NODES):
        line = cluster.aggregator.stdout.readline().decode()
        token, words = re.fullmatch(rf"SPLITLANE_TOKEN=(\S+) (splitlane {role} --join {cluster.address} --id .*)\n", line).groups()
        cluster.tokens[role, node] = token
        assert words.endswith(["h0", "h1", "c0", "C0", r"""'c 2/ü'\''*'"""][at])


def require_private_keys(folder: Path, tokens) -> None:
    keys = [*folder.rglob("*key.pem")]
    assert len(keys) == 1 + len(NODES)
    for key in keys:
        assert stat.S_IMODE(key.stat().st_mode) == 0o600 and stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    secrets = {token.split(".")[0].encode() for token in tokens}
    assert len(secrets) == 2
    for path in filter(Path.is_file, folder.rglob("*")):
        assert not any(secret in path.read_bytes() for secret in secrets), path


@pytest.mark.sanitized
def test_many_processes_train_to_the_bits_of_one_and_again_without_tokens(splitlane, small_training, cluster):
    path = small_training()
    assert splitlane("train", path, "-o", "one", "-q").code == 0

    first = cluster(path)
    read_tokens(first)
    nodes = start_nodes(first)
    out, err = first.finish(first.aggregator)
    assert [line.split(":")[0] for line in out.splitlines()] == ["round 1/2", "round 2/2"]
    assert "refused" not in err
    for (role, node), process in zip(NODES, nodes, strict=True):
        assert f"{role} {node} takes part in 2 rounds of resnet8_cifar" in first.finish(process)[0]
    assert (splitlane.folder / "many/checkpoint.pt").read_bytes() == (splitlane.folder / "one/checkpoint.pt").read_bytes()
    for number in ("001", "002"):
        measured = f"many/instance-{number}.json"  # where the round was planned with what was measured
        instance = measured if (splitlane.folder / measured).is_file() else "many/instance.json"
        checked = splitlane("check", instance, f"many/plan-{number}.json", "--trace", f"many/trace-{number}.json")
        assert checked.code == 0, checked.out + checked.err
    require_private_keys(splitlane.folder, first.tokens.values())

    # The authority stays with the folder, certificates with the nodes: nobody needs a token any more. Ctrl-C at the
    # aggregator ends all of them.
    again = cluster(path, "--rounds", 100_000)
    nodes = [again.node(role, node, "--state", f"state-{at}", token="") for at, (role, node) in enumerate(NODES)]
    assert again.aggregator.stdout.readline().startswith(b"round 1/100000")
    again.aggregator.send_signal(signal.SIGINT)
    assert "ended early, after" in again.finish(again.aggregator)[1]
    for process in nodes:
        again.finish(process)


def rounds_of(folder: Path) -> list[dict]:
    metrics = folder / "metrics.jsonl"
    return [json.loads(line) for line in metrics.read_text().splitlines()] if metrics.exists() else []


def test_a_helper_that_dies_changes_no_bit_and_comes_back_without_a_token(splitlane, small_training, cluster):
    path = small_training(rounds=30)
    instance = json.loads((splitlane.folder / "small.json").read_text())
    for helper in instance["helpers"]:
        helper["memory_mb"] = 12  # for all three clients, which need 4 each
    (splitlane.folder / "small.json").write_text(json.dumps(instance))
    one = cluster(path)
    read_tokens(one)
    nodes = dict(zip(NODES, start_nodes(one), strict=True))
    killed = ("helper", "h1")
    assert one.aggregator.stdout.readline().startswith(b"round 1/30")
    nodes[killed].kill()
    one.finish(nodes.pop(killed), code=-signal.SIGKILL)
    while not any("lost" in line for line in rounds_of(splitlane.folder / "many")):
        assert one.aggregator.poll() is None
    nodes[killed] = one.node(*killed, "--state", f"state-{NODES.index(killed)}", token="")
    assert "lost: helper h1" in one.finish(one.aggregator)[1]
    for process in nodes.values():
        one.finish(process)
    # It was there again for the last round, and all clients were in every average.
    rounds = rounds_of(splitlane.folder / "many")
    assert "lost" not in rounds[-1]
    assert not any("client" in str(line.get("lost", "")) for line in rounds)
    assert splitlane("train", path, "-o", "one", "-q").code == 0
    assert (splitlane.folder / "many/checkpoint.pt").read_bytes() == (splitlane.folder / "one/checkpoint.pt").read_bytes()


def test_nodes_go_on_with_an_aggregator_that_died_and_was_started_again(splitlane, small_training, cluster):
    path = small_training(rounds=24)
    first = cluster(path)
    read_tokens(first)
    nodes = start_nodes(first)
    while not any(line["round"] == 2 for line in rounds_of(splitlane.folder / "many")):
        assert first.aggregator.poll() is None
    first.aggregator.kill()
    first.finish(first.aggregator, code=-signal.SIGKILL)
    again = first.start("aggregator", path, "--listen", first.address, "-o", "many", "--resume")
    out, _ = first.finish(again)
    assert "SPLITLANE_TOKEN" not in out
    for process in nodes:
        assert "is gone" in first.finish(process)[1]
    assert [line["round"] for line in rounds_of(splitlane.folder / "many")] == [*range(1, 25)]
    assert splitlane("train", path, "-o", "one", "-q").code == 0
    assert (splitlane.folder / "many/checkpoint.pt").read_bytes() == (splitlane.folder / "one/checkpoint.pt").read_bytes()


def refused(cluster: Cluster, process) -> str:
    """The message of a node that was refused."""
    out, _ = cluster.finish(process, code=2)
    return json.loads(out)["message"]


def log_line(process) -> str:
    return process.stderr.readline().decode()


def test_who_has_no_business_in_the_training_is_refused_by_name_and_the_others_go_on(splitlane, small_training, cluster):
    started = cluster(small_training())
    read_tokens(started)
    helper, client = started.tokens["helper", "h0"], started.tokens["client", "c0"]
    assert helper != client
    fingerprint = client.split(".")[1]

    none = started.node("client", "c0", token="")
    assert "client c0 is not admitted yet, and has no token" in refused(started, none)
    garbage = started.node("client", "c0", token="12345")
    assert "not one that an aggregator printed" in refused(started, garbage)

    wrong = started.node("client", "c0", token="0" * 32 + "." + fingerprint)
    assert "refuses: token: not one of this aggregator" in refused(started, wrong)
    assert re.search(r"refused: ipv4:127.0.0.1:\d+: token: not one of this aggregator", log_line(started.aggregator))

    other_aggregator = started.node("client", "c0", token=client.split(".")[0] + "." + "0" * 64)
    assert "another aggregator: the fingerprint of its authority" in refused(started, other_aggregator)

    other_role = started.node("client", "c0", token=helper)
    assert "token: for nodes of another role" in refused(started, other_role)
    assert "token: for nodes of another role" in log_line(started.aggregator)
    unknown = started.node("client", "c9", token=client)
    assert "no such node in this training: got client c9" in refused(started, unknown)
    assert "client c9" in log_line(started.aggregator)
    assert not (splitlane.folder / "client-c0").exists()

    # The first client joins; another machine cannot be it, nor anyone more than there are clients.
    nodes = start_nodes(started, NODES[2:])
    for process in nodes:
        assert b"takes part" in process.stdout.readline()
    twice = started.node("client", "c0", "--state", "elsewhere")
    assert "token: used up" in refused(started, twice)
    assert "token: used up" in log_line(started.aggregator)
    other_id = started.node("client", "c1", "--state", "state-0", token="")
    assert "of another node: got client c0, expected client c1" in refused(started, other_id)

    assert not any(process.poll() for process in (started.aggregator, *nodes))


def test_an_expired_token_and_a_removed_nodes_certificate_count_no_more(splitlane, small_training, cluster):
    path = small_training(rounds=1)
    # Tokens are good until the second that they end in, which 1 ms puts at now.
    expired = cluster(path, "--token-lifetime", "1ms")
    read_tokens(expired)
    assert "token: expired" in refused(expired, expired.node("client", "c0"))
    expired.close()

    started = cluster(path)
    read_tokens(started)
    client = started.node("client", "c0")
    assert b"takes part" in client.stdout.readline()
    client.kill()
    (splitlane.folder / "many/authority/nodes/6330.client.splitlane.pem").unlink()
    assert "of a node that was removed: got client c0" in refused(started, started.node("client", "c0", token=""))
    assert "of a node that was removed" in log_line(started.aggregator)


def test_a_node_of_another_training_is_told_so(splitlane, small_training, cluster):
    path = small_training(rounds=1)
    one, other = cluster(path, folder="one"), cluster(path, folder="other")
    read_tokens(one)
    read_tokens(other)
    client = one.node("client", "c0")
    assert b"takes part" in client.stdout.readline()
    client.kill()
    message = refused(other, other.node("client", "c0"))
    assert "client-c0: the node was admitted by another aggregator than the token's" in message
    assert "another aggregator" in refused(other, other.node("client", "c0", token=""))


def test_streams_are_tls_1_3_or_none(splitlane, small_training, cluster):
    started = cluster(small_training(rounds=1))
    host, port = started.address.split(":")

    def shaken_hands(version) -> str:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.minimum_version = context.maximum_version = version
        context.set_alpn_protocols(["h2"])
        with socket.create_connection((host, int(port)), timeout=10) as plain, context.wrap_socket(plain) as tls:
            return tls.version()

    assert shaken_hands(ssl.TLSVersion.TLSv1_3) == "TLSv1.3"
    with pytest.raises((ssl.SSLError, ConnectionError)):
        shaken_hands(ssl.TLSVersion.TLSv1_2)


def write_array(path: Path, shape: tuple, values: bytes) -> None:
    """A file of NumPy's with bytes, without NumPy."""
    header = repr({"descr": "|u1", "fortran_order": False, "shape": shape}).ljust(117).encode() + b"\n"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + values)


def test_a_token_may_come_from_a_file_and_the_data_from_a_folder_of_the_clients(splitlane, small_training, cluster, tmp_path):
    write_array(tmp_path / "images.npy", (60, 3, 16, 16), random.Random(1).randbytes(60 * 3 * 16 * 16))
    write_array(tmp_path / "labels.npy", (60,), bytes(at % 3 for at in range(60)))
    path = small_training(rounds=1, data={"kind": "numpy", "images": "images.npy", "labels": "labels.npy"})
    assert splitlane("train", path, "-o", "one", "-q").code == 0
    started = cluster(path, "-q")
    read_tokens(started)
    # What the aggregator read is gone; clients have a copy.
    (tmp_path / "copies").mkdir()
    for name in ("images.npy", "labels.npy"):
        (tmp_path / name).rename(tmp_path / "copies" / name)
    nodes = []
    for at, (role, node) in enumerate(NODES):
        (tmp_path / f"token-{at}").write_text(started.tokens[role, node] + "\n")
        data = ("--data-folder", "copies") if role == "client" else ("--listen", "0.0.0.0:0")
        nodes.append(started.node(role, node, "--state", f"state-{at}", "--token-file", f"token-{at}", *data, token=""))
    started.finish(started.aggregator)
    for process in nodes:
        started.finish(process)
    assert (tmp_path / "many/checkpoint.pt").read_bytes() == (tmp_path / "one/checkpoint.pt").read_bytes()
