"""A helper and one client in a hundred are gone: planning from the earlier plan against planning afresh."""

import json
import subprocess

from large import gigabytes, instance, percent
from measured import Measured, Splitlane, helpers_of
from tables import seconds, table

GONE = 100  # one client in so many
BUDGETS = (None, 1000, 300, 100)


def without(document: dict, helper: str) -> dict:
    clients = []
    for position, client in enumerate(document["clients"]):
        if position % GONE == 0:
            continue
        columns = client["options"]
        keep = [index for index, name in enumerate(columns["helper"]) if name != helper]
        clients.append(client | {"options": {key: [values[index] for index in keep] for key, values in columns.items()}})
    return document | {"clients": clients, "helpers": [entry for entry in document["helpers"] if entry["id"] != helper]}


def replanning(splitlane: Splitlane, clients: int) -> str:
    rows = []
    for topology in ("random", "ring"):
        path = instance(splitlane, "scenario-2", clients, topology, "tight")
        earlier = splitlane.folder / f"before-{topology}-{clients}.json"
        command = [splitlane.path, "plan", path, "--method", "scale", "-q", "-o", earlier]
        subprocess.run(command, check=True)
        document = json.loads(path.read_text(encoding="utf-8"))
        lost = document["helpers"][len(document["helpers"]) // 2]["id"]
        changed = splitlane.folder / "instances" / f"{path.stem}-changed.json"
        changed.write_text(json.dumps(without(document, lost)), encoding="utf-8")
        before = {client: helper for client, helper in helpers_of(earlier).items() if helper != lost}
        rows.append(row(f"{topology}, afresh", splitlane.plan(changed, "--method", "scale", before=before)))
        for budget in BUDGETS:
            most = ["--max-moves", str(budget)] if budget is not None else []
            name = "from the plan" if budget is None else f"at most {budget:,} moves"
            rows.append(row(f"{topology}, {name}", splitlane.plan(changed, "--from", str(earlier), *most, before=before)))
    titles = ("scenario 2, memory tight", "makespan, ms", "gap", "moves", "planning", "processor", "memory")
    return (
        f"{clients:,} clients; then one in {GONE} and one helper are gone. `moves`: clients whose helper is another one than "
        "before, those of the helper that is gone left out, as they have to move.\n\n" + table(titles, rows)
    )


def row(name: str, outcome: Measured) -> list[str]:
    return [name, str(outcome.makespan), percent(outcome), f"{outcome.moves or 0:,}"] + [
        seconds(outcome.method_seconds),
        seconds(outcome.cpu_seconds),
        gigabytes(outcome.peak_bytes),
    ]
