"""Arrays and tables, in and out: nothing is copied without need, nothing wrong gets in."""

import gc
import tracemalloc

import numpy as np
import pandas as pd
import pytest
from conftest import document

import splitlane

DURATIONS = ("release", "forward", "client_forward", "client_backward", "backward", "tail")
TWO = {key: np.array([[1, 2], [3, 4]]) for key in DURATIONS}


def test_matrix_is_every_client_with_every_helper():
    instance = splitlane.Instance.from_arrays(**TWO, helper_memory_mb=[7, -1], memory_mb=[[5], [6]], helper_switch_cost=2)
    assert document(instance)["helpers"] == [{"id": "h0", "memory_mb": 7, "switch_cost": 2}, {"id": "h1", "switch_cost": 2}]
    first, second = (client["options"] for client in document(instance)["clients"])
    assert first["helper"] == ["h0", "h1"] and first["release"] == [1, 2] and first["memory_mb"] == [5, 5]
    assert second["tail"] == [3, 4] and second["memory_mb"] == [6, 6]


def test_durations_broadcast_to_each_other():
    # A column for the clients and a row for the helpers: the release is the client's, the forward the helper's.
    columns = {key: [[1, 2, 3]] for key in DURATIONS} | {"release": [[10], [20]]}
    instance = splitlane.Instance.from_arrays(**columns)
    assert instance.release.tolist() == [10, 10, 10, 20, 20, 20]
    assert instance.forward.tolist() == [1, 2, 3, 1, 2, 3]


def test_options_in_any_order_are_grouped_by_client():
    # Clients 1, 0, 1, 0: those of each client keep their order, so the releases are 20, 0 and 10, 30; the second one is local.
    instance = splitlane.Instance.from_arrays(
        client=[1, 0, 1, 0], helper=[0, 0, 1, -1], release=[10, 20, 30, 0], local=[-1, -1, -1, 40],
        forward=1, client_forward=1, client_backward=1, backward=1, tail=1,
        cut=[(1, 2), (1, 2), (1, 2), (-1, -1)], energy_mj=[-1, 8, -1, -1], client_ids=["a", "b"],
    )  # fmt: skip
    assert instance.release.tolist() == [20, 0, 10, 30]
    assert instance.local.tolist() == [0, 40, 0, 0]
    assert instance.option_helper.tolist() == [0, -1, 0, 1]
    assert instance.first_option.tolist() == [0, 2, 4]
    assert instance.cut.tolist() == [[1, 2], [-1, -1], [1, 2], [1, 2]]
    assert instance.energy_mj.tolist() == [8, -1, -1, -1]
    assert instance.client_ids == ["a", "b"]


def test_contiguous_int64_is_read_where_it_lies():
    # 80,000 options: a copy of any of the six columns would take 640,000 bytes that tracemalloc sees.
    rows = 80_000
    columns = {key: np.ones(rows, dtype=np.int64) for key in DURATIONS}
    client = np.arange(rows) // 8
    helper = np.arange(rows) % 8
    memory = np.zeros(rows, dtype=np.int64)
    tracemalloc.start()
    splitlane.Instance.from_arrays(client=client, helper=helper, memory_mb=memory, **columns)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * rows


@pytest.mark.parametrize("name", [*DURATIONS, "memory_mb", "helper_memory_mb", "helper_switch_cost", "first_option", "option_helper"])
def test_arrays_of_an_instance_are_its_own_memory(drawn, name):
    assert np.shares_memory(getattr(drawn, name), getattr(drawn, name))
    with pytest.raises(ValueError, match="read-only"):
        getattr(drawn, name)[0] = 1


@pytest.mark.parametrize("name", ["option", "forward_end", "backward_end", "completion", "queuing", "segments", "lane_start"])
def test_arrays_of_a_plan_are_its_own_memory(drawn, name):
    plan = splitlane.plan(drawn, "balanced-greedy")
    assert np.shares_memory(getattr(plan, name), getattr(plan, name))
    assert not getattr(plan, name).flags.writeable


def test_arrays_outlive_what_they_belong_to():
    instance = splitlane.scenario(clients=3000, helpers=20, memory="none")
    plan = splitlane.plan(instance, "balanced-greedy")
    arrays = [instance.release, instance.cut, plan.completion, plan.segments, plan.option]
    before = [array.tolist() for array in arrays]
    del instance, plan
    gc.collect()
    _ = [np.ones(50_000) for _ in range(20)]  # memory that was free is used again
    assert [array.tolist() for array in arrays] == before


@pytest.mark.parametrize(
    ("change", "code", "where"),
    [
        ({"release": np.array([[1, 0.5], [2, 3]])}, "wrong_type", "release[0, 1]"),
        ({"release": np.array([[1, 2**54], [2, 3]], dtype=float)}, "out_of_range", "release[0, 1]"),
        ({"release": np.ma.masked_equal([[1, 2], [40, 3]], 40)}, "wrong_type", "release[1, 0]"),
        ({"release": [np.ma.masked_equal([1, 40], 40), np.ma.array([1, 2])]}, "wrong_type", "release[0, 1]"),
        ({"helper_memory_mb": np.ma.masked_less([700, -1], 0)}, "wrong_type", "helper_memory_mb[1]"),
        ({"tail": [[1, 2], [3]]}, "wrong_type", "tail"),
        ({"tail": pd.array([1, None], dtype="Int64")}, "wrong_type", "tail[1]"),
        ({"tail": np.array([[True, False], [True, True]])}, "wrong_type", "tail"),
        ({"tail": "12"}, "wrong_type", "tail"),
        ({"tail": None}, "wrong_type", "tail"),
        ({"client": [0, np.nan], "helper": [0, 0]}, "wrong_type", "client[1]"),
        ({"client_ids": [1, 2]}, "wrong_type", "client_ids[0]"),
        ({"client_ids": ["a", None]}, "wrong_type", "client_ids[1]"),
        ({"helper_ids": ["a", "\ud800"]}, "wrong_type", "helper_ids[1]"),
        ({"client_ids": "ab"}, "wrong_type", "client_ids"),
        ({"slot_us": 1.5, "time_unit": "slot"}, "wrong_type", "slot_us"),
        ({"release": np.array([[np.nan, 1], [2, 3]])}, "wrong_type", "release[0, 0]"),
        ({"tail": [["a", "b"], ["c", "d"]]}, "wrong_type", "tail"),
        ({"tail": np.array([[1, None], [2, 3]])}, "wrong_type", "tail[0, 1]"),
        ({"forward": np.array([[1, 2, 3]])}, "unequal_columns", "forward"),
        ({"backward": np.array([[1, -2], [3, 4]])}, "out_of_range", "clients[0].options[1].backward"),
        ({"backward": np.array([[1, 2**53 + 1], [3, 4]])}, "out_of_range", "clients[0].options[1].backward"),
        ({"backward": np.array([[1, 2**64 - 1], [3, 4]], dtype=np.uint64)}, "out_of_range", "backward[0, 1]"),
        ({"backward": [[2**70, 2], [3, 4]]}, "out_of_range", "backward[0, 0]"),
        ({"backward": np.full((2, 2), 2**52)}, "overflow", ""),
        ({key: 3 for key in DURATIONS}, "wrong_type", "release"),
        ({"release": np.zeros((0, 2), dtype=np.int64), **{key: 1 for key in DURATIONS[1:]}}, "empty", "clients"),
        ({"client": [0, 1]}, "missing_key", "helper"),
        ({"client": [0, 5], "helper": [0, 0], "client_ids": ["a"]}, "unknown_id", "client[1]"),
        ({"client": [0, -1], "helper": [0, 0]}, "unknown_id", "client[1]"),
        ({"client": [0, 1], "helper": [0, -2]}, "unknown_id", "helper[1]"),
        ({"client": [0, 1], "helper": [0, -1]}, "missing_key", "local[1]"),
        ({"helper_memory_mb": -5}, "out_of_range", "helpers[0].memory_mb"),
        ({"helper_memory_mb": [1, 2, 3], "helper_ids": ["a", "b"]}, "unequal_columns", "helper_ids"),
        ({"client_ids": ["a", "a"]}, "duplicate_id", ""),
        ({"cut": [1, 2, 3]}, "wrong_type", "cut"),
        ({"cut": [2**40, 3]}, "out_of_range", "cut[0]"),
        ({"cut": [9, 3]}, "inconsistent", "clients[0].options[0].cut"),
        ({"time_unit": "minutes"}, "usage", "time_unit"),
        ({"slot_us": 5}, "inconsistent", "slot_us"),
        ({"switch_model": "ocupy"}, "usage", "switch_model"),
    ],
)
def test_wrong_array_is_refused_by_name(change, code, where):
    arrays = dict(TWO)
    if "client" in change:
        arrays = {key: 1 for key in DURATIONS}
    with pytest.raises(splitlane.InputError) as caught:
        splitlane.Instance.from_arrays(**arrays | change)
    assert caught.value.code == code
    assert where in caught.value.where


def test_tables_give_the_instance_they_came_from():
    instance = splitlane.scenario("equid-3", clients=9, helpers=3, every_cut=True, local=True, cuts=((2, 3), (30, 31)))
    again = splitlane.Instance.from_dataframes(
        instance.options_dataframe(), instance.helpers_dataframe(), instance.clients_dataframe(), name=instance.name
    )
    expected = document(instance)
    for place in [expected, *expected["clients"]]:
        place.pop("meta", None)
    assert document(again) == expected


def options() -> pd.DataFrame:
    return pd.DataFrame({"client": ["a", "b"], "helper": ["x", "y"], **{key: [1, 2] for key in DURATIONS}})


def test_table_of_options_alone_names_everybody():
    instance = splitlane.Instance.from_dataframes(options())
    assert (instance.client_ids, instance.helper_ids) == (["a", "b"], ["x", "y"])


@pytest.mark.parametrize(
    ("table", "code", "where"),
    [
        (options().rename(columns={"release": "relaese"}), "unknown_key", "options"),
        (options().drop(columns="tail"), "missing_key", "options"),
        (options().assign(forward=[1, 2.5]), "wrong_type", "options.forward[1]"),
        (options().assign(forward=[2, None]), "wrong_type", "options.forward[1]"),
        (options().assign(forward=[2, "3"]), "wrong_type", "options.forward[1]"),
        (options().assign(forward=["1", "2"]), "wrong_type", "options.forward[0]"),
        (options().assign(forward=pd.array([2, None], dtype="Int64")), "wrong_type", "options.forward[1]"),
        (options().assign(forward=[True, False]), "wrong_type", "options.forward"),
        (options().assign(memory_mb=[2, float("inf")]), "wrong_type", "options.memory_mb[1]"),
        (options().assign(client=["a", None]), "wrong_type", "options.client[1]"),
        (options().assign(client=["a", float("nan")]), "wrong_type", "options.client[1]"),
        (options().assign(client=["a", pd.NA]), "wrong_type", "options.client[1]"),
        (options().assign(client=["a", ""]).assign(client=["a", 2.0]), "wrong_type", "options.client[1]"),
        (options().assign(helper=["x", 7]), "wrong_type", "options.helper[1]"),
        (pd.concat([options(), options()[["tail"]]], axis=1), "duplicate_key", "options"),
        (options().rename(columns={"tail": 3}), "unknown_key", "options"),
        (options()[:0], "empty", "options"),
        ("options.csv", "wrong_type", "options"),
        (None, "wrong_type", "options"),
        (options().to_dict("list"), "wrong_type", "options"),
        (options().assign(helper=["x", None]), "missing_key", "local[1]"),
        (options().assign(client=[1, 2]), "wrong_type", "options.client[0]"),
        (options().assign(sigma_1=[1, 2]), "missing_key", "options"),
    ],
)
def test_wrong_table_is_refused_by_name(table, code, where):
    with pytest.raises(splitlane.InputError) as caught:
        splitlane.Instance.from_dataframes(table)
    assert (caught.value.code, caught.value.where) == (code, where)


@pytest.mark.parametrize(
    ("helpers", "clients", "code", "where"),
    [
        (pd.DataFrame({"id": ["x", "y", "x"]}), None, "duplicate_id", "helpers.id[2]"),
        (pd.DataFrame({"id": ["x", None]}), None, "wrong_type", "helpers.id[1]"),
        (pd.DataFrame({"id": ["x", 1]}), None, "wrong_type", "helpers.id[1]"),
        (pd.DataFrame({"id": ["x"]}), None, "unknown_id", "options.helper[1]"),
        (pd.DataFrame({"id": ["x", "y"], "memory_mb": ["much", 1]}), None, "wrong_type", "helpers.memory_mb[0]"),
        (pd.DataFrame({"id": ["x", "y"], "switch_cost": [1, None]}), None, "wrong_type", "helpers.switch_cost[1]"),
        (["x", "y"], None, "wrong_type", "helpers"),
        (None, pd.DataFrame({"id": ["a", "a", "b"]}), "duplicate_id", "clients.id[1]"),
        (None, pd.DataFrame({"id": ["a"]}), "unknown_id", "options.client[1]"),
        (None, pd.DataFrame({"name": ["a", "b"]}), "unknown_key", "clients"),
    ],
)
def test_wrong_table_beside_the_options_is_refused_by_name(helpers, clients, code, where):
    with pytest.raises(splitlane.InputError) as caught:
        splitlane.Instance.from_dataframes(options(), helpers, clients)
    assert (caught.value.code, caught.value.where) == (code, where)


WHOLE = [
    [1, 2], [1.0, 2.0], np.array([1, 2], dtype=np.float32), np.array([1, 2], dtype=np.uint8), np.array([1, 2.0], dtype=object),
    pd.Series([1, 2]), pd.array([1, 2], dtype="Int32"), np.ma.array([1, 2]), (1, np.float64(2)),
]  # fmt: skip


@pytest.mark.parametrize("numbers", WHOLE, ids=lambda numbers: f"{type(numbers).__name__} {getattr(numbers, 'dtype', '')}")
def test_whole_numbers_of_any_type_are_taken_alike(numbers, three):
    """From arrays, from tables and as batches; two clients of one helper."""
    arrays = splitlane.Instance.from_arrays(**{key: numbers for key in DURATIONS}, client=[0, 1.0], helper=np.float32(0) * np.ones(2))
    table = pd.DataFrame({"client": ["a", "b"], "helper": "x", **{key: numbers for key in DURATIONS}})
    tables = splitlane.Instance.from_dataframes(table)
    assert arrays.release.tolist() == tables.release.tolist() == tables.tail.tolist() == [1, 2]
    made = splitlane.round(arrays, splitlane.plan(arrays, seed=1.0, threads=np.float64(1)), numbers)
    assert made.batches.tolist() == [1, 2]


def test_gaps_are_taken_where_a_number_may_be_missing():
    # Whole numbers with gaps are floats, objects or nullable integers in pandas; all of them are the same instance.
    gaps = [[300, None], [300.0, float("nan")], np.array([300, None], dtype=object), pd.array([300, None], dtype="Int64")]
    for memory in gaps:
        helpers = pd.DataFrame({"id": ["x", "y"], "memory_mb": memory})
        table = options().assign(local=memory, energy_mj=memory)
        instance = splitlane.Instance.from_dataframes(table, helpers)
        assert instance.helper_memory_mb.tolist() == instance.energy_mj.tolist() == [300, -1]


def test_tables_of_a_plan_say_what_its_document_says(drawn):
    plan = splitlane.plan(drawn, "ed-fcfs")
    clients, helpers, segments = (plan.to_dataframe(table) for table in ("clients", "helpers", "segments"))
    assert clients["completion"].max() == plan.makespan
    assert len(segments) == len(plan.segments) and set(segments["task"]) == {"forward", "backward"}
    work = (segments["end"] - segments["start"]).groupby(segments["helper"]).sum()
    assert helpers.set_index("id")["load"].to_dict() == {key: work.get(key, 0) for key in drawn.helper_ids}
    assert helpers["clients"].sum() == drawn.client_count
    # Forward and backward of every client's option are done in full.
    assert helpers["load"].sum() == (drawn.forward + drawn.backward)[plan.option].sum()
    with pytest.raises(splitlane.InputError, match="one of segments, clients, helpers"):
        plan.to_dataframe("rounds")
