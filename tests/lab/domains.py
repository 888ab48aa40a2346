"""The lab's domains: the table that everything else in the lab is made from.

What is expected is the oracle: it follows from how real mail servers behave and from what the
operators say of theirs, not from the checker.
"""

from datetime import timedelta
from types import MappingProxyType

from tests.lab.model import (
    Certificate,
    Chain,
    Delegation,
    Expectation,
    Host,
    Issuer,
    Key,
    LabDomain,
    Postfix,
    Scripted,
)

DELIVERS: Expectation = ("delivers", "no-problem-found")
EXPIRED = Certificate(begins=timedelta(days=-90), ends=timedelta(days=-10))


def _all(outcome: str, problem: str) -> dict[str, Expectation]:
    """Every operator's server does the same."""
    return dict.fromkeys(("mediafinanz", "profihost", "careful"), (outcome, problem))


def _certificate_fault(problem: str) -> dict[str, Expectation]:
    """Level ``verify`` minds the certificate, level ``encrypt`` accepts every one."""
    return {**_all("fails", problem), "profihost": ("delivers-with-warnings", problem)}


HEALTHY = MappingProxyType(dict.fromkeys(("mediafinanz", "profihost", "careful"), DELIVERS))


def _warns(problem: str) -> dict[str, Expectation]:
    return _all("delivers-with-warnings", problem)


def _unknown(problem: str) -> dict[str, Expectation]:
    return _all("unknown", problem)


def _fails(problem: str) -> dict[str, Expectation]:
    return _all("fails", problem)


NO_STARTTLS = {
    **_fails("starttls-not-supported"),
    "profihost": ("unknown", "starttls-not-supported"),
}
TLS_1_3_NEEDED = {**HEALTHY, "mediafinanz": ("fails", "tls-version")}


def _mx(server: Postfix | Scripted | None) -> tuple[Host, ...]:
    return (Host(server=server),)


def _postfix(certificate: Certificate | None = None, **settings: str) -> tuple[Host, ...]:
    return _mx(Postfix(certificate or Certificate(), settings))


def _versions(versions: str) -> tuple[Host, ...]:
    return _postfix(smtpd_tls_protocols=versions)


def _script(script: str, certificate: Certificate | None = None) -> tuple[Host, ...]:
    return _mx(Scripted(script, certificate or Certificate()))


_HEALTHY_SERVERS = [
    LabDomain("healthy.test", "Postfix, TLS 1.2 and 1.3, a faultless certificate", HEALTHY),
    LabDomain(
        "tls-1-2-only.test", "TLS 1.2 and nothing else", HEALTHY, _versions(">=TLSv1.2, <=TLSv1.2")
    ),
    LabDomain(
        "tls-1-3-only.test",
        "TLS 1.3 and nothing else",
        TLS_1_3_NEEDED,
        _versions(">=TLSv1.3"),
    ),
    LabDomain(
        "wildcard.test",
        "the certificate bears a wildcard that fits",
        HEALTHY,
        _postfix(Certificate(names=("*.wildcard.test",))),
    ),
    LabDomain(
        "common-name-only.test",
        "the certificate bears its name in the subject alone",
        HEALTHY,
        _postfix(Certificate(common_name_only=True)),
    ),
    LabDomain(
        "old-cipher.test",
        "TLS 1.2 with AES128-SHA and RSA key exchange only",
        HEALTHY,
        _postfix(
            Certificate(key=Key.RSA),
            smtpd_tls_protocols=">=TLSv1.2, <=TLSv1.2",
            tls_medium_cipherlist="AES128-SHA:@SECLEVEL=0",
        ),
    ),
    LabDomain(
        "xn--mller-kva.test",
        "a domain with an umlaut",
        HEALTHY,
        address="anna@müller.test",
    ),
    LabDomain(
        "unsigned.test",
        "a healthy domain in a zone without DNSSEC",
        HEALTHY,
        delegation=Delegation.UNSIGNED,
    ),
    LabDomain(
        "implicit-mx.test",
        "no MX record: the domain's own address takes the mail",
        HEALTHY,
        (Host("", None),),
    ),
    LabDomain(
        "equal-preference.test",
        "two healthy mail servers of the same preference",
        HEALTHY,
        (Host("mx1"), Host("mx2")),
    ),
    LabDomain(
        "cname-mx.test",
        "the MX record names an alias, and the certificate bears the alias",
        HEALTHY,
        (Host("target", None, Postfix(Certificate(names=("mx.cname-mx.test",)))),),
        ("cname-mx MX 10 mx.cname-mx", "mx.cname-mx CNAME target.cname-mx"),
    ),
    LabDomain(
        "greeting-slow.test",
        "the greeting has several lines, and they come late",
        HEALTHY,
        _script("slow_greeting"),
    ),
    LabDomain(
        "hostile-text.test",
        "every reply holds HTML, ANSI escapes and bidirectional controls",
        HEALTHY,
        _script("hostile_text"),
    ),
    LabDomain(
        "held-replies.test",
        "healthy, but every reply is held for a while",
        HEALTHY,
        (
            Host(server=Scripted("held_replies")),
            Host(
                "behind",
                None,
                Scripted("healthy", Certificate(names=("mx.held-replies.test",))),
            ),
        ),
    ),
]

_ENCRYPTION = [
    LabDomain(
        "tls-1-1-only.test",
        "TLS 1.1 and nothing else",
        _fails("tls-version"),
        _versions(">=TLSv1.1, <=TLSv1.1"),
    ),
    LabDomain(
        "tls-1-0-only.test",
        "TLS 1.0 and nothing else",
        _fails("tls-version"),
        _versions("<=TLSv1"),
    ),
    LabDomain(
        "ssl-3-only.test",
        "SSL 3.0 and nothing else",
        _fails("tls-version"),
        _script("ssl_3", Certificate(key=Key.RSA)),
    ),
    LabDomain(
        "triple-des-only.test",
        "the only cipher is 3DES",
        _fails("tls-cipher"),
        _script("triple_des", Certificate(key=Key.RSA)),
    ),
    LabDomain(
        "null-cipher.test",
        "the only ciphers do not encrypt at all",
        _fails("tls-cipher"),
        _script("null_cipher"),
    ),
    LabDomain(
        "dh-512.test",
        "the Diffie-Hellman group has 512 bits",
        _fails("tls-weak-key"),
        _script("dh_512", Certificate(key=Key.RSA)),
    ),
    LabDomain(
        "dh-1024.test",
        "the Diffie-Hellman group has 1024 bits: still accepted by Postfix, not by stricter ones",
        _warns("tls-weak-key"),
        _postfix(
            Certificate(key=Key.RSA),
            smtpd_tls_protocols=">=TLSv1.2, <=TLSv1.2",
            smtpd_tls_dh1024_param_file="/lab/dh-1024.pem",
            tls_medium_cipherlist="kDHE:@SECLEVEL=0",
        ),
    ),
    LabDomain(
        "rsa-1024.test",
        "an RSA key of 1024 bits: still accepted by Postfix, not by stricter ones",
        _warns("tls-weak-key"),
        _postfix(Certificate(key=Key.RSA_1024)),
    ),
    LabDomain(
        "client-certificate.test",
        "demands a certificate of the sending server",
        _fails("tls-client-certificate-required"),
        _script("client_certificate"),
    ),
    LabDomain(
        "no-starttls.test",
        "offers no encryption",
        NO_STARTTLS,
        _mx(Postfix(None, {"smtpd_tls_security_level": "none"})),
    ),
    LabDomain(
        "starttls-masked.test",
        "a middlebox puts XXXXXXXA in the place of STARTTLS",
        NO_STARTTLS,
        _script("starttls_masked"),
    ),
    LabDomain(
        "starttls-454.test",
        "offers STARTTLS and then answers 454",
        _fails("starttls-failed"),
        _script("starttls_454"),
    ),
    LabDomain(
        "starttls-502.test",
        "offers STARTTLS and then answers 502",
        _fails("starttls-failed"),
        _script("starttls_502"),
    ),
    LabDomain(
        "tls-garbage.test",
        "random bytes come instead of a TLS handshake",
        _fails("tls-handshake-failed"),
        _script("tls_garbage"),
    ),
    LabDomain(
        "tls-text.test",
        "goes on in plain SMTP instead of a TLS handshake",
        _fails("tls-handshake-failed"),
        _script("tls_text"),
    ),
    LabDomain(
        "tls-hangs.test",
        "answers nothing to the TLS handshake",
        _unknown("connection-timeout"),
        _script("tls_hangs"),
    ),
    LabDomain(
        "starttls-injection.test",
        "plaintext that somebody slipped in follows the answer to STARTTLS",
        HEALTHY,
        _script("starttls_injection"),
    ),
]

_CERTIFICATES = [
    LabDomain(
        "expired.test",
        "the certificate has expired",
        _certificate_fault("certificate-expired"),
        _postfix(EXPIRED),
    ),
    LabDomain(
        "not-yet-valid.test",
        "the certificate is valid only from next month on",
        _certificate_fault("certificate-not-yet-valid"),
        _postfix(Certificate(begins=timedelta(days=30))),
    ),
    LabDomain(
        "expires-soon.test",
        "the certificate expires in five days",
        _warns("certificate-expires-soon"),
        _postfix(Certificate(ends=timedelta(days=5, hours=1))),
    ),
    LabDomain(
        "self-signed.test",
        "the certificate has signed itself",
        _certificate_fault("certificate-self-signed"),
        _postfix(Certificate(issuer=Issuer.ITSELF)),
    ),
    LabDomain(
        "unknown-ca.test",
        "the issuer is a private CA, and only the leaf is sent",
        _certificate_fault("certificate-not-trusted"),
        _postfix(Certificate(issuer=Issuer.PRIVATE, chain=Chain.LEAF_ONLY)),
    ),
    LabDomain(
        "unknown-ca-with-root.test",
        "the issuer is a private CA, and its root is sent",
        _certificate_fault("certificate-not-trusted"),
        _postfix(Certificate(issuer=Issuer.PRIVATE, chain=Chain.WITH_ROOT)),
    ),
    LabDomain(
        "chain-incomplete.test",
        "the intermediate certificate is not sent",
        _certificate_fault("certificate-chain-incomplete"),
        _postfix(Certificate(chain=Chain.LEAF_ONLY)),
    ),
    LabDomain(
        "wrong-name.test",
        "the certificate bears another name",
        _certificate_fault("certificate-host-mismatch"),
        _postfix(Certificate(names=("www.somebody-else.test",))),
    ),
    LabDomain(
        "wildcard-too-deep.test",
        "the wildcard stands for one label, the mail server's name has two",
        _certificate_fault("certificate-host-mismatch"),
        (Host("mx.mail", server=Postfix(Certificate(names=("*.wildcard-too-deep.test",)))),),
    ),
    LabDomain(
        "cname-mx-target.test",
        "the MX record names an alias, and the certificate bears only the alias's target",
        _certificate_fault("certificate-host-mismatch"),
        (Host("target", None),),
        (
            "cname-mx-target MX 10 mx.cname-mx-target",
            "mx.cname-mx-target CNAME target.cname-mx-target",
        ),
    ),
    LabDomain(
        "wrong-purpose.test",
        "the certificate is made for clients only",
        _certificate_fault("certificate-invalid"),
        _postfix(Certificate(for_servers=False)),
    ),
    LabDomain(
        "sha1-signature.test",
        "the certificate is signed with SHA-1",
        _certificate_fault("certificate-invalid"),
        _postfix(Certificate(issuer=Issuer.WEAK_HASH, key=Key.RSA)),
    ),
    LabDomain(
        "needs-sni.test",
        "shows a certificate only to a sender that says whom it wants (SNI)",
        _fails("certificate-needs-sni"),
        _script("needs_sni"),
    ),
    LabDomain(
        "expired-and-wrong-name.test",
        "the certificate has expired and bears another name",
        _certificate_fault("certificate-expired"),
        _postfix(
            Certificate(("www.somebody-else.test",), begins=EXPIRED.begins, ends=EXPIRED.ends)
        ),
    ),
]

_ROUTES = [
    LabDomain(
        "null-mx.test", "says that it takes no mail", _fails("null-mx"), (), ("null-mx MX 0 .",)
    ),
    LabDomain(
        "null-mx-and-mx.test",
        "says that it takes no mail, and names a mail server",
        _fails("null-mx"),
        (Host(),),
        ("null-mx-and-mx MX 0 .",),
    ),
    LabDomain(
        "mx-without-address.test",
        "the mail server's name has no address",
        _fails("no-mail-server"),
        (),
        ("mx-without-address MX 10 mx.mx-without-address", "mx.mx-without-address TXT empty"),
    ),
    LabDomain(
        "no-mail-server.test",
        "has neither an MX record nor an address",
        _fails("no-mail-server"),
        (),
        ('no-mail-server TXT "v=spf1 -all"',),
    ),
    LabDomain(
        "does-not-exist.test",
        "the domain does not exist",
        _fails("domain-not-found"),
        (),
        exists=False,
    ),
    LabDomain(
        "mx-ip-address.test",
        "the MX record holds an IP address instead of a name",
        _fails("mail-server-address-invalid"),
        (),
        ("mx-ip-address MX 10 192.0.2.1.",),
    ),
    LabDomain(
        "mx-localhost.test",
        "the mail server's address is 127.0.0.1",
        _fails("mail-server-address-invalid"),
        (),
        ("mx-localhost MX 10 mx.mx-localhost", "mx.mx-localhost A 127.0.0.1"),
    ),
    LabDomain(
        "mx-private-address.test",
        "the mail server's address is a private one",
        _fails("mail-server-address-invalid"),
        (),
        ("mx-private-address MX 10 mx.mx-private-address", "mx.mx-private-address A 10.1.2.3"),
    ),
    LabDomain(
        "dnssec-bogus.test",
        "healthy, but its DNSSEC signatures do not fit",
        _warns("dnssec-invalid"),
        delegation=Delegation.BOGUS,
    ),
    LabDomain(
        "dns-lame.test",
        "its name servers refuse to answer",
        _unknown("dns-failure"),
        (),
        delegation=Delegation.LAME,
    ),
    LabDomain(
        "dns-dead.test",
        "its name servers never answer",
        _unknown("dns-failure"),
        (),
        delegation=Delegation.DEAD,
    ),
    LabDomain(
        "first-expired.test",
        "the preferred mail server's certificate has expired, the second one is healthy",
        _warns("certificate-expired"),
        (Host("mx1", 10, Postfix(EXPIRED)), Host("mx2", 20)),
    ),
    LabDomain(
        "first-dead.test",
        "the preferred mail server is down, the second one is healthy",
        _warns("connection-failed"),
        (Host("mx1", 10, None), Host("mx2", 20)),
    ),
    LabDomain(
        "sixth-healthy.test",
        "five mail servers with expired certificates, the sixth is healthy",
        _certificate_fault("certificate-expired"),
        (*(Host(f"mx{n}", n, Postfix(EXPIRED)) for n in range(1, 6)), Host("mx6", 6)),
    ),
    LabDomain(
        "many-servers.test",
        "31 mail servers, of which only the last is up",
        _unknown("connection-failed"),
        (*(Host(f"mx{n}", n, None) for n in range(1, 31)), Host("mx31", 31)),
    ),
]

_CONVERSATIONS = [
    LabDomain(
        "connection-refused.test",
        "nothing listens at the mail server's address",
        _unknown("connection-failed"),
        _mx(None),
    ),
    LabDomain(
        "connection-reset.test",
        "every connection is reset at once",
        _unknown("connection-failed"),
        _script("reset"),
    ),
    LabDomain(
        "greeting-421.test",
        "greets with 421",
        _unknown("temporarily-refused"),
        _script("greeting_421"),
    ),
    LabDomain(
        "greeting-554.test",
        "greets with 554",
        _unknown("greeting-refused"),
        _script("greeting_554"),
    ),
    LabDomain(
        "ehlo-421.test",
        "answers EHLO with 421",
        _unknown("temporarily-refused"),
        _script("ehlo_421"),
    ),
    LabDomain(
        "silent.test",
        "accepts the connection and says nothing",
        _unknown("connection-timeout"),
        _script("silent"),
    ),
    LabDomain(
        "one-byte-a-second.test",
        "sends one byte a second",
        _unknown("connection-timeout"),
        _script("one_byte_a_second"),
    ),
    LabDomain(
        "endless-greeting.test",
        "the greeting's lines never end",
        _unknown("not-smtp"),
        _script("endless_greeting"),
    ),
    LabDomain(
        "endless-line.test",
        "the greeting is a line of 64 MB",
        _unknown("not-smtp"),
        _script("endless_line"),
    ),
    LabDomain("http.test", "speaks HTTP instead of SMTP", _unknown("not-smtp"), _script("http")),
]

DOMAINS: tuple[LabDomain, ...] = (
    *_HEALTHY_SERVERS,
    *_ENCRYPTION,
    *_CERTIFICATES,
    *_ROUTES,
    *_CONVERSATIONS,
)
"""Every domain of the lab."""
