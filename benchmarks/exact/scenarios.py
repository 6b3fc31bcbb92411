"""The paper's two scenarios at sizes beyond it, and slots of any length."""

from program import Outcome, Program
from tables import core_share, faults, gap, result, seconds, table

SIZES = ((200, 20), (500, 50), (1000, 100))
KINDS = ("scenario-1", "scenario-2")
MODELS = ("resnet101", "vgg19")

SLOTS = {
    "550 ms": ("--slot", "550ms"),
    "50 ms": ("--slot", "50ms"),
    "1 ms": ("--time-unit", "ms"),
    "1 µs": ("--time-unit", "us"),
}
# Recipe, network, clients, helpers, seed, types of clients. Fast clients leave the helpers as what binds.
SLOT_CASES = (
    ("scenario-1", "resnet101", 30, 5, 0, None),
    ("scenario-1", "vgg19", 30, 5, 0, None),
    ("scenario-2", "resnet101", 30, 5, 0, None),
    ("scenario-2", "vgg19", 30, 5, 0, None),
    ("scenario-1", "resnet101", 100, 5, 1, None),
    ("scenario-1", "resnet101", 100, 5, 1, "jetson-nano-gpu"),
    ("scenario-1", "vgg19", 40, 5, 1, "jetson-nano-gpu"),
    ("scenario-2", "vgg19", 40, 5, 2, "jetson-nano-gpu,apple-m1"),
    ("scenario-1", "vgg19", 100, 10, 1, None),
)


def drawn(kind: str, model: str, clients: int, helpers: int, seed: int = 0) -> list[str]:
    sizes = ["--clients", str(clients), "--helpers", str(helpers), "--seed", str(seed)]
    return ["--kind", kind, "--model", model, *sizes]


def scenarios(program: Program, time_limits: tuple[float, ...]) -> str:
    lines, outcomes = [], {}
    for model in MODELS:
        for kind in KINDS:
            for clients, helpers in SIZES:
                name = f"{kind}-{model}-{clients}x{helpers}"
                path = program.scenario(name, *drawn(kind, model, clients, helpers))
                line = [f"{kind} {model} {clients}×{helpers}"]
                for time_limit in time_limits:
                    outcome = outcomes[f"{name} {time_limit:g}"] = program.plan(path, time_limit)
                    line += [result(outcome), gap(outcome), seconds(outcome.method_seconds)]
                lines.append(line)
    titles = ["scenario, ms"]
    for time_limit in time_limits:
        titles += [f"within {time_limit:g} s", "gap", "time"]
    return "Every client reaches every helper; seed 0.\n\n" + table(titles, lines) + core_share(outcomes) + faults(outcomes)


def slots(program: Program, time_limit: float, repetitions: int) -> str:
    lines, outcomes = [], {}
    for kind, model, clients, helpers, seed, types in SLOT_CASES:
        base = f"slots-{kind}-{model}-{clients}x{helpers}-{seed}-{(types or 'all').replace(',', '+')}"
        line, times = [f"{kind} {model} {clients}×{helpers} seed {seed}" + (f", {types}" if types else "")], []
        for slot, options in SLOTS.items():
            devices = ["--client-devices", types] if types else []
            name = f"{base}-{slot.replace(' ', '')}"
            path = program.scenario(name, *drawn(kind, model, clients, helpers, seed), *devices, *options)
            outcome = outcomes[name] = program.plan(path, time_limit)
            fastest = fastest_of(program, path, time_limit, outcome, repetitions)
            times.append(fastest if outcome.optimal else None)
            line.append(seconds(fastest) if outcome.optimal else f"gap {gap(outcome)}")
        proven = [value for value in times if value is not None]
        line.append(f"{max(proven) / min(proven):.1f}" if len(proven) == len(times) else "not all proven")
        lines.append(line)
    return (
        f"Time to the proof (the method alone, fastest of {repetitions}), at most {time_limit:g} s; `ratio` is the longest by "
        "the shortest.\n\n" + table(["scenario", *SLOTS, "ratio"], lines) + faults(outcomes)
    )


def fastest_of(program: Program, path, time_limit: float, first: Outcome, repetitions: int) -> float:
    """A short time says little on a busy machine; the fastest of some says most."""
    if not first.optimal or first.method_seconds > time_limit / 4:
        return first.method_seconds
    again = [program.plan(path, time_limit, repetition=number) for number in range(1, repetitions)]
    return min([first.method_seconds, *(outcome.method_seconds for outcome in again if outcome.optimal)])
