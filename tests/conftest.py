"""What tests of every kind share: the built site, the mail lab, and a server over both."""

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Generator, Iterator
from functools import cache
from pathlib import Path

import pytest

from tests import examples
from tests.checks import Table, check_all
from tests.hosting import Host, hosting
from tests.lab import Lab
from tests.lab.folders import locked
from tests.serving import ROOT, Server, serving

Build = Callable[..., "subprocess.CompletedProcess[str]"]
Built = Callable[..., Path]

_START_PROGRAMS = {"lab", "table", "browser", "build", "redis"}
"""Fixtures; a test that has one of them is marked by that alone."""

_PATIENCE = 600
"""Seconds for a build: that a machine is busy says nothing about it."""

examples.register()

# Those that wait for each other last longest, so they begin first.
_FIRST = (
    "oracle/",
    "servers/",
    "bounces/test_making.py",
    "links/test_reports.py",
    "browser/test_accessibility.py",
    "browser/test_form.py",
    "browser/test_paste.py",
    "browser/",
    "lab/",
    "runtime/",
    "checker/test_check.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Take the option for what is left out of an ordinary run."""
    parser.addoption(
        "--all", action="store_true", help="also what repeats a promise for further ones of a kind"
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what starts programs by its fixtures, and put the longest first."""
    if not config.getoption("all"):
        repeated = [item for item in items if item.get_closest_marker("repeats")]
        config.hook.pytest_deselected(items=repeated)
        items[:] = [item for item in items if item not in repeated]
    for item in items:
        if _START_PROGRAMS & set(getattr(item, "fixturenames", ())):
            item.add_marker("programs")

    items.sort(key=lambda item: _place(item.path))


@cache
def _place(path: Path) -> int:
    name = path.relative_to(ROOT / "tests").as_posix()
    return next((n for n, start in enumerate(_FIRST) if name.startswith(start)), len(_FIRST))


_alone: str | None = None
"""The test that is running and may start no program."""


def _refuse_programs(event: str, arguments: tuple[object, ...]) -> None:
    if _alone and event in {"subprocess.Popen", "os.posix_spawn", "os.fork", "os.exec"}:
        pytest.fail(f"it starts a program ({arguments[0]}), so it needs pytest.mark.programs")


sys.addaudithook(_refuse_programs)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let a test start programs only if it is marked: `scripts/test --quick` goes without those."""
    global _alone  # noqa: PLW0603 - an audit hook stays for as long as the process
    _alone = None if item.get_closest_marker("programs") else item.nodeid
    try:
        return (yield)
    finally:
        _alone = None


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    """The running mail lab, on ports of its own, so that another one may run beside it."""
    with Lab(smtp_port=0, dns_port=0) as running:
        yield running


@pytest.fixture(scope="session")
def build() -> Build:
    """Runs ``mkdocs build --strict`` into a folder, as anybody would."""

    def run(target: Path, **variables: str) -> subprocess.CompletedProcess[str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("ZUSTELLBAR_") and name != "OPERATOR"
        }
        mkdocs = Path(sys.executable).with_name("mkdocs")
        return subprocess.run(  # noqa: S603 - our own interpreter's mkdocs
            [mkdocs, "build", "--strict", "--site-dir", target],
            cwd=ROOT,
            env={**inherited, "NO_MKDOCS_2_WARNING": "1", **variables},
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of all workers: the first one makes what is missing, and the others wait."""
    folder = tmp_path_factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder


@pytest.fixture(scope="session")
def built(build: Build, shared: Path) -> Built:
    """Gives the site as it is built with some variables; all workers share one, and only read."""

    def get(name: str, **variables: str) -> Path:
        target, made = shared / f"site-{name}", shared / f"site-{name}.part"
        with locked(shared / f"site-{name}.lock"):
            if not target.exists():
                done = build(made, **variables)
                assert done.returncode == 0, done.stderr
                made.rename(target)
        return target

    return get


@pytest.fixture(scope="session")
def site(built: Built) -> Path:
    """The site as a plain build makes it."""
    return built("plain")


@pytest.fixture(scope="session")
def host() -> Iterator[Host]:
    """A website of somebody else, which may frame the form."""
    with hosting() as running:
        yield running


@pytest.fixture(scope="session")
def server(
    lab: Lab, site: Path, host: Host, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server of its own process that serves the site and checks the lab's domains."""
    folder = tmp_path_factory.mktemp("server")
    with serving(site, lab, folder, ZUSTELLBAR_EMBED_ORIGINS=host.origin) as running:
        yield running
    # Whatever visitors sent, and that it was ended, is nothing to complain about.
    assert running.complaints == ""


@pytest.fixture(scope="session")
def table(shared: Path, request: pytest.FixtureRequest) -> Table:
    """The answers of a check of every domain of the lab for every operator of its row."""
    file = shared / "table"
    with locked(shared / "table.lock"):
        if not file.exists():
            file.write_bytes(pickle.dumps(check_all(request.getfixturevalue("lab"))))
    table: Table = pickle.loads(file.read_bytes())  # noqa: S301 - our own
    return table
