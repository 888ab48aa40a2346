"""The systemd unit: systemd takes it, and it is allowed no more than it needs."""

import configparser
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.serving import ROOT

UNIT = ROOT / "checker" / "deploy" / "systemd" / "zustellbar-checker.service"
HIGHEST_EXPOSURE = "15"
"""Tenths, after ``systemd-analyze security``: 0 is shut off from everything, 100 from nothing."""


@pytest.mark.programs
def test_systemd_takes_it_and_finds_it_shut_off(tmp_path: Path) -> None:
    unit = tmp_path / UNIT.name
    # A path with a space would have to be quoted, which the unit's own has no need of.
    programs, project = tmp_path / "programs", tmp_path / "project"
    programs.symlink_to(Path(sys.executable).parent)
    project.symlink_to(ROOT)
    text = UNIT.read_text().replace("/opt/zustellbar/.venv/bin", str(programs))
    unit.write_text(text.replace("/opt/zustellbar", str(project)))
    # Elsewhere than on Linux there is no systemd to ask; what is below holds all the same.
    analyze = shutil.which("systemd-analyze") or ""
    asked = [
        [analyze, "verify", str(unit)],
        [analyze, "security", "--offline=yes", f"--threshold={HIGHEST_EXPOSURE}", str(unit)],
    ]
    for line in asked if analyze else []:
        done = subprocess.run(line, capture_output=True, text=True, check=False)  # noqa: S603
        assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_it_starts_the_function_for_the_web_server_on_the_same_machine_only() -> None:
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(UNIT)
    service = unit["Service"]
    start = service["ExecStart"].split()
    assert start[1] == "checker.function.asgi:app"
    assert start[start.index("--host") + 1] == "127.0.0.1"
    assert "--no-access-log" in start
    assert service["DynamicUser"] == "yes"
    assert service["ProtectSystem"] == "strict"
    # AF_INET and AF_INET6 suffice: no other program of the machine is spoken to.
    assert service["RestrictAddressFamilies"] == "AF_INET AF_INET6"
