"""The scripts of a site for which esbuild cannot be had."""

from pathlib import Path

import pytest

from scripts.hooks import modules
from scripts.node.packages import NodePackagesError
from tests.site.pages import ROOT

FORM = "assets/check/form.js"


def test_without_esbuild_the_scripts_stay_as_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(group: str, **_: object) -> Path:
        raise NodePackagesError(f"npm could not install {group}: there is no npm")

    monkeypatch.setattr(modules, "installed", fail)
    monkeypatch.setattr(modules, "_esbuild", modules._esbuild.__wrapped__)  # noqa: SLF001 - it remembers
    script = tmp_path / FORM
    script.parent.mkdir(parents=True)
    script.write_bytes((ROOT / "overrides" / FORM).read_bytes())
    modules.put_together(tmp_path)
    assert script.read_bytes() == (ROOT / "overrides" / FORM).read_bytes()
    assert "there is no npm" in caplog.text
