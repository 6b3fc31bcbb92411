"""Cut layers chosen with the plan: every pair of EquiD's ranges an option, against one pair for all clients."""

import json
from pathlib import Path

from program import Outcome, Program
from scenarios import KINDS, drawn
from tables import core_share, faults, gap, result, seconds, table

# Network: ranges of the cuts to choose from, the paper's pair.
NETWORKS = {"resnet101": ("2..9,27..34", (3, 33)), "vgg19": ("2..9,20..23", (3, 23))}
SIZES = ((30, 5), (100, 10))


def with_one_cut(document: dict, cut: tuple[int, int]) -> dict | None:
    """The instance when all clients get this pair; None when it does not fit one of them."""
    clients = []
    for client in document["clients"]:
        columns = client["options"]
        keep = [position for position, pair in enumerate(columns["cut"]) if pair == list(cut)]
        if not keep:
            return None
        options = {key: [values[position] for position in keep] for key, values in columns.items()}
        clients.append(client | {"options": options})
    return document | {"clients": clients}


def all_cuts(document: dict) -> list[tuple[int, int]]:
    pairs = {tuple(pair) for client in document["clients"] for pair in client["options"]["cut"] if pair}
    return sorted(pairs)


def single_cuts(program: Program, path: Path, time_limit: float) -> dict[tuple[int, int], Outcome]:
    """Every pair that fits all clients, as an instance of its own."""
    document = json.loads(path.read_text(encoding="utf-8"))
    outcomes = {}
    for cut in all_cuts(document):
        single = with_one_cut(document, cut)
        if single is None:
            continue
        file = path.with_name(f"{path.stem}-{cut[0]}-{cut[1]}.json")
        file.write_text(json.dumps(single), encoding="utf-8")
        outcomes[cut] = program.plan(file, time_limit)
    return outcomes


def times_as_long(outcome: Outcome | None, joint: Outcome) -> str:
    if outcome is None:
        return "does not fit all"
    if not outcome.has_plan:
        return "no plan"
    note = "" if outcome.optimal else f", gap {gap(outcome)}"
    return f"{outcome.makespan} ({outcome.makespan / joint.makespan:.3f}×{note})" if joint.has_plan else str(outcome.makespan)


def cuts(program: Program, time_limit: float, single_limit: float) -> str:
    lines, outcomes = [], {}
    for model, (ranges, papers) in NETWORKS.items():
        for kind in KINDS:
            for clients, helpers in SIZES:
                name = f"cuts-{kind}-{model}-{clients}x{helpers}"
                options = [*drawn(kind, model, clients, helpers), "--cuts", ranges, "--every-cut"]
                path = program.scenario(name, *options)
                joint = outcomes[name] = program.plan(path, time_limit)
                local_name = f"{name}-local"
                local = outcomes[local_name] = program.plan(program.scenario(local_name, *options, "--local"), time_limit)
                singles = single_cuts(program, path, single_limit)
                outcomes |= {f"{name} {cut}": outcome for cut, outcome in singles.items()}
                planned = {cut: outcome for cut, outcome in singles.items() if outcome.has_plan}
                best = min(planned, key=lambda cut: planned[cut].makespan, default=None)
                line = [f"{kind} {model} {clients}×{helpers}"]
                for outcome in (joint, local):
                    line += [result(outcome), gap(outcome), seconds(outcome.method_seconds)]
                line.append(f"{best}: {times_as_long(planned[best], joint)}" if best else "none has a plan")
                line += [times_as_long(singles.get(papers), joint), f"{len(planned)} of {len(singles)}"]
                lines.append(line)
    titles = (
        "scenario, ms",
        "every pair",
        "gap",
        "time",
        "and alone",
        "gap",
        "time",
        "best single pair",
        "the paper's",
        "pairs",
    )
    pairs = ", ".join(f"{model} {ranges}" for model, (ranges, _) in NETWORKS.items())
    text = (
        f"Cut layers to choose from: {pairs} (the ranges of EquiD), each at every helper; at most {time_limit:g} s. "
        "`and alone`: a client may also train alone. `best single pair`: every pair that fits all clients planned by itself, "
        f"at most {single_limit:g} s each; in brackets how many times the makespan of `every pair` it is; `pairs`: how many "
        "of those that fit have a plan.\n\n"
    )
    return text + table(titles, lines) + core_share(outcomes) + faults(outcomes)
