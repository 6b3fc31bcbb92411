#!/usr/bin/env python3
"""What a plan is worth when it is followed: the tables of docs/benchmarks/execution.md, by `splitlane simulate`.

usage: run.py SPLITLANE --shared FOLDER -o OUT.md [--executions 1000] [--only methods,layers,noise,loss,size] [--folder FOLDER]

FOLDER holds `real/` and `hard/`, folders of instances. Without it only scenarios are drawn.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

RULES = ["planned", "longest-tail", "longest-path", "first-come"]
SCENARIOS = [("scenario-1", "resnet101"), ("scenario-1", "vgg19"), ("scenario-2", "resnet101"), ("scenario-2", "vgg19")]
SIGMAS = ["0", "0.1", "0.2", "0.3"]
PLANNING_S = "5"
LOSS_PLANNING_S = "30"
METHODS = ["auto", "exact", "scale", "admm", "paper-strategy", "balanced-greedy", "equid", "ed-fcfs", "random-fcfs"]
METHOD_S = "1"


class Bench:
    """The program, and where its files are."""

    def __init__(self, program: Path, folder: Path) -> None:
        self.program = program.resolve()
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def run(self, *arguments) -> str:
        done = subprocess.run([self.program, *map(str, arguments)], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, arguments))}: {done.stderr}")
        return done.stdout

    def measured(self, *arguments) -> tuple[float, float]:
        """Seconds, and the most memory in MB."""
        start = time.monotonic()
        with subprocess.Popen([self.program, *map(str, arguments)], stdout=subprocess.DEVNULL) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            raise SystemExit(f"{' '.join(map(str, arguments))}: exit code {process.returncode}")
        return time.monotonic() - start, usage.ru_maxrss / 1024

    def scenario(self, name: str, *arguments) -> Path:
        path = self.folder / f"{name}.json"
        if not path.exists():
            self.run("scenario", *arguments, "-q", "-o", path)
        return path

    def plan(self, instance: Path, *arguments) -> Path:
        path = self.folder / f"{instance.stem}.plan.json"
        if not path.exists():
            self.run("plan", instance, *arguments, "-q", "-o", path)
        return path

    def exact_plan(self, instance: Path) -> Path:
        return self.plan(instance, "--method", "exact", "--time-limit", PLANNING_S)

    def simulate(self, instance: Path, plan: Path, *arguments) -> tuple[int, dict[str, list[float]]]:
        """The planned makespan, and by rule: mean, p95, worst, within, ratio, latest, lost."""
        lines = self.run("simulate", instance, plan, *arguments).splitlines()
        planned = int(lines[0].split()[2].rstrip(","))
        rows = {}
        for line in lines[2:]:
            words = line.split()
            rows[words[0]] = [float(word.rstrip("%")) for word in words[1:8]]
        return planned, rows


def instances(bench: Bench, shared: Path | None) -> list[Path]:
    drawn = [bench.scenario(f"{kind}_{model}_30_5", "--kind", kind, "--model", model) for kind, model in SCENARIOS]
    if shared is None:
        return drawn
    return sorted((shared / "real").glob("*_s?_*.json")) + sorted((shared / "hard").glob("*_20_5_1.json")) + drawn


def methods_table(bench: Bench, shared: Path | None) -> list[str]:
    """Every method's plans, followed without noise: what is late where tasks can be paused anywhere, and between layers."""
    paths = instances(bench, None)
    if shared is not None:
        paths += sorted((shared / "real").glob("*_*_*.json")) + sorted((shared / "hard").glob("*_*_*.json"))
    rows = [
        "| method | plans | with a late task | 20 layers: ratio, mean | worst | 5 layers: ratio, mean | worst |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    for method in METHODS:
        late = 0
        ratios: dict[int, list[float]] = {20: [], 5: []}
        for path in paths:
            plan = bench.folder / f"{path.stem}.{method}.plan.json"
            if not plan.exists():
                limit = [] if method in ("balanced-greedy", "random-fcfs") else ["--time-limit", METHOD_S]
                bench.run("plan", path, "--method", method, *limit, "-q", "-o", plan)
            _, anywhere = bench.simulate(path, plan, "--executions", 1, "--rules", "planned")
            late += anywhere["planned"][5] > 0
            for layers, found in ratios.items():
                _, between = bench.simulate(path, plan, "--executions", 1, "--rules", "planned", "--layers", layers)
                found.append(between["planned"][4])
        cells = " | ".join(f"{statistics.mean(found):.4f} | {max(found):.3f}" for found in ratios.values())
        rows.append(f"| `{method}` | {len(paths)} | {late} | {cells} |")
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def layers_table(bench: Bench, paths: list[Path]) -> list[str]:
    rows = [
        "| layers of a task | rule | ratio, mean | ratio, worst | executions within the plan | latest task, share of the plan |",
        "|--:|---|--:|--:|--:|--:|",
    ]
    for layers in ("0", "20", "5", "1"):
        ratios: dict[str, list[float]] = {rule: [] for rule in RULES}
        latest: dict[str, list[float]] = {rule: [] for rule in RULES}
        for path in paths:
            planned, found = bench.simulate(path, bench.exact_plan(path), "--layers", layers, "--executions", 1)
            for rule in RULES:
                ratios[rule].append(found[rule][4])
                latest[rule].append(found[rule][5] / planned)
        for rule in RULES:
            within = sum(ratio <= 1 for ratio in ratios[rule])
            name = {"0": "pauses anywhere", "1": "no pauses"}.get(layers, layers)
            rows.append(
                f"| {name} | `{rule}` | {statistics.mean(ratios[rule]):.4f} | {max(ratios[rule]):.3f} | "
                f"{within} of {len(paths)} | {100 * max(latest[rule]):.1f} % |"
            )
    return rows


def noise_table(bench: Bench, paths: list[Path], executions: int) -> list[str]:
    cells = [(f"noise {sigma}", ["--noise", sigma]) for sigma in SIGMAS]
    cells += [("devices 0.1", ["--device-noise", "0.1"]), ("devices 0.2", ["--device-noise", "0.2"]), ("drift 0.2", ["--drift", "0.2"])]
    rows = ["| what differs | " + " | ".join(f"`{rule}`" for rule in RULES) + " | best on |", "|---|" + "--:|" * len(RULES) + "---|"]
    straggler = "one client 3 times slower"
    for name, arguments in [*cells, (straggler, [])]:
        ratios: dict[str, list[float]] = {rule: [] for rule in RULES}
        wins = dict.fromkeys(RULES, 0)
        for path in paths:
            extra = list(arguments)
            if name == straggler:
                extra = ["--straggler", f"{json.loads(path.read_text())['clients'][0]['id']}=3"]
            count = 1 if name in ("noise 0", straggler) else executions
            _, found = bench.simulate(path, bench.exact_plan(path), "--layers", 20, "--executions", count, *extra)
            for rule in RULES:
                ratios[rule].append(found[rule][4])
            best = min(found[rule][4] for rule in RULES)
            for rule in RULES:
                wins[rule] += found[rule][4] <= best + 1e-9
        best_on = ", ".join(f"{rule} {count}" for rule, count in wins.items())
        rows.append(f"| {name} | " + " | ".join(f"{statistics.mean(ratios[rule]):.3f}" for rule in RULES) + f" | {best_on} |")
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def without_helper(instance: Path, helper: str, target: Path) -> Path:
    """The instance of a planner that knows beforehand that the helper will be gone."""
    document = json.loads(instance.read_text(encoding="utf-8"))
    for client in document["clients"]:
        options = client["options"]
        if isinstance(options, dict):
            kept = [index for index, name in enumerate(options["helper"]) if name != helper]
            client["options"] = {key: [values[index] for index in kept] if isinstance(values, list) else values for key, values in options.items()}
        else:
            client["options"] = [option for option in options if option.get("helper") != helper]
    document["helpers"] = [entry for entry in document["helpers"] if entry["id"] != helper]
    target.write_text(json.dumps(document), encoding="utf-8")
    return target


def loss_table(bench: Bench) -> list[str]:
    rows = [
        "| clients x helpers | lost at | planned | nothing done: makespan of the others | their lost clients | planned again, others stay | planned again, all may move | known before |",
        "|---|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for clients, helpers in ((50, 10), (1000, 100)):
        instance = bench.scenario(f"loss_{clients}_{helpers}", "--clients", clients, "--helpers", helpers)
        plan = bench.plan(instance, "--time-limit", LOSS_PLANNING_S)
        helper = json.loads(instance.read_text())["helpers"][0]["id"]
        known = bench.plan(without_helper(instance, helper, bench.folder / f"known_{clients}_{helpers}.json"), "--time-limit", LOSS_PLANNING_S)
        for share in (0.25, 0.5):
            planned = json.loads(plan.read_text())["makespan"]
            lost = ["--lose", f"{helper}@{int(share * planned)}", "--executions", 1, "--rules", "planned", "--layers", 20]
            _, nothing = bench.simulate(instance, plan, *lost)
            _, again = bench.simulate(instance, plan, *lost, "--replan")
            _, free = bench.simulate(instance, plan, *lost, "--replan", "--max-moves", clients)
            rows.append(
                f"| {clients} x {helpers} | {100 * share:.0f} % | {planned} | {nothing['planned'][0]:.0f} | {nothing['planned'][6]:.0f} | "
                f"{again['planned'][0]:.0f} ({again['planned'][0] / planned:.2f}) | {free['planned'][0]:.0f} ({free['planned'][0] / planned:.2f}) | {json.loads(known.read_text())['makespan']} "
                f"({json.loads(known.read_text())['makespan'] / planned:.2f}) |"
            )
    return rows


def size_table(bench: Bench) -> list[str]:
    rows = [
        "| clients x helpers | executions | seconds, reading included | seconds an execution | tasks a second | memory, MB |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for clients, helpers, executions in ((1_000, 10, 1000), (10_000, 100, 200), (100_000, 1_000, 100), (1_000_000, 1_000, 4)):
        instance = bench.scenario(f"size_{clients}", "--clients", clients, "--helpers", helpers, "--reach", 4, "--memory", "none")
        plan = bench.plan(instance, "--method", "balanced-greedy")
        arguments = ["simulate", instance, plan, "--noise", "0.1", "--layers", "20", "--rules", "planned"]
        (short, _), (long, memory) = (bench.measured(*arguments, "--executions", count) for count in (1, executions))
        each = (long - short) / (executions - 1)
        rows.append(f"| {clients} x {helpers} | {executions} | {long:.1f} | {each:.4f} | {2 * clients / each:.3g} | {memory:.0f} |")
        print(rows[-1], file=sys.stderr, flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", type=Path)
    parser.add_argument("--shared", type=Path)
    parser.add_argument("-o", "--output", type=Path, required=True)
    parser.add_argument("--executions", type=int, default=1000)
    parser.add_argument("--only", default="methods,layers,noise,loss,size")
    parser.add_argument("--folder", type=Path, default=Path("build/execution"))
    arguments = parser.parse_args()
    bench = Bench(arguments.program, arguments.folder)
    paths = instances(bench, arguments.shared)
    wanted = arguments.only.split(",")
    tables = {}
    if "methods" in wanted:
        tables["methods"] = methods_table(bench, arguments.shared)
    if "layers" in wanted:
        tables["layers"] = layers_table(bench, paths)
    if "noise" in wanted:
        tables["noise"] = noise_table(bench, paths, arguments.executions)
    if "loss" in wanted:
        tables["loss"] = loss_table(bench)
    if "size" in wanted:
        tables["size"] = size_table(bench)
    text = "\n\n".join(f"<!-- {name} -->\n" + "\n".join(rows) for name, rows in tables.items()) + "\n"
    arguments.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
