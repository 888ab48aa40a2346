"""The container: it is built from files that are there, and its command serves and is healthy."""

import importlib.util
import json
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.serving import ROOT, end, environment

FOLDER = ROOT / "checker" / "deploy" / "container"
CONTAINERFILE = FOLDER / "Containerfile"
PATIENCE = 30.0


def instructions() -> list[tuple[str, str]]:
    """Name and rest of each instruction, with continued lines joined."""
    text = CONTAINERFILE.read_text().replace("\\\n", "")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    found: list[tuple[str, str]] = []
    for line in lines:
        name, _, rest = line.strip().partition(" ")
        found.append((name, rest.strip()))
    return found


def command(found: str) -> list[str]:
    """The exec form at the end of an instruction, for this Python."""
    name, *arguments = json.loads(found[found.index("[") :])
    start = [sys.executable] if name == "python" else [sys.executable, "-m", name]
    return [*start, *arguments]


@pytest.mark.programs
def test_the_linter_has_nothing_to_say() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    done = subprocess.run(  # noqa: S603 - from the locked requirements
        [hadolint, CONTAINERFILE], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_nobody_can_put_another_image_below_it() -> None:
    stages: list[str] = []
    for name, rest in instructions():
        if name == "FROM":
            image, *as_ = rest.split()
            assert image in stages or re.fullmatch(r"python:3\.13-slim@sha256:[0-9a-f]{64}", image)
            stages += as_[1:]
    assert len(stages) > 1


def test_what_it_copies_is_there() -> None:
    copied = [rest.split()[:-1] for name, rest in instructions() if name == "COPY"]
    from_here = [
        source for sources in copied for source in sources if "--from=build" not in sources
    ]
    assert from_here == ["requirements/store.txt", "LICENSE", "checker"]
    assert all((ROOT / source).exists() for source in from_here)


def test_it_installs_nothing_without_a_hash() -> None:
    run = next(rest for name, rest in instructions() if name == "RUN")
    assert "--require-hashes" in run
    lock = (ROOT / "requirements" / "store.txt").read_text()
    pinned = re.findall(r"^[a-z].*?==.*?(?=^[a-z]|\Z)", lock, re.MULTILINE | re.DOTALL)
    assert pinned
    assert all("--hash=sha256:" in entry for entry in pinned)


@pytest.mark.programs
def test_no_start_compiles_what_it_copies(tmp_path: Path) -> None:
    copied = instructions().index(("COPY", "checker ./checker"))
    step, told = instructions()[copied + 1]
    module = tmp_path / "checker" / "moment.py"
    module.parent.mkdir()
    shutil.copy(ROOT / "checker" / "moment.py", module)
    program, *arguments = shlex.split(told)
    assert (step, program) == ("RUN", "python")
    subprocess.run([sys.executable, *arguments], cwd=tmp_path, check=True)  # noqa: S603 - ours
    assert Path(importlib.util.cache_from_source(str(module))).is_file()


def test_it_runs_as_nobody_in_particular() -> None:
    names = [name for name, _ in instructions()]
    assert dict(instructions())["USER"] == "65532:65532"
    assert names.index("USER") < names.index("CMD")


@pytest.mark.programs
def test_its_command_serves_and_its_health_check_sees_it(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    told = dict(instructions())
    serve, look = (
        [word.replace("8080", port) for word in command(told[name])]
        for name in ("CMD", "HEALTHCHECK")
    )
    # Where nothing can be written, and nothing but the package is at hand.
    folder = tmp_path / "srv"
    folder.mkdir()
    (folder / "checker").symlink_to(ROOT / "checker")
    folder.chmod(0o555)
    with subprocess.Popen(  # noqa: S603 - the Containerfile's own command
        serve,
        cwd=folder,
        env=environment(PYTHONDONTWRITEBYTECODE="1"),
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stderr
            for line in process.stderr:
                if "Uvicorn running" in line:
                    break
            healthy = subprocess.run(look, check=False, timeout=PATIENCE)  # noqa: S603 - the same
            assert healthy.returncode == 0
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/openapi.json") as answer:
                assert answer.headers["server"] is None
        finally:
            end(process)
    # It ends in order, and then by the signal that told it to.
    assert process.returncode == -signal.SIGTERM
    sick = subprocess.run(  # noqa: S603 - the same
        look, check=False, capture_output=True, timeout=PATIENCE
    )
    assert sick.returncode != 0


def test_knative_scales_the_same_container_by_concurrency() -> None:
    service: dict[str, Any] = yaml.safe_load((FOLDER / "knative.yaml").read_text())
    assert (service["apiVersion"], service["kind"]) == ("serving.knative.dev/v1", "Service")
    template = service["spec"]["template"]
    annotations = template["metadata"]["annotations"]
    assert annotations["autoscaling.knative.dev/metric"] == "concurrency"
    assert all(isinstance(value, str) for value in annotations.values())
    target = int(annotations["autoscaling.knative.dev/target"])
    assert target <= template["spec"]["containerConcurrency"]
    assert template["spec"]["timeoutSeconds"] > 25
    (container,) = template["spec"]["containers"]
    assert str(container["ports"][0]["containerPort"]) == dict(instructions())["EXPOSE"]
    security = container["securityContext"]
    assert security["runAsNonRoot"] is True
    assert security["readOnlyRootFilesystem"] is True
    assert all(isinstance(variable["value"], str) for variable in container["env"])
