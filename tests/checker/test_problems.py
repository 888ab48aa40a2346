"""The table of problems keeps its promises, and what runs in the browser needs nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from checker.problems import PROBLEMS, Family, Mender, Stage

# Each one is a page and a link in mails that were sent long ago: rows are added, never taken away.
PROMISED = {
    Family.TAKES_NO_MAIL: "domain-not-found no-mail-server null-mx mail-server-address-invalid",
    Family.NOT_DETERMINED: "dns-failure connection-failed connection-timeout greeting-refused"
    " temporarily-refused not-smtp checker-unreachable",
    Family.NO_ENCRYPTION: "starttls-not-supported starttls-failed",
    Family.OUTDATED_ENCRYPTION: "tls-version tls-cipher tls-weak-key"
    " tls-client-certificate-required tls-handshake-failed",
    Family.CERTIFICATE: "certificate-expired certificate-not-yet-valid certificate-host-mismatch"
    " certificate-not-trusted certificate-self-signed certificate-chain-incomplete"
    " certificate-invalid certificate-not-verified certificate-expires-soon"
    " certificate-needs-sni",
    Family.DANE_MTA_STS: "tlsa-invalid dnssec-invalid dane-required sts-policy-fetch-error"
    " sts-policy-invalid sts-webpki-invalid",
    Family.SENDER_SIDE: "sender-tls-fault receiver-requires-tls cause-not-stated not-tls",
    Family.NOTHING_WRONG: "no-problem-found",
}

FORBIDDEN = {"ssl", "_ssl", "socket", "_socket", "asyncio", "dns", "OpenSSL", "cryptography"}


@pytest.mark.parametrize("family", Family)
def test_no_promised_problem_is_gone(family: Family) -> None:
    of_family = {problem.id for problem in PROBLEMS.values() if problem.family is family}
    assert set(PROMISED[family].split()) <= of_family


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_row(name: str) -> None:
    problem = PROBLEMS[name]
    assert problem.id == name
    assert problem.family in set(Family)
    assert problem.stage in set(Stage)
    assert problem.mender in set(Mender)
    assert name == name.lower()
    assert all(word.isalnum() and word.isascii() for word in name.split("-"))


@pytest.mark.programs
@pytest.mark.parametrize(
    "module", ["domain", "problems", "delivery.verdict", "delivery.habits", "facts", "operators"]
)
def test_what_the_browser_runs_needs_no_network_and_nothing_compiled(module: str) -> None:
    script = f"""
import sys
before = set(sys.modules)
import checker.{module}
for name in sorted(set(sys.modules) - before):
    print(name, getattr(sys.modules[name], "__file__", None) or "")
"""
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = dict(line.partition(" ")[::2] for line in done.stdout.splitlines())
    assert not FORBIDDEN & {name.partition(".")[0] for name in loaded}
    foreign = [file for file in loaded.values() if "site-packages" in file]
    assert [file for file in foreign if not file.endswith(".py")] == []
