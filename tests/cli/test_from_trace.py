"""splitlane profile from-trace and splitlane explain."""

import json
import re
import shutil

import pytest
from conftest import EXAMPLES
from test_verbs import EXAMPLE

PLAN = EXAMPLES / "resnet101_30x5.plan.json"


@pytest.fixture
def trace(splitlane, tmp_path):
    """A path to the trace of an execution in which client c3 took three times as long."""
    outcome = splitlane("simulate", EXAMPLE, PLAN, "--executions", 1, "--rules", "planned", "--straggler", "c3=3", "-q",
                        "-o", "trace.json")  # fmt: skip
    assert outcome.code == 0, outcome.err
    return tmp_path / "trace.json"


def test_the_table_has_a_row_for_each_step_and_the_ratio_to_the_profile(splitlane, trace):
    outcome = splitlane("profile", "from-trace", EXAMPLE, trace)
    assert outcome.code == 0 and outcome.err == ""
    rows = [line.split() for line in outcome.out.splitlines()]
    steps = [row for row in rows if row[:1] == ["c3"]]
    assert [(row[3], row[-1]) for row in steps] == [
        ("release", "3.000"), ("forward", "1.000"), ("turnaround", "3.000"), ("backward", "1.000"), ("tail", "3.000"),
    ]  # fmt: skip


def test_the_instance_of_an_undisturbed_execution_is_the_instance_itself(splitlane, tmp_path):
    assert splitlane("simulate", EXAMPLE, PLAN, "--executions", 1, "--rules", "planned", "-q", "-o", "trace.json").code == 0
    assert splitlane("profile", "from-trace", EXAMPLE, "trace.json", "-q", "-o", "measured.json").code == 0
    assert (tmp_path / "measured.json").read_bytes() == EXAMPLE.read_bytes()


def test_the_measured_instance_is_planned_as_it_is(splitlane, trace):
    again = shutil.copy(trace, trace.with_name("again.json"))
    piped = splitlane("profile", "from-trace", EXAMPLE, trace, again, "-o", "-")
    assert json.loads(piped.out)["format"] == "splitlane-instance"  # and no table behind it
    assert splitlane("profile", "from-trace", EXAMPLE, trace, "-q", "-o", "measured.json").code == 0
    assert splitlane("plan", "measured.json", "-q", "-o", "plan.json").code == 0
    assert splitlane("check", "measured.json", "plan.json").code == 0


def test_explain_gives_parts_that_add_up_and_names_the_slow_client(splitlane, trace):
    outcome = splitlane("explain", EXAMPLE, PLAN, trace)
    assert outcome.code == 0 and outcome.err == ""
    planned, measured = map(float, re.search(r"planned ([\d.]+), measured ([\d.]+)", outcome.out).groups())
    lines = outcome.out.splitlines()
    first = next(index for index, line in enumerate(lines) if line.startswith("why")) + 1
    parts = [float(line.split()[0]) for line in lines[first : first + 5]]
    assert sum(parts) == pytest.approx(measured - planned, abs=1)  # rounded to five digits
    assert "client c3 completes last" in outcome.out
    assert re.search(r"device +[\d.]+  client c3 and its link", outcome.out)


@pytest.mark.parametrize("verb", [("profile", "from-trace", EXAMPLE), ("explain", EXAMPLE, PLAN)])
def test_a_trace_that_is_not_valid_is_refused(splitlane, trace, verb):
    document = json.loads(trace.read_text())
    document["clients"][0]["batches"][0]["release"] = 10**12
    trace.write_text(json.dumps(document))
    outcome = splitlane(*verb, trace)
    assert outcome.code == 3 and "the trace is not valid" in outcome.error()["message"]


def test_a_round_that_is_not_valid_is_refused_by_explain(splitlane, trace, write):
    small = EXAMPLES / "three_clients.json"
    followed = json.loads((EXAMPLES / "three_clients.round.json").read_text())
    followed["helpers"][0]["segments"][0]["start"] = 0  # before the client's activations are there
    outcome = splitlane("explain", small, write(followed, "round.json"), EXAMPLES / "three_clients.trace.json")
    assert outcome.code == 3 and "no round that was followed" in outcome.error()["message"]


def test_where_a_client_moved_the_plan_is_needed(splitlane):
    done = splitlane("simulate", EXAMPLE, PLAN, "--executions", 1, "--rules", "planned", "--lose", "h1@8000", "--replan", "-q",
                     "-o", "trace.json")  # fmt: skip
    assert done.code == 0, done.err
    outcome = splitlane("profile", "from-trace", EXAMPLE, "trace.json")
    assert outcome.code == 2 and "--plan is needed" in outcome.error()["message"]
    assert splitlane("profile", "from-trace", EXAMPLE, "trace.json", "--plan", PLAN).code == 0


@pytest.mark.parametrize("plan", [(), ("--plan", PLAN)], ids=["without_plan", "with_plan"])
def test_a_client_that_the_trace_has_not_is_named(splitlane, trace, plan):
    document = json.loads(trace.read_text())
    gone = document["clients"].pop(2)["id"]
    for helper in document["helpers"]:
        helper["segments"] = [segment for segment in helper["segments"] if segment["client"] != gone]
    trace.write_text(json.dumps(document))
    outcome = splitlane("profile", "from-trace", EXAMPLE, trace, *plan)
    assert outcome.code == 3 and f'the trace has no client "{gone}"' in outcome.error()["message"]


def test_the_same_trace_given_twice_is_refused_by_name(splitlane, trace):
    outcome = splitlane("profile", "from-trace", EXAMPLE, trace, trace.parent / "." / "trace.json")
    assert outcome.code == 2 and "the same trace twice" in outcome.err and "trace.json" in outcome.err


def test_a_plan_that_no_trace_followed_is_named(splitlane, trace):
    assert splitlane("plan", EXAMPLE, "--method", "random-fcfs", "-q", "-o", "other.json").code == 0
    outcome = splitlane("profile", "from-trace", EXAMPLE, trace, "--plan", PLAN, "--plan", "other.json")
    assert outcome.code == 0 and outcome.err == "note: --plan other.json: none of the traces followed it\n"
    assert splitlane("profile", "from-trace", EXAMPLE, trace, "--plan", "other.json", "-q", "-o", "m.json").err == ""


def test_explain_refuses_a_trace_in_which_a_helper_was_lost(splitlane):
    outcome = splitlane("simulate", EXAMPLE, PLAN, "--executions", 1, "--rules", "planned", "--lose", "h1@8000", "--replan", "-q", "-o",
                        "lossy.json")  # fmt: skip
    assert outcome.code == 0, outcome.err
    refused = splitlane("explain", EXAMPLE, PLAN, "lossy.json")
    assert refused.code == 2 and 'the event "lost" of "h1"' in refused.err, refused.err
