"""The runtime in the built site, and a site that is built without it."""

import hashlib
import logging
import re
from dataclasses import replace
from pathlib import Path

import pytest
from mkdocs.exceptions import BuildError

from checker.bounce import MAXIMUM_INPUT
from scripts.hooks import runtime as hook
from scripts.runtime.build import Runtime, build
from scripts.runtime.errors import RuntimeBuildError

pytestmark = pytest.mark.programs


def test_the_site_holds_the_runtime_and_the_worker_under_hashed_names(site: Path) -> None:
    (folder,) = (site / "assets" / "runtime").iterdir()
    assert re.fullmatch(r"[0-9a-f]{16}", folder.name)
    assert {path.name for path in folder.iterdir()} == {
        path.name for path in build().folder.iterdir()
    }
    (worker,) = (site / "assets" / "paste").glob("worker*")
    assert worker.name == f"worker-{hashlib.sha256(worker.read_bytes()).hexdigest()[:16]}.js"


def test_templates_are_told_where_and_how_much() -> None:
    prepared = hook.prepare()
    assert prepared
    told = prepared.variables
    runtime = build()
    assert told["folder"] == f"assets/runtime/{runtime.name}/"
    assert re.fullmatch(r"assets/paste/worker-[0-9a-f]{16}\.js", told["worker"])
    assert told["bytes"] == sum(path.stat().st_size for path in runtime.folder.glob("*.br"))
    assert told["raw_bytes"] == sum(runtime.sizes().values())
    assert told["maximum_input"] == MAXIMUM_INPUT


def test_modules_that_are_not_compiled_are_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    runtime = replace(build(), compiled=False)
    monkeypatch.setattr(hook, "build", lambda **_: runtime)
    with caplog.at_level(logging.INFO, "mkdocs"):
        assert hook.prepare()
    (record,) = caplog.records
    assert record.levelno == logging.INFO
    assert "Python 3.13" in record.getMessage()


def _unreachable(*, best: bool) -> Runtime:
    raise RuntimeBuildError(f"npm could not fetch it (best: {best})")


def test_without_a_network_the_site_is_built_without_the_box_and_says_so(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(hook, "build", _unreachable)
    monkeypatch.delenv("ZUSTELLBAR_RELEASE", raising=False)
    assert hook.prepare() is None
    (record,) = caplog.records
    assert record.levelno == logging.ERROR
    assert record.getMessage() == (
        "The site is built without the paste box: npm could not fetch it (best: False)."
    )


def test_a_site_for_real_use_is_not_built_without_the_box(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hook, "build", _unreachable)
    monkeypatch.setenv("ZUSTELLBAR_RELEASE", "1")
    with pytest.raises(BuildError, match="could not fetch"):
        hook.prepare()
