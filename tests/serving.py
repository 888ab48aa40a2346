"""A server in a process of its own: ``python -m checker serve``, as everybody starts it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.lab import Lab

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server.

    Attributes:
        origin: Where it serves, without a slash at the end.
        process: The process.
        errors: The file that holds what it wrote to its standard error.
    """

    origin: str
    process: subprocess.Popen[str]
    errors: Path

    @property
    def complaints(self) -> str:
        """What it wrote to its standard error."""
        return self.errors.read_text(errors="replace")


@contextmanager
def serving(site: Path, lab: Lab, folder: Path, **variables: str) -> Iterator[Server]:
    """Serve a site, and check the lab's domains.

    Args:
        site: The built site.
        lab: The running lab.
        folder: For what the server writes to its standard error.
        variables: Further settings, such as CHECKER_METRICS.
    """
    errors = folder / "server-errors.log"
    network = {
        "--resolver": lab.resolver,
        "--smtp-port": str(lab.smtp_port),
        "--ca-file": str(lab.ca_file),
    }
    options = [text for option in network.items() for text in option]
    options += [text for cidr in lab.allow_network for text in ("--allow-network", cidr)]
    with (
        errors.open("wb") as log,
        subprocess.Popen(  # noqa: S603 - a module of our own
            command("--site", str(site), "--port", "0", *options),
            cwd=ROOT,
            # All tests ask from one address, more often than any visitor, and to see each step.
            env=environment(
                CHECKER_CLIENT_LIMIT="off",
                CHECKER_CLIENT_AT_ONCE="off",
                CHECKER_RESULT_LIFETIME="off",
                CHECKER_DOMAIN_LIMIT="off",
                CHECKER_ADDRESS_LIMIT="off",
                **variables,
            ),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        ) as process,
    ):
        try:
            assert process.stdout
            origin = process.stdout.readline().strip().rstrip("/")
            assert origin, errors.read_text()
            yield Server(origin, process, errors)
        finally:
            end(process)


def end(process: subprocess.Popen[str]) -> None:
    """End a server as an administrator would; one that does not end is killed."""
    process.terminate()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()


def command(*arguments: str) -> list[str]:
    """The command line that starts a server."""
    return [sys.executable, "-m", "checker", "serve", *arguments]


def environment(**variables: str) -> dict[str, str]:
    """This process's environment, without any setting of the checker but those given."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("CHECKER_")}
    return {**kept, **variables}
