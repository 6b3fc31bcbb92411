"""`splitlane whatif`: changes planned anew, as a table or a document; `plan` says what binds."""

import json
import re
import signal

import jsonschema
import pytest
from conftest import EXAMPLES, ROOT
from test_interruption import LIMIT_SECONDS, hard, wait_until_caught  # noqa: F401 - a fixture

THREE = EXAMPLES / "three_clients.json"


def what_if(splitlane, *arguments, **options) -> dict:
    outcome = splitlane("whatif", *arguments, "--json", "--method", "exact", **options)
    assert outcome.code == 0, outcome.err
    document = json.loads(outcome.out)
    schema = json.loads((ROOT / "schemas/what_if.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
    return document


@pytest.fixture
def queue() -> dict:
    """Three clients of one helper, each 2 + 3 of work, head 1 and tail 2: 1 + 3 * 5 + 2 = 18."""
    keys = {"release": 1, "forward": 2, "client_forward": 0, "client_backward": 0, "backward": 3, "tail": 2}
    return {
        "format": "splitlane-instance", "version": 1, "name": "queue", "time_unit": "s", "helpers": [{"id": "h=0"}],
        "clients": [{"id": f"c{index}", "options": [{"helper": "h=0", **keys}]} for index in range(3)],
    }  # fmt: skip


def test_plan_says_what_binds_in_the_summary_and_in_meta(splitlane, write, queue):
    outcome = splitlane("plan", write(queue), "--method", "exact")
    binding = json.loads(outcome.out)["meta"]["binding"]
    assert binding == {
        "kind": "window", "clients": [], "helpers": ["h=0"],
        "text": "windows of helper h=0: h=0 works 15 of the 15 from 1 to 16 (bound - 2)",
    }  # fmt: skip
    assert f"binds        {binding['text']}\n" in outcome.err


def test_table_is_sorted_and_says_what_binds(splitlane):
    outcome = splitlane("whatif", THREE)
    assert outcome.code == 0
    assert outcome.out.startswith("makespan     16 s, optimal\n")
    differences = [int(value) for value in re.findall(r"(-?\d+)(?: \([^)]*\))?  optimal$", outcome.out, re.MULTILINE)]
    assert differences == sorted(differences) and differences[0] < 0


def test_document_has_the_rows_of_the_table(splitlane, write, queue):
    document = what_if(splitlane, write(queue))
    assert (document["makespan"], document["status"], document["binding"]["kind"]) == (18, "optimal", "window")
    # Two helpers share three clients: 1 + 2 * 5 + 2 = 13. A third of the work less on forward and backward (2 and 3
    # become 2 and 3, rounded up from 1.5 and 2.25): nothing.
    rows = {row["text"]: row for row in document["rows"]}
    more = rows["one more helper like h=0"]
    assert (more["makespan"], more["difference"], more["status"]) == (13, -5, "optimal")
    assert more["changes"] == [{"kind": "more_helpers", "helper": "h=0", "count": 1}]
    assert rows["helper h=0 25 % faster"]["difference"] == 0


def test_own_changes_are_combined_into_one_row(splitlane, write, queue):
    document = what_if(
        splitlane, write(queue), "--add-helper", "h=0", "--add-helper", "h=0=1", "--faster-client", "c0=50",
        "--without-client", "c1",
    )  # fmt: skip
    # Two clients on three helpers: the path of c2, 1 + 2 + 3 + 2 = 8.
    (row,) = document["rows"]
    assert row["makespan"] == 8
    assert [change["kind"] for change in row["changes"]] == [
        "faster_client", "more_helpers", "more_helpers", "without_client",
    ]  # fmt: skip


def test_changed_instance_is_written_and_has_the_makespan_of_the_row(splitlane, write, small, tmp_path):
    arguments = ("--more-memory", "h0=90", "--faster-helper", "h1=50", "-o", "changed.json")
    (row,) = what_if(splitlane, write(small), *arguments)["rows"]
    changed = json.loads((tmp_path / "changed.json").read_text())
    assert changed["helpers"][0]["memory_mb"] == 100
    assert changed["name"] == "small, helper h1 50 % faster and 90 MB more on helper h0"
    plan = json.loads(splitlane("plan", "changed.json", "--method", "exact").out)
    assert plan["makespan"] == row["makespan"]


def test_plan_given_is_the_base(splitlane, write, queue):
    path = write(queue)
    plan = splitlane("plan", path, "--method", "exact", "-o", "plan.json")
    assert plan.code == 0
    assert what_if(splitlane, path, "plan.json") == what_if(splitlane, path)
    from_input = what_if(splitlane, path, "-", stdin=(splitlane.folder / "plan.json").read_text())
    assert from_input == what_if(splitlane, path)


def test_poor_plan_given_does_not_pass_for_the_best(splitlane):
    """Its makespan would credit the changes with what planning alone gives."""
    assert splitlane("plan", THREE, "--method", "random-fcfs", "-o", "plan.json", "--seed", "1").code == 0
    assert what_if(splitlane, THREE, "plan.json")["makespan"] == 16


def test_plan_of_another_instance_or_mode_is_refused(splitlane, write, queue):
    assert splitlane("plan", THREE, "-o", "plan.json").code == 0
    assert splitlane("whatif", write(queue), "plan.json").code == 2
    outcome = splitlane("whatif", THREE, "plan.json", "--non-preemptive")
    assert outcome.code == 3
    assert "made with preemption" in outcome.error()["message"]


def test_same_input_gives_the_same_bytes(splitlane):
    runs = {splitlane("whatif", THREE, "--json", "--method", "exact", "--threads", threads).out for threads in (1, 2, 2)}
    assert len(runs) == 1


@pytest.mark.parametrize(
    ("arguments", "mentions"),
    [
        (["--faster", "0"], ["--faster", "1 to 100"]),
        (["--faster-client", "phone"], ["--faster-client", "ID=PERCENT"]),
        (["--faster-client", "phne=10"], ["--faster-client", "phne", "phone"]),
        (["--faster-helper", "desk=101"], ["--faster-helper", "1 to 100"]),
        (["--add-helper", "desk=0"], ["--add-helper", "1 to 1000"]),
        (["--more-memory", "desk=-5"], ["--more-memory"]),
        (["--without-client", "nobody"], ["--without-client", "nobody"]),
        (["-o", "changed.json"], ["-o", "change"]),
        (["--without-client", "phone", "-o", str(THREE)], ["overwrite"]),
    ],
)  # fmt: skip
def test_usage_error(splitlane, tmp_path, arguments, mentions):
    outcome = splitlane("whatif", THREE, *arguments)
    assert outcome.code == 2
    message = outcome.error()["message"]
    assert outcome.error()["code"] == "usage"
    for mention in mentions:
        assert mention in message
    assert not list(tmp_path.iterdir())


def test_everybody_removed_is_refused(splitlane, tmp_path):
    ids = ("phone", "camera", "laptop")
    arguments = [argument for name in ids for argument in ("--without-client", name)]
    outcome = splitlane("whatif", THREE, *arguments, "-o", "changed.json")
    assert outcome.code == 2 and outcome.error()["code"] == "empty"
    assert not list(tmp_path.iterdir())


def test_signal_prints_the_rows_so_far(splitlane, hard):  # noqa: F811 - the fixture
    process = splitlane.start("whatif", hard, "--time-limit", "30")
    wait_until_caught(process, signal.SIGINT)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LIMIT_SECONDS)
    assert process.returncode == 0, err.decode()
    assert out.decode().startswith("makespan") and "cancelled" in out.decode()
