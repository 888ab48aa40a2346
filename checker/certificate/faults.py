"""What a server's certificate is, and what is wrong with it: a pure reading of a handshake."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from cryptography import x509
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    NameOID,
)

from checker.certificate import der, gnutls
from checker.certificate.gnutls_import import unread
from checker.certificate.matching import matches
from checker.certificate.reading import (
    common_names,
    der_of,
    dns_names,
    extension,
    is_named_by,
    is_self_issued,
    issuer_attributes,
    issuer_common_names,
    issuer_of,
    key_of,
    signature_hash,
    subject_of,
)
from checker.certificate.shown import Flaw, Shown
from checker.facts import Certificate, Evidence, Finding
from checker.moment import timestamp
from checker.problems import Cause
from checker.senders.hello import Rules
from checker.text import printable

EXPIRES_SOON = timedelta(days=14)
"""What is left of a long life when it is time to think of the next one; of a short life a third."""

_PART_OF_LIFE = 3

# X509_V_ERR_…, from OpenSSL's x509_vfy.h.
_UNABLE_TO_GET_ISSUER = {2, 20, 21}
_SIGNATURE_FAILURE = 7
_NOT_YET_VALID = 9
_HAS_EXPIRED = 10
_ODD_DATES = {13, 14}
"""A date is not of the form that RFC 5280 section 4.1.2.5 wants."""
_SELF_SIGNED_LEAF = 18
_SELF_SIGNED_IN_CHAIN = 19
_INVALID_PURPOSE = 26
_NOT_PERMITTED = 47

_DIGITAL_SIGNATURE, _KEY_ENCIPHERMENT = 0x80, 0x20

_FOR_SERVERS = frozenset(
    (
        ExtendedKeyUsageOID.SERVER_AUTH,
        # Netscape's and Microsoft's server gated cryptography, which OpenSSL still takes for it.
        x509.ObjectIdentifier("2.16.840.1.113730.4.1"),
        x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.3"),
    )
)
_CAUSES = {
    _SIGNATURE_FAILURE: "signature",
    **dict.fromkeys(_ODD_DATES, "unreadable"),
    24: "issuer-is-no-authority",
    25: "path-length",
    28: "rejected",
    32: "issuer-may-not-sign",
    34: "unknown-critical-extension",
    _NOT_PERMITTED: "name-constraints",
    48: "name-constraints",
    79: "issuer-is-no-authority",
}
_EXPLAINED = {*_UNABLE_TO_GET_ISSUER, _NOT_YET_VALID, _HAS_EXPIRED}
_EXPLAINED |= {_SELF_SIGNED_LEAF, _SELF_SIGNED_IN_CHAIN}
_OF_THE_PATH = {*_EXPLAINED, _SIGNATURE_FAILURE}
"""What another path may do without."""

_WEAK_SIGNATURES = {"md5", "sha1"}

_ADVISED = {"RSA": 2_048, "DSA": 2_048, "EC": 224}
"""Bits of a server's key (RFC 9325 section 4.1)."""

_LEAST = {"RSA": 1_024, "DSA": 1_024, "EC": 160}
"""Bits of a key on the path below which every sender that verifies refuses it: 80 bits of strength,
OpenSSL's security level 1 (SSL_CTX_set_security_level(3)) and GnuTLS's GNUTLS_SEC_PARAM_LOW."""

_MOST_SENT = 16
"""Certificates of one chain that GnuTLS looks at, needed or not (DEFAULT_MAX_VERIFY_DEPTH)."""

_WITHOUT_ISSUER = {"alternative-names", "doubled-extension"}
"""What RFC 5280 section 4.2 does not allow, so that OpenSSL takes nobody for the issuer."""

_UNREAD_BY_GNUTLS = frozenset({0x16, 0x1C})
"""IA5String and UniversalString, in a common name."""

_UNKNOWN_TO_GNUTLS = ("EC brainpool", "EC secp256k1")

_MAXIMUM_NAMES = 100
_NAMES_OF_EVIDENCE = 10
_LONGEST_NAME = 253
"""Characters of a domain name (RFC 1035, section 2.3.4, without the dot at the end)."""

_MAXIMUM_CHAIN = 10

# Certificates of public authorities carry one of the CA/Browser Forum's policies (Baseline
# Requirements 7.1.6.1).
_PUBLIC_POLICIES = frozenset(f"2.23.140.1.2.{number}" for number in (1, 2, 3))


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose library verifies.

    Attributes:
        rules: What it takes.
        is_gnutls: It is GnuTLS; else OpenSSL.
        encrypts_to_key: The server's key decrypts in the handshake, and signs nothing.
        reads_all: GnuTLS reads each certificate in the handshake, as up to TLS 1.2; else the first.
    """

    rules: Rules
    is_gnutls: bool
    encrypts_to_key: bool = False
    reads_all: bool = False


def describe(shown: Shown) -> Certificate | None:
    """The facts of a server's own certificate; none where there is none that can be read."""
    if not shown.chain:
        return None
    leaf = shown.chain[0]
    return Certificate(
        subject=subject_of(leaf),
        issuer=issuer_of(leaf),
        names=_names(leaf),
        not_before=leaf.not_valid_before_utc,
        not_after=leaf.not_valid_after_utc,
        key=key_of(leaf).name,
        signature=signature_hash(leaf),
        sha256=hashlib.sha256(shown.encoded[0]).hexdigest(),
        chain=tuple(subject_of(one) for one in shown.chain[1:_MAXIMUM_CHAIN]),
    )


def find_faults(
    shown: Shown,
    expected: Sequence[str],
    now: datetime,
    organizations: Callable[[], Iterable[str]],
    sender: Sender | None = None,
) -> tuple[Finding, ...]:
    """Everything that is wrong with the certificate a server showed.

    Args:
        shown: The certificates.
        expected: Names of which it must bear one; a leading dot stands for any name below.
        now: The moment of the handshake.
        organizations: Names of the organizations whose authorities are trusted.
        sender: Whose library verifies; without one, none has limits of its own.

    Returns:
        The findings, the most telling first; none for a certificate without fault.
    """
    if not shown.chain:
        return (_nothing_read(shown, sender),)
    flaws = {flaw.code: flaw for flaw in reversed(shown.flaws)}
    leaf = shown.chain[0]
    path: Sequence[x509.Certificate] = shown.path or (leaf,)
    is_gnutls = sender is not None and sender.is_gnutls
    encrypts_to_key = sender is not None and sender.encrypts_to_key
    elsewhere: tuple[Finding, ...] = ()
    if is_gnutls:
        if _NOT_PERMITTED in flaws and gnutls.is_named_within(path):
            del flaws[_NOT_PERMITTED]
        has_odd_dates = not _ODD_DATES.isdisjoint(flaws)
        flaws = {code: flaw for code, flaw in flaws.items() if code not in _ODD_DATES}
        path, flaws, elsewhere = _gone_by_gnutls(shown, path, flaws, now)
        if has_odd_dates and not elsewhere and not _OF_THE_PATH & flaws.keys():
            # It has a date for each.
            elsewhere = tuple(gnutls.out_of_date(path, now))
    return (
        *elsewhere,
        *_validity(flaws, leaf),
        *_trust(flaws, shown, organizations),
        *_faults(flaws),
        *weak_signature(path, takes_sha1=sender is not None and sender.rules.limits.sha1),
        *(_limits(path, sender.rules) if sender is not None else ()),
        *(_minded_by_gnutls(shown, path, sender) if sender and is_gnutls else ()),
        *(_passed_by_openssl(path) if is_gnutls and not flaws else ()),
        *_key_usage(leaf, _KEY_ENCIPHERMENT if encrypts_to_key else _DIGITAL_SIGNATURE),
        *_odd_forms(shown.encoded[0]),
        *_name(leaf, expected, is_gnutls=is_gnutls),
        *weak_key(path),
        *_expiry(path, now),
    )


def may_depend_on_name(shown: Shown, expected: Sequence[str]) -> bool:
    """Whether a server might show a better certificate to a client that asks for it by its name.

    Args:
        shown: The certificates.
        expected: As for :func:`find_faults`.
    """
    if not shown.chain:
        return False
    strange = {*_UNABLE_TO_GET_ISSUER, _SELF_SIGNED_LEAF, _SELF_SIGNED_IN_CHAIN}
    by_stranger = any(flaw.code in strange for flaw in shown.flaws)
    return by_stranger or not _bears_any(shown.chain[0], expected)


def _expiry(path: Sequence[x509.Certificate], now: datetime) -> Iterable[Finding]:
    """The first certificate on the path whose life is nearly over."""
    soon = []
    for certificate in path:
        begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        if now <= ends < now + min(EXPIRES_SOON, (ends - begins) / _PART_OF_LIFE):
            soon.append((ends, certificate))
    if soon:
        ends, certificate = min(soon, key=lambda one: one[0])
        evidence: Evidence = {"not_after": timestamp(ends), "subject": subject_of(certificate)}
        yield Finding("certificate-expires-soon", evidence)


def _validity(flaws: dict[int, Flaw], leaf: x509.Certificate) -> Iterable[Finding]:
    if flaw := flaws.get(_HAS_EXPIRED):
        certificate = flaw.certificate or leaf
        yield Finding(
            "certificate-expired",
            {
                "not_after": timestamp(certificate.not_valid_after_utc),
                "subject": subject_of(certificate),
                "depth": flaw.depth,
            },
        )
    if flaw := flaws.get(_NOT_YET_VALID):
        certificate = flaw.certificate or leaf
        yield Finding(
            "certificate-not-yet-valid",
            {
                "not_before": timestamp(certificate.not_valid_before_utc),
                "subject": subject_of(certificate),
                "depth": flaw.depth,
            },
        )


def _trust(
    flaws: dict[int, Flaw], shown: Shown, organizations: Callable[[], Iterable[str]]
) -> Iterable[Finding]:
    chain = shown.chain
    if _SELF_SIGNED_LEAF in flaws:
        subject = subject_of(chain[0])
        yield Finding("certificate-self-signed", {"subject": subject})
    elif flaw := flaws.get(_SELF_SIGNED_IN_CHAIN):
        root = flaw.certificate or chain[-1]
        yield Finding("certificate-not-trusted", {"authority": subject_of(root)})
    elif flaw := next((flaws[code] for code in _UNABLE_TO_GET_ISSUER if code in flaws), None):
        last = flaw.certificate or chain[-1]
        evidence: Evidence = {"missing": issuer_of(last), "sent": len(chain)}
        if (form := unread(der_of(last))) in _WITHOUT_ISSUER:
            yield Finding("certificate-invalid", {"form": form, "depth": flaw.depth})
        elif any(_is_issuer(last, one) for one in (*chain, *shown.anchors)):
            yield Finding("certificate-invalid", {"form": "extension", "depth": flaw.depth})
        elif _issuer_is_intermediate(last, organizations):
            yield Finding("certificate-chain-incomplete", evidence)
        else:
            yield Finding("certificate-not-trusted", {"authority": issuer_of(last)})


def _is_issuer(certificate: x509.Certificate, other: x509.Certificate) -> bool:
    """Whether nothing but what OpenSSL cannot read keeps it from taking another for the issuer.

    It takes nobody for the issuer of a certificate one of whose extensions it wants to read and
    cannot, such as a key usage that is garbled or allows nothing (crypto/x509/v3_purp.c).
    """
    if certificate == other or not gnutls.is_issuer(certificate, other):
        return False
    wanted = extension(certificate, x509.AuthorityKeyIdentifier)
    try:
        named = certificate.issuer == other.subject
    except (ValueError, TypeError):
        return False
    return named and (wanted is None or wanted.authority_cert_serial_number is None)


def _issuer_is_intermediate(
    last: x509.Certificate, organizations: Callable[[], Iterable[str]]
) -> bool:
    """Whether a missing issuer is an intermediate of a trusted authority, not a strange root.

    Nothing in a certificate says who issued its issuer, so this weighs what public authorities
    put into theirs, and then how the issuer is named.
    """
    policies = extension(last, x509.CertificatePolicies) or ()
    if any(policy.policy_identifier.dotted_string in _PUBLIC_POLICIES for policy in policies):
        return True
    if extension(last, x509.PrecertificateSignedCertificateTimestamps) is not None:
        return True
    common = " ".join(issuer_common_names(last)).lower()
    if "root" in common:
        return False
    access = extension(last, x509.AuthorityInformationAccess) or ()
    if any(
        description.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        and isinstance(description.access_location, x509.UniformResourceIdentifier)
        and description.access_location.value.startswith("http")
        for description in access
    ):
        return True
    if any(word in common for word in ("intermediate", "issuing", "subordinate", "sub ca")):
        return True
    return not set(issuer_attributes(last, NameOID.ORGANIZATION_NAME)).isdisjoint(organizations())


def _faults(flaws: dict[int, Flaw]) -> Iterable[Finding]:
    for flaw in sorted(flaws.values(), key=lambda flaw: flaw.depth):
        evidence: Evidence = {"openssl_error": flaw.code, "depth": flaw.depth}
        if flaw.code == _INVALID_PURPOSE:
            cause = Cause.ANY_PURPOSE if _is_for_any_purpose(flaw) else Cause.PURPOSE
            yield Finding("certificate-invalid", evidence, cause)
        elif flaw.code not in _EXPLAINED:
            why = _CAUSES.get(flaw.code, "verification")
            yield Finding("certificate-invalid", {"cause": why, **evidence})


def is_for_servers(certificate: x509.Certificate) -> bool:
    """Whether its extended key usage, if it has one, lets OpenSSL take it for a server's."""
    purposes = extension(certificate, x509.ExtendedKeyUsage)
    return purposes is None or not _FOR_SERVERS.isdisjoint(purposes)


def _is_for_any_purpose(flaw: Flaw) -> bool:
    """Whether a certificate names no purpose but any, which OpenSSL takes for none of a server.

    RFC 5280 section 4.2.1.12 leaves that to who verifies.
    """
    if flaw.certificate is None:
        return False
    purposes = extension(flaw.certificate, x509.ExtendedKeyUsage) or ()
    return ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE in purposes


def weak_signature(path: Sequence[x509.Certificate], *, takes_sha1: bool) -> Iterable[Finding]:
    """The first signature on a path whose hash is broken."""
    for depth, certificate in enumerate(path):
        hash_name = signature_hash(certificate)
        if takes_sha1 and hash_name == "sha1":
            continue
        # A root's signature of itself is never checked.
        if hash_name in _WEAK_SIGNATURES and not is_self_issued(certificate):
            evidence: Evidence = {"hash": hash_name, "depth": depth}
            yield Finding("certificate-invalid", {"cause": "weak-signature", **evidence})
            return


def _limits(path: Sequence[x509.Certificate], rules: Rules) -> Iterable[Finding]:
    """What the sender's library refuses of the path that another one has verified."""
    limits = rules.limits
    for depth, certificate in enumerate(path):
        key = key_of(certificate)
        evidence: Evidence = {"key": key.name, "depth": depth}
        if key.algorithm.upper().startswith("MLDSA") and not _knows_ml_dsa(rules):
            yield Finding("certificate-invalid", {"cause": "unknown-algorithm", **evidence})
            return
    # The leaf and the trust anchor do not count.
    between = len(path) - 2
    if limits.intermediates is not None and between > limits.intermediates:
        evidence = {"cause": "path-length", "intermediates": between}
        yield Finding("certificate-invalid", evidence)


def _nothing_read(shown: Shown, sender: Sender | None) -> Finding:
    """What is told where the server's own certificate is not there, or cannot be read."""
    evidence: Evidence = {"cause": "unreadable" if shown.unreadable else "none-sent"}
    ends = sender is not None and sender.is_gnutls and shown.sent and unread(shown.sent[0])
    return Finding(
        "certificate-invalid", {} if ends else evidence, Cause.UNREADABLE if ends else None
    )


def _minded_by_gnutls(
    shown: Shown, path: Sequence[x509.Certificate], sender: Sender
) -> Iterable[Finding]:
    """Where GnuTLS ends: at too many certificates, or at one besides the first that it can't read.

    After a handshake that has not read all of them it reads the others to verify.
    """
    if len(shown.chain) > _MOST_SENT:
        yield Finding("certificate-invalid", {"cause": "path-length", "sent": len(shown.chain)})
        return
    believed = [der_of(one) for one in path if one not in shown.chain]
    for depth, certificate in enumerate((*(shown.sent or shown.encoded), *believed)):
        if depth and (form := unread(certificate)):
            cause = Cause.UNREADABLE if sender.reads_all else None
            yield Finding("certificate-invalid", {"form": form, "depth": depth}, cause)
            return


def _gone_by_gnutls(
    shown: Shown, path: Sequence[x509.Certificate], flaws: dict[int, Flaw], now: datetime
) -> tuple[Sequence[x509.Certificate], dict[int, Flaw], tuple[Finding, ...]]:
    """The path that GnuTLS goes, what OpenSSL has found on it, and what is wrong with it besides.

    Of what both refuse, OpenSSL's view is told.
    """
    if len(shown.chain) > _MOST_SENT or (len(path) == 1 and not flaws):
        # It goes no way, or the certificate itself is believed.
        return path, flaws, ()
    anchors = shown.anchors if flaws else (path[-1], *shown.anchors)
    own, is_believed = gnutls.path_of(shown.chain, anchors)
    if own == list(path):
        return path, flaws, ()
    if is_believed:
        faults = tuple(gnutls.faults(own, now))
    elif all(is_named_by(*pair) for pair in pairwise(path)):
        faults = (gnutls.unknown_issuer(own),)
    else:
        # That a name is not to the letter its issuer's is told for itself.
        return path, flaws, ()
    left = {
        code: flaw
        for code, flaw in flaws.items()
        if code not in _OF_THE_PATH and flaw.certificate in own
    }
    if flaws and (faults or left or any(_passed_by_openssl(own))):
        return path, flaws, ()
    return own if is_believed else path, {}, faults


def _passed_by_openssl(path: Sequence[x509.Certificate]) -> Iterable[Finding]:
    """The first fault to GnuTLS of a path in which OpenSSL has found none."""
    features = extension(path[0], x509.TLSFeature)
    if features is not None and x509.TLSFeatureType.status_request in features:
        yield Finding("certificate-invalid", cause=Cause.MUST_STAPLE)
    # The trust anchor is believed as it is.
    for depth, (certificate, issuer) in enumerate(pairwise(path)):
        if cause := _fault_to_gnutls(depth, certificate, issuer):
            yield Finding("certificate-invalid", {"cause": cause, "depth": depth})
            return


def _fault_to_gnutls(
    depth: int, certificate: x509.Certificate, issuer: x509.Certificate
) -> str | None:
    """What GnuTLS minds of a certificate on the path and of who has issued it."""
    if not is_named_by(certificate, issuer):
        return "issuer-name"
    if der.has_critical_policy_constraints(der_of(certificate)):
        return "unknown-critical-extension"
    if der.has_odd_pss(der_of(certificate)):
        return "signature"
    if gnutls.minds_constraints(issuer):
        return "name-constraints"
    if key_of(issuer).name.startswith(_UNKNOWN_TO_GNUTLS):
        return "unknown-algorithm"
    constraints = extension(certificate, x509.BasicConstraints)
    allowed = constraints.path_length if depth and constraints is not None else None
    # It counts also those that an authority has issued to itself, against RFC 5280 section 4.2.1.9.
    return "path-length" if allowed is not None and depth - 1 > allowed else None


def _knows_ml_dsa(rules: Rules) -> bool:
    return any(name.startswith("mldsa") for name in rules.hello.signature_algorithms)


def _key_usage(leaf: x509.Certificate, needed: int) -> Iterable[Finding]:
    """A key that must not do what it did in the handshake."""
    usage = der.key_usage(der_of(leaf))
    if usage is not None and not usage & needed:
        yield Finding("certificate-invalid", cause=Cause.KEY_USAGE)


def _odd_forms(leaf: bytes) -> Iterable[Finding]:
    """What GnuTLS cannot read, so that its handshake ends; OpenSSL reads on."""
    if form := unread(leaf):
        yield Finding("certificate-invalid", {"form": form}, Cause.UNREADABLE)
    elif der.has_compressed_key(leaf):
        yield Finding("certificate-invalid", cause=Cause.COMPRESSED_KEY)


def _name(leaf: x509.Certificate, expected: Sequence[str], *, is_gnutls: bool) -> Iterable[Finding]:
    if not _bears_any(leaf, expected, is_gnutls=is_gnutls):
        names = list(_names(leaf)[:_NAMES_OF_EVIDENCE])
        evidence: Evidence = {"expected": ", ".join(expected), "names": names}
        yield Finding("certificate-host-mismatch", evidence)


def _bears_any(leaf: x509.Certificate, expected: Sequence[str], *, is_gnutls: bool = False) -> bool:
    names = _counting_names(leaf, is_gnutls=is_gnutls)
    return any(
        any(matches(one, name, is_gnutls=is_gnutls) for one in names)
        or (name.startswith(".") and any(one.lower().endswith(name) for one in names))
        for name in expected
    )


def bears_name(leaf: x509.Certificate, host: str) -> bool:
    """Whether a certificate is for a host name (RFC 9525), as OpenSSL sees it.

    A wildcard stands for one whole label; the common name counts only where there is no DNS name
    among the alternative names, as mail servers still do although RFC 9525 ended it.
    """
    return any(matches(name, host) for name in _counting_names(leaf))


def _counting_names(leaf: x509.Certificate, *, is_gnutls: bool = False) -> list[str]:
    """The names that a certificate is for.

    Without a DNS name OpenSSL takes each common name, and GnuTLS the only one, where no address,
    URI or service stands in its place.
    """
    names, common = dns_names(leaf), common_names(leaf)
    if names:
        return names
    if is_gnutls and (len(common) > 1 or der.has_other_identities(der_of(leaf))):
        return []
    return common_names(leaf, _UNREAD_BY_GNUTLS) if is_gnutls else common


def weak_key(path: Sequence[x509.Certificate]) -> Iterable[Finding]:
    """The first key on a path that is too short: for senders, or for RFC 9325 alone."""
    for depth, key in enumerate(map(key_of, path)):
        evidence: Evidence = {"key": key.name, "bits": key.bits, "depth": depth}
        if 0 < key.bits < _LEAST.get(key.algorithm, 0):
            yield Finding("tls-weak-key", evidence, Cause.TOO_SHORT)
            return
        if depth == 0 and 0 < key.bits < _ADVISED.get(key.algorithm, 0):
            yield Finding("tls-weak-key", evidence)
            return


def _names(leaf: x509.Certificate) -> tuple[str, ...]:
    return tuple(printable(name, _LONGEST_NAME) for name in _counting_names(leaf)[:_MAXIMUM_NAMES])
