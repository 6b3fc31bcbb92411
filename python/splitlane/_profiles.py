"""From networks, devices and links to instances."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from splitlane import _core
from splitlane._arguments import checked, documented

Layers = int | tuple[int, int]


@checked
@documented(_core._scenario)
def scenario(
    kind: str = "scenario-1",
    *,
    model: str | _core.Model = "resnet101",
    clients: int = 30,
    helpers: int = 5,
    reach: int | None = None,
    topology: str = "random",
    memory: str = "ram",
    seed: int = 0,
    batch: int = 128,
    optimizer: str = "momentum",
    time_unit: str = "ms",
    slot_us: int | None = None,
    link: str | _core.Link | None = None,
    client_devices: Iterable[str | _core.Device] = _core._USUAL_CLIENT_DEVICES,
    helper_devices: Iterable[str | _core.Device] = _core._USUAL_HELPER_DEVICES,
    cuts: tuple[Layers, Layers] | None = None,
    every_cut: bool = False,
    local: bool = False,
) -> _core.Instance:
    """Draws an instance of any size from a recipe (docs/scenarios.md). Same arguments, same instance.

    Networks, links and devices are objects, names of shipped ones, or files. With `reach` None a client reaches all helpers.
    """
    named = {
        "kind": kind, "model": model, "clients": clients, "helpers": helpers, "reach": reach, "topology": topology,
        "memory": memory, "seed": seed, "batch": batch, "optimizer": optimizer, "link": link, "client_devices": client_devices,
        "helper_devices": helper_devices, "every_cut": every_cut, "local": local,
    }  # fmt: skip
    return _core._scenario(named, time_unit, slot_us, cuts)


def instance_from_setup(
    setup: str | os.PathLike[str] | Mapping[str, object],
    *,
    time_unit: str = "ms",
    slot_us: int | None = None,
    models: Iterable[_core.Model] = (),
    devices: Iterable[_core.Device] = (),
    links: Iterable[_core.Link] = (),
) -> _core.Instance:
    """See Instance.from_setup."""
    document = dict(setup) if isinstance(setup, Mapping) else setup
    return _core._instance_from_setup(document, time_unit, slot_us, models, devices, links)
