"""`splitlane round`: a round of many batches from the plan of one; bad input; nothing half written."""

import json
import re
import signal

import jsonschema
import pytest
from conftest import EXAMPLES, ROOT
from test_interruption import LIMIT_SECONDS, wait_until_caught

THREE = EXAMPLES / "three_clients.json"
PLAN = EXAMPLES / "three_clients.plan.json"
BATCHES = EXAMPLES / "three_clients.batches.json"


def batches(**counts) -> dict:
    clients = [{"id": name, "batches": count} for name, count in counts.items()]
    return {"format": "splitlane-batches", "version": 1, "clients": clients}


def round_document(splitlane, *arguments, **options) -> dict:
    outcome = splitlane("round", *arguments, "-o", "round.json", **options)
    assert outcome.code == 0, outcome.err
    document = json.loads((splitlane.folder / "round.json").read_text())
    schema = json.loads((ROOT / "schemas/round.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
    return document


def test_example_is_what_its_readme_derives(splitlane):
    document = round_document(splitlane, THREE, PLAN, "--batches", BATCHES)
    assert document["makespan"] == 58
    assert {way["way"]: way["makespan"] for way in document["ways"]}["barrier"] == 64
    assert (splitlane.folder / "round.json").read_bytes() == (EXAMPLES / "three_clients.round.json").read_bytes()


def test_barrier_is_written_in_phases(splitlane):
    document = round_document(splitlane, THREE, PLAN, "--batches", BATCHES, "--mode", "barrier")
    assert [(phase["first_batch"], phase["batches"], phase["makespan"]) for phase in document["phases"]] == [
        (1, 2, 16), (3, 2, 16),
    ]  # fmt: skip
    # Only the cloud, which the laptop has left, runs otherwise than before.
    assert [[lane["id"] for lane in phase["helpers"]] for phase in document["phases"]] == [["desk", "cloud"], ["cloud"]]


def test_a_trillion_batches_with_a_barrier(splitlane, write):
    path = write(batches(phone=10**12, camera=10**12, laptop=5), "batches.json")
    document = round_document(splitlane, THREE, PLAN, "--batches", path)
    assert document["way"] == "barrier" and document["makespan"] == 16 * 10**12
    assert "1000000" in document["meta"]["warnings"][0]
    outcome = splitlane("round", THREE, PLAN, "--batches", path, "--mode", "pipelined", "-o", "none.json")
    assert outcome.code == 2 and "1000000" in outcome.error()["expected"]
    assert not (splitlane.folder / "none.json").exists()


def test_summary_has_a_line_for_every_way(splitlane):
    outcome = splitlane("round", THREE, PLAN, "--batches", BATCHES)
    assert outcome.code == 0 and outcome.err == ""
    assert re.search(r"^  barrier +64 +23\.1 % +0 +at least 55$", outcome.out, re.MULTILINE)
    assert re.search(r"^  order +58 +11\.5 % +-6 \(-9\.38 %\) +at least 55$", outcome.out, re.MULTILINE)
    assert splitlane("round", THREE, PLAN, "--batches", BATCHES, "-q").out == ""


def test_pipelined_leaves_the_barrier_out(splitlane):
    document = round_document(splitlane, THREE, PLAN, "--batches", BATCHES, "--mode", "pipelined")
    assert "barrier" not in [way["way"] for way in document["ways"]]


def test_plan_without_preemption_gives_a_round_without(splitlane):
    assert splitlane("plan", THREE, "--non-preemptive", "-o", "plan.json").code == 0
    document = round_document(splitlane, THREE, "plan.json", "--batches", BATCHES)
    segments = [segment for helper in document["helpers"] for segment in helper["segments"]]
    tasks = [(segment["client"], segment["batch"], segment["task"]) for segment in segments]
    assert len(tasks) == len(set(tasks)) == 2 * (4 + 4 + 2)


def test_any_input_may_be_standard_input(splitlane):
    from_file = splitlane("round", THREE, PLAN, "--batches", BATCHES).out
    assert splitlane("round", THREE, PLAN, "--batches", "-", stdin=BATCHES.read_text()).out == from_file
    assert splitlane("round", "-", "-", "--batches", BATCHES).code == 2


def test_same_input_gives_the_same_bytes(splitlane):
    arguments = ("round", THREE, PLAN, "--batches", BATCHES, "-q", "-o")
    for name, threads in (("a.json", 1), ("b.json", 2)):
        assert splitlane(*arguments, name, "--threads", threads).code == 0
    assert (splitlane.folder / "a.json").read_bytes() == (splitlane.folder / "b.json").read_bytes()


def edited(change):
    document = batches(phone=3, camera=3, laptop=2)
    change(document)
    return json.dumps(document)


# name: (the document, error code, what the error must mention)
BAD_BATCHES = {
    "unknown client": (edited(lambda d: d["clients"][1].update(id="fridge")), "unknown_id", ["clients[1].id", "fridge"]),
    "missing client": (edited(lambda d: d["clients"].pop()), "missing_key", ["clients", "laptop"]),
    "client twice": (edited(lambda d: d["clients"][1].update(id="phone")), "duplicate_id", ["clients[1].id", "phone"]),
    "zero": (edited(lambda d: d["clients"][0].update(batches=0)), "out_of_range", ["clients[0].batches", "0", "1"]),
    "negative": (edited(lambda d: d["clients"][2].update(batches=-4)), "out_of_range", ["clients[2].batches", "-4"]),
    "fractional": (edited(lambda d: d["clients"][0].update(batches=1.5)), "wrong_type", ["clients[0].batches", "1.5"]),
    "text": (edited(lambda d: d["clients"][0].update(batches="3")), "wrong_type", ["clients[0].batches"]),
    "null": (edited(lambda d: d["clients"][0].update(batches=None)), "wrong_type", ["clients[0].batches"]),
    "above 2^53": (edited(lambda d: d["clients"][0].update(batches=2**53 + 1)), "out_of_range", ["clients[0].batches"]),
    "above 2^64": (edited(lambda d: d["clients"][0].update(batches=10**20)), None, ["clients[0].batches"]),
    "overflow of the sum": (edited(lambda d: d["clients"][0].update(batches=2**53)), "overflow", ["batches", "2^53"]),
    "no number": (edited(lambda d: d["clients"][0].pop("batches")), "missing_key", ["clients[0]", "batches"]),
    "unknown key": (edited(lambda d: d["clients"][0].update(batch=1)), "unknown_key", ["clients[0]", "batches"]),
    "no clients": (edited(lambda d: d.update(clients=[])), "missing_key", ["clients", "phone"]),
    "an instance": (THREE.read_text(), "wrong_format", ["splitlane-batches"]),
    "not JSON": ("3 batches", None, []),
    "empty": ("", "not_json", []),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_BATCHES)
def test_bad_batches_are_refused_and_nothing_is_written(splitlane, write, name):
    text, code, mentions = BAD_BATCHES[name]
    outcome = splitlane("round", THREE, PLAN, "--batches", write(text, "batches.json"), "-o", "round.json")
    assert outcome.code == 2
    error = outcome.error()
    assert code is None or error["code"] == code
    for mention in ["batches.json", *mentions]:
        assert mention in error["message"]
    assert not (splitlane.folder / "round.json").exists()


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        ((THREE, PLAN), ["--batches"]),
        ((THREE, PLAN, "--batches", BATCHES, "--mode", "barier"), ["--mode", "barier", "barrier"]),
        ((THREE, PLAN, "--batches", BATCHES, "--time-limit", "0"), ["--time-limit"]),
        ((THREE, PLAN, "--batches", BATCHES, "--threads", "0"), ["--threads"]),
        ((THREE, PLAN, "--batches", BATCHES, "-o", BATCHES), ["overwrite"]),
        ((THREE, PLAN, "--batches", BATCHES, "-o", "nowhere/round.json"), ["nowhere"]),
        ((THREE, PLAN, "--batches", "nothing.json"), ["nothing.json"]),
    ],
)  # fmt: skip
def test_usage_error(splitlane, tmp_path, arguments, mentions):
    outcome = splitlane("round", *arguments)
    assert outcome.code == 2
    for mention in mentions:
        assert mention in outcome.error()["message"]
    assert not list(tmp_path.iterdir())


def test_plan_that_is_wrong_or_of_another_instance_is_refused(splitlane, write):
    document = json.loads(PLAN.read_text())
    document["helpers"][0]["segments"].pop()
    outcome = splitlane("round", THREE, write(document, "plan.json"), "--batches", BATCHES, "-o", "round.json")
    assert outcome.code == 3 and outcome.error()["code"] == "violations"
    assert "phone" in outcome.error()["message"]
    assert not (splitlane.folder / "round.json").exists()
    changed = json.loads(THREE.read_text())
    changed["name"] = "another"
    assert splitlane("round", write(changed), PLAN, "--batches", BATCHES).code == 3


def test_signal_and_time_limit_keep_the_best_round(splitlane, write):
    assert splitlane("scenario", "--clients", "300", "--helpers", "20", "-q", "-o", "large.json").code == 0
    assert splitlane("plan", "large.json", "--method", "balanced-greedy", "-q", "-o", "plan.json").code == 0
    clients = [client["id"] for client in json.loads((splitlane.folder / "large.json").read_text())["clients"]]
    path = write(batches(**{name: 5 + index % 16 for index, name in enumerate(clients)}), "batches.json")
    arguments = ("large.json", "plan.json", "--batches", path)
    limited = round_document(splitlane, *arguments, "--time-limit", "0.01")
    assert limited["makespan"] >= limited["lower_bound"]
    process = splitlane.start("round", *arguments, "--time-limit", "100", "-o", "stopped.json")
    wait_until_caught(process, signal.SIGINT)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 0, err.decode()
    assert json.loads((splitlane.folder / "stopped.json").read_text())["format"] == "splitlane-round"


def test_a_round_that_is_not_made_in_time_is_none_found_and_leaves_the_file_alone(splitlane, write):
    # 700 clients on one helper end one by one: 1400 + 1398 + ... + 2 = 490,700 segments, and more batches than can be
    # pipelined. To list, check and write them takes longer than a tenth of a millisecond on any machine.
    arguments = ("--clients", "700", "--helpers", "1", "--memory", "none", "-q", "-o", "large.json")
    assert splitlane("scenario", *arguments).code == 0
    assert splitlane("plan", "large.json", "--method", "balanced-greedy", "-q", "-o", "plan.json").code == 0
    clients = [client["id"] for client in json.loads((splitlane.folder / "large.json").read_text())["clients"]]
    path = write(batches(**{name: 5000 * (index + 1) for index, name in enumerate(clients)}), "batches.json")
    (splitlane.folder / "round.json").write_text("old")
    outcome = splitlane("round", "large.json", "plan.json", "--batches", path, "--time-limit", "0.0001", "-o", "round.json")
    assert outcome.code == 4 and outcome.error()["code"] == "none_found"
    assert "491400 segments and clients to list, by way barrier" in outcome.error()["message"]
    assert (splitlane.folder / "round.json").read_text() == "old"
    assert [file.name for file in splitlane.folder.glob(".splitlane-*")] == []
    assert splitlane("round", "large.json", "plan.json", "--batches", path, "--time-limit", "30", "-q").code == 0
