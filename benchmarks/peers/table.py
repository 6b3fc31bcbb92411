"""The results as Markdown: a row per instance, then a row per solver."""

import statistics

COLUMNS = (
    "instance", "clients", "helpers", "solver", "preemptive", "status", "objective", "makespan", "lower_bound", "seconds",
    "cpu_seconds", "build_seconds", "columns", "rows", "entries", "time_limit", "fault", "note",
)  # fmt: skip


def proven(row: dict | None) -> bool:
    """Proven for the paper's problem, not for the one without preemption."""
    return row is not None and row["status"] == "optimal" and bool(row["preemptive"]) and not row["fault"]


def times_as_long(row: dict, own: dict | None) -> float | None:
    if own is None or not own["seconds"] or row["seconds"] is None:
        return None
    return row["seconds"] / own["seconds"]


def number(value: float) -> str:
    """Three digits, but no fraction of a large number."""
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"


def cell(row: dict | None, own: dict | None) -> str:
    if row is None:
        return ""
    if row["fault"]:
        return "WRONG"
    mark = "" if row["preemptive"] else "†"
    if row["status"] == "optimal":
        ratio = times_as_long(row, own) if proven(own) and row is not own else None
        return f"{number(row['seconds'])} s{mark}" + (f" ({number(ratio)}x)" if ratio else "")
    if row["makespan"] is not None:
        bound = row["lower_bound"]
        gap = "no bound" if bound is None else f"gap {100 * (row['makespan'] - bound) / row['makespan']:.1f} %"
        return f"{row['makespan']}, {gap}{mark}"
    if row["status"] == "failed":
        return "failed"
    return "no plan" + (f", bound {row['lower_bound']}" if row["lower_bound"] else "")


def print_tables(rows: list[dict], instances: list[str], solvers: list[str], optima: dict[str, dict]) -> None:
    found = {(row["instance"], row["solver"]): row for row in rows}
    print("| instance | optimum | " + " | ".join(solvers) + " |")
    print("|---|--:|" + "--:|" * len(solvers))
    for instance in instances:
        known = optima.get(instance)
        optimum = "" if known is None else known["upper_bound"]
        if known is not None and known["lower_bound"] != known["upper_bound"]:
            optimum = f"{known['lower_bound']}–{optimum}"
        own = found.get((instance, solvers[0]))
        cells = " | ".join(cell(found.get((instance, solver)), own) for solver in solvers)
        print(f"| {instance} | {optimum} | {cells} |")
    print("\nA time is that to the proof of optimality, and how many times splitlane's that is; otherwise the makespan and its")
    print(
        "gap at the time limit. † without preemption: the schedule is valid, its bound is not one for the preemptive problem.\n"
    )
    print_summary(found, instances, solvers, optima)


def print_summary(found: dict, instances: list[str], solvers: list[str], optima: dict[str, dict]) -> None:
    titles = (
        "runs",
        "optima proven",
        "best reached",
        "no plan",
        "mean makespan / best",
        "median time to proof",
        "time / splitlane's",
        "CPU share",
    )
    print("| solver | " + " | ".join(titles) + " |")
    print("|---|" + "--:|" * len(titles))
    best = {}
    for instance in instances:
        valid = [row for (name, _), row in found.items() if name == instance and row["makespan"] and not row["fault"]]
        lengths = [row["makespan"] for row in valid]
        lengths += [int(optima[instance]["upper_bound"])] if instance in optima else []
        best[instance] = min(lengths, default=None)
    for solver in solvers:
        own = [found[instance, solver] for instance in instances if (instance, solver) in found]
        plans = [row for row in own if row["makespan"] is not None and not row["fault"]]
        reached = sum(row["makespan"] == best[row["instance"]] for row in plans)
        length = statistics.mean(row["makespan"] / best[row["instance"]] for row in plans) if plans else 0
        proofs = [row for row in own if proven(row)]
        median = f"{number(statistics.median(row['seconds'] for row in proofs))} s" if proofs else ""
        pairs = [(row, found.get((row["instance"], solvers[0]))) for row in proofs]
        ratios = [ratio for row, base in pairs if proven(base) and (ratio := times_as_long(row, base))]
        ratio = f"{number(statistics.geometric_mean(ratios))} ({len(ratios)})" if ratios else ""
        counts = f"{len(own)} | {len(proofs)} | {reached} | {len(own) - len(plans)}"
        wall = sum(row["seconds"] or 0 for row in own if row["cpu_seconds"])
        share = f"{sum(row['cpu_seconds'] or 0 for row in own) / wall:.2f}" if wall and solver != solvers[0] else ""
        length = f"{length:.3f}" if plans else ""
        print(f"| {solver} | {counts} | {length} | {median} | {ratio} | {share} |")
    print(
        "\nThe ratio of times is a geometric mean over the instances (their number) that both proved. The CPU share is how much"
    )
    print("of one core a solver had, on average: less than 1 means that the machine had other work.")
