"""splitlane instance: devices, a network and links in, an instance out."""

import json

import pytest
from conftest import ROOT

SETUPS = sorted((ROOT / "profiles" / "setups").glob("*.json"))


@pytest.fixture
def setup():
    """Two phones, an edge server, one pair of cut layers; free to be changed by the test."""
    return {
        "format": "splitlane-setup",
        "version": 1,
        "name": "office",
        "model": "resnet18",
        "batch": 32,
        "cuts": [2, 9],
        "clients": [{"id": "phone", "count": 2, "device": "rpi-4", "link": "home-wifi"}],
        "helpers": [{"id": "edge", "device": "vm"}],
    }


@pytest.mark.parametrize("path", SETUPS, ids=lambda path: path.stem)
def test_shipped_setup_becomes_an_instance_that_a_plan_solves(splitlane, path):
    made = splitlane("instance", path, "-o", "instance.json")
    assert made.code == 0 and made.out == "", made.err
    plan = splitlane("plan", "instance.json", "--method", "balanced-greedy", "-o", "plan.json")
    assert plan.code == 0, plan.err
    assert splitlane("check", "instance.json", "plan.json").code == 0


def test_setup_may_come_from_standard_input(splitlane, setup):
    outcome = splitlane("instance", "-", stdin=json.dumps(setup))
    assert outcome.code == 0
    instance = json.loads(outcome.out)
    assert [client["id"] for client in instance["clients"]] == ["phone-1", "phone-2"]
    assert instance["time_unit"] == "ms"


def test_durations_are_the_formulas(splitlane, setup):
    # A device of 1e9 FLOP/s and a link of 8 Mbit/s, which is 1e6 bytes a second; batch 1, three layers of 1e6 FLOPs
    # forward (1 ms), 2e6 backward (2 ms) and 4000 bytes of activations (4 ms).
    layer = {"forward_flops": 10**6, "backward_flops": 2 * 10**6, "activation_bytes": 4000, "weight_bytes": 0}
    model = {
        "format": "splitlane-model", "version": 1, "name": "three", "input_bytes": 1,
        "layers": [{"name": f"l{index}", **layer} for index in range(3)],
    }  # fmt: skip
    device = {
        "format": "splitlane-device", "version": 1, "name": "d", "power_w": 2,
        "rates": [{"forward_flops_per_s": 10**9, "backward_flops_per_s": 10**9}],
    }  # fmt: skip
    (splitlane.folder / "three.json").write_text(json.dumps(model))
    (splitlane.folder / "d.json").write_text(json.dumps(device))
    setup |= {"model": "three.json", "batch": 1, "cuts": [1, 2], "helpers": [{"id": "edge", "device": "d.json"}]}
    setup["clients"] = [{"id": "phone", "device": "d.json", "link": {"up_mbps": 8, "down_mbps": 8}}]
    (splitlane.folder / "setup.json").write_text(json.dumps(setup))
    outcome = splitlane("instance", "setup.json", "--time-unit", "us")
    (option,) = json.loads(outcome.out)["clients"][0]["options"]
    assert option == {
        "helper": "edge", "release": 5000, "forward": 1000, "client_forward": 5000, "client_backward": 6000,
        "backward": 2000, "tail": 6000, "memory_mb": 1, "cut": [1, 2], "energy_mj": 12,
    }  # fmt: skip
    slots = json.loads(splitlane("instance", "setup.json", "--slot", "4ms").out)
    (option,) = slots["clients"][0]["options"]
    assert slots["slot_us"] == 4000
    assert [option[key] for key in ("release", "forward", "tail")] == [2, 1, 2]


def test_ranges_give_an_option_per_pair_and_flags_go_before_the_document(splitlane, setup):
    outcome = splitlane("instance", "-", "--cuts", "1..2,8..9", "--batch", 8, stdin=json.dumps(setup))
    options = json.loads(outcome.out)["clients"][0]["options"]
    assert options["cut"] == [[1, 8], [1, 9], [2, 8], [2, 9]]


def test_cut_too_large_for_the_client_is_left_out_with_a_note(splitlane, setup):
    setup |= {"model": "vgg19", "batch": 128, "cuts": {"sigma_1": [3, 3], "sigma_2": [22, 23]}}
    setup["clients"][0]["device"] = "rpi-3"
    outcome = splitlane("instance", "-", stdin=json.dumps(setup))
    assert outcome.code == 0
    instance = json.loads(outcome.out)
    assert instance["clients"][0]["options"][0]["cut"] == [3, 23]
    assert "(3, 22)" in instance["clients"][0]["meta"]["notes"][0]
    assert "(3, 22)" in outcome.err
    assert splitlane("instance", "-", "--quiet", stdin=json.dumps(setup)).err == ""


def test_client_without_an_option_is_named(splitlane, setup):
    setup["clients"][0]["memory_mb"] = 1
    outcome = splitlane("instance", "-", "-o", "instance.json", stdin=json.dumps(setup))
    assert outcome.code == 3
    assert '"phone"' in outcome.error()["message"]
    assert list(splitlane.folder.iterdir()) == []


def test_local_training_is_an_option_where_memory_permits(splitlane, setup):
    options = json.loads(splitlane("instance", "-", "--local", stdin=json.dumps(setup)).out)["clients"][0]["options"]
    assert options[-1].keys() == {"local"}


def test_another_batch_size_than_the_measured_one_is_said(splitlane, setup):
    model = json.loads((ROOT / "profiles" / "models" / "resnet18_cifar.json").read_text())
    times = [1.0] * len(model["layers"])
    measurement = {"model": "resnet18_cifar", "batch": 16, "forward_ms": times, "backward_ms": times}
    device = {"format": "splitlane-device", "version": 1, "name": "mine", "measurements": [measurement]}
    (splitlane.folder / "mine.json").write_text(json.dumps(device))
    setup["clients"][0]["device"] = "./mine.json"
    outcome = splitlane("instance", "-", stdin=json.dumps(setup))
    assert outcome.code == 0 and "scaled linearly to 32" in outcome.err
    assert "scaled linearly" in json.loads(outcome.out)["meta"]["notes"][0]


@pytest.mark.parametrize(
    "change,code,place",
    [
        (lambda s: s.update(model="resnet"), "unknown_id", "model"),
        (lambda s: s.update(cuts=[9, 2]), "out_of_range", "cuts"),
        (lambda s: s.pop("cuts"), "missing_key", "clients[0].cuts"),
        (lambda s: s["clients"][0].update(device="abacus"), "unknown_id", "clients[0].device"),
        (lambda s: s["clients"][0].update(device="missing.json"), "file", "clients[0].device"),
        (lambda s: s["clients"][0].update(link="akamai-france"), "inconsistent", "clients[0].link"),
        (lambda s: s["clients"][0].update(helpers=["cloud"]), "unknown_id", "clients[0].helpers[0]"),
        (lambda s: s["clients"].append(dict(s["clients"][0])), "duplicate_id", "clients[2].id"),
        (lambda s: s.update(clinets=[]), "unknown_key", "standard input"),
        (lambda s: s["helpers"][0].update(switch_cost_ms=-1), "out_of_range", "helpers[0].switch_cost_ms"),
    ],
)
def test_bad_setups_are_refused_at_the_place(splitlane, setup, change, code, place):
    change(setup)
    outcome = splitlane("instance", "-", "-o", "instance.json", stdin=json.dumps(setup))
    error = outcome.error()
    assert (outcome.code, error["code"]) == (2, code)
    assert place in error["where"]
    assert list(splitlane.folder.iterdir()) == []


def test_output_may_not_overwrite_the_setup(splitlane, setup, write):
    path = write(setup, "setup.json")
    assert splitlane("instance", path, "-o", path).code == 2
    assert json.loads(path.read_text()) == setup
