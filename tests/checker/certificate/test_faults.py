"""What is wrong with a certificate, and what it is."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from datetime import timedelta
from ipaddress import IPv4Address, IPv4Network
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.name import _ASN1Type
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from hypothesis import example, given, settings
from hypothesis import strategies as st
from OpenSSL import crypto

from checker.certificate import dane
from checker.certificate.faults import Sender, bears_name, describe, find_faults
from checker.certificate.matching import matches
from checker.certificate.shown import Flaw, Shown, read
from checker.facts import Finding, Handshake, PathError, TlsaRecord
from checker.problems import Cause
from checker.senders import PROFILES, Server, System
from checker.senders.hello import Checking
from tests.checker.certificates import (
    KEY,
    NOW,
    alternative_names,
    certificate,
    extension,
    handwritten,
    name,
)
from tests.examples import examples

HOST = "mx.example.org"
GOOD = certificate(HOST)
DER = GOOD.public_bytes(Encoding.DER)


def found(
    *chain: x509.Certificate,
    errors: tuple[tuple[int, int], ...] = (),
    organizations: tuple[str, ...] = (),
    host: str = HOST,
) -> tuple[Finding, ...]:
    """The faults of a chain with OpenSSL's errors, each a code and a depth."""
    flaws = tuple(Flaw(code, depth, chain[min(depth, len(chain) - 1)]) for code, depth in errors)
    return find_faults(Shown(chain, flaws=flaws), [host], NOW, lambda: organizations)


def ids(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.id for finding in findings]


@pytest.mark.parametrize(
    ("names", "host", "bears"),
    [
        (["mx.example.org"], "mx.example.org", "yes"),
        (["MX.Example.ORG"], "mx.example.org", "yes"),
        (["a.example.org", "mx.example.org"], "mx.example.org", "yes"),
        (["*.example.org"], "mx.example.org", "yes"),
        (["*.example.org"], "example.org", "no"),
        (["*.example.org"], "mx.mail.example.org", "no"),
        (["mx.example.org"], "example.org", "no"),
        (["example.org"], "mx.example.org", "no"),
        (["*"], "mx.example.org", "no"),
        (["m*.example.org"], "mx.example.org", "no"),
        (["*.*.org"], "mx.example.org", "no"),
        (["mx.*.org"], "mx.example.org", "no"),
        (["*.xn--mller-kva.de"], "mx.xn--mller-kva.de", "yes"),
        (["mx.xn--mller-kva.de"], "mx.xn--mller-kva.de", "yes"),
        (["mx.example.org.evil.com"], "mx.example.org", "no"),
        (["mx.example.org\x00.evil.com"], "mx.example.org", "no"),
        ([x509.IPAddress(IPv4Address("192.0.2.1"))], "192.0.2.1", "no"),
        ([x509.RFC822Name("mx@example.org")], "example.org", "no"),
    ],
)
def test_which_names_a_certificate_bears(
    names: list[str | x509.GeneralName], host: str, bears: str
) -> None:
    leaf = certificate(*names, subject=name("somebody.else"))
    assert bears_name(leaf, host) is (bears == "yes")


_NAMES = [
    *("mx.example.org", "MX.Example.org", "mx.example.org.", " mx.example.org", "*.example.org"),
    *("m_x.example.org", "*.*.org", "192.0.2.1", "1", "", "org"),
]
_HOSTS = [name for name in _NAMES if " " not in name]
_OTHERS = [
    x509.IPAddress(IPv4Address("192.0.2.1")),
    x509.RFC822Name("mx@example.org"),
    x509.UniformResourceIdentifier("https://mx.example.org"),
    x509.UniformResourceIdentifier("mx.example.org"),
]


@pytest.mark.parametrize("first", _NAMES)
def test_a_name_found_at_a_glance_is_what_the_library_would_find(first: str) -> None:
    for second in (None, *_NAMES, *_OTHERS):
        names = [first] if second is None else [first, second]
        leaf = certificate(*names)
        for host in _HOSTS:
            found = any(matches(one, host) for one in names if isinstance(one, str))
            assert bears_name(leaf, host) is found


@pytest.mark.parametrize(
    ("common_name", "bears"),
    [("mx.example.org", "yes"), ("*.example.org", "yes"), ("example.org", "no"), ("MX 1", "no")],
)
def test_the_common_name_counts_only_where_nothing_else_is(common_name: str, bears: str) -> None:
    assert bears_name(certificate(subject=name(common_name)), HOST) is (bears == "yes")
    assert not bears_name(certificate("a.example", subject=name(common_name)), HOST)


@pytest.mark.parametrize(
    ("signs", "decrypts", "encrypts_to_key", "minded"),
    [
        (True, True, False, False),
        (True, False, False, False),
        (False, True, False, True),
        (False, True, True, False),
        (True, False, True, True),
        (False, False, True, True),
    ],
)
def test_the_key_must_be_for_what_it_did(
    *, signs: bool, decrypts: bool, encrypts_to_key: bool, minded: bool
) -> None:
    leaf = certificate(HOST, extensions=(_key_usage(signs=signs, decrypts=decrypts),))
    rules = PROFILES[Server.EXIM, System.DEBIAN_12].rules(Checking.CERTIFICATE)
    sender = Sender(rules, is_gnutls=True, encrypts_to_key=encrypts_to_key)
    findings = find_faults(Shown((leaf,), (leaf,)), [HOST], NOW, list, sender)
    assert [finding.cause for finding in findings] == ([Cause.KEY_USAGE] if minded else [])


def _key_usage(*, signs: bool, decrypts: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=False,
        key_encipherment=decrypts,
        data_encipherment=True,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )


@pytest.mark.parametrize(
    ("sent", "server", "minded"),
    [
        (16, Server.EXIM, False),
        (17, Server.EXIM, True),
        (17, Server.POSTFIX, False),
    ],
)
def test_gnutls_minds_a_long_chain_though_it_needs_but_a_part(
    sent: int, server: Server, *, minded: bool
) -> None:
    leaf = certificate(HOST)
    rules = PROFILES[server, System.DEBIAN_12].rules(Checking.CERTIFICATE)
    sender = Sender(rules, is_gnutls=server is Server.EXIM)
    findings = find_faults(Shown((leaf,) * sent, (leaf,)), [HOST], NOW, list, sender)
    assert [finding.id for finding in findings] == (["certificate-invalid"] if minded else [])


ROOT = certificate(subject=name("Root"), issuer=name("Root"))
LEAF = certificate(HOST, issuer=name("CA"))


def _ca(*extensions: x509.ExtensionType, issuer: str = "Root", **more: Any) -> x509.Certificate:  # noqa: ANN401
    return certificate(subject=name("CA"), issuer=name(issuer), extensions=extensions, **more)


def _critical() -> x509.Certificate:
    builder = x509.CertificateBuilder(name("Root"), name("CA"), KEY.public_key(), 1)
    builder = builder.not_valid_before(NOW).not_valid_after(NOW + timedelta(days=90))
    constraints = x509.PolicyConstraints(0, None)
    return builder.add_extension(constraints, critical=True).sign(KEY, hashes.SHA256())


def _minded(
    path: Sequence[x509.Certificate], server: Server, *first: x509.Certificate
) -> list[object]:
    rules = PROFILES[server, System.DEBIAN_12].rules(Checking.CERTIFICATE)
    sender = Sender(rules, is_gnutls=server is Server.EXIM)
    shown = Shown((path[0], *first, *path[1:]), tuple(path))
    return [
        finding.evidence.get("cause", finding.id)
        for finding in find_faults(shown, [HOST], NOW, list, sender)
    ]


@pytest.mark.parametrize(
    ("path", "cause"),
    [
        ([LEAF, _ca(), ROOT], None),
        ([certificate(HOST, issuer=name("ca")), _ca(), ROOT], "issuer-name"),
        ([certificate(HOST, issuer=name("C  A")), _ca(), ROOT], "issuer-name"),
        ([LEAF, _ca(issuer="ROOT"), ROOT], "issuer-name"),
        ([LEAF, _critical(), ROOT], "unknown-critical-extension"),
        ([LEAF, _ca(x509.PolicyConstraints(0, None)), ROOT], None),
        ([LEAF, _ca(key=ec.generate_private_key(ec.SECP256K1())), ROOT], "unknown-algorithm"),
        ([LEAF, _ca(key=ec.generate_private_key(ec.SECP521R1())), ROOT], None),
        ([LEAF, _ca(x509.BasicConstraints(ca=True, path_length=0)), ROOT], None),
        (
            [LEAF, _ca(issuer="CA"), _ca(x509.BasicConstraints(ca=True, path_length=0)), ROOT],
            "path-length",
        ),
        (
            [LEAF, _ca(issuer="CA"), _ca(x509.BasicConstraints(ca=True, path_length=1)), ROOT],
            None,
        ),
    ],
)
def test_gnutls_minds_what_openssl_passes_over(
    path: list[x509.Certificate], cause: str | None
) -> None:
    assert _minded(path, Server.EXIM) == ([cause] if cause else [])
    assert _minded(path, Server.POSTFIX) == []


AUTHORITY = x509.BasicConstraints(ca=True, path_length=None)
OTHER_KEY = ec.generate_private_key(ec.SECP256R1())
PAST = timedelta(days=-1)


def _of_key(key: ec.EllipticCurvePrivateKey = KEY) -> x509.SubjectKeyIdentifier:
    return x509.SubjectKeyIdentifier.from_public_key(key.public_key())


def _by_key(
    serial: int | None = None, key: ec.EllipticCurvePrivateKey = KEY
) -> x509.AuthorityKeyIdentifier:
    """Whose signature it is; with a serial number, also of which certificate of a stranger."""
    named = None if serial is None else [x509.DirectoryName(name("Nobody"))]
    return x509.AuthorityKeyIdentifier(_of_key(key).digest, named, serial)


def test_gnutls_takes_the_first_certificate_of_an_issuer_that_was_sent() -> None:
    expired, path = _ca(AUTHORITY, ends=PAST), [LEAF, _ca(AUTHORITY), ROOT]
    assert _minded(path, Server.EXIM, expired) == ["certificate-expired"]
    assert _minded(path, Server.POSTFIX, expired) == []
    assert _minded(path, Server.EXIM, _ca(AUTHORITY), expired) == []
    itself = _ca(AUTHORITY, issuer="CA", ends=PAST)
    assert _minded(path, Server.EXIM, itself) == ["certificate-expired"]
    strangers = _ca(AUTHORITY, issuer="Stranger", ends=PAST)
    assert _minded(path, Server.EXIM, strangers) == ["certificate-not-trusted"]
    assert _minded(path, Server.POSTFIX, strangers) == []
    # Another key it notices where a certificate says which one it is of.
    namesake = _ca(AUTHORITY, key=OTHER_KEY)
    assert _minded(path, Server.EXIM, namesake) == ["signature"]
    by_key = certificate(HOST, issuer=name("CA"), extensions=(_by_key(),))
    namesake = _ca(AUTHORITY, _of_key(OTHER_KEY), ends=PAST, key=OTHER_KEY)
    assert _minded([by_key, *path[1:]], Server.EXIM, namesake) == []
    # The anchor is believed as it is.
    root = certificate(subject=name("Root"), issuer=name("Root"), ends=PAST)
    assert _minded(path, Server.EXIM, root) == []


RSA_KEY = rsa.generate_private_key(65537, 2048)
_Digest = hashes.SHA256 | hashes.SHA384 | hashes.SHA512


@pytest.mark.parametrize(
    ("digest", "mask", "salt", "minded"),
    [
        (hashes.SHA256(), hashes.SHA256(), 32, False),
        (hashes.SHA384(), hashes.SHA384(), 48, False),
        (hashes.SHA512(), hashes.SHA512(), 64, False),
        (hashes.SHA256(), hashes.SHA256(), 0, True),
        (hashes.SHA256(), hashes.SHA256(), 20, True),
        (hashes.SHA256(), hashes.SHA256(), 33, True),
        (hashes.SHA512(), hashes.SHA512(), 32, True),
        (hashes.SHA256(), hashes.SHA512(), 32, True),
        (hashes.SHA512(), hashes.SHA256(), 64, True),
    ],
)
def test_gnutls_knows_rsa_pss_as_tls_has_it(
    digest: _Digest, mask: _Digest, salt: int, *, minded: bool
) -> None:
    builder = x509.CertificateBuilder(name("CA"), name(HOST), KEY.public_key(), 1)
    builder = builder.not_valid_before(NOW).not_valid_after(NOW + timedelta(days=90))
    names = x509.SubjectAlternativeName([x509.DNSName(HOST)])
    signature = padding.PSS(padding.MGF1(mask), salt)
    leaf = builder.add_extension(names, critical=False).sign(RSA_KEY, digest, rsa_padding=signature)
    path = [leaf, _ca(key=RSA_KEY), ROOT]
    assert _minded(path, Server.EXIM) == (["signature"] if minded else [])
    assert _minded(path, Server.POSTFIX) == []


GERMANY = x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, "DE")]))
ID = x509.RegisteredID(x509.ObjectIdentifier("1.2.3"))
OTHER_NAME = x509.OtherName(x509.ObjectIdentifier("1.2.3"), b"\x0c\x01x")
ADDRESS = x509.IPAddress(IPv4Network("10.0.0.0/8"))
MAIL = x509.RFC822Name("example.com")


def _below(name: str) -> x509.DNSName:
    return x509.DNSName(name)


@pytest.mark.parametrize(
    ("permitted", "excluded", "minded"),
    [
        ([GERMANY], [], False),
        ([], [GERMANY], True),
        ([_below("example.org")], [GERMANY], True),
        ([ID], [], True),
        ([], [ID], True),
        ([OTHER_NAME], [], True),
        ([_below("example.org"), ADDRESS, MAIL], [_below("example.com")], False),
        ([], [ADDRESS, MAIL, x509.UniformResourceIdentifier("example.com")], False),
    ],
)
@pytest.mark.parametrize("of_root", [False, True])
def test_gnutls_refuses_the_constraints_that_it_does_not_compare(
    permitted: list[x509.GeneralName],
    excluded: list[x509.GeneralName],
    *,
    minded: bool,
    of_root: bool,
) -> None:
    constraints = x509.NameConstraints(permitted or None, excluded or None)
    root = certificate(
        subject=name("Root"), issuer=name("Root"), extensions=(constraints,) * of_root
    )
    path = [LEAF, _ca(*(() if of_root else (constraints,))), root]
    assert _minded(path, Server.EXIM) == (["name-constraints"] if minded else [])
    assert _minded(path, Server.POSTFIX) == []


@pytest.mark.parametrize(
    ("permitted", "excluded", "taken"),
    [
        ([GERMANY], [], True),
        ([GERMANY, _below("example.org")], [], True),
        ([GERMANY, _below("mx.example.org")], [_below("example.com")], True),
        ([GERMANY, _below(".example.org")], [], True),
        ([GERMANY, _below("")], [], True),
        ([GERMANY, _below("x.example.org")], [], False),
        ([_below("xample.org")], [], False),
        ([GERMANY], [_below("org")], False),
        ([GERMANY, ADDRESS], [], True),
        ([GERMANY, MAIL], [], False),
    ],
)
def test_gnutls_does_not_compare_directory_names(
    permitted: list[x509.GeneralName], excluded: list[x509.GeneralName], *, taken: bool
) -> None:
    leaf = certificate(HOST, x509.RFC822Name("a@example.net"), issuer=name("CA"))
    path = (leaf, _ca(x509.NameConstraints(permitted, excluded or None)), ROOT)
    shown = Shown(path, path, flaws=(Flaw(47, 0, leaf),))
    rules = PROFILES[Server.EXIM, System.DEBIAN_12].rules(Checking.CERTIFICATE)
    refused, seen = (
        [
            finding.evidence.get("cause")
            for finding in find_faults(shown, [HOST], NOW, list, Sender(rules, is_gnutls=is_gnutls))
        ]
        for is_gnutls in (False, True)
    )
    assert refused == ["name-constraints"]
    assert seen == ([] if taken else refused)


CA_OF_KEY = _ca(AUTHORITY, _of_key())
ITSELF = _ca(AUTHORITY, _of_key(), issuer="CA")


def _leaf(*extensions: x509.ExtensionType) -> x509.Certificate:
    return certificate(HOST, issuer=name("CA"), extensions=extensions)


@pytest.mark.parametrize(
    ("sent", "code", "taken"),
    [
        # The serial number and the name of an issuer say nothing to GnuTLS; the key does.
        ([_leaf(_by_key(99)), CA_OF_KEY], 20, True),
        ([_leaf(x509.AuthorityKeyIdentifier(None, [], 99)), CA_OF_KEY], 20, True),
        ([_leaf(_by_key(key=OTHER_KEY)), CA_OF_KEY], 20, False),
        ([_leaf(_by_key(99, OTHER_KEY)), CA_OF_KEY], 20, False),
        # Behind one that has signed itself it looks for the next.
        ([LEAF, ITSELF, CA_OF_KEY], 19, True),
        ([LEAF, ITSELF, ITSELF, CA_OF_KEY], 19, True),
        ([LEAF, ITSELF, CA_OF_KEY, ITSELF], 19, True),
        ([LEAF, ITSELF], 19, False),
        ([LEAF, _ca(issuer="CA"), CA_OF_KEY], 19, False),
        ([LEAF, _ca(AUTHORITY, issuer="CA", key=OTHER_KEY), CA_OF_KEY], 19, False),
        ([LEAF, ITSELF, _ca(x509.BasicConstraints(ca=True, path_length=0))], 19, False),
        ([LEAF, ITSELF, _ca(AUTHORITY, ends=PAST)], 19, False),
        # The server's own it takes from the first place.
        ([certificate(HOST, issuer=name(HOST)), LEAF, CA_OF_KEY], 18, False),
    ],
)
def test_gnutls_may_know_a_way_that_openssl_does_not_go(
    sent: list[x509.Certificate], code: int, *, taken: bool
) -> None:
    rules = PROFILES[Server.EXIM, System.DEBIAN_12].rules(Checking.CERTIFICATE)
    depth = 1 if code == 19 else 0
    shown = Shown(tuple(sent), (*sent[: depth + 1],), flaws=(Flaw(code, depth, sent[depth]),))
    believed = replace(shown, anchors=(ROOT,))
    to_gnutls, to_openssl, to_nobody = (
        find_faults(one, [HOST], NOW, list, Sender(rules, is_gnutls=is_gnutls))
        for one, is_gnutls in ((believed, True), (believed, False), (shown, True))
    )
    assert to_openssl == to_nobody != ()
    assert to_gnutls == (() if taken else to_openssl)


@pytest.mark.parametrize(
    ("kind", "minded"),
    [
        (_ASN1Type.UTF8String, False),
        (_ASN1Type.PrintableString, False),
        (_ASN1Type.BMPString, False),
        (_ASN1Type.IA5String, True),
        (_ASN1Type.UniversalString, True),
    ],
)
def test_gnutls_does_not_read_each_kind_of_common_name(kind: _ASN1Type, *, minded: bool) -> None:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST, kind)])
    path = [certificate(subject=subject)]
    assert _minded(path, Server.POSTFIX) == []
    assert _minded(path, Server.EXIM) == (["certificate-host-mismatch"] if minded else [])


def _dated(begins: bytes, ends: bytes = b"270101000000Z") -> bytes:
    content = handwritten(alternative_names((0x82, HOST.encode())))
    return content.replace(b"261001000000Z", begins).replace(b"270101000000Z", ends)


def _sent_to(
    server: Server, chain: tuple[bytes, ...], *errors: tuple[int, int], reads_all: bool = False
) -> list[tuple[str, Cause | None]]:
    rules = PROFILES[server, System.DEBIAN_12].rules(Checking.CERTIFICATE)
    noted = tuple(PathError(code, depth, chain[depth]) for code, depth in errors)
    shown = read(
        Handshake(chain=chain, path=(*chain, ROOT.public_bytes(Encoding.DER)), errors=noted)
    )
    sender = Sender(rules, is_gnutls=server is Server.EXIM, reads_all=reads_all)
    findings = find_faults(shown, [HOST], NOW, list, sender)
    return [(one.id, one.cause) for one in findings if "issuer-name" not in one.told.values()]


@pytest.mark.parametrize(
    ("begins", "ends", "code", "problems"),
    [
        (b"260230000000Z", b"270101000000Z", 13, []),
        (b"260101000060Z", b"270101000000Z", 13, []),
        (b"261001000000Z", b"270230000000Z", 14, []),
        (b"261001000000Z", b"260230000000Z", 14, ["certificate-expired"]),
        (b"270230000000Z", b"270301000000Z", 13, ["certificate-not-yet-valid"]),
    ],
)
def test_gnutls_has_a_day_for_the_30th_of_february(
    begins: bytes, ends: bytes, code: int, problems: list[str]
) -> None:
    chain = (_dated(begins, ends),)
    assert [one for one, _ in _sent_to(Server.EXIM, chain, (code, 0))] == problems
    assert ("certificate-invalid", None) in _sent_to(Server.POSTFIX, chain, (code, 0))


def test_gnutls_ends_at_a_date_that_is_none() -> None:
    chain = (_dated(b"261301000000Z"),)
    assert _sent_to(Server.EXIM, chain, (13, 0)) == [("certificate-invalid", Cause.UNREADABLE)]
    assert _sent_to(Server.POSTFIX, chain, (13, 0)) == [("certificate-invalid", None)]


@pytest.mark.parametrize("reads_all", [True, False])
def test_gnutls_reads_the_other_certificates_in_the_handshake_or_to_verify(
    *, reads_all: bool
) -> None:
    """Also one that nothing needs."""
    garbled = handwritten(extension("551d11", b"\x30\x05\x82\x10ab"))
    chain = (_dated(b"261001000000Z"), garbled)
    cause = Cause.UNREADABLE if reads_all else None
    assert _sent_to(Server.EXIM, chain, reads_all=reads_all) == [("certificate-invalid", cause)]
    assert _sent_to(Server.POSTFIX, chain) == []


def test_what_is_told_of_a_copy_is_the_certificate_that_was_sent() -> None:
    sent = _dated(b"260230000000Z")
    shown = read(Handshake(chain=(sent,)))
    described = describe(shown)
    assert described is not None
    assert described.sha256 == hashlib.sha256(sent).hexdigest()
    fits = TlsaRecord(3, 0, 1, hashlib.sha256(sent).hexdigest())
    assert dane.compare([fits], shown, [HOST], NOW) == ()


def test_who_must_staple_is_no_matter_to_openssl() -> None:
    staples = x509.TLSFeature([x509.TLSFeatureType.status_request])
    path = [certificate(HOST, extensions=(staples,))]
    assert _minded(path, Server.EXIM) == ["certificate-invalid"]
    assert _minded(path, Server.POSTFIX) == []
    other = x509.TLSFeature([x509.TLSFeatureType.status_request_v2])
    assert _minded([certificate(HOST, extensions=(other,))], Server.EXIM) == []


def test_a_certificate_without_any_name() -> None:
    assert not bears_name(certificate(subject=x509.Name([])), HOST)
    (finding,) = found(certificate(subject=x509.Name([])))
    assert finding == Finding("certificate-host-mismatch", {"expected": HOST, "names": []})


def test_nothing_wrong() -> None:
    assert found(GOOD) == ()


@pytest.mark.parametrize(
    ("errors", "problems"),
    [
        (((10, 0),), ["certificate-expired"]),
        (((10, 1),), ["certificate-expired"]),
        (((9, 0),), ["certificate-not-yet-valid"]),
        (((18, 0),), ["certificate-self-signed"]),
        (((19, 1),), ["certificate-not-trusted"]),
        (((26, 0),), ["certificate-invalid"]),
        (((7, 0),), ["certificate-invalid"]),
        (((13, 0),), ["certificate-invalid"]),
        (((24, 1), (79, 1)), ["certificate-invalid", "certificate-invalid"]),
        (((9999, 0),), ["certificate-invalid"]),
        (((18, 0), (10, 0)), ["certificate-expired", "certificate-self-signed"]),
        (((10, 0), (10, 1), (10, 2)), ["certificate-expired"]),
    ],
)
def test_what_openssl_found(errors: tuple[tuple[int, int], ...], problems: list[str]) -> None:
    assert ids(found(GOOD, GOOD, GOOD, errors=errors)) == problems


def test_an_expired_authority_is_named() -> None:
    authority = certificate(subject=name("Old CA"), ends=-timedelta(days=1))
    (expired,) = found(GOOD, authority, errors=((10, 1),))
    assert expired.evidence["subject"] == "CN=Old CA"
    assert expired.evidence["depth"] == 1


PUBLIC_POLICY = x509.CertificatePolicies(
    [x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), None)]
)
ISSUER_ELSEWHERE = x509.AuthorityInformationAccess(
    [
        x509.AccessDescription(
            AuthorityInformationAccessOID.CA_ISSUERS,
            x509.UniformResourceIdentifier("http://ca.example/issuer.cer"),
        )
    ]
)


@pytest.mark.parametrize(
    ("leaf", "problem"),
    [
        (
            certificate(HOST, issuer=name("R3"), extensions=(PUBLIC_POLICY,)),
            "certificate-chain-incomplete",
        ),
        (
            certificate(HOST, issuer=name("X1"), extensions=(ISSUER_ELSEWHERE,)),
            "certificate-chain-incomplete",
        ),
        (certificate(HOST, issuer=name("Acme Issuing CA 2")), "certificate-chain-incomplete"),
        (certificate(HOST, issuer=name("G2", "Known Trust")), "certificate-chain-incomplete"),
        (certificate(HOST, issuer=name("Home Root")), "certificate-not-trusted"),
        (
            certificate(HOST, issuer=name("Home Root"), extensions=(ISSUER_ELSEWHERE,)),
            "certificate-not-trusted",
        ),
        (certificate(HOST, issuer=name("My CA", "Nobody knows")), "certificate-not-trusted"),
    ],
)
def test_an_issuer_that_was_not_sent(leaf: x509.Certificate, problem: str) -> None:
    assert ids(found(leaf, errors=((20, 0), (21, 0)), organizations=("Known Trust",))) == [problem]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("551d0f", b"\x30\x05\x82\x10ab"),
        ("551d0f", b"\x03\x02\x07\x00"),
        ("551d25", b"\x30\x05\x82\x10ab"),
        ("551d23", b"\x30\x05\x82\x10ab"),
    ],
)
def test_an_issuer_that_is_there_is_not_missing(kind: str, value: bytes) -> None:
    """OpenSSL takes it for none where it cannot read the certificate that it has issued."""
    leaf = x509.load_der_x509_certificate(handwritten(extension(kind, value)))
    issuer = certificate(subject=name("Example Issuing CA"))
    flaws = (Flaw(20, 0, leaf),)
    for shown in (
        Shown((leaf, issuer), flaws=flaws),
        Shown((leaf,), flaws=flaws, anchors=(issuer,)),
    ):
        assert ids(find_faults(shown, [HOST], NOW, list))[0] == "certificate-invalid"
    # Who is not there is.
    assert ids(found(leaf, errors=((20, 0),)))[0] == "certificate-chain-incomplete"


def test_an_issuer_of_the_same_name_with_another_key_is_missing() -> None:
    wanted = x509.AuthorityKeyIdentifier(b"another", None, None)
    issuing = name("Example Issuing CA")
    leaf = certificate(HOST, issuer=issuing, extensions=(wanted,))
    issuer = certificate(subject=issuing, extensions=(_of_key(),))
    assert ids(found(leaf, issuer, errors=((20, 0),))) == ["certificate-chain-incomplete"]


@pytest.mark.parametrize(
    ("days", "problems"),
    [(0, ["certificate-expires-soon"]), (13, ["certificate-expires-soon"]), (14, []), (60, [])],
)
def test_two_weeks_are_soon(days: int, problems: list[str]) -> None:
    assert ids(found(certificate(HOST, ends=timedelta(days=days)))) == problems


@pytest.mark.parametrize(
    ("key", "kind", "problems"),
    [
        (rsa.generate_private_key(65537, 1024), "RSA 1024", ["tls-weak-key"]),  # noqa: S505 - the fault wanted
        (rsa.generate_private_key(65537, 2048), "RSA 2048", []),
        (ec.generate_private_key(ec.SECP192R1()), "EC secp192r1", ["tls-weak-key"]),
        (ec.generate_private_key(ec.SECP384R1()), "EC secp384r1", []),
    ],
)
def test_keys(
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, kind: str, problems: list[str]
) -> None:
    leaf = certificate(HOST, key=key)
    described = describe(Shown((leaf,)))
    assert described is not None
    assert described.key == kind
    assert ids(found(leaf)) == problems


@pytest.mark.parametrize("serial", [0, 0x80])
def test_a_serial_number_that_is_not_positive_is_no_fault_and_warns_nobody(serial: int) -> None:
    # The version, then the serial number, which is 1 in all that are made here.
    wire = DER.replace(
        bytes.fromhex("a003020102020101"), bytes.fromhex("a0030201020201") + bytes([serial])
    )
    assert wire != DER
    shown = read(Handshake(chain=(wire,)))
    assert not shown.unreadable
    assert find_faults(shown, [HOST], NOW, tuple) == ()


@pytest.mark.parametrize(("unreadable", "cause"), [(True, "unreadable"), (False, "none-sent")])
def test_no_certificate(*, unreadable: bool, cause: str) -> None:
    assert find_faults(Shown(unreadable=unreadable), [HOST], NOW, tuple) == (
        Finding("certificate-invalid", {"cause": cause}),
    )
    assert describe(Shown()) is None


def test_a_strangers_names_are_harmless() -> None:
    hostile = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, "\x1b[31m<b>\u202eevil" + "x" * 20)]
    )
    leaf = certificate(*(f"a{number}.example\x1b" for number in range(500)), subject=hostile)
    described = describe(Shown((leaf,) * 50))
    assert described is not None
    assert len(described.names) == 100
    assert len(described.chain) < 10
    assert all(text.isprintable() for text in (described.subject, *described.names))
    for finding in found(leaf, errors=((10, 0), (18, 0))):
        assert str(finding.evidence).isprintable()


def at(content: bytes) -> int:
    """Where the certificate holds this for the first time."""
    return DER.index(content)


ECDSA_WITH_SHA256 = bytes.fromhex("2a8648ce3d040302")
EC_PUBLIC_KEY = bytes.fromhex("2a8648ce3d0201")
P256 = bytes.fromhex("2a8648ce3d030107")


@settings(max_examples=examples(200))
@given(
    st.lists(st.tuples(st.integers(0, len(DER) - 1), st.integers(0, 255)), min_size=1, max_size=4)
)
# An algorithm of a signature, a kind of key and a curve that the library does not know.
@example([(DER.rindex(ECDSA_WITH_SHA256) + 6, 99), (at(ECDSA_WITH_SHA256) + 6, 99)])
@example([(at(EC_PUBLIC_KEY) + 6, 99)])
@example([(at(P256) + 6, 99)])
# The issuer's and the subject's name, which are no UTF-8.
@example([(at(b"Example Issuing CA"), 0xFF)])
@example([(at(b"mx.example.org"), 0xFF)])
# A version that never was in use.
@example([(at(bytes.fromhex("a003020102")) + 4, 1)])
# A name of a kind that the library refuses (x400Address).
@example([(DER.rindex(b"mx.example.org") - 2, 0xA3)])
def test_whatever_certificate_is_sent_something_is_told(spoiled: list[tuple[int, int]]) -> None:
    wire = bytearray(DER)
    for place, value in spoiled:
        wire[place] = value
    try:
        crypto.load_certificate(crypto.FILETYPE_ASN1, bytes(wire))
    except crypto.Error:
        return
    records = tuple(TlsaRecord(usage, 1, 1, "00" * 32) for usage in (2, 3))
    for sent in [(bytes(wire),), (DER, bytes(wire))]:
        errors = tuple(PathError(code, len(sent) - 1, sent[-1]) for code in (9, 10, 19, 20))
        shown = read(Handshake(chain=sent, errors=errors))
        findings = find_faults(shown, [HOST], NOW, lambda: ["Example Ltd"])
        assert findings
        findings += dane.compare(records, shown, [HOST], NOW)
        described = describe(shown)
        assert all(text.isprintable() for text in texts([asdict(one) for one in findings]))
        assert described is None or all(map(str.isprintable, texts(asdict(described))))


def texts(value: object) -> Iterator[str]:
    """Every text in what is told."""
    match value:
        case str():
            yield value
        case dict():
            for one in value.values():
                yield from texts(one)
        case list() | tuple():
            for one in value:
                yield from texts(one)
