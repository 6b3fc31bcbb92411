"""Figures with matplotlib (`pip install splitlane[plot]`), drawn into axes that the caller passes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from splitlane import Plan, Progress
from splitlane._arguments import checked

HALF_HEIGHT = 0.4
MOST_LABELS = 40
BACKWARD_SHADE = 0.6


@checked
def gantt(plan: Plan, ax: Axes) -> Axes:
    """A row a helper, a hue a client, backward darker than forward; lines for lower bound and makespan."""
    segments = plan.segments
    helpers = plan.instance.helper_count
    lane = np.repeat(np.arange(helpers), np.diff(plan.lane_start))
    left, right = segments["start"], segments["end"]
    low, high = lane - HALF_HEIGHT, lane + HALF_HEIGHT
    corners = np.stack([np.stack(corner, axis=-1) for corner in ((left, low), (right, low), (right, high), (left, high))], axis=1)
    colours = colormaps["hsv"](segments["client"] / max(plan.instance.client_count, 1))
    colours[segments["task"] == 1, :3] *= BACKWARD_SHADE
    ax.add_collection(PolyCollection(corners.astype(float), facecolors=colours, edgecolors="white", linewidths=0.3))
    ax.axvline(plan.lower_bound, color="grey", linestyle="--", label=f"lower bound {plan.lower_bound}")
    ax.axvline(plan.makespan, color="black", label=f"makespan {plan.makespan}")
    ax.set_xlim(0, max(plan.makespan * 1.02, 1))
    ax.set_ylim(helpers - 0.5, -0.5)
    label_helpers(plan, ax)
    ax.set_xlabel(f"time [{plan.instance.time_unit}]")
    ax.legend(loc="lower right")
    return ax


@checked
def load(plan: Plan, ax: Axes) -> Axes:
    """A bar a helper: how long it works, and how long it idles before its last segment ends."""
    table = plan.to_dataframe("helpers")
    rows = np.arange(len(table))
    ax.barh(rows, table["load"], label="at work")
    ax.barh(rows, table["end"] - table["load"], left=table["load"], color="lightgrey", label="idle before its end")
    ax.axvline(plan.makespan, color="black", label=f"makespan {plan.makespan}")
    ax.set_ylim(len(table) - 0.5, -0.5)
    label_helpers(plan, ax)
    ax.set_xlabel(f"time [{plan.instance.time_unit}]")
    ax.legend(loc="lower right")
    return ax


@checked
def gap_over_time(history: Iterable[Progress], ax: Axes) -> Axes:
    """Best makespan and lower bound by seconds, from what `on_progress` was told: `history = []`,
    `plan(instance, on_progress=history.append)`."""
    known = [(each.seconds, each.makespan, each.lower_bound) for each in history if each.makespan is not None]
    seconds, makespans, bounds = np.array(known, dtype=float).reshape(-1, 3).T
    makespans, bounds = np.minimum.accumulate(makespans), np.maximum.accumulate(bounds)
    ax.step(seconds, makespans, where="post", label="makespan")
    ax.step(seconds, bounds, where="post", label="lower bound")
    ax.fill_between(seconds, bounds, makespans, step="post", alpha=0.15)
    ax.set_xlabel("time of planning [s]")
    ax.legend(loc="upper right")
    return ax


def label_helpers(plan: Plan, ax: Axes) -> None:
    """The ids of all helpers, or of some where all would not be legible."""
    ids = plan.instance.helper_ids
    places = range(0, len(ids), -(-len(ids) // MOST_LABELS))
    ax.set_yticks(list(places), [ids[place] for place in places])
