"""Each verb's happy path: exit code 0, the result on standard output or in the file, talk on standard error."""

import json
import re
import xml.etree.ElementTree as ElementTree

import pytest
from conftest import EXAMPLES

EXAMPLE = EXAMPLES / "resnet101_30x5.json"
METHODS = ("auto", "exact", "scale", "admm", "paper-strategy", "balanced-greedy", "equid", "ed-fcfs", "random-fcfs")
# Beside them ilp, which refuses an instance of this size.


def test_plan_writes_only_the_document_to_standard_output(splitlane):
    outcome = splitlane("plan", EXAMPLE)
    assert outcome.code == 0
    plan = json.loads(outcome.out)
    assert plan["format"] == "splitlane-plan"
    assert plan["makespan"] >= plan["lower_bound"] > 0
    assert len(plan["clients"]) == 30 and len(plan["helpers"]) == 5


def test_plan_summarises_on_standard_error_in_one_screen(splitlane):
    summary = splitlane("plan", EXAMPLE).err
    assert "makespan" in summary and "gap" in summary
    assert len(summary.splitlines()) <= 50


def test_plan_quiet_says_nothing_on_standard_error(splitlane):
    outcome = splitlane("plan", EXAMPLE, "--quiet")
    assert outcome.code == 0 and outcome.err == ""


def test_plan_with_output_file_leaves_standard_output_empty(splitlane, tmp_path):
    outcome = splitlane("plan", EXAMPLE, "-o", "plan.json")
    assert outcome.code == 0 and outcome.out == ""
    assert json.loads((tmp_path / "plan.json").read_text())["format"] == "splitlane-plan"
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_plan_replaces_an_older_output(splitlane, write, tmp_path):
    write("old", "plan.json")
    assert splitlane("plan", EXAMPLE, "-o", "plan.json").code == 0
    assert json.loads((tmp_path / "plan.json").read_text())["format"] == "splitlane-plan"


@pytest.mark.parametrize("method", METHODS)
def test_every_method_makes_a_plan_that_check_accepts(splitlane, method):
    assert splitlane("plan", EXAMPLE, "-o", "plan.json", "--method", method).code == 0
    outcome = splitlane("check", EXAMPLE, "plan.json")
    assert outcome.code == 0
    assert re.match(r"valid: makespan \d+, ", outcome.out)
    assert outcome.err == ""


def test_instance_may_come_from_standard_input(splitlane):
    from_file = splitlane("plan", EXAMPLE, "--reproducible")
    from_input = splitlane("plan", "-", "--reproducible", stdin=EXAMPLE.read_bytes())
    assert from_input.code == 0
    assert from_input.out == from_file.out


def test_plan_may_come_from_standard_input(splitlane):
    plan = splitlane("plan", EXAMPLE).out
    assert splitlane("check", EXAMPLE, "-", stdin=plan).code == 0


def test_positional_named_like_a_verb_is_a_path(splitlane, write):
    write(EXAMPLE.read_text(), "check")
    assert splitlane("plan", "check").code == 0


def test_check_quiet_leaves_it_to_the_exit_code(splitlane):
    plan = splitlane("plan", EXAMPLE).out
    outcome = splitlane("check", EXAMPLE, "-", "-q", stdin=plan)
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")


def test_compare_lists_every_method_and_marks_the_best(splitlane):
    outcome = splitlane("compare", EXAMPLE)
    assert outcome.code == 0 and outcome.err == ""
    rows = {line[2:].split()[0]: line for line in outcome.out.splitlines()[1:-1]}
    assert "too large" in rows.pop("ilp")
    assert tuple(rows) == METHODS
    makespans = {method: int(line[2:].split()[1]) for method, line in rows.items()}
    best = min(makespans.values())
    assert {method for method, line in rows.items() if line.startswith("*")} == {
        method for method, makespan in makespans.items() if makespan == best
    }


def test_compare_runs_only_the_methods_asked_for_in_that_order(splitlane):
    outcome = splitlane("compare", EXAMPLE, "--methods", "random-fcfs,balanced-greedy")
    assert [line[2:].split()[0] for line in outcome.out.splitlines()[1:-1]] == ["random-fcfs", "balanced-greedy"]


def test_report_writes_a_well_formed_svg(splitlane, tmp_path):
    splitlane("plan", EXAMPLE, "-o", "plan.json")
    outcome = splitlane("report", EXAMPLE, "plan.json", "-o", "gantt.svg")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    assert ElementTree.parse(tmp_path / "gantt.svg").getroot().tag.endswith("svg")


def test_report_writes_trace_events(splitlane, tmp_path):
    splitlane("plan", EXAMPLE, "-o", "plan.json")
    assert splitlane("report", EXAMPLE, "plan.json", "-o", "trace.json").code == 0
    trace = json.loads((tmp_path / "trace.json").read_text())
    assert len(trace["traceEvents"] if isinstance(trace, dict) else trace) > 60


def test_info_describes_the_instance_on_standard_output(splitlane):
    outcome = splitlane("info", EXAMPLE)
    assert outcome.code == 0 and outcome.err == ""
    assert "30" in outcome.out and "clients" in outcome.out and "helpers" in outcome.out


def test_version_is_one_line(splitlane):
    outcome = splitlane("--version")
    assert outcome.code == 0
    assert re.fullmatch(r"splitlane \d+\.\d+\.\d+\n", outcome.out)


@pytest.mark.parametrize("verb", ["plan", "check", "compare", "report", "info"])
def test_help_of_a_verb_shows_defaults_units_and_an_example(splitlane, verb):
    outcome = splitlane(verb, "--help")
    assert outcome.code == 0 and outcome.err == ""
    assert "default" in outcome.out
    assert re.search(r"[Ss]econds|time unit|MB", outcome.out) or "microseconds" in outcome.out
    assert f"Example: splitlane {verb} " in outcome.out


def test_help_of_the_program_lists_verbs_and_exit_codes(splitlane):
    outcome = splitlane("--help")
    assert outcome.code == 0
    for word in ("plan", "check", "compare", "report", "info", "Exit codes", "Example: splitlane"):
        assert word in outcome.out


@pytest.mark.parametrize("verb", ["plan", "compare"])
def test_help_of_planning_verbs_names_every_method(splitlane, verb):
    text = splitlane(verb, "--help").out
    assert all(f"  {method} " in text for method in METHODS)
