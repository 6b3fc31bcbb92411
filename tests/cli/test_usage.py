"""A command line that makes no sense: exit code 2, the culprit named, the nearest right name where there is one."""

import pytest
from test_verbs import EXAMPLE

# arguments: what the message must mention
CASES = {
    (): ["verb", "plan"],
    ("pln", EXAMPLE): ["pln", "plan"],
    ("fly",): ["fly", "plan", "check", "compare", "report", "info"],
    ("plan",): ["INSTANCE"],
    ("plan", EXAMPLE, "--tme-limit", "3"): ["--tme-limit", "--time-limit"],
    ("plan", "--methd=equid"): ["--methd", "--method"],
    ("plan", EXAMPLE, EXAMPLE): ["too many", "resnet101"],
    ("plan", EXAMPLE, "--zzz"): ["--zzz"],
    ("plan", EXAMPLE, "--method", "gurobi"): ["gurobi", "balanced-greedy", "equid"],
    ("plan", EXAMPLE, "--method"): ["--method"],
    ("plan", EXAMPLE, "--seed", "1", "--seed", "2"): ["--seed"],
    ("plan", EXAMPLE, "--time-limit", "0"): ["--time-limit", "0", "seconds"],
    ("plan", EXAMPLE, "--time-limit", "-1"): ["--time-limit", "-1", "seconds"],
    ("plan", EXAMPLE, "--time-limit", "nan"): ["--time-limit", "nan", "seconds"],
    ("plan", EXAMPLE, "--time-limit", "inf"): ["--time-limit", "inf", "seconds"],
    ("plan", EXAMPLE, "--time-limit", "2h"): ["--time-limit", "2h", "seconds", "500ms, 10s, 2min"],
    ("plan", EXAMPLE, "--time-limit", "s"): ["--time-limit", "seconds"],
    ("plan", EXAMPLE, "--time-limit", "1e308min"): ["--time-limit", "1e308min", "seconds"],
    ("verify", EXAMPLE, "p.json", "c.json", "--time-limit", "0"): ["--time-limit", "0", "seconds"],
    ("plan", EXAMPLE, "--method", "admm", "--rho", "1e308"): ["--rho", "1e308", "0", "1000000000"],
    ("plan", EXAMPLE, "--method", "admm", "--rho", "nan"): ["--rho", "nan", "1000000000"],
    ("plan", EXAMPLE, "--method", "admm", "--rho", "-1"): ["--rho", "-1", "1000000000"],
    ("plan", EXAMPLE, "--method", "admm", "--epsilon1", "inf"): ["--epsilon1", "inf", "above 0"],
    ("plan", EXAMPLE, "--method", "admm", "--epsilon2", "0"): ["--epsilon2", "0", "above 0"],
    ("plan", EXAMPLE, "--method", "admm", "--max-iterations", "99999999999999999999"): ["--max-iterations", "1000000"],
    ("plan", EXAMPLE, "-o", ""): ["--output", "names no file"],
    ("plan", EXAMPLE, "--certificate", ""): ["--certificate", "names no file"],
    ("plan", EXAMPLE, "--from", ""): ["--from", "names no file"],
    ("plan", EXAMPLE, "--time-limit", ""): ["--time-limit", "seconds"],
    ("plan", EXAMPLE, "--threads", "0"): ["--threads", "0", "1 to 1024"],
    ("plan", EXAMPLE, "--threads", "99999999999"): ["--threads", "1 to 1024"],
    ("plan", EXAMPLE, "--seed", "-1"): ["--seed", "-1", "0 to"],
    ("plan", EXAMPLE, "--seed", "1.5"): ["--seed", "1.5"],
    ("plan", EXAMPLE, "-o", EXAMPLE): ["overwrite", "resnet101"],
    ("compare", EXAMPLE, "--methods", "equid,nothing"): ["nothing", "balanced-greedy"],
    ("compare", EXAMPLE, "--methods", "equid,"): ["method"],
    ("check", EXAMPLE): ["PLAN"],
    ("check", "-", "-"): ["standard input"],
    ("verify", EXAMPLE, "plan.json"): ["CERTIFICATE"],
    ("verify", EXAMPLE, "-", "-"): ["PLAN and CERTIFICATE", "standard input"],
    ("verify", "-", "-", "-"): ["INSTANCE and PLAN and CERTIFICATE", "standard input"],
    ("plan", EXAMPLE, "--certificate", EXAMPLE): ["--certificate", "overwrite", "resnet101"],
    ("plan", EXAMPLE, "--certificate", "-"): ["--certificate", "document of its own"],
    ("plan", EXAMPLE, "-o", "a.json", "--certificate", "./a.json"): ["--certificate", "the same file as -o", "a.json"],
    ("plan", EXAMPLE, "--method", "balanced-greedy", "--certificate", "a.json"): ["balanced-greedy", "without a certificate"],
    ("report", "-", "-", "-o", "x.svg"): ["standard input"],
    ("report", EXAMPLE, "plan.json", "-o", "gantt.png"): ["gantt.png", ".svg", ".json"],
    ("report", EXAMPLE, "plan.json", "-o", "gantt"): ["gantt", ".svg", ".json"],
}  # fmt: skip


@pytest.mark.parametrize("arguments", CASES, ids=lambda arguments: " ".join(map(str, arguments)).replace(str(EXAMPLE), "X"))
def test_usage_error(splitlane, tmp_path, arguments):
    outcome = splitlane(*arguments)
    assert outcome.code == 2
    error = outcome.error()
    assert error["code"] == "usage"
    for mention in CASES[arguments]:
        assert mention in error["message"], error["message"]
    assert not list(tmp_path.iterdir())


def test_no_verb_shows_the_help_on_standard_error(splitlane):
    outcome = splitlane()
    assert "Usage: splitlane" in outcome.err and "Exit codes" in outcome.err
