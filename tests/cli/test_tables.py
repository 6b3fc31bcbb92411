"""Columns of tables stay apart, however long their values are."""

import json

import pytest

LONG = 2**48  # the paths of a round, three of six such parts, stay below 2^53
HELPERS = [f"helper-with-a-long-name-{index}" for index in range(2)]


@pytest.fixture
def wide(splitlane, write) -> int:
    """An instance, a plan and batches with numbers of 15 and 16 digits; returns the makespan."""
    option = {key: LONG for key in ("release", "forward", "client_forward", "client_backward", "backward", "tail")}
    clients = [{"id": f"c{index}", "options": [{"helper": helper, **option} for helper in HELPERS]} for index in range(3)]
    helpers = [{"id": helper, "memory_mb": 2**50} for helper in HELPERS]
    write({"format": "splitlane-instance", "version": 1, "time_unit": "us", "helpers": helpers, "clients": clients})
    write({"format": "splitlane-batches", "version": 1, "clients": [{"id": c["id"], "batches": 1} for c in clients]}, "batches.json")
    assert splitlane("plan", "instance.json", "-o", "plan.json").code == 0
    return json.loads((splitlane.folder / "plan.json").read_text())["makespan"]


def row(text: str, name: str) -> list[str]:
    return next(line for line in text.splitlines() if line.strip(" *").startswith(name)).strip(" *").split()


def test_columns_of_compare_and_round(splitlane, wide):
    out = splitlane("compare", "instance.json", "--methods", "exact,balanced-greedy").out
    for method in ("exact", "balanced-greedy"):
        assert row(out, method)[1].isdigit() and row(out, method)[3] == "%"
    out = splitlane("round", "instance.json", "plan.json", "--batches", "batches.json").out
    assert row(out, "barrier")[1] == str(wide) and row(out, "barrier")[3] == "%"


def test_columns_of_what_if_and_info(splitlane, wide):
    out = splitlane("whatif", "instance.json", "plan.json", "--add-helper", HELPERS[0]).out
    words = row(out, "one more helper")
    assert str(wide) not in words and sum(word.isdigit() and len(word) >= 15 for word in words) == 1
    out = splitlane("info", "instance.json").out
    assert row(out, "forward") == ["forward", *[str(LONG)] * 3]
    assert row(out, "path") == ["path", *[str(6 * LONG)] * 3]


def test_columns_of_the_summary(splitlane, wide):
    words = row(splitlane("plan", "instance.json").err, "helper-with-a-l…")
    assert words[1].isdigit() and int(words[2]) % (2 * LONG) == 0
