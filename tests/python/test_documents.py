"""Documents: the same bytes as the program's, the same messages."""

import json
import pickle

import pytest
from conftest import EXAMPLES

import splitlane

# Documents of other kinds say so in their names: three_clients.plan.json, training.json.
PATHS = sorted(path for path in EXAMPLES.glob("*.json") if path.name.count(".") == 1 and path.name != "training.json")
BROKEN = [
    "",
    "{",
    "[]",
    '{"format": "splitlane-plan", "version": 1}',
    '{"format": "splitlane-instance", "version": 1, "time_unit": "ms", "helpers": [], "clients": []}',
    '{"format": "splitlane-instance", "version": 1, "time_unit": "ms", "helper": []}',
    '{"format": "splitlane-instance", "version": 1, "time_unit": "ms", "helpers": [{"id": "h", "memory_mb": -1}]}',
    '{"format": "splitlane-instance", "version": 1, "time_unit": "ms", "helpers": [{"id": "h", "memory_mb": 1e400}]}',
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_written_instance_is_the_one_read(path, tmp_path):
    instance = splitlane.Instance.load(str(path))
    instance.save(tmp_path / "again.json")
    assert (tmp_path / "again.json").read_text() == path.read_text() == instance.to_json()


@pytest.mark.parametrize("method", ["auto", "balanced-greedy", "equid", "random-fcfs", "admm"])
def test_plan_has_the_bytes_of_the_program(program, tmp_path, method):
    program("scenario", "--clients", 12, "--helpers", 3, "--seed", 5, "-o", "instance.json")
    program("plan", "instance.json", "-o", "plan.json", "--method", method, "--seed", 7, "--reproducible")
    instance = splitlane.scenario(clients=12, helpers=3, seed=5)
    assert instance.to_json() == (tmp_path / "instance.json").read_text()
    plan = splitlane.plan(instance, method, seed=7)
    assert plan.to_json(reproducible=True) == (tmp_path / "plan.json").read_text()


def test_certificate_has_the_bytes_of_the_program(program, three, tmp_path):
    (tmp_path / "three.json").write_text(three.to_json())
    program("plan", "three.json", "-o", "plan.json", "--certificate", "certificate.json")
    assert splitlane.plan(three, certificate=True).certificate.to_json() == (tmp_path / "certificate.json").read_text()


@pytest.mark.parametrize("text", BROKEN)
def test_broken_document_is_refused_in_the_words_of_the_program(program, tmp_path, text):
    (tmp_path / "broken.json").write_text(text)
    said = json.loads(program("info", "broken.json", code=2))
    with pytest.raises(splitlane.InputError) as caught:
        splitlane.Instance.from_json(text)
    error = caught.value
    where = said.get("where", "").removeprefix("broken.json").removeprefix(": ")
    assert (error.code, error.exit_code, error.where) == (said["code"], 2, where)
    assert (error.what, error.got, error.expected) == tuple(said.get(key, "") for key in ("what", "got", "expected"))
    assert isinstance(error, ValueError)


def test_error_in_a_file_names_the_file(tmp_path):
    (tmp_path / "broken.json").write_text("{}")
    with pytest.raises(splitlane.Error, match="broken.json: ") as caught:
        splitlane.Instance.load(tmp_path / "broken.json")
    assert str(caught.value) == caught.value.message
    with pytest.raises(splitlane.Error) as caught:
        splitlane.Instance.load(tmp_path / "no such file.json")
    assert caught.value.code == "file"


def test_infeasible_instance_is_an_error_of_its_own():
    # The only helper has room for 5 MB, the client needs 6.
    with pytest.raises(splitlane.InfeasibleError) as caught:
        splitlane.plan(splitlane.Instance.from_arrays(
            release=[[1]], forward=1, client_forward=1, client_backward=1, backward=1, tail=1, memory_mb=6, helper_memory_mb=5,
        ))  # fmt: skip
    assert (caught.value.code, caught.value.exit_code) == ("infeasible", 3)


def test_a_search_that_ends_too_early_says_nothing_about_feasibility():
    # The codes are the program's; only `infeasible` is a proof.
    from splitlane._errors import error_class

    assert error_class("none_found", 4) is splitlane.NoneFoundError
    assert error_class("infeasible", 3) is splitlane.InfeasibleError
    assert not issubclass(splitlane.NoneFoundError, splitlane.InfeasibleError)


def test_plan_survives_saving_and_loading(drawn, tmp_path):
    plan = splitlane.plan(drawn, "equid", seed=3)
    plan.save(tmp_path / "plan.json")
    again = splitlane.Plan.load(tmp_path / "plan.json", drawn)
    assert again.to_json() == plan.to_json()
    assert (again.method, again.seed, again.makespan) == ("equid", 3, plan.makespan)
    assert splitlane.check(drawn, again)


def test_meta_survives_reading_writing_and_pickling(three):
    plan = splitlane.plan(three)
    made = {
        splitlane.Instance: three,
        splitlane.Plan: plan,
        splitlane.Round: splitlane.round(three, plan, 2),
        splitlane.Trace: splitlane.simulate(three, plan, executions=1, trace=True).trace,
    }
    for kind, value in made.items():
        document = json.loads(value.to_json())
        document["meta"] = document.get("meta", {}) | {"made_by": "héllo", "runs": [1, 2.5, None], "nested": {"a": {}}}
        of = () if kind is splitlane.Instance else (three,)
        read = kind.from_json(json.dumps(document), *of)
        assert json.loads(read.to_json()) == document
        assert kind.from_json(read.to_json(), *of) == read != value
        assert pickle.loads(pickle.dumps(read)) == read


def test_setup_file_gives_the_instance_of_the_program(program):
    setup = EXAMPLES.parent / "profiles/setups/classroom.json"
    assert splitlane.Instance.from_setup(setup).to_json() == program("instance", setup)


@pytest.mark.parametrize("kind", [splitlane.Model, splitlane.Device, splitlane.Link])
def test_shipped_profiles_survive_writing_and_reading(kind):
    names = {splitlane.Model: splitlane.model_names, splitlane.Device: splitlane.device_names, splitlane.Link: splitlane.link_names}
    for name in names[kind]():
        profile = kind.named(name)
        assert kind.from_json(profile.to_json()).to_json() == profile.to_json()
        fields = {key: value for key, value in json.loads(profile.to_json()).items() if key not in ("format", "version")}
        assert kind(**fields).to_json() == profile.to_json()
