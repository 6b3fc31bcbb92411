"""A trace beside its plan: summary, page, figure and Chrome trace."""

import json
import re

import pytest
from conftest import EXAMPLES
from test_report_page import page_data
from test_verbs import EXAMPLE

PLAN = EXAMPLES / "resnet101_30x5.plan.json"


@pytest.fixture
def trace(splitlane, tmp_path):
    """A path to the trace of a noisy execution of the example's plan."""
    outcome = splitlane("simulate", EXAMPLE, PLAN, "--executions", 1, "--rules", "planned", "--noise", 0.2,
                        "--layers", 20, "-q", "-o", "trace.json")  # fmt: skip
    assert outcome.code == 0, outcome.err
    return tmp_path / "trace.json"


def late_tasks(trace: dict, plan: dict) -> int:
    """Counted from the documents: planned milliseconds against actual microseconds."""
    planned = {client["id"]: client for client in plan["clients"]}
    late = 0
    for client in trace["clients"]:
        batch = client["batches"][0]
        for end in ("forward_end", "backward_end"):
            late += batch[end] > 1000 * planned[client["id"]][end]
    return late


def test_summary_says_what_was_late_and_by_how_much(splitlane, trace):
    outcome = splitlane("report", EXAMPLE, PLAN, "--trace", trace)
    assert outcome.code == 0, outcome.err
    plan, document = json.loads(PLAN.read_text()), json.loads(trace.read_text())
    assert f"{late_tasks(document, plan)} of 60 tasks late" in outcome.out
    assert f"planned {plan['makespan']}, actual" in outcome.out
    helpers = [line for line in outcome.out.splitlines() if re.match(r" +h\d ", line)]
    assert len(helpers) == 5


def test_summary_without_a_trace_is_that_of_the_plan(splitlane):
    outcome = splitlane("report", EXAMPLE, PLAN)
    assert outcome.code == 0 and outcome.out.startswith("instance ")
    assert f"makespan     {json.loads(PLAN.read_text())['makespan']} ms" in outcome.out


def test_without_noise_everything_is_as_planned(splitlane):
    assert splitlane("simulate", EXAMPLE, PLAN, "--executions", 1, "--rules", "planned", "-q", "-o", "trace.json").code == 0
    outcome = splitlane("report", EXAMPLE, PLAN, "--trace", "trace.json")
    assert ": as planned" in outcome.out and "0 of 60 tasks late" in outcome.out


@pytest.mark.parametrize("output", ["trace.html", "trace.svg", "trace.events.json"])
def test_same_trace_gives_the_same_report(splitlane, trace, tmp_path, output):
    for name in (f"one.{output}", f"two.{output}"):
        outcome = splitlane("report", EXAMPLE, PLAN, "--trace", trace, "-o", name)
        assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert (tmp_path / f"one.{output}").read_bytes() == (tmp_path / f"two.{output}").read_bytes()


def test_page_holds_the_trace(splitlane, trace, tmp_path):
    assert splitlane("report", EXAMPLE, PLAN, "--trace", trace, "-o", "trace.html").code == 0
    told = page_data((tmp_path / "trace.html").read_text())["trace"]
    document = json.loads(trace.read_text())
    assert told["unit_us"] == 1000 and told["rule"] == "planned"
    assert told["batches"]["completion"] == [client["batches"][0]["completion"] for client in document["clients"]]
    assert told["makespan"] == max(told["batches"]["completion"])
    assert told["critical_path"]["start"][0] == 0 and told["critical_path"]["end"][-1] == told["makespan"]


def test_chrome_trace_has_planned_and_actual_tracks(splitlane, trace, tmp_path):
    assert splitlane("report", EXAMPLE, PLAN, "--trace", trace, "-o", "events.json").code == 0
    events = json.loads((tmp_path / "events.json").read_text())["traceEvents"]
    names = [event["args"]["name"] for event in events if event["name"] == "thread_name"]
    assert {f"h{helper} {which}" for helper in range(5) for which in ("planned", "actual")} <= set(names)
    late = {event["name"] for event in events if event.get("cat") == "late"}
    assert len(late) == late_tasks(json.loads(trace.read_text()), json.loads(PLAN.read_text()))


def test_losses_and_moves_are_told(splitlane):
    outcome = splitlane("simulate", EXAMPLE, PLAN, "--executions", 1, "--rules", "planned", "--lose", "h1@8000",
                        "--lose", "c3@5000", "--replan", "-q", "-o", "lost.json")  # fmt: skip
    assert outcome.code == 0, outcome.err
    told = splitlane("report", EXAMPLE, PLAN, "--trace", "lost.json").out
    assert re.search(r"not complete 1 client: c3\n", told)
    assert re.search(r"moved +\d clients: c\d+ from h1 to h\d", told)
    assert "8000 lost h1" in told and "8000 planned-again" in told


def test_of_several_batches_the_first_is_held_against_the_plan(splitlane):
    instance, batches = EXAMPLES / "three_clients.json", EXAMPLES / "three_clients.batches.json"
    assert splitlane("plan", instance, "-q", "-o", "plan.json").code == 0
    outcome = splitlane("simulate", instance, "plan.json", "--batches", batches, "--executions", 1, "-q",
                        "-o", "trace.json")  # fmt: skip
    assert outcome.code == 0, outcome.err
    outcome = splitlane("report", instance, "plan.json", "--trace", "trace.json")
    assert outcome.code == 0, outcome.err
    most = max(client["batches"] for client in json.loads(batches.read_text())["clients"])
    assert "for one batch, first batch" in outcome.out and f"; all {most} batches " in outcome.out


def test_trace_must_be_valid(splitlane, trace, write, tmp_path):
    document = json.loads(trace.read_text())
    segments = document["helpers"][0]["segments"]
    segments[1]["start"] = segments[0]["start"]
    write(document, "wrong.json")
    outcome = splitlane("report", EXAMPLE, PLAN, "--trace", "wrong.json", "-o", "trace.html")
    assert outcome.code == 3 and outcome.error()["code"] == "violations"
    assert not (tmp_path / "trace.html").exists()


def test_trace_must_be_of_this_plan(splitlane, trace, write, tmp_path):
    document = json.loads(trace.read_text())
    document["plan"]["sha256"] = "0" * 64
    write(document, "another.json")
    outcome = splitlane("report", EXAMPLE, PLAN, "--trace", "another.json", "-o", "trace.svg")
    assert outcome.code == 3 and outcome.error()["code"] == "violations"
    assert not (tmp_path / "trace.svg").exists()


def test_trace_and_another_plan_are_not_shown_together(splitlane, trace, tmp_path):
    outcome = splitlane("report", EXAMPLE, PLAN, "--trace", trace, "--against", PLAN, "-o", "trace.html")
    assert outcome.code == 2 and outcome.error()["code"] == "usage"
    assert not (tmp_path / "trace.html").exists()


def test_report_does_not_overwrite_its_trace(splitlane, trace):
    before = trace.read_bytes()
    outcome = splitlane("report", EXAMPLE, PLAN, "--trace", trace, "-o", trace)
    assert outcome.code == 2 and outcome.error()["code"] == "usage"
    assert trace.read_bytes() == before


def test_thousand_clients_on_a_hundred_helpers(splitlane, tmp_path):
    assert splitlane("scenario", "--clients", 1000, "--helpers", 100, "--reach", 3, "-q", "-o", "large.json").code == 0
    assert splitlane("plan", "large.json", "--method", "balanced-greedy", "-q", "-o", "plan.json").code == 0
    outcome = splitlane("simulate", "large.json", "plan.json", "--executions", 1, "--noise", 0.2, "-q", "-o", "trace.json")
    assert outcome.code == 0, outcome.err
    for output in ("large.html", "large.svg"):
        assert splitlane("report", "large.json", "plan.json", "--trace", "trace.json", "-o", output).code == 0
    assert (tmp_path / "large.html").stat().st_size < 600_000
    assert (tmp_path / "large.svg").stat().st_size < 600_000
