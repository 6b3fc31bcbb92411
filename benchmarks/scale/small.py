"""Few clients: scale within a second against what the exact method finds and proves."""

from measured import Splitlane
from tables import seconds, table

SIZES = ((50, 10), (100, 10), (200, 20), (500, 50), (1000, 100))
KINDS = ("scenario-1", "scenario-2")
MODELS = ("resnet101", "vgg19")


def against_exact(splitlane: Splitlane, exact_seconds: float) -> str:
    rows = []
    for kind in KINDS:
        for model in MODELS:
            for clients, helpers in SIZES:
                sizes = ["--clients", str(clients), "--helpers", str(helpers)]
                path = splitlane.scenario(f"{kind}-{model}-{clients}x{helpers}", "--kind", kind, "--model", model, *sizes)
                scale = splitlane.plan(path, "--method", "scale", "--time-limit", "1")
                exact = splitlane.plan(path, "--method", "exact", "--time-limit", f"{exact_seconds:g}")
                bound = max(scale.lower_bound, exact.lower_bound)
                known = f"**{bound}**" if exact.makespan == bound else f"{bound}–{exact.makespan}"
                above = f"{100 * (scale.makespan / bound - 1):.2f} %"
                own = f"{100 * (bound / scale.lower_bound - 1):.2f} %"
                rows.append(
                    [f"{kind} {model} {clients}×{helpers}", known, str(scale.makespan), above, own]
                    + [seconds(scale.method_seconds), seconds(exact.method_seconds)]
                )
    titles = ("scenario, ms", "exact", "scale", "above", "bound below", "scale took", "exact took")
    return (
        f"`scale` within 1 s, `exact` within {exact_seconds:g} s; bold is a proven optimum. `above`: the plan of `scale` to the "
        "best bound; `bound below`: its own bound to that.\n\n" + table(titles, rows)
    )
