"""--log: one line an event, as docs/logs.md says, and no secret in any of them."""

import json
import re
from pathlib import Path

import pytest
from conftest import ROOT
from test_many_machines import NODES, cluster, read_tokens, small_training, start_nodes  # noqa: F401: fixtures

SOURCE = ROOT / "apps/splitlane-training/event_log.cpp"


def documented() -> dict[str, tuple[str, str]]:
    """Level and fields of each event of the page."""
    page = (ROOT / "docs/logs.md").read_text()
    return {name: (level, fields) for name, level, fields in re.findall(r"^\| `(\w+)` \| (\w+) \| (.*?) \|", page, re.MULTILINE)}


def events_of(err: str) -> list[dict]:
    """Every line is an event of the page, with no other fields than it says."""
    events = [json.loads(line) for line in err.splitlines()]
    for event in events:
        assert list(event)[:4] == ["time", "level", "event", "node"]
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"])
        level, fields = documented()[event["event"]]
        assert event["level"] == level
        assert set(list(event)[4:]) <= set(re.findall(r"\w+", fields)), event
    return events


def test_the_page_has_the_events_of_the_program_with_their_levels():
    in_source = dict(re.findall(r'EventName\{"(\w+)", "(\w+)"\}', SOURCE.read_text()))
    assert {name: level for name, (level, _) in documented().items()} == in_source
    assert list(documented()) == list(in_source)


@pytest.mark.usefixtures("needs_training")
def test_train_tells_every_round(splitlane, training):
    outcome = splitlane("train", training(), "-o", "run", "-q", "--log", "json")
    assert (outcome.code, outcome.out) == (0, "")
    events = events_of(outcome.err)
    names = [event["event"] for event in events]
    assert names[0] == "training_started" and "training_finished" in names
    rounds = [event for event in events if event["event"] == "round_finished"]
    metrics = [json.loads(line) for line in (splitlane.folder / "run/metrics.jsonl").read_text().splitlines()]
    assert [(event["round"], event["loss"], event["bytes"]) for event in rounds] == [
        (line["round"], line["loss"], line["bytes"]) for line in metrics
    ]
    # For people the same notes are lines, and rounds are on standard output.
    notes = [event["message"] for event in events if event["event"] == "note"]
    assert splitlane("train", training(), "-o", "other", "-q").err == "".join(f"note: {note}\n" for note in notes)


@pytest.mark.usefixtures("needs_training")
def test_a_failure_is_an_event_too(splitlane, training):
    outcome = splitlane("train", training(setup="missing\u0007.json"), "-o", "run", "--log", "json")
    assert outcome.code == 2
    failed = events_of(outcome.err)[-1]
    assert failed["event"] == "failed" and "missing" in failed["message"]
    assert failed["code"] == json.loads(outcome.out)["code"]


@pytest.mark.optimised
@pytest.mark.usefixtures("needs_training")
def test_logs_of_many_machines_name_every_node_and_hold_no_secret(splitlane, small_training, cluster):  # noqa: F811
    started = cluster(small_training(), "--log", "json")
    read_tokens(started)
    wrong = started.node("client", "c0", "--log", "json", token="0" * 32 + "." + "0" * 64)
    logs = [started.finish(wrong, code=2)[1]]
    nodes = [
        started.node(role, node, "--state", f"state-{at}", "--log", "json") for at, (role, node) in enumerate(NODES)
    ]
    logs.append(started.finish(started.aggregator)[1])
    logs += [started.finish(process)[1] for process in nodes]
    events = [events_of(log) for log in logs]
    members = {f"{role} {node}" for role, node in NODES}
    assert {event["member"] for event in events[1] if event["event"] == "member_joined"} == members
    assert {event["member"] for event in events[1] if event["event"] in ("member_left", "member_lost")} <= members
    assert [event["node"] for log in events[2:] for event in log if event["event"] == "takes_part"] == [
        f"{role} {node}" for role, node in NODES
    ]
    secrets = {token.split(".")[0] for token in started.tokens.values()}
    keys = [line for path in splitlane.folder.rglob("*.pem") for line in Path(path).read_text().splitlines() if line[:5] != "-----"]
    assert len(secrets) == 2 and keys
    for log in logs:
        assert not any(secret in log for secret in (*secrets, *keys))
