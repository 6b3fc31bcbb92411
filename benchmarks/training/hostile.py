#!/usr/bin/python3
"""Peers that have no business in a training of many processes, or misbehave in it: how fast each is refused, what the log says, and
whether the others notice.

usage: benchmarks/training/hostile.py SPLITLANE [--connections N] [--rounds N] [--keep FOLDER]

Needs python3-grpcio, protoc and openssl. Three clients and two helpers train on emulated devices, so that their rounds take always the
same. After ten rounds the peers come, one after the other, and again until `--rounds` rounds are over. Prints a table of peers, and the
median makespan before and meanwhile. The program's processes run at real-time priority where that is allowed.
"""

import argparse
import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from cluster import Cluster, wait_for, write_instance, write_training

ROOT = Path(__file__).resolve().parents[2]
QUIET_ROUNDS = 10
AGGREGATOR = "aggregator.splitlane"


def domain(name: str) -> str:
    role, node = name.split()
    return f"{node.encode().hex()}.{role}.splitlane"


def openssl(*words, stdin: str = "") -> str:
    done = subprocess.run(["openssl", *map(str, words)], input=stdin, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr)
    return done.stdout


class Certificates:
    """Keys and certificates of peers: of a node of the training, and forged ones."""

    def __init__(self, cluster: Cluster, folder: Path, node: str):
        self.folder = folder
        folder.mkdir()
        self.authority = (cluster.run / "authority/authority.pem").read_bytes()
        state = cluster.folder / node.replace(" ", "-")
        self.own = ((state / "key.pem").read_bytes(), (state / "certificate.pem").read_bytes())
        authority = cluster.run / "authority"
        # -1: since yesterday.
        self.expired = self._signed(node, authority / "authority.pem", authority / "authority-key.pem", "expired", -1)
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=splitlane training",
                "-keyout", folder / "other-key.pem", "-out", folder / "other.pem")  # fmt: skip
        self.other_authority = self._signed(node, folder / "other.pem", folder / "other-key.pem", "forged", 30)

    def _signed(self, node: str, authority: Path, key: Path, name: str, days: int) -> tuple[bytes, bytes]:
        own_key, request, certificate = (self.folder / f"{name}.{kind}" for kind in ("key", "request", "certificate"))
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=node", "-keyout", own_key, "-out",
                request)  # fmt: skip
        extensions = self.folder / "extensions"
        extensions.write_text(f"subjectAltName=DNS:{domain(node)}\nbasicConstraints=critical,CA:FALSE\n"
                              "keyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth,clientAuth\n")  # fmt: skip
        openssl("x509", "-req", "-in", request, "-CA", authority, "-CAkey", key, "-days", days, "-extfile", extensions, "-out", certificate)
        return own_key.read_bytes(), certificate.read_bytes()


def protocol(folder: Path):
    """The module of the messages, made by protoc."""
    subprocess.run(["protoc", f"--proto_path={ROOT / 'training/protocol'}", f"--python_out={folder}", "training.proto"], check=True)
    sys.path.insert(0, str(folder))
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
    import training_pb2

    return training_pb2


class Peer:
    """Opens one stream, says what it is told to, and hears how it ends."""

    def __init__(self, address: str, target: str, authority: bytes, identity: tuple[bytes, bytes] | None):
        import grpc

        self.grpc = grpc
        key, certificate = identity or (None, None)
        self.channel = grpc.secure_channel(
            address, grpc.ssl_channel_credentials(authority, key, certificate),
            options=[("grpc.ssl_target_name_override", target), ("grpc.use_local_subchannel_pool", 1)],
        )  # fmt: skip

    def __enter__(self):
        grpc_ready = self.grpc.channel_ready_future(self.channel)
        grpc_ready.result(timeout=10)
        return self

    def __exit__(self, *_):
        self.channel.close()

    def ask(self, method: str, question) -> tuple[float, str]:
        call = self.channel.unary_unary(f"/splitlane.training.v2.Nodes/{method}", request_serializer=lambda one: one.SerializeToString())
        begin = time.monotonic()
        try:
            call(question, timeout=10)
            reason = "accepted"
        except self.grpc.RpcError as error:
            reason = error.details()
        return time.monotonic() - begin, reason

    def exchange(self, frames) -> tuple[float, str]:
        """Frames are sent as long as they are taken."""
        call = self.channel.stream_stream("/splitlane.training.v2.Nodes/Exchange", request_serializer=lambda one: one.SerializeToString())
        begin = time.monotonic()
        ended = threading.Event()

        def sent():
            yield from frames
            ended.wait()  # a stream that this side ends is not refused

        stream = call(sent(), timeout=20)
        try:
            for _ in stream:
                pass
            reason = "accepted"
        except self.grpc.RpcError as error:
            reason = error.details()
        finally:
            ended.set()
        return time.monotonic() - begin, reason


class Attacks:
    """Each attack: where it is refused, and what its reason or the log must have in it."""

    def __init__(self, cluster: Cluster, folder: Path, connections: int):
        self.cluster = cluster
        self.connections = connections
        self.thief = "client c2"
        self.certificates = Certificates(cluster, folder / "certificates", self.thief)
        (folder / "protocol").mkdir()
        self.messages = protocol(folder / "protocol")
        self.secret = cluster.tokens[self.thief].split(".")[0]
        self.helper = wait_for(self.helper_address, "a helper's address")

    def helper_address(self) -> str | None:
        """Where a helper listens, as the kernel says."""
        inodes = set()
        pid = self.cluster.processes["helper h0"].pid
        for file in Path(f"/proc/{pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                inodes.add(os.readlink(file).removeprefix("socket:[").removesuffix("]"))
        for table in ("tcp", "tcp6"):  # gRPC takes sockets of both families for IPv4
            for line in Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
                words = line.split()
                if words[3] == "0A" and words[9] in inodes:
                    return f"127.0.0.1:{int(words[1].split(':')[1], 16)}"
        return None

    def frame(self, **fields):
        return self.messages.Frame(message=self.messages.Message(**fields))

    def hello(self, name: str, version: int = 2):
        role, node = name.split()
        number = {"helper": self.messages.NODE_ROLE_HELPER, "client": self.messages.NODE_ROLE_CLIENT}[role]
        address = "127.0.0.1:1" if role == "helper" else ""
        return self.frame(hello={"version": version, "node": {"role": number, "id": node}, "address": address})

    def to_aggregator(self, identity) -> Peer:
        return Peer(self.cluster.address, AGGREGATOR, self.certificates.authority, identity)

    def to_helper(self, identity) -> Peer:
        return Peer(self.helper, domain("helper h0"), self.certificates.authority, identity)

    def said(self, peer: Peer, *frames) -> tuple[float, str]:
        with peer:
            return peer.exchange(frames)

    def tensor(self, shape):
        messages = self.messages
        return self.frame(batch_tensor={
            "kind": messages.BATCH_TENSOR_KIND_ACTIVATIONS, "round": 1, "client": 2, "batch": 0, "deliver_at": 0,
            "value": {"type": messages.DATA_TYPE_FLOAT32, "shape": shape},
        })  # fmt: skip

    def weights(self, shape):
        value = {"name": "weight", "value": {"type": self.messages.DATA_TYPE_FLOAT32, "shape": shape}}
        return self.frame(part_weights={"round": 1, "attempt": 1, "client": 2, "first_layer": 1, "layers": [{"tensors": [value]}]})

    def endless(self):
        """Frames that were not announced, without an end."""
        payload = self.messages.Frame(payload=bytes(1 << 16))
        while True:
            yield payload

    def endless_words(self):
        word = self.frame(ready={"round": 1, "attempt": 1})
        while True:
            yield word

    def used_token(self) -> tuple[float, str]:
        request = openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=node", "-addext",
                          f"subjectAltName=DNS:{domain(self.thief)}", "-keyout", self.certificates.folder / "new.key")  # fmt: skip
        with self.to_aggregator(None) as peer:
            return peer.ask("Admit", self.messages.AdmitQuestion(secret=self.secret, request=request))

    def garbage(self, address: str) -> tuple[float, str]:
        host, port = address.split(":")
        begin = time.monotonic()
        with socket.create_connection((host, int(port)), timeout=20) as plain:
            plain.sendall(b"\x00garbage\xff" * 50)
            with contextlib.suppress(ConnectionError):
                while plain.recv(4096):
                    pass
        return time.monotonic() - begin, "the connection is closed"

    def silent_connections(self, address: str) -> tuple[float, str]:
        host, port = address.split(":")
        begin = time.monotonic()
        with contextlib.ExitStack() as all_of_them:
            connections = [all_of_them.enter_context(socket.create_connection((host, int(port)), timeout=20)) for _ in range(self.connections)]
            for plain in connections:
                with contextlib.suppress(ConnectionError):
                    plain.recv(1)
        return time.monotonic() - begin, f"{self.connections} connections are closed"

    def all(self) -> list[tuple]:
        """Name, who refuses, the attack, what the log must say."""
        own = self.certificates.own
        everyone = self.cluster.address
        return [
            ("no certificate", "aggregator", lambda: self.said(self.to_aggregator(None), self.hello(self.thief)), "the peer shows none"),
            ("a certificate of another authority", "aggregator",
             lambda: self.said(self.to_aggregator(self.certificates.other_authority), self.hello(self.thief)), "certificate"),
            ("an expired certificate", "aggregator",
             lambda: self.said(self.to_aggregator(self.certificates.expired), self.hello(self.thief)), "expired"),
            ("another role than its certificate's", "aggregator", lambda: self.said(self.to_aggregator(own), self.hello("helper h0")),
             "client c2: hello: another node than that of the certificate"),
            ("another client's id", "aggregator", lambda: self.said(self.to_aggregator(own), self.hello("client c0")),
             "client c2: hello: another node than that of the certificate"),
            ("a node that is there already", "aggregator", lambda: self.said(self.to_aggregator(own), self.hello(self.thief)),
             "client c2: hello: the node is there already"),
            ("a version too new", "aggregator", lambda: self.said(self.to_aggregator(own), self.hello(self.thief, 99)),
             "client c2: hello: another version of the protocol"),
            ("a token that is used up", "aggregator", self.used_token, "token: used up"),
            ("words before a hello", "aggregator", lambda: self.said(self.to_aggregator(own), *[self.frame(ready={"round": 1, "attempt": 1})]),
             "a hello first"),
            ("weights larger than the network's", "aggregator", lambda: self.said(self.to_aggregator(own), self.weights([1 << 28])),
             "weights: larger than any of the network"),
            ("frames without an end", "aggregator", lambda: self.said(self.to_aggregator(own), *self.some(self.endless())),
             "payload that was not announced"),
            ("an order's token of a round that is over", "helper h0",
             lambda: self.said(self.to_helper(own), self.frame(join={"round": 1, "attempt": 1, "client": 2, "token": "0" * 32})),
             "client c2: join: this helper does not serve the client in this round"),
            ("another client's place", "helper h0",
             lambda: self.said(self.to_helper(own), self.frame(join={"round": 1, "attempt": 1, "client": 0, "token": "0" * 32})),
             "client c2: join: another node than that of the certificate"),
            ("a tensor of a wrong shape", "helper h0", lambda: self.said(self.to_helper(own), self.tensor([1, 2, 3])), "client c2: tensor: "),
            ("no certificate", "helper h0", lambda: self.said(self.to_helper(None), self.hello(self.thief)), "the peer shows none"),
            ("frames without an end", "helper h0", lambda: self.said(self.to_helper(own), *self.some(self.endless_words())),
             "client c2: "),
            ("a stream on which nothing is said or read", "aggregator", lambda: self.said(self.to_aggregator(own)), "client c2: stream: "),
            ("a stream on which nothing is said or read", "helper h0", lambda: self.said(self.to_helper(own)), "client c2: stream: "),
            ("bytes that are no TLS", "aggregator", lambda: self.garbage(everyone), "TLS handshake: "),
            ("bytes that are no TLS", "helper h0", lambda: self.garbage(self.helper), "TLS handshake: "),
            ("connections that say nothing", "aggregator", lambda: self.silent_connections(everyone), "not through it in time"),
            ("connections that say nothing", "helper h0", lambda: self.silent_connections(self.helper), "not through it in time"),
        ]  # fmt: skip

    @staticmethod
    def some(frames, number: int = 2000):
        """A peer without an end cannot be waited for where it is not refused."""
        return [next(frames) for _ in range(number)]


def attack(cluster: Cluster, attacks: list[tuple]) -> list[tuple]:
    rows = []
    for name, node, run, needle in attacks:
        before = len(cluster.output(node))
        seconds, reason = run()
        with contextlib.suppress(TimeoutError):
            wait_for(lambda node=node, before=before, needle=needle: needle in cluster.output(node)[before:], name, 2)
        lines = [line for line in cluster.output(node)[before:].splitlines() if needle in line]
        rows.append((name, node, seconds, reason, lines[0] if lines else ""))
    return rows


def start(program, folder: Path, rounds: int, time_scale: float = 1, prefix=()) -> Cluster:
    write_instance(program, folder / "instance.json", "resnet8", 3, 2, 16)
    training = write_training(folder / "training.json", instance="instance.json", rounds=rounds, batch=16, batches_per_round=1,
                              emulation={"time_scale": time_scale}, checkpoint_every=0)  # fmt: skip
    names = ["aggregator", *(f"helper h{at}" for at in range(2)), *(f"client c{at}" for at in range(3))]
    cluster = Cluster(program, training, folder, prefixes=dict.fromkeys(names, prefix))
    cluster.start_nodes()
    return cluster


def real_time() -> tuple:
    allowed = shutil.which("chrt") and subprocess.run(["chrt", "-f", "10", "true"], capture_output=True, check=False).returncode == 0
    return ("chrt", "-f", "10") if allowed else ()


def benchmark(arguments, folder: Path) -> None:
    with start(arguments.program, folder, 100_000, prefix=real_time()) as cluster:
        cluster.wait_for_round(QUIET_ROUNDS)
        attacks = Attacks(cluster, folder, arguments.connections)
        first = cluster.rounds()[-1]["round"] + 1
        all_rows = []
        while cluster.rounds()[-1]["round"] < first + arguments.rounds:
            all_rows.append(attack(cluster, attacks.all()))
        rounds = cluster.rounds()
    print("| peer | refused by | after, at most | said to it | in the log |\n|---|---|--:|---|---|")
    for again in zip(*all_rows, strict=True):
        name, node, _, reason, line = again[0]
        print(f"| {name} | {node} | {1000 * max(row[2] for row in again):.0f} ms | {reason} | {line} |")
    quiet = [one["measured_us"] for one in rounds if 1 < one["round"] < first]
    attacked = [one["measured_us"] for one in rounds if one["round"] >= first]
    before, meanwhile = statistics.median(quiet) / 1e6, statistics.median(attacked) / 1e6
    print(f"\nmakespan planned {rounds[-1]['planned_us'] / 1e6:.3f} s; median of {len(quiet)} rounds before {before:.3f} s, of {len(attacked)} "
          f"meanwhile {meanwhile:.3f} s ({100 * (meanwhile / before - 1):+.1f} %), longest {max(attacked) / 1e6:.3f} s "
          f"({100 * (max(attacked) / 1e6 / before - 1):+.1f} %); lost: {sum('lost' in one for one in rounds)}")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--connections", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--keep", type=Path, help="folder for all documents and logs (default: a temporary one)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.keep or Path(name)
        folder.mkdir(parents=True, exist_ok=True)
        benchmark(arguments, folder)


if __name__ == "__main__":
    main()
