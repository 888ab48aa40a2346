"""Every configuration that the pages show makes a real mail server one that strict senders like."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.lab.laboratory import end
from tests.lab.root import become_root, prepare
from tests.servers.machine import CONFIGURATIONS
from tests.servers.run import COMMANDS
from tests.servers.software import SOFTWARE

ROOT = Path(__file__).parents[2]
LANGUAGES = ("de", "en")
NAMESPACES = ["unshare", "--net", "--uts", "--pid", "--fork", "--kill-child"]
PATIENCE = 240

DELIVERS = ("delivers", "no-problem-found")
EXPIRED = ("fails", "certificate-expired")

STORY = {
    "as installed": ("fails", "starttls-not-supported"),
    "as shown": DELIVERS,
    "old versions": ("fails", "tls-version"),
    "old versions, mended": DELIVERS,
    "certificate alone": ("fails", "certificate-chain-incomplete"),
    "certificate alone, mended": DELIVERS,
    "expired": EXPIRED,
    "renewed, hook not run": EXPIRED,
    "renewed, hook run": DELIVERS,
}

EXPECTED = {
    # Without a certificate Exim makes one of its own.
    "exim": {**STORY, "as installed": ("fails", "certificate-self-signed")}
    | {"without Debian's tools": DELIVERS},
    "postfix": {
        **STORY,
        "record": DELIVERS,
        "both records, old key": DELIVERS,
        "old record, new key": ("fails", "tlsa-invalid"),
        "both records, new key": DELIVERS,
        "new record, new key": DELIVERS,
        # Nothing comes of it but a report, which is why one begins with it.
        "testing policy for another name": ("delivers-with-warnings", "sts-policy-invalid"),
        "testing policy": DELIVERS,
        "policy for another name": ("fails", "sts-policy-invalid"),
        "policy": DELIVERS,
    },
    "sendmail": STORY,
}

MOMENTS = [(name, moment) for name, story in EXPECTED.items() for moment in story]


@dataclass(frozen=True, slots=True)
class Told:
    """What a story found at each of its moments, and what the pages' commands printed."""

    found: dict[str, tuple[str, str]]
    printed: dict[str, str]


@pytest.fixture(scope="session")
def stories() -> Iterator[dict[str, Told]]:
    """The stories of all mail servers, told at once: each waits most of the time."""
    # In the network of a story there is nobody to fetch packages from.
    for software in SOFTWARE.values():
        prepare(software.root)
    processes = {name: _start(name) for name in SOFTWARE}
    try:
        yield {name: _told(process) for name, process in processes.items()}
    finally:
        for process in processes.values():
            end(process)


def _start(name: str) -> "subprocess.Popen[bytes]":
    python = [sys.executable, "-B", "-m", "tests.oracle.network", "tests.servers.run", name]
    return subprocess.Popen(  # noqa: S603 - a module of our own
        [*become_root(), *NAMESPACES, *python],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def _told(process: "subprocess.Popen[bytes]") -> Told:
    output, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    told = json.loads(output)
    found = {moment: (outcome, id_) for moment, (outcome, id_) in told["found"].items()}
    return Told(found, told["printed"])


@pytest.mark.programs
@pytest.mark.parametrize(("name", "moment"), MOMENTS)
def test_what_a_check_says(stories: dict[str, Told], name: str, moment: str) -> None:
    assert stories[name].found[moment] == EXPECTED[name][moment]


@pytest.mark.programs
@pytest.mark.parametrize("name", SOFTWARE)
def test_the_story_has_no_moments_that_nobody_looks_at(stories: dict[str, Told], name: str) -> None:
    assert list(stories[name].found) == list(EXPECTED[name])


@pytest.mark.programs
@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("name", SOFTWARE)
def test_the_command_shows_a_version_that_is_on(
    stories: dict[str, Told], name: str, version: str
) -> None:
    printed = stories[name].printed[f"tls-{version}"].splitlines()
    assert f"Protocol version: TLSv{version}" in printed
    assert "Verification: OK" in printed
    assert "Verified peername: mx.example.org" in printed
    assert not [line for line in printed if "alert" in line]


@pytest.mark.programs
@pytest.mark.parametrize("name", SOFTWARE)
def test_the_command_shows_that_old_versions_are_off(stories: dict[str, Told], name: str) -> None:
    printed = stories[name].printed["tls-1.1"]
    assert "alert protocol version" in printed
    assert "Protocol version" not in printed


@pytest.mark.programs
@pytest.mark.parametrize("name", SOFTWARE)
def test_the_command_shows_when_the_certificate_ends(stories: dict[str, Told], name: str) -> None:
    printed = stories[name].printed["expiry"]
    assert re.fullmatch(r"notAfter=\w{3} [ \d]\d [\d:]{8} \d{4} GMT\n", printed)


def shown_on(page: Path) -> set[str]:
    """The files that a page shows, also those in the texts that it shares with others."""
    text = page.read_text(encoding="utf-8")
    shown = set(re.findall(r'--8<-- "configurations/(.+)"', text))
    for snippet in re.findall(r'--8<-- "(.+\.md)"', text):
        shown |= shown_on(ROOT / "docs" / snippet)
    return shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_file_is_shown(language: str) -> None:
    pages = (ROOT / "docs" / language / "servers").glob("*.md")
    files = [path for path in CONFIGURATIONS.rglob("*") if path.is_file()]
    names = {path.relative_to(CONFIGURATIONS).as_posix() for path in files}
    assert set().union(*map(shown_on, pages)) == names


@pytest.mark.parametrize("name", SOFTWARE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_shows_its_files_and_the_commands(language: str, name: str) -> None:
    shown = shown_on(ROOT / "docs" / language / "servers" / f"{name}.md")
    files = {path.name for path in (CONFIGURATIONS / name).iterdir()}
    assert shown >= {f"{name}/{file}" for file in files}
    assert shown >= {f"commands/{command}" for command in (*COMMANDS, "hook")}
