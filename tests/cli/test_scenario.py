"""splitlane scenario: instances of any size from a recipe."""

import json

import jsonschema
import pytest
from conftest import ROOT

SHARED = ROOT.parent / "shared" / "testbed"
KINDS = ("scenario-1", "scenario-2", "equid-1", "equid-2", "equid-3", "equid-4")


def test_every_flag_has_a_default(splitlane):
    outcome = splitlane("scenario")
    assert outcome.code == 0
    instance = json.loads(outcome.out)
    assert len(instance["clients"]) == 30 and len(instance["helpers"]) == 5
    assert instance["name"] == "scenario-1 resnet101_cifar 30x5 seed 0"
    assert instance["clients"][0]["options"]["cut"] == [[3, 33]] * 5


@pytest.mark.parametrize("model", ("resnet101", "vgg19"))
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_an_instance_that_a_plan_solves(splitlane, kind, model):
    made = splitlane("scenario", "--kind", kind, "--model", model, "--clients", 12, "--seed", 3, "-o", "instance.json")
    assert made.code == 0 and made.out == ""
    document = json.loads((splitlane.folder / "instance.json").read_text())
    schema = json.loads((ROOT / "schemas" / "instance.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
    plan = splitlane("plan", "instance.json", "--method", "balanced-greedy", "-o", "plan.json")
    assert plan.code == 0, plan.err
    assert splitlane("check", "instance.json", "plan.json").code == 0


def test_same_seed_gives_the_same_bytes(splitlane):
    arguments = ("scenario", "--kind", "scenario-2", "--clients", 50, "--helpers", 9, "--reach", 3, "--seed")
    assert splitlane(*arguments, 5).out == splitlane(*arguments, 5).out
    assert splitlane(*arguments, 5).out != splitlane(*arguments, 6).out


@pytest.mark.parametrize("topology", ("random", "plane", "ring"))
def test_reach_bounds_the_helpers_of_a_client(splitlane, topology):
    outcome = splitlane("scenario", "--helpers", 40, "--reach", 4, "--topology", topology)
    for client in json.loads(outcome.out)["clients"]:
        assert len(set(client["options"]["helper"])) == 4


def test_tight_memory_binds_and_a_plan_exists(splitlane):
    splitlane("scenario", "--memory", "tight", "--clients", 40, "-o", "instance.json")
    plan = splitlane("plan", "instance.json", "--method", "balanced-greedy", "-o", "plan.json")
    assert plan.code == 0, plan.err


def test_slots_are_the_papers(splitlane):
    document = json.loads(splitlane("scenario", "--slot", "180ms").out)
    assert document["time_unit"] == "slot" and document["slot_us"] == 180000


@pytest.mark.parametrize(
    "arguments,place",
    [
        (("--kind", "scenario-3"), "--kind"),
        (("--model", "alexnet"), "--model"),
        (("--clients", "0"), "--clients"),
        (("--clients", "many"), "--clients"),
        (("--helpers", "-2"), "--helpers"),
        (("--reach", "0"), "--reach"),
        (("--reach", "6"), "reach"),
        (("--topology", "star"), "--topology"),
        (("--memory", "some"), "--memory"),
        (("--seed", "x"), "--seed"),
        (("--batch", "0"), "--batch"),
        (("--slot", "180"), "--slot"),
        (("--slot", "0ms"), "--slot"),
        (("--time-unit", "h"), "--time-unit"),
        (("--link", "pigeon"), "--link"),
        (("--client-devices", "rpi-4,,rpi-3"), "--client-devices"),
        (("--helper-devices", "abacus"), "--helper-devices"),
        (("--cuts", "3"), "--cuts"),
        (("--cuts", "3,37"), "cuts"),
        (("--measurements", "nowhere"), "nowhere"),
        (("--zero-layers", "ignored"), "--zero-layers"),
    ],
)
def test_bad_arguments_are_named_and_leave_nothing(splitlane, arguments, place):
    outcome = splitlane("scenario", *arguments, "-o", "instance.json")
    assert outcome.code == 2
    assert place in outcome.error()["where"]
    assert list(splitlane.folder.iterdir()) == []


@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared/testbed beside the repository")
@pytest.mark.parametrize("model", ("resnet101_cifar", "vgg19_cifar", "resnet101_mnist", "vgg19_mnist"))
def test_measurements_take_the_place_of_the_shipped_rates(splitlane, model):
    outcome = splitlane("scenario", "--model", model, "--measurements", SHARED, "--zero-layers", "joined")
    assert outcome.code == 0, outcome.err
    assert outcome.out != splitlane("scenario", "--model", model).out
    # The Jetson was not measured on MNIST: its rows are zeros.
    assert ("jetson-nano-cpu" in outcome.err) == model.endswith("mnist")
    assert json.loads(outcome.out)["meta"]["notes"]
