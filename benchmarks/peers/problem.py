"""An instance as the peers see it, and a peer's schedule as a plan document that `splitlane check` can judge."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

DURATIONS = ("release", "forward", "client_forward", "client_backward", "backward", "tail")
TASKS = ("forward", "backward")
Piece = tuple[int, str, int, int]  # client, task, start, end


@dataclass(frozen=True)
class Option:
    """One way to serve a client. `helper` is None for a local option, whose only duration is `local`."""

    client: int
    index: int
    helper: int | None
    release: int = 0
    forward: int = 0
    delay: int = 0  # l + l' of the paper: all that lies between forward and backward
    backward: int = 0
    tail: int = 0
    memory: int = 0
    local: int = 0

    @property
    def path(self) -> int:
        """The client's completion when nobody else is served."""
        return self.local + self.release + self.forward + self.delay + self.backward + self.tail


@dataclass
class Problem:
    name: str
    sha256: str
    time_unit: str
    helpers: list[str]
    memory: list[int | None]
    clients: list[str]
    options: list[list[Option]] = field(default_factory=list)  # by client

    def all_options(self) -> list[Option]:
        return [option for options in self.options for option in options]

    def path_bound(self) -> int:
        """No client can be faster than its fastest option alone."""
        return max(min(option.path for option in options) for options in self.options)

    def paper_horizon(self) -> int:
        """T of Sec. III; a client that may train alone can take as long as that."""
        served = [option for option in self.all_options() if option.helper is not None]
        alone = max((option.path - option.forward - option.backward for option in served), default=0)
        work = sum(max(option.forward + option.backward for option in options) for options in self.options)
        return max(alone + work, max(option.local for option in self.all_options()))


def read_problem(path: Path) -> Problem:
    content = path.read_bytes()
    document = json.loads(content)
    if any(helper.get("switch_cost", 0) for helper in document["helpers"]):
        raise SystemExit(f"{path}: helpers have a switch cost, which the peers' models do not know")
    helpers = [helper["id"] for helper in document["helpers"]]
    position = {helper: index for index, helper in enumerate(helpers)}
    problem = Problem(
        document.get("name", ""),
        hashlib.sha256(content).hexdigest(),
        document["time_unit"],
        helpers,
        [helper.get("memory_mb") for helper in document["helpers"]],
        [client["id"] for client in document["clients"]],
    )
    for number, client in enumerate(document["clients"]):
        rows = client["options"]
        if isinstance(rows, dict):
            rows = [dict(zip(rows, values, strict=True)) for values in zip(*rows.values(), strict=True)]
        problem.options.append([read_option(number, index, row, position) for index, row in enumerate(rows)])
    return problem


def read_option(client: int, index: int, row: dict, position: dict[str, int]) -> Option:
    if "local" in row:
        return Option(client, index, None, local=row["local"])
    release, forward, client_forward, client_backward, backward, tail = (row[key] for key in DURATIONS)
    delay = client_forward + client_backward
    memory = row.get("memory_mb", 0)
    return Option(client, index, position[row["helper"]], release, forward, delay, backward, tail, memory)


def plan_document(problem: Problem, chosen: list[Option], pieces: list[Piece], lower_bound: int, method: str) -> dict:
    """A plan with every number derived from the pieces (client, task, start, end), which may touch but not overlap."""
    ends = {(client, task): 0 for client in range(len(chosen)) for task in TASKS}
    segments: list[list[dict]] = [[] for _ in problem.helpers]
    for client, task, start, end in sorted(pieces, key=lambda piece: piece[2]):
        lane = segments[chosen[client].helper]
        ends[client, task] = max(ends[client, task], end)
        last = lane[-1] if lane else {}
        if (last.get("client"), last.get("task"), last.get("end")) == (problem.clients[client], task, start):
            last["end"] = end
        else:
            lane.append({"client": problem.clients[client], "task": task, "start": start, "end": end})
    clients = []
    for option, name in zip(chosen, problem.clients, strict=True):
        row = {"id": name, "option": option.index}
        forward_end = backward_end = queuing = 0
        completion = option.local
        if option.helper is not None:
            row["helper"] = problem.helpers[option.helper]
            forward_end = ends[option.client, "forward"] if option.forward else option.release
            backward_end = ends[option.client, "backward"] if option.backward else forward_end + option.delay
            completion = backward_end + option.tail
            queuing = completion - option.path
        row |= {"forward_end": forward_end, "backward_end": backward_end, "completion": completion, "queuing": queuing}
        clients.append(row)
    makespan = max(row["completion"] for row in clients)
    return {
        "format": "splitlane-plan",
        "version": 1,
        "instance": {"name": problem.name, "sha256": problem.sha256, "time_unit": problem.time_unit},
        "method": method,
        "status": "optimal" if makespan == lower_bound else "feasible",
        "makespan": makespan,
        "lower_bound": lower_bound,
        "clients": clients,
        "helpers": [{"id": name, "segments": lane} for name, lane in zip(problem.helpers, segments, strict=True)],
    }
