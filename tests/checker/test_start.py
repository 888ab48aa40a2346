"""The command line answers quickly: a command loads what it needs, when it needs it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab import Lab

ROOT = Path(__file__).parents[2]

# Loads nothing by itself that a command could be blamed for.
_LOOK = """\
import sys
from checker.__main__ import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
import json
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})), file=sys.stderr)
"""

NETWORK = {"asyncio", "dns", "h11", "socket", "ssl"}
CRYPTOGRAPHY = {"OpenSSL", "cryptography"}
WEB = {"limits", "prometheus_client", "redis", "starlette", "uvicorn"}


def loaded(*arguments: str) -> set[str]:
    """The packages that are loaded once the command has ended."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", _LOOK, *arguments],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(json.loads(done.stderr.splitlines()[-1]))


@pytest.mark.programs
@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["check", "--help"],
        ["check"],
        ["check", "127.0.0.1"],
        ["check", "example.org", "--operator", "nobody"],
        ["bulk", "--help"],
        ["bulk", "nowhere.txt"],
        ["bounce", "--help"],
        ["bounce"],
        ["links", "--help"],
        ["operator", "new", "--help"],
        ["serve", "--help"],
        ["doctor", "--help"],
    ],
    ids=" ".join,
)
def test_no_help_and_no_mistake_waits_for_the_network(arguments: list[str]) -> None:
    assert loaded(*arguments).isdisjoint(NETWORK | CRYPTOGRAPHY | WEB)


@pytest.mark.parametrize("domain", ["null-mx.test", "does-not-exist.test", "healthy.test"])
def test_a_check_loads_what_the_domain_takes(lab: Lab, domain: str) -> None:
    networks = [text for network in lab.allow_network for text in ("--allow-network", network)]
    servers = ["--resolver", lab.resolver, "--smtp-port", str(lab.smtp_port), *networks]
    packages = loaded("check", domain, *servers, "--ca-file", str(lab.ca_file))
    assert packages.isdisjoint({"h11"} | WEB)
