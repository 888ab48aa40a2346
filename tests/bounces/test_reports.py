"""What real servers' reports tell is what is read from them: no less, and nothing that they do not.

``expected/<sender>.txt`` was written by hand after what each text says, which is often less than
what is wrong: "Server certificate not verified" is said of seven faults. A line speaks of a file of
all versions, or, where it names a version, of that one alone.
"""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from checker.bounce import Problem, read
from tests.bounces.making import FOLDER, kept
from tests.bounces.senders import SENDERS
from tests.lab.domains import DOMAINS

FILES = [
    file
    for sender in SENDERS.values()
    for folder in kept(sender)
    for file in sorted(folder.iterdir())
]


@dataclass(frozen=True, slots=True)
class Row:
    """What a file tells: the first problem with its kind, and the mail server if it names one."""

    file: Path
    problem: str
    host: str | None


def _table(sender: str) -> list[list[str]]:
    lines = (FOLDER / "expected" / f"{sender}.txt").read_text().splitlines()
    return [line.split() for line in lines]


TABLES = {sender: _table(sender) for sender in SENDERS}


def _rows() -> list[Row]:
    rows = []
    for file in FILES:
        sender, version, name = file.parts[-3:]
        told = {key: (problem, host) for key, problem, host in TABLES[sender]}
        if found := told.get(f"{version}/{name}", told.get(name)):
            problem, host = found
            rows.append(Row(file, problem, None if host == "-" else host))
    return rows


ROWS = _rows()

# What a line of a log is expected to say, by words in it. The first that fit count.
LINES = (
    # What was replied before all else
    (r"(?:BANNER|EHLO) rejected: 421", "temporarily-refused"),
    (r"BANNER rejected: 554", "greeting-refused"),
    (r"EHLO rejected: 450", "temporarily-refused"),
    (r"EHLO rejected: 5|after HELO \S+: 5|refused to talk to me: 554", "greeting-refused"),
    (r"in response to STARTTLS", "starttls-failed"),
    (r"STARTTLS rejected: 502", "starttls-not-supported"),
    (r"STARTTLS rejected: 4", "starttls-failed"),
    (r"reply=\d{3} \d\.\d\.\d TLS not available", "starttls-failed"),
    # Postfix
    (r"certificate has expired", "certificate-expired"),
    (r"certificate not yet valid", "certificate-not-yet-valid"),
    (r"num=62:hostname mismatch|num=64:IP address mismatch", "certificate-host-mismatch"),
    (r"untrusted issuer", "certificate-not-trusted"),
    (r": self-signed certificate$", "certificate-self-signed"),
    (r"num=65:no matching DANE TLSA", "tlsa-invalid"),
    (r"unusable TLSA RR|all TLSA records unusable|unsupported TLSA", "tlsa-invalid"),
    (r"TLSA lookup (?:problem|error)|tlsa lookup DEFER", "dnssec-invalid"),
    (r"no TLSA records found|non DNSSEC destination", "dane-required"),
    (r"num=79:invalid CA certificate", "certificate-not-trusted"),
    (r"num=7:|num=68:|not designated for use as a server", "certificate-invalid"),
    (r"num=1:unspecified", "certificate-not-verified"),
    (r"Server certificate not verified", "certificate-not-verified"),
    (r"alert certificate required", "tls-client-certificate-required"),
    (r"wrong version number", "starttls-failed"),
    (r"unsupported protocol|alert protocol version", "tls-version"),
    (r"dh key too small|unknown security bits", "tls-weak-key"),
    (r"tlsv1 unrecognized name|server name sent was not recognized", "certificate-host-mismatch"),
    (r"alert handshake failure|SSL_connect error to|: handshake failure", "tls-handshake-failed"),
    (r"numeric domain name in resource data", "mail-server-address-invalid"),
    (r"Host not found, try again", "dns-failure"),
    (r"no MX host for \S+ has a valid|Host found but no data", "no-mail-server"),
    (r"response longer than|sent too much data", "not-smtp"),
    (r"timed out while receiving the initial", "connection-timeout"),
    (r"lost connection with", "connection-failed"),
    (r"refused to talk to me: 421", "temporarily-refused"),
    # Exim
    (r"Malformed SMTP reply", "not-smtp"),
    (r"initial connection: 421", "temporarily-refused"),
    (r"initial connection: 554", "greeting-refused"),
    (r"\(gnutls_handshake\): timed out", "tls-handshake-failed"),
    (r"SMTP timeout after initial", "connection-timeout"),
    (r"Remote host closed connection", "connection-failed"),
    (r"host lookup did not complete", "dns-failure"),
    (r"MX or SRV record indicated no", "null-mx"),
    (r"Unrouteable address", "domain-not-found"),
    (r"non-existent hosts or \(invalidly\) to IP", "mail-server-address-invalid"),
    (r"points? to local host", "mail-server-address-invalid"),
    (r"non-existent hosts", "no-mail-server"),
    (
        r"certificate verification failed\)(?:: certificate invalid)?$",
        "certificate-not-verified",
    ),
    (r"certificate differs|TLSA record problem|CA constrains were violated", "tlsa-invalid"),
    (r"Certificate is required", "tls-client-certificate-required"),
    (r"did not offer TLS support", "starttls-not-supported"),
    (r"an attempt to start TLS failed|unexpected TLS packet", "starttls-failed"),
    (r"unsupported version was received|Error in protocol version", "tls-version"),
    (r"Diffie-Hellman prime .* not acceptable", "tls-weak-key"),
    (
        r"Handshake failed|Error in the pull function|error on first read|synch error before",
        "tls-handshake-failed",
    ),
    (r"523 5\.7\.10|Session encryption is req|530 5\.7\.0 Must", "receiver-requires-tls"),
    (r"Greylist", "not-tls:greylisting"),
    (r"55\d[- ]5\.1\.1|550 5\.2\.1", "not-tls:unknown-user"),
    (r"[45]52 [45]\.2\.2", "not-tls:mailbox-full"),
    (r"552 5\.3\.4", "not-tls:size"),
    (r"spam|blocked|infected", "not-tls:spam"),
    (r"too much mail|Too many messages", "not-tls:rate"),
    (r"55\d 5\.(?:7\.\d+|1\.8) ", "not-tls:policy"),
    (r"45\d 4\.3\.\d|554 Trans|550 Requested", "not-tls:other"),
    (r"retry timeout exceeded", "cause-not-stated"),
    # Sendmail
    (r"verify=FAIL|authentication failed", "certificate-not-verified"),
    (r"authentication failure|STARTTLS failed", "starttls-failed"),
    (r"does not support STARTTLS|encryption too weak 0", "starttls-not-supported"),
    (r"TLS handshake failed|reason=unknown, SSL_error=[25]", "tls-handshake-failed"),
    (r"waiting for input from \S+ during client greeting", "connection-timeout"),
    (r"Connection timed out with", "connection-timeout"),
    (r"Deferred: 421 4\.3\.2", "temporarily-refused"),
    # OpenSMTPD
    (r"handshake failed: Connection reset", "tls-handshake-failed"),
    (r"certificate check failed", "certificate-not-verified"),
    (r"not present in server certificate", "certificate-host-mismatch"),
    (
        r"failed: (?:unable to get local issuer|invalid CA|self-signed certificate in)",
        "certificate-not-trusted",
    ),
    (r"is not yet valid", "certificate-not-yet-valid"),
    (r"signature failure|certificate purpose|too weak$", "certificate-invalid"),
    (r"does not accept mail", "null-mx"),
    (r"TLS required but not supported", "starttls-not-supported"),
    (r"Input too long|reply code out of range", "not-smtp"),
    (r"unexpected eof|No TLS error|TLS connection was non-properly", "tls-handshake-failed"),
    (r"legacy sigalg disallowed", "tls-version"),
    (r"Remote host sent too much", "not-smtp"),
    (r"message too large for peer", "not-tls:size"),
    (r"Temporary failure in MX lookup", "dns-failure"),
    (r"Domain does not exist", "domain-not-found"),
    (r"No MX found for domain", "no-mail-server"),
    (r"Connection closed unexp|Connection reset|Network error on", "connection-failed"),
    # All
    (r"Connection refused|Network is unreachable", "connection-failed"),
)

WRONG = {domain.domain: domain.expected["careful"][1] for domain in DOMAINS}
"""What is wrong with each domain of the lab."""

LOGS = [file for file in FILES if file.suffix == ".log"]


def _defect(file: Path) -> str:
    """The domain that a file is about."""
    return f"{file.name.partition('.')[0]}.test"


def _named(problem: Problem) -> str:
    return f"{problem.id}:{problem.kind}" if problem.kind else problem.id


def _label(file: Path) -> str:
    return "/".join(file.parts[-3:])


def _folder(file: Path) -> str:
    """The sender and its version."""
    return "/".join(file.parts[-3:-1])


FOLDERS = list(dict.fromkeys(map(_folder, FILES)))


def test_each_file_is_in_the_table() -> None:
    assert [_label(row.file) for row in ROWS] == [_label(file) for file in FILES]


@pytest.mark.parametrize("sender", SENDERS)
def test_each_line_of_the_table_speaks_of_a_file(sender: str) -> None:
    keys = [key for key, _, _ in TABLES[sender]]
    assert keys == sorted(set(keys), key=lambda key: key.split("/")[::-1])
    labels = [_label(file).split("/") for file in FILES]
    of_one = {f"{version}/{name}" for owner, version, name in labels if owner == sender}
    of_all = {key.partition("/")[2] for key in of_one - set(keys)}
    assert set(keys) <= of_one | of_all


@pytest.mark.parametrize("folder", FOLDERS)
def test_reports(folder: str) -> None:
    wrong = {}
    for row in (row for row in ROWS if _folder(row.file) == folder):
        content = row.file.read_bytes()
        reports = read(content)
        domain = _defect(row.file) if b"anna@" in content else None
        told = [(_named(one.problems[0]), one.domain, one.host) for one in reports]
        if told != [(row.problem, domain, row.host)]:
            wrong[row.file.name] = told
    assert wrong == {}


AMBIGUOUS = [
    row
    for row in ROWS
    if row.problem in {"certificate-not-verified", "tls-handshake-failed"}
    and WRONG.get(_defect(row.file), "").startswith(("certificate-", "tls-version", "tls-cipher"))
    and WRONG[_defect(row.file)] != "certificate-needs-sni"
]
"""What the server said may mean several problems, and the lab knows which it is."""


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_ambiguous_text_leaves_the_right_problem_possible(folder: str) -> None:
    wrong = {}
    for row in (row for row in AMBIGUOUS if _folder(row.file) == folder):
        possible = {problem.id for one in read(row.file.read_bytes()) for problem in one.problems}
        if WRONG[_defect(row.file)] not in possible:
            wrong[row.file.name] = possible
    assert wrong == {}


MACHINE_READABLE = re.compile(rb"\nContent-type: message/delivery-status", re.IGNORECASE)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_report_says_the_same_of_the_mail_to_people_and_to_programs(folder: str) -> None:
    wrong = {}
    for file in (file for file in FILES if file.suffix == ".eml" and _folder(file) == folder):
        content = file.read_bytes()
        said = set(re.findall(r"(?m)^Action: (\w+)", content.decode("latin-1")))
        for_people, *_ = MACHINE_READABLE.split(content)
        told = [{one.action for one in read(text)} for text in (content, for_people)]
        if told != [said, said]:
            wrong[file.name] = (said, told)
    assert wrong == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_line_of_a_log(folder: str) -> None:
    wrong = []
    for file in (file for file in LOGS if _folder(file) == folder):
        for line in file.read_text("latin-1").splitlines():
            said = [problem for words, problem in LINES if re.search(words, line)]
            told = [_named(one.problems[0]) for one in read(line)]
            if told != said[:1]:
                wrong.append((file.name, line, told, said[:1]))
    assert wrong == []
