"""Random command lines over the documents of one folder, with right and wrong options."""

import random
from dataclasses import dataclass, field

METHODS = (
    "auto", "exact", "scale", "admm", "paper-strategy", "ilp", "balanced-greedy", "equid", "ed-fcfs", "random-fcfs",
)  # fmt: skip
TIME_LIMIT_S = 0.5
ODD_ARGUMENTS = (
    "", "-", "--", "nan", "inf", "-inf", "1e308", "1e-308", "-1", "0", "00", "0x10", "1e3", "99999999999999999999", "2s", "\u2028",
    "a=b", "=", "c0", "c0=", "c0=5", "h0=-1", "h0=1e9", "missing.json", ".", "/dev/null", "instance.json", "é", "a" * 3000,
)  # fmt: skip
NUMBERS = ("1", "2", "10", "0.5", "1e-9", "1000000")

# What a verb takes: positional documents, options with values, flags.
VERBS = {
    "plan": (
        ("instance.json",),
        ("--seed", "--threads", "--rho", "--epsilon1", "--epsilon2", "--max-iterations", "--from=plan.json", "--max-moves"),
        ("--keep-assignment", "--non-preemptive", "--reproducible", "-q"),
    ),
    "check": (("instance.json", "plan.json"), (), ("-q",)),
    "verify": (("instance.json", "plan.json", "certificate.json"), (), ("-q",)),
    "compare": (("instance.json",), ("--seed", "--threads", "--methods=equid,ed-fcfs,admm", "--methods=auto,exact,scale"), ()),
    "report": (("instance.json", "plan.json"), ("--against=plan.json",), ()),
    "info": (("instance.json",), (), ()),
    "whatif": (
        ("instance.json", "plan.json"),
        ("--method=auto", "--faster", "--faster-client", "--add-helper=h0", "--more-memory=h0=5", "--without-client=c0", "--seed"),
        ("--json", "-q", "--non-preemptive"),
    ),
    "round": (("instance.json", "plan.json"), ("--mode=barrier", "--mode=pipelined", "--mode=best", "--threads"), ("-q",)),
    "scenario": (
        (),
        ("--kind=scenario-2", "--reach", "--topology=ring", "--memory=tight", "--seed", "--batch", "--optimizer=adam", "--cuts",
         "--time-unit=us", "--slot", "--clients", "--helpers"),
        ("--every-cut", "--local", "-q"),
    ),
    "instance": (("setup.json",), ("--time-unit=s", "--slot", "--cuts", "--batch", "--model=vgg11"), ("--local", "-q")),
    "profile": (("list",), (), ()),
}  # fmt: skip
# Verbs whose standard output is a JSON document, unless -o takes it.
DOCUMENT_VERBS = ("plan", "scenario", "instance")
LIMITED_VERBS = ("plan", "compare", "whatif", "round")


@dataclass
class Command:
    arguments: list[str]
    outputs: list[str] = field(default_factory=list)  # files that the command may write
    prints_document: bool = False  # when it succeeds


def random_command(source: random.Random) -> Command:
    verb = source.choice(list(VERBS) + ["plan", "plan", "verify", "verify", "round"])
    positional, valued, flags = VERBS[verb]
    command = Command([verb, *positional])
    if verb == "scenario":
        command.arguments += ["--clients", str(source.randint(1, 20)), "--helpers", str(source.randint(1, 4))]
    if verb == "plan":
        command.arguments += ["--method", source.choice(METHODS)]
    if verb == "round":
        command.arguments += ["--batches", "batches.json"]
    if verb in LIMITED_VERBS:
        command.arguments += ["--time-limit", str(TIME_LIMIT_S)]
    for option in source.sample(valued, min(len(valued), source.choice((0, 0, 0, 1, 2)))):
        command.arguments.append(option if "=" in option else f"{option}={source.choice(NUMBERS)}")
    command.arguments += [flag for flag in flags if source.random() < 0.15]
    command.prints_document = verb in DOCUMENT_VERBS or "--json" in command.arguments
    add_outputs(source, verb, command)
    if source.random() < 0.25:
        spoil(source, command)
    return command


def add_outputs(source: random.Random, verb: str, command: Command) -> None:
    if verb == "report":
        name = source.choice(("out.html", "out.svg", "out.chrome.json"))
        command.arguments += ["-o", name]
        command.outputs.append(name)
    elif verb in DOCUMENT_VERBS or verb == "round":
        if source.random() < 0.5:
            command.arguments += ["-o", "out.json"]
            command.outputs.append("out.json")
            command.prints_document = False
    if verb == "plan" and source.random() < 0.3:
        command.arguments += ["--certificate", "out.certificate.json"]
        command.outputs.append("out.certificate.json")


def spoil(source: random.Random, command: Command) -> None:
    """Changes one argument for an odd one, drops it, or adds one; never one that names an output."""
    places = [
        place
        for place, argument in enumerate(command.arguments)
        if place > 0 and argument not in command.outputs and argument not in ("-o", "--certificate", "--time-limit")
        and argument != str(TIME_LIMIT_S)
    ]  # fmt: skip
    kind = source.randrange(3)
    if kind == 0 and places:
        command.arguments[source.choice(places)] = source.choice(ODD_ARGUMENTS)
    elif kind == 1 and places:
        del command.arguments[source.choice(places)]
    else:
        valued = [place for place in places if "=" in command.arguments[place]]
        if valued:
            place = source.choice(valued)
            option = command.arguments[place].split("=")[0]
            command.arguments[place] = f"{option}={source.choice(ODD_ARGUMENTS)}"
        else:
            command.arguments.append(source.choice(ODD_ARGUMENTS))
    # A verb that is another one now, or `--json` gone, prints something else.
    command.prints_document = command.prints_document and (
        command.arguments[0] in DOCUMENT_VERBS or "--json" in command.arguments
    )
