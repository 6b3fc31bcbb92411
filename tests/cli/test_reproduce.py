"""`splitlane reproduce`: pages from runs, runs that are kept, bad input."""

import re

from conftest import ROOT

VERSION = re.search(r"project\(splitlane VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
SOURCE = f"# splitlane {VERSION}; at most 10 s for ilp, 10 s for admm, 2 s for the others; shipped profiles"
HEADER = (
    "scenario,model,clients,helpers,slot_ms,seed,method,makespan,lower_bound,runtime_ms,horizon,iterations,memory,note"
)


def fig8_runs(makespan) -> str:
    """A table of all runs of Fig. 8, with makespan(model, helpers, method) slots each."""
    rows = [
        f"1,{model},100,{helpers},{slot},{seed},{method},{makespan(model, helpers, method)},10,1.0,500,0,ram,"
        for model, slot in (("resnet101", 180), ("vgg19", 550))
        for helpers in (1, 2, 5, 10, 20, 25)
        for seed in range(5)
        for method in ("balanced-greedy", "exact")
    ]
    return "\n".join([SOURCE, HEADER, *rows, ""])


def test_writes_a_page_and_its_numbers(splitlane, tmp_path):
    done = splitlane("reproduce", "fig5", "-o", str(tmp_path / "new"))
    assert done.code == 0
    page = (tmp_path / "new/fig5.md").read_text()
    assert "| resnet101 | rpi-4 |" in page and "Why the numbers differ" in page
    assert len((tmp_path / "new/fig5.csv").read_text().splitlines()) > 4
    assert "plot 'fig5.csv'" in (tmp_path / "new/fig5.gp").read_text()


def test_goes_on_from_the_runs_that_are_there(splitlane, tmp_path):
    # Every run is in the table already, so none is made anew: the page must hold these made-up numbers. 1000 / helpers
    # slots of 180 ms are 180 s with one helper and 90 s with two: a gain of 50 %.
    (tmp_path / "runs.csv").write_text(fig8_runs(lambda model, helpers, method: 1000 // helpers))
    assert splitlane("reproduce", "fig8", "-o", str(tmp_path)).code == 0
    page = (tmp_path / "fig8.md").read_text()
    assert re.search(r"\| resnet101 \| 1 \| 190.5 \| 0.0 \| 180.0 \| 0.0 \| 180.0 \| 0.0 \| 0/5 \|", page)
    assert re.search(r"\| resnet101 \| 2 \| 99.79 \| 47.6 \| 90.0 \| 50.0 \| 90.0 \| 50.0 \| 0/5 \|", page)


def test_runs_of_another_version_do_not_count(splitlane, tmp_path):
    runs = tmp_path / "runs.csv"
    runs.write_text(f"# splitlane 0.0.9; shipped profiles\n{HEADER}\n1,vgg19,ten,2,550,0,exact,1,1,1,1,0,ram,\n")
    assert splitlane("reproduce", "fig5", "-o", str(tmp_path)).code == 0


def test_refuses_a_damaged_table_of_runs(splitlane, tmp_path):
    (tmp_path / "runs.csv").write_text(f"{SOURCE}\n{HEADER}\n1,vgg19,ten,2,550,0,exact,1,1,1,1,0,ram,\n")
    done = splitlane("reproduce", "fig8", "-o", str(tmp_path))
    assert done.code == 2
    assert '"ten"' in done.error()["message"]


def test_names_the_nearest_of_what_it_knows(splitlane, tmp_path):
    done = splitlane("reproduce", "fig9", "-o", str(tmp_path))
    assert done.code == 2
    assert "fig" in done.error()["message"]


def test_refuses_a_folder_that_cannot_be(splitlane, tmp_path):
    (tmp_path / "file").write_text("")
    done = splitlane("reproduce", "fig5", "-o", str(tmp_path / "file"))
    assert done.code == 2


def test_admm_refuses_parameters_out_of_range(splitlane, tmp_path):
    for option, value in (("--rho", "0"), ("--rho", "x"), ("--epsilon1", "-1"), ("--max-iterations", "0")):
        done = splitlane("plan", "examples/three_clients.json", "--method", "admm", option, value)
        assert done.code == 2
        assert option in done.error()["message"]
