"""The wheel: the same bytes wherever it is built, and all that its command needs."""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from datetime import UTC, datetime
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from checker import __version__
from checker.bulk.report.letters import DOCS, collect, letter
from tests.wheel import unpacked

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NAME = f"zustellbar-{__version__}"
LETTERS = tuple(f"docs/{one}/{part}" for one in ("de", "en") for part in ("problems", "snippets"))
BUILT_FROM = ("checker", "requirements", *LETTERS, "hatch_build.py", "pyproject.toml")
READ_BY_PEOPLE = (".gitignore", "CHANGELOG.md", "LICENSE", "README.md")

REPORT = "<anna@example.org>: TLS is required, but was not offered by host mx.example.org"
SENDER = ("operator", "new", "acme", "--title", "Acme", "--no-questions")
LINKS = ("links", "--mta", "exim", "--site", "https://example.org", "--operator")


@pytest.fixture(scope="module")
def backend() -> Path:
    """The locked backend: what an isolated build would fetch, each time."""
    return unpacked(ROOT / "requirements" / "build.txt", ROOT / ".cache" / "package")


@pytest.fixture(scope="module")
def built(backend: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with what is built from this one: the source archive and the wheel."""
    return _build(backend, ROOT, tmp_path_factory.mktemp("built"))


@pytest.fixture(scope="module")
def wheel(built: Path) -> Path:
    """The wheel."""
    return built / f"{NAME}-py3-none-any.whl"


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """This project in another folder, of other times and rights, below a git that ignores it."""
    outer = tmp_path_factory.mktemp("else where")
    (outer / ".git").mkdir()
    (outer / ".gitignore").write_text("*.py\n*.toml\n")
    folder = outer / "project"
    folder.mkdir()
    for name in (*BUILT_FROM, *READ_BY_PEOPLE):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, copy_function=shutil.copyfile)
        else:
            shutil.copyfile(ROOT / name, folder / name)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
        os.utime(path, (1, 1_000_000_000))
    return folder


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command as pip installs it, in a folder that holds nothing else of ours."""
    folder = tmp_path_factory.mktemp("an environment")
    pip = ["pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    _run(sys.executable, "-m", *pip, "--ignore-installed", "--prefix", folder, wheel)
    return folder / "bin" / "zustellbar"


def _run(
    *command: str | Path, cwd: Path = ROOT, given: str = "", **variables: str | Path
) -> "subprocess.CompletedProcess[str]":
    done = _ended(*command, cwd=cwd, given=given, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


def _ended(
    *command: str | Path, cwd: Path = ROOT, given: str = "", **variables: str | Path
) -> "subprocess.CompletedProcess[str]":
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CHECKER_", "PIP_", "PYTHON", "SOURCE_DATE_EPOCH"))
    }
    return subprocess.run(  # noqa: S603 - our own interpreter and our own program
        list(map(str, command)),
        cwd=cwd,
        env={**kept, **{name: str(value) for name, value in variables.items()}},
        input=given,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def _build(backend: Path, source: Path, target: Path, *options: str, **variables: str) -> Path:
    """Build as front ends do once they have fetched the backend."""
    build = ("-m", "hatchling", "build", "--directory", str(target), *options)
    _run(sys.executable, *build, cwd=source, PYTHONPATH=backend, **variables)
    return target


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        text = archive.read(f"{NAME}.dist-info/METADATA").decode()
    return Parser().parsestr(text)


@pytest.mark.programs
def test_the_same_bytes_from_another_folder_at_another_time(
    built: Path, backend: Path, elsewhere: Path, tmp_path: Path
) -> None:
    other = _build(backend, elsewhere, tmp_path, PYTHONHASHSEED="7", TZ="Asia/Tokyo")
    names = {f"{NAME}.tar.gz", f"{NAME}-py3-none-any.whl"}
    assert {path.name for path in built.iterdir()} == names
    assert {path.name: _digest(path) for path in other.iterdir()} == {
        name: _digest(built / name) for name in names
    }


@pytest.mark.programs
def test_the_moment_of_a_build_can_be_given(
    wheel: Path, backend: Path, elsewhere: Path, tmp_path: Path
) -> None:
    moment = datetime(2026, 11, 22, 8, 37, 26, tzinfo=UTC)
    epoch = str(int(moment.timestamp()))
    _build(backend, elsewhere, tmp_path, "--target", "wheel", SOURCE_DATE_EPOCH=epoch)
    with zipfile.ZipFile(wheel) as ours, zipfile.ZipFile(tmp_path / wheel.name) as other:
        assert {entry.date_time for entry in other.infolist()} == {moment.timetuple()[:6]}
        assert [(entry.filename, entry.CRC, entry.external_attr) for entry in other.infolist()] == [
            (entry.filename, entry.CRC, entry.external_attr) for entry in ours.infolist()
        ]


@pytest.mark.programs
def test_the_same_wheel_comes_out_of_the_source_archive(
    built: Path, wheel: Path, backend: Path, tmp_path: Path
) -> None:
    _run("tar", "--extract", "--file", built / f"{NAME}.tar.gz", "--directory", tmp_path)
    other = _build(backend, tmp_path / NAME, tmp_path / "built", "--target", "wheel")
    assert _digest(other / wheel.name) == _digest(wheel)


@pytest.mark.programs
def test_the_wheel_holds_what_the_program_reads_and_nothing_else(wheel: Path) -> None:
    wanted = {
        path.relative_to(ROOT).as_posix(): path.read_bytes()
        for path in (ROOT / "checker").rglob("*")
        if path.is_file()
        and path.suffix in {".py", ".toml", ".html", ".md"}
        and path.name != "README.md"
    }
    letters = json.dumps(collect(DOCS), ensure_ascii=False, indent=1, sort_keys=True)
    wanted["checker/bulk/report/letters.json"] = f"{letters}\n".encode()
    about = f"{NAME}.dist-info"
    with zipfile.ZipFile(wheel) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    licence = found[f"{about}/licenses/LICENSE"]
    assert licence == (ROOT / "LICENSE").read_bytes()
    assert {name: text for name, text in found.items() if not name.startswith(about)} == wanted
    assert not any(str(ROOT).encode() in text for text in found.values())


@pytest.mark.programs
def test_what_the_wheel_says_of_itself(wheel: Path) -> None:
    metadata = _metadata(wheel)
    assert (metadata["Name"], metadata["Version"]) == ("zustellbar", __version__)
    assert (metadata["License-Expression"], metadata["License-File"]) == ("MIT", "LICENSE")
    assert metadata["Requires-Python"] == ">=3.11"
    assert metadata.get_all("Provides-Extra") == ["bulk", "store"]


@pytest.mark.programs
def test_the_wheel_requires_what_is_locked_or_newer(wheel: Path) -> None:
    def wanted(group: str) -> set[str]:
        lines = (ROOT / "requirements" / f"{group}.in").read_text(encoding="utf-8").splitlines()
        ours = [Requirement(one) for one in lines if one and not one.startswith(("#", "-"))]
        return {_without_bounds(one, _is_for(one, group)) for one in ours}

    required = [Requirement(text) for text in _metadata(wheel).get_all("Requires-Dist", [])]
    told = set[str]()
    for group in ("checker", "bulk", "store"):
        ours = [one for one in required if f'"{group}"' in str(one.marker or '"checker"')]
        assert {_without_bounds(one, str(one.marker or "")) for one in ours} == wanted(group)
        lock = (ROOT / "requirements" / f"{group}.txt").read_text(encoding="utf-8")
        for one in ours:
            name = re.escape(canonicalize_name(one.name))
            (version,) = re.findall(rf"^{name}==(\S+)", lock, re.MULTILINE)
            assert str(one.specifier) == f">={version}"
            told.add(str(one))
    assert told == set(map(str, required))


def _is_for(one: Requirement, group: str) -> str:
    """The marker of what a group wants."""
    markers = [str(one.marker)] if one.marker else []
    return " and ".join([*markers, *([f'extra == "{group}"'] if group != "checker" else [])])


def _without_bounds(one: Requirement, marker: str) -> str:
    return f"{canonicalize_name(one.name)}[{','.join(one.extras)}] {marker}"


def test_an_isolated_build_takes_the_locked_backend() -> None:
    lock = (ROOT / "requirements" / "build.txt").read_text(encoding="utf-8")
    (wanted,) = PROJECT["build-system"]["requires"]
    assert wanted in re.findall(r"^[\w.-]+==\S+", lock, re.MULTILINE)


def test_the_version_stands_in_one_place() -> None:
    assert "version" in PROJECT["project"]["dynamic"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)


@pytest.mark.programs
def test_the_command_works_far_from_any_clone(installed: Path, tmp_path: Path) -> None:
    (own,) = installed.parent.parent.glob("lib/python*/site-packages")
    here = tmp_path / "my mails"
    here.mkdir()

    def run(*arguments: str, given: str = "") -> "subprocess.CompletedProcess[str]":
        return _ended(installed, *arguments, cwd=here, given=given, PYTHONPATH=own)

    def said(*arguments: str, given: str = "") -> str:
        done = run(*arguments, given=given)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout

    assert said("--version") == f"zustellbar {__version__}\n"
    assert said("check", "--help").startswith("usage: zustellbar check [-h] ")
    assert "starttls-not-supported" in said("bounce", "--json", given=REPORT)
    assert "https://example.org" in said(*LINKS, "profihost")
    asked = ("certificate-expired", "en", {"domain": "example.org"}, "https://example.org/")
    program = f"from checker.bulk.report import letters; print(letters.letter(*{asked}))"
    told = _run(sys.executable, "-c", program, cwd=here, PYTHONPATH=own).stdout
    assert told == f"{letter(*asked)}\n"
    # What is installed is no clone, so the file comes into the current folder.
    said(*SENDER)
    assert [path.name for path in here.iterdir()] == ["acme.toml"]
    assert "https://example.org" in said(*LINKS, "acme.toml")
    for arguments, complaint in [
        (("check", "127.0.0.1", "--operator", "acme.toml"), "not a domain"),
        (("serve", "--site", "."), ".: holds no built site"),
    ]:
        done = run(*arguments)
        assert (done.returncode, done.stdout) == (64, "")
        assert done.stderr.startswith(f"zustellbar: {complaint}")
