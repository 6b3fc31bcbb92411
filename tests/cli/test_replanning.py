"""plan --from starts at an earlier plan, of the same instance or of one that has changed since, and moves no more than told."""

import json
import shutil

import pytest
from conftest import EXAMPLES

INSTANCE = "resnet101_30x5.json"


@pytest.fixture
def instance(tmp_path) -> dict:
    shutil.copy(EXAMPLES / INSTANCE, tmp_path / INSTANCE)
    return json.loads((tmp_path / INSTANCE).read_text())


@pytest.fixture
def before(splitlane, instance, tmp_path) -> dict:
    """A poor plan, with room for better ones."""
    assert splitlane("plan", INSTANCE, "--method", "random-fcfs", "-o", "before.json", "-q").code == 0
    return json.loads((tmp_path / "before.json").read_text())


@pytest.fixture
def replan(splitlane, tmp_path):
    """Plans from before.json, has the plan checked and returns it."""

    def run(*options, instance=INSTANCE) -> dict:
        assert splitlane("plan", instance, "--from", "before.json", "-o", "after.json", "-q", *options).code == 0
        assert splitlane("check", instance, "after.json").code == 0
        return json.loads((tmp_path / "after.json").read_text())

    return run


def helpers(plan: dict) -> dict:
    return {client["id"]: client.get("helper") for client in plan["clients"]}


def moves(before: dict, after: dict) -> int:
    old = helpers(before)
    return sum(old.get(client, helper) != helper for client, helper in helpers(after).items())


def without(instance: dict, client: str, helper: str) -> dict:
    """The instance when they are gone."""
    clients = []
    for entry in instance["clients"]:
        options = entry["options"]
        if isinstance(options, dict):
            keep = [index for index, name in enumerate(options["helper"]) if name != helper]
            options = {key: [column[index] for index in keep] for key, column in options.items()}
        else:
            options = [option for option in options if option["helper"] != helper]
        if entry["id"] != client:
            clients.append(entry | {"options": options})
    return instance | {"clients": clients, "helpers": [entry for entry in instance["helpers"] if entry["id"] != helper]}


def test_an_assignment_is_kept_when_told(before, replan):
    after = replan("--keep-assignment")
    assert moves(before, after) == 0
    assert after["makespan"] <= before["makespan"]
    assert after["method"] == "scale"


def test_no_more_clients_move_than_told(before, replan):
    ends = [before["makespan"]]
    for most in (0, 3, 30):
        after = replan("--max-moves", most)
        assert moves(before, after) <= most
        ends.append(after["makespan"])
    assert ends == sorted(ends, reverse=True)
    assert ends[-1] < ends[0]


def test_clients_and_helpers_may_be_gone(before, instance, replan, write):
    client, helper = instance["clients"][4]["id"], instance["helpers"][1]["id"]
    write(without(instance, client, helper), "changed.json")
    after = replan("--max-moves", 2, instance="changed.json")
    # Those of the helper that is gone have to move; of the others two may.
    stayed = {name: place for name, place in helpers(before).items() if place != helper}
    assert sum(stayed.get(name, place) != place for name, place in helpers(after).items()) <= 2


def test_clients_and_helpers_may_be_new(splitlane, instance, replan, write, tmp_path):
    client, helper = instance["clients"][4]["id"], instance["helpers"][1]["id"]
    write(without(instance, client, helper), "smaller.json")
    assert splitlane("plan", "smaller.json", "--method", "random-fcfs", "-o", "before.json", "-q").code == 0
    assert client in helpers(replan())


def test_a_plan_from_standard_input(splitlane, before):
    outcome = splitlane("plan", INSTANCE, "--from", "-", "-q", stdin=json.dumps(before))
    assert outcome.code == 0
    assert json.loads(outcome.out)["makespan"] <= before["makespan"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "not_json"),
        ("{}", "missing_key"),
        ('{"format": "splitlane-plan", "version": 1}', "missing_key"),
        ('{"format": "splitlane-instance", "version": 1}', "wrong_format"),
    ],
)
def test_what_is_no_plan_is_refused(splitlane, instance, tmp_path, content, code):
    (tmp_path / "before.json").write_text(content)
    outcome = splitlane("plan", INSTANCE, "--from", "before.json", "-o", "after.json")
    assert (outcome.code, outcome.error()["code"]) == (2, code)
    assert not (tmp_path / "after.json").exists()


def test_a_plan_that_is_not_there_is_refused(splitlane, instance):
    assert splitlane("plan", INSTANCE, "--from", "nowhere.json").error()["exit_code"] == 2


def test_unknown_clients_are_ignored_and_a_client_listed_twice_refused(splitlane, before, replan, write):
    stranger = before["clients"][0] | {"id": "nobody"}
    write(before | {"clients": [*before["clients"], stranger]}, "before.json")
    assert moves(before, replan("--max-moves", 0)) == 0
    write(before | {"clients": [*before["clients"], before["clients"][0]]}, "before.json")
    assert splitlane("plan", INSTANCE, "--from", "before.json").error()["code"] == "duplicate_id"


@pytest.mark.parametrize(
    "options",
    [
        ["--max-moves", "3"],
        ["--keep-assignment"],
        ["--from", "before.json", "--keep-assignment", "--max-moves", "3"],
        ["--from", "before.json", "--max-moves", "-1"],
        ["--from", "before.json", "--max-moves", "few"],
        ["--from", "before.json", "--method", "exact"],
        ["--from", "before.json", "--method", "random-fcfs"],
    ],
)
def test_options_that_make_no_sense_are_refused(splitlane, before, options):
    outcome = splitlane("plan", INSTANCE, *options)
    assert (outcome.code, outcome.error()["code"]) == (2, "usage")
