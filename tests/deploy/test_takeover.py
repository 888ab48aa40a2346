"""The page "In an hour": every command on it is run, in a fresh folder and without the internet."""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGINT, default_int_handler, signal
from socketserver import UDPServer
from typing import IO
from urllib.error import URLError
from urllib.request import Request, urlopen

import pytest

from scripts.hooks.fill_in import MARKER
from tests.function.conftest import Nowhere
from tests.serving import ROOT, environment

LANGUAGES = ("de", "en")
_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
_PLACES = {
    "git clone ADDRESS": "git clone {origin}",
    # Libraries come from the internet; here those that run this test take their place.
    "scripts/setup site checker": "ln -s {libraries} .venv && ln -s {cache} .cache",
    "/srv/www": "{web}",
    "--port 8025": "--port {port}",
}
"""What is run in place of what is written, without the internet and without a web server."""

_STATUSES = {"checker doctor": {0, 69}, "checker check ": {0, 1, 2}}
"""Commands that say by their status what they have found out."""

_STAY = ("checker serve ", "checker.function.asgi:app")
"""Commands that run until somebody ends them."""

_PATIENCE = 300


def blocks(language: str, kind: str) -> list[str]:
    """What stands on the page in blocks of a kind."""
    text = (ROOT / "docs" / language / "takeover.md").read_text(encoding="utf-8")
    return [match["text"] for match in _BLOCK.finditer(text) if match["kind"] == kind]


@pytest.mark.parametrize("kind", ["sh", "nginx"])
def test_both_languages_have_the_same_commands(kind: str) -> None:
    german, english = (blocks(language, kind) for language in LANGUAGES)
    assert german == english
    assert german


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_stands_in_for_the_internet_stands_on_the_page(language: str) -> None:
    commands = "".join(blocks(language, "sh"))
    for written in (*_PLACES, *_STATUSES, *_STAY):
        assert written in commands


@dataclass(slots=True)
class Shell:
    """The one window into which all commands are typed.

    Attributes:
        folder: Where it begins.
        variables: Its environment.
        places: What is run in place of what is written.
    """

    folder: Path
    variables: dict[str, str]
    places: dict[str, str]
    _state: Path = field(init=False)

    def __post_init__(self) -> None:
        """Begin."""
        self._state = self.folder / "state"
        self._state.write_text(f"cd {self.folder}\n")

    def run(self, block: str) -> str:
        """What a block prints; each of its commands has to do what it is there for."""
        process = self._start("set -e\n" + block)
        out, _ = process.communicate(timeout=_PATIENCE)
        assert process.returncode == 0, f"{block}\n{out}"
        return out

    @contextmanager
    def running(self, command: str) -> Iterator[Path]:
        """What a command prints meanwhile that runs until it is ended, as by Ctrl-C."""
        # Whoever was started in the background ignores Ctrl-C, and so does what it starts.
        signal(SIGINT, default_int_handler)
        said = self.folder / "said"
        with said.open("w") as file:
            process = self._start(f"exec {command}", file)
            try:
                yield said
            finally:
                process.send_signal(SIGINT)
                process.wait(timeout=_PATIENCE)

    def _start(
        self, script: str, output: IO[str] | int = subprocess.PIPE
    ) -> "subprocess.Popen[str]":
        for written, instead in _PLACES.items():
            script = script.replace(written, instead.format(**self.places))
        after = f'\n{{ echo "cd $PWD"; export -p; }} > {self._state}\n'
        return subprocess.Popen(  # noqa: S603 - the commands of our own page
            ["/bin/bash", "-c", f". {self._state}\n{script}{after}"],
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
        )


def commands(block: str) -> list[str]:
    """A block's commands, each with the lines that belong to it; those that find out, tolerated."""
    found: list[str] = []
    end = ""
    for line in block.splitlines():
        if end or (found and found[-1].endswith("\\")):
            found[-1] += f"\n{line}"
        else:
            found.append(line)
        if end:
            end = "" if line == end else end
        elif here := re.search(r"<<'(\w+)'", line):
            end = here[1]
    for number, command in enumerate(found):
        for part, statuses in _STATUSES.items():
            if part in command:
                allowed = "|".join(map(str, sorted(statuses)))
                found[number] = f"{command} || case $? in {allowed}) ;; *) false ;; esac"
    return found


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    """A repository with this project as it stands here."""
    folder = tmp_path / "origin"
    listed = _git(ROOT, "ls-files", "-z", "--cached").split("\0")
    for name in filter(None, listed):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    _git(folder, "init", "--quiet", "--initial-branch=main")
    _git(folder, "add", "--all")
    _git(folder, "commit", "--quiet", "--message=All of it")
    return folder


_IDENTITY = {
    f"GIT_{who}_{what}": text
    for who in ("AUTHOR", "COMMITTER")
    for what, text in (("NAME", "Test"), ("EMAIL", "test@acme.example"))
}


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(  # noqa: S603 - fixed arguments
        ["git", *arguments],  # noqa: S607 - whichever git there is
        cwd=folder,
        env={**os.environ, **_IDENTITY},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.fixture
def shell(tmp_path: Path, origin: Path) -> Iterator[Shell]:
    """A window in a folder with nothing in it, on a machine whose resolver knows no name."""
    (tmp_path / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (tmp_path / "fresh").mkdir()
    inherited = {
        name: text
        for name, text in environment().items()
        if not name.startswith("ZUSTELLBAR_") and name != "OPERATOR"
    }
    with UDPServer(("127.0.0.1", 0), Nowhere) as names, socket.create_server(("", 0)) as free:
        thread = threading.Thread(target=names.serve_forever, args=(0.05,))
        thread.start()
        variables = {
            **inherited,
            **_IDENTITY,
            "HOME": str(tmp_path),
            "NO_MKDOCS_2_WARNING": "1",
            "CHECKER_PORT": "0",
            "CHECKER_RESOLVER": "{}:{}".format(*names.server_address),
        }
        places = {
            "origin": str(origin),
            "libraries": sys.prefix,
            "cache": str(ROOT / ".cache"),
            "web": str(tmp_path / "web"),
            "port": str(free.getsockname()[1]),
        }
        free.close()
        yield Shell(tmp_path / "fresh", variables, places)
        names.shutdown()
        thread.join()


def ask(address: str, fields: dict[str, str] | None = None, **headers: str) -> tuple[str, str]:
    """What is at an address, and whose pages may read it; waits until somebody serves there."""
    body = None if fields is None else json.dumps(fields).encode()
    request = Request(address, body, {"Content-Type": "application/json", **headers})  # noqa: S310
    end = time.monotonic() + _PATIENCE
    while True:
        try:
            with urlopen(request, timeout=_PATIENCE) as reply:  # noqa: S310 - of this machine
                return reply.read().decode(), reply.headers["Access-Control-Allow-Origin"] or ""
        except URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError) or time.monotonic() > end:
                raise
            time.sleep(0.1)


def address_in(said: Path) -> str:
    """The first address that is printed."""
    end = time.monotonic() + _PATIENCE
    while not (found := re.search(r"http://127\.0\.0\.1:\d+", said.read_text())):
        assert time.monotonic() < end, said.read_text()
        time.sleep(0.05)
    return found[0]


def fill_in(folder: Path) -> None:
    """What only the operator can say."""
    for page in folder.rglob("*.md"):
        page.write_text(MARKER.sub("Acme", page.read_text(encoding="utf-8")), encoding="utf-8")


@pytest.mark.programs
@pytest.mark.repeats
def test_every_command_does_what_it_is_there_for(shell: Shell, tmp_path: Path) -> None:
    project, web = shell.folder / "zustellbar", tmp_path / "web" / "help" / "mail"
    said = ""
    for block in blocks("en", "sh"):
        *brief, last = commands(block)
        stays = any(part in last for part in _STAY)
        said += shell.run("\n".join(brief if stays else [*brief, last]))
        if "fill-in" in block:
            assert "sites/acme/en/legal/imprint.md" in said
            fill_in(project / "sites" / "acme")
        if not stays:
            continue
        with shell.running(last) as output:
            served = address_in(output)
            fields = {"domain": "example.org", "operator": "acme"}
            origin = "https://www.acme.example"
            if "serve" in last:
                start, _ = ask(served)
                assert "<title>" in start
                assert "Acme Ltd" in start
                answer, _ = ask(f"{served}/api/v1/check", fields)
            else:
                answer, readers = ask(f"{served}/api/v1/check", fields, Origin=origin)
                assert readers == origin
            assert json.loads(answer)["operator"] == "acme"

    # The whole site is where it belongs, with the sender's name, logo, pages and checker.
    start = (web / "index.html").read_text()
    assert 'action="https://check.acme.example/api/v1/check"' in start
    assert "connect-src 'self' https://check.acme.example;" in (web / "_headers").read_text()
    assert "assets/operator-logo.svg" in start
    assert "https://www.acme.example/help/mail/" in start
    assert (web / "o" / "acme" / "index.html").is_file()
    assert MARKER.search((web / "legal" / "imprint" / "index.html").read_text()) is None
    for block in blocks("en", "nginx"):
        for file in re.findall(r"/srv/www(\S+);", block):
            assert not file or (tmp_path / "web" / file.lstrip("/")).is_file()
    # So is what the lines for one's own pages name, and who may frame it.
    for block in (block for language in LANGUAGES for block in blocks(language, "html")):
        (address,) = re.findall(r'src="https://www\.acme\.example/help/mail/([^"?]+)', block)
        assert (web / address).exists()
    framed = (web / "_headers.nginx.conf").read_text()
    assert "^/help/mail/en/embed/" in framed
    assert "frame-ancestors https://www.acme.example https://my.acme.example" in framed
    # What was said in between, and what lies where it was said.
    assert "port_25" in said
    assert "zustellbar-setup.sh" in said
    linked = (project / "links" / "zustellbar-status.pcre").read_text()
    assert "https://www.acme.example/help/mail/p/" in linked
    assert _git(project, "log", "--format=%s", "-1").strip() == "Describe Acme's mail server"
