"""What a server's certificate is, and what is wrong with it: a pure reading of a handshake."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import dsa, ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from checker.certificate.shown import Flaw, Shown
from checker.facts import Certificate, Evidence, Finding
from checker.moment import timestamp
from checker.problems import Cause
from checker.text import printable

EXPIRES_SOON = timedelta(days=14)

# X509_V_ERR_…, from OpenSSL's x509_vfy.h.
_UNABLE_TO_GET_ISSUER = {2, 20, 21}
_SIGNATURE_FAILURE = 7
_NOT_YET_VALID = 9
_HAS_EXPIRED = 10
_SELF_SIGNED_LEAF = 18
_SELF_SIGNED_IN_CHAIN = 19
_INVALID_PURPOSE = 26
_CAUSES = {
    _SIGNATURE_FAILURE: "signature",
    24: "issuer-is-no-authority",
    25: "path-length",
    28: "rejected",
    32: "issuer-may-not-sign",
    34: "unknown-critical-extension",
    47: "name-constraints",
    79: "issuer-is-no-authority",
}
_EXPLAINED = {*_UNABLE_TO_GET_ISSUER, _NOT_YET_VALID, _HAS_EXPIRED}
_EXPLAINED |= {_SELF_SIGNED_LEAF, _SELF_SIGNED_IN_CHAIN}

_WEAK_SIGNATURES = {"md5", "sha1"}
_SMALLEST_RSA = 2_048
_SMALLEST_EC = 224

_MAXIMUM_NAMES = 100
_NAMES_OF_EVIDENCE = 10
_LONGEST_NAME = 253
"""Characters of a domain name (RFC 1035, section 2.3.4, without the dot at the end)."""

_PLAIN_NAME = r"(?:[A-Za-z0-9_-]+\.)+[A-Za-z][A-Za-z0-9-]*"

_MAXIMUM_CHAIN = 10

# Certificates of public authorities carry one of the CA/Browser Forum's policies (Baseline
# Requirements 7.1.6.1).
_PUBLIC_POLICIES = frozenset(f"2.23.140.1.2.{number}" for number in (1, 2, 3))


def describe(chain: Sequence[x509.Certificate]) -> Certificate | None:
    """The facts of the first certificate of a chain; none for an empty chain."""
    if not chain:
        return None
    leaf = chain[0]
    return Certificate(
        subject=_distinguished(leaf.subject),
        issuer=_distinguished(leaf.issuer),
        names=_names(leaf),
        not_before=leaf.not_valid_before_utc,
        not_after=leaf.not_valid_after_utc,
        key=_key(leaf)[0],
        signature=_signature(leaf),
        sha256=_fingerprint(leaf),
        chain=tuple(_distinguished(c.subject) for c in chain[1:_MAXIMUM_CHAIN]),
    )


def find_faults(
    shown: Shown,
    expected: Sequence[str],
    now: datetime,
    organizations: Callable[[], Iterable[str]],
) -> tuple[Finding, ...]:
    """Everything that is wrong with the certificate a server showed.

    Args:
        shown: The certificates.
        expected: Names of which it must bear one; a leading dot stands for any name below.
        now: The moment of the handshake.
        organizations: Names of the organizations whose authorities are trusted.

    Returns:
        The findings, the most telling first; none for a certificate without fault.
    """
    if not shown.chain:
        cause = "unreadable" if shown.unreadable else "none-sent"
        return (Finding("certificate-invalid", {"cause": cause}),)
    flaws = {flaw.code: flaw for flaw in reversed(shown.flaws)}
    findings = [
        *_validity(flaws, shown.chain[0]),
        *_trust(flaws, shown.chain, organizations),
        *_faults(flaws, shown),
        *_name(shown.chain[0], expected),
        *_weak_key(shown.chain[0]),
    ]
    expires = shown.chain[0].not_valid_after_utc
    if now <= expires < now + EXPIRES_SOON:
        findings.append(Finding("certificate-expires-soon", {"not_after": timestamp(expires)}))
    return tuple(findings)


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


def _validity(flaws: dict[int, Flaw], leaf: x509.Certificate) -> Iterable[Finding]:
    if flaw := flaws.get(_HAS_EXPIRED):
        certificate = flaw.certificate or leaf
        yield Finding(
            "certificate-expired",
            {
                "not_after": timestamp(certificate.not_valid_after_utc),
                "subject": _distinguished(certificate.subject),
                "depth": flaw.depth,
            },
        )
    if flaw := flaws.get(_NOT_YET_VALID):
        certificate = flaw.certificate or leaf
        yield Finding(
            "certificate-not-yet-valid",
            {
                "not_before": timestamp(certificate.not_valid_before_utc),
                "subject": _distinguished(certificate.subject),
                "depth": flaw.depth,
            },
        )


def _trust(
    flaws: dict[int, Flaw],
    chain: Sequence[x509.Certificate],
    organizations: Callable[[], Iterable[str]],
) -> Iterable[Finding]:
    if _SELF_SIGNED_LEAF in flaws:
        subject = _distinguished(chain[0].subject)
        yield Finding("certificate-self-signed", {"subject": subject})
    elif flaw := flaws.get(_SELF_SIGNED_IN_CHAIN):
        root = flaw.certificate or chain[-1]
        yield Finding("certificate-not-trusted", {"authority": _distinguished(root.subject)})
    elif flaw := next((flaws[code] for code in _UNABLE_TO_GET_ISSUER if code in flaws), None):
        last = flaw.certificate or chain[-1]
        evidence: Evidence = {"missing": _distinguished(last.issuer), "sent": len(chain)}
        if _issuer_is_intermediate(last, organizations):
            yield Finding("certificate-chain-incomplete", evidence)
        else:
            yield Finding("certificate-not-trusted", {"authority": _distinguished(last.issuer)})


def _issuer_is_intermediate(
    last: x509.Certificate, organizations: Callable[[], Iterable[str]]
) -> bool:
    """Whether a missing issuer is an intermediate of a trusted authority, not a strange root.

    Nothing in a certificate says who issued its issuer, so this weighs what public authorities
    put into theirs, and then how the issuer is named.
    """
    policies = _extension(last, x509.CertificatePolicies) or ()
    if any(policy.policy_identifier.dotted_string in _PUBLIC_POLICIES for policy in policies):
        return True
    if _extension(last, x509.PrecertificateSignedCertificateTimestamps) is not None:
        return True
    common = " ".join(_attributes(last.issuer, NameOID.COMMON_NAME)).lower()
    if "root" in common:
        return False
    access = _extension(last, x509.AuthorityInformationAccess) or ()
    if any(
        description.access_method == AuthorityInformationAccessOID.CA_ISSUERS
        and isinstance(description.access_location, x509.UniformResourceIdentifier)
        and description.access_location.value.startswith("http")
        for description in access
    ):
        return True
    if any(word in common for word in ("intermediate", "issuing", "subordinate", "sub ca")):
        return True
    return not set(_attributes(last.issuer, NameOID.ORGANIZATION_NAME)).isdisjoint(organizations())


def _faults(flaws: dict[int, Flaw], shown: Shown) -> Iterable[Finding]:
    for flaw in sorted(flaws.values(), key=lambda flaw: flaw.depth):
        evidence: Evidence = {"openssl_error": flaw.code, "depth": flaw.depth}
        if flaw.code == _INVALID_PURPOSE:
            yield Finding("certificate-invalid", evidence, Cause.PURPOSE)
        elif flaw.code not in _EXPLAINED:
            cause = _CAUSES.get(flaw.code, "verification")
            yield Finding("certificate-invalid", {"cause": cause, **evidence})
    if shown.unreadable:
        yield Finding("certificate-invalid", {"cause": "unreadable"})
    for depth, certificate in enumerate(shown.chain):
        # A root's signature of itself is never checked.
        if (
            certificate.issuer != certificate.subject
            and _signature(certificate) in _WEAK_SIGNATURES
        ):
            yield Finding(
                "certificate-invalid",
                {"cause": "weak-signature", "hash": _signature(certificate), "depth": depth},
            )
            break


def _name(leaf: x509.Certificate, expected: Sequence[str]) -> Iterable[Finding]:
    if not _bears_any(leaf, expected):
        names = list(_names(leaf)[:_NAMES_OF_EVIDENCE])
        evidence: Evidence = {"expected": ", ".join(expected), "names": names}
        yield Finding("certificate-host-mismatch", evidence)


def _bears_any(leaf: x509.Certificate, expected: Sequence[str]) -> bool:
    return any(
        bears_name(leaf, name)
        or (name.startswith(".") and any(one.lower().endswith(name) for one in _names(leaf)))
        for name in expected
    )


def bears_name(leaf: x509.Certificate, host: str) -> bool:
    """Whether a certificate is for a host name (RFC 9525), as mail servers see it.

    A wildcard stands for one whole label; the common name counts only where there is no
    alternative name, as mail servers still do although RFC 9525 ended it.
    """
    names = _extension(leaf, x509.SubjectAlternativeName) or ()
    if all(isinstance(name, x509.DNSName) and _is_plain(name.value) for name in names) and any(
        name.value.lower() == host.lower() for name in names
    ):
        return True
    # Few certificates have wildcards or other kinds of names, and what knows them loads slowly.
    from checker.certificate.matching import matches  # noqa: PLC0415

    return matches(leaf, host)


def _is_plain(name: str) -> bool:
    """Whether it is a host name that stands for itself, and can be nothing else."""
    return re.fullmatch(_PLAIN_NAME, name, re.ASCII) is not None


def _weak_key(leaf: x509.Certificate) -> Iterable[Finding]:
    name, bits, enough = _key(leaf)
    if not enough:
        yield Finding("tls-weak-key", {"key": name, "bits": bits})


def _key(leaf: x509.Certificate) -> tuple[str, int, bool]:
    try:
        key = leaf.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return "unknown", 0, True
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA {key.key_size}", key.key_size, key.key_size >= _SMALLEST_RSA
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC {key.curve.name}", key.key_size, key.key_size >= _SMALLEST_EC
    if isinstance(key, dsa.DSAPublicKey):
        return f"DSA {key.key_size}", key.key_size, key.key_size >= _SMALLEST_RSA
    return type(key).__name__.removesuffix("PublicKey").lstrip("_"), 0, True


def _signature(certificate: x509.Certificate) -> str:
    try:
        algorithm = certificate.signature_hash_algorithm
    except (ValueError, UnsupportedAlgorithm):
        return "unknown"
    return algorithm.name if algorithm is not None else "none"


def _fingerprint(certificate: x509.Certificate) -> str:
    return certificate.fingerprint(SHA256()).hex()


def _names(leaf: x509.Certificate) -> tuple[str, ...]:
    alternative = _extension(leaf, x509.SubjectAlternativeName)
    names = alternative.get_values_for_type(x509.DNSName) if alternative is not None else []
    names = names or _attributes(leaf.subject, NameOID.COMMON_NAME)
    return tuple(printable(name, _LONGEST_NAME) for name in names[:_MAXIMUM_NAMES])


def _distinguished(name: x509.Name) -> str:
    return printable(name.rfc4514_string())


def _attributes(name: x509.Name, oid: x509.ObjectIdentifier) -> list[str]:
    return [str(attribute.value) for attribute in name.get_attributes_for_oid(oid)]


_Extension = TypeVar("_Extension", bound=x509.ExtensionType)


def _extension(certificate: x509.Certificate, kind: type[_Extension]) -> _Extension | None:
    """An extension, or none where it is absent or cannot be read."""
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except (
        x509.ExtensionNotFound,
        x509.DuplicateExtension,
        x509.UnsupportedGeneralNameType,
        ValueError,
    ):
        return None
