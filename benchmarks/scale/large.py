"""Many clients: all graphs, memories and device mixes of one size; growth; other methods."""

from pathlib import Path

from measured import Measured, Splitlane
from tables import seconds, table

TOPOLOGIES = ("random", "plane", "ring")
MEMORIES = ("none", "tight")
KINDS = ("scenario-1", "scenario-2")
BASELINES = ("balanced-greedy", "equid", "random-fcfs")
REACH = 8
CLIENTS_PER_HELPER = 100


def instance(splitlane: Splitlane, kind: str, clients: int, topology: str = "random", memory: str = "none") -> Path:
    helpers = clients // CLIENTS_PER_HELPER
    options = ["--kind", kind, "--clients", str(clients), "--helpers", str(helpers), "--reach", str(min(REACH, helpers))]
    name = f"{kind}-{clients}x{helpers}-{topology}-{memory}"
    return splitlane.scenario(name, *options, "--topology", topology, "--memory", memory)


def gigabytes(count: int) -> str:
    return f"{count / 1e9:.2f} GB" if count >= 1e8 else f"{count / 1e6:.0f} MB"


def percent(outcome: Measured) -> str:
    return outcome.note or f"{outcome.gap:.2f} %"


def sizes(splitlane: Splitlane, clients: int, kinds: tuple[str, ...] = KINDS) -> str:
    """Every graph with and without memory; the certificate verified."""
    rows = []
    for kind in kinds:
        for topology in TOPOLOGIES:
            for memory in MEMORIES:
                path = instance(splitlane, kind, clients, topology, memory)
                outcome = splitlane.plan(path, "--method", "scale", certificate=True)
                rows.append(
                    [f"{kind}, {topology}, memory {memory}", f"{outcome.lower_bound}–{outcome.makespan}", percent(outcome)]
                    + [seconds(value) for value in (outcome.method_seconds, outcome.wall_seconds, outcome.cpu_seconds)]
                    + [gigabytes(outcome.peak_bytes), seconds(outcome.verify_seconds or 0)]
                )
    titles = ("scenario, ms", "bound–plan", "gap", "planning", "command", "processor", "memory", "verify")
    return table(titles, rows)


def growth(splitlane: Splitlane, most: int, figure: Path) -> str:
    """From 1000 clients up, tenfold in two steps each, as a table and a figure."""
    counts = [count for power in range(3, 7) for count in (10**power, 3 * 10**power) if count <= most]
    curves: dict[str, list[Measured]] = {}
    for topology in ("random", "ring"):
        curves[topology] = [
            splitlane.plan(instance(splitlane, "scenario-2", count, topology), "--method", "scale", certificate=True)
            for count in counts
        ]
    draw(figure, counts, curves)
    rows = []
    for position, count in enumerate(counts):
        row = [f"{count:,}"]
        for outcomes in curves.values():
            outcome = outcomes[position]
            row += [percent(outcome), seconds(outcome.cpu_seconds), gigabytes(outcome.peak_bytes)]
        rows.append(row)
    titles = ["clients"] + [f"{topology}: {what}" for topology in curves for what in ("gap", "processor", "memory")]
    return (
        f"Scenario 2, a helper for {CLIENTS_PER_HELPER} clients, {REACH} options each, no memory. Processor time of the whole "
        f"command.\n\n![Time and memory against clients]({figure.name})\n\n" + table(titles, rows)
    )


def draw(figure: Path, counts: list[int], curves: dict[str, list[Measured]]) -> None:
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "splitlane"
    import matplotlib.pyplot as pyplot

    sheet, (times, memory) = pyplot.subplots(1, 2, figsize=(9, 3.6), layout="constrained")
    for name, outcomes in curves.items():
        times.loglog(counts, [outcome.cpu_seconds for outcome in outcomes], "o-", label=name)
        memory.loglog(counts, [outcome.peak_bytes / 1e6 for outcome in outcomes], "o-", label=name)
    for axes, title, last in ((times, "processor, s", "cpu_seconds"), (memory, "peak memory, MB", "peak_bytes")):
        end = max(getattr(outcomes[-1], last) for outcomes in curves.values()) / (1e6 if last == "peak_bytes" else 1)
        axes.loglog(counts, [end * count / counts[-1] for count in counts], "k:", label="linear")
        axes.set(title=title, xlabel="clients")
        axes.legend()
    sheet.savefig(figure, metadata={"Date": None})


def against_methods(splitlane: Splitlane, counts: tuple[int, ...]) -> str:
    rows = []
    for count in counts:
        for kind in KINDS:
            for memory in MEMORIES:
                path = instance(splitlane, kind, count, "random", memory)
                ours = splitlane.plan(path, "--method", "scale")
                row = [f"{count:,} {kind}, memory {memory}", str(ours.makespan)]
                for method in BASELINES:
                    other = splitlane.plan(path, "--method", method)
                    row.append("no plan found" if other.note else f"{other.makespan / ours.makespan:.3f}")
                rows.append(row)
    return "Makespans of the others, in those of `scale`; random graphs.\n\n" + table(
        ("clients, scenario", "scale, ms", *BASELINES), rows
    )
