"""`splitlane.round`: batches as dict, array, number or file; the result; messages; interruption."""

import json
import os
import signal

import numpy as np
import pytest
from conftest import EXAMPLES

import splitlane

BATCHES = EXAMPLES / "three_clients.batches.json"
COUNTS = {"phone": 4, "camera": 4, "laptop": 2}


@pytest.fixture
def three_plan(three) -> splitlane.Plan:
    """The shortest plan of three."""
    return splitlane.Plan.load(EXAMPLES / "three_clients.plan.json", three)


def test_round_is_that_of_the_program(three, three_plan, tmp_path):
    made = splitlane.round(three, three_plan, BATCHES)
    made.save(tmp_path / "round.json")
    assert (tmp_path / "round.json").read_bytes() == (EXAMPLES / "three_clients.round.json").read_bytes()
    assert made.to_json().encode() == (tmp_path / "round.json").read_bytes()


def test_round_survives_saving_and_loading(three, three_plan, drawn, tmp_path):
    for mode in ("barrier", "best"):
        made = splitlane.round(three, three_plan, COUNTS, mode)
        made.save(tmp_path / "round.json")
        again = splitlane.Round.load(tmp_path / "round.json", three)
        assert again == made == splitlane.Round.from_json(made.to_json(), three) and again.to_json() == made.to_json()
        assert again.violations() == [] and splitlane.check(three, again).makespan == made.makespan
    with pytest.raises(splitlane.InputError, match="round.json: clients"):
        splitlane.Round.load(tmp_path / "round.json", drawn)


def test_round_that_is_wrong_or_of_another_instance_is_found_out(three, three_plan):
    text = splitlane.round(three, three_plan, COUNTS).to_json()
    wrong = splitlane.Round.from_json(text.replace('"makespan":58', '"makespan":57', 1), three)
    found = splitlane.check(three, wrong)
    assert not found and {violation.kind for violation in found.violations} == {"round"}
    assert wrong.violations() == [violation.message for violation in found.violations]
    other = splitlane.Round.from_json(text.replace("three", "four"), three)
    assert [violation.kind for violation in splitlane.check(three, other).violations] == ["instance"]


def test_summary_is_that_of_the_program(three, three_plan, program):
    files = (EXAMPLES / "three_clients.json", EXAMPLES / "three_clients.plan.json")
    assert splitlane.round(three, three_plan, BATCHES).summary() == program("round", *files, "--batches", BATCHES)


@pytest.mark.parametrize(
    "batches",
    [COUNTS, np.array([4, 4, 2]), [4, 4, np.int32(2)], str(BATCHES), {name: np.int64(n) for name, n in COUNTS.items()}],
    ids=["dict", "array", "list", "path", "dict of NumPy integers"],
)
def test_batches_come_in_any_form(three, three_plan, batches):
    # examples/README.md derives 58, and 64 with the paper's barrier.
    made = splitlane.round(three, three_plan, batches)
    assert (made.makespan, made.ways["barrier"][0]) == (58, 64)
    assert made.batches.tolist() == [4, 4, 2]


def test_one_number_is_for_all(three, three_plan):
    assert splitlane.round(three, three_plan, 3, "barrier").makespan == 3 * 16


def test_values_fit_each_other(three, three_plan):
    made = splitlane.round(three, three_plan, COUNTS)
    assert made.violations() == []
    assert made.makespan == made.completion.max() == min(makespan for makespan, _ in made.ways.values())
    assert made.lower_bound <= made.makespan and made.gap == (made.makespan - made.lower_bound) / made.lower_bound
    assert made.status == ("optimal" if made.gap == 0 else "feasible") and made.way in made.ways
    assert (made.option == three_plan.option).all() or made.way == "reassigned"
    assert "makespan 58" in repr(made) and made.instance is three
    with pytest.raises(ValueError, match="read-only"):
        made.completion[0] = 1


def test_tables_hold_every_segment_client_and_way(three, three_plan):
    made = splitlane.round(three, three_plan, COUNTS, "pipelined")
    segments = made.to_dataframe()
    work = segments.groupby(["client", "batch", "task"])["end"].max()
    assert len(work) == 2 * (4 + 4 + 2)
    assert (segments["batches"] == 1).all() and (segments["end"] > segments["start"]).all()
    clients = made.to_dataframe("clients").set_index("id")
    assert clients["batches"].to_dict() == COUNTS and clients["completion"].max() == made.makespan
    document = json.loads(made.to_json())
    assert clients["helper"].to_dict() == {client["id"]: client["helper"] for client in document["clients"]}
    assert made.to_dataframe("ways").to_dict("records") == document["ways"]
    with pytest.raises(splitlane.InputError, match="one of segments, clients, ways"):
        made.to_dataframe("helpers")


def test_barrier_has_a_row_for_all_batches_that_are_alike(three, three_plan):
    segments = splitlane.round(three, three_plan, COUNTS, "barrier").to_dataframe()
    phases = segments[["batch", "batches", "every"]].drop_duplicates()
    # The laptop leaves after two batches; each takes 16 (examples/README.md).
    assert phases.values.tolist() == [[1, 2, 16], [3, 2, 16]]
    # All of the phone's and the camera's tasks are there in both phases, those of the desk from 32 on.
    later = segments[segments["batch"] == 3]
    assert set(later["client"]) == {"phone", "camera"} and later["start"].min() == 32 + 1
    assert set(segments[segments["batch"] == 1]["client"]) == {"phone", "camera", "laptop"}


def test_a_trillion_batches_with_a_barrier(three, three_plan):
    made = splitlane.round(three, three_plan, [10**12, 10**12, 5])
    assert made.way == "barrier" and made.makespan == 16 * 10**12
    assert "1000000" in made.warnings[0] and len(made.to_dataframe()) == 10


@pytest.mark.parametrize(
    ("batches", "code", "mentions"),
    [
        ({"phone": 3, "fridge": 3, "laptop": 2}, "unknown_id", ["clients[1].id", "fridge"]),
        ({"phone": 3, "camera": 3}, "missing_key", ["laptop"]),
        ([3, 0, 2], "out_of_range", ["clients[1].batches", "0"]),
        ([3.0, 3.5, 2.0], "wrong_type", ["batches[1]", "3.5"]),
        ({"phone": 3.0, "camera": 3.5, "laptop": 2}, "wrong_type", ["clients[1].batches", "3.5"]),
        ([3.0, float("nan"), 2.0], "wrong_type", ["batches[1]", "nan"]),
        ({"phone": 3, "camera": float("nan"), "laptop": 2}, "wrong_type", ["clients[1].batches", "nan"]),
        (np.ma.masked_equal([3, 4, 2], 4), "wrong_type", ["batches[1]", "masked"]),
        ({"phone": 3, 7: 3, "laptop": 2}, "wrong_type", ["clients[1].id"]),
        (None, "wrong_type", ["batches"]),
        ([3, 3], "usage", ["batches", "(2,)", "(3,)"]),
        ([[3, 3, 2]], "usage", ["batches", "(1, 3)"]),
        ([2**53, 3, 2], "overflow", ["batches", "2^53"]),
        ("nothing.json", None, ["nothing.json"]),
        (EXAMPLES / "three_clients.json", "wrong_format", ["three_clients.json", "splitlane-batches"]),
    ],
)
def test_bad_batches_are_refused(three, three_plan, batches, code, mentions):
    with pytest.raises(splitlane.InputError) as caught:
        splitlane.round(three, three_plan, batches)
    assert code is None or caught.value.code == code
    for mention in mentions:
        assert mention in str(caught.value)


def test_batches_that_are_no_numbers_are_refused(three, three_plan):
    with pytest.raises(splitlane.InputError, match="batches"):
        splitlane.round(three, three_plan, {"phone": "4", "camera": 4, "laptop": 2})
    with pytest.raises(TypeError, match="batches"):
        splitlane.round(three, three_plan, {"phone": object(), "camera": 4, "laptop": 2})


@pytest.mark.parametrize("arguments", [{"mode": "barier"}, {"time_limit": 0}, {"threads": 0}])
def test_argument_out_of_range_is_named(three, three_plan, arguments):
    with pytest.raises(splitlane.InputError, match=next(iter(arguments))) as caught:
        splitlane.round(three, three_plan, COUNTS, **arguments)
    assert caught.value.code == "usage"


def test_plan_that_is_wrong_or_of_another_instance_is_refused(three, three_plan, drawn):
    document = json.loads(three_plan.to_json())
    document["helpers"][0]["segments"].pop()
    wrong = splitlane.Plan.from_json(json.dumps(document), three)
    with pytest.raises(splitlane.Error, match="no plan to make a round of") as caught:
        splitlane.round(three, wrong, COUNTS)
    assert (caught.value.code, caught.value.exit_code) == ("violations", 3) and "phone" in str(caught.value)
    other = splitlane.scenario("scenario-2", clients=12, helpers=3, seed=5)
    with pytest.raises(splitlane.Error) as caught:
        splitlane.round(other, splitlane.Plan.from_json(splitlane.plan(drawn).to_json(), drawn), 2)
    assert caught.value.code == "violations"


def test_plan_without_preemption_gives_a_round_without(three):
    made = splitlane.round(three, splitlane.plan(three, non_preemptive=True), COUNTS, "pipelined")
    assert not made.to_dataframe().duplicated(["client", "batch", "task"]).any()


def test_same_bytes_for_any_number_of_threads(drawn):
    plan = splitlane.plan(drawn)
    counts = np.arange(12) % 5 + 1
    assert len({splitlane.round(drawn, plan, counts, threads=threads).to_json() for threads in (1, 2)}) == 1


def test_ctrl_c_raises_with_the_best_round_so_far():
    instance = splitlane.scenario(clients=300, helpers=20)
    plan = splitlane.plan(instance, "balanced-greedy")
    signal.signal(signal.SIGINT, signal.default_int_handler)

    def listen(progress):
        if progress.makespan is not None:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt) as caught:
        splitlane.round(instance, plan, np.arange(300) % 16 + 5, time_limit=100, on_progress=listen)
    assert caught.value.round.violations() == []
