"""packaging/: units that systemd reads, a container file and manifests that say what the program takes."""

import os
import re
import shlex
import shutil
import subprocess

import pytest
from conftest import ROOT, binary_path
from test_many_machines import NODES, small_training  # noqa: F401: fixture

PACKAGING = ROOT / "packaging"
UNITS = sorted((PACKAGING / "systemd").glob("*.service"))
MANIFESTS = PACKAGING / "kubernetes/splitlane.yaml"


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_understands_a_unit(unit, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is missing")
    # It wants the programs to exist; that one is installed elsewhere, or not at all.
    text = unit.read_text().replace("/usr/bin/splitlane ", "/bin/true ")
    (tmp_path / unit.name).write_text(text)
    environment = dict(os.environ, SYSTEMD_LOG_LEVEL="warning")
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", tmp_path / unit.name.replace("@", "@x")], env=environment,
                          capture_output=True, text=True, timeout=60, check=False)  # fmt: skip
    said = [line for line in done.stderr.splitlines() if unit.name.split("@")[0] in line]
    assert done.returncode == 0 and not said, done.stderr


def commands() -> list[tuple[str, str]]:
    """Verb and rest of every splitlane command in units and manifests."""
    texts = [path.read_text() for path in (*UNITS, MANIFESTS)]
    return [match for text in texts for match in re.findall(r"(?:exec |ExecStart=|;\s+)(?:/usr/bin/)?splitlane (\w+) ((?:.*\\\n)*.*(?:\n {14}.*)*)", text)]


def test_commands_take_only_options_that_the_program_has_and_no_token(splitlane):
    found = commands()
    assert sorted(verb for verb, _ in found) == ["aggregator", "aggregator", "client", "client", "helper", "helper"]
    for verb, rest in found:
        known = set(re.findall(r"--[a-z-]+", splitlane(verb, "--help").out))
        assert set(re.findall(r"--[a-z-]+", rest)) <= known
        assert "--log json" in rest and "SPLITLANE_TOKEN" not in rest


def exec_start(role: str, node: str) -> str:
    """What systemd runs for a unit, for a shell."""
    text = (PACKAGING / f"systemd/splitlane-{role}@.service").read_text()
    command = re.search(r"^ExecStart=((?:.*\\\n)*.*)", text, re.MULTILINE)[1].replace("\\\n", " ")
    return command.replace("%i", node).replace("$$", "$").replace("/usr/bin/splitlane", str(binary_path()))


@pytest.mark.optimised
@pytest.mark.usefixtures("needs_training")
def test_the_commands_of_the_units_train_and_go_on_from_a_checkpoint(splitlane, small_training, tmp_path):  # noqa: F811
    path = small_training(rounds=2)
    running = []

    def start(role, node, **environment):
        state = tmp_path / f"{role}-{node}"
        state.mkdir(exist_ok=True)
        running.append(subprocess.Popen(["sh", "-c", exec_start(role, node)], cwd=tmp_path, text=True, stderr=subprocess.PIPE,
                                        env=dict(os.environ, STATE_DIRECTORY=str(state), OPTIONS="", **environment)))  # fmt: skip
        return running[-1]

    try:
        aggregator = start("aggregator", "one", TRAINING=str(path), LISTEN="127.0.0.1:0")
        joins = tmp_path / "aggregator-one/join.txt"
        while not (joins.exists() and joins.read_text().count("\n") == 1 + len(NODES)):
            assert aggregator.poll() is None
        assert joins.stat().st_mode & 0o077 == 0
        address = re.search(r"listens at (\S+),", joins.read_text())[1]
        for at, (role, node) in enumerate(NODES):
            token = re.search(rf"SPLITLANE_TOKEN=(\S+) splitlane {role} ", joins.read_text())[1]
            (tmp_path / f"credentials-{at}").mkdir()
            (tmp_path / f"credentials-{at}/token").write_text(token)
            if re.fullmatch(r"\w+", node):
                start(role, node, JOIN=address, CREDENTIALS_DIRECTORY=str(tmp_path / f"credentials-{at}"))
            else:  # no name for a unit
                running.append(splitlane.start(role, "--join", address, "--id", node, "--state", "odd", "--token-file",
                                               f"credentials-{at}/token", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))  # fmt: skip
        for process in running:
            assert process.wait(timeout=300) == 0
        checkpoint = (tmp_path / "aggregator-one/checkpoint.pt").read_bytes()
        again = start("aggregator", "one", TRAINING=str(path), LISTEN="127.0.0.1:0")
        assert "all 2 rounds are done already" in again.communicate(timeout=300)[1]
        assert (tmp_path / "aggregator-one/checkpoint.pt").read_bytes() == checkpoint
    finally:
        for process in running:
            process.kill()
            process.communicate()


def test_manifests_are_what_kubernetes_takes():
    yaml = pytest.importorskip("yaml")
    documents = list(yaml.safe_load_all(MANIFESTS.read_text()))
    kinds = [(document["kind"], document["metadata"]["name"]) for document in documents]
    assert ("Deployment", "splitlane-aggregator") in kinds and ("PersistentVolumeClaim", "splitlane-aggregator") in kinds
    assert ("StatefulSet", "splitlane-helper") in kinds and ("StatefulSet", "splitlane-client") in kinds
    for document in documents:
        if "template" in document["spec"]:
            assert document["spec"]["selector"]["matchLabels"] == document["spec"]["template"]["metadata"]["labels"]
    validator = pytest.importorskip("kubernetes_validate", reason="kubernetes-validate, from PyPI, holds the schemas")
    for document in documents:
        validator.validate(document, validator.latest_version(), strict=True)


def test_container_file_fetches_nothing():
    lines = re.sub(r"\\\n", " ", (PACKAGING / "container/Containerfile").read_text()).splitlines()
    steps = [shlex.split(line, comments=True) for line in lines if line and not line.startswith("#")]
    assert [step[0] for step in steps] == ["FROM", "COPY", "RUN", "ENV", "USER", "WORKDIR", "ENTRYPOINT"]
    assert steps[0][1] == "debian:12-slim" and steps[4][1] != "root"
    run = steps[2]
    assert "--no-download" in run and not {"curl", "wget", "update", "pip"} & set(run)
    script = subprocess.run(["bash", "-n", PACKAGING / "container/collect-packages"], check=False)
    assert script.returncode == 0
