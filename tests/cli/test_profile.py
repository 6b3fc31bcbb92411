"""splitlane profile: the shipped documents, and measurements that become a device document."""

import json

import jsonschema
import pytest
from conftest import ROOT

SHARED = ROOT.parent / "shared" / "testbed"
HEADER = "device,layer,forward_ms,backward_ms,update_ms\n"
LAYERS = 12  # of ResNet-18


def table(*devices: str, zero: str = "") -> str:
    rows = [
        f"{device},{layer},{0 if device == zero else layer},{0 if device == zero else 2 * layer},0\n"
        for device in devices
        for layer in range(1, LAYERS + 1)
    ]
    return HEADER + "".join(rows)


@pytest.fixture
def import_table(splitlane, write):
    def run(text: str, *arguments):
        return splitlane("profile", "import", "--times", write(text, "times.csv"), "--model", "resnet18", *arguments)

    return run


def test_list_names_everything_that_is_shipped(splitlane):
    outcome = splitlane("profile", "list")
    assert outcome.code == 0
    for folder in ("devices", "links", "models"):
        for path in (ROOT / "profiles" / folder).glob("*.json"):
            assert path.stem in outcome.out


@pytest.mark.parametrize("kind", ("model", "device", "link"))
def test_shipped_documents_can_be_shown(splitlane, kind):
    for path in sorted((ROOT / "profiles" / f"{kind}s").glob("*.json")):
        assert splitlane("profile", kind, path.stem).out == path.read_text()
        assert splitlane("profile", kind, path).out == path.read_text(), "a file is checked and written anew"


def test_imported_device_is_a_valid_document_that_instance_can_use(import_table, splitlane):
    assert import_table(table("mine"), "--batch", 32, "-o", "mine.json").code == 0
    document = json.loads((splitlane.folder / "mine.json").read_text())
    schema = json.loads((ROOT / "schemas" / "device.schema.json").read_text())
    jsonschema.Draft202012Validator(schema).validate(document)
    assert document["measurements"][0]["forward_ms"] == list(range(1, LAYERS + 1))
    assert "update_ms" not in document["measurements"][0], "a column of zeros says nothing"
    setup = {
        "format": "splitlane-setup", "version": 1, "model": "resnet18", "batch": 32, "cuts": [2, 9],
        "clients": [{"id": "c", "device": "./mine.json", "link": "lte"}], "helpers": [{"id": "h", "device": "vm"}],
    }  # fmt: skip
    outcome = splitlane("instance", "-", stdin=json.dumps(setup))
    assert outcome.code == 0 and "mine" not in outcome.err, "its costs need no remark"


def test_measurement_is_added_to_a_base_device(import_table, splitlane):
    assert import_table(table("mine"), "--base", "rpi-4", "-o", "mine.json").code == 0
    document = json.loads((splitlane.folder / "mine.json").read_text())
    assert document["name"] == "rpi-4" and document["ram_mb"] == 4096 and document["rates"]
    again = import_table(table("mine"), "--base", "./mine.json")
    assert again.out == (splitlane.folder / "mine.json").read_text(), "the same measurement replaces itself"


def test_one_of_several_devices_must_be_chosen(import_table, splitlane):
    assert import_table(table("a", "b")).error()["where"] == "--device"
    assert json.loads(import_table(table("a", "b"), "--device", "b").out)["name"] == "b"
    assert import_table(table("a", "b"), "--device", "c").code == 2
    (splitlane.folder / "out").mkdir()
    assert import_table(table("a", "b"), "--folder", "out").code == 0
    assert sorted(path.name for path in (splitlane.folder / "out").iterdir()) == ["a.json", "b.json"]


def test_device_of_zeros_is_refused_by_name_and_nothing_is_written(import_table, splitlane):
    (splitlane.folder / "out").mkdir()
    outcome = import_table(table("good", "jetson", zero="jetson"), "--folder", "out")
    error = outcome.error()
    assert outcome.code == 2 and 'device "jetson"' in error["where"] and "not measured" in error["what"]
    assert list((splitlane.folder / "out").iterdir()) == []


def test_single_zeros_are_marked_and_said(import_table):
    text = table("mine").replace("mine,3,3,6,0", "mine,3,0,0,0")
    outcome = import_table(text)
    assert json.loads(outcome.out)["measurements"][0]["unmeasured_layers"] == [3]
    assert "layers 3" in outcome.err
    joined = import_table(text, "--zero-layers", "joined", "--quiet")
    assert json.loads(joined.out)["measurements"][0]["joined_layers"] == [3] and joined.err == ""


@pytest.mark.parametrize(
    "text,place",
    [
        ("", "line 1"),
        (HEADER, "line 2"),
        (HEADER + "a,1,1,1\n", "line 2"),
        (HEADER + "a,1,1,one,0\n", "line 2, backward_ms"),
        (HEADER + "a,1,1,1,0\n", 'device "a"'),
        (table("a") + "a,3,1,1,0\n", f"line {LAYERS + 2}"),
        (table("../a"), "--folder"),
    ],
)
def test_bad_tables_are_refused_at_the_place(import_table, splitlane, text, place):
    outcome = import_table(text, "--folder", ".")
    assert outcome.code == 2 and place in outcome.error()["where"]
    assert [path.name for path in splitlane.folder.iterdir()] == ["times.csv"]


@pytest.mark.parametrize("arguments", (("model", "alexnet"), ("device", "abacus"), ("link", "pigeon")))
def test_unknown_names_are_refused_with_the_known_ones(splitlane, arguments):
    outcome = splitlane("profile", *arguments)
    assert outcome.code == 2 and outcome.error()["code"] == "unknown_id"


def test_profile_alone_says_what_may_follow(splitlane):
    outcome = splitlane("profile")
    assert outcome.code == 2 and "import" in outcome.error()["expected"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="no ../shared/testbed beside the repository")
def test_testbed_is_imported_with_its_sizes(splitlane):
    outcome = splitlane(
        "profile", "import", "--times", SHARED / "resnet101_cifar_times.csv", "--memory",
        SHARED / "resnet101_cifar_memory.csv", "--model", "resnet101", "--device", "laptop",
    )  # fmt: skip
    assert outcome.code == 0
    measurement = json.loads(outcome.out)["measurements"][0]
    assert measurement["activation_bytes"][0] == 8390214  # 8193.56836 KB
    assert "weights of layers 1, 2, 3, 4, 5, 36, 37" in outcome.err
