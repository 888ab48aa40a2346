"""Which hosts a name in a certificate stands for: seen of Postfix 3.7 and 3.10, and of Exim."""

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from checker.certificate.faults import Sender, find_faults
from checker.certificate.matching import matches
from checker.certificate.shown import Shown
from checker.senders import PROFILES, Server, System
from checker.senders.hello import Checking
from tests.checker.certificates import NOW, certificate, name

HOST = "mx.example.org"


@pytest.mark.parametrize(
    ("pattern", "host", "openssl", "gnutls"),
    [
        ("mx.example.org", HOST, True, True),
        ("MX.Example.Org", HOST, True, True),
        ("*.example.org", HOST, True, True),
        ("*.EXAMPLE.org", HOST, True, True),
        ("*.example.org", "xn--mx-fka.example.org", True, True),
        ("*.example.org", "mx_1.example.org", False, True),
        ("*x.example.org", HOST, False, True),
        ("*mx.example.org", HOST, False, True),
        ("m*.example.org", HOST, False, False),
        ("mx.*.org", HOST, False, False),
        ("*.*.org", HOST, False, False),
        ("*.org", "example.org", False, False),
        ("*", HOST, False, False),
        ("*.example.org", "a.mx.example.org", False, False),
        ("*.example.org", "example.org", False, False),
        ("mx.example.org ", HOST, False, False),
        ("mx.example.org.", HOST, False, False),
        (".example.org", HOST, False, False),
        ("mx.example.org\0.example.com", HOST, False, False),
        ("", HOST, False, False),
    ],
)
def test_a_name_and_a_host(pattern: str, host: str, *, openssl: bool, gnutls: bool) -> None:
    assert matches(pattern, host) is openssl
    assert matches(pattern, host, is_gnutls=True) is gnutls


_SERVICE = x509.ObjectIdentifier("1.3.6.1.5.5.7.8.7")


@pytest.mark.parametrize(
    ("others", "bears"),
    [
        ([x509.RFC822Name("a@example.org")], True),
        ([x509.DirectoryName(name("mx"))], True),
        ([x509.RegisteredID(x509.ObjectIdentifier("1.2.3"))], True),
        ([x509.OtherName(x509.ObjectIdentifier("1.2.3"), b"\x0c\x01x")], True),
        ([x509.UniformResourceIdentifier("https://example.org")], False),
        ([x509.OtherName(_SERVICE, b"\x16\x02_x")], False),
        ([x509.DNSName("other.example.org")], False),
    ],
)
def test_beside_which_names_gnutls_takes_the_common_name(
    others: list[x509.GeneralName], *, bears: bool
) -> None:
    assert _bears(certificate(*others, subject=name(HOST)), Server.EXIM) is bears


def test_of_two_common_names_gnutls_takes_neither() -> None:
    two = [x509.NameAttribute(NameOID.COMMON_NAME, one) for one in (HOST, "other.example.org")]
    leaf = certificate(subject=x509.Name(two))
    assert not _bears(leaf, Server.EXIM)
    assert _bears(leaf, Server.POSTFIX)


def _bears(leaf: x509.Certificate, server: Server) -> bool:
    rules = PROFILES[server, System.DEBIAN_12].rules(Checking.CERTIFICATE)
    sender = Sender(rules, is_gnutls=server is Server.EXIM)
    findings = find_faults(Shown((leaf,), (leaf,)), [HOST], NOW, list, sender)
    return all(finding.id != "certificate-host-mismatch" for finding in findings)
