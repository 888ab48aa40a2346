"""How a sender walks from address to address."""

from itertools import pairwise

from tests.lab.expectations import EXPIRED, HEALTHY, each, fails, unknown, warns
from tests.lab.model import Certificate, Delegation, Host, LabDomain, Postfix, Scripted


def _alias_chain(length: int, first: str, last: str) -> tuple[str, ...]:
    """So many aliases from one name to another."""
    names = [first, *(f"alias{n}.{first}" for n in range(1, length)), last]
    return tuple(f"{name} CNAME {target}" for name, target in pairwise(names))


def _further_servers(domain: str, number: int) -> tuple[str, ...]:
    return tuple(f"{domain} MX {20 + n} mx{n}-{'x' * 50}.{domain}" for n in range(number))


ROWS = [
    LabDomain(
        "mx-denied.test",
        "its name servers deny the name when asked for a mail server, and know its address",
        {**HEALTHY, "exim": ("fails", "domain-not-found")},
        (Host("", None),),
        delegation=Delegation.DENYING,
    ),
    LabDomain(
        "alias-chain.test",
        "the domain is an alias of an alias, and so on, twenty times",
        HEALTHY,
        (),
        _alias_chain(20, "alias-chain", "healthy"),
    ),
    LabDomain(
        "mx-alias-chain.test",
        "the mail server is an alias of an alias, and so on, eight times",
        HEALTHY,
        (Host("target", None, Postfix(Certificate(("mx.mx-alias-chain.test",)))),),
        (
            "mx-alias-chain MX 10 mx.mx-alias-chain",
            *_alias_chain(8, "mx.mx-alias-chain", "target.mx-alias-chain"),
        ),
    ),
    LabDomain(
        "alias-loop.test",
        "the mail server is an alias of itself",
        unknown("dns-failure"),
        (),
        (
            "alias-loop MX 10 mx.alias-loop",
            "mx.alias-loop CNAME mx2.alias-loop",
            "mx2.alias-loop CNAME mx.alias-loop",
        ),
    ),
    LabDomain(
        "mx-with-blank.test",
        "there is a blank in the mail server's name, where the preference was written twice",
        fails("no-mail-server"),
        (Host("mail", None),),
        (r"mx-with-blank MX 10 10\032mail.mx-with-blank",),
    ),
    LabDomain(
        "loopback-beside.test",
        "the mail server has a healthy address, and 127.0.0.1",
        fails("mail-server-address-invalid"),
        records=("mx.loopback-beside A 127.0.0.1",),
    ),
    LabDomain(
        "zero-beside.test",
        "the mail server has a healthy address, and 0.0.0.0",
        {
            **unknown("mail-server-address-invalid"),
            "exim": ("fails", "mail-server-address-invalid"),
        },
        records=("mx.zero-beside A 0.0.0.0",),
    ),
    LabDomain(
        "loopback-in-ipv6-beside.test",
        "the mail server has a healthy address, and ::ffff:127.0.0.1",
        {
            **unknown("mail-server-address-invalid"),
            **dict.fromkeys(
                ("profihost", "exim"), ("delivers-with-warnings", "mail-server-address-invalid")
            ),
        },
        records=("mx.loopback-in-ipv6-beside AAAA ::ffff:127.0.0.1",),
    ),
    LabDomain(
        "loopback-backup.test",
        "the preferred mail server is healthy, the second one's address is 127.0.0.1",
        warns("mail-server-address-invalid"),
        records=("loopback-backup MX 20 mx2.loopback-backup", "mx2.loopback-backup A 127.0.0.1"),
    ),
    LabDomain(
        "loopback-backup-first-dead.test",
        "the preferred mail server is down, the second one's address is 127.0.0.1",
        unknown("connection-failed"),
        (Host(server=None),),
        (
            "loopback-backup-first-dead MX 20 mx2.loopback-backup-first-dead",
            "mx2.loopback-backup-first-dead A 127.0.0.1",
        ),
    ),
    LabDomain(
        "second-address-starttls-502.test",
        "two addresses of one name; one of them answers 502 to STARTTLS",
        {
            **unknown("starttls-failed"),
            **dict.fromkeys(("profihost", "exim"), ("delivers-with-warnings", "starttls-failed")),
        },
        (Host(others=(Scripted("starttls_502"),)),),
    ),
    LabDomain(
        "second-address-expired.test",
        "two addresses of one name; the certificate of one has expired",
        warns("certificate-expired"),
        (Host(others=(Postfix(EXPIRED),)),),
    ),
    LabDomain(
        "second-address-dead.test",
        "two addresses of one name; nothing listens at one of them",
        warns("connection-failed"),
        (Host(others=(None,)),),
    ),
    LabDomain(
        "second-address-554.test",
        "two addresses of one name; one of them greets with 554",
        each(
            "greeting-refused",
            mediafinanz="delivers-with-warnings",
            profihost="unknown",
            careful="delivers-with-warnings",
        ),
        (Host(others=(Scripted("greeting_554"),)),),
    ),
    LabDomain(
        "second-address-no-starttls.test",
        "two addresses of one name; one of them offers no encryption",
        warns("starttls-not-supported"),
        (Host(others=(Scripted("starttls_masked"),)),),
    ),
    LabDomain(
        "equal-one-554.test",
        "two mail servers of the same preference; one of them greets with 554",
        each(
            "greeting-refused",
            mediafinanz="delivers-with-warnings",
            profihost="unknown",
            careful="delivers-with-warnings",
        ),
        (Host("mx1", 10, Scripted("greeting_554")), Host("mx2", 10)),
    ),
    LabDomain(
        "equal-one-handshake-closed.test",
        "two mail servers of the same preference; one of them closes where TLS should begin",
        warns("tls-handshake-failed"),
        (Host("mx1", 10, Scripted("close_at_handshake")), Host("mx2", 10)),
    ),
    LabDomain(
        "equal-one-dead.test",
        "two mail servers of the same preference; nothing listens at one of them",
        warns("connection-failed"),
        (Host("mx1", 10, None), Host("mx2", 10)),
    ),
    LabDomain(
        "first-tls-1-1.test",
        "the preferred mail server speaks TLS 1.1 and nothing else, the second one is healthy",
        each(
            "tls-version",
            mediafinanz="delivers-with-warnings",
            profihost="unknown",
            careful="delivers-with-warnings",
        ),
        (Host("mx1", 10, Postfix(settings={"smtpd_tls_protocols": "<=TLSv1.1"})), Host("mx2", 20)),
    ),
    LabDomain(
        "ten-addresses.test",
        "ten addresses of one name, of which only the last is up",
        each(
            "connection-failed",
            mediafinanz="unknown",
            profihost="delivers-with-warnings",
            careful="unknown",
        ),
        (Host(server=None, others=(*[None] * 8, Postfix())),),
    ),
    LabDomain(
        "mx-answer-large.test",
        "ninety further mail servers, whose names do not exist: the answer has seven kilobytes",
        warns("no-mail-server"),
        records=_further_servers("mx-answer-large", 90),
    ),
    LabDomain(
        "mx-answer-over-100.test",
        "200 further mail servers, whose names do not exist: Postfix takes any 100 of them",
        {
            **each(
                "no-mail-server",
                mediafinanz="unknown",
                profihost="delivers-with-warnings",
                careful="unknown",
            ),
            "exim": ("delivers-with-warnings", "no-mail-server"),
        },
        records=_further_servers("mx-answer-over-100", 200),
    ),
]
