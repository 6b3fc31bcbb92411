"""The schemas of models, devices, links and setups accept what is shipped and refuse documents of a wrong shape."""

import json
import pathlib

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
KINDS = {"devices": "device", "links": "link", "models": "model", "setups": "setup"}
SHIPPED = sorted((ROOT / "profiles").rglob("*.json"))


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def validator(kind):
    return jsonschema.Draft202012Validator(read(ROOT / "schemas" / f"{kind}.schema.json"))


def example(kind):
    """One shipped document of each kind, free to be spoilt by the test."""
    names = {"device": "devices/rpi-4", "link": "links/lte", "model": "models/resnet18_cifar", "setup": "setups/classroom"}
    return read(ROOT / "profiles" / f"{names[kind]}.json")


@pytest.mark.parametrize("kind", sorted(KINDS.values()))
def test_schema_is_itself_valid(kind):
    jsonschema.Draft202012Validator.check_schema(read(ROOT / "schemas" / f"{kind}.schema.json"))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_shipped_document_is_accepted_and_stands_in_its_folder(path):
    document = read(path)
    kind = KINDS[path.parent.name]
    assert document["format"] == f"splitlane-{kind}"
    if kind != "setup":
        assert document["name"] == path.stem
    validator(kind).validate(document)


def spoil(kind, change):
    document = example(kind)
    change(document)
    return pytest.param(kind, document)


@pytest.mark.parametrize(
    "kind,document",
    [
        *(spoil(kind, lambda d: d.pop("format")) for kind in sorted(KINDS.values())),
        *(spoil(kind, lambda d: d.update(version=2)) for kind in sorted(KINDS.values())),
        *(spoil(kind, lambda d: d.update(unknown=1)) for kind in sorted(KINDS.values())),
        spoil("model", lambda d: d.update(layers=d["layers"][:2])),
        spoil("model", lambda d: d["layers"][0].update(weight_bytes=-1)),
        spoil("model", lambda d: d["layers"][0].update(forward_flops=1.5)),
        spoil("device", lambda d: d.pop("rates")),
        spoil("device", lambda d: d.update(rates=[])),
        spoil("device", lambda d: d["rates"][0].update(forward_flops_per_s=0)),
        spoil("device", lambda d: d.update(power_w=-3)),
        spoil("link", lambda d: d.update(up_mbps=0)),
        spoil("link", lambda d: d.pop("down_mbps")),
        spoil("link", lambda d: d.update(speeds=[{"share": 1, "from_mbps": 1, "to_mbps": 2}])),
        spoil("setup", lambda d: d.update(cuts=[3])),
        spoil("setup", lambda d: d.update(cuts={"sigma_1": [2, 3]})),
        spoil("setup", lambda d: d.update(clients=[])),
        spoil("setup", lambda d: d["clients"][0].pop("link")),
        spoil("setup", lambda d: d["helpers"][0].update(count=0)),
        spoil("setup", lambda d: d.update(optimizer="lion")),
    ],
)
def test_document_of_wrong_shape_is_refused(kind, document):
    assert not validator(kind).is_valid(document)


def test_device_within_a_setup_has_the_keys_of_a_device_document():
    setup, device = (read(ROOT / "schemas" / f"{kind}.schema.json") for kind in ("setup", "device"))
    assert setup["$defs"]["device"]["properties"] == device["properties"]
