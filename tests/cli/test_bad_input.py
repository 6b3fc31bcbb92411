"""Every kind of bad document: exit code 2 or 3, an error that says where, what, got and expected, no output left."""

import json

import pytest

TOO_LARGE = 2**53 + 1


def edited(change):
    """A test case that changes one thing in the small instance."""

    def make(document: dict) -> str:
        change(document)
        return json.dumps(document)

    return make


def option(document: dict, client: int = 0, index: int = 0) -> dict:
    return document["clients"][client]["options"][index]


def columns(document: dict) -> dict:
    """Turns the options of the first client into columns and returns them."""
    options = document["clients"][0]["options"]
    document["clients"][0]["options"] = {key: [each[key] for each in options] for key in options[0]}
    return document["clients"][0]["options"]


def shorten_column(document: dict) -> None:
    columns(document)["forward"].pop()


def demand_everywhere(memory_mb: int):
    def change(document: dict) -> None:
        for client in document["clients"]:
            for each in client["options"]:
                each["memory_mb"] = memory_mb

    return change


# name: (how to make the bytes, error code, exit code, what the error must mention)
CASES = {
    "empty file": (lambda d: "", "not_json", 2, []),
    "not JSON": (lambda d: "makespan: 3", None, 2, ["makespan: 3", "object"]),
    "not JSON inside": (lambda d: '{"format": makespan}', "not_json", 2, []),
    "truncated": (lambda d: json.dumps(d)[:-20], "not_json", 2, []),
    "two documents": (lambda d: json.dumps(d) * 2, "not_json", 2, []),
    "trailing comma": (lambda d: json.dumps(d)[:-1] + ",}", "not_json", 2, []),
    "invalid UTF-8": (lambda d: json.dumps(d).encode().replace(b"small", b"sm\xff\xfel"), "not_json", 2, ["UTF-8"]),
    "10^6 nested brackets": (lambda d: "[" * 1_000_000, "wrong_type", 2, ["array", "object"]),
    "10^6 nested brackets in meta": (
        lambda d: json.dumps(d)[:-1] + ',"meta":{"a":' + "[" * 1_000_000 + "]" * 1_000_000 + "}}", "out_of_range", 2, ["meta"]),
    "an array": (lambda d: "[]", "wrong_type", 2, ["array", "object"]),
    "other format": (edited(lambda d: d.update(format="splitlane-plan")), "wrong_format", 2, ["splitlane-instance"]),
    "other version": (edited(lambda d: d.update(version=2)), "wrong_format", 2, ["version", "2", "1"]),
    "no format": (edited(lambda d: d.pop("format")), "missing_key", 2, ["format"]),
    "unknown key": (edited(lambda d: d.update(helprs=[])), "unknown_key", 2, ["helprs", "helpers"]),
    "unknown key deep down": (
        edited(lambda d: option(d).update(relaese=1)), "unknown_key", 2, ["clients[0].options[0]", "release"]),
    "missing key": (edited(lambda d: option(d).pop("tail")), "missing_key", 2, ["clients[0].options[0]", "tail"]),
    "duplicate key": (
        lambda d: json.dumps(d)[:-1] + ',"name":"again"}', "duplicate_key", 2, ["name"]),
    "negative": (edited(lambda d: option(d, 1).update(forward=-3)), "out_of_range", 2, ["clients[1]", "forward", "-3"]),
    "fractional": (edited(lambda d: option(d).update(forward=1.5)), "wrong_type", 2, ["forward", "1.5", "integer"]),
    "text for a number": (edited(lambda d: option(d).update(forward="1")), "wrong_type", 2, ["forward"]),
    "null for a number": (edited(lambda d: option(d).update(forward=None)), "wrong_type", 2, ["forward"]),
    "above 2^53": (
        edited(lambda d: option(d).update(tail=TOO_LARGE)), "out_of_range", 2, ["tail", str(TOO_LARGE), "2^53"]),
    "above 2^64": (lambda d: json.dumps(d).replace('"tail": 2', '"tail": 99999999999999999999', 1), None, 2, []),
    "overflow of the sum": (edited(lambda d: option(d).update(tail=2**53)), "overflow", 2, ["2^53"]),
    "duplicate helper": (edited(lambda d: d["helpers"][1].update(id="h0")), "duplicate_id", 2, ["helpers[1]", "h0"]),
    "duplicate client": (edited(lambda d: d["clients"][2].update(id="c0")), "duplicate_id", 2, ["clients[2]", "c0"]),
    "unknown helper": (edited(lambda d: option(d).update(helper="h7")), "unknown_id", 2, ["clients[0]", "h7"]),
    "no helpers": (edited(lambda d: d.update(helpers=[])), "empty", 2, ["helpers"]),
    "no clients": (edited(lambda d: d.update(clients=[])), "empty", 2, ["clients"]),
    "no options": (edited(lambda d: d["clients"][0].update(options=[])), "empty", 2, ["clients[0]", "options"]),
    "unequal columns": (edited(shorten_column), "unequal_columns", 2, ["clients[0].options", "forward"]),
    "slot length without slots": (edited(lambda d: d.update(slot_us=5)), "inconsistent", 2, ["slot_us"]),
    "unknown time unit": (edited(lambda d: d.update(time_unit="h")), None, 2, ["time_unit", "h", "ms"]),
    "client that fits no helper": (
        edited(lambda d: [each.update(memory_mb=11) for each in d["clients"][1]["options"]]),
        "infeasible", 3, ["c1", "11"]),
    "total memory too small": (edited(demand_everywhere(8)), "infeasible", 3, ["memory"]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_bad_instance(splitlane, write, small, tmp_path, case):
    make, code, exit_code, mentions = CASES[case]
    write(make(small))
    outcome = splitlane("plan", "instance.json", "-o", "plan.json")
    error = outcome.error()
    assert outcome.code == exit_code
    if code:
        assert error["code"] == code
    if exit_code == 2:
        assert error["where"].startswith("instance.json")
    for mention in mentions:
        assert mention in error["message"], error["message"]
    assert error["what"] and len(outcome.err) < 2000
    assert not (tmp_path / "plan.json").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["instance.json"]


@pytest.mark.parametrize("verb", [["info"], ["compare"], ["check", "-"], ["report", "-", "-o", "x.svg"]])
def test_every_verb_reports_a_bad_instance_alike(splitlane, write, verb):
    write("{")
    outcome = splitlane(verb[0], "instance.json", *verb[1:])
    assert outcome.code == 2
    assert outcome.error()["code"] == "not_json"


def test_infeasible_instance_exits_3_from_compare_too(splitlane, write, small):
    demand_everywhere(8)(small)
    write(small)
    outcome = splitlane("compare", "instance.json")
    assert outcome.code == 3
    assert outcome.error()["code"] == "infeasible"


def test_missing_instance_is_named(splitlane):
    outcome = splitlane("plan", "nowhere.json")
    assert outcome.code == 2
    error = outcome.error()
    assert error["code"] == "file" and "nowhere.json" in error["message"]


def test_directory_as_instance_is_named(splitlane, tmp_path):
    outcome = splitlane("plan", tmp_path)
    assert outcome.code == 2
    error = outcome.error()
    assert error["code"] == "file" and "directory" in error["message"]


def test_bytes_that_are_no_text_are_shown_escaped(splitlane):
    outcome = splitlane("plan", b"no\xffwhere\x1b[31m".decode("utf-8", "surrogateescape"))
    assert outcome.code == 2
    assert "no\\xffwhere\\x1b" in outcome.error()["message"]


# What a plan document may get wrong so that it cannot be read at all.
PLAN_CASES = {
    "truncated": (lambda plan: json.dumps(plan)[:-9], "not_json"),
    "an instance": (lambda plan: json.dumps(dict(plan, format="splitlane-instance")), "wrong_format"),
    "unknown key": (lambda plan: json.dumps(dict(plan, makspan=1)), "unknown_key"),
    "unknown client": (
        lambda plan: json.dumps(plan).replace('"id": "c0"', '"id": "c9"', 1), "unknown_id"),
    "negative time": (lambda plan: json.dumps(dict(plan, makespan=-1)), "out_of_range"),
}  # fmt: skip


@pytest.mark.parametrize("case", PLAN_CASES)
def test_bad_plan(splitlane, write, small, case):
    make, code = PLAN_CASES[case]
    write(small)
    plan = json.loads(splitlane("plan", "instance.json").out)
    write(make(plan), "plan.json")
    outcome = splitlane("check", "instance.json", "plan.json")
    assert outcome.code == 2
    error = outcome.error()
    assert error["code"] == code and error["where"].startswith("plan.json")
