"""Plans parallel split learning: who serves whom, in what order, with a proven bound.

    instance = splitlane.scenario(clients=30, helpers=5)
    plan = splitlane.plan(instance)
"""

from splitlane import _bindings  # noqa: F401  (first: what is imported below it gives its messages)
from splitlane._compare import Comparison, compare
from splitlane._core import (
    VERSION,
    Certificate,
    CheckResult,
    Device,
    Finding,
    Instance,
    Link,
    Model,
    Plan,
    Progress,
    Round,
    Simulation,
    Trace,
    VerifyResult,
    check,
    device_names,
    link_names,
    methods,
    model_names,
    plan,
    scenario_kinds,
    verify,
)
from splitlane._errors import ArgumentError, Error, InfeasibleError, InputError, NoneFoundError
from splitlane._profiles import scenario
from splitlane._round import round
from splitlane._simulate import SimulationRow, simulate
from splitlane._what_if import WhatIf, WhatIfRow, changed_instance, whatif

__version__ = VERSION

__all__ = [
    "ArgumentError",
    "Certificate",
    "CheckResult",
    "Comparison",
    "Device",
    "Error",
    "Finding",
    "InfeasibleError",
    "InputError",
    "Instance",
    "Link",
    "Model",
    "NoneFoundError",
    "Plan",
    "Progress",
    "Round",
    "Simulation",
    "SimulationRow",
    "Trace",
    "VerifyResult",
    "WhatIf",
    "WhatIfRow",
    "__version__",
    "changed_instance",
    "check",
    "compare",
    "device_names",
    "link_names",
    "methods",
    "model_names",
    "plan",
    "round",
    "scenario",
    "scenario_kinds",
    "simulate",
    "verify",
    "whatif",
]
