"""Peers that have no business in a training of many processes are refused by name, and it goes on."""

import sys

import pytest
from conftest import ROOT

sys.path.insert(0, str(ROOT / "benchmarks/training"))
pytestmark = [pytest.mark.usefixtures("needs_training"), pytest.mark.optimised]


def test_hostile_peers_are_named_in_the_log_and_the_others_train_on(splitlane):
    pytest.importorskip("grpc", reason="python3-grpcio is not installed")
    import hostile

    with hostile.start(splitlane.binary, splitlane.folder, 100_000, time_scale=0.2) as cluster:
        cluster.wait_for_round(1)
        attacks = hostile.Attacks(cluster, splitlane.folder, connections=20).all()
        # Those that wait for a time-out, once is enough.
        attacks = [one for one in attacks if one[1] == "aggregator" or "nothing" not in one[0]]
        rows = hostile.attack(cluster, attacks)
        assert len(rows) == len(attacks)
        for name, node, _, said, line in rows:
            assert said != "accepted", name
            assert line.startswith("refused: "), (name, node, said, cluster.output(node))
        # Each was told what the log says, where there is a stream to tell it on.
        assert sum(said in line for _, _, _, said, line in rows) == len(rows) - 3
        cluster.wait_for_round(cluster.rounds()[-1]["round"] + 2)
        assert not any("lost" in one for one in cluster.rounds())
        secret = cluster.tokens["client c0"].split(".")[0]
        assert secret not in cluster.output("helper h0") + "".join(cluster.output("aggregator").partition("refused")[1:])
