"""The examples are what their scripts and their README say."""

from conftest import EXAMPLES


def test_scenario_without_options_is_the_example(splitlane):
    assert splitlane("scenario", "-q", "-o", "again.json").code == 0
    assert splitlane.folder.joinpath("again.json").read_bytes() == (EXAMPLES / "resnet101_30x5.json").read_bytes()


def test_by_hand_plan_is_what_the_planner_finds(splitlane):
    """examples/README.md derives that 16 s is the shortest possible."""
    assert splitlane("plan", EXAMPLES / "three_clients.json", "-o", "plan.json", "-q").code == 0
    assert "makespan 16," in splitlane("check", EXAMPLES / "three_clients.json", "plan.json").out


def test_readme_names_every_file():
    text = (EXAMPLES / "README.md").read_text()
    for path in EXAMPLES.iterdir():
        assert path.name == "README.md" or path.name.startswith("__") or f"`{path.name}`" in text, path.name
