"""`splitlane.whatif`: the rows of the program, changes of one's own, interruption, messages."""

import json
import os
import signal

import numpy as np
import pytest
from conftest import EXAMPLES

import splitlane


@pytest.fixture
def queue() -> splitlane.Instance:
    """Three clients of one helper, each 2 + 3 of work, head 1 and tail 2: 1 + 3 * 5 + 2 = 18."""
    return splitlane.Instance.from_arrays(
        release=[[1], [1], [1]], forward=2, client_forward=0, client_backward=0, backward=3, tail=2,
        helper_ids=["h=0"], client_ids=["c0", "c1", "c2"], time_unit="s",
    )  # fmt: skip


def test_rows_are_those_of_the_program(program, three):
    made = splitlane.whatif(three, method="exact")
    assert made.to_json() == program("whatif", EXAMPLES / "three_clients.json", "--json", "--method", "exact")
    assert made.summary() == program("whatif", EXAMPLES / "three_clients.json", "--method", "exact")


def test_every_row_says_what_the_change_gives(queue):
    made = splitlane.whatif(queue, method="exact")
    assert (made.plan.makespan, made.plan.status, made.left_out) == (18, "optimal", 0)
    assert splitlane.check(queue, made.plan) and "window" in made.plan.binding[0]
    rows = {row.text: row for row in made}
    # Two helpers share three clients: 1 + 2 * 5 + 2 = 13.
    more = rows["one more helper like h=0"]
    assert (more.makespan, more.lower_bound, more.difference, more.status) == (13, 13, -5, "optimal")
    assert more.changes == [{"kind": "more_helpers", "helper": "h=0", "count": 1}]
    assert [row.makespan for row in made] == sorted(row.makespan for row in made)
    assert made[0] is made.rows[0] and len(made) == len(made.rows)


def test_dataframe_has_a_row_a_change(queue):
    made = splitlane.whatif(queue, method="exact")
    frame = made.to_dataframe()
    assert list(frame.columns) == ["text", "status", "makespan", "lower_bound", "difference", "changes"]
    assert frame["makespan"].tolist() == [row.makespan for row in made]
    assert (frame["difference"] == frame["makespan"] - made.plan.makespan).all()


def test_own_changes_are_combined_into_one_row(queue):
    made = splitlane.whatif(queue, faster_client={"c0": 50}, add_helper={"h=0": np.int64(2)}, without_client="c1", method="exact")
    # Two clients on three helpers: the path of c2, 1 + 2 + 3 + 2 = 8.
    (row,) = made
    assert row.makespan == 8
    assert [change["kind"] for change in row.changes] == ["faster_client", "more_helpers", "without_client"]
    assert splitlane.whatif(queue, add_helper=["h=0"], method="exact")[0].makespan == 13


def test_changed_instance_has_the_makespan_of_the_row(drawn):
    changes = {"faster_helper": {drawn.helper_ids[0]: 40}, "without_client": ["c0", "c1"]}
    (row,) = splitlane.whatif(drawn, **changes, method="exact")
    changed = splitlane.changed_instance(drawn, **changes)
    assert changed.client_ids == drawn.client_ids[2:] and drawn.client_count == 12
    assert splitlane.plan(changed, "exact").makespan == row.makespan
    assert row.text in changed.name


def test_plan_given_is_the_base_unless_a_better_one_is_found(three, drawn):
    best = splitlane.plan(three, "exact")
    assert splitlane.whatif(three, best).plan.to_json() == best.to_json()
    poor = splitlane.plan(drawn, "random-fcfs", seed=1)
    made = splitlane.whatif(drawn, poor, without_client="c0")
    assert poor.makespan > made.plan.makespan >= made[0].makespan


def test_plan_of_another_instance_or_mode_is_refused(three, drawn):
    other = splitlane.scenario("scenario-2", clients=12, helpers=3, seed=5)
    with pytest.raises(splitlane.Error, match="no plan to start from") as caught:
        splitlane.whatif(other, splitlane.Plan.from_json(splitlane.plan(drawn).to_json(), drawn))
    assert (caught.value.code, caught.value.exit_code, caught.value.where) == ("violations", 3, "plan")
    with pytest.raises(splitlane.Error, match="made with preemption"):
        splitlane.whatif(three, splitlane.plan(three), non_preemptive=True)


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        ({"faster": 0}, ["faster", "1 to 100"]),
        ({"faster_client": {"phne": 10}}, ["faster_client", "phne", "phone"]),
        ({"faster_helper": {"desk": 101}}, ["faster_helper", "1 to 100"]),
        ({"add_helper": {"desk": 0}}, ["add_helper", "1 to 1000"]),
        ({"more_memory": {"desk": -5}}, ["more_memory", "-5"]),
        ({"without_client": "nobody"}, ["without_client", "nobody"]),
        ({"method": "exakt"}, ["unknown method", "exact"]),
        ({"time_limit": 0}, ["time_limit"]),
    ],
)
def test_argument_that_makes_no_sense_is_named(three, arguments, mentions):
    with pytest.raises(splitlane.InputError) as caught:
        splitlane.whatif(three, **arguments)
    assert caught.value.code == "usage"
    for mention in mentions:
        assert mention in str(caught.value)


def test_message_is_that_of_the_program(three, program):
    said = json.loads(program("whatif", EXAMPLES / "three_clients.json", "--without-client", "phne", code=2))
    with pytest.raises(splitlane.InputError) as caught:
        splitlane.whatif(three, without_client="phne")
    assert f"--{caught.value}".replace("_", "-", 1) == said["message"]


def test_everybody_removed_is_refused(three):
    with pytest.raises(splitlane.InputError) as caught:
        splitlane.whatif(three, without_client=three.client_ids)
    assert caught.value.code == "empty"


def test_amount_of_another_type_is_a_type_error(three):
    with pytest.raises(TypeError):
        splitlane.whatif(three, faster_client={"phone": "fast"})


def test_progress_names_the_change_and_ctrl_c_keeps_the_rows_so_far(hard):
    steps = []

    def listen(progress):
        steps.append(progress.step)
        if progress.step != "as it is":
            os.kill(os.getpid(), signal.SIGINT)

    # Every plan of this instance takes all of its time, so many changes are left when the first tells of itself.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.raises(KeyboardInterrupt) as caught:
        splitlane.whatif(hard, method="exact", time_limit=0.5, on_progress=listen)
    assert steps[0] == "as it is"
    made = caught.value.what_if
    assert made.left_out > 0 and splitlane.check(hard, made.plan)
