"""The way from a certificate up to an authority that GnuTLS takes, and what it minds on it. Pure.

Of the certificates that were sent, each one's issuer is the first that bears the issuer's name,
unless both say by a key identifier which key is meant, and it is not the same; serial number and
name in an authority key identifier (RFC 5280 section 4.2.1.1) are not looked at. Neither dates nor
signatures make it look for another one, nor is a certificate that has signed itself the end of the
way. OpenSSL prefers what it believes and what is valid, heeds the whole identifier, and stops at
the first certificate that has signed itself.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice, pairwise

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm

from checker.certificate import der
from checker.certificate.reading import (
    common_names,
    der_of,
    dns_names,
    extension,
    is_named_by,
    issuer_of,
    subject_of,
)
from checker.facts import Evidence, Finding
from checker.moment import timestamp

Path = Sequence[x509.Certificate]

# Tags of general names (RFC 5280 section 4.2.1.6).
_MAIL_ADDRESS, _DNS_NAME, _DIRECTORY_NAME, _URI, _IP_ADDRESS = 0x81, 0x82, 0xA4, 0x86, 0x87
_COMPARED = {_MAIL_ADDRESS, _DNS_NAME, _DIRECTORY_NAME, _URI, _IP_ADDRESS}


def path_of(chain: Path, anchors: Path) -> tuple[Path, bool]:
    """The way up.

    Args:
        chain: The certificates as sent.
        anchors: Authorities that are believed, as far as one of those sent names them.

    Returns:
        The way, with the authority at its end; and whether there is one.
    """
    path = _sorted(chain)
    if len(path) > 1 and is_issuer(path[-1], path[-1]):
        path.pop()
    for depth, sent in enumerate(path[1:], 1):
        known = [one for one in anchors if _is_same_authority(one, sent)]
        if known:
            return [*path[:depth], known[0]], True
    above = [one for one in anchors if is_issuer(path[-1], one)]
    return [*path, *above[:1]], bool(above)


def _sorted(chain: Path) -> list[x509.Certificate]:
    """The first certificate, who has issued it, and so on, as far as they were sent."""
    path, left = [chain[0]], list(chain[1:])
    while issuer := next((sent for sent in left if is_issuer(path[-1], sent)), None):
        left.remove(issuer)
        path.append(issuer)
    return path


def is_issuer(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Whether it takes one for the issuer of another: by the name, and the key where both say."""
    if not is_named_by(certificate, issuer):
        return False
    wanted = extension(certificate, x509.AuthorityKeyIdentifier)
    own = extension(issuer, x509.SubjectKeyIdentifier)
    if wanted is None or wanted.key_identifier is None or own is None:
        return True
    return wanted.key_identifier == own.digest


def _is_same_authority(one: x509.Certificate, other: x509.Certificate) -> bool:
    """Whether two certificates are of one name and key."""
    same_key = der.public_key(der_of(one)) == der.public_key(der_of(other))
    return same_key and subject_of(one) == subject_of(other)


def faults(path: Path, now: datetime) -> Iterator[Finding]:
    """The first fault of each kind on a way that OpenSSL has not gone.

    Args:
        path: The way, up to an authority that is believed.
        now: When.
    """
    for depth, (certificate, issuer) in enumerate(pairwise(path)):
        # The trust anchor is believed as it is.
        may_sign = depth + 2 == len(path) or _may_sign(issuer)
        if cause := _signature_fault(certificate, issuer) if may_sign else "issuer-is-no-authority":
            yield Finding("certificate-invalid", {"cause": cause, "depth": depth})
            break
    yield from out_of_date(path, now)


def out_of_date(path: Path, now: datetime) -> Iterator[Finding]:
    """The first certificate on a way that is valid no longer, or not yet."""
    faults = (_out_of_date(certificate, depth, now) for depth, certificate in enumerate(path))
    yield from islice(filter(None, faults), 1)


def _may_sign(issuer: x509.Certificate) -> bool:
    """Whether it is an authority's, and its key may sign certificates."""
    constraints = extension(issuer, x509.BasicConstraints)
    usage = extension(issuer, x509.KeyUsage)
    is_authority = constraints is not None and constraints.ca
    return is_authority and (usage is None or usage.key_cert_sign)


def _signature_fault(certificate: x509.Certificate, issuer: x509.Certificate) -> str | None:
    """Why a certificate does not bear its issuer's signature."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except InvalidSignature:
        return "signature"
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return "verification"
    return None


def _out_of_date(certificate: x509.Certificate, depth: int, now: datetime) -> Finding | None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    where: Evidence = {"subject": subject_of(certificate), "depth": depth}
    if now > ends:
        return Finding("certificate-expired", {"not_after": timestamp(ends), **where})
    if now < begins:
        return Finding("certificate-not-yet-valid", {"not_before": timestamp(begins), **where})
    return None


def minds_constraints(authority: x509.Certificate) -> bool:
    """Whether it refuses whatever an authority has issued, for what its name constraints hold.

    Those that exclude directory names it does not compare, nor any of a kind that it does not know.
    """
    permitted, excluded = der.name_constraints(der_of(authority))
    unknown = any(tag not in _COMPARED for tag, _ in (*permitted, *excluded))
    return unknown or any(tag == _DIRECTORY_NAME for tag, _ in excluded)


def is_named_within(path: Path) -> bool:
    """Whether name constraints leave the names of a certificate alone, but for directory names.

    Those that are permitted it does not compare. Only of host names can a yes be said here.
    """
    leaf = der_of(path[0])
    names = [name.lower() for name in dns_names(path[0]) or common_names(path[0])]
    for authority in path[1:]:
        permitted, excluded = der.name_constraints(der_of(authority))
        kinds = {tag for tag, _ in (*permitted, *excluded)} - {_DIRECTORY_NAME, _DNS_NAME}
        if kinds & der.kinds_of_names(leaf):
            return False
        inside, outside = _hosts(permitted), _hosts(excluded)
        if inside and not all(_is_below_any(name, inside) for name in names):
            return False
        if any(_is_below_any(name, outside) for name in names):
            return False
    return True


def _hosts(names: der.Names) -> list[str]:
    return [text.decode("latin-1").lower() for tag, text in names if tag == _DNS_NAME]


def _is_below_any(name: str, bases: Sequence[str]) -> bool:
    return any(f".{name}".endswith(f".{base.removeprefix('.')}") or not base for base in bases)


def unknown_issuer(path: Path) -> Finding:
    """What is told of a way that ends at nobody who is believed."""
    return Finding("certificate-not-trusted", {"authority": issuer_of(path[-1])})
