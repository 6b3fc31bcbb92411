"""`splitlane simulate`: a plan executed many times; its trace passes the check; bad input is named."""

import json

import pytest
from conftest import EXAMPLES

THREE = EXAMPLES / "three_clients.json"
PLAN = EXAMPLES / "three_clients.plan.json"
BATCHES = EXAMPLES / "three_clients.batches.json"


def test_without_noise_the_planned_rule_keeps_the_plan(splitlane):
    outcome = splitlane("simulate", THREE, PLAN, "--executions", "3", "--rules", "planned")
    assert outcome.code == 0, outcome.err
    assert "3 of 3 executions" in outcome.out and "100.0%" in outcome.out


def test_same_seed_same_bytes_for_any_threads(splitlane):
    arguments = ["simulate", THREE, PLAN, "--noise", "0.2", "--executions", "50", "--seed", "7"]
    assert splitlane(*arguments, "--threads", "1").out == splitlane(*arguments, "--threads", "3").out


@pytest.mark.parametrize("more", [[], ["--batches", BATCHES], ["--lose", "desk@3", "--replan"]])
def test_trace_passes_the_check(splitlane, more):
    outcome = splitlane("simulate", THREE, PLAN, "--noise", "0.3", "--executions", "2", "-o", "trace.json", *more)
    assert outcome.code == 0, outcome.err
    assert splitlane("check", THREE, PLAN, "--trace", "trace.json").code == 0


def test_trace_in_which_planning_again_moved_clients_off_living_helpers_passes_the_check(splitlane):
    drawn = splitlane("scenario", "--clients", "20", "--helpers", "4", "--memory", "none", "--seed", "1", "-o", "instance.json")
    planned = splitlane("plan", "instance.json", "--method", "balanced-greedy", "-q", "-o", "plan.json")
    assert drawn.code == planned.code == 0
    options = ("--executions", "1", "--rules", "planned", "--lose", "h0@8289", "--replan", "--max-moves", "40", "-o", "trace.json")
    assert splitlane("simulate", "instance.json", "plan.json", *options).code == 0
    trace = json.loads((splitlane.folder / "trace.json").read_text())
    starts = {client["id"]: client["batches"][0]["start"] for client in trace["clients"]}
    lives = [helper for helper in trace["helpers"] if helper["id"] != "h0"]
    assert any(segment["start"] < starts[segment["client"]] for helper in lives for segment in helper["segments"])
    assert [(event["kind"], event.get("node")) for event in trace["events"]] == [("lost", "h0"), ("planned-again", None)]
    outcome = splitlane("check", "instance.json", "plan.json", "--trace", "trace.json")
    assert outcome.code == 0, outcome.out
    # Without the new plan there is no reason for a move.
    trace["events"].pop()
    (splitlane.folder / "trace.json").write_text(json.dumps(trace))
    outcome = splitlane("check", "instance.json", "plan.json", "--trace", "trace.json")
    assert outcome.code == 3 and "nothing was planned again" in outcome.out


def columns(outcome) -> dict[str, str]:
    lines = outcome.out.splitlines()
    return dict(zip(lines[1].split(), lines[2].replace(" %", "%").split(), strict=True))


def test_regret_is_nothing_where_an_optimal_plan_is_followed_as_planned(splitlane):
    splitlane("plan", THREE, "--method", "exact", "-o", "best.json")
    outcome = splitlane("simulate", THREE, "best.json", "--executions", "1", "--rules", "planned", "--regret")
    assert columns(outcome)["regret"] == "0.00%"


def test_random_stragglers_make_the_round_longer_and_are_planned_for_again(splitlane):
    # All three clients, so that every execution is alike: all of theirs takes ten times as long.
    given = ["simulate", THREE, PLAN, "--executions", "4", "--rules", "planned", "--random-stragglers", "3=10"]
    slow = columns(splitlane(*given))
    assert float(slow["ratio"]) > 2 and slow["mean"] == slow["worst"]
    again = splitlane(*given, "--replan-every", "5", "--max-moves", "3", "-o", "trace.json")
    assert again.code == 0, again.err
    assert splitlane("check", THREE, PLAN, "--trace", "trace.json").code == 0


def test_more_random_stragglers_than_clients_are_refused(splitlane):
    done = splitlane("simulate", THREE, PLAN, "--executions", "4", "--random-stragglers", "4=10")
    assert done.code == 2
    assert "random stragglers: more clients than there are: got 4, expected at most 3" in done.error()["message"]


@pytest.mark.parametrize(
    "option", [["--random-stragglers", "2"], ["--random-stragglers", "0=2"], ["--replan-every", "x"], ["--max-moves", "-1"],
               ["--noise", "nan"], ["--layers", "-1"], ["--lose", "nobody@3"], ["--straggler", "desk=0"], ["--rules", "lifo"]]
)
def test_bad_option_is_named_and_nothing_written(splitlane, option):
    outcome = splitlane("simulate", THREE, PLAN, "-o", "trace.json", *option)
    assert outcome.code == 2 and option[0] in outcome.error()["message"]
    assert not (splitlane.folder / "trace.json").exists()


# Options that would change nothing, because nothing is planned again, or because only one batch is planned knowing all.
@pytest.mark.parametrize(
    "given", [["--max-moves", "1"], ["--planning-time", "5", "--lose", "desk@5"], ["--regret", "--batches", "batches.json"]]
)
def test_an_option_without_effect_is_refused(splitlane, write, given):
    clients = [{"id": name, "batches": 2} for name in ("phone", "camera", "laptop")]
    write({"format": "splitlane-batches", "version": 1, "clients": clients}, "batches.json")
    outcome = splitlane("simulate", THREE, PLAN, "-o", "trace.json", *given)
    assert outcome.code == 2 and outcome.error()["where"] == given[0]
    assert not (splitlane.folder / "trace.json").exists()


def test_plans_with_slack_have_rows_of_their_own(splitlane):
    given = ["simulate", THREE, PLAN, "--executions", "20", "--rules", "planned", "--noisy", "desk=0.5"]
    outcome = splitlane(*given, "--slack", "50,90")
    assert outcome.code == 0, outcome.err
    lines = outcome.out.splitlines()
    assert [line.split(":")[0] for line in lines[1:3]] == [f"planned for {percentile} % of the durations" for percentile in (50, 90)]
    assert [line.split()[0] for line in lines[4:]] == ["planned", "planned-p50", "planned-p90"]
    # The plan given goes through the same executions as without slack.
    assert splitlane(*given).out.splitlines()[2] == lines[4]


@pytest.mark.parametrize("option", [("--slack", "0"), ("--slack", "50,100"), ("--noisy", "nowhere=0.1"), ("--noisy", "desk=-1")])
def test_slack_and_noise_out_of_range_are_refused(splitlane, option):
    outcome = splitlane("simulate", THREE, PLAN, *option)
    assert outcome.code == 2 and option[0] in outcome.err


@pytest.mark.parametrize(
    "arguments",
    [("check", THREE, PLAN, "--trace", ""), ("simulate", THREE, PLAN, "-o", ""), ("simulate", THREE, PLAN, "--batches", ""),
     ("report", THREE, PLAN, "--trace", ""), ("report", THREE, PLAN, "-o", ""), ("whatif", THREE, "")]
)  # fmt: skip
def test_an_empty_file_name_is_refused(splitlane, arguments):
    outcome = splitlane(*arguments)
    assert outcome.code == 2 and "names no file" in outcome.error()["message"]


# One client whose batch lasts 6 * 2^40 us, and planning again every microsecond: no end in sight.
def test_a_trace_that_is_not_finished_in_time_is_none(splitlane):
    long = 2**40
    durations = {key: long for key in ("release", "forward", "client_forward", "client_backward", "backward", "tail")}
    client = {"id": "c", "options": [{"helper": "h", **durations}]}
    instance = {"format": "splitlane-instance", "version": 1, "time_unit": "us", "helpers": [{"id": "h"}], "clients": [client]}
    (splitlane.folder / "long.json").write_text(json.dumps(instance))
    assert splitlane("plan", "long.json", "-q", "-o", "plan.json").code == 0
    again = ["--executions", "1", "--rules", "planned", "--noise", "0.3", "--seed", "1", "--replan-every", "1", "--time-limit", "0.2"]
    for more in ([], ["-o", "trace.json"]):
        outcome = splitlane("simulate", "long.json", "plan.json", *again, *more)
        assert outcome.code == 4 and outcome.error()["code"] == "none_found", outcome.err
    assert not (splitlane.folder / "trace.json").exists()


def test_an_execution_past_the_largest_number_is_refused(splitlane):
    outcome = splitlane(
        "simulate", THREE, PLAN, "--lose", "desk@5", "--replan", "--planning-time", "9007199254", "--max-moves", "3", "-o", "trace.json"
    )
    assert outcome.code == 2 and "2^53" in outcome.err
    assert not (splitlane.folder / "trace.json").exists()
