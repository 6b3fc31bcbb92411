"""What one looks at: figures in the caller's axes, and what a notebook shows."""

import base64
import re
import xml.etree.ElementTree as ElementTree

import matplotlib
import pytest

matplotlib.use("Agg")

import matplotlib.pyplot as plt  # noqa: E402

import splitlane  # noqa: E402
import splitlane.plot  # noqa: E402


@pytest.fixture
def ax():
    figure, axes = plt.subplots(1, 2)
    yield axes[1]
    # Nothing was drawn beside the axes that were passed, and what was drawn can be rendered.
    assert not axes[0].has_data() and len(figure.axes) == 2
    figure.canvas.draw()
    plt.close(figure)


def test_gantt_has_a_box_a_segment_between_start_and_end(drawn, ax):
    plan = splitlane.plan(drawn)
    assert splitlane.plot.gantt(plan, ax) is ax
    boxes = [path.get_extents() for path in ax.collections[0].get_paths()]
    assert [(box.x0, box.x1) for box in boxes] == [(start, end) for start, end in plan.segments[["start", "end"]].tolist()]
    assert [label.get_text() for label in ax.get_yticklabels()] == drawn.helper_ids


def test_load_has_a_bar_as_long_as_the_work_of_a_helper(drawn, ax):
    plan = splitlane.plan(drawn)
    splitlane.plot.load(plan, ax)
    bars = [bar.get_width() for bar in ax.patches[: drawn.helper_count]]
    assert bars == plan.to_dataframe("helpers")["load"].tolist()


def test_gap_over_time_draws_what_progress_told(hard, ax):
    history = []
    plan = splitlane.plan(hard, "exact", time_limit=2, on_progress=history.append)
    splitlane.plot.gap_over_time(history, ax)
    makespan, bound = (line.get_ydata() for line in ax.lines)
    assert list(makespan) == sorted(makespan, reverse=True) and min(makespan) >= plan.makespan
    assert list(bound) == sorted(bound) and max(bound) <= plan.makespan


def test_no_history_is_an_empty_figure(ax):
    splitlane.plot.gap_over_time([], ax)


def test_notebook_shows_summary_and_figure(drawn):
    plan = splitlane.plan(drawn)
    shown = plan._repr_html_()
    assert f"makespan {plan.makespan}" in re.sub(r"\s+", " ", shown).lower() or str(plan.makespan) in shown
    figure = re.search(r"data:image/svg\+xml;base64,([^\"]+)", shown)[1]
    assert ElementTree.fromstring(base64.b64decode(figure)).tag.endswith("svg")
    assert "http" not in shown.replace(figure, "")
    assert repr(plan).startswith("<splitlane.Plan by auto") and "12 clients" in repr(drawn)


def test_ids_cannot_break_out_of_what_a_notebook_shows():
    instance = splitlane.Instance.from_arrays(
        release=[[1]], forward=1, client_forward=1, client_backward=1, backward=1, tail=1, client_ids=["<script>alert(1)</script>"],
    )  # fmt: skip
    assert "<script" not in splitlane.plan(instance)._repr_html_()
