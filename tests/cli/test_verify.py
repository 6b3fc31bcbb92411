"""verify holds a plan and the proof of its bound against the instance, and exits 3 with every problem named."""

import json
import shutil

import pytest
from conftest import EXAMPLES

# examples/README.md: two backwards of 7 in all, ready at 7 and with a tail of 2, so nothing ends before 16.
WINDOW = {"helper": "desk", "heads": [7], "tails": [2], "price": 1}


@pytest.fixture
def three_clients(tmp_path) -> dict:
    """The example solved by hand, as files in the test's folder; its certificate may be changed by the test."""
    for path in EXAMPLES.glob("three_clients*.json"):
        shutil.copy(path, tmp_path)
    return json.loads((tmp_path / "three_clients.certificate.json").read_text())


@pytest.fixture
def plan(three_clients, tmp_path) -> dict:
    return json.loads((tmp_path / "three_clients.plan.json").read_text())


@pytest.fixture
def verify(splitlane, write):
    """Runs verify on the example with this plan and certificate, where given."""

    def run(plan=None, certificate=None, *options):
        if plan is not None:
            write(plan, "three_clients.plan.json")
        if certificate is not None:
            write(certificate, "three_clients.certificate.json")
        return splitlane(
            "verify", "three_clients.json", "three_clients.plan.json", "three_clients.certificate.json", *options
        )

    return run


def test_a_proof_is_accepted(verify, three_clients):
    outcome = verify()
    assert (outcome.code, outcome.err) == (0, "")
    assert outcome.out == "verified: no plan ends before 16; the plan is optimal\n"


def test_a_time_limit_may_have_a_unit(verify, three_clients):
    for limit in ("60", "60s", "60000ms", "1min", "6e1"):
        assert verify(None, None, "--time-limit", limit).code == 0


def test_documents_may_come_from_standard_input(splitlane, three_clients):
    outcome = splitlane(
        "verify", "three_clients.json", "three_clients.plan.json", "-", stdin=json.dumps(three_clients)
    )
    assert outcome.code == 0


def test_a_bound_below_the_makespan_says_when_the_plan_ends(verify, plan, three_clients):
    # At 15 the same window leaves room for 14 - 7 - 2 = 5 of 7.
    plan.update(lower_bound=15, status="feasible")
    three_clients["lower_bound"] = 15
    assert verify(plan, three_clients).out == "verified: no plan ends before 15; the plan ends at 16\n"


def test_quiet_prints_nothing(verify, plan, three_clients):
    outcome = verify(None, None, "--quiet")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    three_clients["steps"] = []
    outcome = verify(None, three_clients, "-q")
    assert (outcome.code, outcome.out, outcome.err) == (3, "", "")


def problems(outcome, count) -> str:
    assert outcome.code == 3 and outcome.err == ""
    assert outcome.out.splitlines()[0] == f"not verified: {count} problem{'s' if count > 1 else ''}"
    assert len(outcome.out.splitlines()) == count + 1
    return outcome.out


def test_a_flaw_is_named_with_its_place(verify, three_clients):
    three_clients["steps"][0]["prices"] = [WINDOW, dict(WINDOW, heads=[9, 8])]
    assert "certificate: steps[0].rows[1]: heads do not increase at 1\n" in problems(verify(None, three_clients), 1)


def test_a_window_that_has_room_proves_nothing(verify, three_clients):
    three_clients["steps"][0]["prices"] = [dict(WINDOW, heads=[6])]
    assert "certificate: steps[0]: the clients cost 7 at least, and the rows have room for 7\n" in problems(
        verify(None, three_clients), 1
    )


def test_a_certificate_for_less_than_the_plan_claims_is_a_problem(verify, three_clients):
    three_clients["lower_bound"] = 15
    assert "claim: the certificate is for lower bound 15, the plan says 16\n" in problems(verify(None, three_clients), 1)


@pytest.mark.parametrize("key, value", [("sha256", "0" * 64), ("name", "another"), ("time_unit", "ms")])
def test_documents_of_another_instance_are_problems(verify, plan, three_clients, key, value):
    three_clients["instance"][key] = value
    assert f"instance: the certificate" in problems(verify(None, three_clients), 1)
    plan["instance"][key] = value
    assert f"instance: the plan" in problems(verify(plan, three_clients), 2)


def test_a_plan_that_is_not_valid_is_a_problem(verify, plan):
    plan["makespan"] = 15
    assert "makespan: makespan is given as 15, but the latest completion is 16\n" in problems(verify(plan), 1)


def test_a_certificate_about_plans_without_preemption_covers_only_those(verify, plan, three_clients):
    three_clients["preemptive"] = False
    assert 'do not say "preemptive": false' in problems(verify(plan, three_clients), 1)
    plan["parameters"] = {"preemptive": False}
    outcome = verify(plan, three_clients)
    assert outcome.out == "verified: no plan without preemption ends before 16; the plan is optimal\n"
    plan["parameters"] = {"preemptive": True}
    assert 'do not say "preemptive": false' in problems(verify(plan, three_clients), 1)


def test_a_preempted_task_is_not_covered(verify, plan, three_clients):
    # The camera's backward [7, 10) in two pieces, [7, 9) and [14, 15): then its completion is 18.
    desk = plan["helpers"][0]["segments"]
    backward = next(one for one in desk if one["client"] == "camera" and one["task"] == "backward")
    backward["end"] = 9
    desk.append({"client": "camera", "task": "backward", "start": 14, "end": 15})
    camera = next(one for one in plan["clients"] if one["id"] == "camera")
    camera.update(backward_end=15, completion=18, queuing=5)
    plan.update(makespan=18, status="feasible", parameters={"preemptive": False})
    assert verify(plan).code == 0
    three_clients["preemptive"] = False
    out = problems(verify(plan, three_clients), 1)
    assert 'unlike backward of client "camera", which resumes at 14\n' in out


def test_a_certificate_that_cannot_be_read_is_an_error(verify, three_clients):
    three_clients["steps"][0]["prices"][0]["helper"] = "nobody"
    outcome = verify(None, three_clients)
    assert outcome.code == 2
    error = outcome.error()
    assert error["code"] == "unknown_id"
    assert error["where"] == "three_clients.certificate.json: steps[0].prices[0].helper"


def test_plan_refuses_a_certificate_path_that_cannot_be_written(splitlane, three_clients, tmp_path):
    outcome = splitlane("plan", "three_clients.json", "-o", "plan.json", "--certificate", "no/such/folder/a.json")
    assert outcome.code == 2 and outcome.error()["code"] == "file"
    assert not (tmp_path / "plan.json").exists()


def test_plan_without_a_certificate_to_write_leaves_no_file(splitlane, three_clients, tmp_path):
    before = sorted(tmp_path.iterdir())
    outcome = splitlane("plan", "three_clients.json", "--method", "equid", "-o", "plan.json", "--certificate", "a.json")
    assert outcome.code == 2
    assert "method equid proves its bound without a certificate" in outcome.error()["message"]
    assert sorted(tmp_path.iterdir()) == before


def test_non_preemptive_plans_say_so(splitlane, three_clients):
    outcome = splitlane("plan", "three_clients.json", "--method", "equid", "--non-preemptive")
    assert outcome.code == 0
    assert json.loads(outcome.out)["parameters"]["preemptive"] is False
    assert "preemptive" not in json.loads(splitlane("plan", "three_clients.json", "--method", "equid").out).get("parameters", {})


def test_a_method_that_preempts_is_no_method_without_preemption(splitlane, write):
    # A forward of 9 from 0 on, and one of 1 from 4 on with a tail of 9: shortest is to preempt the first.
    def client(name, release, forward, tail):
        return {
            "id": name,
            "options": [
                {
                    "helper": "h0", "release": release, "forward": forward, "client_forward": 0, "client_backward": 0,
                    "backward": 0, "tail": tail,
                }
            ],
        }  # fmt: skip

    write(
        {
            "format": "splitlane-instance", "version": 1, "time_unit": "ms", "helpers": [{"id": "h0"}],
            "clients": [client("long", 0, 9, 0), client("short", 4, 1, 9)],
        }
    )  # fmt: skip
    outcome = splitlane("plan", "instance.json", "--method", "auto", "--non-preemptive")
    if outcome.code == 0:
        assert len(json.loads(outcome.out)["helpers"][0]["segments"]) == 2
    else:
        assert outcome.code == 2
        assert "makes plans that preempt tasks" in outcome.error()["message"]
