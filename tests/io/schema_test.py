"""The schemas accept every example and every valid test document, and refuse every document of a wrong shape."""

import json
import pathlib

import jsonschema
import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = ROOT / "tests" / "io" / "data"
SHARED = ROOT.parent / "shared" / "instances"
SCHEMAS = {
    "splitlane-instance": "instance.schema.json",
    "splitlane-plan": "plan.schema.json",
    "splitlane-certificate": "certificate.schema.json",
    "splitlane-batches": "batches.schema.json",
    "splitlane-round": "round.schema.json",
    "splitlane-trace": "trace.schema.json",
    "splitlane-training": "training.schema.json",
    "splitlane-what-if": "what_if.schema.json",
}


def validator(document):
    schema = json.loads((ROOT / "schemas" / SCHEMAS[document["format"]]).read_text(encoding="utf-8"))
    return jsonschema.Draft202012Validator(schema)


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def is_ours(path):
    """Examples may stand beside documents of other formats, which have schemas and tests of their own."""
    document = read(path)
    return isinstance(document, dict) and document.get("format") in SCHEMAS


def name(path):
    return path.name


@pytest.mark.parametrize("schema", sorted(SCHEMAS.values()))
def test_schema_is_itself_valid(schema):
    jsonschema.Draft202012Validator.check_schema(read(ROOT / "schemas" / schema))


@pytest.mark.parametrize("path", sorted((DATA / "valid").glob("*.json")), ids=name)
def test_valid_document_is_accepted(path):
    document = read(path)
    validator(document).validate(document)


@pytest.mark.parametrize("path", sorted((DATA / "invalid_shape").glob("*.json")), ids=name)
def test_document_of_wrong_shape_is_refused(path):
    document = read(path)
    assert not validator(document).is_valid(document)


@pytest.mark.parametrize("path", [p for p in sorted((ROOT / "examples").rglob("*.json")) if is_ours(p)], ids=name)
def test_example_is_accepted(path):
    document = read(path)
    validator(document).validate(document)


@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared/instances beside the repository")
def test_shared_instances_are_accepted():
    paths = sorted(SHARED.glob("*/*.json"))
    assert paths
    for path in paths:
        document = read(path)
        errors = [error.message for error in validator(document).iter_errors(document)]
        assert not errors, f"{path}: {errors[0]}"
