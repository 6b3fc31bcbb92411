"""Objects are values: pickled, copied, compared, hashed, sent to other processes."""

import copy
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest

from conftest import EXAMPLES

import splitlane

PROTOCOLS = range(2, pickle.HIGHEST_PROTOCOL + 1)
SETUP = {
    "model": "resnet18", "batch": 64, "cuts": [3, 10],
    "clients": [{"id": "phone", "device": "apple-m1", "link": "home-wifi"}],
    "helpers": [{"id": "edge", "device": "vm"}],
}  # fmt: skip


def made(three: splitlane.Instance) -> dict[str, object]:
    """Objects of every public class, and some that came about in another way."""
    drawn = splitlane.scenario("scenario-2", clients=12, helpers=3, seed=4, every_cut=True, local=True, cuts=((3, 4), (30, 31)))
    plan = splitlane.plan(three, "exact", certificate=True)
    progress = []
    greedy = splitlane.plan(drawn, "balanced-greedy", seed=3)
    splitlane.plan(three, on_progress=progress.append)
    wrong = splitlane.Plan.from_json(plan.to_json().replace('"makespan":16', '"makespan":17'), three)
    return {
        "Instance": three, "Instance, drawn": drawn,
        "Instance, of another text": splitlane.Instance.from_json(three.to_json().replace(",", " , ")),
        "Instance, of ids that are no words": splitlane.scenario(clients=1, helpers=1) and splitlane.Instance.from_arrays(
            **{key: [[1]] for key in ("release", "forward", "client_forward", "client_backward", "backward", "tail")},
            client_ids=["ä\n\"'\\ 😀"], name="ü", time_unit="slot", slot_us=7),
        "Plan": plan, "Plan, without a proof": greedy, "Plan, wrong": wrong,
        "Plan, of another instance": splitlane.Plan.from_json(plan.to_json().replace("three", "four"), three),
        "Plan, without preemption": splitlane.plan(drawn, "equid", non_preemptive=True),
        "Certificate": plan.certificate, "Progress": progress[0],
        "CheckResult": splitlane.check(three, plan), "CheckResult, of a wrong plan": splitlane.check(three, wrong),
        "Finding": splitlane.check(three, wrong).violations[0],
        "VerifyResult": splitlane.verify(three, plan), "VerifyResult, refused": splitlane.verify(three, wrong, plan.certificate),
        "Round": splitlane.round(three, plan, [4, 4, 2]), "Round, with a barrier": splitlane.round(three, plan, 3, "barrier"),
        "Round, with a warning": splitlane.round(three, plan, 10**12),
        "Round, of another instance": splitlane.Round.from_json(
            splitlane.round(three, plan, 3, "barrier").to_json().replace("three", "four"), three),
        "Simulation": splitlane.simulate(three, plan, executions=5, noise=0.2, regret=True),
        "Simulation, with a trace": splitlane.simulate(three, plan, executions=2, trace=True),
        "SimulationRow": splitlane.simulate(three, plan, executions=5).rows[1],
        "Trace": splitlane.simulate(three, plan, executions=1, lose={"phone": 9}, trace=True).trace,
        "Trace, of another instance": splitlane.Trace.from_json(
            splitlane.simulate(three, plan, executions=1, noise=0.2, trace=True).trace.to_json().replace("three", "four"), three),
        "WhatIf": splitlane.whatif(three), "WhatIfRow": splitlane.whatif(three)[0],
        "Comparison": splitlane.compare(three, ["equid"])[0],
        "Model": splitlane.Model.named("resnet18"), "Device": splitlane.Device.named("apple-m1"),
        "Link": splitlane.Link.named(splitlane.link_names()[0]), "Link, of fields": splitlane.Link.from_json(
            splitlane.Link.named(splitlane.link_names()[1]).to_json()),
        "Instance, of a setup": splitlane.Instance.from_setup(SETUP),
    }  # fmt: skip


@pytest.fixture(scope="module")
def objects():
    """Made once, as nothing can change them."""
    return made(splitlane.Instance.load(EXAMPLES / "three_clients.json"))


def texts(value) -> list[str]:
    """All that an object says."""
    if isinstance(value, tuple | list):
        return [text for each in value for text in texts(each)]
    return [repr(value), *(getattr(value, name)() for name in ("to_json", "summary", "info") if hasattr(value, name))]


def test_every_public_class_is_among_those_tried(objects):
    classes = {name for name in splitlane.__all__ if isinstance(getattr(splitlane, name), type)}
    errors = {name for name in classes if issubclass(getattr(splitlane, name), Exception)}
    assert {type(value).__name__ for value in objects.values()} == classes - errors


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_pickled_objects_are_equal_and_say_the_same(objects, protocol):
    for name, value in objects.items():
        again = pickle.loads(pickle.dumps(value, protocol))
        assert again == value and not again != value, name
        assert type(again) is type(value) and texts(again) == texts(value), name


def test_copies_are_equal(objects):
    for name, value in objects.items():
        for again in (copy.copy(value), copy.deepcopy(value), copy.deepcopy([value])[0]):
            assert again == value and texts(again) == texts(value), name


def test_different_objects_are_not_equal(objects):
    plans = [value for value in objects.values() if isinstance(value, splitlane.Plan)]
    values = [value for name, value in objects.items() if name not in ("Instance, of another text",)]
    for position, value in enumerate(values):
        assert all(value != other for other in values[:position]), value
        assert value != repr(value) and value is not None
    assert len(plans) == len(set(plans)) == 5


def test_instance_is_equal_to_one_read_from_another_text(objects):
    assert objects["Instance"] == objects["Instance, of another text"]
    assert hash(objects["Instance"]) == hash(objects["Instance, of another text"])
    assert objects["Instance"].sha256 != objects["Instance, of another text"].sha256


def test_equal_objects_have_the_same_hash(objects):
    for name, value in objects.items():
        if name not in ("WhatIf", "WhatIfRow"):  # which hold lists
            assert hash(pickle.loads(pickle.dumps(value))) == hash(value), name


def test_what_no_document_holds_survives(objects):
    """Remarks, the hash of what was read, the proof, what a plan says of its instance, warnings."""
    for name in ("Instance, drawn", "Instance, of another text", "Instance, of a setup"):
        value, again = objects[name], pickle.loads(pickle.dumps(objects[name]))
        assert (again.sha256, again.notes) == (value.sha256, value.notes), name
    plan = pickle.loads(pickle.dumps(objects["Plan"]))
    assert splitlane.verify(plan.instance, plan) and plan.binding == objects["Plan"].binding and plan.runtime_ms is not None
    other = objects["Plan, of another instance"]
    assert not splitlane.check(other.instance, other)
    again = pickle.loads(pickle.dumps(other))
    assert splitlane.check(again.instance, again) == splitlane.check(other.instance, other)
    for name in ("Round, of another instance", "Trace, of another instance"):
        value, again = objects[name], pickle.loads(pickle.dumps(objects[name]))
        found, found_again = (splitlane.check(each.instance, *([each] if name.startswith("Round") else [plan, each])) for each in (value, again))
        assert found_again == found and {violation.kind for violation in found.violations} == {"instance"}, name
    warned = pickle.loads(pickle.dumps(objects["Round, with a warning"]))
    assert warned.warnings and warned.violations() == [] and warned.completion.tolist() == objects["Round, with a warning"].completion.tolist()


def test_objects_of_one_instance_share_it_after_the_journey(objects):
    plan, certificate, instance = pickle.loads(pickle.dumps([objects["Plan"], objects["Certificate"], objects["Instance"]]))
    assert plan.instance is instance and splitlane.verify(instance, plan, certificate)


def test_arrays_of_a_pickled_object_are_its_own(objects):
    again = pickle.loads(pickle.dumps(objects["Plan"]))
    completion = again.completion
    del again
    assert np.array_equal(completion, objects["Plan"].completion)


def test_pickle_that_is_cut_off_is_an_error(objects):
    made = objects["Round"]
    instance, numbers, *rest = made.__getstate__()
    for cut in (numbers[:80], numbers + bytes(8), b""):
        with pytest.raises(splitlane.InputError, match="not the numbers of a round"):
            splitlane.Round.__new__(splitlane.Round).__setstate__((instance, cut, *rest))
    instance, numbers, trace = objects["Simulation"].__getstate__()
    for cut in (numbers[:-8], numbers[:16], b""):
        with pytest.raises(splitlane.InputError, match="not the numbers of a simulation"):
            splitlane.Simulation.__new__(splitlane.Simulation).__setstate__((instance, cut, trace))


def test_large_instance_travels(objects):
    # 20,000 clients x 5 helpers: 100,000 options.
    large = splitlane.scenario(clients=20_000, helpers=5, memory="none")
    assert pickle.loads(pickle.dumps(large)) == large


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_process_pools_take_functions_and_objects(objects, start):
    three, plan = objects["Instance"], objects["Plan"]
    with ProcessPoolExecutor(2, mp_context=get_context(start)) as pool:
        planned = pool.submit(splitlane.plan, three, "exact", certificate=True)
        loaded = pool.submit(splitlane.Instance.load, EXAMPLES / "three_clients.json")
        others = [
            pool.submit(splitlane.check, three, plan), pool.submit(splitlane.verify, three, plan), pool.submit(splitlane.whatif, three),
            pool.submit(splitlane.round, three, plan, 2), pool.submit(splitlane.compare, three, ["equid"]),
            pool.submit(splitlane.simulate, three, plan, executions=3, trace=True), pool.submit(splitlane.scenario, clients=3, helpers=2), pool.submit(plan.to_dataframe, "clients"), pool.submit(plan.summary),
        ]  # fmt: skip
        failed = pool.submit(splitlane.plan, three, "exakt")
        assert planned.result().makespan == plan.makespan and planned.result().instance == three and loaded.result() == three
        assert [type(each.result()).__name__ for each in others] == [
            "CheckResult", "VerifyResult", "WhatIf", "Round", "list", "Simulation", "Instance", "DataFrame", "str",
        ]  # fmt: skip
        with pytest.raises(splitlane.InputError, match="unknown method") as caught:
            failed.result()
        assert caught.value.code == "usage"
