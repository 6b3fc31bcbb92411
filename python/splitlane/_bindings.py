"""Gives what comes from the bindings our messages, a signature, and a name by which it can be pickled."""

from __future__ import annotations

import inspect
import re
import types
from typing import Any

from splitlane import _core
from splitlane._arguments import NAMES, resolved, with_annotations, wrapped

CORE = {**vars(_core), **NAMES, "splitlane": types.SimpleNamespace(_core=_core)}


def written_signature(function: Any) -> inspect.Signature:
    """What the bindings say a function takes; a default is numbered there, and stands beside."""
    text, _, defaults = function.__nb_signature__[0]
    definition = re.sub(r"\\(\d+)", lambda found: repr(defaults[int(found[1])]), text)
    names: dict[str, Any] = {}
    exec(f"from __future__ import annotations\n{definition}: ...", names)  # noqa: S102
    return inspect.signature(names[function.__name__])


def adopted(function: Any, owner: type | None = None) -> Any:
    """A function, or a method of a class, of the bindings that holds its arguments against its signature."""
    signature = written_signature(function)
    kinds = {name: resolved(each.annotation, CORE) for name, each in signature.parameters.items()}
    if "self" in kinds:
        kinds["self"] = owner
    where = function.__name__ if owner is None else f"{owner.__name__}.{function.__name__}"
    call = wrapped(function, where, with_annotations(signature, kinds))
    call.__signature__ = signature
    call.__doc__ = function.__nb_signature__[0][1]
    return call if owner is None or "self" in kinds else staticmethod(call)


def adopt(holder: Any, owner: type | None = None) -> None:
    """Does so with all functions of a module and its classes, or of a class."""
    for name, value in list(vars(holder).items()):
        if hasattr(value, "__nb_signature__") and not name.startswith("__"):
            setattr(holder, name, adopted(value, owner))
        elif owner is None and isinstance(value, type):
            adopt(value, value)


adopt(_core)
