"""Nodes of a training on many machines leave when their user wants, or the aggregator's; others take no harm."""

import json
import signal

import pytest

from test_many_machines import NODES, Cluster, cluster, log_line, read_tokens, refused, rounds_of, small_training, start_nodes  # noqa: F401

pytestmark = [pytest.mark.usefixtures("needs_training"), pytest.mark.optimised]

MANY_ROUNDS = 100_000  # more than any test waits for


def begun(splitlane, cluster, path) -> tuple[Cluster, dict]:  # noqa: F811
    """A training in its second round at least, and its nodes."""
    one = cluster(path)
    read_tokens(one)
    nodes = dict(zip(NODES, start_nodes(one), strict=True))
    assert one.aggregator.stdout.readline().startswith(b"round 1/")
    return one, nodes


def wait_for_round_with(splitlane, one: Cluster, words: str) -> dict:
    while True:
        assert one.aggregator.poll() is None
        for line in rounds_of(splitlane.folder / "many"):
            if words in json.dumps(line.get("lost", ""), ensure_ascii=False):
                return line


def end(one: Cluster, nodes: dict) -> str:
    one.aggregator.send_signal(signal.SIGINT)
    error = one.finish(one.aggregator)[1]
    for process in nodes.values():
        one.finish(process)
    return error


def test_ctrl_c_at_a_node_ends_its_part_in_order_and_the_training_goes_on(splitlane, small_training, cluster):  # noqa: F811
    one, nodes = begun(splitlane, cluster, small_training(rounds=MANY_ROUNDS))
    for node, words in ((("client", "C0"), "leaves after its batch"), (("helper", "h1"), "leaves after the round of its clients")):
        leaving = nodes.pop(node)
        leaving.send_signal(signal.SIGINT)
        out, error = one.finish(leaving)
        name = " ".join(node)
        assert f"{name} {words}; Ctrl-C ends at once" in error
        assert f"{name} has left; the training goes on without it" in out
        # It is missing from the next round on, as one that is not there: nobody waited for its stream to end.
        wait_for_round_with(splitlane, one, f"{name}: not there when the round was planned")
    # It stays a member, and comes back without a token.
    nodes["client", "C0"] = one.node("client", "C0", "--state", "state-3", token="")
    while "lost" not in (last := rounds_of(splitlane.folder / "many")[-1]) or "client C0" in json.dumps(last["lost"]):
        assert one.aggregator.poll() is None
    end(one, nodes)
    trace = json.loads(max((splitlane.folder / "many").glob("trace-*.json")).read_text())
    assert trace["clients"]


def test_a_node_that_is_asked_to_leave_does_its_work_first_and_may_come_back(splitlane, small_training, cluster):  # noqa: F811
    path = small_training(rounds=MANY_ROUNDS)
    instance = json.loads((splitlane.folder / "small.json").read_text())
    for helper in instance["helpers"]:
        helper["memory_mb"] = 12  # for all three clients, which need 4 each
    (splitlane.folder / "small.json").write_text(json.dumps(instance))
    one, nodes = begun(splitlane, cluster, path)
    listed = splitlane("nodes", "list", "many").out
    assert listed.startswith("the aggregator runs\n")
    while listed.count("takes part, certificate until 2") < len(NODES):  # the aggregator says so once a second
        assert one.aggregator.poll() is None
        listed = splitlane("nodes", "list", "many").out

    drained = splitlane("nodes", "drain", "many", "helper", "h1")
    assert drained.out == "helper h1 leaves after the round of its clients\n"
    assert "helper h1 has left; the training goes on without it" in one.finish(nodes.pop(("helper", "h1")))[0]
    missing = wait_for_round_with(splitlane, one, "helper h1: not there")
    assert not any("client" in line for line in missing["lost"])
    again = splitlane("nodes", "drain", "many", "helper", "h1")
    while again.code == 0:  # until the aggregator has said that it is gone
        again = splitlane("nodes", "drain", "many", "helper", "h1")
    assert "many: the node does not take part: got helper h1" in again.err
    end(one, nodes)
    assert splitlane("nodes", "list", "many").out.startswith("no aggregator runs in this folder\n")
    assert "no aggregator runs" in splitlane("nodes", "drain", "many", "helper", "h0").err


def test_a_node_that_is_removed_takes_part_no_more(splitlane, small_training, cluster):  # noqa: F811
    one, nodes = begun(splitlane, cluster, small_training(rounds=MANY_ROUNDS))
    assert splitlane("nodes", "remove", "many", "client", "c0").code == 0
    # Its stream is ended by the aggregator, and no other is opened for it.
    assert "the node was removed" in one.finish(nodes.pop(("client", "c0")), code=4)[1]
    wait_for_round_with(splitlane, one, "client c0")
    assert "of a node that was removed" in refused(one, one.node("client", "c0", "--state", "state-2", token=""))
    assert "client c0" in splitlane("nodes", "list", "many").out
    twice = splitlane("nodes", "remove", "many", "client", "c0")
    assert twice.code == 2 and "the node is no member: got client c0" in twice.err
    end(one, nodes)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("list", "empty"), 'empty: no folder of a training on many machines: got no folder "authority"'),
        (("remove", "many", "aggregator", "x"), "ROLE: no such role: got aggregator, expected helper or client"),
        (("remove", "many", "client", "c7"), "ID: no such node in this training: got client c7"),
        (("drain", "many", "client"), "ID is required"),
    ],
)
def test_what_is_asked_of_no_training_or_no_node_is_refused(splitlane, small_training, cluster, words, message):  # noqa: F811
    (splitlane.folder / "empty").mkdir()
    read_tokens(cluster(small_training(rounds=1)))
    told = splitlane("nodes", *words)
    assert told.code == 2 and message in told.err
