"""check names what is wrong with a plan that can be read, and exits 3."""

import json

import pytest
from conftest import EXAMPLES


@pytest.fixture
def planned(splitlane, write, small) -> dict:
    """A valid plan of the small instance, which is written too."""
    write(small)
    return json.loads(splitlane("plan", "instance.json").out)


def swap_segments(plan: dict) -> None:
    segments = next(helper["segments"] for helper in plan["helpers"] if len(helper["segments"]) > 1)
    segments.reverse()


def first_segment(plan: dict) -> dict:
    return next(helper["segments"] for helper in plan["helpers"] if helper["segments"])[0]


CHANGES = {
    "makespan": lambda plan: plan.update(makespan=plan["makespan"] + 1),
    "bound": lambda plan: plan.update(lower_bound=plan["makespan"] + 1),
    "client_times": lambda plan: plan["clients"][0].update(completion=0),
    "forward_early": lambda plan: first_segment(plan).update(start=0),
    "no_option": lambda plan: plan["clients"].pop(),
    "segment_order": swap_segments,
}


@pytest.mark.parametrize("kind", CHANGES)
def test_violation_is_counted_and_named(splitlane, write, planned, kind):
    CHANGES[kind](planned)
    write(planned, "plan.json")
    outcome = splitlane("check", "instance.json", "plan.json")
    assert outcome.code == 3 and outcome.err == ""
    lines = outcome.out.splitlines()
    assert lines[0].startswith("invalid: ")
    assert any(line.split() == ["1", kind] for line in lines), outcome.out
    assert any(line.startswith(f"{kind}: ") for line in lines), outcome.out


@pytest.mark.parametrize("key, value", [("sha256", "0" * 64), ("name", "another"), ("time_unit", "s")])
def test_plan_of_another_instance_is_a_violation(splitlane, write, planned, key, value):
    planned["instance"][key] = value
    write(planned, "plan.json")
    outcome = splitlane("check", "instance.json", "plan.json")
    assert outcome.code == 3
    assert [line for line in outcome.out.splitlines() if line.startswith("instance: ") and key in line]


def test_quiet_check_only_exits_3(splitlane, write, planned):
    write(dict(planned, makespan=1), "plan.json")
    outcome = splitlane("check", "instance.json", "plan.json", "--quiet")
    assert (outcome.code, outcome.out, outcome.err) == (3, "", "")


def test_report_refuses_a_plan_that_is_not_valid(splitlane, write, planned, tmp_path):
    write(dict(planned, makespan=1), "plan.json")
    outcome = splitlane("report", "instance.json", "plan.json", "-o", "gantt.svg")
    assert outcome.code == 3
    assert outcome.error()["code"] == "violations"
    assert not (tmp_path / "gantt.svg").exists()


THREE = EXAMPLES / "three_clients.json"
THREE_PLAN = EXAMPLES / "three_clients.plan.json"


@pytest.fixture
def trace() -> dict:
    return json.loads((EXAMPLES / "three_clients.trace.json").read_text())


def test_trace_of_the_plan_is_valid(splitlane):
    outcome = splitlane("check", THREE, THREE_PLAN, "--trace", EXAMPLES / "three_clients.trace.json")
    assert outcome.code == 0
    assert outcome.out.splitlines()[-1] == "valid trace: makespan 16000000 us, rule planned"


def test_flaw_of_a_trace_is_named(splitlane, write, trace):
    trace["helpers"][0]["segments"][1]["start"] -= 1
    outcome = splitlane("check", THREE, THREE_PLAN, "--trace", write(trace, "trace.json"))
    assert outcome.code == 3
    assert outcome.out.splitlines()[1:] == [
        "invalid trace: 1 violation",
        'helper "desk": a segment starts at 2999999, but the one before ends at 3000000',
    ]


@pytest.mark.parametrize("file", ["instance", "plan"])
def test_trace_of_another_file_is_refused(splitlane, write, trace, file):
    trace[file]["sha256"] = "0" * 64
    outcome = splitlane("check", THREE, THREE_PLAN, "--trace", write(trace, "trace.json"))
    assert outcome.code == 3
    assert f"{file} " in outcome.out and "0" * 64 in outcome.out


def test_trace_that_cannot_be_read_is_an_error(splitlane, write, trace):
    del trace["rule"]
    error = splitlane("check", THREE, THREE_PLAN, "--trace", write(trace, "trace.json")).error()
    assert (error["code"], error["exit_code"]) == ("missing_key", 2)
    assert "trace.json" in error["where"]


THREE_ROUND = EXAMPLES / "three_clients.round.json"
THREE_BATCHES = EXAMPLES / "three_clients.batches.json"


def test_round_is_checked_like_a_plan(splitlane, write):
    outcome = splitlane("check", THREE, THREE_ROUND)
    assert (outcome.code, outcome.out) == (0, "valid round: makespan 58, lower bound 52, 3 clients, 2 helpers\n")
    document = json.loads(THREE_ROUND.read_text())
    document["clients"][0]["completion"] += 1
    outcome = splitlane("check", THREE, write(document, "round.json"))
    assert outcome.code == 3
    assert outcome.out.splitlines() == [
        "invalid round: 1 violation",
        'client "phone": completion is given as 59, but the segments give 58',
    ]
    document["instance"]["name"] = "another"
    outcome = splitlane("check", THREE, write(document, "round.json"))
    assert outcome.out.startswith("invalid round: 2 violations\ninstance: the round was made for name \"another\"")


def test_ways_that_the_round_says_were_tried_are_checked(splitlane, write):
    document = json.loads(THREE_ROUND.read_text())
    document["ways"][1]["makespan"] = 57  # that of the round, which its segments say ends at 58
    document["ways"][2]["makespan"] = 54  # would have been kept
    outcome = splitlane("check", THREE, write(document, "round.json"))
    assert outcome.code == 3
    assert outcome.out.splitlines() == [
        "invalid round: 3 violations",
        "way order: makespan is given as 57, but the segments give 58",
        "way priority: lower bound 55 is above its makespan 54",
        "way priority: makespan 54, but the round, the best of all, has 58",
    ]


def test_round_with_a_barrier_is_checked_too(splitlane):
    written = splitlane("round", THREE, THREE_PLAN, "--batches", THREE_BATCHES, "--mode", "barrier", "-q", "-o", "round.json")
    assert written.code == 0, written.err
    assert splitlane("check", THREE, "round.json").out.startswith("valid round: makespan 64, ")


def test_trace_of_a_round_is_held_against_the_round(splitlane, write):
    options = ("--batches", THREE_BATCHES, "--noise", "0.2", "--executions", "1", "-q", "-o", "trace.json")
    assert splitlane("simulate", THREE, THREE_PLAN, *options).code == 0
    outcome = splitlane("check", THREE, THREE_ROUND, "--trace", "trace.json")
    assert outcome.code == 0 and [line.split(":")[0] for line in outcome.out.splitlines()] == ["valid round", "valid trace"]
    trace = json.loads((splitlane.folder / "trace.json").read_text())
    trace["clients"][0]["helper"] = "cloud"
    outcome = splitlane("check", THREE, THREE_ROUND, "--trace", write(trace, "trace.json"))
    assert outcome.code == 3 and "but the plan says helper \"desk\"" in outcome.out


def test_document_that_is_neither_plan_nor_round_is_named(splitlane):
    outcome = splitlane("check", THREE, THREE_BATCHES)
    assert outcome.code == 2 and outcome.error()["what"] == "the document is of kind batches, not plan"
