"""Cuts what a module computes behind some of its submodules, by torch.fx."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable

from torch import fx, nn

from splitlane._arguments import raise_error
from splitlane._chain import raise_about

ASSERTIONS = ("_assert", "_assert_is_none")
LAST = "head"


class Tracer(fx.Tracer):
    """Follows only the modules that hold one of the named ones; all others are called as they are."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__()
        self.opened = {name.rsplit(".", count)[0] for name in names for count in range(1, name.count(".") + 1)}

    def is_leaf_module(self, module: nn.Module, name: str) -> bool:
        return name not in self.opened


def expanded(module: nn.Module, patterns: Iterable[str]) -> list[str]:
    """Names of submodules; a `*` stands for one part of a name."""
    known = [name for name, _ in module.named_modules() if name]
    found: list[str] = []
    for pattern in [patterns] if isinstance(patterns, str) else patterns:
        expression = re.escape(pattern).replace(r"\*", "[^.]*")
        matches = [name for name in known if re.fullmatch(expression, name)]
        if not matches:
            raise_error("unknown_id", "names", "no such submodule", f'"{pattern}"', "a name as in module.named_modules()")
        found += [name for name in matches if name not in found]
    return found


def traced(module: nn.Module, names: list[str]) -> fx.Graph:
    """What the module computes from its first argument; the others have their defaults."""
    parameters = list(inspect.signature(module.forward).parameters.values())[1:]
    defaults = {each.name: each.default for each in parameters if each.default is not each.empty}
    try:
        return Tracer(names).trace(module, concrete_args=defaults or None)
    except Exception as error:  # noqa: BLE001  (what a module does when it is traced is its own)
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        expected = "what torch.fx traces: no branches on values; or an nn.Sequential of what belongs together"
        raise_about("", module, "cannot be followed between the named submodules", reason, expected)


class Parts:
    """The graphs of the layers, as they grow node by node."""

    def __init__(self, module: nn.Module, names: list[str]) -> None:
        self.module = module
        self.names = names
        self.called: list[str] = []
        self.graphs: list[fx.Graph] = []
        self.copies: dict[fx.Node, fx.Node] = {}  # of this part
        self.parts: dict[fx.Node, int] = {}
        self.end: fx.Node | None = None  # of the part before, whose value is this part's input

    def begin(self, given: fx.Node) -> None:
        """A further part, which takes the value of this node."""
        graph = fx.Graph()
        self.graphs.append(graph)
        self.copies = {given: graph.placeholder("value")}

    def copy_of(self, node: fx.Node) -> fx.Node:
        """A node that another one uses, in the part in progress."""
        if node in self.copies:
            return self.copies[node]
        if node.op == "get_attr":  # every part may read the module's own tensors
            self.copies[node] = self.graphs[-1].node_copy(node)
            return self.copies[node]
        raise_about(
            str(node.target) if node.op == "call_module" else "", self.module, f"hands on a value that is needed behind model.{self.called[-1]}",
            f"{node.op} {node.name}", "cuts over which one tensor goes",
        )  # fmt: skip

    def add(self, node: fx.Node) -> None:
        """A node of the module's graph; behind a named module a new part begins."""
        if node.op == "output":
            self.graphs[-1].output(fx.map_arg(node.args[0], self.copy_of))
            return
        if node.op == "get_attr":
            return
        self.copies[node] = self.graphs[-1].node_copy(node, self.copy_of)
        if node.op != "call_module" or node.target not in self.names:
            return
        if node.target in self.called:
            raise_about(str(node.target), self.module.get_submodule(str(node.target)), "is called twice", "", "a place for each cut")
        self.called.append(str(node.target))
        self.graphs[-1].output(self.copies[node])
        self.begin(node)


def split_module(module: nn.Module, patterns: Iterable[str]) -> list[tuple[str, nn.Module]]:
    """The layers with their names: those of the submodules that end them."""
    names = expanded(module, patterns)
    graph = traced(module, names)
    given = next(node for node in graph.nodes if node.op == "placeholder")
    parts = Parts(module, names)
    parts.begin(given)
    for node in graph.nodes:
        is_assertion = node.op == "call_function" and getattr(node.target, "__name__", "") in ASSERTIONS
        if node.op != "placeholder" and not is_assertion:
            parts.add(node)
    missing = [name for name in names if name not in parts.called]
    if missing:
        raise_about(missing[0], module.get_submodule(missing[0]), "is not called", "", "a submodule that runs in every batch")
    if is_passed_on(parts.graphs[-1]):
        parts.graphs.pop()
    labels = [*parts.called, LAST][: len(parts.graphs)]
    return [(label, part_of(module, graph, label)) for label, graph in zip(labels, parts.graphs, strict=True)]


def is_passed_on(graph: fx.Graph) -> bool:
    """Whether a part computes nothing: the module returns what its last named submodule does."""
    return len(graph.nodes) == 2 and next(iter(graph.nodes)) in next(iter(reversed(graph.nodes))).all_input_nodes


def part_of(module: nn.Module, graph: fx.Graph, name: str) -> nn.Module:
    """A layer: where it is one submodule, that one. Submodules are the module's own and keep their modes."""
    given, *inner, end = graph.nodes
    if len(inner) == 1 and inner[0].op == "call_module" and inner[0].args == (given,) and not inner[0].kwargs and end.args == (inner[0],):
        return module.get_submodule(str(inner[0].target))
    part = fx.GraphModule(module, graph, name.replace(".", "_"))
    part.training = module.training
    return part

