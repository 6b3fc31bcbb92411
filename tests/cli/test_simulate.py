"""`splitlane simulate`: a plan executed many times; its trace passes the check; bad input is named."""

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


@pytest.mark.parametrize(
    "option", [["--noise", "nan"], ["--layers", "-1"], ["--lose", "nobody@3"], ["--straggler", "desk=0"], ["--rules", "lifo"]]
)
def test_bad_option_is_named_and_nothing_written(splitlane, option):
    outcome = splitlane("simulate", THREE, PLAN, "-o", "trace.json", *option)
    assert outcome.code == 2 and option[0] in outcome.error()["message"]
    assert not (splitlane.folder / "trace.json").exists()
