"""Plans parallel split learning: who serves whom, in what order, with a proven bound.

    instance = splitlane.scenario(clients=30, helpers=5)
    plan = splitlane.plan(instance)
"""

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
from splitlane._errors import Error, InfeasibleError, InputError
from splitlane._profiles import scenario

__version__ = VERSION

__all__ = [
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
    "Plan",
    "Progress",
    "VerifyResult",
    "__version__",
    "check",
    "compare",
    "device_names",
    "link_names",
    "methods",
    "model_names",
    "plan",
    "scenario",
    "scenario_kinds",
    "verify",
]
