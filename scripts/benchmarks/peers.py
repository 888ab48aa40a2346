"""The tools: how each is started, and what in its output counts as naming a fault.

A tool names a fault when its own words do, or the version that it says was negotiated. A
transcript of what the server said is the server's words, and whoever can read it needs no tool. A
time-out names no fault either: a server that is silent gets the same. A tool that says the same for
two of the faults names neither, and one that does not end names nothing. All but the checker and
checkdmarc are given the mail server's address and need not look it up.
"""

import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from scripts.benchmarks.cases import CASES, Case, Fault
from scripts.benchmarks.measure import Run, Runner
from scripts.benchmarks.place import Place

BENCH = Path(__file__).parents[2] / ".cache" / "bench"
_DEBIAN = BENCH / "debian" / "root"
_LIBRARIES = ":".join(
    str(folder) for folder in (_DEBIAN / "usr/lib/postfix", *_DEBIAN.glob("usr/lib/*-linux-gnu*"))
)
_CHECKER = (sys.executable, "-m", "checker", "check")

Rules = Sequence[tuple[str, Fault]]


@dataclass(frozen=True, slots=True)
class Tool:
    """A command-line tool.

    Attributes:
        name: As the table calls it.
        command: Words to be formatted with the facts of a case.
        rules: Regular expressions over the output; the first that is found decides.
        transcript: A regular expression for the lines that repeat what was sent and received.
        start: A command that does nothing but start and end, where there is one.
        environment: Variables to be formatted likewise.
    """

    name: str
    command: tuple[str, ...]
    rules: Rules
    transcript: str = ""
    start: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, case: Case, place: Place, runner: Runner) -> Run:
        """Look at a domain once."""
        return self._run(self.command, case, place, runner)

    def run_nothing(self, place: Place, runner: Runner) -> Run:
        """Start and end."""
        return self._run(self.start, CASES[0], place, runner)

    def diagnosis(self, run: Run) -> Fault | None:
        """What the tool named, if anything."""
        if run.timed_out:
            return None
        return read(self.rules, run.output, self.transcript)

    def _run(self, words: Sequence[str], case: Case, place: Place, runner: Runner) -> Run:
        facts = {
            "domain": case.domain,
            "host": case.host,
            "address": place.address(case.host),
            "resolver": place.resolver,
            "port": place.smtp_port,
            "ca": place.ca_file,
            "networks": ",".join(place.networks),
        }
        environment = {name: text.format_map(facts) for name, text in self.environment.items()}
        return runner.run([word.format_map(facts) for word in words], environment)


def read(rules: Rules, output: str, transcript: str = "") -> Fault | None:
    """The fault of the first rule that applies to what is not transcript."""
    words = re.sub(rf"(?m)^{transcript}.*\n?", "", output) if transcript else output
    return next((fault for pattern, fault in rules if re.search(pattern, words)), None)


PROBLEMS = {
    "no-problem-found": Fault.NONE,
    "tls-version": Fault.OLD_TLS,
    "certificate-expired": Fault.EXPIRED,
    "starttls-not-supported": Fault.NO_STARTTLS,
    "temporarily-refused": Fault.TEMPORARY,
    "not-smtp": Fault.NOT_SMTP,
}
"""The checker's own words: its decisive problem has to be the fault's."""

CHECKER = Tool(
    "checker",
    (
        *_CHECKER,
        "{domain}",
        "--json",
        "--resolver={resolver}",
        "--smtp-port={port}",
        "--ca-file={ca}",
        "--ehlo-name=bench.test",
    ),
    [
        (rf'"problems":\s*\[\s*\{{\s*"id":\s*"{problem}"', fault)
        for problem, fault in PROBLEMS.items()
    ],
    start=(*_CHECKER, "--help"),
    environment={"CHECKER_ALLOW_NETWORK": "{networks}"},
)

_POSTTLS_FINGER = Tool(
    "posttls-finger",
    (
        str(_DEBIAN / "usr/sbin/posttls-finger"),
        *("-l", "verify", "-p", ">=TLSv1.2", "-F", "{ca}", "[{address}]:{port}", "{host}"),
    ),
    [
        (r"Verified TLS connection established", Fault.NONE),
        (r"alert protocol version", Fault.OLD_TLS),
        (r"certificate has expired", Fault.EXPIRED),
        (r"not available: 421", Fault.TEMPORARY),
        # Where STARTTLS is missing it says QUIT, and nothing.
        (r"(?i)STARTTLS .*not|no STARTTLS", Fault.NO_STARTTLS),
        (r"(?i)too (long|many)|malformed|protocol error", Fault.NOT_SMTP),
    ],
    transcript=r"posttls-finger: [<>] ",
    start=(str(_DEBIAN / "usr/sbin/posttls-finger"),),
    environment={"LD_LIBRARY_PATH": _LIBRARIES, "MAIL_CONFIG": str(BENCH / "postfix")},
)

_OPENSSL = Tool(
    "openssl s_client",
    (
        *("openssl", "s_client", "-brief", "-starttls", "smtp", "-noservername"),
        *("-verify_hostname", "{host}", "-CAfile", "{ca}", "-connect", "{address}:{port}"),
        # Else the old version would fail for its signature, which says nothing of the version.
        *("-cipher", "ALL:@SECLEVEL=0"),
    ),
    [
        (r"Protocol version: TLSv1\n", Fault.OLD_TLS),
        (r"certificate has expired", Fault.EXPIRED),
        (r"Verification: OK\n", Fault.NONE),
        # "Didn't find STARTTLS" it says to a 421 as well, and then goes on as if it were there.
        (r"(?<![-\d])421[ -]", Fault.TEMPORARY),
        (r"(?s)Didn't find STARTTLS.*wrong version number", Fault.NO_STARTTLS),
        (r"(?i)too long", Fault.NOT_SMTP),
    ],
    start=("openssl", "version"),
)

_CHECKDMARC = Tool(
    "checkdmarc",
    (
        str(BENCH / "checkdmarc/bin/python"),
        str(Path(__file__).with_name("checkdmarc_peer.py")),
        *("{domain}", "{resolver}", "{port}", "{host}={address}"),
    ),
    [
        (r'"starttls": true', Fault.NONE),
        (r"alert protocol version|unsupported protocol", Fault.OLD_TLS),
        (r"certificate has expired", Fault.EXPIRED),
        (r"SMTP error code 421", Fault.TEMPORARY),
        (r"STARTTLS is not supported", Fault.NO_STARTTLS),
        (r"(?i)too long|too many", Fault.NOT_SMTP),
    ],
    start=(str(BENCH / "checkdmarc/bin/python"), "-c", "import checkdmarc.smtp"),
    environment={"SSL_CERT_FILE": "{ca}"},
)

_SSLYZE = Tool(
    "sslyze --certinfo",
    (
        *(str(BENCH / "sslyze/bin/python"), "-W", "ignore", "-m", "sslyze", "--starttls", "smtp"),
        *("--certinfo", "--certinfo_ca_file", "{ca}", "--mozilla_config", "disable"),
        *("--json_out", "-", "{host}:{port}{{{address}}}"),
    ),
    [
        (r'"highest_tls_version_supported": "TLS_1_0"', Fault.OLD_TLS),
        (r"cert is not valid at validation time", Fault.EXPIRED),
        (r'"was_validation_successful": true', Fault.NONE),
        (r"Server does not support STARTTLS", Fault.NO_STARTTLS),
        # It leaves the code out, but gives the server's words and says that they are no 220.
        (r"did not send a '220 service ready'", Fault.TEMPORARY),
        (r"(?i)too long", Fault.NOT_SMTP),
    ],
    start=(str(BENCH / "sslyze/bin/python"), "-W", "ignore", "-m", "sslyze", "--help"),
)

_TESTSSL = Tool(
    "testssl.sh -p -S",
    (
        *(str(_DEBIAN / "usr/bin/testssl"), "--warnings", "off", "--color", "0", "--quiet"),
        *("-t", "smtp", "-p", "-S", "--add-ca", "{ca}", "--ip", "{address}", "{host}:{port}"),
    ),
    [
        (r"(?s)TLS 1 +offered.*TLS 1\.2 +not offered", Fault.OLD_TLS),
        (r"Chain of trust +NOT ok \(expired\)", Fault.EXPIRED),
        (r"(?s)TLS 1\.2 +offered \(OK\).*Chain of trust +Ok", Fault.NONE),
        (r"(?<![-\d])421[ -]", Fault.TEMPORARY),
        # "STARTTLS handshake failed" it says to a 421 and to a missing STARTTLS alike.
        (r"(?i)no STARTTLS|STARTTLS (is )?not (offered|supported)", Fault.NO_STARTTLS),
        (r"(?i)too long", Fault.NOT_SMTP),
    ],
    start=(str(_DEBIAN / "usr/bin/testssl"), "-v"),
    environment={
        "LD_LIBRARY_PATH": _LIBRARIES,
        "PATH": f"{_DEBIAN}/usr/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "TESTSSL_INSTALL_DIR": str(_DEBIAN / "etc/testssl"),
    },
)

PEERS = (_POSTTLS_FINGER, _OPENSSL, _CHECKDMARC, _SSLYZE, _TESTSSL)


def prepare() -> None:
    """Write the configuration without which posttls-finger does not start."""
    folder = BENCH / "postfix"
    folder.mkdir(parents=True, exist_ok=True)
    # These users and this group are on every Debian; nothing is ever run as them.
    (folder / "main.cf").write_text(
        "compatibility_level = 3.6\nmail_owner = nobody\ndefault_privs = daemon\n"
        "setgid_group = mail\ninet_protocols = ipv4\n"
    )
