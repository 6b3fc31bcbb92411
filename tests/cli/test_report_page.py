"""The report page: what the program writes, and what Chromium makes of it (report-page/tests)."""

import json
import os
import re
import shutil
import subprocess

import pytest
from conftest import EXAMPLES, ROOT, Splitlane
from test_verbs import EXAMPLE

FOLDER = ROOT / "report-page"
COMMITTED_PAGE = ROOT / "src/report/page/report_page.html"
PLAN = EXAMPLES / "resnet101_30x5.plan.json"
SCREENSHOTS = ROOT / "build" / "screenshots"
HOSTILE = "</script><script>document.title='broken'</script>\"'<img src=x onerror=\"document.title='broken'\">"


def page_data(page: str) -> dict:
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script', page, re.DOTALL)[1])


def test_page_holds_the_plan(splitlane, tmp_path):
    outcome = splitlane("report", EXAMPLE, PLAN, "-o", "plan.html")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "")
    data = page_data((tmp_path / "plan.html").read_text())
    plan = json.loads(PLAN.read_text())
    assert data["plans"][0]["makespan"] == plan["makespan"]
    assert data["plans"][0]["clients"]["completion"] == [client["completion"] for client in plan["clients"]]


def test_same_plan_gives_the_same_page(splitlane, tmp_path):
    for name in ("one.html", "two.html"):
        assert splitlane("report", EXAMPLE, PLAN, "-o", name).code == 0
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_page_compares_with_another_plan(splitlane, tmp_path):
    assert splitlane("plan", EXAMPLE, "--method", "balanced-greedy", "-q", "-o", "greedy.json").code == 0
    assert splitlane("report", EXAMPLE, PLAN, "-o", "plan.html", "--against", "greedy.json").code == 0
    data = page_data((tmp_path / "plan.html").read_text())
    assert [plan["method"] for plan in data["plans"]] == ["auto", "balanced-greedy"]


def test_plan_of_another_instance_is_no_plan_to_compare_with(splitlane, write, small, tmp_path):
    write(small)
    assert splitlane("plan", "instance.json", "-q", "-o", "plan.json").code == 0
    small["name"] = "another"
    write(small, "another.json")
    assert splitlane("plan", "another.json", "-q", "-o", "another.plan.json").code == 0
    outcome = splitlane("report", "instance.json", "plan.json", "-o", "plan.html", "--against", "another.plan.json")
    assert outcome.code == 3
    assert outcome.error()["code"] == "violations"
    assert not (tmp_path / "plan.html").exists()


def test_plan_to_compare_with_must_be_valid(splitlane, write, tmp_path):
    plan = json.loads(PLAN.read_text())
    plan["makespan"] += 1
    write(plan, "wrong.json")
    outcome = splitlane("report", EXAMPLE, PLAN, "-o", "plan.html", "--against", "wrong.json")
    assert outcome.code == 3
    assert outcome.error()["code"] == "violations"
    assert not (tmp_path / "plan.html").exists()


@pytest.mark.parametrize("output", ["plan.svg", "plan.json"])
def test_only_the_page_compares(splitlane, tmp_path, output):
    outcome = splitlane("report", EXAMPLE, PLAN, "-o", output, "--against", PLAN)
    assert outcome.code == 2
    assert outcome.error()["code"] == "usage" and "--against" in outcome.err
    assert not list(tmp_path.iterdir())


def test_page_does_not_overwrite_what_it_is_made_from(splitlane, write):
    path = write(PLAN.read_text(), "plan.html")
    for arguments in ((EXAMPLE, "plan.html"), (EXAMPLE, PLAN, "--against", "plan.html")):
        outcome = splitlane("report", *arguments, "-o", "plan.html")
        assert outcome.code == 2 and outcome.error()["code"] == "usage"
    assert path.read_text() == PLAN.read_text()


def test_page_that_cannot_be_written_leaves_nothing(splitlane, tmp_path):
    outcome = splitlane("report", EXAMPLE, PLAN, "-o", "missing/plan.html")
    assert outcome.code == 2 and outcome.error()["code"] == "file"
    assert not list(tmp_path.iterdir())


def run(*command, **options) -> str:
    done = subprocess.run(command, capture_output=True, text=True, timeout=600, check=False, **options)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def node() -> None:
    for tool in ("node", "npm"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is missing; scripts/bootstrap installs it")
    version = int(run("node", "--version").strip().lstrip("v").split(".")[0])
    if version < 18:
        pytest.skip(f"Node.js {version} is too old for the report page; 18 will do")


def test_committed_page_is_what_its_sources_build(node, tmp_path):
    run(ROOT / "scripts/build-report-page", tmp_path / "page.html")
    same = (tmp_path / "page.html").read_bytes() == COMMITTED_PAGE.read_bytes()
    assert same, "run scripts/build-report-page and commit src/report/page/report_page.html"
    assert COMMITTED_PAGE.stat().st_size < 150_000


def make_pages(folder) -> None:
    """The pages that report-page/tests open: example, compare, execution, hostile (ids that try to break out) and large."""
    splitlane = Splitlane(folder)

    def report(name: str, instance, plan, *more) -> None:
        outcome = splitlane("report", instance, plan, "-o", f"{name}.html", *more)
        assert outcome.code == 0, outcome.err

    report("example", EXAMPLE, PLAN)
    assert splitlane("plan", EXAMPLE, "--method", "balanced-greedy", "-q", "-o", "greedy.json").code == 0
    report("compare", EXAMPLE, PLAN, "--against", "greedy.json")
    outcome = splitlane("simulate", EXAMPLE, PLAN, "--executions", 1, "--rules", "planned", "--noise", 0.2, "--lose", "h1@8000",
                        "--lose", "c3@5000", "--replan", "-q", "-o", "trace.json")  # fmt: skip
    assert outcome.code == 0, outcome.err
    report("execution", EXAMPLE, PLAN, "--trace", "trace.json")
    hostile = json.loads((EXAMPLES / "three_clients.json").read_text())
    hostile["clients"][0]["id"] = HOSTILE
    (folder / "hostile.json").write_text(json.dumps(hostile))
    assert splitlane("plan", "hostile.json", "-q", "-o", "hostile.plan.json").code == 0
    report("hostile", "hostile.json", "hostile.plan.json")
    assert splitlane("scenario", "--clients", 10000, "--helpers", 1000, "--reach", 2, "-q", "-o", "large.json").code == 0
    assert splitlane("plan", "large.json", "--method", "balanced-greedy", "-q", "-o", "large.plan.json").code == 0
    report("large", "large.json", "large.plan.json")


def test_page_works_in_a_browser(node, tmp_path):
    chromium = shutil.which("chromium")
    if not chromium:
        pytest.skip("chromium is missing; scripts/bootstrap installs it")
    make_pages(tmp_path)
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    environment = dict(os.environ, PAGES=str(tmp_path), CHROMIUM=chromium, SCREENSHOTS=str(SCREENSHOTS))
    run(ROOT / "scripts/build-report-page", tmp_path / "page.html")  # installs what the tests import
    print(run("npm", "test", "--silent", cwd=FOLDER, env=environment))
