"""`splitlane.simulate` and `Trace`: the numbers and bytes of the program, arrays, messages, interruption."""

import json
import os
import signal

import numpy as np
import pytest
from conftest import EXAMPLES

import splitlane

BATCHES = EXAMPLES / "three_clients.batches.json"


@pytest.fixture
def three_plan(three) -> splitlane.Plan:
    """The shortest plan of three: makespan 16, in seconds."""
    return splitlane.Plan.load(EXAMPLES / "three_clients.plan.json", three)


OPTIONS = [
    ({}, []),
    ({"rules": "planned", "executions": 3}, ["--rules", "planned", "--executions", "3"]),
    ({"rules": ["longest-path", "first-come"], "noise": 0.2, "device_noise": 0.1, "drift": 0.3, "layers": 4, "seed": 7, "executions": 20},
     ["--rules", "longest-path,first-come", "--noise", "0.2", "--device-noise", "0.1", "--drift", "0.3", "--layers", "4", "--seed", "7",
      "--executions", "20"]),
    ({"straggler": {"phone": 3, "cloud": 1.5}, "random_stragglers": (1, 2), "executions": 9},
     ["--straggler", "phone=3", "--straggler", "cloud=1.5", "--random-stragglers", "1=2", "--executions", "9"]),
    ({"lose": {"desk": 3}, "replan": True, "max_moves": 2, "planning_time": 1, "executions": 5, "noise": 0.1},
     ["--lose", "desk@3", "--replan", "--max-moves", "2", "--planning-time", "1", "--executions", "5", "--noise", "0.1"]),
    ({"replan_every": 4, "max_moves": 1, "noise": 0.5, "executions": 5}, ["--replan-every", "4", "--max-moves", "1", "--noise", "0.5",
                                                                          "--executions", "5"]),
    ({"batches": BATCHES, "noise": 0.2, "executions": 4}, ["--batches", BATCHES, "--noise", "0.2", "--executions", "4"]),
    ({"regret": True, "noise": 0.2, "executions": 4}, ["--regret", "--noise", "0.2", "--executions", "4"]),
    ({"noisy": {"desk": 0.5}, "slack": (50, 90), "executions": 4}, ["--noisy", "desk=0.5", "--slack", "50,90", "--executions", "4"]),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "options"), OPTIONS, ids=lambda each: " ".join(map(str, each)) if isinstance(each, dict) else "")
def test_table_and_trace_are_those_of_the_program(three, three_plan, program, tmp_path, arguments, options):
    files = (EXAMPLES / "three_clients.json", EXAMPLES / "three_clients.plan.json")
    table = program("simulate", *files, *options, "-o", "trace.json")
    made = splitlane.simulate(three, three_plan, trace=True, **arguments)
    assert made.summary() == table
    assert made.trace.to_json() == (tmp_path / "trace.json").read_text()


def test_without_noise_the_planned_rule_keeps_the_plan(three, three_plan):
    made = splitlane.simulate(three, three_plan, executions=3)
    assert made.rules == ["planned", "first-come", "longest-tail", "longest-path"] and made.done.tolist() == [0, 1, 2]
    assert made.planned_makespan == 16_000_000 and made.executions == 3 and made.instance is three and made.trace is None
    assert (made.makespan[0] == 16_000_000).all() and (made.lateness[0] == 0).all() and made.makespan.shape == (4, 3)
    first = made.rows[0]
    assert first == ("planned", 16, 16, 16, 1, 1, 0, 0, 0, None) and first.mean == first.worst


def test_rows_are_statistics_of_the_outcomes(three, three_plan):
    made = splitlane.simulate(three, three_plan, executions=40, noise=0.3, regret=True, lose={"phone": 9})
    for row, makespan, lateness, lost in zip(made.rows, made.makespan, made.lateness, made.lost_clients, strict=True):
        assert row.mean == pytest.approx(makespan.mean() / 1e6) and row.worst == makespan.max() / 1e6
        # 38 of 40 executions are 95 %.
        assert row.p95 == np.sort(makespan)[37] / 1e6 and row.latest == lateness.max() / 1e6 and row.lost == lost.mean()
        assert row.regret == pytest.approx((makespan / made.known - 1).mean())
    table = made.to_dataframe()
    assert table["rule"].tolist() == made.rules and table["worst"].max() == made.makespan.max() / 1e6
    outcomes = made.to_dataframe("executions")
    assert len(outcomes) == 4 * 40 and (outcomes["makespan"].to_numpy() == made.makespan.ravel()).all()
    with pytest.raises(splitlane.InputError, match="one of rules, executions"):
        made.to_dataframe("clients")


def test_trace_says_what_its_document_says(three, three_plan, tmp_path):
    # The phone is lost at 9 s, halfway; the desk, which serves it, goes on.
    trace = splitlane.simulate(three, three_plan, executions=1, noise=0.2, lose={"phone": 9}, trace=True).trace
    trace.save(tmp_path / "trace.json")
    assert splitlane.Trace.load(tmp_path / "trace.json", three) == trace == splitlane.Trace.from_json(trace.to_json(), three)
    document = json.loads(trace.to_json())
    assert (trace.source, trace.rule, trace.time_scale, trace.pace_kept) == ("simulated", "planned", 1.0, None)
    assert trace.events == document["events"] == [{"time": 9_000_000, "kind": "lost", "node": "phone"}]
    ids = {client["id"]: position for position, client in enumerate(document["clients"])}
    for position, client in enumerate(document["clients"]):
        mine = trace.batches[trace.batches["client"] == position]
        for record, batch in zip(mine, client["batches"], strict=True):
            assert {name: record[name] for name in record.dtype.names if name not in ("client", "batch") and record[name] >= 0} == batch
        assert trace.completion[position] == client["batches"][-1].get("completion", -1)
        assert three.helper_ids[trace.helper[position]] == client["helper"]
    tasks = ("forward", "backward")
    listed = [
        (helper, ids[one["client"]], one["batch"], tasks.index(one["task"]), one["start"], one["end"])
        for helper, lane in enumerate(document["helpers"]) for one in lane["segments"]
    ]  # fmt: skip
    assert [tuple(map(int, record)) for record in trace.segments] == listed
    assert trace.completion[ids["phone"]] == -1 and trace.makespan == trace.completion.max()
    with pytest.raises(ValueError, match="read-only"):
        trace.segments["start"][0] = 1


def test_tables_of_a_trace(three, three_plan):
    trace = splitlane.simulate(three, three_plan, executions=1, lose={"phone": 9}, trace=True).trace
    segments, batches, clients, events = (trace.to_dataframe(name) for name in ("segments", "batches", "clients", "events"))
    assert len(segments) == len(trace.segments) and set(segments["task"]) == {"forward", "backward"}
    assert batches["completion"].isna().sum() == 1 and batches["completion"].max() == trace.makespan
    assert clients.set_index("id")["completion"].isna().to_dict() == {"phone": True, "camera": False, "laptop": False}
    assert events[["time", "kind", "node"]].to_numpy().tolist() == [[9_000_000, "lost", "phone"]]


def test_check_holds_a_trace_against_its_plan(three, three_plan):
    trace = splitlane.simulate(three, three_plan, executions=1, noise=0.2, trace=True).trace
    assert trace.check(three_plan) and splitlane.check(three, three_plan, trace)
    document = json.loads(trace.to_json())
    document["helpers"][0]["segments"].pop(0)
    wrong = splitlane.Trace.from_json(json.dumps(document), three)
    found = wrong.check(three_plan)
    assert not found and {violation.kind for violation in found.violations} == {"trace"} and "without a segment" in str(found.violations)
    other = splitlane.plan(three, "balanced-greedy")
    assert "instance" in {violation.kind for violation in trace.check(other).violations}  # made for another plan


def test_trace_of_a_plan_that_was_never_saved_fits_the_plan(drawn, tmp_path, program):
    plan = splitlane.plan(drawn)
    trace = splitlane.simulate(drawn, plan, executions=1, noise=0.2, trace=True).trace
    assert trace.check(plan)
    drawn.save(tmp_path / "instance.json")
    plan.save(tmp_path / "plan.json")
    trace.save(tmp_path / "trace.json")
    assert "valid trace" in program("check", "instance.json", "plan.json", "--trace", "trace.json")


def test_trace_of_a_round_fits_the_round(three, three_plan):
    made = splitlane.round(three, three_plan, BATCHES)
    trace = splitlane.simulate(three, three_plan, executions=1, batches=BATCHES, noise=0.2, trace=True).trace
    assert splitlane.check(three, made) and trace.check(made) and splitlane.check(three, made, trace).makespan == 58


@pytest.mark.parametrize(
    ("arguments", "code", "mentions"),
    [
        ({"executions": 0}, "usage", ["executions", "1000000"]),
        ({"executions": 1.5}, "wrong_type", ["executions", "1.5"]),
        ({"rules": "lifo"}, "usage", ["rules", "lifo"]),
        ({"rules": [7]}, "wrong_type", ["rules[0]", "7"]),
        ({"noise": -0.1}, "usage", ["noise", "-0.1"]),
        ({"drift": float("nan")}, "usage", ["drift", "nan"]),
        ({"layers": 1001}, "usage", ["layers", "1000"]),
        ({"straggler": {"fridge": 2}}, "usage", ["straggler", "fridge"]),
        ({"straggler": {"phone": 0}}, "usage", ["straggler", "0.001"]),
        ({"straggler": {"phone": "2"}}, "wrong_type", ["straggler['phone']"]),
        ({"straggler": ["phone"]}, "wrong_type", ["straggler"]),
        ({"random_stragglers": 3}, "wrong_type", ["random_stragglers"]),
        ({"random_stragglers": (0, 2)}, "usage", ["random_stragglers", "0"]),
        ({"random_stragglers": (1, 2, 3)}, "wrong_type", ["random_stragglers"]),
        ({"lose": {"phone": -1}}, "usage", ["lose", "-1"]),
        ({"lose": {"phone": 2.5}}, "wrong_type", ["lose['phone']", "2.5"]),
        ({"max_moves": -1}, "usage", ["max_moves"]),
        ({"replan_every": 2**53}, "usage", ["replan_every"]),
        ({"batches": [1, 2]}, "usage", ["batches", "(2,)"]),
        ({"batches": "nothing.json"}, "file", ["nothing.json"]),
        ({"batches": 2, "regret": True}, "usage", ["regret", "one batch"]),
        ({"max_moves": 1}, "usage", ["max_moves", "nothing is planned again", "replan=True"]),
        ({"planning_time": 1, "lose": {"desk": 5}}, "usage", ["planning_time", "nothing is planned again"]),
        ({"time_limit": 0}, "usage", ["time_limit"]),
        ({"threads": 0}, "usage", ["threads"]),
    ],
)
def test_argument_that_makes_no_sense_is_named(three, three_plan, arguments, code, mentions):
    with pytest.raises(splitlane.InputError) as caught:
        splitlane.simulate(three, three_plan, **arguments)
    assert caught.value.code == code
    for mention in mentions:
        assert mention in str(caught.value)


def test_plan_that_is_wrong_is_refused(three, three_plan):
    wrong = splitlane.Plan.from_json(three_plan.to_json().replace('"makespan":16', '"makespan":17'), three)
    with pytest.raises(splitlane.Error, match="no plan to follow") as caught:
        splitlane.simulate(three, wrong)
    assert caught.value.code == "violations"


def test_same_numbers_for_any_number_of_threads(drawn):
    plan = splitlane.plan(drawn)
    one, other = (splitlane.simulate(drawn, plan, executions=30, noise=0.2, seed=3, threads=threads) for threads in (1, 3))
    assert one == other and (one.makespan == other.makespan).all()
    assert splitlane.simulate(drawn, plan, executions=30, noise=0.2, seed=4) != one


def test_progress_counts_executions(three, three_plan):
    steps = []
    splitlane.simulate(three, three_plan, executions=5, threads=1, on_progress=lambda progress: steps.append(progress.step))
    assert steps == [f"{done} of 5 executions" for done in range(1, 6)]


def test_ctrl_c_raises_with_what_was_executed():
    instance = splitlane.scenario(clients=300, helpers=20)
    plan = splitlane.plan(instance, "balanced-greedy")
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.raises(KeyboardInterrupt) as caught:
        splitlane.simulate(instance, plan, executions=1_000_000, noise=0.1, on_progress=lambda _: os.kill(os.getpid(), signal.SIGINT))
    made = caught.value.simulation
    assert 0 < made.done.size < 1_000_000 and made.makespan.shape == (4, made.done.size)


def test_time_limit_returns_what_was_executed():
    instance = splitlane.scenario(clients=300, helpers=20)
    made = splitlane.simulate(instance, splitlane.plan(instance, "balanced-greedy"), executions=1_000_000, time_limit=0.3)
    assert made.done.size < made.executions == 1_000_000


def test_a_plan_is_shown_beside_its_trace_as_the_program_shows_it(three, three_plan, program, tmp_path):
    trace = splitlane.simulate(three, three_plan, executions=1, noise=0.2, trace=True).trace
    (tmp_path / "trace.json").write_text(trace.to_json())
    files = (EXAMPLES / "three_clients.json", EXAMPLES / "three_clients.plan.json", "--trace", "trace.json")
    assert three_plan.summary(trace) == program("report", *files)
    for name, made in {"figure.svg": three_plan.to_svg(trace), "events.json": three_plan.to_trace(trace)}.items():
        program("report", *files, "-o", name)
        assert (tmp_path / name).read_text() == made


def test_a_trace_that_cannot_have_happened_is_not_shown(three, three_plan):
    trace = splitlane.simulate(three, three_plan, executions=1, trace=True).trace
    document = json.loads(trace.to_json())
    served = next(client for client in document["clients"] if client["batches"][0].get("forward_end"))
    served["batches"][0]["forward_end"] += 1  # no segment ends then
    wrong = splitlane.Trace.from_json(json.dumps(document), three)
    with pytest.raises(splitlane.Error, match="not a valid trace of this plan"):
        three_plan.to_svg(wrong)


def test_a_trace_of_another_plan_is_not_shown(three, three_plan):
    document = json.loads(splitlane.simulate(three, three_plan, executions=1, trace=True).trace.to_json())
    document["plan"] = {"sha256": "0" * 64}
    another = splitlane.Trace.from_json(json.dumps(document), three)
    with pytest.raises(splitlane.Error, match="not a valid trace of this plan") as caught:
        three_plan.to_svg(another)
    assert (caught.value.code, caught.value.exit_code) == ("violations", 3)
