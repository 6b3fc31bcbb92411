"""The command line and `splitlane.plan` are two translators of one request: same limits, same proofs, same bytes, same refusals."""

import json

import pytest
from conftest import EXAMPLES

import splitlane

INSTANCE = EXAMPLES / "resnet101_30x5.json"

# What is asked for, in Python's words; `start` is a plan of random-fcfs. Each method comes to its own end, so that bytes repeat.
REQUESTS = [
    {},
    {"time_limit": 100},
    {"time_limit": 2.5e1, "method": "exact", "certificate": True},
    {"method": "exact", "certificate": True},
    {"method": "exact", "non_preemptive": True, "certificate": True, "time_limit": 100},
    {"method": "scale", "certificate": True, "time_limit": 100, "threads": 2},
    {"method": "balanced-greedy", "seed": 2**53, "threads": 1024},
    {"method": "random-fcfs", "seed": 3, "time_limit": 1e-3},
    {"method": "admm", "rho": 1e9, "epsilon1": 0.5, "epsilon2": 2.0, "max_iterations": 2},
    {"start": True},
    {"start": True, "keep_assignment": True, "time_limit": 100},
    {"start": True, "max_moves": 3, "certificate": True},
    {"certificate": True, "time_limit": 100},
    {"certificate": True, "non_preemptive": True},
    {"method": "scale", "certificate": True, "non_preemptive": True, "time_limit": 50.5},
    {"method": "exact", "certificate": True, "time_limit": 1e2, "threads": 1, "seed": 5},
    {"start": True, "keep_assignment": True, "certificate": True, "time_limit": 100},
    {"start": True, "max_moves": 0, "certificate": True, "time_limit": 100},
]
# So little time that it ends plan and proof early, wherever that is.
ENDED_EARLY = [
    {"method": method, "time_limit": seconds, "certificate": True} for method in ("auto", "exact", "scale") for seconds in (1e-3, 0.3)
]
REFUSED = [
    {"time_limit": 0.0},
    {"time_limit": -1.0},
    {"time_limit": float("nan")},
    {"time_limit": float("inf")},
    {"threads": 0},
    {"threads": 1025},
    {"seed": -1},
    {"seed": 2**53 + 1},
    {"seed": 10**30},
    {"method": "exakt"},
    {"method": "admm", "rho": 1.1e9},
    {"method": "admm", "rho": 0.0},
    {"method": "admm", "epsilon1": float("inf")},
    {"method": "admm", "max_iterations": 1000001},
    {"max_moves": 3},
    {"keep_assignment": True},
    {"start": True, "max_moves": -1},
    {"start": True, "max_moves": 2**53 + 1},
    {"start": True, "max_moves": 3, "keep_assignment": True},
    {"start": True, "method": "equid"},
    {"method": "equid", "certificate": True},
]


def typed(request: dict, tmp_path) -> list[str]:
    """The same request as it is typed."""
    words = []
    for name, value in request.items():
        option = "--from" if name == "start" else "--" + name.replace("_", "-")
        if name in ("start", "certificate"):
            words += [option, str(tmp_path / f"{name}.json")]
        elif value is True:
            words.append(option)
        else:
            words += [option, str(value)]
    return words


@pytest.fixture
def fleet() -> splitlane.Instance:
    """Thirty clients of five helpers."""
    return splitlane.Instance.load(INSTANCE)


@pytest.fixture
def start(fleet, tmp_path) -> splitlane.Plan:
    """A poor plan, also as the file that typed requests name."""
    plan = splitlane.plan(fleet, "random-fcfs")
    plan.save(tmp_path / "start.json")
    return plan


@pytest.mark.parametrize("request_", REQUESTS, ids=str)
def test_plan_and_proof_have_the_same_bytes(program, fleet, start, tmp_path, request_):
    document = program("plan", INSTANCE, "-q", "--reproducible", *typed(request_, tmp_path))
    plan = splitlane.plan(fleet, **request_ | ({"start": start} if "start" in request_ else {}))
    assert plan.to_json(reproducible=True) == document
    assert (plan.certificate is not None) == ("certificate" in request_)
    if plan.certificate:
        assert plan.certificate.to_json() == (tmp_path / "certificate.json").read_text()


@pytest.mark.parametrize("request_", ENDED_EARLY, ids=str)
def test_a_limit_ends_plan_and_proof_and_what_is_claimed_is_proven(program, hard, tmp_path, request_):
    hard.save(tmp_path / "hard.json")
    program("plan", "hard.json", "-q", "-o", "plan.json", *typed(request_, tmp_path))
    typed_plan = splitlane.Plan.load(tmp_path / "plan.json", hard)
    typed_proof = splitlane.Certificate.load(tmp_path / "certificate.json", hard)
    plan = splitlane.plan(hard, **request_)
    for made, proof in ((typed_plan, typed_proof), (plan, plan.certificate)):
        assert splitlane.check(hard, made) and splitlane.verify(hard, made, proof)
        assert (made.lower_bound, made.method) == (proof.lower_bound, plan.method)
        assert set(made.parameters) == set(plan.parameters)


@pytest.mark.parametrize("request_", REFUSED, ids=str)
def test_what_the_one_refuses_the_other_does_for_the_same_reason(program, fleet, start, tmp_path, request_):
    said = json.loads(program("plan", INSTANCE, "-q", *typed(request_, tmp_path), code=2))
    with pytest.raises(splitlane.InputError) as caught:
        splitlane.plan(fleet, **request_ | ({"start": start} if "start" in request_ else {}))
    error = caught.value
    assert (error.code, error.exit_code) == (said["code"], said["exit_code"])
    assert "--" + error.where.replace("_", "-") == said["where"].replace("--from", "--start") or error.where == said["where"]
    assert in_words(error.what) == in_words(said["what"])
    # On the command line a time may also have a unit.
    assert in_words(said.get("expected", "")).startswith(in_words(error.expected))


def in_words(text: str) -> str:
    """A message without what tells the two ways of writing apart."""
    for mark in ("--", "=", "_", "-", " "):
        text = text.replace(mark, " ")
    return " ".join(text.replace("from", "start").split())
