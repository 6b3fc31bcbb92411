"""Whatever dies in a training of many processes, it goes on: killed helpers and a killed aggregator change no bit, and nodes look for
an aggregator that is gone."""

import contextlib
import socket
import sys
import threading

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks/training"))
pytestmark = [pytest.mark.usefixtures("needs_training"), pytest.mark.optimised]


def test_killed_helpers_and_a_killed_aggregator_change_no_bit(splitlane):
    import chaos
    from cluster import Cluster

    training = chaos.write_problem(splitlane.binary, splitlane.folder, rounds=24, clients_too=False)
    with Cluster(splitlane.binary, training, splitlane.folder) as cluster:
        cluster.start_nodes()
        befallen = chaos.Chaos(cluster, None, seed=1, clients_too=False)
        for name in ("helper h0", "aggregator", "helper h1", "helper h2"):
            assert befallen.wait_for(befallen.last_round() + 2)
            cluster.kill(name)
            befallen.restart(name)
        cluster.finish()
        assert not befallen.failed
        assert [one["round"] for one in cluster.rounds()] == [*range(1, 25)]
        began, promised = chaos.redone(cluster)
        assert began <= promised
    assert chaos.same_weights(splitlane.binary, splitlane.folder)


class Relay:
    """Hands connections on to an address, but for the second, which it drops: as if the aggregator died once it was reached."""

    def __init__(self, address: str):
        host, port = address.split(":")
        self.target = (host, int(port))
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.accepted = 0
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                near, _ = self.listener.accept()
                self.accepted += 1
                if self.accepted == 2:
                    near.close()
                    continue
                far = socket.create_connection(self.target)
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self.hand_on, args=(one, other), daemon=True).start()

    @staticmethod
    def hand_on(one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(1 << 16):
                other.sendall(data)
        with contextlib.suppress(OSError):
            other.shutdown(socket.SHUT_WR)


def test_a_node_whose_aggregator_dies_once_it_was_reached_looks_for_it_again(splitlane):
    import chaos
    from cluster import Cluster, wait_for

    training = chaos.write_problem(splitlane.binary, splitlane.folder, rounds=2, clients_too=False)
    with Cluster(splitlane.binary, training, splitlane.folder) as cluster:
        # It is admitted, and comes back by the relay.
        cluster.start_node("helper h0")
        wait_for(lambda: "takes part" in cluster.output("helper h0"), "admission")
        cluster.kill("helper h0")
        relay = Relay(cluster.address)
        aggregator, cluster.address = cluster.address, relay.address
        cluster.start_node("helper h0")
        cluster.address = aggregator
        wait_for(lambda: "looks for it for" in cluster.output("helper h0"), "a second look")
        for name in cluster.nodes:
            if name != "helper h0":
                cluster.start_node(name)
        cluster.finish()
        relay.listener.close()
        assert relay.accepted > 2
        assert cluster.output("helper h0").count("takes part") == 2
