"""Planning: progress, interruption, threads, plans to start from, and what is checked."""

import signal
import subprocess
import sys
import threading

import numpy as np
import pytest

import splitlane

INTERRUPTED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background job ignores it
import splitlane
instance = splitlane.scenario("scenario-2", clients=400, helpers=9, memory="tight", seed=1)
def stop(progress):
    if progress.makespan is not None:
        os.kill(os.getpid(), signal.SIGINT)
try:
    splitlane.plan(instance, "exact", time_limit=100, on_progress=stop)
except KeyboardInterrupt as interrupt:
    print(splitlane.check(instance, interrupt.plan).valid)
    sys.exit(7)
"""


def test_ctrl_c_ends_planning_with_the_best_plan():
    done = subprocess.run([sys.executable, "-c", INTERRUPTED], capture_output=True, text=True, timeout=90, check=False)
    assert (done.returncode, done.stdout) == (7, "True\n"), done.stderr


def test_ctrl_c_without_progress_is_noticed_too(hard):
    # The signal comes from a timer of the process, while nobody runs any Python.
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 0.5)
    with pytest.raises(KeyboardInterrupt) as caught:
        splitlane.plan(hard, "exact", time_limit=100)
    assert caught.value.plan is None or splitlane.check(hard, caught.value.plan)


def test_exception_of_on_progress_ends_planning_and_comes_out(hard):
    class Enough(Exception):
        pass

    def listen(progress):
        if progress.makespan is not None:
            raise Enough(progress.step)

    with pytest.raises(Enough) as caught:
        splitlane.plan(hard, "exact", time_limit=100, on_progress=listen)
    assert splitlane.check(hard, caught.value.plan)


def test_on_progress_runs_on_the_calling_thread_and_sees_bounds_meet(drawn):
    history = []
    threads = set()
    plan = splitlane.plan(drawn, on_progress=lambda progress: (history.append(progress), threads.add(threading.get_ident())))
    assert threads == {threading.get_ident()}
    assert all(progress.lower_bound <= plan.makespan for progress in history)
    assert all(progress.makespan is None or progress.makespan >= plan.lower_bound for progress in history)
    assert all(isinstance(progress.step, str) for progress in history)


def test_other_threads_run_while_it_plans(hard):
    # The other thread raises an exception in the planning one only after it got to run itself: with the GIL held
    # throughout, nothing but the time limit would end the planning, and `ran` would stay empty.
    ran = []
    planning = threading.Event()

    def other():
        planning.wait()
        ran.extend(range(1000))

    thread = threading.Thread(target=other)
    thread.start()

    def listen(progress):
        planning.set()
        if len(ran) == 1000 and progress.makespan is not None:
            raise StopIteration

    try:
        splitlane.plan(hard, "exact", time_limit=20, on_progress=listen)
    except StopIteration:
        pass
    seen = len(ran)
    planning.set()
    thread.join()
    assert seen == 1000


def test_several_threads_plan_at_once_and_get_the_same(drawn):
    plans = []
    threads = [threading.Thread(target=lambda: plans.append(splitlane.plan(drawn, threads=1))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({plan.to_json(reproducible=True) for plan in plans}) == 1 and len(plans) == 4


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"method": "no such"}, "method"),
        ({"time_limit": -1}, "time_limit"),
        ({"time_limit": float("nan")}, "time_limit"),
        ({"seed": -1}, "seed"),
        ({"seed": 10**30}, "seed"),
        ({"threads": 0}, "threads"),
        ({"threads": 10**9}, "threads"),
        ({"max_moves": 3}, "max_moves"),
        ({"keep_assignment": True}, "keep_assignment"),
        ({"method": "equid", "certificate": True}, "certificate"),
        ({"method": "admm", "rho": float("inf")}, "rho"),
        ({"method": "admm", "max_iterations": 0}, "max_iterations"),
    ],
)
def test_argument_out_of_range_is_named(three, arguments, where):
    with pytest.raises(splitlane.InputError) as caught:
        splitlane.plan(three, **arguments)
    assert caught.value.code == "usage"
    assert where in str(caught.value)


@pytest.mark.parametrize("arguments", [{"seed": 1.5}, {"threads": "two"}, {"time_limit": "long"}, {"instance": 3}])
def test_argument_of_another_type_is_a_type_error(three, arguments):
    with pytest.raises(TypeError, match=next(iter(arguments))):
        splitlane.plan(**{"instance": three} | arguments)


def test_numpy_integers_are_integers(three):
    assert splitlane.plan(three, seed=np.int64(3)).seed == 3


def test_plan_starts_from_an_earlier_one_by_ids(drawn):
    before = splitlane.plan(drawn, "balanced-greedy")
    table = drawn.options_dataframe()
    left = splitlane.Instance.from_dataframes(table[table["client"] != "c0"], drawn.helpers_dataframe())
    after = splitlane.plan(left, start=before, keep_assignment=True)
    assert after.method == "scale" and splitlane.check(left, after)
    assert after.to_dataframe("clients")["helper"].tolist() == before.to_dataframe("clients")["helper"].tolist()[1:]
    few = splitlane.plan(drawn, start=before, max_moves=2)
    assert (few.helper != before.helper).sum() <= 2
    with pytest.raises(splitlane.InputError, match="always plans afresh"):
        splitlane.plan(drawn, "equid", start=before)


def test_plans_without_preemption_say_so(drawn):
    plan = splitlane.plan(drawn, "exact", non_preemptive=True, certificate=True)
    assert plan.parameters["preemptive"] is False
    assert splitlane.verify(drawn, plan)


def test_check_names_what_is_wrong(drawn):
    plan = splitlane.plan(drawn, "balanced-greedy")
    wrong = splitlane.Plan.from_json(plan.to_json().replace(f'"makespan":{plan.makespan}', f'"makespan":{plan.makespan + 1}'), drawn)
    result = splitlane.check(drawn, wrong)
    assert not result and result.count >= 1 and result.makespan == plan.makespan
    assert "makespan" in [finding.kind for finding in result.violations]


def test_check_against_another_instance_says_so(drawn):
    other = splitlane.scenario("scenario-2", clients=12, helpers=3, seed=5)
    result = splitlane.check(other, splitlane.Plan.from_json(splitlane.plan(drawn).to_json(), drawn))
    assert not result and result.violations[0].kind == "instance"


def test_certificate_verifies_and_a_stronger_claim_does_not(drawn, tmp_path):
    plan = splitlane.plan(drawn, "exact", certificate=True)
    assert plan.status == "optimal" and plan.gap == 0 and splitlane.verify(drawn, plan)
    plan.certificate.save(tmp_path / "certificate.json")
    loaded = splitlane.Certificate.load(tmp_path / "certificate.json", drawn)
    assert loaded.lower_bound == plan.lower_bound and splitlane.verify(drawn, plan, loaded)
    text = loaded.to_json().replace(f'"lower_bound":{plan.lower_bound}', f'"lower_bound":{plan.lower_bound + 1}')
    result = splitlane.verify(drawn, plan, splitlane.Certificate.from_json(text, drawn))
    assert not result and result.problems[0].kind == "certificate"
    with pytest.raises(splitlane.InputError, match="the plan has none"):
        splitlane.verify(drawn, splitlane.Plan.from_json(plan.to_json(), drawn))


def test_proof_is_there_only_where_it_was_asked_for(drawn):
    # What explains the bound is not the whole proof, and would not verify.
    for plan in (splitlane.plan(drawn, "exact"), splitlane.plan(drawn), splitlane.whatif(drawn, method="exact").plan):
        assert plan.certificate is None and plan.binding
        with pytest.raises(splitlane.InputError, match="certificate=True"):
            splitlane.verify(drawn, plan)
    for method in ("exact", "scale", "auto"):
        plan = splitlane.plan(drawn, method, certificate=True)
        assert splitlane.verify(drawn, plan, plan.certificate)


def test_compare_has_a_row_a_method_and_a_reason_where_there_is_no_plan(drawn):
    rows = splitlane.compare(drawn, ["equid", "ilp", "exact"], time_limit=20)
    assert [row.method for row in rows] == ["equid", "ilp", "exact"]
    exact = rows[2]
    assert exact.gap == 0 and exact.makespan == exact.lower_bound <= rows[0].makespan
    assert rows[1].plan is not None or rows[1].failure
    with pytest.raises(splitlane.InputError, match="unknown method"):
        splitlane.compare(drawn, ["exakt"])


def test_methods_are_those_of_the_library():
    assert next(iter(splitlane.methods())) == "auto"
    assert all(splitlane.methods().values())


def test_ctrl_c_in_compare_keeps_the_rows_so_far(hard):
    signal.signal(signal.SIGALRM, signal.default_int_handler)
    signal.setitimer(signal.ITIMER_REAL, 1)
    with pytest.raises(KeyboardInterrupt) as caught:
        splitlane.compare(hard, ["balanced-greedy", "exact", "admm"], time_limit=None)
    rows = caught.value.rows
    assert [row.method for row in rows] == ["balanced-greedy", "exact", "admm"]
    assert splitlane.check(hard, rows[0].plan) and rows[2].failure == "not run: cancelled"
