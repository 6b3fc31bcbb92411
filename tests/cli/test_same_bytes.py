"""Same input and seed: same bytes, whatever the number of threads."""

import json

import pytest
from conftest import EXAMPLES
from test_verbs import EXAMPLE, METHODS


def plan(splitlane, *arguments, instance=EXAMPLE) -> str:
    outcome = splitlane("plan", instance, "--reproducible", "--quiet", *arguments)
    assert outcome.code == 0
    return outcome.out


@pytest.mark.parametrize("method", METHODS)
def test_same_seed_gives_the_same_bytes_on_one_and_two_threads(splitlane, method):
    one = plan(splitlane, "--method", method, "--seed", 3, "--threads", 1)
    assert one == plan(splitlane, "--method", method, "--seed", 3, "--threads", 1)
    assert one == plan(splitlane, "--method", method, "--seed", 3, "--threads", 2)


def test_another_seed_gives_another_random_plan(splitlane):
    first = plan(splitlane, "--method", "random-fcfs", "--seed", 1)
    assert first != plan(splitlane, "--method", "random-fcfs", "--seed", 2)


def test_reproducible_leaves_out_nothing_but_the_runtime(splitlane):
    with_runtime = json.loads(splitlane("plan", EXAMPLE).out)
    without = json.loads(plan(splitlane))
    assert set(with_runtime) - set(without) == {"runtime_ms"}
    del with_runtime["runtime_ms"]
    assert with_runtime == without


@pytest.mark.parametrize("name", ["three_clients", "resnet101_30x5"])
def test_committed_plans_of_the_examples_are_valid(splitlane, name):
    outcome = splitlane("check", EXAMPLES / f"{name}.json", EXAMPLES / f"{name}.plan.json")
    assert outcome.code == 0, outcome.out


def test_committed_plan_is_what_the_tool_makes_today(splitlane):
    committed = (EXAMPLES / "resnet101_30x5.plan.json").read_text()
    assert plan(splitlane) == committed
