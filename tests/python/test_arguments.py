"""Arguments of every public function: whatever is wrong with them is told in the words of the package."""

import functools
import inspect
import pickle
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from conftest import EXAMPLES

import splitlane
import splitlane.plot

CLASSES = [value for name, value in vars(splitlane).items() if name in splitlane.__all__ and isinstance(value, type)]
FUNCTIONS = [value for name, value in vars(splitlane).items() if name in splitlane.__all__ and inspect.isfunction(value)]
FIGURES = [splitlane.plot.gantt, splitlane.plot.load, splitlane.plot.gap_over_time]
# What words of the binding library, of C++ and of Python's own conversions would look like.
FOREIGN = (
    "nanobind", "incompatible function", "Invoked with", "std::", "_core", "overload", "bad_cast", "JSON compliant",
    "object has no attribute",
)  # fmt: skip
STRANGE = [
    None, True, 3, 3.0, 2.5, -1, 2**70, float("nan"), float("inf"), 1e400, 2j, "", "x", "\ud800", "no such file.json", b"x", [], [None], ["x"],
    [[1, 2], [3]], (), {}, {"x": None}, {3: 3}, {"x": float("nan")}, object(), int, len, np.int64(3), np.float32(0.5), np.bool_(True),
    np.zeros(3), np.ma.masked, pd.NA, pd.DataFrame(), pd.Series([1, None]), iter([1]), EXAMPLES, range(3), SimpleNamespace(x=1),
]  # fmt: skip


@pytest.fixture
def objects(three, tmp_path):
    """One of every class, and arguments that fit wherever a parameter of that name is."""
    plan = splitlane.plan(three, "exact", certificate=True)
    made = splitlane.round(three, plan, 2)
    table = three.options_dataframe()
    fitting = {
        "instance": three, "plan": plan, "certificate": plan.certificate, "batches": 2, "text": three.to_json(), "options": table,
        "path": tmp_path / "file.json", "setup": {"model": "resnet18"}, "name": "resnet18", "history": [], "ax": SimpleNamespace(),
        **{key: [[1]] for key in ("release", "forward", "client_forward", "client_backward", "backward", "tail")},
    }  # fmt: skip
    values = [three, plan, plan.certificate, made, splitlane.Model.named("resnet18"), splitlane.Device.named(splitlane.device_names()[0]),
              splitlane.Link.named(splitlane.link_names()[0]), splitlane.check(three, plan), splitlane.verify(three, plan)]  # fmt: skip
    return fitting, values


def required(signature: inspect.Signature, fitting: dict) -> dict:
    """Arguments for the parameters that have no default."""
    return {name: fitting[name] for name, each in signature.parameters.items() if each.default is each.empty}


def callables(values):
    """Every public function, method and static method, by the name a message would give."""
    for function in [*FUNCTIONS, *FIGURES]:
        yield function.__qualname__, function
    for value in values:
        for name in dir(value):
            if not name.startswith("_") and inspect.isroutine(getattr(type(value), name, None)):
                yield f"{type(value).__name__}.{name}", getattr(value, name)


def complaint(call) -> Exception | None:
    """What a call raises; what it would take long or has side effects is stopped by the argument that is wrong."""
    try:
        call()
    except Exception as error:  # noqa: BLE001  (which, is what is tested)
        return error
    return None


def test_no_argument_of_any_type_brings_up_the_binding_library(objects, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fitting, values = objects
    tried, wrong = 0, []
    for name, function in callables(values):
        signature = inspect.signature(function)
        for parameter in signature.parameters:
            for strange in STRANGE:
                if parameter == "on_progress" and callable(strange):
                    continue  # what it raises is the caller's own
                given = required(signature, fitting) | {parameter: strange}
                if name in ("compare", "whatif", "plan", "round"):
                    given = {"time_limit": 0.2} | given
                if name == "compare":
                    given = {"methods": ["balanced-greedy"]} | given
                error = complaint(functools.partial(function, **given))
                tried += 1
                is_ours = error is None or (isinstance(error, splitlane.Error) and error.code != "internal")
                if not is_ours or any(word in str(error) for word in FOREIGN):
                    wrong.append((name, parameter, strange, repr(error)))
    assert not wrong and tried > 1000


def test_calls_with_arguments_missing_unknown_or_too_many_are_refused(objects):
    _, values = objects
    for name, function in callables(values):
        many = [None] * 30
        for call in (functools.partial(function, no_such=1), functools.partial(function, *many)):
            error = complaint(call)
            assert isinstance(error, splitlane.ArgumentError), (name, repr(error))
            assert error.where == f"{function.__qualname__ if name.count('.') else name}()"
            assert not any(word in str(error) for word in FOREIGN)
    with pytest.raises(splitlane.ArgumentError, match=r"plan\(\): missing a required argument: 'instance': expected plan\(instance, method=…"):
        splitlane.plan()
    with pytest.raises(splitlane.ArgumentError, match=r"self: wrong type for Plan.summary: got 3, expected a splitlane.Plan"):
        splitlane.Plan.summary(3)


def test_path_in_the_place_of_an_object_is_told_how_to_be_read(three, tmp_path):
    with pytest.raises(splitlane.InputError) as caught:
        splitlane.plan("three_clients.json")
    assert str(caught.value) == (
        "instance: wrong type for plan: got 'three_clients.json', expected a splitlane.Instance; Instance.load reads one from a file"
    )
    with pytest.raises(splitlane.InputError, match="certificate: .*Certificate.load reads one from a file"):
        splitlane.verify(three, splitlane.plan(three), tmp_path / "certificate.json")
    with pytest.raises(splitlane.InputError, match="path: wrong type for Instance.load: got <splitlane.Instance .*, expected a path"):
        splitlane.Instance.load(three)


@pytest.mark.parametrize("kind", [each for each in CLASSES if each.__module__ == "splitlane._core"])
def test_what_has_no_constructor_says_what_makes_it(kind):
    # Networks, devices and links are made of the keys of their documents, which go by name.
    with pytest.raises(splitlane.InputError) as caught:
        kind("x")
    assert caught.value.where == kind.__name__ and caught.value.expected
    assert not any(word in str(caught.value) for word in FOREIGN)


NESTED = [
    (lambda three: splitlane.scenario(client_devices=["no such"]), "client_devices"),
    (lambda three: splitlane.scenario(client_devices=[3]), "client_devices"),
    (lambda three: splitlane.scenario(client_devices=splitlane.Device.named("apple-m1")), "client_devices"),
    (lambda three: splitlane.scenario(helper_devices=[splitlane.Link.named(splitlane.link_names()[0])]), "helper_devices"),
    (lambda three: splitlane.scenario(model=splitlane.Device.named("apple-m1")), "model"),
    (lambda three: splitlane.scenario(cuts=(3,)), "cuts"),
    (lambda three: splitlane.scenario(cuts=(3, 3.5)), "cuts"),
    (lambda three: splitlane.scenario(cuts=((2, 9), "x")), "cuts"),
    (lambda three: splitlane.scenario(clients=2.5), "clients"),
    (lambda three: splitlane.Device(name="x", ram_mb=float("nan")), "ram_mb"),
    (lambda three: splitlane.Device(name="x", ram_mb=object()), "ram_mb"),
    (lambda three: splitlane.Device(name="x", rates=[{"forward_flops_per_s": {1, 2}}]), "rates[0].forward_flops_per_s"),
    (lambda three: splitlane.Device(name="x", rates=[{3: 4}]), "rates[0]"),
    (lambda three: splitlane.Device(name=3), "name"),
    (lambda three: splitlane.Instance.from_setup({"model": np.array([1.5, np.inf])}), "model[1]"),
    (lambda three: splitlane.Instance.from_setup({"model": "resnet18"}, devices=["apple-m1"]), "devices"),
    (lambda three: splitlane.whatif(three, faster_client={"phone": None}), "faster_client['phone']"),
    (lambda three: splitlane.whatif(three, faster_client={3: 10}), "faster_client[0]"),
    (lambda three: splitlane.whatif(three, without_client=["phone", 3]), "without_client[1]"),
    (lambda three: splitlane.changed_instance(three, add_helper=[None]), "add_helper[0]"),
    (lambda three: splitlane.compare(three, ["equid", 3]), "methods[1]"),
    (lambda three: splitlane.round(three, splitlane.plan(three), {"phone": object(), "camera": 1, "laptop": 1}), "clients[0].batches"),
]  # fmt: skip


@pytest.mark.parametrize(("call", "where"), NESTED)
def test_what_is_wrong_inside_an_argument_is_named(three, call, where):
    with pytest.raises(splitlane.InputError) as caught:
        call(three)
    assert where in caught.value.where, str(caught.value)
    assert not any(word in str(caught.value) for word in FOREIGN)


def test_whole_floats_are_integers_wherever_one_is_wanted(three):
    assert splitlane.plan(three, seed=3.0, threads=np.float32(1), max_iterations=5.0).seed == 3
    assert splitlane.scenario(clients=4.0, helpers=np.float64(2), cuts=(3.0, 33), seed=1.0) == splitlane.scenario(
        clients=4, helpers=2, cuts=(3, 33), seed=1
    )
    rates = [{"forward_flops_per_s": 2e10, "backward_flops_per_s": 1.5}]
    assert splitlane.Device(name="x", rates=rates, ram_mb=4096.0) == splitlane.Device(name="x", rates=rates, ram_mb=np.int64(4096))
    slots = {key: [[1]] for key in ("release", "forward", "client_forward", "client_backward", "backward", "tail")}
    assert splitlane.Instance.from_arrays(**slots, time_unit="slot", slot_us=5.0).slot_us == 5
    changes = {"faster_client": {"phone": 50.0}, "more_memory": {"cloud": np.float32(1000)}}
    whole = {"faster_client": {"phone": 50}, "more_memory": {"cloud": 1000}}
    assert splitlane.changed_instance(three, **changes) == splitlane.changed_instance(three, **whole)


def test_functions_have_signatures_and_texts():
    for function in FUNCTIONS:
        assert inspect.signature(function).parameters or function.__name__.endswith(("names", "kinds", "methods"))
        assert "nanobind" not in repr(function) and function.__doc__
    assert list(inspect.signature(splitlane.Plan.save).parameters) == ["self", "path", "reproducible"]


def test_functions_and_methods_can_be_pickled(objects):
    _, values = objects
    for name, function in callables(values):
        again = pickle.loads(pickle.dumps(function))
        assert getattr(again, "__func__", again) is getattr(function, "__func__", function), name
        assert getattr(again, "__self__", None) == getattr(function, "__self__", None), name
